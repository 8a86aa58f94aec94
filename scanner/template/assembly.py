"""Texts put together from parts whose origins are known: what writers of formats end with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from scanner.template.text import Piece, Position, Text, derived

BEFORE: Any = object()
"""As an origin: that of the part before, for what ends a line or an entry."""


def assembled(parts: Sequence[str], origins: Sequence[Any]) -> str:
    """The parts as one text. A part that is a Text keeps its pieces, another is of the origin that stands at its place.

    The result is a plain string where nothing has an origin.
    """
    text = "".join(parts)
    pieces: list[Piece] = []
    traced = False
    for part, origin in zip(parts, origins, strict=True):
        if part.__class__ is Text:
            traced = True
            found = part.pieces
            if pieces and found and pieces[-1][2] is found[0][2] and pieces[-1][1] is found[0][1]:
                length, position, origin = pieces[-1]
                pieces[-1] = (length + found[0][0], position, origin)
                pieces += found[1:]
            else:
                pieces += found
        elif not part:
            continue
        elif pieces and (origin is BEFORE or (pieces[-1][2] is origin and pieces[-1][1] is None)):
            length, position, before = pieces[-1]
            pieces[-1] = (length + len(part), position, before)
        else:
            origin = None if origin is BEFORE else origin
            pieces.append((len(part), None, origin))
            traced = traced or origin is not None
    return Text(text, pieces) if traced else text


def in_quotes(quoted: str, value: Text) -> str:
    """`quoted` is `value` in quotes: it has its pieces where nothing but the quotes is new, else its first origin."""
    if len(quoted) != len(value) + 2 or not value:
        return derived(quoted, value)
    pieces = list(value.pieces)
    length, position, origin = pieces[0]
    pieces[0] = (length + 1, position, origin)
    length, position, origin = pieces[-1]
    pieces[-1] = (length + 1, position, origin)
    return Text(quoted, pieces)


class Places:
    """Finds pieces of a text by offset."""

    def __init__(self, text: Text) -> None:
        self.pieces = text.pieces
        self.ends: list[int] = []
        end = 0
        for piece in text.pieces:
            end += piece[0]
            self.ends.append(end)

    def at(self, offset: int) -> tuple[Position | None, Any]:
        """(position, origin) of the character at `offset`; (None, None) behind the end."""
        index = bisect_right(self.ends, offset)
        if index >= len(self.pieces):
            return None, None
        piece = self.pieces[index]
        return piece[1], piece[2]

    def origin(self, start: int, stop: int) -> Any:
        """The first origin in the range; None where it has none."""
        index = bisect_right(self.ends, start)
        while index < len(self.pieces) and (not index or self.ends[index - 1] < stop):
            if self.pieces[index][2] is not None:
                return self.pieces[index][2]
            index += 1
        return None
