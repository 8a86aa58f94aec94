"""The scanned files as reports need them: lines and line hashes, read late, bounded, and never outside the root."""

from __future__ import annotations

import os
import re
import stat
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

from scanner.core.errors import GroundruleError
from scanner.core.real_paths import RealPaths, lies_in
from scanner.core.yaml_reader import decode

if TYPE_CHECKING:
    from scanner.report.line_hash import LineHashes

MAXIMUM_SIZE = 10 * 1024 * 1024
"""Bytes; a larger file gets no snippet and no line hash."""
_KEPT = 8
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class SourceFile:
    """One file that was read."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their breaks, split as positions count them; what is no text is replaced."""
        try:
            text = decode(self._data, "")
        except GroundruleError:
            text = self._data.decode("utf-8", "replace")
        return _LINE_BREAK.split(text)

    @cached_property
    def hashes(self) -> LineHashes:
        """GitHub's line hashes."""
        from scanner.report.line_hash import LineHashes

        return LineHashes(self._data)

    def line(self, number: int) -> str | None:
        """The 1-based line `number`, None where there is none."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else None


class SourceFiles:
    """Files below a root, the last few of them kept: findings come sorted by path."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._real_paths = RealPaths()
        self._kept: OrderedDict[str, SourceFile | None] = OrderedDict()

    def get(self, path: str) -> SourceFile | None:
        """The file `path` (relative to the root), None where it is missing, too large, no regular file, or where the
        path leads out of the root."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        if len(self._kept) >= _KEPT:
            self._kept.popitem(last=False)
        file = self._kept[path] = self._read(path) if path else None
        return file

    def _read(self, path: str) -> SourceFile | None:
        try:
            real = self._real_paths.real(os.path.join(self._root, path))  # noqa: PTH118
            if not lies_in(real, self._root):
                return None
            status = os.stat(real)  # noqa: PTH116
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAXIMUM_SIZE:
                return None
            with open(real, "rb", buffering=0) as file:  # noqa: PTH123
                return SourceFile(file.readall())
        except (OSError, ValueError, RuntimeError):
            # Gone or unreadable since the scan, a NUL in the name, a loop of links: the report stands without it.
            return None
