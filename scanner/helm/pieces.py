"""The pieces of a rendered text by offset, and the exact place in a template that a character was copied from."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from scanner.core.patterns import late
from scanner.template.text import Piece, pieces_of

_WORDS = late(r"\S+")
_COPIED: Any = "copied"
_LOST: Any = "lost"


class Pieces:
    """The pieces of one text, found by the offsets of the characters that they cover."""

    __slots__ = ("_ways", "pieces", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = str(text)
        self._ways: dict[int, Any] = {}
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
        way = self._ways.get(number)
        if way is None:
            way = self._ways[number] = self._way(source, offset, number)
        inside = character - self.starts[number]
        if way is _COPIED:
            return offset + inside
        if way is _LOST:
            return offset
        own, literal, before = way
        at: int = literal.offset(before + own.number(inside))
        return offset + at

    def _way(self, source: Any, offset: int, number: int) -> Any:
        """How the characters of a piece lead back to those of the template: as they are, not at all, or by the letters
        of both, of which so many of the template's stand before."""
        literal = _literal(source.text, offset)
        start = self.starts[number]
        own = self.text[start : start + self.pieces[number][0]]
        if literal.startswith(own):
            return _COPIED
        letters, wanted = _dense(literal), _dense(own)
        if not letters or not wanted:
            return _LOST
        before = self._run(number, source, offset)
        at = len(before) if letters.startswith(before + wanted) else _nth(letters, wanted, self._before(number, own))
        return _LOST if at < 0 else (_Letters(own), _Letters(literal), at)

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


class _Letters:
    """The characters of a text that are no blanks, by their number."""

    def __init__(self, text: str) -> None:
        words = [match.span() for match in _WORDS.finditer(text)]
        self.starts = [start for start, _ in words]
        self.counts = list(accumulate((stop - start for start, stop in words), initial=0))

    def number(self, offset: int) -> int:
        """The number of the character at an offset; of the next one for a blank, of the last one at the end."""
        word = bisect_right(self.starts, offset) - 1
        if word < 0:
            return 0
        return min(self.counts[word] + offset - self.starts[word], self.counts[word + 1], self.counts[-1] - 1)

    def offset(self, number: int) -> int:
        """The offset of the character with this number."""
        number = min(number, self.counts[-1] - 1)
        word = bisect_right(self.counts, number) - 1
        return self.starts[word] + number - self.counts[word]


def _nth(text: str, part: str, number: int) -> int:
    """Where `part` stands in `text` for the time `number` (from 0), else where it stands last; -1 for nowhere."""
    found = at = text.find(part)
    for _ in range(number):
        at = text.find(part, at + len(part))
        if at < 0:
            break
        found = at
    return found
