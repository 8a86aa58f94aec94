"""Texts that know where they come from: `str` with the origin of each piece, and the operations that keep them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any

from scanner.template.kinds import CHANCE

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


def line_pieces(text: str, source: Any, offset: int) -> list[Piece]:
    """The pieces of a template's own text at `offset`: one a line, so that one which is cut later keeps its line."""
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        pieces.append((end - at, (source, offset + at), None))
        at = end
    return pieces


def pieces_of(value: str) -> tuple[Piece, ...]:
    """The pieces of a string; a plain one is a single synthetic piece."""
    if type(value) is Text:
        return value.pieces
    return ((len(value), None, None),) if value else ()


def concat(texts: Sequence[str]) -> str:
    """The texts joined; traced where any of them is."""
    joined = "".join(texts)
    if not any(type(text) is Text for text in texts):
        return joined
    pieces: list[Piece] = []
    for text in texts:
        pieces += pieces_of(text)
    return Text(joined, pieces)


def cut(value: str, start: int, stop: int) -> str:
    """`value[start:stop]` for 0 <= start <= stop <= len(value), with its pieces."""
    if type(value) is not Text:
        return value[start:stop]
    length = stop - start
    if length == len(value):
        return value
    if len(value.pieces) == 1 and length:
        return Text(value[start:stop], ((length, value.pieces[0][1], value.pieces[0][2]),))
    return parts(value, ((start, stop),))[0]


def parts(value: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """`value[start:stop]` for each span, with their pieces, in one pass: the spans stand in order and apart."""
    if type(value) is not Text:
        return [value[start:stop] for start, stop in spans]
    plain = str(value)
    cursor = _Cursor(value.pieces)
    results: list[str] = []
    at = 0
    for start, stop in spans:
        cursor.copy(start - at, None)
        kept: list[Piece] = []
        cursor.copy(stop - start, kept)
        results.append(Text(plain[start:stop], kept))
        at = stop
    return results


def cutter(value: str) -> Callable[[int, int], str]:
    """A function that gives `value[start:stop]` with its pieces, for many cuts in any order."""
    if type(value) is not Text:
        return lambda start, stop: value[start:stop]
    plain = str(value)
    pieces = value.pieces
    ends = list(accumulate(piece[0] for piece in pieces))

    def cut_out(start: int, stop: int) -> str:
        return Text(plain[start:stop], _covering(pieces, ends, bisect_right(ends, start), start, stop)[0])

    return cut_out


def spliced(value: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """`value` with `edits` (start, stop, replacement), in order and apart, applied.

    A plain replacement of something takes the origin of the first character that it replaces; a plain insertion is
    synthetic. This is what replace, quote and wrap are made of.
    """
    if type(value) is not Text and not any(type(edit[2]) is Text for edit in edits):
        if not edits:
            return value
        return _splice(value, edits)
    source = pieces_of(value)
    pieces: list[Piece] = []
    at = 0
    if len(source) == 1:
        _, position, origin = source[0]
        for start, stop, replacement in edits:
            if start > at:
                pieces.append((start - at, position, origin))
            if type(replacement) is Text or start == stop:
                pieces += pieces_of(replacement)
            elif replacement:
                pieces.append((len(replacement), position, origin))
            at = stop
        if len(value) > at:
            pieces.append((len(value) - at, position, origin))
        return Text(_splice(value, edits), merged(pieces))
    cursor = _Cursor(source)
    for start, stop, replacement in edits:
        cursor.copy(start - at, pieces)
        replaced = cursor.copy(stop - start, None)
        if replacement:
            if type(replacement) is Text or replaced is None:
                pieces += pieces_of(replacement)
            else:
                pieces.append((len(replacement), replaced[1], replaced[2]))
        at = stop
    cursor.copy(len(value) - at, pieces)
    return Text(_splice(value, edits), merged(pieces))


def _splice(value: str, edits: Sequence[tuple[int, int, str]]) -> str:
    words: list[str] = []
    at = 0
    for start, stop, replacement in edits:
        words += (value[at:start], replacement)
        at = stop
    words.append(value[at:])
    return "".join(words)


def indented(value: str, pad: int, before: str = "") -> str:
    """`value` with `pad` blanks in front of each line, which belong to the piece that they stand before; `before` it
    all stands a plain text."""
    blanks = " " * pad
    result = before + blanks + value.replace("\n", "\n" + blanks)
    if type(value) is not Text:
        return result
    pieces: list[Piece] = [(len(before), None, None)] if before else []
    at = 0
    count = value.count
    for piece in value.pieces:
        length = piece[0]
        lines = count("\n", at - 1, at + length - 1) if at else 1 + count("\n", 0, length - 1)
        pieces.append((length + lines * pad, piece[1], piece[2]) if lines else piece)
        at += length
    if not value.pieces:
        return before + blanks
    if pad and value[-1] == "\n":
        length, position, origin = pieces[-1]
        pieces[-1] = (length + pad, position, origin)
    return Text(result, pieces)


def same_length(result: str, value: str) -> str:
    """`result`, made of `value` character by character (a change of case): it has the pieces of `value`."""
    return Text(result, value.pieces) if type(value) is Text else result


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, neighbours of the same position and origin made one."""
    results: list[Piece] = []
    length = 0
    position: Position | None = None
    origin: Any = None
    for piece in pieces:
        if piece[1] is position and piece[2] is origin:
            length += piece[0]
        else:
            if length:
                results.append((length, position, origin))
            length, position, origin = piece
    if length:
        results.append((length, position, origin))
    return results


class _Cursor:
    """Hands out pieces from left to right, splitting them as needed."""

    __slots__ = ("at", "ends", "index", "pieces")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.ends = list(accumulate(piece[0] for piece in pieces))
        self.index = 0
        self.at = 0

    def copy(self, length: int, into: list[Piece] | None) -> Piece | None:
        """Takes the pieces of the next `length` characters `into` a list; returns the first of them, if any."""
        if length <= 0:
            return None
        first = self.pieces[self.index]
        start, self.at = self.at, self.at + length
        if into is None:
            self.index = bisect_right(self.ends, self.at, self.index)
        else:
            found, self.index = _covering(self.pieces, self.ends, self.index, start, self.at)
            into += found
        return first


def _covering(
    pieces: Sequence[Piece], ends: Sequence[int], index: int, start: int, stop: int
) -> tuple[list[Piece], int]:
    """The pieces of the characters from `start` to before `stop`, and the index of the piece at `stop`; that at `start`
    is `index`, and `ends` is where each piece ends."""
    if stop <= start:
        return [], index
    last = bisect_left(ends, stop, index)
    found = list(pieces[index : last + 1])
    _, position, origin = found[-1]
    found[-1] = (stop - (ends[last - 1] if last > index else start), position, origin)
    if last > index:
        _, position, origin = found[0]
        found[0] = (ends[index] - start, position, origin)
    return found, last + (ends[last] == stop)


def derived(result: str, *sources: object) -> str:
    """`result`, computed from `sources` (a hash, an encoding, a case change): wholly of the first origin among them.

    What holds something drawn by chance is another one each time, as a whole.
    """
    for source in sources:
        if type(source) is Text and any(piece[2] is CHANCE for piece in source.pieces):
            return from_origin(str(result), CHANCE)
    for source in sources:
        position, origin = first_origin(source)
        origin = getattr(origin, "whole", origin)  # that of the text of which a line has the origin
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
