"""The action and the examples, by the linters that their users run: schemas, actionlint, zizmor; and what is pinned."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, tool

ACTION = ROOT / "action.yml"
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))
USES = re.compile(r"uses: (?!\./)(\S+)(.*)")


def beside_python(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def lint(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_schemas() -> None:
    check = (beside_python("check-jsonschema"), "--builtin-schema")
    assert lint(*check, "vendor.github-actions", ACTION) == ""
    assert lint(*check, "vendor.github-workflows", *EXAMPLES) == ""


def test_zizmor() -> None:
    assert lint(beside_python("zizmor"), "--offline", "--no-progress", "--pedantic", ACTION, *EXAMPLES) == ""


@pytest.mark.go
def test_actionlint(tmp_path: Path) -> None:
    """In a repository where the action is `./`, so that its inputs and outputs are known."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (tmp_path / "action.yml").write_bytes(ACTION.read_bytes())
    for file in EXAMPLES:
        text = re.sub(r"groundrule/groundrule@\w+", "./", file.read_text(encoding="utf-8"))
        (folder / file.name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    done = subprocess.run([tool("actionlint"), "-no-color"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("file", [ACTION, *EXAMPLES], ids=lambda file: file.name)
def test_actions_are_pinned_by_commit(file: Path) -> None:
    for action, comment in USES.findall(file.read_text(encoding="utf-8")):
        assert re.search(r"@[0-9a-f]{40}$", action), action
        assert re.search(r"# (v\d+\.\d+\.\d+$|the commit )", comment), action


@pytest.mark.parametrize("file", [ACTION, *EXAMPLES], ids=lambda file: file.name)
def test_no_expression_in_a_script(file: Path) -> None:
    """What an expression holds may come from a stranger: scripts get it through the environment."""
    text = yaml.safe_load(file.read_text(encoding="utf-8"))
    steps = text["runs"]["steps"] if "runs" in text else [s for job in text["jobs"].values() for s in job["steps"]]
    assert steps
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_packages_are_pinned_by_hash() -> None:
    """What groundrule needs is in the action's list, with hashes, and in a version that pyproject.toml allows."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pinned: dict[str, str] = {}
    lines = (ROOT / "action" / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    for line in lines:
        requirement, *hashes = line.split("--hash=")
        name, _, version = requirement.partition(";")[0].strip().partition("==")
        assert hashes, line
        pinned[canonicalize_name(name)] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for text in needed:
        requirement = Requirement(text)
        version = pinned.get(canonicalize_name(requirement.name), "")
        assert version in requirement.specifier, text


def test_the_page_tells_every_input_and_output() -> None:
    page = (ROOT / "docs" / "pull-requests.md").read_text(encoding="utf-8")
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    rows = re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} == set(action["inputs"])
    severities = {"critical", "high", "medium", "low", "info"}
    assert {name for name in action["outputs"] if f"`{name}`" not in page} == severities
