"""Every format against its golden files; `pytest tests/report --update-goldens` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.report import FORMATS, RenderOptions, render
from tests.report.sample import account, clean, passing, sample

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    "default": (sample, RenderOptions()),
    "everything": (
        passing,
        RenderOptions(show_suppressed=True, show_passed=True, fail_on="high", sarif_category="iac"),
    ),
    "account": (account, RenderOptions()),
    "clean": (clean, RenderOptions(colour=True)),
}


def check(name: str, text: str, update: bool) -> None:
    path = GOLDEN / name
    if update:
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode(), f"{path.name} differs; see --update-goldens"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMATS)
def test_golden(name: str, case: str, request: pytest.FixtureRequest) -> None:
    report, options = CASES[case]
    check(f"{case}.{name}", render(name, report(), options), request.config.getoption("--update-goldens"))


def test_golden_in_colour(request: pytest.FixtureRequest) -> None:
    text = render("text", sample(), RenderOptions(colour=True, width=60))
    check("colour.text", text, request.config.getoption("--update-goldens"))


def test_no_golden_is_left_over() -> None:
    expected = {f"{case}.{name}" for case in CASES for name in FORMATS} | {"colour.text"}
    assert {path.name for path in GOLDEN.iterdir()} == expected


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert render(name, sample(), RenderOptions()) == render(name, sample(), RenderOptions())
