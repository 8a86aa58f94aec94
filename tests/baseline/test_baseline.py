"""The baseline from the command line: what is written, what a scan accepts, what is stale, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.baseline.file import FILE_NAME, SCHEMA
from tests.conftest import Command, write_files

RULE = """\
schema: 1
id: {id}
aliases: [{alias}]
title: Image of the registry of tests
family: pinned-images
severity: high
targets: [compose, kubernetes]
match: {{view: container}}
when: present(container.image)
compliant: "!container.image.startsWith('bad/')"
at: container.image
message: "'image ' + container.image"
rationale: It is a test.
remediation: Take another one.
examples:
  compose: {{good: "services: {{a: {{image: good/a}}}}", bad: "services: {{a: {{image: bad/a}}}}"}}
  kubernetes: {{good: "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: a, image: good/a}}]}}}}", bad: "{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: a, image: bad/a}}]}}}}"}}
"""
CONFIG = "builtin_rules: false\nrule_folders: [policies]\nbaseline: accepted.json\n"
COMPOSE = "services:\n  a:\n    image: bad/a\n  b:\n    image: bad/b\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    rule = RULE.format(id="bad-image", alias="wrong-image")
    files = {
        ".git/HEAD": "",
        "policies/pinned-images/bad-image.yaml": rule,
        ".groundrule.yaml": CONFIG,
        "app/compose.yaml": COMPOSE,
    }
    return write_files(tmp_path, files)


def held(project: Path, name: str = "accepted.json") -> dict[str, Any]:
    value: dict[str, Any] = json.loads((project / name).read_text())
    jsonschema.validate(value, json.loads(SCHEMA.read_text()))
    return value


def open_names(groundrule: Command, project: Path, *arguments: object) -> list[tuple[str, str, str]]:
    ran = groundrule("scan", "-f", "json", *arguments, cwd=project)
    results = json.loads(ran.out)["results"]
    return [(each["resource"]["name"], each["status"], each["state"]) for each in results]


def test_what_is_written_is_sorted_and_counted(groundrule: Command, project: Path) -> None:
    write_files(project, {"other/compose.yaml": COMPOSE})
    ran = groundrule("baseline", "write", cwd=project)
    assert ran.status == 0
    assert ran.out == (
        "+ bad-image of compose/service a (app/compose.yaml)\n"
        "+ bad-image of compose/service a (other/compose.yaml)\n"
        "+ bad-image of compose/service b (app/compose.yaml)\n"
        "+ bad-image of compose/service b (other/compose.yaml)\n"
        f"{project / 'accepted.json'} is written: 4 open, 0 waived, 0 unknown; 4 added, 0 removed\n"
    )
    entries = held(project)["open"]
    assert [(entry["name"], entry["path"]) for entry in entries] == [
        ("a", "app/compose.yaml"),
        ("a", "other/compose.yaml"),
        ("b", "app/compose.yaml"),
        ("b", "other/compose.yaml"),
    ]
    assert {tuple(entry) for entry in entries} == {("rule", "type", "name", "content", "path")}
    assert groundrule("scan", cwd=project).status == 0


def test_writing_again_changes_nothing(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    before = (project / "accepted.json").read_bytes()
    ran = groundrule("baseline", "write", cwd=project)
    assert ran.out == f"{project / 'accepted.json'} is up to date: 2 open, 0 waived, 0 unknown; 0 added, 0 removed\n"
    assert ran.err == ""
    assert (project / "accepted.json").read_bytes() == before


def test_only_what_is_new_is_open(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE + "  c:\n    image: bad/c\n"})
    assert open_names(groundrule, project) == [
        ("a", "baselined", "unchanged"),
        ("b", "baselined", "unchanged"),
        ("c", "open", "new"),
    ]
    assert groundrule("scan", cwd=project).status == 1


def test_another_value_is_another_finding(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/a", "bad/worse")})
    assert open_names(groundrule, project) == [("a", "open", "new"), ("b", "baselined", "unchanged")]


def test_a_copy_is_new_and_a_move_is_not(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"copy/compose.yaml": COMPOSE, "aaa/compose.yaml": COMPOSE})
    assert [status for _, status, _ in open_names(groundrule, project)] == ["open"] * 2 + ["baselined"] * 2 + [
        "open"
    ] * 2
    (project / "app" / "compose.yaml").unlink()
    (project / "copy" / "compose.yaml").unlink()
    assert [status for _, status, _ in open_names(groundrule, project)] == ["baselined"] * 2


def test_what_moves_from_one_project_to_another_is_new(groundrule: Command, project: Path) -> None:
    write_files(project, {"other/compose.yaml": COMPOSE.replace("bad/", "good/")})
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/", "good/"), "other/compose.yaml": COMPOSE})
    assert [status for _, status, _ in open_names(groundrule, project)] == ["open", "open"]


def test_what_is_fixed_is_told_and_dropped(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/a", "good/a")})
    notices = json.loads(groundrule("scan", "-f", "json", cwd=project).out)["notices"]
    assert notices == [
        {
            "message": "the baseline holds what is fixed: bad-image of compose/service a (app/compose.yaml)",
            "location": {"path": "accepted.json", "line": 4, "column": 0, "end_line": 0, "end_column": 0},
            "hint": "groundrule baseline write drops what is fixed",
        }
    ]
    ran = groundrule("baseline", "write", cwd=project)
    assert ran.out.splitlines()[0] == "- bad-image of compose/service a (app/compose.yaml)"
    assert [entry["name"] for entry in held(project)["open"]] == ["b"]


def test_many_stale_entries_are_summed_up(groundrule: Command, project: Path) -> None:
    services = "".join(f"  s{number:02}:\n    image: bad/a\n" for number in range(30))
    write_files(project, {"app/compose.yaml": f"services:\n{services}"})
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": "services:\n  z:\n    image: good/a\n"})
    notices = json.loads(groundrule("scan", "-f", "json", cwd=project).out)["notices"]
    assert len(notices) == 21
    assert notices[-1]["message"] == "the baseline holds 10 more findings that are fixed"


def test_a_narrow_scan_says_nothing_of_the_rest(groundrule: Command, project: Path) -> None:
    write_files(project, {"other/compose.yaml": COMPOSE})
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"other/compose.yaml": "services:\n  a:\n    image: good/a\n"})
    assert json.loads(groundrule("scan", "app", "-f", "json", cwd=project).out)["notices"] == []
    groundrule("baseline", "write", "app", cwd=project)
    assert len(held(project)["open"]) == 4
    groundrule("baseline", "write", "other", cwd=project)
    assert len(held(project)["open"]) == 2


def test_what_was_not_scanned_stays(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": "services:\n  a: {image: bad/a\n"})
    ran = groundrule("baseline", "write", cwd=project)
    assert ran.status == 3
    assert "0 added, 0 removed" in ran.out
    assert "not scanned: app/compose.yaml: " in ran.err
    assert len(held(project)["open"]) == 2


def test_rules_that_are_not_judged_stay_and_rules_that_are_gone_go(groundrule: Command, project: Path) -> None:
    write_files(project, {".groundrule.yaml": CONFIG.replace("builtin_rules: false\n", "")})
    groundrule("baseline", "write", cwd=project)
    everything = held(project)["open"]
    groundrule("baseline", "write", "--select", "bad-image", cwd=project)
    assert held(project)["open"] == everything
    write_files(project, {".groundrule.yaml": "baseline: accepted.json\n"})
    groundrule("baseline", "write", cwd=project)
    assert held(project)["open"] == [entry for entry in everything if entry["rule"] != "bad-image"]


def test_a_renamed_rule_keeps_its_entries(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    text = (project / "accepted.json").read_text()
    (project / "accepted.json").write_text(text.replace("bad-image", "wrong-image"))
    assert [status for _, status, _ in open_names(groundrule, project)] == ["baselined", "baselined"]
    groundrule("baseline", "write", cwd=project)
    assert (project / "accepted.json").read_text() == text


def test_waived_findings_are_listed_and_open_without_their_waiver(groundrule: Command, project: Path) -> None:
    waived = COMPOSE.replace("bad/a", "bad/a # groundrule: ignore[bad-image] for now")
    write_files(project, {"app/compose.yaml": waived})
    groundrule("baseline", "write", cwd=project)
    assert [entry["name"] for entry in held(project)["waived"]] == ["a"]
    assert open_names(groundrule, project) == [("a", "suppressed", "unchanged"), ("b", "baselined", "unchanged")]
    write_files(project, {"app/compose.yaml": COMPOSE})
    assert open_names(groundrule, project) == [("a", "open", "new"), ("b", "baselined", "unchanged")]


def test_a_finding_that_becomes_waived_changes_its_section(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    waived = COMPOSE.replace("bad/a", "bad/a # groundrule: ignore[bad-image] for now")
    write_files(project, {"app/compose.yaml": waived})
    assert json.loads(groundrule("scan", "-f", "json", cwd=project).out)["notices"] == []
    ran = groundrule("baseline", "write", cwd=project)
    assert ran.out.splitlines()[0] == "~ bad-image of compose/service a (app/compose.yaml, waived) was open"
    assert [entry["name"] for entry in held(project)["waived"]] == ["a"]


def test_unknown_results_have_a_section(groundrule: Command, project: Path) -> None:
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/a", "${IMAGE}")})
    groundrule("baseline", "write", cwd=project)
    assert [entry["name"] for entry in held(project)["unknown"]] == ["a"]
    assert groundrule("scan", "--strict", cwd=project).status == 0
    # What is unknown no more is judged anew.
    write_files(project, {"app/compose.yaml": COMPOSE})
    assert open_names(groundrule, project)[0] == ("a", "open", "new")


def test_an_accepted_failure_stays_accepted_while_it_is_unknown(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    before = (project / "accepted.json").read_text()
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/a", "${IMAGE}")})
    assert groundrule("scan", "--strict", cwd=project).status == 0
    groundrule("baseline", "write", cwd=project)
    assert [entry["name"] for entry in held(project)["open"]] == ["a", "b"]
    write_files(project, {"app/compose.yaml": COMPOSE})
    assert groundrule("scan", cwd=project).status == 0
    groundrule("baseline", "write", cwd=project)
    assert (project / "accepted.json").read_text() == before


def test_pruning_adds_nothing(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE.replace("bad/a", "good/a") + "  c:\n    image: bad/c\n"})
    ran = groundrule("baseline", "write", "--prune", cwd=project)
    assert "0 added, 1 removed" in ran.out
    assert [entry["name"] for entry in held(project)["open"]] == ["b"]


def test_a_dry_run_writes_nothing(groundrule: Command, project: Path) -> None:
    ran = groundrule("baseline", "write", "--dry-run", cwd=project)
    assert "would be written" in ran.out
    assert not (project / "accepted.json").exists()


def test_without_a_configuration_the_file_stands_at_the_root(groundrule: Command, project: Path) -> None:
    write_files(project, {".groundrule.yaml": CONFIG.replace("baseline: accepted.json\n", "")})
    ran = groundrule("baseline", "write", cwd=project / "app")
    assert ran.err.startswith("next: write `baseline: .groundrule-baseline.json` into .groundrule.yaml")
    assert len(held(project, FILE_NAME)["open"]) == 2
    assert groundrule("scan", cwd=project).status == 1
    assert groundrule("scan", "--baseline", FILE_NAME, cwd=project).status == 0


def test_the_configured_baseline_holds_for_the_whole_run_only(groundrule: Command, project: Path) -> None:
    write_files(
        project,
        {
            "app/.groundrule.yaml": "baseline: x.json\n",
            "accepted.json": '{"schema": 1, "open": [], "waived": [], "unknown": []}',
        },
    )
    ran = groundrule("scan", cwd=project)
    assert ran.status == 1
    assert "baseline counts only for scans of this folder" in ran.out


def test_equal_findings_are_counted(groundrule: Command, project: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: bad/a}]}\n"
    write_files(project, {"pods.yaml": f"{pod}---\n{pod}"})
    groundrule("baseline", "write", cwd=project)
    (entry,) = [entry for entry in held(project)["open"] if entry["type"] == "v1/Pod"]
    assert entry["count"] == 2
    write_files(project, {"pods.yaml": f"{pod}---\n{pod}---\n{pod}"})
    pods = [status for name, status, _ in open_names(groundrule, project) if name == "p"]
    assert pods == ["baselined", "baselined", "open"]


def test_a_secret_is_not_in_the_file(groundrule: Command, tmp_path: Path) -> None:
    compose = "services:\n  a:\n    image: a\n    environment: {PASSWORD: %s}\n"
    write_files(tmp_path, {"compose.yaml": compose % "hunter2abc99"})
    arguments = ("--select", "secret-in-environment", "--baseline", "b.json")
    groundrule("baseline", "write", *arguments, cwd=tmp_path)
    before = (tmp_path / "b.json").read_text()
    assert "hunter2" not in before
    # Neither is its digest, which would tell a guess from another: the file says the same of another secret.
    write_files(tmp_path, {"compose.yaml": compose % "another-Secret-77"})
    groundrule("baseline", "write", *arguments, cwd=tmp_path)
    assert (tmp_path / "b.json").read_text() == before


def test_a_secret_that_is_known_as_one_no_more(groundrule: Command, tmp_path: Path) -> None:
    """The image is named as a secret is elsewhere; with the secret gone, the image's finding is the same."""
    compose = "services:\n  a:\n    image: hunter2abc99\n"
    secret = "services:\n  b:\n    image: b:1\n    environment: {PASSWORD: hunter2abc99}\n"
    write_files(tmp_path, {"one/compose.yaml": compose, "two/compose.yaml": secret})
    arguments = ("--select", "image-not-pinned", "--baseline", "b.json")
    groundrule("baseline", "write", *arguments, cwd=tmp_path)
    write_files(tmp_path, {"two/compose.yaml": secret.replace("hunter2abc99", "'${PASSWORD}'")})
    assert groundrule("scan", *arguments, cwd=tmp_path).status == 0


