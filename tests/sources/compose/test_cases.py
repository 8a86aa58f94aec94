"""Own projects, form by form (cases/*.yaml), against what compose-config made of them (cases/*.json).

A case has a `name`, `files` (path → text), `arguments` (files in order; all of compose.yaml and override.yaml where
left out) and `profiles`. After a change of the cases: `pytest tests/sources/compose/test_cases.py --record-compose`,
which needs compose-config; our own words for what is refused (cases/refusals.txt): `--update-goldens`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sources.compose.comparison import Outcome, difference, ours, theirs, write_project

CASES = Path(__file__).with_name("cases")
REFUSALS = CASES / "refusals.txt"
DEFAULT = ("compose.yaml", "override.yaml")


@dataclass(frozen=True, slots=True)
class Case:
    """One project; `form` is the name of its file."""

    form: str
    name: str
    files: dict[str, str]
    arguments: list[str]
    profiles: list[str]

    def written(self, parent: Path) -> Path:
        return write_project(parent, self.files)


def _cases() -> list[Case]:
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            files = entry["files"]
            arguments = entry.get("arguments") or [name for name in DEFAULT if name in files] or [DEFAULT[0]]
            found.append(Case(path.stem, entry["name"], files, arguments, entry.get("profiles", [])))
    return found


ALL = _cases()
FORMS = sorted({case.form for case in ALL})
_IDS = [f"{case.form}: {case.name}" for case in ALL]
each_case = pytest.mark.parametrize("case", ALL, ids=_IDS)


def expected(form: str) -> dict[str, Any]:
    """What compose-config made of the cases of a form, by name: a project, or null where it refused it."""
    recorded: dict[str, Any] = json.loads((CASES / f"{form}.json").read_text(encoding="utf-8"))
    return recorded


@each_case
def test_case(case: Case, tmp_path: Path) -> None:
    mine = ours(case.written(tmp_path), case.arguments, case.profiles)
    assert difference(mine, Outcome(expected(case.form)[case.name])) == ""


@pytest.mark.go
@pytest.mark.parametrize("form", FORMS)
def test_what_is_recorded_is_what_compose_config_prints(form: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    found = {}
    for index, case in enumerate(one for one in ALL if one.form == form):
        found[case.name] = theirs(case.written(tmp_path / str(index)), case.arguments, case.profiles).project
    if pytestconfig.getoption("--record-compose", False):
        text = json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False)
        (CASES / f"{form}.json").write_text(text + "\n", encoding="utf-8")
    assert found == expected(form)


def test_refusals_say_what_and_where(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Our words for each project that is refused, in one file to read through."""
    lines = []
    for index, case in enumerate(ALL):
        mine = ours(case.written(tmp_path / str(index)), case.arguments, case.profiles)
        if mine.refused:
            hint = f" ({mine.hint})" if mine.hint else ""
            lines.append(f"{case.form}: {case.name}\n    {mine.where}: {mine.error}{hint}\n")
            assert "\n" not in mine.error
    text = "".join(lines)
    if pytestconfig.getoption("--update-goldens", False):
        REFUSALS.write_text(text, encoding="utf-8")
    assert text == REFUSALS.read_text(encoding="utf-8")


def test_cases_are_many_and_named_once() -> None:
    assert len(ALL) >= 300
    assert [name for name, count in Counter(_IDS).items() if count > 1] == []
    assert min(Counter(case.form for case in ALL).values()) >= 10
