"""Texts that know where they come from: `str` with the origin of each piece, and the operations that keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Position = tuple[Any, int]
"""A place in a template: its Source, and the offset of the text or action in it, in code points."""

Piece = tuple[int, Position | None, Any]
"""(length in code points, the template position that wrote it or None, the origin of the value or None).

The origin is opaque here: whoever makes values for templates puts it in. A piece with neither is synthetic."""


class Text(str):
    """A traced string. Its pieces cover it completely, in order; none is empty.

    The methods of `str` return plain strings: whatever should keep the pieces goes through this module.
    """

    __slots__ = ("pieces",)
    pieces: tuple[Piece, ...]

    def __new__(cls, value: str, pieces: Iterable[Piece]) -> Text:
        """`value` with its pieces."""
        self = str.__new__(cls, value)
        self.pieces = tuple(pieces)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (str(self), self.pieces)


def from_origin(value: str, origin: Any) -> Text:
    """A value that comes from one place."""
    return Text(value, ((len(value), None, origin),) if value else ())


def pieces_of(value: str) -> tuple[Piece, ...]:
    """The pieces of a string; a plain one is a single synthetic piece."""
    if type(value) is Text:
        return value.pieces
    return ((len(value), None, None),) if value else ()


def concat(parts: Sequence[str]) -> str:
    """The parts joined; traced where any of them is."""
    joined = "".join(parts)
    if any(type(part) is Text for part in parts):
        return Text(joined, [piece for part in parts for piece in pieces_of(part)])
    return joined


def cut(value: str, start: int, stop: int) -> str:
    """`value[start:stop]` for 0 <= start <= stop <= len(value), with its pieces."""
    part = str(value)[start:stop]
    if type(value) is not Text:
        return part
    kept: list[Piece] = []
    at = 0
    for length, position, origin in value.pieces:
        first, last = max(start - at, 0), min(stop - at, length)
        if first < last:
            kept.append((last - first, position, origin))
        at += length
        if at >= stop:
            break
    return Text(part, kept)


def spliced(value: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """`value` with `edits` (start, stop, replacement), in order and apart, applied.

    A plain replacement of something takes the origin of the first character that it replaces; a plain insertion is
    synthetic. This is what replace, indent, quote and trim are made of.
    """
    if type(value) is not Text and not any(type(edit[2]) is Text for edit in edits):
        parts: list[str] = []
        at = 0
        for start, stop, replacement in edits:
            parts += (value[at:start], replacement)
            at = stop
        parts.append(value[at:])
        return "".join(parts)
    cursor = _Cursor(value)
    text: list[str] = []
    pieces: list[Piece] = []
    plain = str(value)
    at = 0
    for start, stop, replacement in edits:
        text += (plain[at:start], replacement)
        pieces += cursor.take(start - at)
        replaced = cursor.take(stop - start)
        if replacement:
            if type(replacement) is Text or not replaced:
                pieces += pieces_of(replacement)
            else:
                pieces.append((len(replacement), replaced[0][1], replaced[0][2]))
        at = stop
    text.append(plain[at:])
    pieces += cursor.take(len(plain) - at)
    return Text("".join(text), pieces)


class _Cursor:
    """Hands out the pieces of a string from left to right, splitting them as needed."""

    def __init__(self, value: str) -> None:
        self.rest = list(reversed(pieces_of(value)))

    def take(self, length: int) -> list[Piece]:
        taken: list[Piece] = []
        while length > 0:
            piece = self.rest.pop()
            if piece[0] > length:
                self.rest.append((piece[0] - length, piece[1], piece[2]))
                piece = (length, piece[1], piece[2])
            taken.append(piece)
            length -= piece[0]
        return taken


def derived(result: str, *sources: object) -> str:
    """`result`, computed from `sources` (a hash, an encoding, a case change): wholly of the first origin among them."""
    for source in sources:
        position, origin = first_origin(source)
        if position is not None or origin is not None:
            return Text(result, ((len(result), position, origin),) if result else ())
    return result


def first_origin(value: object) -> tuple[Position | None, Any]:
    """The first (position, origin) of a traced value of any kind; (None, None) where there is none. An origin of a
    values file is preferred to a position alone."""
    if type(value) is Text:
        best: tuple[Position | None, Any] = (None, None)
        for _, position, origin in value.pieces:
            if origin is not None:
                return position, origin
            if best[0] is None:
                best = (position, None)
        return best
    return None, getattr(value, "origin", None)
