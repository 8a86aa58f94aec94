"""Where a value comes from: the file or flag that holds it, and the place and route in it."""

from __future__ import annotations

from typing import Any

from scanner.core.location import Location


class ValuesSource:
    """A file or flag that values come from.

    `path` is the display path of a file, or the text of a flag (`--set image.tag`). `kind` is default (the chart's own
    values.yaml), file (`-f`), set (a `--set...` flag) or api. `chart` is the chart's path of names (`umbrella/redis`)
    where the values are a chart's own. `text` is the file's, '' where it is not known.
    """

    __slots__ = ("_lines", "chart", "kind", "path", "text")

    def __init__(self, path: str, kind: str = "file", chart: str = "") -> None:
        self.path = path
        self.kind = kind
        self.chart = chart
        self.text = ""
        self._lines: list[str] = []

    def line(self, number: int) -> str:
        """A line of the file, from 1; '' where there is none."""
        if not self._lines:
            self._lines = self.text.split("\n")
        return self._lines[number - 1] if number <= len(self._lines) else ""

    def __repr__(self) -> str:
        return f"ValuesSource({self.path!r}, {self.kind!r}, {self.chart!r})"


class ValueOrigin:
    """The place of one value of a `ValuesSource`: a node of its tree, which knows its parent and its step there.

    `start` and `end` are the marks of the value (0-based `line`, `column`, `index`, as libyaml has them), `key` and
    `key_end` those of its key; all are None where there is no text, as for a flag. `first` is the origin of a
    collection's first entry. The root's `step` is None.
    """

    __slots__ = ("end", "first", "key", "key_end", "parent", "source", "start", "step")

    def __init__(
        self,
        source: ValuesSource,
        parent: ValueOrigin | None = None,
        step: str | int | None = None,
        start: Any = None,
        end: Any = None,
        key: Any = None,
        key_end: Any = None,
    ) -> None:
        self.source = source
        self.parent = parent
        self.step = step
        self.start = start
        self.end = end
        self.key = key
        self.key_end = key_end
        self.first: ValueOrigin | None = None

    @property
    def route(self) -> tuple[str | int, ...]:
        """The keys and indexes that lead to the value from the top of its source."""
        steps: list[str | int] = []
        node: ValueOrigin | None = self
        while node is not None and node.step is not None:
            steps.append(node.step)
            node = node.parent
        return tuple(reversed(steps))

    def location(self) -> Location:
        """The tightest place: a one-line value that is no block of entries, else its key, else its first entry."""
        start, end = self.start, self.end
        if start is None:
            return self.key_location()
        if self.first is None and start.line == end.line and start.column < end.column:
            return self._span(start, end)
        if self.key is not None:
            return self._span(self.key, self.key_end)
        if self.first is not None:
            return self.first.key_location() if self.first.key is not None else self.first.location()
        if start.line == end.line:
            return self._span(start, end)
        return Location(self.source.path, start.line + 1, start.column + 1, start.line + 1, start.column + 2)

    def key_location(self) -> Location:
        """The place of the key; that of the value itself for items of a list; of the whole source where it has no
        text, and its first line where it is a text as a whole."""
        if self.key is not None:
            return self._span(self.key, self.key_end)
        if self.start is not None:
            return self.location()
        return Location(self.source.path, 1, 1, 1, 2) if self.source.text else Location(self.source.path)

    def _span(self, start: Any, end: Any) -> Location:
        return Location(self.source.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def __repr__(self) -> str:
        return f"ValueOrigin({self.source.path!r}, {'.'.join(map(str, self.route))!r})"


class LineOrigin(ValueOrigin):
    """A line of a text that a file holds as a block of lines. `whole` is the origin of the text, whose route it has."""

    __slots__ = ("line", "whole")

    def __init__(self, whole: ValueOrigin, line: int) -> None:
        # Files have many lines: nothing else is called for each.
        self.source, self.parent, self.step = whole.source, whole.parent, whole.step
        self.start, self.end, self.key, self.key_end = whole.start, whole.end, whole.key, whole.key_end
        self.first = None
        self.whole = whole
        self.line = line

    def location(self) -> Location:
        """The line in the file, without its indentation."""
        text = self.source.line(self.line)
        start = len(text) - len(text.lstrip()) + 1
        return Location(self.source.path, self.line, start, self.line, max(len(text.rstrip()) + 1, start))

    def key_location(self) -> Location:
        """The place of the text's key; that of the line where the text is a file."""
        return self.whole.key_location() if self.key is not None else self.location()


def line_pieces(value: str, whole: ValueOrigin) -> tuple[Any, ...]:
    """The pieces of a text that is a file, or that a file holds as a block below the line of `whole`: one for each
    line."""
    first = 1 if whole.start is None else whole.start.line + 2
    lengths = [len(line) + 1 for line in value.split("\n")]
    lengths[-1] -= 1  # nothing ends the last line
    return tuple([(length, None, LineOrigin(whole, number)) for number, length in enumerate(lengths, first) if length])
