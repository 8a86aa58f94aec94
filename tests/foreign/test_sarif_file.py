"""SARIF of other scanners: what each part of the format becomes, and files that are broken or foreign."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.core.errors import UsageError
from scanner.core.location import Location
from scanner.core.result import NotScanned, Waiver
from scanner.foreign.results import ForeignResults, findings_of, reader
from scanner.foreign.sarif_file import read_sarif
from tests.conftest import write_files

TERRAFORM = 'resource "aws_s3_bucket" "b" {\n  bucket = "x"\n  acl    = "public-read"\n}\n'


def at(uri: str, **region: int) -> list[dict[str, Any]]:
    return [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]


def run(*results: dict[str, Any], **parts: Any) -> dict[str, Any]:
    driver = {"name": "Some Tool", "rules": [{"id": "A1", "shortDescription": {"text": "buckets are private"}}]}
    return {"tool": {"driver": driver}, "results": list(results), **parts}


def read(folder: Path, *runs: dict[str, Any], name: str = "other.sarif") -> list[ForeignResults]:
    file = folder / name
    file.write_text(json.dumps({"version": "2.1.0", "runs": list(runs)}))
    return read_sarif(file, folder, reader(folder))


def one(folder: Path, result: dict[str, Any], **parts: Any) -> Any:
    (found,) = read(folder, run(result, **parts))
    assert found.not_scanned == []
    return found.results[0]


def test_a_result(tmp_path: Path) -> None:
    result = one(
        tmp_path,
        {
            "ruleId": "A1",
            "level": "error",
            "message": {"text": "the bucket [b](1) is public"},
            "locations": at("infra/a%20b/main.tf", startLine=3, startColumn=3, endLine=3, endColumn=25),
        },
    )
    assert result.location == Location("infra/a b/main.tf", 3, 3, 3, 25)
    assert result.message == "the bucket b is public"
    assert result.waiver is None
    assert (result.rule.id, result.rule.family, result.rule.severity) == ("some-tool/A1", "some-tool", "high")
    assert (result.rule.title, result.rule.rationale) == ("buckets are private", "buckets are private")


@pytest.mark.parametrize(
    ("level", "number", "severity"),
    [
        ("error", None, "high"),
        ("warning", None, "medium"),
        ("note", None, "low"),
        ("none", None, "info"),
        ("note", "9.1", "critical"),
        ("error", "5.5", "medium"),
        ("error", 2, "low"),
        ("error", "0.0", "high"),
        ("error", "high", "high"),
        ("error", [], "high"),
    ],
)
def test_severities(tmp_path: Path, level: str, number: Any, severity: str) -> None:
    driver = {"name": "t", "rules": [{"id": "A", "properties": {"security-severity": number}}]}
    found = read(tmp_path, {"tool": {"driver": driver}, "results": [{"ruleId": "A", "level": level}]})
    assert found[0].results[0].rule.severity == severity


def test_the_level_of_the_rule_and_of_the_specification(tmp_path: Path) -> None:
    driver = {"name": "t", "rules": [{"id": "A", "defaultConfiguration": {"level": "note"}}]}
    found = read(tmp_path, {"tool": {"driver": driver}, "results": [{"ruleId": "A"}, {"ruleId": "B"}]})
    assert [each.rule.severity for each in found[0].results] == ["low", "medium"]


@pytest.mark.parametrize(
    ("result", "rule"),
    [
        ({"ruleIndex": 0}, "some-tool/A1"),
        ({"rule": {"index": 0}}, "some-tool/A1"),
        ({"rule": {"id": "A1"}}, "some-tool/A1"),
        ({"ruleId": "A1/sub"}, "some-tool/A1/sub"),
        ({"ruleIndex": 99, "ruleId": "A9"}, "some-tool/A9"),
        ({"rule": {"index": 0, "toolComponent": {"index": 0}}}, "some-tool/E1"),
        ({"ruleIndex": True, "ruleId": "A1"}, "some-tool/A1"),
    ],
)
def test_the_rule_of_a_result(tmp_path: Path, result: dict[str, Any], rule: str) -> None:
    log = run({**result, "message": {"text": "m"}})
    log["tool"]["extensions"] = [{"name": "plugin", "rules": [{"id": "E1"}]}]
    (found,) = read(tmp_path, log)
    assert found.results[0].rule.id == rule


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"id": "public", "arguments": ["b", "all"]}, "b is open to all"),
        ({"id": "global", "arguments": ["b"]}, "see b and {7}"),
        ({"text": "{0} and {1}", "arguments": ["one"]}, "one and {1}"),
        ({}, "buckets are private"),
    ],
)
def test_messages(tmp_path: Path, message: dict[str, Any], expected: str) -> None:
    log = run({"ruleId": "A1", "message": message})
    log["tool"]["driver"]["rules"][0]["messageStrings"] = {"public": {"text": "{0} is open to {1}"}}
    log["tool"]["driver"]["globalMessageStrings"] = {"global": {"text": "see {0} and {7}"}}
    (found,) = read(tmp_path, log)
    assert found.results[0].message == expected


def test_paths(tmp_path: Path) -> None:
    root = tmp_path.resolve().as_posix()
    uris = {
        "a/./b/../main.tf": "a/main.tf",
        f"file://{root}/x/main.tf": "x/main.tf",
        f"{root}/x/main.tf": "x/main.tf",
        "a\\main.tf": "a/main.tf",
        # What lies elsewhere is told at the file that tells it.
        "../secret": "other.sarif",
        "/etc/passwd": "other.sarif",
        "file:///etc/passwd": "other.sarif",
        "https://example.org/main.tf": "other.sarif",
        "http://[": "other.sarif",
        "a/%00.tf": "other.sarif",
        "a/\ud800.tf": "other.sarif",
        "": "other.sarif",
    }
    (found,) = read(tmp_path, run(*({"ruleId": "A1", "locations": at(uri, startLine=1)} for uri in uris)))
    assert [each.location.path for each in found.results] == list(uris.values())


def test_bases_and_the_list_of_artifacts(tmp_path: Path) -> None:
    bases = {
        "ROOT": {"uri": f"file://{tmp_path.resolve().as_posix()}/"},
        "SRC": {"uri": "src/", "uriBaseId": "ROOT"},
        "LOOP": {"uri": "loop/", "uriBaseId": "LOOP"},
    }
    results = [
        {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.tf", "uriBaseId": "SRC"}}}]},
        {"locations": [{"physicalLocation": {"artifactLocation": {"index": 0}}}]},
        {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.tf", "uriBaseId": "LOOP"}}}]},
        {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.tf", "uriBaseId": "%SRCROOT%"}}}]},
    ]
    artifacts = [{"location": {"uri": "b.tf", "uriBaseId": "SRC"}}]
    log = run(*({"ruleId": "A1", **each} for each in results), originalUriBaseIds=bases, artifacts=artifacts)
    (found,) = read(tmp_path, log)
    assert [each.location.path for each in found.results] == ["src/a.tf", "src/b.tf", "loop/" * 8 + "a.tf", "a.tf"]


@pytest.mark.parametrize(
    "region",
    [{"startLine": "3"}, {"startLine": -1}, {"startLine": True}, {"startLine": 2**40}, {}, {"charOffset": 12}],
)
def test_regions_that_are_none(tmp_path: Path, region: dict[str, Any]) -> None:
    assert one(tmp_path, {"ruleId": "A1", "locations": at("a.tf", **region)}).location == Location("a.tf")


def test_what_is_no_finding(tmp_path: Path) -> None:
    others = ({"kind": "pass"}, {"kind": "notApplicable"}, {"kind": "informational"}, {"baselineState": "absent"})
    (found,) = read(tmp_path, run(*({"ruleId": "A1", **each} for each in others), {"ruleId": "A1", "kind": "review"}))
    assert [each.outcome for each in found.results] == ["unknown"]


@pytest.mark.parametrize(
    "bases",
    [
        {"ROOT": {"uri": "file:///github/workspace/"}},
        {"ROOT": {"uri": "code/", "uriBaseId": "TOP"}, "TOP": {"uri": "file:///build/agent"}},
        {"ROOT": {"uri": "https://example.org/repository/"}},
    ],
)
def test_bases_of_another_machine(tmp_path: Path, bases: dict[str, Any]) -> None:
    """A container has the repository elsewhere: what is named relative to it is the file here, if there is one."""
    write_files(tmp_path, {"src/a.tf": TERRAFORM})
    results = [at("src/a.tf", startLine=3), at("src/absent.tf", startLine=3), at("../../src/a.tf", startLine=3)]
    for result in results:
        result[0]["physicalLocation"]["artifactLocation"]["uriBaseId"] = "ROOT"
    log = run(*({"ruleId": "A1", "locations": result} for result in results), originalUriBaseIds=bases)
    (found,) = read(tmp_path, log)
    assert [each.location.path for each in found.results] == ["src/a.tf", "other.sarif", "other.sarif"]


def test_a_base_without_its_slash(tmp_path: Path) -> None:
    bases = {"ROOT": {"uri": f"file://{tmp_path.resolve().as_posix()}"}}
    result: dict[str, Any] = {"ruleId": "A1", "locations": at("a.tf", startLine=1)}
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] = "ROOT"
    assert one(tmp_path, result, originalUriBaseIds=bases).location.path == "a.tf"


@pytest.mark.parametrize(
    ("region", "line"),
    [
        ({"charOffset": 0}, 1),
        ({"charOffset": 5, "charLength": 2}, 2),
        ({"byteOffset": 5}, 1),
        ({"byteOffset": 7}, 2),
        ({"byteOffset": 9_999}, 3),
        ({"byteOffset": -1}, 0),
        ({"charOffset": "5"}, 0),
        ({"startLine": 3, "byteOffset": 0}, 3),
    ],
)
def test_regions_in_characters_and_bytes(tmp_path: Path, region: dict[str, Any], line: int) -> None:
    (tmp_path / "a.tf").write_bytes("éé\r\ns\n".encode())
    assert one(tmp_path, {"ruleId": "A1", "locations": at("a.tf", **region)}).location.line == line


def test_the_first_location_with_a_file_counts(tmp_path: Path) -> None:
    locations = [{"message": {"text": "somewhere"}}, 5, *at("https://example.org"), *at("a.tf", startLine=2)]
    assert one(tmp_path, {"ruleId": "A1", "locations": locations}).location == Location("a.tf", 2, 1, 2, 1)


@pytest.mark.parametrize(
    "reference",
    [
        {"rule": {"index": 0, "toolComponent": {"index": 0}}},
        {"rule": {"index": 0, "toolComponent": {"guid": "g"}}},
        {"rule": {"id": "py/sql", "toolComponent": {"name": "queries"}}},
        {"ruleId": "py/sql"},
        {"ruleId": "py/sql/sub"},
    ],
)
def test_rules_of_extensions(tmp_path: Path, reference: dict[str, Any]) -> None:
    rule = {"id": "py/sql", "shortDescription": {"text": "injection"}, "properties": {"security-severity": "9.8"}}
    tool = {
        "driver": {"name": "CodeQL", "rules": [{"id": "other"}]},
        "extensions": [{"name": "queries", "guid": "g", "rules": [rule]}],
    }
    found = one(tmp_path, {"message": {"text": "x"}, **reference}, tool=tool)
    assert (found.rule.title, found.rule.severity) == ("injection", "critical")


def test_suppressions(tmp_path: Path) -> None:
    accepted = {"kind": "inSource", "justification": "a public site"}
    results = [
        {"suppressions": [accepted]},
        {"suppressions": [{"kind": "external", "status": "accepted"}]},
        {"suppressions": [{"kind": "external", "status": "rejected"}]},
        {"suppressions": [accepted, {"kind": "external", "status": "underReview"}]},
        {"suppressions": []},
    ]
    (found,) = read(tmp_path, run(*({"ruleId": "A1", **each} for each in results)))
    assert [each.waiver for each in found.results] == [
        Waiver("a public site", kind="inline"),
        Waiver("suppressed for the scanner that found it"),
        None,
        None,
        None,
    ]


def test_what_the_tool_could_not_do(tmp_path: Path) -> None:
    notification = {"level": "error", "message": {"text": "cannot parse"}, "locations": at("bad.tf", startLine=4)}
    (found,) = read(tmp_path, run(invocations=[{"executionSuccessful": False, "toolExecutionNotifications": [notification]}]))  # fmt: skip
    hint = "run Some Tool again and look at what it prints"
    assert found.not_scanned == [NotScanned("bad.tf", "Some Tool: cannot parse", hint, 4, 1, "some-tool")]
    (found,) = read(tmp_path, run(invocations=[{"executionSuccessful": False}]))
    assert [each.reason for each in found.not_scanned] == ["Some Tool: its run did not end well"]
    (found,) = read(tmp_path, {"tool": {"driver": {"name": "t"}}, "results": None})
    assert [each.reason for each in found.not_scanned] == ["t: it ended without results"]


def test_a_result_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (found,) = read(tmp_path, run({}, {"ruleId": "A1"}), name="x.sarif")
    assert [each.reason for each in found.not_scanned] == ["Some Tool: results[0] cannot be read"]
    assert len(found.results) == 1
    (found,) = read(tmp_path, {"tool": {"driver": {"name": "t"}}, "results": ["text", None]})
    assert [each.reason for each in found.not_scanned] == [
        "t: results[0] cannot be read",
        "t: results[1] cannot be read",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "it is no JSON: maximum recursion depth exceeded"),
        ("[]", "it has no runs"),
        ("{}", "it has no runs"),
        ('{"runs": {}}', "it has no runs"),
        ('{"runs": []}', "its version is null, not 2.1.0"),
        ('{"version": "1.0.0", "runs": []}', 'its version is "1.0.0", not 2.1.0'),
        ('{"version": "2.1.0", "runs": [1]}', "runs[0] is no object"),
        ('{"version": "2.1.0", "runs": [{}]}', "runs[0] does not name its tool"),
    ],
    ids=["empty", "deep", "list", "object", "runs", "no version", "old", "no run", "no tool"],
)
def test_what_is_no_sarif(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "other.sarif"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_sarif(file, tmp_path, reader(tmp_path))
    assert caught.value.message.startswith(f"{file} is no SARIF that can be merged: {why}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_sarif(tmp_path / "none.sarif", tmp_path, reader(tmp_path))


def test_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "other.sarif"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"version": "2.1.0", "runs": [run()]}).encode())
    assert [each.tool for each in read_sarif(file, tmp_path, reader(tmp_path))] == ["some-tool"]


def test_secrets_are_known(tmp_path: Path) -> None:
    token = "glpat-" + "Zx81kqPw03LmNvTy7RbE"
    write_files(tmp_path, {"a.env": f'token: "{token}"\n'})
    region = at("a.env", startLine=1, startColumn=9, endLine=1, endColumn=9 + len(token))
    log = run({"ruleId": "generic", "locations": region})
    log["tool"]["driver"]["name"] = "gitleaks"
    assert read(tmp_path, log)[0].secrets == {token}


@pytest.mark.parametrize(
    ("region", "secrets"),
    [
        ({"startLine": 2}, {'key = """first-part'}),
        ({"startLine": 2, "endLine": 4}, {'key = """first-part', "second-part", 'third-part"""'}),
        (
            {"startLine": 2, "startColumn": 10, "endLine": 4, "endColumn": 11},
            {"first-part", "second-part", "third-part"},
        ),
        ({"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 1}, {'key = """first-part'}),
        ({"startLine": 5, "endLine": 99}, set()),
    ],
)
def test_a_secret_of_several_lines_or_without_columns(
    tmp_path: Path, region: dict[str, int], secrets: set[str]
) -> None:
    write_files(tmp_path, {"a.toml": '[a]\nkey = """first-part\nsecond-part\nthird-part"""\n{\n'})
    log = run({"ruleId": "generic", "locations": at("a.toml", **region)})
    log["tool"]["driver"]["name"] = "gitleaks"
    assert read(tmp_path, log)[0].secrets == secrets


def test_identities_hold_no_line(tmp_path: Path) -> None:
    def identities() -> list[tuple[Any, ...]]:
        lines = (tmp_path / "main.tf").read_text().splitlines()
        line = next(number for number, text in enumerate(lines, 1) if "acl" in text)
        result = {"ruleId": "A1", "locations": at("main.tf", startLine=line, startColumn=3)}
        (found,) = read(tmp_path, run(result, result))
        return [each.identity for each in findings_of(found, reader(tmp_path))]

    write_files(tmp_path, {"main.tf": TERRAFORM})
    before = identities()
    write_files(tmp_path, {"main.tf": "# a comment\n\n" + TERRAFORM.replace("  acl    =", "    acl =")})
    assert identities() == before
    assert [each[-1] for each in before] == [0, 1]
    write_files(tmp_path, {"main.tf": TERRAFORM.replace("public-read", "public-read-write")})
    assert identities() != before
