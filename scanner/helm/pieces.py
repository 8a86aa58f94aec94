"""The pieces of a rendered text by offset, and the exact place in a template that a character was copied from."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from scanner.template.text import Piece, pieces_of


class Pieces:
    """The pieces of one text, found by the offsets of the characters that they cover."""

    __slots__ = ("pieces", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = str(text)
        self.pieces: tuple[Piece, ...] = pieces_of(text)
        self.starts = list(accumulate((piece[0] for piece in self.pieces[:-1]), initial=0))

    def at(self, offset: int) -> Piece | None:
        """The piece of the character at `offset`; the last one behind the end."""
        return self.pieces[bisect_right(self.starts, offset) - 1] if self.pieces else None

    def within(self, start: int, end: int) -> range:
        """The numbers of the pieces of the characters from `start` to before `end`, in order."""
        if start >= end or not self.pieces:
            return range(0)
        return range(bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1))

    def number(self, offset: int) -> int:
        """The number of the piece of the character at `offset`; -1 in an empty text."""
        return bisect_right(self.starts, offset) - 1 if self.pieces else -1

    def offset_in(self, source: Any, offset: int, number: int, character: int) -> int:
        """Where in `source` the character at offset `character` of this text stands, which piece `number`, written by
        the text or action at `offset` there, covers: the exact place if it was copied from the template's text, else
        that of the action.

        A piece remembers where its text began. What was indented, trimmed or cut into lines since has lost the rest of
        the way, which is found again by the characters that are no blanks: the same ones in the same order.
        """
        literal = _literal(source.text, offset)
        start = self.starts[number]
        own = self.text[start : start + self.pieces[number][0]]
        if literal.startswith(own):
            return offset + character - start
        letters, wanted = _dense(literal), _dense(own)
        if not letters or not wanted:
            return offset
        before = self._run(number, source, offset)
        at = len(before) if letters.startswith(before + wanted) else _nth(letters, wanted, self._before(number, own))
        if at < 0:
            return offset
        inside = own[: character - start + 1]
        at += max(len(_dense(inside)) - (not inside[-1:].isspace()), 0)
        return offset + _place(literal, min(at, len(letters) - 1))

    def _run(self, number: int, source: Any, offset: int) -> str:
        """What pieces written at the same place hold directly in front of a piece, without blanks."""
        words: list[str] = []
        for index in range(number - 1, -1, -1):
            length, position, _ = self.pieces[index]
            text = self.text[self.starts[index] : self.starts[index] + length]
            if position is not None and position[0] is source and position[1] == offset:
                words.append(_dense(text))
            elif text.strip():
                break
        return "".join(reversed(words))

    def _before(self, number: int, own: str) -> int:
        """How many pieces in front, written at the same place without a break, read the same."""
        position: Any = self.pieces[number][1]
        count = 0
        for index in range(number - 1, -1, -1):
            length, other, _ = self.pieces[index]
            text = self.text[self.starts[index] : self.starts[index] + length]
            if other is not None and position is not None and other[:2] == position[:2]:
                count += text == own
            elif text.strip():
                break
        return count


def _literal(text: str, offset: int) -> str:
    """The template text that begins at `offset`, up to the next action; '' where an action begins there."""
    if text.startswith("{{", offset):
        return ""
    end = text.find("{{", offset)
    return text[offset:] if end < 0 else text[offset:end]


def _dense(text: str) -> str:
    return "".join(text.split())


def _place(text: str, number: int) -> int:
    """The offset of the character with this number among those that are no blanks."""
    at = -1
    for _ in range(number + 1):
        at += 1
        while text[at].isspace():
            at += 1
    return at


def _nth(text: str, part: str, number: int) -> int:
    """Where `part` stands in `text` for the time `number` (from 0), else where it stands last; -1 for nowhere."""
    found = at = text.find(part)
    for _ in range(number):
        at = text.find(part, at + len(part))
        if at < 0:
            break
        found = at
    return found
