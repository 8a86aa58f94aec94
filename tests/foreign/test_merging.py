"""Merged results in a scan: waivers, comments, fail-on, formats, duplicates, masking; and a real scanner's file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, write_files

FORMATS = ("text", "github", "markdown", "sarif")
TERRAFORM = 'resource "aws_s3_bucket" "b" {\n  acl = "public-read"\n}\n'
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: nginx
"""


def sarif(folder: Path, tool: str, *results: tuple[str, str, int, int]) -> Path:
    """A SARIF file with results as (rule, path, first line, last line)."""
    made = [
        {
            "ruleId": rule,
            "level": "error",
            "message": {"text": f"{rule} is broken"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": path},
                        "region": {"startLine": line, "endLine": last},
                    }
                }
            ],
        }
        for rule, path, line, last in results
    ]
    file = folder / f"{tool}.sarif"
    run = {"tool": {"driver": {"name": tool}}, "results": made}
    file.write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    return file


def scan(groundrule: Command, folder: Path, *arguments: object) -> tuple[int, dict[str, Any]]:
    ran = groundrule("scan", ".", "-f", "json", "--show-suppressed", *arguments, cwd=folder)
    assert ran.status in (0, 1, 3), ran.err
    return ran.status, json.loads(ran.out)


def told(result: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [
        (each["rule"], each["status"], each["location"]["path"], each["location"]["line"])
        for each in result["results"]
        if "/" in each["rule"]
    ]


def test_a_finding_like_any_other(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": TERRAFORM, ".git/HEAD": ""})
    file = sarif(tmp_path, "trivy", ("AWS-1", "main.tf", 2, 2))
    status, result = scan(groundrule, tmp_path, "--merge", file)
    assert (status, told(result)) == (1, [("trivy/AWS-1", "open", "main.tf", 2)])
    (only,) = result["results"]
    assert (only["severity"], only["family"], only["target"]) == ("high", "trivy", "repository")
    assert only["resource"] == {"type": "file", "namespace": "", "name": "main.tf", "id": "", "account": "", "region": "", "tags": {}}  # fmt: skip
    assert result["scanned"] == [{"path": "trivy.sarif", "kind": "trivy", "resources": 1, "places": []}]
    assert result["not_scanned"] == []
    assert scan(groundrule, tmp_path, "--merge", file, "--fail-on", "critical")[0] == 0


@pytest.mark.parametrize("words", ["trivy/AWS-1", "tool:trivy"])
def test_ignored(groundrule: Command, tmp_path: Path, words: str) -> None:
    write_files(tmp_path, {"main.tf": TERRAFORM})
    file = sarif(tmp_path, "trivy", ("AWS-1", "main.tf", 2, 2))
    assert told(scan(groundrule, tmp_path, "--merge", file, "--ignore", words)[1]) == []


def test_waivers(groundrule: Command, tmp_path: Path) -> None:
    waivers = """\
waivers:
  - {rule: trivy/AWS-1, paths: [main.tf], reason: a public site, owner: web}
  - {rule: "tool:trivy", paths: [other.tf], reason: gone soon, owner: web}
  - {rule: trivy/AWS-9, reason: nobody needs it, owner: web}
  - {rule: hadolint/DL1, reason: this tool did not run, owner: web}
"""
    write_files(
        tmp_path, {"main.tf": TERRAFORM, "other.tf": TERRAFORM, "third.tf": TERRAFORM, ".groundrule.yaml": waivers}
    )
    file = sarif(tmp_path, "trivy", *(("AWS-1", name, 2, 2) for name in ("main.tf", "other.tf", "third.tf")))
    _, result = scan(groundrule, tmp_path, "--merge", file)
    assert [each[1:3] for each in told(result)] == [
        ("suppressed", "main.tf"),
        ("suppressed", "other.tf"),
        ("open", "third.tf"),
    ]
    assert [each["message"] for each in result["notices"]] == ["the waiver of trivy/AWS-9 is not used"]


@pytest.mark.parametrize("mark", ["#", "//"])
def test_comments(groundrule: Command, tmp_path: Path, mark: str) -> None:
    comment = f"  {mark} groundrule: ignore[trivy/AWS-1] a public site\n"
    write_files(tmp_path, {"main.tf": TERRAFORM.replace("  acl", comment + "  acl")})
    _, result = scan(groundrule, tmp_path, "--merge", sarif(tmp_path, "trivy", ("AWS-1", "main.tf", 3, 3)))
    assert told(result) == [("trivy/AWS-1", "suppressed", "main.tf", 3)]


def test_what_we_say_ourselves_is_told_once(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"web.yaml": DEPLOYMENT})
    trivy = sarif(tmp_path, "Trivy", ("AVD-KSV-0013", "web.yaml", 10, 11), ("KSV013", "web.yaml", 1, 2), ("KSV999", "web.yaml", 10, 11))  # fmt: skip
    checkov = sarif(tmp_path, "Checkov", ("CKV_K8S_14", "web.yaml", 1, 11), ("CKV_K8S_14", "other.yaml", 1, 11))
    _, result = scan(groundrule, tmp_path, "--merge", trivy, "--merge", checkov)
    assert told(result) == [
        ("checkov/CKV_K8S_14", "open", "other.yaml", 1),
        ("trivy/KSV013", "open", "web.yaml", 1),
        ("trivy/KSV999", "open", "web.yaml", 10),
    ]
    assert [each["message"] for each in result["notices"]] == [
        "1 of the results of checkov say what a rule of groundrule says at the same place: told once",
        "1 of the results of trivy say what a rule of groundrule says at the same place: told once",
    ]
    assert "image-not-pinned" in {each["rule"] for each in result["results"]}


@pytest.mark.parametrize("form", ["text", "sarif", "junit", "github", "gitlab", "markdown", "csv"])
def test_every_format_tells_it(groundrule: Command, tmp_path: Path, form: str) -> None:
    write_files(tmp_path, {"main.tf": TERRAFORM})
    file = sarif(tmp_path, "trivy", ("AWS-1", "main.tf", 2, 2))
    ran = groundrule("scan", ".", "-f", form, "--merge", file, cwd=tmp_path)
    assert ran.status == 1
    assert "AWS-1 is broken" in ran.out
    assert "main.tf" in ran.out


def test_secrets_of_others_are_masked(groundrule: Command, tmp_path: Path) -> None:
    token = "glpat-" + "Zx81kqPw03LmNvTy7RbE"
    write_files(tmp_path, {"main.tf": f'provider "x" {{\n  token = "{token}"\n}}\n'})
    file = sarif(tmp_path, "trivy", ("AWS-1", "main.tf", 1, 3))
    for form in ("text", "json", "sarif"):
        ran = groundrule("scan", ".", "-f", form, "--merge", file, cwd=tmp_path)
        assert token not in ran.out + ran.err, form


def test_a_broken_file(groundrule: Command, tmp_path: Path) -> None:
    (tmp_path / "x.sarif").write_text("{")
    ran = groundrule("scan", ".", "--merge", "x.sarif", cwd=tmp_path)
    assert ran.status == 2
    assert "x.sarif is no SARIF that can be merged: it is no JSON" in ran.err


def test_what_another_tool_could_not_do_is_incomplete(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": TERRAFORM})
    run = {"tool": {"driver": {"name": "t"}}, "results": [], "invocations": [{"executionSuccessful": False}]}
    (tmp_path / "t.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    ran = groundrule("scan", ".", "--merge", "t.sarif", cwd=tmp_path)
    assert ran.status == 3
    assert "t: its run did not end well" in ran.out


def test_the_file_of_a_real_scanner(groundrule: Command, tmp_path: Path) -> None:
    workflow = "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n"
    write_files(tmp_path, {".github/workflows/a.yml": workflow, ".git/HEAD": ""})
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [zizmor, "--offline", "--format", "sarif", ".github/workflows/a.yml"], cwd=tmp_path, capture_output=True
    )
    (tmp_path / "z.sarif").write_bytes(done.stdout)
    _, result = scan(groundrule, tmp_path, "--merge", "z.sarif")
    found = told(result)
    assert ("zizmor/zizmor/template-injection", "open", ".github/workflows/a.yml", 6) in found
    assert {path for _, _, path, _ in found} == {".github/workflows/a.yml"}


def test_the_table_of_same_rules() -> None:
    """Each row leads to a rule that exists."""
    from scanner.foreign.same_rules import SAME_RULES
    from scanner.policy.ruleset import load_ruleset

    known = {rule.info.id for rule in load_ruleset([]).all}
    assert {ours for rules in SAME_RULES.values() for ours in rules} <= known


def test_a_baseline_holds_them(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.tf": TERRAFORM, ".git/HEAD": ""})
    file = sarif(tmp_path, "trivy", ("AVD-1", "main.tf", 2, 2))
    ran = groundrule("baseline", "write", "--merge", file, cwd=tmp_path)
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "+ trivy/AVD-1 of file main.tf: 7585696518afda2b (main.tf)"
    (tmp_path / "main.tf").write_text(f"# a line above\n{TERRAFORM}")
    file = sarif(tmp_path, "trivy", ("AVD-1", "main.tf", 3, 3), ("AVD-2", "main.tf", 3, 3))
    flags = ("--merge", file, "--baseline", ".groundrule-baseline.json")
    status, found = scan(groundrule, tmp_path, *flags)
    assert (status, told(found)) == (
        1,
        [("trivy/AVD-1", "baselined", "main.tf", 3), ("trivy/AVD-2", "open", "main.tf", 3)],
    )
    # A scan without its file says nothing of what it holds.
    ran = groundrule("baseline", "write", "--prune", cwd=tmp_path)
    assert "1 open" in ran.out
    assert "0 removed" in ran.out


def test_nothing_of_a_foreign_file_is_markup_or_a_command(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path, {"a`|\n::error::b%0A.tf": TERRAFORM, ".git/HEAD": ""})
    evil = "x](https://evil.example) <img src=x onerror=y> | `a` @team ![i](https://evil.example/i) \n::error::c"
    rule = {
        "id": "R`|<b>\n::error::d",
        "shortDescription": {"text": evil},
        "fullDescription": {"text": evil},
        "helpUri": "https://good.example/)[x](https://evil.example)",
    }
    place = {"artifactLocation": {"uri": "a%60%7C%0A::error::b%250A.tf"}, "region": {"startLine": 2}}
    found = {"ruleIndex": 0, "message": {"text": evil}, "locations": [{"physicalLocation": place}]}
    run = {"tool": {"driver": {"name": "evil", "rules": [rule]}}, "results": [found]}
    file = tmp_path / "evil.sarif"
    file.write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    ran = {form: groundrule("scan", ".", "-f", form, "--merge", file, cwd=tmp_path).out for form in FORMATS}
    commands = [line for line in ran["github"].splitlines() if line.startswith("::")]
    assert [line.partition(" ")[0] for line in commands] == ["::warning"]
    assert "file=a`|%0A%3A%3Aerror%3A%3Ab%250A.tf,line=2" in commands[0]
    assert not [line for line in ran["text"].splitlines() if line.startswith("::")]
    log = json.loads(ran["sarif"])["runs"][0]
    (info,) = [rule for rule in log["tool"]["driver"]["rules"] if "/" in rule["id"]]
    for text in (ran["markdown"], info["help"]["markdown"]):
        assert "](" not in text
        assert "<img" not in text
        assert "https://evil" not in text
    assert "](" not in log["results"][0]["message"]["text"]
    # Where the rule has no address that is one, there is nothing to say of how to repair it.
    assert "How to repair" not in ran["markdown"]
    assert "fix:" not in groundrule("scan", ".", "-f", "junit", "--merge", file, cwd=tmp_path).out
