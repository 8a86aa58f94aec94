"""Texts put together from parts whose origins are known: what writers of formats end with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from sys import maxsize
from typing import Any

from scanner.template.text import Piece, Position, Text, derived

BEFORE: Any = object()
"""As an origin: that of the part before, for what ends a line or an entry."""


def assembled(parts: Sequence[str], origins: Sequence[Any]) -> str:
    """The parts as one text. A part that is a Text keeps its pieces, another is of the origin that stands at its place.

    The result is a plain string where nothing has an origin.
    """
    pieces: list[Piece] = []
    traced = False
    length = 0
    position: Position | None = None
    last: Any = None
    for part, origin in zip(parts, origins, strict=True):
        if part.__class__ is Text:
            traced = True
            found = part.pieces
            if found and found[0][2] is last and found[0][1] is position:
                length += found[0][0]
                found = found[1:]
            if found:
                if length:
                    pieces.append((length, position, last))
                pieces += found[:-1]
                length, position, last = found[-1]
        elif not part:
            continue
        elif origin is BEFORE or (origin is last and position is None):
            length += len(part)
        else:
            if length:
                pieces.append((length, position, last))
            length, position, last = len(part), None, origin
            traced = True
    if length:
        pieces.append((length, position, last))
    text = "".join(parts)
    return Text(text, pieces) if traced else text


def in_quotes(quoted: str, value: Text) -> str:
    """`quoted` is `value` in quotes: it has its pieces where nothing but the quotes is new, else its first origin."""
    if len(quoted) != len(value) + 2 or not value:
        return derived(quoted, value)
    length, position, origin = value.pieces[0]
    if length == len(value):
        return Text(quoted, ((length + 2, position, origin),))
    pieces = list(value.pieces)
    pieces[0] = (length + 1, position, origin)
    length, position, origin = pieces[-1]
    pieces[-1] = (length + 1, position, origin)
    return Text(quoted, pieces)


class Places:
    """Finds pieces of a text by offset. Behind the last piece stands one without origin that never ends."""

    def __init__(self, text: Text) -> None:
        self.pieces = (*text.pieces, (maxsize, None, None))
        self.ends = [*accumulate(piece[0] for piece in text.pieces), maxsize]

    def at(self, offset: int) -> tuple[Position | None, Any]:
        """(position, origin) of the character at `offset`; (None, None) behind the end."""
        piece = self.pieces[bisect_right(self.ends, offset)]
        return piece[1], piece[2]

    def origin(self, start: int, stop: int) -> Any:
        """The first origin in the range; None where it has none."""
        index = bisect_right(self.ends, start)
        while not index or self.ends[index - 1] < stop:
            if self.pieces[index][2] is not None:
                return self.pieces[index][2]
            index += 1
        return None
