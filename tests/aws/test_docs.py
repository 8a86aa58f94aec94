"""The commands of docs/aws.md and docs/nightly.md, tried on moto's account."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Command, write_files
from tests.project.test_prose import CODE

PAGES = ("aws.md", "nightly.md")
CALLS = [
    (page, line)
    for page in PAGES
    for block in CODE.findall((ROOT / "docs" / page).read_text("utf-8"))
    for line in block.splitlines()
    if line.startswith("groundrule ")
]


def test_there_are_commands() -> None:
    assert len(CALLS) >= 16


@pytest.fixture
def folder(moto: str, client: Callable[..., Any], groundrule: Command, tmp_path: Path) -> Path:
    """What the commands name: a snapshot, results of the night before, a folder with a Compose file."""
    client("organizations").create_organization(FeatureSet="ALL")
    compose = "services:\n  web:\n    image: nginx\n"
    write_files(tmp_path, {"deploy/compose.yaml": compose})
    (tmp_path / "last").mkdir()
    few = ("--endpoint-url", moto, "--select", "rds-instance-single-az", "--region", "us-east-1")
    assert groundrule("aws", "collect", "-o", "account.json.gz", *few, cwd=tmp_path).status == 0
    ran = groundrule("scan", "account.json.gz", "--select", "rds-instance-single-az", "-f", "json", cwd=tmp_path)
    for name in ("results.json", "last/results.json"):
        (tmp_path / name).write_text(ran.out)
    return tmp_path


@pytest.mark.usefixtures("fast_retries")
@pytest.mark.parametrize(("page", "line"), CALLS, ids=str)
def test_the_commands(moto: str, groundrule: Command, folder: Path, page: str, line: str) -> None:
    command, _, file = line.removesuffix(" ||").partition(" > ")
    words = shlex.split(command, comments=True)[1:]
    if words[:2] == ["aws", "collect"]:
        words += ["--endpoint-url", moto, "--region", "us-east-1", "--select", "rds-instance-single-az"]
    if words[:2] == ["aws", "scan"] or words[0] == "scan":
        words += ["--select", "rds-instance-single-az"]
    ran = groundrule(*words, cwd=folder)
    assert ran.status == 0, ran.err
    if file:
        assert ran.out
