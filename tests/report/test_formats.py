"""What holds for every format: nothing is silent, hostile text does no harm, and imports are late."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.core.location import Location, Related
from scanner.core.result import Finding, Notice, NotScanned, Report, ResourceRef, Scanned, Waiver
from scanner.report import FORMATS, RenderOptions, render, summarise
from scanner.report import __file__ as package
from scanner.report.csv_table import COLUMNS
from scanner.report.markdown import MOST_BYTES, plain
from scanner.report.view import remedy, resource_label, unsaid
from tests.report.sample import API, COMPOSE, PINNED, SECRETS, WEB, clean, finding, passing, sample

EVERY_TARGET = [name for name in FORMATS if name != "asff"]
"""The formats that have a place for findings in files."""
EVERYTHING = RenderOptions(show_suppressed=True, show_passed=True)
SCHEMA = json.loads((Path(package).parent / "results.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EVERY_TARGET)
def test_nothing_is_silent(name: str) -> None:
    """Failures, errors, unknowns, what was not scanned and notices are in every format without a flag."""
    text = render(name, sample(), RenderOptions())
    for part in (
        "image nginx:latest has no fixed version",
        "no such overload",
        "MODE has no value here",
        "mapping values are not allowed here",
        "a Kustomize overlay",
        "expired on 2026-01-31",
    ):
        assert part in text, part


@pytest.mark.parametrize("name", EVERY_TARGET)
def test_accepted_findings_are_shown_on_request(name: str) -> None:
    hidden = render(name, sample(), RenderOptions())
    shown = render(name, sample(), RenderOptions(show_suppressed=True))
    # Results carry their status in json: there the list is always whole.
    assert ("the container is privileged" in hidden) == (name == "json")
    assert "the container is privileged" in shown


@pytest.mark.parametrize("name", sorted(set(EVERY_TARGET) - {"sarif", "github", "gitlab"}))
def test_passes_are_shown_on_request(name: str) -> None:
    hidden = render(name, passing(), RenderOptions(show_suppressed=True))
    shown = render(name, passing(), EVERYTHING)
    assert len(shown.splitlines()) > len(hidden.splitlines())


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_ends_in_one_line_break(name: str) -> None:
    for report in (sample(), clean()):
        assert re.search(r"[^\r\n]\r?\n\Z", render(name, report, RenderOptions()))


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_report(name: str) -> None:
    assert render(name, Report([], [], [], [], []), RenderOptions())


def test_an_unknown_format() -> None:
    with pytest.raises(KeyError):
        render("pdf", clean(), RenderOptions())


def imported(name: str, report: str, options: str) -> set[str]:
    program = (
        "import sys\n"
        "from scanner.report import FORMATS, RenderOptions, render\n"
        f"from tests.report.sample import {report}\n"
        f"render({name!r}, {report}(), RenderOptions({options}))\n"
        "print(*sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    return {module.split(".")[0] for module in done.stdout.split()}


def test_imports_are_late() -> None:
    heavy = {"rich", "sarif_om", "attr", "csv", "xml", "jsonschema", "textwrap"}
    assert heavy & imported("text", "clean", "colour=True") == set()
    assert heavy & imported("text", "sample", "") == {"textwrap"}
    assert heavy & imported("text", "sample", "colour=True") >= {"rich"}
    assert heavy & imported("json", "sample", "") == set()


hostile = st.text(
    st.sampled_from("a|`<>&\"'%:,;=+-@[](){}#*_\\$\n\r\t\x00\x1b\x7f\x85\u2028\u202e\ufeff\ufffe\ud800\udcff😀é "),
    max_size=12,
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    def place() -> Location:
        line = draw(st.integers(0, 20))
        return Location(draw(hostile), line, draw(st.integers(0, 30)), line + draw(st.integers(0, 2)), 5)

    def found(outcome: str, status: str) -> Finding:
        resource = ResourceRef(draw(hostile), draw(hostile), draw(hostile), draw(hostile), tags={draw(hostile): "x"})
        return finding(PINNED, draw(hostile), resource, place(), key=draw(hostile))._replace(
            outcome=outcome,
            status=status,
            related=(Related(place(), "values"),),
            waiver=Waiver(draw(hostile), draw(hostile), draw(hostile)),
            values_sets=(draw(hostile),),
        )

    findings = [
        found(*kind)
        for kind in [("fail", "open"), ("fail", "suppressed"), ("error", "open"), ("unknown", "open"), ("pass", "open")]
    ]
    return Report(
        findings,
        [Scanned(draw(hostile), "compose", 1)],
        [NotScanned(draw(hostile), draw(hostile), draw(hostile), 1, 1, draw(hostile), draw(hostile))],
        [Notice(draw(hostile), place(), draw(hostile))],
        [PINNED],
        secrets=draw(st.frozensets(hostile, max_size=3)),
    )


def parse(name: str, text: str) -> Any:
    match name:
        case "json" | "sarif" | "gitlab" | "asff" | "ocsf":
            return json.loads(text)
        case "junit":
            return ElementTree.fromstring(text)
        case "csv":
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            assert {len(row) for row in rows} == {len(COLUMNS)}
            return rows
        case "html":
            return html5lib.HTMLParser(strict=True).parse(text)
        case "github":
            pattern = re.compile(r"::(error|warning) [a-zA-Z]+=[^:,\r\n]*(,[a-zA-Z]+=[^:,\r\n]*)*::[^\r\n]*")
            assert all(pattern.fullmatch(line) for line in text.removesuffix("\n").split("\n"))
            return text
        case _:
            return text


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(report=reports())
def test_hostile_text_does_no_harm(name: str, report: Report) -> None:
    text = render(name, report, EVERYTHING)
    text.encode()
    assert parse(name, text) is not None
    # No escape sequence, no change of direction, nothing that a terminal acts upon.
    allowed = {"\n", "\r"} if name == "csv" else {"\n"}
    assert {
        character for character in text if re.match(r"[\x00-\x1f\x7f-\x9f\u2028\u202e\ufeff]", character)
    } <= allowed


def test_json_follows_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for report in (sample(), passing(), clean()):
        for options in (RenderOptions(), EVERYTHING):
            assert list(validator.iter_errors(json.loads(render("json", report, options)))) == []


def objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if "properties" in schema else []
    return own + [found for item in schema.values() for found in objects(item)]


def test_the_schema_is_closed() -> None:
    """A field that is not described fails; so does one that is missing."""
    results = json.loads(render("json", sample(), RenderOptions()))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert not validator.is_valid({**results, "more": 1})
    assert not validator.is_valid({key: value for key, value in results.items() if key != "notices"})
    for schema in objects(SCHEMA):
        if "control" not in schema["properties"]:  # a rule file may say more of a control
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])


def test_summary() -> None:
    assert summarise(passing()).as_dict() == {
        "open": {"critical": 2, "high": 2, "medium": 2, "low": 1, "info": 0},
        "failed": 7,
        "suppressed": 1,
        "baselined": 1,
        "errors": 1,
        "unknown": 1,
        "unknown_kinds": {"variable": 1},
        "passed": 20,
        "rules": 7,
        "inputs": 2,
        "resources": 4,
        "not_scanned": 2,
        "notices": 2,
    }


def many(number: int) -> Report:
    found = [
        finding(rule, f"number {index}", WEB, Location(COMPOSE, 3, 12, 3, 24))._replace(severity=severity)
        for rule, severity in ((PINNED, "low"), (SECRETS, "critical"))
        for index in range(number)
    ]
    return replace(sample(), findings=found)


def commands(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for line in text.splitlines():
        found[line[2:].split(" ", 1)[0]].append(line)
    return found


def test_github_keeps_to_its_caps() -> None:
    report = many(30)
    report.not_scanned *= 10
    found = commands(render("github", report, RenderOptions()))
    assert [len(found[kind]) for kind in ("error", "warning", "notice")] == [10, 10, 1]
    assert found["notice"] == ["::notice title=groundrule::62 more, not shown here: see the summary or another format"]
    # Half of the room is for what makes the others incomplete.
    assert [("title=not scanned" in line) for line in found["error"]] == [True] * 5 + [False] * 5
    assert all("critical%3A secret-in-environment" in line for line in found["error"][5:])


def test_github_gives_all_the_room_to_what_was_not_scanned_where_nothing_else_needs_it() -> None:
    report = clean()
    report.not_scanned.extend(sample().not_scanned * 10)
    found = commands(render("github", report, RenderOptions()))
    assert [len(found[kind]) for kind in ("error", "warning", "notice")] == [10, 0, 1]


def test_github_escapes() -> None:
    found = finding(PINNED, "50% of\r\n::error::it, all: of it", WEB, Location("a,b:c%\n.yaml", 1, 2, 1, 3))
    text = render("github", replace(clean(), findings=[found]), RenderOptions())
    assert text == (
        "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=2,endColumn=3,title=high%3A image-not-pinned"
        "::50%25 of ::error::it, all: of it (service shop/web)\n"
    )


def test_gitlab_fingerprints_are_unique() -> None:
    report = many(5)
    issues = json.loads(render("gitlab", report, RenderOptions()))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 14
    assert all(not issue["location"]["path"].startswith(("./", "/")) for issue in issues)


def test_markdown_is_cut_below_the_limit() -> None:
    report = many(9000)
    text = render("markdown", report, RenderOptions())
    assert MOST_BYTES - 300 < len(text.encode()) < MOST_BYTES + 200 < 1024 * 1024
    rows = sum(line.startswith(("| 🟥", "| 🟦")) for line in text.splitlines())
    cut = re.search(r"\*\*Cut here: ([\d,]+) more rows", text)
    assert cut is not None
    assert 18000 <= rows + int(cut[1].replace(",", "")) <= 18010
    assert "Not scanned" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", "a&#124;b"),
        ("`code`", "&#96;code&#96;"),
        ("<img src=x>", "&#60;img src=x&#62;"),
        ("&lt;", "&#38;lt;"),
        ("[a](https://b)", "&#91;a&#93;(https&#58;//b)"),
        ("@team #12 #x", "&#64;team &#35;12 #x"),
        ("**b** _i_ snake_case", "&#42;&#42;b&#42;&#42; &#95;i&#95; snake_case"),
        (":tada: 80:80:80 a: b", "&#58;tada: 80:80:80 a: b"),
        ("www.example.org", "www&#46;example.org"),
        ("two\nlines", "two lines"),
        ("$x$", "&#36;x&#36;"),
    ],
)
def test_markdown_takes_nothing_for_markup(text: str, escaped: str) -> None:
    assert plain(text) == escaped


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\uff1d"])
def test_csv_holds_no_formula(start: str) -> None:
    found = finding(PINNED, f'{start}HYPERLINK("https://example.org")', WEB, Location(COMPOSE, 3, 12, 3, 24))
    rows = list(
        csv.DictReader(io.StringIO(render("csv", replace(clean(), findings=[found]), RenderOptions()), newline=""))
    )
    assert rows[0]["message"].startswith("'")


def test_csv_is_rfc_4180() -> None:
    text = render("csv", sample(), RenderOptions())
    assert text.count("\r\n") == text.count("\n") == text.count("\r")
    assert '"Pin the image to a version tag, or better to a digest."' in text


def test_junit_counts_its_cases() -> None:
    root = ElementTree.fromstring(render("junit", passing(), EVERYTHING))
    for suite in [root, *root.iter("testsuite")]:
        cases = list(suite.iter("testcase"))
        assert int(suite.attrib["tests"]) == len(cases)
        for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == sum(case.find(kind) is not None for case in cases)
    names = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len(names) == len(set(names))


def test_junit_tells_an_unknown_beside_a_failure() -> None:
    root = ElementTree.fromstring(render("junit", sample(), RenderOptions()))
    (case,) = [case for case in root.iter("testcase") if case.attrib["name"] == "image-not-pinned (service shop/web)"]
    assert [element.tag for element in case] == ["failure", "system-out"]
    assert case[1].text == "unknown: MODE has no value here: compose.yaml:7:13"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (RenderOptions(), "7 open findings: 2 critical, 2 high, 2 medium, 1 low"),
        (RenderOptions(fail_on="never"), "7 open findings: 2 critical, 2 high, 2 medium, 1 low"),
        (
            RenderOptions(fail_on="high"),
            "7 open findings: 2 critical, 2 high, 2 medium, 1 low; 4 at or over --fail-on high",
        ),
    ],
)
def test_text_counts_what_fails(options: RenderOptions, line: str) -> None:
    assert line in render("text", sample(), options).splitlines()


def test_text_is_never_green_by_silence() -> None:
    report = replace(sample(), findings=[])
    text = render("text", report, RenderOptions())
    assert "No open findings, but not everything could be judged" in text
    assert "No open findings\n" not in text
    assert "No open findings\n" in render("text", clean(), RenderOptions())


def test_colour_only_adds_colour() -> None:
    coloured = render("text", sample(), RenderOptions(colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == render("text", sample(), RenderOptions())


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_text_keeps_to_the_width(width: int) -> None:
    rule = PINNED._replace(remediation={"": "word " * 100})
    found = finding(rule, "m", WEB, Location(COMPOSE, 3, 12, 3, 24))
    lines = render("text", replace(sample(), findings=[found]), RenderOptions(width=width)).splitlines()
    assert all(len(line) <= max(width, 47) for line in lines if "word" in line)


def test_remedies_by_target() -> None:
    rule = PINNED._replace(remediation={"compose": "c", "": "all"})
    assert [remedy(rule, target) for target in ("compose", "helm")] == ["c", "all"]
    assert remedy(PINNED._replace(remediation={"default": "all"}), "helm") == "all"
    assert remedy(PINNED._replace(remediation={"compose": "c"}), "helm") == ""


@pytest.mark.parametrize(
    ("message", "key", "label"),
    [
        ("Deployment api runs one replica", "", ""),
        ("this is Deployment api", "", ""),
        ("Deployment api-2 runs one replica", "", "Deployment shop/api"),
        ("Deployment api runs one replica", "app", "Deployment shop/api: app"),
        ("one replica", "", "Deployment shop/api"),
    ],
)
def test_a_resource_that_the_message_names_is_not_named_again(message: str, key: str, label: str) -> None:
    assert unsaid(finding(PINNED, message, API, Location(COMPOSE, 3, 12, 3, 24), key=key)) == label


@pytest.mark.parametrize(
    ("resource", "key", "label"),
    [
        (WEB, "", "service shop/web"),
        (WEB, "web", "service shop/web"),
        (WEB, "PASSWORD", "service shop/web: PASSWORD"),
        (API, "app", "Deployment shop/api: app"),
        (ResourceRef("v1/Pod", "p"), "", "Pod p"),
        (ResourceRef("AWS::RDS::DBInstance", "main"), "", "RDS DBInstance main"),
        (ResourceRef("repository", "shop"), "", "repository shop"),
    ],
)
def test_resource_label(resource: ResourceRef, key: str, label: str) -> None:
    assert resource_label(resource, key) == label
