"""Snippets: the offending lines with a mark under the columns, fitted to the width, secrets masked."""

from typing import NamedTuple

from scanner.core.location import Location
from scanner.report.masking import MASK, Masker
from scanner.report.printable import printable
from scanner.report.view import View

_MOST_LINES = 3
_TAB = 4
_LEAST_WIDTH = 20
_FORM_MARGIN = 600
"""Characters around what is shown in which a secret is told by its form; its name has to be among them."""


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
    line, start, end, cut_before, cut_after = _masked(view.masker, line, start, end, 2 * width)
    first, last = _window(len(line), start, end, width)
    before = "…" if first or cut_before else ""
    after = "…" if last < len(line) or cut_after else ""
    shown, begin, stop = line[first:last], max(start - first, 0), max(end - first, 0)
    indent = len(before) + _cells(shown[:begin])[1]
    length = _cells(shown[begin:stop])[1]
    return before + _cells(shown)[0].rstrip() + after, " " * indent + "^" * max(length, 1)


def _masked(masker: Masker, line: str, start: int, end: int, around: int) -> tuple[str, int, int, bool, bool]:
    """`line` without secrets and, where it is long, without what is further than `around` from the range; then where
    the range lies (a mask inside it belongs to it), and whether something was cut before and after."""
    # What is shown must not begin or end inside a secret, so secrets are looked for further out.
    first, last = max(0, start - around), min(len(line), min(end, start + around) + around)
    margin = max(masker.longest, _FORM_MARGIN)
    low, high = max(0, first - margin), min(len(line), last + margin)
    spans = [(low + left, low + right) for left, right in masker.spans(line[low:high])]
    for left, right in spans:
        first = left if left < first < right else first
        last = right if left < last < right else last
    pieces: list[str] = []
    position, length, new_start, new_end = first, 0, start - first, min(end, last) - first
    for left, right in spans:
        if right <= first or left >= last:
            continue
        pieces += (line[position:left], MASK)
        length += left - position
        position = right
        saved = (right - first) - (length + len(MASK))
        if left < start:
            new_start = start - first - saved if right <= start else length
        if left < end:
            new_end = min(end, last) - first - saved if right <= end else length + len(MASK)
        length += len(MASK)
    return "".join([*pieces, line[position:last]]), new_start, new_end, first > 0, last < len(line)


def _window(length: int, start: int, end: int, width: int) -> tuple[int, int]:
    """Which characters of a long line are shown: the marked ones, with what stands around them."""
    if length <= width:
        return 0, length
    marked = min(end - start, width - 2)
    first = max(0, min(start - (width - 2 - marked) // 2, length - width + 2))
    return first, min(length, first + width - 2)


def _cells(text: str) -> tuple[str, int]:
    """How `text` is shown, and over how many columns of a terminal."""
    if text.isascii() and text.isprintable():
        return text, len(text)
    cells = [_cell(character) for character in text]
    return "".join(cell for cell, _ in cells), sum(size for _, size in cells)


def _cell(character: str) -> tuple[str, int]:
    """The same of one character."""
    if character == "\t":
        return " " * _TAB, _TAB
    if character.isascii():
        return printable(character), 1
    import unicodedata

    if unicodedata.combining(character):
        return character, 0
    return printable(character), 2 if unicodedata.east_asian_width(character) in "WF" else 1
