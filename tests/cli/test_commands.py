"""Every command: what it prints where, its exit status, and what it says when it is called wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from scanner import __version__
from scanner.cli.app import COMMANDS
from scanner.cli.rules import TABLE
from scanner.report import FORMATS
from tests.conftest import Command, write_files

COMPOSE = "services:\n  web:\n    image: nginx:latest\n    environment:\n      DB_PASSWORD: hunter2hunter\n"
CLEAN = "services:\n  web:\n    image: nginx:1.27.2\n"
ONE = ("--select", "image-not-pinned")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"compose.yaml": COMPOSE, "clean/compose.yaml": CLEAN})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(groundrule: Command, name: str) -> None:
    ran = groundrule(name, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"Usage: groundrule {name} ")
    assert ran.err == ""
    short = COMMANDS[name][1]
    assert short.endswith(".")
    assert short in groundrule("--help").out.replace("\n               ", " ")


@pytest.mark.parametrize("name", TABLE)
def test_every_command_about_rules_has_help(groundrule: Command, name: str) -> None:
    assert groundrule("rules", name, "--help").out.startswith(f"Usage: groundrule rules {name} ")
    assert name in groundrule("rules", "--help").out


def test_version(groundrule: Command) -> None:
    assert groundrule("--version") == (0, f"groundrule {__version__}\n", "")


WRONG = [
    (("scna",), "there is no command 'scna'; did you mean 'scan'?", "groundrule --help shows what it takes"),
    (("rules", "lst"), "there is no command 'lst'; did you mean 'list'?", "groundrule rules --help shows what it takes"),
    (("scan", "--fail-onn", "low"), "No such option '--fail-onn'. Did you mean '--fail-on'?", "groundrule scan --help shows what it takes"),
    (("scan", "-o", "sarf=x"), "there is no format 'sarf'", "did you mean 'sarif'?"),
    (("scan", "-o", "sarif"), "-o sarif names no file", "write FORMAT=FILE, such as -o sarif=results.sarif"),
    (("scan", "-o", "sarif=no/x"), "the folder of no/x does not exist", "make the folder first"),
    (("scan", "--select", "image-not-pined"), "there is no rule 'image-not-pined'", "did you mean 'image-not-pinned'?"),
    (("scan", "--ignore", "family:nop"), "no rule has the family 'nop'", ""),
    (("scan", "--config", "no.yaml"), "the configuration no.yaml does not exist", "correct --config, or leave it out"),
    (("scan", "--rules", "no"), "the folder of rules no does not exist", "correct --rules"),
    (("explain", "image-not-pined"), "there is no rule 'image-not-pined'", "did you mean 'image-not-pinned'?"),
    (("rules", "show", "x"), "there is no rule 'x'", "`groundrule rules list` shows the rules"),
    (("rules", "new", "X", "--family", "hardening"), "'X' is no rule id", "write it in kebab-case, such as image-not-pinned"),
    (("rules", "new", "x", "--family", "hardning"), "there is no family 'hardning'", "did you mean 'hardening'?"),
    (("rules", "new", "x", "--family", "hardening", "--view", "contaner"), "there is no view 'contaner'", "did you mean 'container'?"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "error", "hint"), WRONG, ids=[" ".join(wrong[0]) for wrong in WRONG])
def test_wrong_usage(groundrule: Command, project: Path, arguments: tuple[str, ...], error: str, hint: str) -> None:
    said = f"error: {error}\n" + (f"  help: {hint}\n" if hint else "")
    assert groundrule(*arguments, cwd=project) == (2, "", said)


def test_the_document_and_its_status(groundrule: Command, project: Path) -> None:
    ran = groundrule("scan", *ONE, "--format", "csv", cwd=project)
    assert ran.status == 1
    assert [line.split(",")[3:8] for line in ran.out.splitlines()[1:]] == [
        ["image-not-pinned", "pinned-images", "compose.yaml", "3", "12"]
    ]
    assert ran.err == ""
    assert groundrule("scan", *ONE, "clean", cwd=project).status == 0
    assert groundrule("scan", *ONE, "--fail-on", "critical", cwd=project).status == 0
    assert (
        groundrule(
            "scan", "--ignore", "family:secrets-in-env,image-not-pinned", "--fail-on", "high", cwd=project
        ).status
        == 0
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_to_standard_output_and_to_a_file(groundrule: Command, project: Path, form: str) -> None:
    ran = groundrule("scan", "-f", form, "-o", f"{form}=out.{form}", "-o", "csv=all.csv", cwd=project)
    assert ran.status == 1
    assert ran.err == ""
    assert (project / f"out.{form}").read_bytes().decode() == ran.out
    assert (project / "all.csv").read_text("utf-8").startswith("outcome,")
    assert "hunter2hunter" not in ran.out + (project / "all.csv").read_text("utf-8")
    assert "***" in ran.out or form != "text"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_no_text(groundrule: Command, tmp_path: Path, form: str) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n"))
    folder.mkdir()
    (folder / "compose.yaml").write_text(COMPOSE)
    ran = groundrule("scan", "-f", form, "-o", f"{form}=out", cwd=tmp_path)
    assert (ran.status, ran.err) == (1, "")
    assert (tmp_path / "out").read_bytes().decode() == ran.out


def test_what_is_not_scanned_is_status_3(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"compose.yaml": "services: [\n"})
    ran = groundrule("scan", "-f", "csv", cwd=tmp_path)
    assert (ran.status, ran.err) == (
        3,
        "not everything was scanned or judged: see not_scanned, errors and unknowns in the result\n",
    )
    assert groundrule("scan", "--allow-incomplete", cwd=tmp_path).status == 0
    assert groundrule("scan", "absent", cwd=tmp_path).status == 3


def test_a_variable_without_a_value_is_status_3_only_when_strict(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"compose.yaml": "services:\n  web:\n    image: nginx:${TAG}\n"})
    assert groundrule("scan", *ONE, cwd=tmp_path).status == 0
    assert groundrule("scan", *ONE, "--strict", cwd=tmp_path).status == 3


def test_flags_win_over_the_environment_and_that_over_the_configuration(
    groundrule: Command, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(project, {".groundrule.yaml": "fail_on: never\nselect: [image-not-pinned]\n"})
    assert groundrule("scan", cwd=project).status == 0
    monkeypatch.setenv("GROUNDRULE_FAIL_ON", "low")
    assert groundrule("scan", cwd=project).status == 1
    assert groundrule("scan", "--fail-on", "critical", cwd=project).status == 0
    monkeypatch.setenv("GROUNDRULE_SELECT", "privileged-container,host-network")
    assert groundrule("scan", cwd=project).status == 0
    assert groundrule("scan", *ONE, cwd=project).status == 1
    monkeypatch.setenv("GROUNDRULE_FORMAT", "csv")
    assert groundrule("scan", cwd=project).out.startswith("outcome,")


def test_wrong_configuration_is_status_2_with_all_errors(groundrule: Command, project: Path) -> None:
    write_files(project, {".groundrule.yaml": "fail-on: low\nrules: {image-not-pined: {enabled: false}}\n"})
    assert groundrule("scan", cwd=project) == (
        2,
        "",
        "error: .groundrule.yaml:1:1: unknown key 'fail-on'\n  help: did you mean 'fail_on'?\n",
    )
    write_files(
        project,
        {
            ".groundrule.yaml": "rules: {image-not-pined: {enabled: false}}\noverrides:\n"
            "  - {paths: [x], rules: {image-not-pinned: {parameters: {mutable_tag: []}}}}\n"
        },
    )
    ran = groundrule("scan", cwd=project)
    assert (ran.status, ran.err) == (
        2,
        "error: .groundrule.yaml:1:9: there is no rule 'image-not-pined'\n  help: did you mean 'image-not-pinned'?\n",
    )


def test_wrong_rules_are_status_2_with_all_errors(groundrule: Command, project: Path) -> None:
    write_files(project, {"mine/hardening/a.yaml": "schema: 1\n", "mine/hardening/b.yaml": "id: [\n"})
    ran = groundrule("scan", "--rules", "mine", cwd=project)
    assert (ran.status, ran.out) == (2, "")
    assert "mine/hardening/a.yaml:" in ran.err
    assert "mine/hardening/b.yaml:2:1: not valid YAML" in ran.err


def test_suppressed_and_passed_findings_are_listed_on_request(groundrule: Command, tmp_path: Path) -> None:
    text = COMPOSE.replace("nginx:latest", "nginx:latest  # groundrule: ignore[image-not-pinned] nightly")
    write_files(tmp_path, {"compose.yaml": text, "clean.yaml": CLEAN})
    plain = groundrule("scan", *ONE, "-f", "csv", cwd=tmp_path)
    assert plain.status == 0
    assert len(plain.out.splitlines()) == 1
    both = groundrule("scan", *ONE, "-f", "csv", "--show-suppressed", "--show-passed", cwd=tmp_path)
    assert [line.split(",")[:2] for line in both.out.splitlines()[1:]] == [["fail", "suppressed"], ["pass", "open"]]
    assert "1 suppressed" in groundrule("scan", *ONE, cwd=tmp_path).out


def test_standard_input(groundrule: Command, tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers: [{name: a, image: b}]\n"
    ran = groundrule("scan", "-", *ONE, "-f", "csv", cwd=tmp_path, stdin=pod)
    assert ran.status == 1
    assert ran.out.splitlines()[1].split(",")[6:8] == ["5", "33"]
    assert groundrule("scan", "-", cwd=tmp_path, stdin="").status == 3
    found = json.loads(groundrule("inspect", "-", cwd=tmp_path, stdin=pod).out)
    assert [resource["type"] for resource in found["resources"]] == ["v1/Pod", "v1/Namespace"]


def test_inspect_shows_routes_places_and_relations_and_no_secret(groundrule: Command, tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "compose.yaml": COMPOSE + "    command: run --tag=${TAG}\n",
            "k8s.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b}]}\n",
        },
    )
    ran = groundrule("inspect", ".", cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert "hunter2hunter" not in ran.out
    found = json.loads(ran.out)["resources"]
    assert [(one["type"], one["name"], one["location"]) for one in found] == [
        ("v1/Pod", "p", {"path": "k8s.yaml", "line": 1, "column": 1}),
        ("compose/project", found[1]["name"], {"path": "compose.yaml", "line": 1, "column": 1}),
        ("compose/service", "web", {"path": "compose.yaml", "line": 2, "column": 3}),
        ("v1/Namespace", "default", {"path": "k8s.yaml", "line": 3, "column": 1}),
    ]
    views = {(one["type"], subject["view"]): subject for one in found for subject in one["subjects"]}
    image = views["compose/service", "container"]["places"]["image"]
    assert image == {"route": "image", "path": "compose.yaml", "line": 3, "column": 12}
    assert views["compose/service", "environment_variable"]["attributes"]["value"] == "***"
    assert views["v1/Pod", "workload"]["attributes"]["network_policies"] == []


def test_inspect_says_what_it_could_not_read(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"compose.yaml": "services: [\n"})
    ran = groundrule("inspect", ".", cwd=tmp_path)
    assert ran.status == 3
    assert json.loads(ran.out)["not_scanned"][0]["path"] == "compose.yaml"


def test_render(groundrule: Command, tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a.yaml": "name: x\nservices:\n  web: {image: 'nginx:${TAG}', profiles: [p]}\n  api: {image: a}\n",
            "b.yaml": "services: {api: {image: b}}\n",
            ".env": "TAG=1\n",
        },
    )
    services = json.loads(groundrule("render", "a.yaml", "b.yaml", cwd=tmp_path).out)["services"]
    assert {name: service["image"] for name, service in services.items()} == {"api": "b"}
    services = json.loads(groundrule("render", "a.yaml", "--profile", "p", cwd=tmp_path).out)["services"]
    assert {name: service["image"] for name, service in services.items()} == {"api": "a", "web": "nginx:1"}
    ran = groundrule("render", "no.yaml", cwd=tmp_path)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("error: no.yaml: ")
    assert groundrule("render", cwd=tmp_path).status == 2


def test_explain(groundrule: Command, project: Path) -> None:
    ran = groundrule("explain", "image-not-pinned", cwd=project)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("image-not-pinned: Container image can change under the same name\n")
    for part in ("\nWhy\n", "\nWhat to do\n", "\nBad example, Compose\n", "# groundrule: ignore[image-not-pinned] "):
        assert part in ran.out


def test_rules_list_and_show(groundrule: Command, project: Path) -> None:
    write_files(
        project, {".groundrule.yaml": "rules: {image-not-pinned: {severity: info}, host-pid: {enabled: false}}\n"}
    )
    listed = {rule["id"]: rule for rule in json.loads(groundrule("rules", "list", "-f", "json", cwd=project).out)}
    assert listed["image-not-pinned"]["severity"] == "info"
    assert (listed["host-pid"]["enabled"], listed["host-ipc"]["enabled"]) == (False, True)
    text = groundrule("rules", "list", "--select", "family:pinned-images,host-pid", cwd=project)
    assert text.status == 2  # rules list takes one selector an option
    text = groundrule("rules", "list", "--select", "family:pinned-images", "--select", "host-pid", cwd=project)
    assert "(off)" in text.out
    assert "host-ipc" not in text.out
    shown = groundrule("rules", "show", "image-not-pinned", cwd=project).out
    assert "\nid: image-not-pinned\n" in shown


@pytest.mark.parametrize(
    "arguments",
    [("rules", "list"), ("explain", "image-not-pinned"), ("aws", "policy", "--select", "family:encryption"), ("scan",)],
)
def test_a_configuration_that_ignores_rules_of_others(
    groundrule: Command, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_files(tmp_path, {".groundrule.yaml": "ignore: [checkov/CKV_AWS_24, 'tool:trivy']\n", "compose.yaml": CLEAN})
    ignoring = groundrule(*arguments, cwd=tmp_path)
    write_files(tmp_path, {".groundrule.yaml": ""})
    assert ignoring == groundrule(*arguments, cwd=tmp_path)
    assert ignoring.err == ""


@pytest.mark.parametrize("of", ["rule", "config", "results", "comparison", "baseline", "snapshot"])
def test_schemas(groundrule: Command, of: str) -> None:
    Draft202012Validator.check_schema(json.loads(groundrule("rules", "schema", of).out))


def test_json_results_fit_their_schema(groundrule: Command, project: Path) -> None:
    schema = json.loads(groundrule("rules", "schema", "results").out)
    ran = groundrule("scan", "-f", "json", "--show-passed", cwd=project)
    Draft202012Validator(schema).validate(json.loads(ran.out))


def test_docs_are_written_and_checked(groundrule: Command, tmp_path: Path) -> None:
    assert groundrule("rules", "docs", "--check", cwd=tmp_path).status == 2
    assert groundrule("rules", "docs", cwd=tmp_path).status == 0
    assert groundrule("rules", "docs", "--check", cwd=tmp_path) == (0, "", "")
    page = tmp_path / "docs" / "rules" / "image-not-pinned.md"
    assert page.read_text("utf-8").startswith("<!-- Generated by ")
    page.write_text("x")
    write_files(tmp_path, {"docs/rules/old.md": "x"})
    ran = groundrule("rules", "docs", "--check", cwd=tmp_path)
    assert ran.err == (
        "error: docs/rules/image-not-pinned.md is not what `groundrule rules docs` writes\n"
        "error: docs/rules/old.md is not what `groundrule rules docs` writes\n"
    )
    groundrule("rules", "docs", cwd=tmp_path)
    assert groundrule("rules", "docs", "--check", cwd=tmp_path).status == 0
    assert not (tmp_path / "docs" / "rules" / "old.md").exists()


def test_init_writes_a_configuration_that_is_right(groundrule: Command, project: Path) -> None:
    assert groundrule("init", cwd=project).status == 0
    assert groundrule("scan", *ONE, cwd=project).status == 1
    again = groundrule("init", cwd=project)
    assert (again.status, again.err) == (
        2,
        "error: .groundrule.yaml is there already\n  help: edit it, or remove it first\n",
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(groundrule: Command, shell: str) -> None:
    ran = groundrule("completion", shell)
    assert ran.status == 0
    assert "_GROUNDRULE_COMPLETE" in ran.out


def test_completion_completes() -> None:
    environment = {
        **os.environ,
        "_GROUNDRULE_COMPLETE": "bash_complete",
        "COMP_WORDS": "groundrule re",
        "COMP_CWORD": "1",
    }
    run = subprocess.run(
        [sys.executable, "-c", "from scanner.cli import main; main()"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=30,
    )
    assert run.stdout == "plain,render\n"


def test_a_bug_is_status_4_and_shows_nothing_of_the_input(
    groundrule: Command, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("hunter2hunter")

    monkeypatch.setattr("scanner.scan.load", broken)
    ran = groundrule("scan", cwd=project)
    assert (ran.status, ran.out) == (4, "")
    assert ran.err.startswith("error: a bug in groundrule: LookupError in scanner.scan, line ")
    assert "hunter2hunter" not in ran.err
    assert "Traceback (most recent call last)" in groundrule("scan", "--debug", cwd=project).err


def test_an_interrupt_is_status_130(groundrule: Command, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.scan.load", interrupt)
    assert groundrule("scan", cwd=project) == (130, "", "\ninterrupted\n")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_is_no_finding(project: Path, unbuffered: str) -> None:
    services = "".join(f"  s{n}:\n    image: nginx:latest\n" for n in range(300))
    write_files(project, {"compose.yaml": f"services:\n{services}"})
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-c", "from scanner.cli import main; main()", "scan", "-f", "json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=project, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
    whole = subprocess.run(command, capture_output=True, cwd=project, env=environment, timeout=60)
    assert json.loads(whole.stdout)["summary"]["inputs"] == 2
