"""The html format in a browser: the page is styled under its own policy, and what was scanned adds nothing to it."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest

from scanner.core.location import Location
from scanner.core.result import Notice, NotScanned, Report, ResourceRef, Waiver
from scanner.report import RenderOptions, render
from tests.conftest import tool
from tests.report.sample import COMPOSE, PINNED, account, finding, passing

pytestmark = pytest.mark.browser
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --enable-logging=stderr --dump-dom"
).split()
EVERYTHING = RenderOptions(show_suppressed=True, show_passed=True)
ATTACKS = (
    "</style></title><script>document.title='owned'</script>",
    "<img src=x onerror=document.title='owned'>",
    "\"><svg/onload=document.title='owned'>",
    "'--><iframe src=http://127.0.0.1:9/></iframe>",
    "<base href=http://127.0.0.1:9/><link rel=stylesheet href=a.css>",
)


def opened(page: str, folder: Path) -> tuple[str, list[str]]:
    """The document as Chromium has it once it is loaded, and what its console said."""
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8", newline="")
    command = [str(tool("chromium")), *QUIET, f"--user-data-dir={folder / 'profile'}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def tags(page: str) -> Counter[str]:
    document = html5lib.parse(page, namespaceHTMLElements=False)
    return Counter(element.tag for element in document.iter() if isinstance(element.tag, str))


def hostile(text: str) -> Report:
    resource = ResourceRef("service", text, text, text, "123456789012", text, {text: text})
    found = finding(PINNED, text, resource, Location(text, 3, 1, 3, 4), key=text)._replace(
        waiver=Waiver(text, text, text), values_sets=(text,)
    )
    report = passing()
    return replace(
        report,
        findings=[found, found._replace(outcome="unknown"), *report.findings],
        not_scanned=[NotScanned(text, text, text, 1, 1, text, text)],
        notices=[Notice(text, Location(COMPOSE, 1, 1, 1, 2), text)],
        rules=[*report.rules, PINNED._replace(id=f"other/{text}", title=text, rationale=f"`{text}` {text}")],
    )


@pytest.mark.parametrize("report", [passing(), account()], ids=["files", "account"])
def test_the_page_is_shown_under_its_own_policy(report: Report, tmp_path: Path) -> None:
    page = render("html", report, EVERYTHING)
    document, console = opened(page, tmp_path)
    assert console == []
    assert tags(document) == tags(page)


def test_another_style_would_be_refused(tmp_path: Path) -> None:
    """What the test before rests on: the browser tells of a style that is not the one in the policy."""
    _, console = opened(render("html", passing(), EVERYTHING).replace("<style>", "<style>body { margin: 0 }"), tmp_path)
    assert any("Content Security Policy" in line for line in console)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_scanned_adds_nothing(attack: str, tmp_path: Path) -> None:
    page = render("html", hostile(attack), EVERYTHING)
    document, console = opened(page, tmp_path)
    assert console == []
    assert tags(document) == tags(page) == tags(render("html", hostile("harmless"), EVERYTHING))
    (title,) = re.findall("<title>(.*?)</title>", document)
    assert title.startswith("groundrule: ")
