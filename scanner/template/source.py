"""One template text with its name, and the places in it."""

from __future__ import annotations

from bisect import bisect_right

from scanner.template.text import Text


class Source:
    """A template file, or the string that `tpl` was given.

    `name` is what Go calls it (`chart/templates/x.yaml`), `path` where the file is on disk for display ('' for a
    string). `origin_text` is the traced string that the text was made from: a position here leads on to a piece of it.
    """

    __slots__ = ("_starts", "name", "origin_text", "path", "text")

    def __init__(self, name: str, text: str, path: str = "", origin_text: Text | None = None) -> None:
        self.name = name
        self.text = text
        self.path = path
        self.origin_text = origin_text
        self._starts: list[int] | None = None

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line (1-based) and the column (0-based, in bytes) of an offset, as Go's errors count."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text.count("\n", 0, offset) + 1
        return line, len(self.text[start:offset].encode("utf-8", "surrogateescape"))

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both 1-based, in code points."""
        starts = self._starts
        if starts is None:
            starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1
