"""What a plain YAML scalar means to go-yaml v2, which Helm reads and writes YAML with."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from scanner.core.patterns import late
from scanner.core.timestamps import parse_timestamp

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_MEMO_LIMIT = 50_000
_LONGEST_KEPT = 200

_INTEGER = late(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z|0b([-+][01]+)\Z", re.ASCII
)
_FLOAT = late(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_POINTED = late(r"\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)


def _integer(digits: str) -> int | None:
    match = _INTEGER.match(digits)
    if match is None:
        return None
    sign, hexadecimal, binary, octal, decimal, signed_binary = match.groups()
    if signed_binary:  # the last resort of go-yaml takes the sign behind the prefix
        number, smallest, largest = _based(signed_binary, 2), -(1 << 63), (1 << 63) - 1
    else:
        if hexadecimal:
            number = _based(hexadecimal, 16)
        elif binary:
            number = _based(binary, 2)
        elif octal:
            number = _based(octal, 8)
        else:
            number = _based(decimal, 10)
        smallest, largest = -(1 << 63), ((1 << 63) if sign else (1 << 64)) - 1
        number = -number if sign == "-" else number
    return number if smallest <= number <= largest else None


def _based(digits: str, base: int) -> int:
    """The number; one that is surely out of range where there are too many digits for `int`."""
    return int(digits, base) if len(digits) < 100 else 1 << 70 if digits.lstrip("-+0") else 0


def _number(text: str) -> int | float | None:
    if text[0] == ".":
        return _float(text) if _POINTED.match(text) else None
    digits = text.replace("_", "")
    integer = _integer(digits)
    if integer is not None:
        return integer
    return _float(digits) if _FLOAT.match(digits) else None


def _float(digits: str) -> float | None:
    """None where it is out of range: Go's ParseFloat fails then, and the scalar stays text."""
    number = float(digits)
    return None if math.isinf(number) else number


def resolve(text: str) -> Scalar:
    """The value of a plain scalar without a tag: None, bool, int, float (also infinite or NaN), or the text itself.

    Points in time stay text, as go-yaml has them in untyped values.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-.":
        number = _number(text)
        return text if number is None else number
    return text


def is_text(text: str) -> bool:
    """Whether a plain scalar would be read as the text that it is; go-yaml quotes what would not. That goes for points
    in time, and for numbers to the base of 60 in YAML 1.1."""
    if text in _WORDS:
        return False
    if text[0] not in "0123456789+-.":
        return True
    if _number(text) is not None:
        return False
    if is_timestamp(text):
        return False
    return ":" not in text or not _BASE_60.match(text)


def is_timestamp(text: str) -> bool:
    """Whether it is a point in time in one of go-yaml's forms."""
    return text[4:5] == "-" and text[:4].isdecimal() and parse_timestamp(text) is not None


_BASE_60 = late(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z", re.ASCII)


class Memo(dict[str, object]):
    """Remembers what `compute` gave for a short text, up to a limit."""

    def __init__(self, compute: Callable[[str], object]) -> None:
        super().__init__()
        self.compute = compute

    def __missing__(self, text: str) -> object:
        value = self.compute(text)
        if len(text) < _LONGEST_KEPT and len(self) < _MEMO_LIMIT:
            self[str(text)] = value  # not a Text, which would keep its origin alive
        return value
