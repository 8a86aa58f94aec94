"""Generated pages are what their sources say."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.authoring.view_pages import views_page

ROOT = Path(__file__).parents[2]


def test_views(pytestconfig: pytest.Config) -> None:
    page = ROOT / "docs" / "views.md"
    if pytestconfig.getoption("--update-goldens"):
        page.write_text(views_page(), encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == views_page()
