"""Texts as Go's functions on bytes see them: a character of Latin-1 for each byte, with the pieces kept."""

from __future__ import annotations

from scanner.template.text import Piece, Text, cut
from scanner.template.utf8 import decoded, encoded, is_stray


def to_bytes(value: str) -> str:
    """The bytes of a string, each as the character U+0000 to U+00FF; ASCII stays what it is."""
    if value.isascii():
        return value
    view = encoded(value).decode("latin-1")
    if type(value) is not Text:
        return view
    pieces: list[Piece] = []
    at = 0
    for length, position, origin in value.pieces:
        pieces.append((len(encoded(value[at : at + length])), position, origin))
        at += length
    return Text(view, pieces)


def from_bytes(view: str) -> str:
    """The string of the bytes that `to_bytes` gave, or of a part of them."""
    if view.isascii():
        return view
    result = decoded(view.encode("latin-1"))
    if type(view) is not Text:
        return result
    pieces: list[Piece] = []
    at = 0
    end = 0
    size = 0
    for length, position, origin in view.pieces:
        end += length
        first = at
        while size < end and at < len(result):
            size += len(encoded(result[at]))
            at += 1
        if at > first:
            pieces.append((at - first, position, origin))
    return Text(result, pieces)


def has_stray(text: str) -> bool:
    """Whether some bytes of a string are no valid UTF-8: what looks for them must look at bytes."""
    return not text.isascii() and any(map(is_stray, text))


def byte_cut(value: str, start: int, stop: int) -> str:
    """The bytes of `value` from `start` to `stop`; it may cut a character, whose bytes are stray ones then."""
    return cut(value, start, stop) if value.isascii() else from_bytes(cut(to_bytes(value), start, stop))
