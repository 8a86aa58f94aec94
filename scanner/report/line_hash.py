"""GitHub's `primaryLocationLineHash`, so that code scanning follows an alert when lines move.

Written from the published description of the algorithm: the hash of a line is a polynomial over the 100 UTF-16 code
units that follow its start, without spaces and tabs and with every line break as one line feed; after the text stand
one end mark and zeros. A counter behind the colon tells apart lines with equal hashes.
"""

from __future__ import annotations

import re
import struct

WINDOW = 100
_MULTIPLIER = 37
_MODULUS = 2**64
_POWERS = [pow(_MULTIPLIER, WINDOW - 1 - index, _MODULUS) for index in range(WINDOW)]
_END_MARK = b"\xff\xff"
_BREAK = "\n".encode("utf-16-le")


class LineHashes:
    """The line hashes of one file, each computed when asked for."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        lines = [line.encode("utf-16-le") for line in re.sub("[ \t]+", "", text).split("\n")]
        self._units = _BREAK.join(lines) + _END_MARK + bytes(2 * WINDOW)
        self._starts = [0]
        for line in lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + len(_BREAK))
        self._numbers: list[int] | None = None

    def line(self, number: int) -> str:
        """`<hash>:<n>` of the 1-based line `number`, '' where the file has no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        units = struct.unpack(f"<{WINDOW}H", self._window(self._starts[number - 1]))
        value = sum(unit * power for unit, power in zip(units, _POWERS, strict=True)) % _MODULUS
        return f"{value:x}:{self._occurrences()[number - 1]}"

    def _window(self, start: int) -> bytes:
        return self._units[start : start + 2 * WINDOW]

    def _occurrences(self) -> list[int]:
        """For each line, how many lines up to and with it have the same window."""
        if self._numbers is None:
            seen: dict[int, int] = {}
            self._numbers = []
            for start in self._starts:
                window = hash(self._window(start))
                seen[window] = seen.get(window, 0) + 1
                self._numbers.append(seen[window])
        return self._numbers
