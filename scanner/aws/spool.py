"""The sections of a run until they are written: their records lie in a temporary file, as lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scanner.aws.snapshot import Section

_IN_MEMORY = 8 * 1024 * 1024


class Spool:
    """Sections by their key. A section that is added twice is the last one."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+b")  # noqa: SIM115 - it lives as long as this
        self._places: dict[tuple[str, str, str], tuple[Section, int]] = {}

    def add(self, section: Section, lines: Iterable[bytes]) -> Section:
        """Keeps a section and its lines; the result has their number."""
        self._file.seek(0, 2)
        start, count = self._file.tell(), 0
        for line in lines:
            self._file.write(line + b"\n")
            count += 1
        section = replace(section, count=count)
        self._places[section.key] = section, start
        return section

    def __contains__(self, key: tuple[str, str, str]) -> bool:
        return key in self._places

    @property
    def headings(self) -> list[Section]:
        """All sections in their order, without their lines."""
        return [self._places[key][0] for key in sorted(self._places)]

    def sections(self) -> Iterator[tuple[Section, Iterator[bytes]]]:
        """All sections in their order, each with its lines."""
        for key in sorted(self._places):
            section, start = self._places[key]
            yield section, self._lines(start, section.count)

    def _lines(self, start: int, count: int) -> Iterator[bytes]:
        self._file.seek(start)
        for _ in range(count):
            yield self._file.readline()[:-1]

    def close(self) -> None:
        """Removes the file."""
        self._file.close()
