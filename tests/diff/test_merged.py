"""--diff-base with the results of other scanners, which did not look at the base: the lines that the change touches
decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.diff.repository import Repository, start

BUCKETS = """\
resource "aws_s3_bucket" "one" {
  bucket = "one"
  acl    = "public-read"
}

resource "aws_s3_bucket" "two" {
  bucket = "two"
  acl    = "public-read"
}
"""
ONE, TWO = (1, 4), (6, 9)


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    files: dict[str, str | bytes | None] = {".groundrule.yaml": "select: [image-not-pinned]\n", "main.tf": BUCKETS}
    return start(tmp_path / "repo", groundrule, files)


def scan(repository: Repository, *results: dict[str, Any], flags: tuple[str, ...] = ()) -> list[str]:
    """`path:line rule status state` of the results of `tool`, merged into the scan of a change."""
    file = repository.root.parent / "tool.sarif"
    run = {"tool": {"driver": {"name": "tool"}}, "results": list(results)}
    file.write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    found = repository.scan("--merge", str(file), "--show-suppressed", *flags)
    return [
        f"{each['location']['path']}:{each['location']['line']} {each['status']} {each['state']}"
        for each in found["results"]
    ]


def result(lines: tuple[int, int] | None, path: str = "main.tf", **more: Any) -> dict[str, Any]:
    region = {"region": {"startLine": lines[0], "endLine": lines[1]}} if lines else {}
    place = {"physicalLocation": {"artifactLocation": {"uri": path}, **region}}
    return {"ruleId": "public", "level": "error", "message": {"text": "public"}, "locations": [place], **more}


def test_the_block_that_changed_is_told_at_its_line(repository: Repository) -> None:
    repository.commit({"main.tf": BUCKETS.replace('"two"\n  acl', '"three"\n  acl')})
    assert scan(repository, result(ONE), result(TWO)) == ["main.tf:1 baselined unchanged", "main.tf:7 open new"]


def test_a_block_that_lost_a_line(repository: Repository) -> None:
    repository.commit({"main.tf": BUCKETS.replace('  bucket = "two"\n', "")})
    assert scan(repository, result(ONE), result((6, 8))) == ["main.tf:1 baselined unchanged", "main.tf:7 open new"]


def test_lines_that_went_beside_a_block(repository: Repository) -> None:
    repository.commit({"main.tf": BUCKETS.replace("}\n\n", "}\n", 1)})
    assert scan(repository, result(ONE), result((5, 8))) == [
        "main.tf:1 baselined unchanged",
        "main.tf:5 baselined unchanged",
    ]


def test_without_a_line_the_file_counts(repository: Repository) -> None:
    repository.commit({"main.tf": BUCKETS.replace('  bucket = "two"\n', ""), "new.tf": BUCKETS, "old.tf": BUCKETS})
    repository.git("tag", "-f", "base")
    repository.commit({"main.tf": BUCKETS, "new.tf": BUCKETS.replace('  bucket = "two"\n', "")})
    places = [result(None), result(None, "new.tf"), result(None, "old.tf")]
    assert scan(repository, *places) == [
        "main.tf:0 open new",
        "new.tf:0 open new",
        "old.tf:0 baselined unchanged",
    ]


def test_a_file_that_moved(repository: Repository) -> None:
    repository.git("mv", "main.tf", "moved.tf")
    assert scan(repository, result(ONE, "moved.tf")) == ["moved.tf:1 baselined unchanged"]


def test_the_tools_own_suppressions_count_only_where_the_change_is_trusted(repository: Repository) -> None:
    repository.commit({"main.tf": BUCKETS.replace('"two"\n  acl', '"three"\n  acl')})
    for kind in ("external", "inSource"):
        suppressed = [result(lines, suppressions=[{"kind": kind}]) for lines in (ONE, TWO)]
        assert scan(repository, *suppressed) == ["main.tf:1 suppressed unchanged", "main.tf:7 suppressed new"]
        assert scan(repository, *suppressed, flags=("--untrusted",)) == [
            "main.tf:1 baselined unchanged",
            "main.tf:7 open new",
        ]


def test_a_comment_of_the_change_does_not_count_where_it_is_not_trusted(repository: Repository) -> None:
    commented = BUCKETS.replace('"two"\n', '"three"\n').replace(
        'resource "aws_s3_bucket" "two"', '# groundrule: ignore[tool/public] me\nresource "aws_s3_bucket" "two"'
    )
    repository.commit({"main.tf": commented})
    assert scan(repository, result((7, 10))) == ["main.tf:8 suppressed new"]
    assert scan(repository, result((7, 10)), flags=("--untrusted",)) == ["main.tf:8 open new"]


def test_waivers_of_the_base_count(repository: Repository) -> None:
    waiver = "waivers: [{rule: tool/public, reason: a web site, owner: web}]\n"
    repository.commit({".groundrule.yaml": f"select: [image-not-pinned]\n{waiver}"})
    repository.git("tag", "-f", "base")
    repository.commit({"main.tf": BUCKETS.replace("two", "three")})
    assert scan(repository, result(TWO), flags=("--untrusted",)) == ["main.tf:6 suppressed new"]


def test_only_changed_files_at_a_hook(repository: Repository) -> None:
    file = repository.root.parent / "tool.sarif"
    run = {"tool": {"driver": {"name": "tool"}}, "results": [result(ONE), result(ONE, "other.tf")]}
    file.write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    ran = repository.run("scan", "-f", "csv", "--merge", file, "--changed", "other.tf", cwd=repository.root)
    assert [line for line in ran.out.splitlines() if ".tf" in line] == [
        line for line in ran.out.splitlines() if "other.tf" in line
    ]
    assert ran.status == 1
