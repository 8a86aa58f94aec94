"""The step of the action that scans: its arguments, outputs, log and summary, with the program that is installed here."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from tests.conftest import ROOT, write_files

STEP = ROOT / "action" / "scan.py"
CLEAN = "services:\n  web:\n    image: nginx:1.27.2\n"
BAD = "services:\n  web:\n    image: nginx\n"


@pytest.fixture(scope="module")
def step() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scan_step", STEP)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runner:
    """What a runner gives a step, and what it reads afterwards."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        self.output, self.summary = folder / "output", folder / "summary"
        (folder / "temp").mkdir()
        self.files = {
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        self.log = ""

    def scan(self, **inputs: str) -> int:
        given = {f"INPUT_{name.upper()}": value for name, value in {**defaults(), **inputs}.items() if name != "fork"}
        environment = {**self.files, **given, "FROM_FORK": inputs.get("fork", "")}
        done = subprocess.run(
            [sys.executable, STEP],
            cwd=self.workspace,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.workspace), **environment},
            capture_output=True,
            text=True,
        )
        self.log = done.stdout + done.stderr
        return done.returncode

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


def defaults() -> dict[str, str]:
    """The inputs of action.yml as a runner gives them to the step."""
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    return {name.replace("-", "_"): str(value["default"]) for name, value in inputs.items()}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_findings(runner: Runner) -> None:
    write_files(runner.workspace, {"compose.yaml": BAD})
    assert runner.scan(select="image-not-pinned,memory-limit-missing") == 0
    outputs = runner.outputs
    results = Path(runner.files["RUNNER_TEMP"], "groundrule-results")
    assert outputs == {
        "exit-status": "1",
        "sarif-file": str(results / "groundrule.sarif"),
        "json-file": str(results / "groundrule.json"),
        "annotations-file": str(results / "groundrule.github"),
        "upload": "true",
        "findings": "2",
        "critical": "0",
        "high": "1",
        "medium": "1",
        "low": "0",
        "info": "0",
        "unknown": "0",
        "errors": "0",
        "not-scanned": "0",
    }
    assert [line.split("::")[1] for line in Path(outputs["annotations-file"]).read_text().splitlines()] == [
        "error file=compose.yaml,line=3,endLine=3,col=12,endColumn=17,title=high%3A image-not-pinned",
        "warning file=compose.yaml,line=2,endLine=2,col=3,endColumn=6,title=medium%3A memory-limit-missing",
    ]
    assert len(json.loads(Path(outputs["sarif-file"]).read_text())["runs"][0]["results"]) == 2
    assert runner.summary.read_text().startswith("# groundrule\n\n**2 open findings**")


@pytest.mark.parametrize(
    ("inputs", "upload"),
    [
        ({}, "true"),
        ({"fork": "true"}, "false"),
        ({"fork": "true", "upload_sarif": "true"}, "true"),
        ({"upload_sarif": "false"}, "false"),
    ],
    ids=["own", "fork", "fork but asked for", "not asked for"],
)
def test_what_is_uploaded(runner: Runner, inputs: dict[str, str], upload: str) -> None:
    write_files(runner.workspace, {"compose.yaml": CLEAN})
    assert runner.scan(select="image-not-pinned", **inputs) == 0
    assert (runner.outputs["upload"], runner.outputs["exit-status"]) == (upload, "0")


def test_what_is_not_scanned(runner: Runner) -> None:
    write_files(runner.workspace, {"compose.yaml": "services:\n  web: [\n"})
    assert runner.scan() == 0
    assert (runner.outputs["exit-status"], runner.outputs["not-scanned"]) == ("3", "1")
    assert "::error file=compose.yaml,line=" in Path(runner.outputs["annotations-file"]).read_text()


def test_a_wrong_input(runner: Runner) -> None:
    assert runner.scan(upload_sarif="yes") == 2
    assert runner.log == "::error title=groundrule::upload-sarif is one of auto, true, false\n"
    assert runner.scan(untrusted="true") == 2
    assert runner.log == "::error title=groundrule::untrusted needs diff-base: what the base says is what counts\n"


def test_a_wrong_configuration(runner: Runner) -> None:
    write_files(runner.workspace, {"compose.yaml": CLEAN, ".groundrule.yaml": "fail_on: [x]\n"})
    assert runner.scan() == 0
    assert runner.outputs["exit-status"] == "2"
    assert (runner.outputs["sarif-file"], runner.outputs["upload"]) == ("", "false")
    last = runner.log.rstrip().splitlines()
    assert "::error title=groundrule::no results: groundrule ended with status 2, see this step's log" in last


