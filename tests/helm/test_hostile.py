"""Hostile charts, each in a process of its own: a clear error or a right result, within bounds of memory and time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helm.bounded import run_bounded
from tests.helm.hostile_files import ARCHIVES, FILES, LINKS, SECRET, SETTINGS, Hostile, chart
from tests.helm.hostile_templates import TEMPLATES

MEGABYTES = 700
"""What any of them may take at its peak; about 130 of it are the program itself."""
SAMPLE, LONG_SAMPLE = 15, 5
"""Of so many cases one runs in every run of the tests, and with `--long`; all of them with `--hostile`."""
SLOW = frozenset(
    (
        "a chain of dicts",
        "fromYaml of many entries",
        "five megabytes of keys",
        "toJson of a text in a text",
        "toYaml of a text in a text",
        *(f"{name} in loops" for name in ("bcrypt", "derivePassword", "genCA", "genPrivateKey", "htpasswd", "include")),
    )
)
"""Those that end only when much is done, or the time is up."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bounds of a process are Linux's")


def of_template(text: str, error: str | None) -> Hostile:
    """A chart with this template."""
    data = text.encode("utf-8", "surrogateescape")
    return Hostile(lambda folder: chart(folder, {"templates/a.yaml": data}), error)


def cases() -> list[Any]:
    found = []
    templates = {name: of_template(*case) for name, case in TEMPLATES.items()}
    for kind, table in (
        ("template", templates),
        ("link", LINKS),
        ("files", FILES),
        ("setting", SETTINGS),
        ("archive", ARCHIVES),
    ):
        for number, (name, case) in enumerate(table.items()):
            for command in ("render", "scan"):
                is_quick = number % SAMPLE == 0 and name not in SLOW
                rest = pytest.mark.long if number % LONG_SAMPLE == 0 else pytest.mark.hostile
                if case.only in ("", command) and not (command == "scan" and skipped_by_scan(case)):
                    marks = () if is_quick else rest
                    found.append(pytest.param(command, case, id=f"{kind}: {name} ({command})", marks=marks))
    return found


def skipped_by_scan(case: Hostile) -> bool:
    """Whether only `render` has the options of a case."""
    return bool(case.options) and case.options[0] != "--set"


@pytest.mark.parametrize(("command", "case"), cases())
def test_a_hostile_chart(command: str, case: Hostile, tmp_path: Path) -> None:
    case.build(tmp_path)
    ran = run_bounded([command, case.chart, *case.options], tmp_path)
    error = case.scan_error if command == "scan" and case.scan_error != "same" else case.error
    assert ran.status in ((0, 1) if error == "" else (0, 1, 3) if error is None else (3,)), ran.text[-2_000:]
    assert (error or "") in ran.text
    assert "Traceback" not in ran.text
    if command == "scan":
        assert SECRET not in ran.text
        assert ("Not scanned" in ran.text) == (ran.status == 3)
    assert ran.megabytes < MEGABYTES
