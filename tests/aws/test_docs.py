"""The commands of docs/aws.md and docs/nightly.md, tried on moto's account."""

from __future__ import annotations

import shlex
import shutil
import urllib.request
from pathlib import Path

import pytest

from scanner.cli import run
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


@pytest.fixture(scope="module")
def server(moto_server: str) -> str:
    """The URL of moto's server, with an Organization in it."""
    import botocore.session

    urllib.request.urlopen(urllib.request.Request(f"{moto_server}/moto-api/reset", method="POST")).read()
    session = botocore.session.get_session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    organizations = session.create_client("organizations", region_name="us-east-1", endpoint_url=moto_server)
    organizations.create_organization(FeatureSet="ALL")
    return moto_server


@pytest.fixture(scope="module")
def kept(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands name: a snapshot, results of two nights, a folder with a Compose file."""
    folder = tmp_path_factory.mktemp("kept")
    write_files(folder, {"deploy/compose.yaml": "services:\n  web:\n    image: nginx\n"})
    (folder / "last").mkdir()
    few = ["--endpoint-url", server, "--select", "rds-instance-single-az", "--region", "us-east-1"]
    judged = ["-o", "json=results.json", "-o", "json=last/results.json"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        assert run(["aws", "collect", "-o", "account.json.gz", *few]) == 0
        assert run(["scan", "account.json.gz", "--select", "rds-instance-single-az", *judged]) == 0
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path, dirs_exist_ok=True)


@pytest.mark.usefixtures("fast_retries")
@pytest.mark.parametrize(("page", "line"), CALLS, ids=str)
def test_the_commands(server: str, groundrule: Command, folder: Path, page: str, line: str) -> None:
    command, _, file = line.removesuffix(" ||").partition(" > ")
    words = shlex.split(command, comments=True)[1:]
    if words[:2] == ["aws", "collect"]:
        words += ["--endpoint-url", server, "--region", "us-east-1", "--select", "rds-instance-single-az"]
    if words[:2] == ["aws", "scan"] or words[0] == "scan":
        words += ["--select", "rds-instance-single-az"]
    ran = groundrule(*words, cwd=folder)
    assert ran.status == 0, ran.err
    if file:
        assert ran.out
