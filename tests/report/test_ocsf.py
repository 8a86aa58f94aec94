"""OCSF: every event against the published definition of its class and of the objects in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanner.core.result import Notice, Report
from scanner.report import RenderOptions, render
from tests.report.sample import account, clean, sample

OBJECTS: dict[str, Any] = json.loads((Path(__file__).parent / "ocsf-1.5.0.json").read_text("utf-8"))["objects"]
EVERYTHING = RenderOptions(show_suppressed=True, show_passed=True)
CLASS = "compliance_finding"
_SCALARS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str) and value != "",
    "integer": lambda value: type(value) is int,
    "long": lambda value: type(value) is int,
    "timestamp": lambda value: type(value) is int and value > 1_500_000_000_000,
    "json": lambda value: isinstance(value, dict | list | str),
}
REPORTS: dict[str, Callable[[], Report]] = {
    "sample": sample,
    "clean": clean,
    "account": account,
    "notice": lambda: replace(clean(), notices=[Notice("a waiver has expired", None, "renew it")]),
}


def faults(kind: str, value: Any, place: str, without: tuple[str, ...] = ()) -> Iterator[str]:
    """What is wrong with an object of OCSF; `without` are attributes that a profile would bring."""
    if not isinstance(value, dict):
        yield f"{place}: no object"
        return
    known = {name: each for name, each in OBJECTS[kind]["attributes"].items() if name not in without}
    yield from (f"{place}: no attribute {name}" for name in value if name not in known)
    yield from (
        f"{place}: {name} is missing" for name, each in known.items() if "required" in each and name not in value
    )
    one = OBJECTS[kind].get("at_least_one", [])
    if one and not any(name in value for name in one):
        yield f"{place}: none of {one}"
    for name, each in known.items():
        if name in value:
            found = value[name]
            if isinstance(found, list) != ("list" in each):
                yield f"{place}.{name}: a list, or none"
            for item in found if isinstance(found, list) else [found]:
                yield from _faults_of(each, item, value, f"{place}.{name}")


def _faults_of(declared: dict[str, Any], item: Any, holder: dict[str, Any], place: str) -> Iterator[str]:
    if declared["type"] in OBJECTS:
        yield from faults(declared["type"], item, place)
    elif not _SCALARS[declared["type"]](item):
        yield f"{place}: {item!r} is no {declared['type']}"
    captions = declared.get("captions")
    if captions is None:
        return
    caption = captions.get(str(item))
    if caption is None:
        yield f"{place}: {item!r} is not among {sorted(captions)}"
    elif "beside" in declared and holder.get(declared["beside"], caption) != caption:
        yield f"{place}: {holder[declared['beside']]!r} is not {caption!r}"


def faults_of_event(event: dict[str, Any]) -> list[str]:
    """What is wrong with an event; the class is 2003 in category 2."""
    is_cloud = event.get("metadata", {}).get("profiles") == ["cloud"]
    found = list(faults(CLASS, event, "event", () if is_cloud else ("cloud",)))
    ids = event.get("category_uid"), event.get("class_uid"), event.get("type_uid")
    if ids != (2, 2003, 200300 + event.get("activity_id", 0)):
        found.append(f"event: {ids}")
    return found


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("options", [RenderOptions(), EVERYTHING, EVERYTHING._replace(mask_accounts=True)])
def test_events_are_what_the_class_says(name: str, options: RenderOptions) -> None:
    events = json.loads(render("ocsf", REPORTS[name](), options))
    assert (len(events) > 0) == (name != "clean")
    assert [fault for event in events for fault in faults_of_event(event)] == []
    assert len({event["finding_info"]["uid"] for event in events}) == len(events)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"time": "now"}, "event.time: 'now' is no timestamp"),
        ({"severity": "Low"}, "event.severity_id: 'Low' is not 'Medium'"),
        ({"status_id": 7}, "event.status_id: 7 is not among ['0', '1', '2', '3', '4', '5', '99']"),
        ({"finding_info": {}}, "event.finding_info: uid is missing"),
        ({"rule": "x"}, "event: no attribute rule"),
        ({"resources": {}}, "event.resources: a list, or none"),
        ({"cloud": {"provider": "AWS", "account": {}}}, "event.cloud.account: none of ['name', 'uid']"),
        ({"class_uid": 2001}, "event: (2, 2001, 200301)"),
        ({"metadata": {"version": "1.5.0"}}, "event.metadata: product is missing"),
    ],
)
def test_the_check_sees_what_is_wrong(change: dict[str, Any], fault: str) -> None:
    event = json.loads(render("ocsf", account(), RenderOptions()))[0]
    assert fault in faults_of_event(event | change)
