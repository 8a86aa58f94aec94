"""Rule cases over AWS: resources written by type become a snapshot, which the real loader reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.aws.snapshot import Header, Record, Section, record_line, write_snapshot
from scanner.core.resource_shapes import resource_shape
from scanner.loading.aws import needs_of
from scanner.policy.rule import Rule

FILE = "account.json.gz"
ACCOUNT, REGION, COLLECTED = "111122223333", "eu-central-1", "2026-07-01T06:00:00Z"
_OWN = frozenset({"name", "id", "arn", "account", "region", "unknown", "secrets", "Tags"})


def problem(resources: Any, denied: Any) -> str:
    """What is wrong with the resources of a case, '' where nothing is."""
    if not isinstance(resources, dict) or not all(isinstance(each, list) for each in resources.values()):
        return "resources is a mapping from a type to a list of resources"
    if not isinstance(denied, dict) or not all(isinstance(each, str) for each in denied.values()):
        return "denied is a mapping from a type to the IAM action that is missing"
    return next(_problems(resources, denied), "")


def _problems(resources: Mapping[str, list[Any]], denied: Mapping[str, str]) -> Iterator[str]:
    for kind in (*resources, *denied):
        if resource_shape(kind) is None:
            yield f"the type {kind!r} is not known"
    for kind, entries in resources.items():
        for entry in entries:
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                yield f"a resource of {kind} is a mapping with a name"
                continue
            shape = resource_shape(kind) or {}
            names = {**entry, **dict.fromkeys(entry.get("unknown") or ())}
            yield from _misfits({key: each for key, each in names.items() if key not in _OWN}, shape, kind)


def _misfits(value: Any, shape: Any, place: str) -> Iterator[str]:
    """What does not have the shape of a type; null and what is judged a secret fit everywhere."""
    if value is None or shape == "dyn" or (isinstance(value, dict) and set(value) & {"$secret", "$value"}):
        return
    if isinstance(shape, str):
        classes = {"string": str, "int": int, "bool": bool, "double": int | float}[shape]
        if not isinstance(value, classes) or isinstance(value, bool) != (shape == "bool"):
            yield f"{place} is of type {shape}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is a list"
            return
        for item in value:
            yield from _misfits(item, shape[0], place)
    elif not isinstance(value, dict):
        yield f"{place} is a mapping"
    else:
        for key, inner in value.items():
            if "*" not in shape and key not in shape:
                yield f"{place} has no property {key!r}"
            else:
                yield from _misfits(inner, shape.get(key, shape.get("*", "dyn")), f"{place}.{key}")


def write_account(
    folder: Path, rule: Rule, resources: Mapping[str, list[dict[str, Any]]], denied: Mapping[str, str]
) -> None:
    """Writes a snapshot of `resources` into `folder`.

    Every type that the rule reads was asked for in every account and region that occurs; those in `denied` were not
    answered, for want of an IAM action.
    """
    records = [_record(kind, entry) for kind, entries in resources.items() for entry in entries]
    places = {(record["account"], record["region"]) for record in records if record["region"] != "global"}
    places = places or {(ACCOUNT, REGION)}
    accounts = sorted({account for account, _ in places} | {record["account"] for record in records})
    types = sorted({*resources, *denied, *needs_of([rule]).types})
    keys = {(kind, *place) for kind in types for place in places}
    keys |= {(record["type"], record["account"], record["region"]) for record in records}
    regions = tuple(sorted({region for _, region in places}))
    header = Header("case", COLLECTED, tuple({"id": account} for account in accounts), regions, tuple(types), True)
    sections = []
    for kind, account, region in sorted(keys):
        lines = [each for each in records if (each["type"], each["account"], each["region"]) == (kind, account, region)]
        action = denied.get(kind, "")
        section = Section(kind, account, region, count=len(lines))
        if action:
            section = Section(
                kind, account, region, "unknown", "denied", action, f"access is denied: {action}", len(lines)
            )
        sections.append((section, [record_line(each) for each in sorted(lines, key=lambda each: each["id"])]))
    write_snapshot(folder / FILE, header, sections)


def _record(kind: str, entry: Mapping[str, Any]) -> Record:
    name, account, region = entry["name"], entry.get("account", ACCOUNT), entry.get("region", REGION)
    service = kind.split("::")[1].lower()
    identity = str(entry.get("id", name))
    unknown = {
        key: {"kind": "denied", "action": action, "reason": f"access is denied: {action}"}
        for key, action in (entry.get("unknown") or {}).items()
    }
    return {
        "type": kind,
        "id": identity,
        "name": name,
        "arn": str(entry.get("arn", f"arn:aws:{service}:{region}:{account}:{kind.split('::')[2].lower()}/{identity}")),
        "account": account,
        "region": region,
        "tags": {str(key): str(value) for key, value in (entry.get("Tags") or {}).items()},
        "properties": {key: value for key, value in entry.items() if key not in _OWN},
        "unknown": unknown,  # type: ignore[typeddict-item]
        "secrets": entry.get("secrets", []),
    }
