"""Inputs made to hide something, to hang the scan, or to get a secret out of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scanner.core.result import Report
from scanner.report import FORMATS, RenderOptions, render
from scanner.scan import Options, scan
from tests.conftest import Command, write_files
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
    report = judge(write_files(tmp_path, {"a.yaml": text.encode()}))
    assert [entry.path for entry in report.scanned] == ["a.yaml"]


@unix
def test_variables_that_double_are_bounded(tmp_path: Path) -> None:
    lines = ["A0=0123456789", *(f"A{number}=$A{number - 1}$A{number - 1}" for number in range(1, 60))]
    files: dict[str, str | bytes] = {"compose.yaml": "services: {web: {image: 'nginx:1'}}\n", ".env": "\n".join(lines)}
    report = judge(write_files(tmp_path, files))
    assert [(entry.path, entry.line, entry.reason) for entry in report.not_scanned] == [
        (".env", 20, "the variables used so far expand to more than 10,000,000 characters")
    ]


SECRET = "Zq7Kx9Wm2Pv4Tr8Lb"
WEB = "services:\n  web:\n    image: nginx:latest\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: nginx\n"
TOKEN = f"ghp_{SECRET}{SECRET}{SECRET[:2]}"
ENCODED = "WnE3S3g5V20yUHY0VHI4TGI="
LEAKS: dict[str, dict[str, str | bytes]] = {
    "an alias that is a password": {"compose.yaml": f"{WEB}    environment:\n      DB_PASSWORD: *{SECRET}\n"},
    "a key twice": {"compose.yaml": f"{WEB}    environment:\n      A_TOKEN={SECRET}: 1\n      A_TOKEN={SECRET}: 2\n"},
    "an unknown key": {"compose.yaml": f"{WEB}    A_TOKEN={SECRET}: x\n"},
    "no port": {"compose.yaml": f"{WEB}    ports: ['A_TOKEN={SECRET}']\n"},
    "a nested default": {"compose.yaml": f'{WEB}    environment:\n      DB_PASSWORD: "${{X:-pre${{Y:-{SECRET}}}}}"\n'},
    "an escape": {"compose.yaml": f'{WEB}    environment:\n      DB_PASSWORD: "\\x5a{SECRET[1:]}"\n'},
    "an env_file with a password": {"compose.yaml": f"{WEB}    env_file: 'https://u:{SECRET}@host/x'\n"},
    "a comment": {"compose.yaml": f"{WEB[:-1]} # DB_PASSWORD={SECRET}\n"},
    "a reason": {"compose.yaml": f"{WEB[:-1]} # groundrule: ignore[image-not-pinned] password={SECRET}\n"},
    "a service's name": {"compose.yaml": f"services: {{{TOKEN}: {{image: nginx}}}}\n"},
    "half of a password": {"compose.yaml": f"{WEB}    environment:\n      DB_PASSWORD: {SECRET}${{NOPE}}\n"},
    "a health check": {"compose.yaml": f"{WEB}    healthcheck: {{test: [CMD, redis-cli, -a, {SECRET}, ping]}}\n"},
    "a hook": {"a.yaml": f"{POD}    lifecycle: {{preStop: {{exec: {{command: [mysqladmin, -p{SECRET}, stop]}}}}}}\n"},
    "a mount's options": {
        "compose.yaml": f"{WEB}    volumes: ['x:/x']\nvolumes: {{x: {{driver_opts: {{o: 'password={SECRET}'}}}}}}\n"
    },
    "what a Secret holds": {
        "a.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{some: {ENCODED}}}\n---\n"
        f"{POD}    env: [{{name: FOO, value: {SECRET}}}]\n"
    },
}


@pytest.mark.parametrize("name", LEAKS)
def test_no_format_shows_a_secret(name: str, tmp_path: Path, groundrule: Command) -> None:
    report = judge(write_files(tmp_path, LEAKS[name]))
    assert report.findings or report.not_scanned
    shown = [render(form, report, RenderOptions(show_passed=True, show_suppressed=True)) for form in FORMATS]
    shown.append(groundrule("inspect", ".", cwd=tmp_path).out)
    for text in shown:
        assert SECRET[1:] not in text
        assert ENCODED not in text


CONTAINERS = "containers: [{name: a, image: 'nginx:latest'}]"
UNJUDGED: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "an unknown kind with a pod template": (
        f"apiVersion: acme.dev/v1\nkind: Fleet\nmetadata: {{name: a}}\nspec:\n  template: {{spec: {{{CONTAINERS}}}}}\n",
        [(5, "acme.dev/v1/Fleet is not known to run pods: the containers here are not judged")],
    ),
    "a kind in small letters": (
        f"apiVersion: v1\nkind: pod\nmetadata: {{name: a}}\nspec:\n  {CONTAINERS}\n",
        [(5, "v1/pod is not known to run pods: the containers here are not judged")],
    ),
    "an apiVersion that is a number": (
        f"apiVersion: 1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{{CONTAINERS}}}\n",
        [(2, "apiVersion and kind of a manifest must be texts: it is not judged")],
    ),
    "a document without apiVersion": (
        f"{CONFIG_MAP}---\nkind: Pod\nspec: {{{CONTAINERS}}}\n",
        [(5, "a document with kind has no apiVersion: it is not judged")],
    ),
}


@pytest.mark.parametrize("name", UNJUDGED)
def test_what_a_person_takes_for_a_manifest_is_never_clean(name: str, tmp_path: Path) -> None:
    text, expected = UNJUDGED[name]
    report = judge(write_files(tmp_path, {"ok.yaml": CONFIG_MAP, "odd.yaml": text}))
    assert [(entry.line, entry.reason) for entry in report.not_scanned if entry.path == "odd.yaml"] == expected


def test_a_service_whose_name_compose_refuses_is_never_clean(tmp_path: Path) -> None:
    report = judge(write_files(tmp_path, {"compose.yaml": "services:\n  wéb: {image: nginx, privileged: true}\n"}))
    assert [(entry.line, entry.column, entry.reason) for entry in report.not_scanned] == [
        (2, 3, "the name wéb in services is not one that Compose takes: it is not judged")
    ]


@unix
@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        ("scan . >&-", 1, ""),
        ("scan . >&- 2>&-", 1, ""),
        ("scan - <&-", 3, ""),
        ("scan . --fail-on never >/dev/full", 2, "error: standard output cannot be written: No space left on device"),
        ("scan . --rules rules", 2, "error: rules/odd.yaml: the file cannot be read: not a regular file"),
        ("scan", 2, "error: the current folder does not exist any more"),
    ],
)
def test_broken_surroundings(tmp_path: Path, line: str, status: int, says: str) -> None:
    import subprocess

    write_files(tmp_path, {"compose.yaml": WEB, "rules/x": "", "gone/x": ""})
    os.mkfifo(tmp_path / "rules" / "odd.yaml")
    first = "cd gone; rm -r ../gone; " if line == "scan" else ""
    ran = subprocess.run(
        ["sh", "-c", f'{first}exec "$0" -c "from scanner.cli import main; main()" {line}', sys.executable],
        cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr.splitlines()[0] if says else "") == (status, says), ran.stderr


@unix
def test_a_path_is_no_workflow_command(tmp_path: Path) -> None:
    report = judge(write_files(tmp_path, {"::error ::x/compose.yaml": WEB}))
    for colour in (False, True):
        text = render("text", report, RenderOptions(colour=colour))
        assert "::error ::x/compose.yaml:2:3:" in text
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
