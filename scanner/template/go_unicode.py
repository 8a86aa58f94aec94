"""Go's unicode package: cases of single characters, and classes, of those that Python knows by other rules."""

from __future__ import annotations

from functools import cache
from unicodedata import category

REPLACEMENT = "\ufffd"


class _Cases(dict[int, str]):
    """A table for `str.translate` that is filled as characters occur; a stray byte becomes U+FFFD."""

    def __init__(self, change: str) -> None:
        super().__init__()
        self.change = getattr(str, change)

    def __missing__(self, code_point: int) -> str:
        result = self[code_point] = self._changed(chr(code_point))
        return result

    def _changed(self, character: str) -> str:
        if "\udc80" <= character <= "\udcff":
            return REPLACEMENT
        result: str = self.change(character)
        if len(result) == 1:
            return result
        # Python's mappings may give several characters, Go's never do: the title case is the one of the simple
        # mappings where it is a single character. I with a dot is the only one that becomes longer in lower case.
        if character == "\u0130":
            return "i" if self.change is str.lower else character
        title = character.title()
        return title if len(title) == 1 else character


UPPER = _Cases("upper")
LOWER = _Cases("lower")
TITLE = _Cases("title")


@cache
def is_upper(character: str) -> bool:
    """unicode.IsUpper."""
    return category(character) == "Lu"


@cache
def is_lower(character: str) -> bool:
    """unicode.IsLower."""
    return category(character) == "Ll"


@cache
def is_title(character: str) -> bool:
    """unicode.IsTitle."""
    return category(character) == "Lt"


@cache
def is_letter(character: str) -> bool:
    """unicode.IsLetter."""
    return category(character)[0] == "L"


@cache
def is_digit(character: str) -> bool:
    """unicode.IsDigit."""
    return category(character) == "Nd"


@cache
def is_number(character: str) -> bool:
    """unicode.IsNumber."""
    return category(character)[0] == "N"


@cache
def is_punctuation(character: str) -> bool:
    """unicode.IsPunct."""
    return category(character)[0] == "P"