@pytest.mark.parametrize("form", ["text", "csv", "markdown", "gitlab", "junit", "github", "sarif", "json", "ocsf"])
def test_every_format_knows_the_status(groundrule: Command, project: Path, form: str) -> None:
    groundrule("baseline", "write", cwd=project)
    ran = groundrule("scan", "-f", form, "--show-suppressed", cwd=project)
    assert ran.status == 0
    assert ("Suppressed" if form == "ocsf" else "baselined") in ran.out
    hidden = groundrule("scan", "-f", form, cwd=project)
    assert ("image bad/a" in hidden.out) == (form == "json")


def test_sarif_has_the_state_and_no_accepted_results(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    write_files(project, {"app/compose.yaml": COMPOSE + "  c:\n    image: bad/c\n"})
    (run,) = json.loads(groundrule("scan", "-f", "sarif", cwd=project).out)["runs"]
    assert [each["baselineState"] for each in run["results"]] == ["new"]
    (run,) = json.loads(groundrule("scan", "-f", "sarif", "--show-suppressed", cwd=project).out)["runs"]
    assert [(each["baselineState"], "suppressions" in each) for each in run["results"]] == [
        ("unchanged", True),
        ("unchanged", True),
        ("new", False),
    ]


BROKEN = {
    "absent": (None, "error: b.json: there is no baseline\n  help: groundrule baseline write makes one\n"),
    "no JSON": ("{", "error: b.json:1: not valid JSON: Expecting property name enclosed in double quotes\n"),
    "no text": (b"\xff\xfe{", "error: b.json: the baseline is no text in UTF-8\n"),
    "a conflict": ('{\n<<<<<<< ours\n"schema": 1}', "help: resolve the conflict, then run groundrule baseline write"),
    "another version": ('{"schema": 2}', "the baseline has the format 2, which a later groundrule writes"),
    "no baseline": ('{"a": 1}', "error: b.json: "),
    "a list": ("[]", "error: b.json: "),
    "deep": ("[" * 100_000, "error: b.json: no baseline: it is nested too deeply"),
    "an entry": (
        '{"schema": 1, "open": [\n{"rule": "a", "type": "b", "name": "c", "path": 1}], "waived": [], "unknown": []}',
        "error: b.json:2: open[0].path: ",
    ),
    "a count": (
        '{"schema": 1, "open": [{"rule": "a", "type": "b", "name": "c", "path": "d", "count": 1}], "waived": [],'
        ' "unknown": []}',
        "open[0].count: ",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_baseline(groundrule: Command, project: Path, case: str) -> None:
    content, message = BROKEN[case]
    if content is not None:
        write_files(project, {"b.json": content})
    ran = groundrule("scan", "--baseline", "b.json", cwd=project)
    assert ran.status == 2
    assert message in ran.err


def test_a_baseline_is_no_input(groundrule: Command, project: Path) -> None:
    groundrule("baseline", "write", cwd=project)
    assert [each["path"] for each in json.loads(groundrule("scan", "-f", "json", cwd=project).out)["scanned"]] == [
        "app/compose.yaml"
    ]


def test_the_schema_is_published(groundrule: Command) -> None:
    ran = groundrule("rules", "schema", "baseline")
    assert json.loads(ran.out) == json.loads(SCHEMA.read_text())


def test_the_file_that_cannot_be_written(groundrule: Command, project: Path) -> None:
    ran = groundrule("baseline", "write", "--baseline", "nowhere/b.json", cwd=project)
    assert ran.status == 2
    assert "help: give another file: --baseline" in ran.err
