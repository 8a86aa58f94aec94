"""Snippets: the offending lines with a mark under the columns, fitted to the width, secrets masked."""

from __future__ import annotations

from typing import NamedTuple

from scanner.core.location import Location
from scanner.report.printable import printable
from scanner.report.view import View

_MOST_LINES = 3
_TAB = 4
_LEAST_WIDTH = 20


class SnippetLine(NamedTuple):
    """One line of a snippet: its number, what is shown of it, and the mark below (`    ^^^`)."""

    number: int
    text: str
    mark: str


def snippet(view: View, location: Location) -> list[SnippetLine]:
    """The lines of `location`, at most three of them; none where the file or the lines are not there."""
    file = view.file(location.path) if location.line else None
    if file is None:
        return []
    last = min(max(location.end_line, location.line), location.line + _MOST_LINES - 1)
    shown: list[SnippetLine] = []
    for number in range(location.line, last + 1):
        line = file.line(number)
        if line is None:
            break
        start, end = _columns(location, number, line)
        width = max(view.options.width - len(str(last)) - 5, _LEAST_WIDTH)
        shown.append(SnippetLine(number, *_frame(view, line, start, end, width)))
    return shown


def _columns(location: Location, number: int, line: str) -> tuple[int, int]:
    """The 0-based half-open range to mark in line `number` of a region."""
    indent = len(line) - len(line.lstrip())
    start = location.column - 1 if number == location.line and location.column else indent
    end = location.end_column - 1 if number == location.end_line and location.end_column else len(line.rstrip())
    return min(start, len(line)), min(max(end, start), len(line))


def _frame(view: View, line: str, start: int, end: int, width: int) -> tuple[str, str]:
    """What is shown of `line`, and the mark under the range from `start` to `end`."""
    line, start, end = _masked(view, line, start, end)
    first, last = _window(len(line), start, end, width)
    before = "…" if first else ""
    cells = [_cell(character) for character in line[first:last]]
    shift = len(before)
    indent = shift + sum(size for _, size in cells[: max(start - first, 0)])
    length = sum(size for _, size in cells[max(start - first, 0) : max(end - first, 0)])
    text = before + "".join(cell for cell, _ in cells).rstrip() + ("…" if last < len(line) else "")
    return text, " " * indent + "^" * max(length, 1)


def _masked(view: View, line: str, start: int, end: int) -> tuple[str, int, int]:
    """`line` without secrets, and where the range lies then: a mask inside the range belongs to it."""
    pieces: list[str] = []
    position, shift, new_start, new_end = 0, 0, start, end
    for first, last in view.masker.spans(line):
        pieces += (line[position:first], "***")
        position = last
        if first < start:
            new_start = start + shift + 3 - (last - first) if last <= start else first + shift
        if first < end:
            new_end = end + shift + 3 - (last - first) if last <= end else first + shift + 3
        shift += 3 - (last - first)
    return "".join([*pieces, line[position:]]), new_start, new_end


def _window(length: int, start: int, end: int, width: int) -> tuple[int, int]:
    """Which characters of a long line are shown: the marked ones, with what stands around them."""
    if length <= width:
        return 0, length
    marked = min(end - start, width - 2)
    first = max(0, min(start - (width - 2 - marked) // 2, length - width + 2))
    return first, min(length, first + width - 2)


def _cell(character: str) -> tuple[str, int]:
    """How `character` is shown, and over how many columns of a terminal."""
    if character == "\t":
        return " " * _TAB, _TAB
    if character.isascii():
        return printable(character), 1
    import unicodedata

    if unicodedata.combining(character):
        return character, 0
    return printable(character), 2 if unicodedata.east_asian_width(character) in "WF" else 1
