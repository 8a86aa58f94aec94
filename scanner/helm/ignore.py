""".helmignore: which files of a chart's folder are left out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.go_match import BAD_PATTERN, SPACES, is_rejected, matcher

IGNORE_FILE = ".helmignore"
_DEFAULT = "templates/.?*"
_LINE_LIMIT = 64 * 1024


class Rule(NamedTuple):
    """A line of .helmignore. `expression` None matches nothing."""

    expression: re.Pattern[str] | None
    base_name_only: bool
    negated: bool
    folders_only: bool


def read_rules(data: bytes, path: str) -> tuple[Rule, ...]:
    """The rules of a .helmignore file, with Helm's own at the end. Raises HelmError at a line that Helm refuses."""
    rules = []
    for number, line in _lines(data, path):
        text = line.decode("utf-8", "surrogateescape").strip(SPACES)
        if not text or text.startswith("#"):
            continue
        if "**" in text:
            raise HelmError(
                "double-star (**) syntax is not supported",
                Location(path, number),
                "write one star for each level of folders",
            )
        if is_rejected(text, "abc"):
            raise HelmError(BAD_PATTERN, Location(path, number), "correct the pattern; brackets need their end")
        rules.append(_rule(text))
    return (*rules, *DEFAULT_RULES)


def _lines(data: bytes, path: str) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if len(line) >= _LINE_LIMIT:
            raise HelmError("bufio.Scanner: token too long", Location(path, number), "shorten the line")
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _rule(text: str) -> Rule:
    negated = text.startswith("!")
    text = text[negated:]
    folders_only = text.endswith("/")
    text = text.removesuffix("/")
    has_slash = "/" in text
    return Rule(matcher(text.lstrip("/")), not has_slash, negated, folders_only)


DEFAULT_RULES = (_rule(_DEFAULT),)


def is_ignored(rules: tuple[Rule, ...], name: str, is_folder: bool) -> bool:
    """Whether a rule leaves out the file or folder `name` (with `/`, from the chart's folder).

    The first rule that decides counts. A negated one leaves out all that it does not match, which is Helm's way.
    """
    base_name = posixpath.basename(name)
    for rule in rules:
        if rule.folders_only and not is_folder:
            if rule.negated:
                return True
            continue
        matches = rule.expression is not None and bool(
            rule.expression.match(base_name if rule.base_name_only else name)
        )
        if matches != rule.negated:
            return True
    return False
