"""What prose names must exist: commands and their options, files and folders, links between pages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from scanner.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures").glob("*/README.md")})
TOP = {"scanner", "rules", "tests", "docs", "examples", "fixtures", "benchmarks", ".ci"}

CODE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def texts(page: Path) -> list[str]:
    """The code of a page: every line of its blocks, and every inline piece."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in CODE.findall(text) for line in block.splitlines()]
    return lines + INLINE.findall(CODE.sub("", text))


def commands(line: str) -> list[list[str]]:
    """The calls of groundrule in a line of a shell, as words after the program's name."""
    found = []
    for part in re.split(r"&&|\|\||[|;]", line.removeprefix("$ ")):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            continue
        if words and Path(words[0]).name == "groundrule":
            found.append(words[1:])
    return found


def complaints(words: list[str]) -> str:
    """What is wrong with a call; '' where the command and its options exist."""
    command: click.Command = app
    context = click.Context(command, info_name="groundrule")
    while words and isinstance(command, click.Group) and not words[0].startswith("-"):
        name = words.pop(0).split("|")[0]
        inner = command.get_command(context, name)
        if inner is None:
            return f"no command {name!r}"
        command = inner
        context = click.Context(command, info_name=name, parent=context)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h"}
    for word in words:
        option = word.split("=")[0]
        if re.fullmatch(r"--?[a-z][a-z-]*", option) and option not in known and option[:2] not in known:
            return f"{command.name} has no option {option}"
    return ""


def calls() -> list[tuple[Path, str]]:
    return [(page, line) for page in PAGES for line in texts(page) if commands(line)]


@pytest.mark.parametrize(("page", "line"), calls(), ids=lambda value: value.name if isinstance(value, Path) else value)
def test_commands_exist(page: Path, line: str) -> None:
    assert [problem for words in commands(line) if (problem := complaints(words))] == []


def test_a_wrong_command_is_seen() -> None:
    assert complaints(["scna"]) == "no command 'scna'"
    assert complaints(["scan", "--nonsense"]) == "scan has no option --nonsense"
    assert complaints(["scan", "-f", "json", "."]) == ""


def paths() -> list[tuple[Path, str]]:
    named = []
    for page in PAGES:
        for text in texts(page):
            word = text.strip().rstrip("/")
            if re.fullmatch(r"[\w./-]+", word) and word.split("/")[0] in TOP and "/" in word:
                named.append((page, word))
    return named


@pytest.mark.parametrize(("page", "path"), paths(), ids=str)
def test_paths_exist(page: Path, path: str) -> None:
    assert (ROOT / path).exists()


def links() -> list[tuple[Path, str]]:
    return [
        (page, link.split("#")[0])
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith("#")
    ]


@pytest.mark.parametrize(("page", "link"), links(), ids=str)
def test_links_lead_somewhere(page: Path, link: str) -> None:
    assert (page.parent / link).exists()
