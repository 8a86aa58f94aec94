"""The action as a runner runs it: act executes every step on this machine, in a scratch repository.

The actions of others are replaced by stand-ins, since nothing may be fetched: Python is the one that runs the tests,
and the upload keeps the file that it is given, or refuses it as a repository without code scanning does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests.conftest import ROOT, copy_of_the_project, tool, write_files

pytestmark = [pytest.mark.go, pytest.mark.long]

WORKFLOW = """\
on: [push, pull_request]
permissions: {contents: read}
jobs:
  groundrule:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: groundrule
        uses: groundrule/groundrule@v1
        with: {select: "image-not-pinned,memory-limit-missing", upload-sarif: UPLOAD}
      - if: always()
        run: echo "$OUTPUTS" > "$KEPT/outputs.json"
        env: {OUTPUTS: "${{ toJson(steps.groundrule.outputs) }}"}
"""
PYTHON = """\
name: python
description: the Python that runs the tests
inputs: {python-version: {description: which}, update-environment: {description: whether}}
outputs: {python-path: {description: where, value: "${{ steps.python.outputs.path }}"}}
runs:
  using: composite
  steps:
    - {id: python, shell: bash, run: 'echo "path=$TEST_PYTHON" >> "$GITHUB_OUTPUT"'}
"""
UPLOAD = """\
name: upload
description: keeps what it is given, or refuses it
inputs: {sarif_file: {description: file}, category: {description: category}}
runs:
  using: composite
  steps:
    - shell: bash
      run: cp "$FILE" "$KEPT/$CATEGORY.sarif"; [ -z "$REFUSE" ]
      env: {FILE: "${{ inputs.sarif_file }}", CATEGORY: "${{ inputs.category }}"}
"""
CLEAN = """\
services:
  web:
    image: nginx:1.27.2
    mem_limit: 64m
"""


class Run(NamedTuple):
    passed: bool
    log: str
    outputs: dict[str, str]
    uploaded: list[str]
    """The rules of the uploaded results, or nothing where there was no upload."""


@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows: what a runner would check out of this version."""
    return copy_of_the_project(tmp_path_factory.mktemp("action"))


def run(folder: Path, action: Path, files: dict[str, str], *, fork: bool = False, refuse: bool = False, upload: str = "auto") -> Run:  # fmt: skip
    kept = folder / "kept"
    kept.mkdir()
    stand_ins = write_files(folder / "actions", {"python/action.yml": PYTHON, "codeql/upload-sarif/action.yml": UPLOAD})
    workflow = WORKFLOW.replace("UPLOAD", upload)
    repository = write_files(folder / "repository", {".github/workflows/check.yml": workflow, **files})
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"repo": {"fork": True}}}} if fork else {}))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a change"]):
        subprocess.run([*git, *arguments], cwd=repository, check=True)
    pins = dict(re.findall(r"uses: ([\w/-]+?)(?:/upload-sarif)?(@\w+)", (ROOT / "action.yml").read_text()))
    places = {"groundrule/groundrule@v1": action}
    places[f"actions/setup-python{pins['actions/setup-python']}"] = stand_ins / "python"
    places[f"github/codeql-action{pins['github/codeql-action']}"] = stand_ins / "codeql"
    variables = {"KEPT": kept, "TEST_PYTHON": sys.executable, "REFUSE": "yes" if refuse else ""}
    done = subprocess.run(
        [
            *(tool("act"), "pull_request" if fork else "push", "-P", "ubuntu-latest=-self-hosted", "-e", event),
            *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
            *(word for name, place in places.items() for word in ("--local-repository", f"{name}={place}")),
            *("--cache-server-path", folder / "cache", "--action-cache-path", folder / "action-cache"),
        ],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=600,
    )
    log = done.stdout + done.stderr
    outputs = json.loads((kept / "outputs.json").read_text())
    sarif = kept / "groundrule.sarif"
    results = json.loads(sarif.read_text())["runs"][0]["results"] if sarif.exists() else []
    return Run(done.returncode == 0, log, outputs, [result["ruleId"] for result in results])


def test_a_clean_repository(action: Path, tmp_path: Path) -> None:
    done = run(tmp_path, action, {"compose.yaml": CLEAN})
    assert done.passed, done.log
    assert (done.outputs["exit-status"], done.outputs["findings"], done.outputs["uploaded"]) == ("0", "0", "true")
    assert set(done.outputs) == set(yaml.safe_load((ROOT / "action.yml").read_text())["outputs"])


def test_findings_fail_the_job_after_the_upload(action: Path, tmp_path: Path) -> None:
    done = run(tmp_path, action, {"compose.yaml": CLEAN.replace(":1.27.2", "")})
    assert not done.passed
    assert done.uploaded == ["image-not-pinned"]
    assert (done.outputs["exit-status"], done.outputs["high"], done.outputs["uploaded"]) == ("1", "1", "true")
    assert "title=high%3A image-not-pinned" not in done.log  # once in code scanning, not a second time in the run


def test_what_is_not_scanned_fails_the_job(action: Path, tmp_path: Path) -> None:
    done = run(tmp_path, action, {"compose.yaml": "services: ["})
    assert not done.passed
    assert (done.outputs["exit-status"], done.outputs["not-scanned"]) == ("3", "1")


def test_a_fork_without_rights(action: Path, tmp_path: Path) -> None:
    done = run(tmp_path, action, {"compose.yaml": CLEAN.replace(":1.27.2", "")}, fork=True)
    assert not done.passed
    assert not done.uploaded
    assert done.outputs["uploaded"] == "false"
    assert re.search(r"compose.yaml.*line.*3.*image-not-pinned|image-not-pinned.*compose.yaml", done.log), done.log


@pytest.mark.parametrize("upload", ["auto", "true"])
def test_code_scanning_that_refuses(action: Path, tmp_path: Path, upload: str) -> None:
    done = run(tmp_path, action, {"compose.yaml": CLEAN}, refuse=True, upload=upload)
    assert done.passed == (upload == "auto"), done.log
    assert done.outputs["uploaded"] == "false"
    assert "groundrule: nothing to annotate" in done.log
    assert ("code scanning did not take the results, and upload-sarif is true" in done.log) == (upload == "true")
