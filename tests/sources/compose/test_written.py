"""Which texts are a Compose file's own, and which a variable brought; and whether git ignores the file of a variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.gitignore import git_ignores
from scanner.sources.compose.project import load_project

ENV = "SECRET=hunter2\nHOST=db\nSPACED=two words\nEMPTY=\n"


def loaded(folder: Path, service: str, env: str = ENV) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of the service `a` and of the project."""
    (folder / "compose.yaml").write_text(f"services:\n  a:\n    image: x\n{service}", "utf-8")
    (folder / ".env").write_text(env, "utf-8")
    resources = load_project([folder / "compose.yaml"], root=folder).resources
    return resources[1].attributes, resources[0].attributes


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ("environment: {A: '${SECRET}'}", "environment", {"A": "${_}"}),
        ("environment: ['A=${SECRET}', 'B=1']", "environment", {"A": "${_}", "B": "1"}),
        ("environment: {A: 'x://u:${SECRET}@$HOST/'}", "environment", {"A": "x://u:${_}@${_}/"}),
        ("environment: {A: '${SECRET:-other}'}", "environment", {"A": "other"}),
        ("environment: {A: '${SPACED}'}", "environment", {"A": "${_}"}),
        ("environment: {A: 'hunter2'}", "environment", None),
        ("environment: {A: '$$SECRET'}", "environment", None),
        ("environment: {A: '${NOT_SET:-hunter2}'}", "environment", None),
        ("command: run --password ${SECRET} --quiet", "command", ["run", "--password", "${_}", "--quiet"]),
        ("command: [run, '--password=${SECRET}']", "command", ["run", "--password=${_}"]),
        ("labels: {a.b: '${SECRET}'}", "labels", {"a.b": "${_}"}),
        ("build: {context: ., args: {T: '${SECRET}'}}", "build", {"T": "${_}"}),
    ],
)
def test_what_is_written(tmp_path: Path, line: str, key: str, expected: Any) -> None:
    service, _ = loaded(tmp_path, f"    {line}\n")
    written = service.get("x_written", {}).get(key)
    assert (written["args"] if key == "build" else written) == expected


def test_what_stays_unknown_is_left(tmp_path: Path) -> None:
    service, _ = loaded(tmp_path, "    environment: {A: '${NOT_SET}', B: '${SECRET}'}\n")
    assert service["x_written"]["environment"] == {"A": service["environment"]["A"], "B": "${_}"}


def test_the_variables_of_the_file_have_their_lines(tmp_path: Path) -> None:
    _, project = loaded(tmp_path, "", "# one\nA=1\nB='2'\n")
    assert project["x_variable_file_entries"] == [
        {"name": "A", "value": "1", "path": ".env"},
        {"name": "B", "value": "2", "path": ".env"},
    ]
    origin = load_project([tmp_path / "compose.yaml"], root=tmp_path).resources[0].origin
    place = origin.locate(("x_variable_file_entries", 1)).location
    assert (place.path, place.line) == (".env", 3)


@pytest.mark.parametrize(
    ("ignore", "path", "expected"),
    [
        (".env\n", ".env", True),
        (".env\n", "a/b/.env", True),
        ("/.env\n", "a/b/.env", False),
        ("a/\n", "a/b/.env", True),
        (".env\n!a/b/.env\n", "a/b/.env", False),
        ("*.txt\n", ".env", False),
        (".env\n", "../.env", False),
    ],
)
def test_git_ignores(tmp_path: Path, ignore: str, path: str, expected: bool) -> None:
    (tmp_path / ".gitignore").write_text(ignore, "utf-8")
    assert git_ignores(tmp_path, path) is False
    (tmp_path / ".git").mkdir()
    assert git_ignores(tmp_path, path) is expected


def test_git_reads_the_ignore_files_of_inner_folders(tmp_path: Path) -> None:
    (tmp_path / ".git" / "info").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".gitignore").write_text("secret.env\n", "utf-8")
    (tmp_path / ".git" / "info" / "exclude").write_text("local.env\n", "utf-8")
    assert [git_ignores(tmp_path, path) for path in ("a/secret.env", "secret.env", "a/local.env")] == [
        True,
        False,
        True,
    ]
