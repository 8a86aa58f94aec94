"""Inputs made to hide something, to hang the scan, or to get a secret out of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scanner.core.result import Report
from scanner.scan import Options, scan
from tests.conftest import write_files
from tests.scan.test_bad_input import SECONDS, at_most

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
unix = pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes and signals")


def judge(folder: Path) -> Report:
    """The report on a folder, within the time that a scan may take."""
    with at_most(SECONDS):
        return scan([folder], Options()).report


def left(report: Report) -> list[tuple[str, str]]:
    return [(entry.path, entry.reason) for entry in report.not_scanned]


@unix
def test_what_is_no_regular_file_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    write_files(tmp_path, {"ok.yaml": CONFIG_MAP, ".git/info/x": ""})
    for name in ("compose.yaml", ".gitignore", ".git/info/exclude", "pipe"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "linked.yaml").symlink_to("pipe")
    assert left(judge(tmp_path)) == [
        ("compose.yaml", "not a regular file"),
        ("linked.yaml", "a link to what is not a regular file"),
    ]


@unix
def test_an_endless_ignore_file_is_not_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"ok.yaml": CONFIG_MAP})
    (tmp_path / ".gitignore").symlink_to("/dev/zero")
    report = judge(tmp_path)
    assert [entry.path for entry in report.scanned] == ["ok.yaml"]


@unix
@pytest.mark.parametrize(
    "text",
    [
        CONFIG_MAP + "data:\n" + "# groundrule: ignore[privileged-container] a reason\n" * 20_000 + "  a: b\n",
        "# groundrule: ignore[privileged-container] a reason\n{apiVersion: v1, kind: ConfigMap, data: {"
        + ", ".join(f'k{number}: "a # b"' for number in range(20_000))
        + "}}",
    ],
    ids=["a block of comments", "many texts on one line"],
)
def test_the_search_for_comments_takes_time_in_proportion_to_them(tmp_path: Path, text: str) -> None:
    report = judge(write_files(tmp_path, {"a.yaml": text}))
    assert [entry.path for entry in report.scanned] == ["a.yaml"]


@unix
def test_variables_that_double_are_bounded(tmp_path: Path) -> None:
    lines = ["A0=0123456789", *(f"A{number}=$A{number - 1}$A{number - 1}" for number in range(1, 60))]
    files = {"compose.yaml": "services: {web: {image: 'nginx:1'}}\n", ".env": "\n".join(lines)}
    report = judge(write_files(tmp_path, files))
    assert [(entry.path, entry.line, entry.reason) for entry in report.not_scanned] == [
        (".env", 20, "the variables used so far expand to more than 10,000,000 characters")
    ]
