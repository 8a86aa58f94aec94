"""A project resolved twice, by render_project and by compose-config, and how the two differ."""

from __future__ import annotations

import difflib
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scanner.core.errors import SourceError
from scanner.sources.compose.render import render_project
from tests.sources.compose.reference import program

FOLDER = "project"
"""The name of the folder that every case lies in: Compose takes a project's name from it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The resolved project; or None, and why it was refused (`where` and `hint` are ours alone)."""

    project: dict[str, Any] | None
    error: str = ""
    where: str = ""
    hint: str = ""

    @property
    def refused(self) -> bool:
        return self.project is None


def write_project(parent: Path, files: Mapping[str, str]) -> Path:
    """A new folder named `project` with these files; its path without links."""
    folder = parent.resolve() / FOLDER
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def ours(folder: Path, files: Sequence[str], profiles: Sequence[str] = ()) -> Outcome:
    """What render_project makes of `files`, seen from `folder`; the process changes its folder for it."""
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", environment(folder)["HOME"])
        try:
            return Outcome(without_nulls(render_project(files, profiles, environment(folder))))
        except SourceError as error:
            return Outcome(None, error.message, str(error.location or ""), error.hint)


def theirs(folder: Path, files: Sequence[str], profiles: Sequence[str] = ()) -> Outcome:
    """What compose-config makes of `files`, seen from `folder`; the error without the log lines around it."""
    options = [word for profile in profiles for word in ("-profile", profile)]
    run = subprocess.run(
        [program(), *options, *files], capture_output=True, cwd=folder, env=environment(folder), timeout=60
    )
    if run.returncode == 0:
        return Outcome(without_nulls(json.loads(run.stdout)))
    lines = run.stderr.decode().removesuffix("\n").split("\n")
    return Outcome(None, "\n".join(line for line in lines if not line.startswith("time=")))


def environment(folder: Path) -> dict[str, str]:
    """All the variables that either side sees."""
    return {"PATH": os.defpath, "HOME": str(folder.parent)}


def difference(mine: Outcome, reference: Outcome) -> str:
    """'' where both agree: the same project, or both refuse it. Else a diff from the reference to ours."""
    if mine.refused and reference.refused:
        return ""
    if mine.refused:
        return f"only we refuse it: {mine.where}: {mine.error}"
    if reference.refused:
        return f"only compose-config refuses it: {reference.error}"
    # Compared as text, so that 1, 1.0 and true are told apart.
    expected, found = _lines(reference), _lines(mine)
    lines = difflib.unified_diff(expected, found, "compose-config", "ours", lineterm="", n=2)
    return "\n".join(lines)


def _lines(outcome: Outcome) -> list[str]:
    return json.dumps(outcome.project, indent=1, sort_keys=True, ensure_ascii=False).split("\n")


def without_nulls(project: Any) -> Any:
    """A project without its attributes that are null."""
    if isinstance(project, dict):
        return {key: without_nulls(value) for key, value in project.items() if value is not None}
    if isinstance(project, list):
        return [without_nulls(value) for value in project]
    return project
