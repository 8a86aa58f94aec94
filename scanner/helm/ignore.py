""".helmignore: which files of a chart's folder are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.go_match import BAD_PATTERN, SPACES, expression, is_rejected

IGNORE_FILE = ".helmignore"
_DEFAULT = "templates/.?*"
_LINE_LIMIT = 64 * 1024


class Rule(NamedTuple):
    """A line of .helmignore. `expression` is None where it matches nothing."""

    expression: str | None
    base_name_only: bool
    negated: bool
    folders_only: bool


class Rules(NamedTuple):
    """All lines of a .helmignore file: those that look at base names, and at whole names, of everything and of folders
    only, each as one expression; and the negated ones."""

    base_names: re.Pattern[str] | None
    names: re.Pattern[str] | None
    folder_base_names: re.Pattern[str] | None
    folder_names: re.Pattern[str] | None
    negated: tuple[Rule, ...]


def read_rules(data: bytes, path: str) -> Rules:
    """The rules of a .helmignore file, and Helm's own. Raises HelmError at a line that Helm refuses."""
    rules = _kept.get(data)
    if rules is None:
        rules = _joined([rule for number, line in _lines(data, path) if (rule := _read_line(line, path, number))])
        if len(_kept) < _KEPT_LIMIT:
            _kept[data] = rules
    return rules


_kept: dict[bytes, Rules] = {}
_KEPT_LIMIT = 100


def _read_line(line: bytes, path: str, number: int) -> Rule | None:
    text = line.decode("utf-8", "surrogateescape").strip(SPACES)
    if not text or text.startswith("#"):
        return None
    if "**" in text:
        raise HelmError(
            "double-star (**) syntax is not supported",
            Location(path, number),
            "write one star for each level of folders",
        )
    if is_rejected(text, "abc"):
        raise HelmError(BAD_PATTERN, Location(path, number), "correct the pattern; brackets need their end")
    return _rule(text)


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
    return Rule(expression(text.lstrip("/")), "/" not in text, negated, folders_only)


def _joined(rules: list[Rule]) -> Rules:
    """Any rule may leave a file out, whatever the others say: so their order is of no importance."""
    rules.append(_rule(_DEFAULT))

    def one(base_name_only: bool, folders_only: bool) -> re.Pattern[str] | None:
        wanted = (base_name_only, False, folders_only)
        parts = [rule.expression for rule in rules if rule.expression is not None and rule[1:] == wanted]
        return re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL) if parts else None

    negated = tuple(rule for rule in rules if rule.negated)
    return Rules(one(True, False), one(False, False), one(True, True), one(False, True), negated)


DEFAULT_RULES = _joined([])


def is_ignored(rules: Rules, name: str, is_folder: bool) -> bool:
    """Whether a rule leaves out the file or folder `name` (with `/`, from the chart's folder).

    A negated rule leaves out all that it does not match, which is Helm's way.
    """
    base_name = name.rpartition("/")[2]
    if rules.base_names and rules.base_names.match(base_name):
        return True
    if rules.names and rules.names.match(name):
        return True
    if is_folder:
        if rules.folder_base_names and rules.folder_base_names.match(base_name):
            return True
        if rules.folder_names and rules.folder_names.match(name):
            return True
    return any(_leaves_out(rule, name, base_name, is_folder) for rule in rules.negated)


def _leaves_out(rule: Rule, name: str, base_name: str, is_folder: bool) -> bool:
    if rule.expression is None or (rule.folders_only and not is_folder):
        return True
    return not re.match(rule.expression, base_name if rule.base_name_only else name, re.DOTALL)
