"""Go's regular expressions, matched by RE2 in linear time: which matches Go finds, and what it puts in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple

from scanner.template.errors import FunctionError
from scanner.template.go_regexp_syntax import PatternError, translate
from scanner.template.go_unicode import REPLACEMENT, is_digit, is_letter
from scanner.template.sizes import check_items, check_length
from scanner.template.text import Text, concat, cutter
from scanner.template.utf8 import encoded, is_stray

MAX_PATTERN = 10_000
"""Characters of an expression."""
MAX_MEMORY = 32 << 20
MAX_WORK = 2_000_000_000
"""Instructions of an expression times bytes of a text: what one search may take, some seconds."""
MAX_SECONDS = 10.0

Spans = Sequence[tuple[int, int]]
"""Where the match and its groups are, in characters; (-1, -1) for a group that has no part in it."""


class Regexp(NamedTuple):
    """A compiled expression: Go's text of it, the RE2 object, and the names of its groups, the whole match first."""

    source: str
    program: Any
    names: tuple[str, ...]

    def matches(self, text: str, limit: int = -1) -> Iterator[Spans]:
        """The matches that Go finds from left to right, at most `limit` of them (-1: all), as spans of characters.

        An empty match next to the one before it does not count. Raises FunctionError where they take too long.
        """
        return _matches(self, text, limit)

    def replaced(self, text: str, replacement: str, *, literal: bool = False) -> str:
        """`text` with each match replaced; `$1`, `$name` and `${name}` in it are groups unless it is `literal`.

        Raises FunctionError where that is too long or takes too long.
        """
        return _replaced(self, text, [replacement] if literal else _expansion(self, replacement))


@lru_cache(maxsize=128)
def compiled(pattern: str) -> Regexp:
    """The expression of a Go pattern. Raises PatternError with Go's message, FunctionError for one that is too long."""
    import re2

    if len(pattern) > MAX_PATTERN:
        raise FunctionError(f"the regular expression is longer than the limit of {MAX_PATTERN} characters")
    translated = translate(pattern)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    try:
        program = re2.compile(translated.pattern.encode(), options)
    except re2.error:
        # The translation refuses everything else that RE2 does.
        raise PatternError("expression too large", pattern) from None
    return Regexp(pattern, program, translated.names)


def _matches(regexp: Regexp, text: str, limit: int) -> Iterator[Spans]:
    plain = str(text)
    if not plain.isascii():
        plain = "".join(REPLACEMENT if is_stray(sign) else sign for sign in plain)
    data = encoded(plain)
    if regexp.program.programsize * len(data) > MAX_WORK:
        raise FunctionError("the regular expression and its text are too large")
    deadline = monotonic() + MAX_SECONDS
    offsets = _Offsets(data, plain)
    search = regexp.program.search
    at = count = 0
    before = -1
    while count != limit and at <= len(data):
        match = search(data, at)
        while match is not None and _is_inside(data, match.start()):
            match = search(data, match.start() + 1)
        if match is None:
            return
        start, stop = match.span()
        if stop == at:
            wanted = start != before
            at += _width(data, at)
        else:
            wanted = True
            at = stop
        before = stop
        if wanted:
            yield offsets.spans([match.span(group) for group in range(len(regexp.names))])
            count += 1
        if monotonic() > deadline:
            raise FunctionError("the regular expression takes too long")


def _width(data: bytes, at: int) -> int:
    """The bytes of the character at an offset; 1 at the end."""
    lead = data[at] if at < len(data) else 0
    return 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def _is_inside(data: bytes, at: int) -> bool:
    r"""Whether an offset is within a character: RE2 looks for an empty match, such as of \B, between all bytes."""
    return at < len(data) and 0x80 <= data[at] < 0xC0


class _Offsets:
    """Turns offsets in bytes into those in characters, from left to right."""

    def __init__(self, data: bytes, text: str) -> None:
        self.data = data
        self.is_ascii = len(data) == len(text)
        self.byte = self.character = 0

    def spans(self, spans: list[tuple[int, int]]) -> Spans:
        if self.is_ascii:
            return spans
        known = {-1: -1}
        for byte in sorted({offset for span in spans for offset in span if offset >= 0}):
            self.character += len(self.data[self.byte : byte].decode())
            self.byte = byte
            known[byte] = self.character
        return [(known[start], known[stop]) for start, stop in spans]


def _replaced(regexp: Regexp, text: str, template: list[str | list[int]]) -> str:
    piece = cutter(text)
    result: list[str] = []
    at = size = count = 0
    for spans in _matches(regexp, text, -1):
        start, stop = spans[0]
        result.append(piece(at, start))
        first = piece(start, start + 1) if start < stop else ""
        for part in template:
            if isinstance(part, str):
                new = _of_same_place(part, first)
            else:
                group = next((spans[index] for index in part if spans[index][0] >= 0), (0, 0))
                new = piece(*group)
            size += len(new)
            result.append(new)
        at = stop
        count += 1
        check_items(count)
        check_length(size)
    if not count:
        return text
    result.append(piece(at, len(text)))
    whole = concat(result)
    check_length(len(whole))
    return whole


def _of_same_place(new: str, first: str) -> str:
    """A text that replaces one which begins with `first`: a plain one has the origin of that."""
    if type(first) is not Text or type(new) is Text or not new:
        return new
    _, position, origin = first.pieces[0]
    return Text(new, ((len(new), position, origin),))


def _expansion(regexp: Regexp, template: str) -> list[str | list[int]]:
    """A replacement as its literal texts, and for each `$` the groups that it names: the first matched counts."""
    piece = cutter(template)
    result: list[str | list[int]] = []
    at = 0
    while True:
        dollar = template.find("$", at)
        if dollar < 0:
            break
        if dollar > at:
            result.append(piece(at, dollar))
        at = dollar + 1
        if template.startswith("$", at):
            result.append(piece(at, at + 1))
            at += 1
            continue
        braced = template.startswith("{", at)
        start = stop = at + braced
        while stop < len(template) and _is_word(template[stop]):
            stop += 1
        if stop == start or (braced and not template.startswith("}", stop)):
            result.append(piece(dollar, at))
            continue
        result.append(_groups(regexp, template[start:stop]))
        at = stop + braced
    result.append(piece(at, len(template)))
    return result


def _is_word(sign: str) -> bool:
    return sign == "_" or is_letter(sign) or is_digit(sign)


def _groups(regexp: Regexp, name: str) -> list[int]:
    if name.isascii() and name.isdigit() and len(name) <= 9 and (name == "0" or name[0] != "0"):
        number = int(name)
        return [number] if number < len(regexp.names) else []
    return [number for number, known in enumerate(regexp.names) if known == name]
