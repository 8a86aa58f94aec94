"""SARIF: the official schema, and what code scanning asks for beyond it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zlib import compress

import jsonschema
import pytest

from scanner.core.location import Location
from scanner.core.result import Finding, Notice, Report, RuleInfo, Scanned, Waiver
from scanner.report import RenderOptions, render, sarif
from scanner.report.alerts import path_uri
from scanner.report.line_hash import LineHashes
from tests.report.sample import API, COMPOSE, PINNED, PUBLISHED, ROOT, WEB, account, clean, finding, sample

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
REPORTS = {"sample": sample, "clean": clean, "account": account}
OPTIONS = {
    "default": RenderOptions(),
    "everything": RenderOptions(show_suppressed=True, show_passed=True, sarif_category="iac"),
}


def log_of(report: Report, options: RenderOptions = OPTIONS["default"]) -> dict[str, Any]:
    return json.loads(render("sarif", report, options))


def run_of(report: Report, options: RenderOptions = OPTIONS["default"]) -> dict[str, Any]:
    return log_of(report, options)["runs"][0]


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return REPORTS[request.param]()


@pytest.fixture(params=OPTIONS)
def run(report: Report, request: pytest.FixtureRequest) -> dict[str, Any]:
    return run_of(report, OPTIONS[request.param])


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


@pytest.mark.parametrize("options", OPTIONS)
def test_schema(report: Report, options: str) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert [error.message for error in validator.iter_errors(log_of(report, OPTIONS[options]))] == []


def test_the_schema_rejects_what_is_wrong() -> None:
    log = log_of(sample())
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = -1
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(log)


def test_one_run_of_the_final_version(report: Report) -> None:
    log = log_of(report)
    assert list(log) == ["$schema", "version", "runs"]
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"


def test_every_rule_is_listed_once_whether_it_failed_or_not(report: Report) -> None:
    rules = [rule["id"] for rule in run_of(report)["tool"]["driver"]["rules"]]
    assert rules == sorted({rule.id for rule in report.rules} | {found.rule.id for found in report.findings})
    report.findings.clear()
    assert [rule["id"] for rule in run_of(report)["tool"]["driver"]["rules"]] == sorted(
        rule.id for rule in report.rules
    )


def test_rules_say_what_code_scanning_shows(run: dict[str, Any]) -> None:
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["name"] != rule["id"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert f"groundrule explain {rule['id']}" in rule["help"]["text"]
        assert f"`groundrule explain {rule['id']}`" in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        tags = rule["properties"]["tags"]
        assert tags[0] == "security"
        assert len(tags) == len(set(tags)) <= 10


def test_security_severity_is_a_string_that_follows_the_severity() -> None:
    rules = {rule["id"]: rule for rule in run_of(sample())["tool"]["driver"]["rules"]}
    found = {
        rule.severity: (
            rules[rule.id]["properties"].get("security-severity"),
            rules[rule.id]["defaultConfiguration"]["level"],
        )
        for rule in sample().rules
    }
    assert found == {
        "critical": ("9.5", "error"),
        "high": ("8.0", "error"),
        "medium": ("5.5", "warning"),
        "low": ("2.5", "note"),
        "info": (None, "note"),
    }


def test_long_descriptions_and_many_controls_are_cut() -> None:
    controls = tuple({"framework": "f", "version": "1", "control": str(number)} for number in range(30))
    rule = PINNED._replace(title="t" * 2000, rationale="r" * 2000, controls=controls)
    described = run_of(Report([], [], [], [], [rule]))["tool"]["driver"]["rules"][0]
    assert described["shortDescription"]["text"] == "t" * 1023 + "…"
    assert described["fullDescription"]["text"] == "r" * 1023 + "…"
    assert described["properties"]["tags"] == ["security", PINNED.family, *(f"f/{number}" for number in range(8))]
    assert "- f 1 29" in described["help"]["markdown"]


def test_results_point_to_their_rule_and_say_their_level(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail"
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]


def test_each_result_has_one_tight_location(run: dict[str, Any]) -> None:
    for result in run["results"]:
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert region["startLine"] == region["endLine"] >= 1
        assert 1 <= region["startColumn"] < region["endColumn"]
        context = location["physicalLocation"].get("contextRegion")
        if context:
            outer = (context["startLine"], context["startColumn"]), (context["endLine"], context["endColumn"])
            inner = (region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])
            assert outer[0] <= inner[0] <= inner[1] <= outer[1] != inner[1] or outer[0] < inner[0]


def test_uris_are_relative_encoded_and_lead_to_files() -> None:
    uris = [item["uri"] for item in walk(run_of(sample())["results"]) if "uri" in item]
    assert set(uris) == {"compose.yaml", "k8s%20prod/api.yaml"}
    assert all((ROOT / unquote(uri)).is_file() for uri in uris)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c#d?.yaml", "a%20b/c%23d%3F.yaml"),
        ("./a:b.yaml", "a%3Ab.yaml"),
        ("/etc/passwd", "etc/passwd"),
        ("caf\u00e9/100%.yaml", "caf%C3%A9/100%25.yaml"),
        ("bytes\udcff.yaml", "bytes%FF.yaml"),
        ("half\ud800.yaml", "half%ED%A0%80.yaml"),
    ],
)
def test_path_uri(path: str, uri: str) -> None:
    assert path_uri(path) == uri


def test_line_hashes_are_githubs_for_files_and_unique() -> None:
    run = run_of(sample())
    seen: Counter[tuple[str, str, str]] = Counter()
    for result in run["results"]:
        physical = result["locations"][0]["physicalLocation"]
        uri, line = physical["artifactLocation"]["uri"], physical["region"]["startLine"]
        expected = LineHashes((ROOT / unquote(uri)).read_bytes()).line(line)
        assert result["partialFingerprints"]["primaryLocationLineHash"] == expected
        seen[result["ruleId"], uri, expected] += 1
    assert set(seen.values()) == {1}


def test_fingerprints_are_the_findings_own() -> None:
    own = {result["partialFingerprints"]["groundrule/v1"] for result in run_of(sample())["results"]}
    assert own <= {found.fingerprint for found in sample().findings}


def test_what_is_in_no_file_has_a_stable_path_and_hash() -> None:
    first, second = run_of(account())["results"], run_of(account())["results"]
    assert first == second
    (result,) = first
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "aws/123456789012/eu-central-1/AWS-S3-Bucket/logs"
    assert re.fullmatch("[0-9a-f]{16}:1", result["partialFingerprints"]["primaryLocationLineHash"])


def test_two_findings_of_a_rule_on_a_line_are_one_result_that_names_both() -> None:
    (result,) = [item for item in run_of(sample())["results"] if item["ruleId"] == PUBLISHED.id]
    assert result["message"]["text"] == (
        "port 80 is published on 0.0.0.0 (service shop/web: 80); "
        "port 443 is published on 0.0.0.0 (service shop/web: 443)."
    )
    names = [item["fullyQualifiedName"] for item in result["locations"][0]["logicalLocations"]]
    assert names == ["compose/service/shop/web/80", "compose/service/shop/web/443"]
    assert len(result["properties"]["fingerprints"]) == 2


def test_one_message_about_two_resources_is_said_once() -> None:
    found = [
        finding(PINNED, "the image has no tag.", resource, Location(COMPOSE, 3, 12, 3, 24)) for resource in (WEB, API)
    ]
    (result,) = run_of(replace(sample(), findings=found))["results"]
    assert result["message"]["text"] == "the image has no tag (service shop/web, Deployment shop/api)."


def test_a_message_that_names_its_resource_is_left_alone() -> None:
    found = finding(PINNED, "Deployment api has no tag", API, Location(COMPOSE, 3, 12, 3, 24))
    (single,) = run_of(replace(sample(), findings=[found]))["results"]
    assert single["message"]["text"] == "Deployment api has no tag."
    other = found._replace(resource=API._replace(namespace="stage"))
    (both,) = run_of(replace(sample(), findings=[found, other]))["results"]
    assert both["message"]["text"] == "Deployment api has no tag (Deployment shop/api, Deployment stage/api)."


def test_many_findings_on_a_line_are_counted() -> None:
    found = [finding(PINNED, "no tag", WEB, Location(COMPOSE, 3, 12, 3, 24), key=f"k{number}") for number in range(25)]
    (result,) = run_of(replace(sample(), findings=found))["results"]
    assert result["message"]["text"].endswith("service shop/web: k19); and 5 more.")
    assert len(result["properties"]["fingerprints"]) == 25


def test_accepted_findings_are_left_out_unless_asked_for() -> None:
    assert all("suppressions" not in result for result in run_of(sample())["results"])
    assert all(result["ruleId"] != "container-privileged" for result in run_of(sample())["results"])
    shown = run_of(sample(), RenderOptions(show_suppressed=True))["results"]
    assert [result["suppressions"] for result in shown if "suppressions" in result] == [
        [
            {
                "kind": "inSource",
                "justification": "the agent needs it | see `OPS-7`",
                "properties": {"owner": "ops@example.org", "expires": "2031-01-31"},
                "status": "accepted",
            }
        ],
        [{"kind": "external", "justification": "baselined", "status": "accepted"}],
    ]


def test_an_open_and_an_accepted_finding_on_one_line_stay_apart() -> None:
    first = finding(PINNED, "one", WEB, Location(COMPOSE, 3, 12, 3, 24), key="a")
    second = first._replace(message="two", status="suppressed", waiver=Waiver("fine"))
    results = run_of(replace(sample(), findings=[first, second]), RenderOptions(show_suppressed=True))["results"]
    assert [result.get("suppressions", [{}])[0].get("justification") for result in results] == [None, "fine"]


def test_related_places_are_linked_from_the_message() -> None:
    (result,) = [item for item in run_of(sample())["results"] if "relatedLocations" in item]
    links = re.findall(r"\[[^]]+\]\((\d+)\)", result["message"]["text"])
    assert links == [str(place["id"]) for place in result["relatedLocations"]] == ["1"]


def test_scanned_text_makes_no_links() -> None:
    found = finding(PINNED, "see [this](https://example.org) {0}\nnow", WEB, Location(COMPOSE, 3, 12, 3, 24))
    (result,) = run_of(replace(sample(), findings=[found]))["results"]
    assert result["message"]["text"] == "see [this] (https://example.org) {0} now (service shop/web)."


def notifications(report: Report) -> list[tuple[str, str, str]]:
    (invocation,) = run_of(report)["invocations"]
    return [
        (item["descriptor"]["id"], item["level"], item["message"]["text"])
        for item in invocation["toolExecutionNotifications"]
    ]


def test_all_that_is_no_alert_is_a_notification() -> None:
    assert notifications(sample()) == [
        (
            "not-scanned",
            "error",
            "Not scanned: broken.yaml: mapping values are not allowed here. Next: check the indentation",
        ),
        (
            "not-scanned",
            "error",
            "Not scanned: overlay/kustomization.yaml: a Kustomize overlay. "
            "Next: kustomize build overlay | groundrule scan -",
        ),
        ("rule-error", "error", "single-replica: the rule failed: no such overload (Deployment shop/api)."),
        ("unknown-fact", "note", "image-not-pinned: MODE has no value here (service shop/web: MODE)."),
        ("scan-notice", "warning", "the waiver of image-not-pinned expired on 2026-01-31. Next: renew it"),
        ("scan-notice", "note", "key `contaner_name` is unknown to Compose."),
    ]


def test_execution_fails_only_where_something_was_not_scanned() -> None:
    report = sample()
    assert run_of(report)["invocations"][0]["executionSuccessful"] is False
    report.not_scanned.clear()
    assert run_of(report)["invocations"][0]["executionSuccessful"] is True


def test_a_notice_without_a_place() -> None:
    assert notifications(Report([], [Scanned("a", "compose", 1)], [], [Notice("beware")], [])) == [
        ("scan-notice", "note", "beware.")
    ]


@pytest.mark.parametrize(("category", "identity"), [("iac", "iac/"), ("iac/", "iac/"), ("a/b", "a/b/")])
def test_the_category_ends_in_a_slash(category: str, identity: str) -> None:
    assert run_of(clean(), RenderOptions(sarif_category=category))["automationDetails"] == {"id": identity}
    assert "automationDetails" not in run_of(clean())


def test_a_clean_run_closes_alerts() -> None:
    assert run_of(clean())["results"] == []


def test_worst_first_and_cut_at_githubs_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = run_of(sample())
    assert [result["ruleId"] for result in run["results"]] == ["secret-in-environment"] * 2
    last = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert last["message"]["text"] == "4 results of the lowest severities were left out: code scanning takes 2."


def test_cut_where_the_packed_file_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    text = render("sarif", sample(), RenderOptions())
    rest = len(compress(text.encode())) - 1
    monkeypatch.setattr(sarif, "MOST_BYTES", rest)
    cut = render("sarif", sample(), RenderOptions())
    assert len(compress(cut.encode())) <= rest
    run = json.loads(cut)["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == [
        result["ruleId"] for result in json.loads(text)["runs"][0]["results"]
    ][: len(run["results"])]
    last = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert last["message"]["text"].endswith("code scanning takes a file of 0 MB, packed.")


def test_rules_over_githubs_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RULES", 1)
    run = run_of(sample())
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted({result["ruleId"] for result in run["results"]})
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert "rules without a result here were left out" in notifications(sample())[-1][2]
    log = json.loads(render("sarif", sample(), RenderOptions()))
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(log)


def test_more_than_github_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_SHOWN", 5)
    assert notifications(sample())[-1] == (
        "result-limit",
        "note",
        "Code scanning shows the 5 worst of these 6 results.",
    )


def tight(location: Location, rule: RuleInfo = PINNED) -> dict[str, Any]:
    found: Finding = finding(rule, "message", WEB, location)
    (result,) = run_of(replace(sample(), findings=[found]))["results"]
    return result["locations"][0]["physicalLocation"]


def test_regions_of_several_lines_keep_their_first_line() -> None:
    place = tight(Location(COMPOSE, 5, 5, 7, 22))
    assert place["region"] == {"startLine": 5, "startColumn": 5, "endLine": 5, "endColumn": 17}
    assert place["contextRegion"] == {"startLine": 5, "startColumn": 5, "endLine": 7, "endColumn": 22}


def test_a_location_without_columns_is_the_text_of_its_line() -> None:
    assert tight(Location(COMPOSE, 3))["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 24}


def test_a_location_without_a_line_is_the_first_line() -> None:
    assert tight(Location(COMPOSE))["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 10}


def test_a_missing_file_still_has_a_region() -> None:
    place = tight(Location("gone.yaml", 4, 3, 9, 2))
    assert place["region"] == {"startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 4}


def test_no_value_is_lost_to_sarif_oms_defaults() -> None:
    """sarif-om's own writer drops a level of `warning`, and GitHub then takes the rule's."""
    found = finding(PINNED, "m", WEB, Location(COMPOSE, 3, 12, 3, 24))._replace(severity="medium")
    (result,) = run_of(replace(sample(), findings=[found]))["results"]
    assert result["level"] == "warning"
    assert all(value != -1 for item in walk(run_of(sample())) for value in item.values())


def test_two_resources_of_one_name_are_two_results() -> None:
    report = account()
    first = report.findings[0]
    other = first.resource._replace(id="arn:aws:s3:::other/logs")
    twin = first._replace(resource=other, identity=(*first.identity[:-1], 7))
    results = run_of(replace(report, findings=[first, twin]))["results"]
    assert len(results) == 2
    assert len({result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}) == 1
    assert len({tuple(result["partialFingerprints"].values()) for result in results}) == 2
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 2
