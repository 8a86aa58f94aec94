"""Rendered lines with the place beside each that it comes from: `groundrule render --show-origins`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from scanner.helm.origin import ValueOrigin
from scanner.helm.pieces import Pieces
from scanner.template.source import Source

_WIDEST = 72
"""Columns; what is longer does not push the notes of the other lines to the right."""
_SEPARATOR = "---"


def with_origins(output: str, chart: str) -> str:
    """The traced output of a chart, `TEXT  # TEMPLATE:LINE > HELPER:LINE <- FILE:LINE ROUTE, ...` a line.

    Paths are shown without `chart/`, the chart's display path. The notes of a document stand in one column. Lines that
    the assembly writes (`---`, `# Source: ...`) and empty ones have none.
    """
    noted = _Notes(output, chart)
    lines = str(output).split("\n")
    notes = list(noted.notes(lines))
    result: list[str] = []
    for start, stop in _documents(lines):
        widths = [len(line) for line, note in zip(lines[start:stop], notes[start:stop], strict=True) if note]
        width = max((each for each in widths if each <= _WIDEST), default=0)
        for line, note in zip(lines[start:stop], notes[start:stop], strict=True):
            result.append(f"{line:{width}}  # {note}" if note else line)
    return "\n".join(result)


def _documents(lines: list[str]) -> Iterator[tuple[int, int]]:
    starts = [number for number, line in enumerate(lines) if line == _SEPARATOR]
    bounds = sorted({0, *starts, len(lines)})
    return pairwise(bounds)


class _Notes:
    """The pieces of the output, and those of the strings that `tpl` rendered."""

    def __init__(self, output: str, chart: str) -> None:
        self.pieces = Pieces(output)
        self.folder = f"{chart}/"
        self.inner: dict[int, Pieces] = {}

    def notes(self, lines: list[str]) -> Iterator[str]:
        """What is said of each line, '' for nothing."""
        at = 0
        for line in lines:
            written = line.strip()
            yield self._note(at + line.index(written), at + len(line.rstrip())) if written else ""
            at += len(line) + 1

    def _note(self, start: int, stop: int) -> str:
        """What is said of the characters of a line: the places in templates, outermost first, and those of values."""
        templates: dict[str, None] = {}
        values: dict[str, str] = {}
        for number in self.pieces.within(start, stop):
            first = max(self.pieces.starts[number], start)
            position: Any
            _, position, origin = self.pieces.pieces[number]
            length = min(self.pieces.starts[number] + self.pieces.pieces[number][0], stop) - first
            origins = [] if origin is None else [origin]
            if position is not None:
                source, at, outer, outer_at = position
                exact = self.pieces.offset_in(source, at, number, first)
                inner, inner_at = self._written(source, exact, length, origins)
                if inner is not outer:
                    templates[self._place(outer, outer_at)] = None
                templates[self._place(inner, inner_at)] = None
            for each in origins:
                place, route = self._value(each)
                values[place] = max(values.get(place, ""), route, key=len)  # an item of a list, and its first entry
        templates.pop("", None)
        shown = ", ".join(f"{place} {route}".rstrip() for place, route in values.items())
        return " <- ".join(part for part in (" > ".join(templates), shown) if part)

    def _written(self, source: Source, offset: int, length: int, origins: list[Any]) -> tuple[Source, int]:
        """Where a place in a string that `tpl` rendered was written in a template. The values that so many characters
        from there on are made of go to `origins`."""
        while source.origin_text is not None:
            known = self.inner.get(id(source))
            if known is None:
                known = self.inner[id(source)] = Pieces(source.origin_text)
            numbers = known.within(offset, offset + length)
            origins += [origin for number in numbers if (origin := known.pieces[number][2]) is not None]
            position = known.pieces[numbers[0]][1] if numbers else None
            if position is None:
                break
            offset = known.offset_in(position[0], position[1], numbers[0], offset)
            source = position[0]
        return source, offset

    def _place(self, source: Source, offset: int) -> str:
        return f"{source.path.removeprefix(self.folder)}:{source.place(offset)[0]}" if source.path else ""

    def _value(self, origin: Any) -> tuple[str, str]:
        """Where a value stands, and by what route."""
        if not isinstance(origin, ValueOrigin):
            return "(drawn by chance)", ""
        place = origin.location()
        path = place.path.removeprefix(self.folder)
        return (f"{path}:{place.line}", ".".join(map(str, origin.route))) if place.line else (path, "")
