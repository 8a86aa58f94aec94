"""`.env` files and env_files, read as Compose reads them, with the place of every entry."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

from scanner.core.errors import SourceError
from scanner.core.location import Location, Span
from scanner.core.patterns import late
from scanner.sources.compose.go_values import quote
from scanner.sources.compose.interpolation import INCOMPLETE, InvalidTemplateError, Known, TemplateError, substitute

MAX_EXPANSION = 10_000_000
"""Characters that the variables used in the values of one env file may come to; more are refused."""

Expand = Callable[[str, Callable[[str], Any]], Known]

# Unicode white space, and the part of it that does not end a line here.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_NOT_SPACE = late(f"[^{_SPACE}]")
_BLANK = "\t\v\f\r \x85\xa0"
_NOT_BLANK = late(f"[^{_BLANK}]")
_EXPORT = late(r"export[\t\n\f\r ]")
_KEY_END = late(r"[=:\n]")
_ESCAPE = late(r'\\(?:([abcfnrtv$"\\])|0([0-9]{0,3}))')
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "$": "$$",
}


class Entry(NamedTuple):
    """One line `NAME=value`. `value` is None for a bare `NAME` that the environment does not hold.

    `line` and `column` are those of the name; `span` covers the value, its quotes too (the name where it is bare).
    """

    name: str
    value: Known | None
    line: int
    column: int
    span: Span


def parse(
    text: str,
    lookup: Callable[[str], Known | None],
    raw: bool = False,
    path: str = ".env",
    expand: Expand = substitute,
) -> list[Entry]:
    """The entries of an env file, in order; a name that occurs twice is there twice, and the last one counts.

    `lookup` is the environment around the file: it wins over the file's own entries when values are expanded, and
    gives bare names their value. `raw` is `format: raw`: whole lines, no quotes, no variables. `expand` substitutes
    variables: `substitute`, or `substitute_known` for values that may stay unknown. Raises SourceError with the line
    in `path`; it quotes no text of the file, since there are secrets in it.
    """
    text = text.removeprefix("\ufeff")
    if raw:
        return _parse_raw(text, lookup, path)
    return _Parser(text, lookup, path, expand).entries()


def mapping(entries: list[Entry]) -> dict[str, Known]:
    """The variables that an env file sets: the last entry of each name, without bare names that have no value."""
    return {entry.name: entry.value for entry in entries if entry.value is not None}


class _Parser:
    def __init__(self, text: str, lookup: Callable[[str], Known | None], path: str, expand: Expand) -> None:
        self.text = text
        self.path = path
        self.outer = lookup
        self.expand = expand
        self.values: dict[str, Known] = {}
        self.taken = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def entries(self) -> list[Entry]:
        found: list[Entry] = []
        position = self.statement(0)
        while position is not None:
            entry, position = self.entry(position)
            found.append(entry)
            position = self.statement(position)
        return found

    def statement(self, position: int) -> int | None:
        """Where the next entry begins: past white space and comment lines."""
        while start := _NOT_SPACE.search(self.text, position):
            if start[0] != "#":
                return start.start()
            position = self.text.find("\n", start.start())
            if position < 0:
                return None
        return None

    def entry(self, start: int) -> tuple[Entry, int]:
        if _EXPORT.match(self.text, start):
            start = self.skip_blank(start + len("export"))
        if start == len(self.text):
            raise self.error(start, "zero length string")
        end = _KEY_END.search(self.text, start)
        self.check_name(start, end.start() if end else len(self.text))
        # Without an end, Compose takes the last line for the value of a name that is empty.
        name = self.text[start : end.start()].rstrip(_SPACE) if end else ""
        position = self.skip_blank(end.end() if end else start)
        if " " in name:
            raise self.error(start, "key cannot contain a space")
        line, column = self.place(start)
        if end and end[0] == "\n":
            value = self.outer(name)
            if value is not None:
                self.values[name] = value
            return Entry(name, value, line, column, self.span(start, start + len(name))), position
        value, span, position = self.value(position)
        self.values[name] = value
        return Entry(name, value, line, column, span), position

    def check_name(self, start: int, end: int) -> None:
        for position in range(start, end):
            character = self.text[position]
            if character in _BLANK or character in "_.-[]" or unicodedata.category(character)[0] in "LN":
                continue
            raise self.error(start, f"unexpected character {quote(character)} in variable name")

    def value(self, start: int) -> tuple[Known, Span, int]:
        if self.text[start : start + 1] in ('"', "'"):
            return self.quoted(start)
        end = self.text.find("\n", start)
        end, following = (len(self.text), len(self.text)) if end < 0 else (end, end + 1)
        comment = self.text.find(" #", start, end)
        value = self.text[start : end if comment < 0 else comment].rstrip(_SPACE)
        return self.expanded(value, start), self.span(start, start + len(value)), following

    def quoted(self, start: int) -> tuple[Known, Span, int]:
        delimiter = self.text[start]
        pattern = _QUOTED[delimiter]
        match = pattern.match(self.text, start)
        if match is None:
            raise self.error(start, "unterminated quoted value")
        value = _PAIR.sub(lambda pair: pair[1] if pair[1] == delimiter else pair[0], match[1])
        span = self.span(start, match.end())
        if delimiter == '"':
            return self.expanded(_ESCAPE.sub(_unescape, value), start), span, match.end()
        return value, span, match.end()

    def expanded(self, value: str, start: int) -> Known:
        try:
            return self.expand(value, self.lookup)
        except InvalidTemplateError:
            raise self.error(start, f"invalid interpolation format: {INCOMPLETE}") from None
        except TemplateError as error:
            raise self.error(start, str(error)) from None

    def lookup(self, name: str) -> Known | None:
        value = self.outer(name)
        value = self.values.get(name) if value is None else value
        # A line can double what the line before it holds.
        self.taken += len(value) if isinstance(value, str) else 1
        if self.taken > MAX_EXPANSION:
            raise TemplateError(f"the variables used so far expand to more than {MAX_EXPANSION:,} characters")
        return value

    def skip_blank(self, position: int) -> int:
        match = _NOT_BLANK.search(self.text, position)
        return match.start() if match else len(self.text)

    def place(self, position: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, position)
        return line, position - self.line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        return Span(*self.place(start), *self.place(end))

    def error(self, position: int, message: str) -> SourceError:
        line, column = self.place(position)
        return SourceError(message, Location(self.path, line, column))


_PAIR = late(r"\\(.)", re.DOTALL)
# Possessive: no way back is kept, so that a long value needs no memory for it.
_QUOTED = {q: re.compile(rf"{q}((?:[^{q}\\]++|\\.)*+){q}", re.DOTALL) for q in "'\""}


def _unescape(match: re.Match[str]) -> str:
    letter, digits = match.groups()
    if letter:
        return _ESCAPES.get(letter, match[0])
    if len(digits) == 3 and not set(digits) & set("89") and int(digits, 8) < 256:
        return chr(int(digits, 8))
    return "\\" + digits


def _parse_raw(text: str, lookup: Callable[[str], Known | None], path: str) -> list[Entry]:
    entries: list[Entry] = []
    for number, full in enumerate(text.split("\n"), 1):
        start = _NOT_SPACE.search(full)
        if start is None or start[0] == "#":
            continue
        column = start.start() + 1
        line = full[start.start() :].removesuffix("\r")
        name, equals, rest = line.partition("=")
        location = Location(path, number, column)
        if not name:
            raise SourceError("no variable name before the =", location)
        if re.search(f"[{_SPACE}]", name):
            raise SourceError("the variable's name contains white space", location)
        first = column + len(name) + 1 if equals else column
        span = Span(number, first, number, first + len(rest if equals else name))
        entries.append(Entry(name, rest if equals else lookup(name), number, column, span))
    return entries