def test_nothing_of_the_files_is_a_command(runner: Runner) -> None:
    """Commands of workflows stand at the beginning of a line: all that is quoted lies between the two marks."""
    write_files(runner.workspace, {"compose.yaml": "services:\n  web:\n    image: |-\n      nginx\n      ::error::x\n"})
    assert runner.scan() == 0
    lines = runner.log.splitlines()
    stop = next(line for line in lines if line.startswith("::stop-commands::"))
    end = f"::{stop.removeprefix('::stop-commands::')}::"
    inside = lines[lines.index(stop) + 1 : lines.index(end)]
    assert [line for line in lines if line.strip().startswith("::") and line not in inside] == [stop, end]
    assert len(stop) == len("::stop-commands::") + 32


def test_a_summary_that_is_full(runner: Runner) -> None:
    write_files(runner.workspace, {"compose.yaml": BAD})
    full = 1024 * 1024 - 100
    runner.summary.write_bytes(b"x" * full)
    assert runner.scan() == 0
    assert runner.summary.read_bytes()[full:] == (
        b"groundrule: the table does not fit into this summary; see the results of the scan.\n"
    )
    assert runner.scan(summary="false") == 0


def test_a_table_that_was_cut_fits(step: ModuleType) -> None:
    """The table is cut to a size of its own, after which it says so."""
    from scanner.report import markdown

    rows = [f"| {'x' * 200} |" for _ in range(6_000)]
    sizes = {len(markdown._cut([f"| {'x' * width} |", *rows]).encode()) for width in range(210)}
    assert markdown.MOST_BYTES < max(sizes) < step.SUMMARY_BYTES


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"working_directory": "absent"}, "working-directory is no folder"),
        ({"allow_incomplete": "yes"}, "allow-incomplete is one of true, false"),
        ({"untrusted": "true"}, "untrusted needs diff-base: what the base says is what counts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_inputs_that_are_wrong(runner: Runner, inputs: dict[str, str], message: str) -> None:
    assert (runner.scan(**inputs), runner.log) == (2, f"::error title=groundrule::{message}\n")


HOSTILE = "--output=json=pwned $(touch pwned) `touch pwned` '; touch pwned; ' \"; touch pwned; \""


@pytest.mark.parametrize("name", ["paths", "config", "select", "ignore", "fail_on", "diff_base", "baseline"])
def test_an_input_is_never_a_command(runner: Runner, name: str) -> None:
    """It is a path or a word that does not exist: no results, or a result that says so, and no other file."""
    write_files(runner.workspace, {"compose.yaml": CLEAN})
    assert runner.scan(**{name: HOSTILE}) == 0
    assert runner.outputs["exit-status"] == ("3" if name == "paths" else "2")
    # The cache lies in the home folder, which is the workspace here.
    assert {path.name for path in runner.workspace.iterdir()} <= {"compose.yaml", ".cache"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, ["--", "."]),
        ({"SELECT": "a,b\nc", "IGNORE": "d\n"}, ["--select=a,b,c", "--ignore=d", "--", "."]),
        ({"PATHS": "deploy\n  charts/web \n\n"}, ["--", "deploy", "charts/web"]),
        ({"PATHS": "--config=x"}, ["--", "--config=x"]),
        ({"CONFIG": "-x", "FAIL_ON": "high"}, ["--config=-x", "--fail-on=high", "--", "."]),
        ({"ALLOW_INCOMPLETE": "true"}, ["--allow-incomplete", "--", "."]),
        ({"DIFF_BASE": "abc"}, ["--diff-base=abc", "--", "."]),
        ({"DIFF_BASE": "abc", "FROM_FORK": "true"}, ["--diff-base=abc", "--untrusted", "--", "."]),
        ({"DIFF_BASE": "abc", "FROM_FORK": "true", "UNTRUSTED": "false"}, ["--diff-base=abc", "--", "."]),
        ({"DIFF_BASE": "abc", "UNTRUSTED": "true"}, ["--diff-base=abc", "--untrusted", "--", "."]),
        ({"FROM_FORK": "true"}, ["--", "."]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_arguments(step: ModuleType, inputs: dict[str, str], expected: list[str]) -> None:
    given = {name if name == "FROM_FORK" else f"INPUT_{name}": value for name, value in inputs.items()}
    assert step.arguments({"INPUT_UNTRUSTED": "auto", **given}, {"json": Path("r.json")}) == [
        "scan",
        "-o",
        "json=r.json",
        *expected,
    ]
