"""Checkov, the real one: what it gets to see, what becomes of its results, and code that must not run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.foreign import checkov_install
from scanner.foreign.checkov import is_judged
from scanner.foreign.severity import of_checkov
from tests.conftest import ROOT, Command, lacking, write_files
from tests.diff.repository import lines, start

TERRAFORM = """\
resource "aws_security_group" "ssh" {
  description = "ssh"
  ingress {
    description = "ssh"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
EVIL = """\
from pathlib import Path
Path("{mark}").write_text("it ran")
"""


@pytest.fixture
def checkov(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Checkov that `.ci/run` has installed as its users do."""
    place = Path(os.environ.get("GROUNDRULE_TOOLS") or ROOT / ".cache" / "tools", "checkov")
    monkeypatch.setenv("GROUNDRULE_CHECKOV", str(place))
    return checkov_install.installed() or lacking("Checkov is not installed")


@pytest.mark.parametrize(
    ("path", "text", "judged"),
    [
        ("a/main.tf", "", True),
        ("a/prod.tfvars", "", True),
        ("a/main.tf.json", "", True),
        ("Dockerfile", "", True),
        ("web.Dockerfile", "", True),
        ("Dockerfile.web", "", True),
        ("docs/Dockerfile-notes.md", "", True),
        ("a/stack.yaml", "AWSTemplateFormatVersion: x", True),
        ("a/stack.json", '{"Resources": {"b": {"Type": "AWS::S3::Bucket"}}}', True),
        (".github/workflows/a.yml", "", True),
        ("action.yml", "", True),
        ("compose.yaml", "services: {}", False),
        ("main.py", "", False),
        (".checkov.yaml", "AWSTemplateFormatVersion: x", False),
        (".checkov.yml", "AWS::S3::Bucket", False),
    ],
)
def test_what_it_gets(path: str, text: str, judged: bool) -> None:
    assert is_judged(path.rpartition("/")[2], path, text.encode()) is judged


@pytest.mark.parametrize(
    ("policy", "severity"),
    [
        ("Ensure no security groups allow ingress from 0.0.0.0:0 to port 22", "high"),
        ('Ensure IAM policies that allow full "*-*" administrative privileges are not created', "critical"),
        ("Ensure no hard coded AWS access key and secret key exists in provider", "critical"),
        ("Ensure every security group and rule has a description", "low"),
        ("Ensure that S3 buckets are encrypted with KMS by default", "medium"),
        ("Ensure that HEALTHCHECK instructions have been added to container images", "low"),
        ("Ensure run commands are not vulnerable to shell injection", "high"),
        ("Ensure public facing ALB are protected by WAF", "medium"),
    ],
)
def test_severities(policy: str, severity: str) -> None:
    assert of_checkov(policy) == severity


@pytest.mark.long
def test_findings(groundrule: Command, tmp_path: Path, checkov: Path) -> None:
    skipped = TERRAFORM.replace("{\n  desc", "{\n  #checkov:skip=CKV_AWS_24:a bastion\n  desc", 1)
    files = {
        "infra/main.tf": TERRAFORM,
        "infra/skipped.tf": skipped.replace('"ssh" {', '"bastion" {', 1),
        "infra/broken.tf": 'resource "x" {\n',
        "web/Dockerfile": "FROM nginx\n",
        "left/main.tf": TERRAFORM,
        ".groundrule.yaml": "exclude: [left]\n",
        ".git/HEAD": "",
    }
    write_files(tmp_path, files)
    ran = groundrule("scan", ".", "-f", "json", "--with", "checkov", "--show-suppressed", cwd=tmp_path)
    result = json.loads(ran.out)
    found = {(each["rule"], each["location"]["path"], each["location"]["line"], each["status"], each["severity"], each["resource"]["name"]) for each in result["results"]}  # fmt: skip
    assert ("checkov/CKV_AWS_24", "infra/main.tf", 1, "open", "high", "aws_security_group.ssh") in found
    assert ("checkov/CKV_AWS_24", "infra/skipped.tf", 1, "suppressed", "high", "aws_security_group.bastion") in found
    assert ("checkov/CKV_DOCKER_7", "web/Dockerfile", 1, "open", "medium", "Dockerfile.FROM") in found
    assert not [each for each in found if each[1].startswith("left/")]
    assert [each["waiver"]["reason"] for each in result["results"] if each["status"] == "suppressed"] == ["a bastion"]
    assert [(each["path"], each["reason"]) for each in result["not_scanned"]] == [
        ("infra/broken.tf", "Checkov cannot read it")
    ]
    assert {"path": ".", "kind": "checkov", "resources": 4, "places": []} in result["scanned"]


@pytest.mark.long
def test_a_change_inside_a_block(groundrule: Command, tmp_path: Path, checkov: Path) -> None:
    other = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    closed = TERRAFORM.replace("0.0.0.0/0", "10.0.0.0/8")
    assert closed != TERRAFORM
    repository = start(tmp_path / "repo", groundrule, {"main.tf": closed + other})
    repository.write({"main.tf": TERRAFORM + other})
    found = lines(repository.scan("--with", "checkov"))
    changed = TERRAFORM[: TERRAFORM.index("0.0.0.0/0")].count("\n") + 1
    assert f"main.tf:{changed} checkov/CKV_AWS_24 aws_security_group.ssh new" in found
    assert not [line for line in found if "aws_s3_bucket" in line]


@pytest.mark.long
def test_no_code_of_the_repository_runs(
    groundrule: Command, tmp_path: Path, checkov: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration for Checkov names a folder of checks, which Checkov would import: in the scanned folder, in the
    working folder and at home; and in the environment."""
    mark = tmp_path / "it-ran"
    evil = EVIL.format(mark=mark)
    configuration = f"external-checks-dir: [{tmp_path / 'repository' / 'checks'}]\n"
    home = write_files(tmp_path / "home", {".checkov.yaml": configuration})
    repository = write_files(
        tmp_path / "repository",
        {
            ".checkov.yaml": configuration,
            ".checkov.yml": configuration,
            "checks/__init__.py": evil,
            "checks/evil.py": evil,
            "sitecustomize.py": evil,
            "infra/.checkov.yaml": configuration,
            "infra/main.tf": TERRAFORM,
            ".groundrule.yaml": "",
            ".git/HEAD": "",
        },
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(repository))
    monkeypatch.setenv("CKV_EXTERNAL_CHECKS_DIR", str(repository / "checks"))
    ran = groundrule("scan", ".", "-f", "json", "--with", "checkov", cwd=repository)
    assert "checkov/CKV_AWS_24" in {each["rule"] for each in json.loads(ran.out)["results"]}
    assert not mark.exists()


def test_the_configuration_cannot_ask_for_it(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {".groundrule.yaml": "with: [checkov]\n", "compose.yaml": "services: {}\n"})
    ran = groundrule("scan", ".", cwd=tmp_path)
    assert ran.status == 2
    assert "with" in ran.err


def test_without_checkov(groundrule: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDRULE_CHECKOV", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = groundrule("scan", ".", "--with", "checkov", cwd=tmp_path)
    assert ran.status == 2
    assert ran.err == "error: --with checkov: Checkov is not installed\n  help: run `groundrule checkov install`\n"


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a shell script with the given last lines in the place of Checkov."""
    if os.name == "nt":
        pytest.skip("a shell script stands in for Checkov")
    monkeypatch.setenv("GROUNDRULE_CHECKOV", str(tmp_path / "environment"))

    def put(ending: str) -> None:
        write_files(tmp_path, {"environment/bin/checkov": f"#!/bin/sh\necho words >&2\n{ending}\n"})
        (tmp_path / "environment" / "bin" / "checkov").chmod(0o755)

    return put


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        ("exit 3", "it ended with status 3: words"),
        ("echo nothing", "its output is no JSON"),
        ("echo '[1'", "its output is no JSON"),
        ("echo '[1]'", "its output is none that is known"),
        ("echo null", "its output is none that is known"),
    ],
)
def test_a_run_that_fails_is_told(
    groundrule: Command, tmp_path: Path, stand_in: Callable[[str], None], ending: str, reason: str
) -> None:
    stand_in(ending)
    folder = write_files(tmp_path / "repository", {"main.tf": TERRAFORM})
    ran = groundrule("scan", ".", "-f", "json", "--with", "checkov", cwd=folder)
    assert ran.status == 3
    assert [each["reason"] for each in json.loads(ran.out)["not_scanned"]] == [f"Checkov: {reason}"]


def test_a_file_that_is_too_large_for_it_is_told(
    groundrule: Command, tmp_path: Path, stand_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in("echo '[]'")
    monkeypatch.setattr("scanner.foreign.checkov._LARGEST_FILE", 1000)
    large = "#" * 1001
    stack = f"AWSTemplateFormatVersion: '2010-09-09'\n{large}"
    files = {"a.tf": "#" * 1000, "b.tf": large, "c.py": large, "d.yaml": stack, ".terraform/e.tf": large}
    folder = write_files(tmp_path / "repository", files)
    ran = groundrule("scan", ".", "-f", "json", "--with", "checkov", cwd=folder)
    reason = "it is larger than the 1,000 bytes that Checkov gets of a file"
    result = json.loads(ran.out)
    assert [(each["path"], each["reason"]) for each in result["not_scanned"]] == [("b.tf", reason), ("d.yaml", reason)]
    assert {"path": ".", "kind": "checkov", "resources": 1, "places": []} in result["scanned"]
    assert ran.status == 3


def test_it_gets_what_git_does_not_ignore(groundrule: Command, tmp_path: Path, stand_in: Callable[[str], None]) -> None:
    stand_in("echo '[]'")
    folder = write_files(
        tmp_path / "repository",
        {
            ".git/info/exclude": "mine.tf\n",
            ".gitignore": "build/\n*.auto.tf\n",
            **dict.fromkeys(["a.tf", "mine.tf", "b.auto.tf", "build/c.tf", "modules/d.tf", "modules/e.tf"], TERRAFORM),
            "modules/.gitignore": "e.tf\n!*.auto.tf\n",
            "modules/f.auto.tf": TERRAFORM,
        },
    )

    def number(*targets: str) -> list[int]:
        result = json.loads(groundrule("scan", *targets, "-f", "json", "--with", "checkov", cwd=folder).out)
        return [each["resources"] for each in result["scanned"] if each["kind"] == "checkov"]

    assert number(".") == [3]  # a.tf, modules/d.tf, modules/f.auto.tf
    assert number("build", "modules/e.tf") == [1, 1]
