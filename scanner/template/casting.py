"""Numbers from any value, as spf13/cast converts them: 0 where it cannot."""

from __future__ import annotations

import math
import re

from scanner.template.kinds import NamedInt

LEAST, GREATEST = -(2**63), 2**63 - 1
"""The bounds of int64, and of int, which is the same."""

# The patterns are compiled when they are first used: most charts convert no texts.
_WHOLE = (
    r"([+-]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]((?:_?[0-7])+)|0((?:_?[0-7])+)|(0|[1-9](?:_?[0-9])*))"
)
_BASES = (16, 2, 8, 8, 10)
_ZERO_FRACTION = r"\.0+\.*\Z"
_DECIMAL = r"[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?"
_HEXADECIMAL = (
    r"[+-]?0[xX](?:(?:_?[0-9a-fA-F])+(?:\.(?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)?|\.[0-9a-fA-F](?:_?[0-9a-fA-F])*)"
    r"[pP][+-]?[0-9](?:_?[0-9])*"
)
_SPECIAL = r"(?i:[+-]?inf(?:inity)?|nan)"
_DATE_PARTS = ("time.Weekday", "time.Month")


def wrapped(number: int) -> int:
    """A number as 64 bits hold it."""
    return (number - LEAST & 0xFFFFFFFFFFFFFFFF) + LEAST


def parse_whole(text: str) -> int | None:
    """strconv.ParseInt with base 0: a prefix says the base, `_` may part digits; None for all else."""
    match = re.fullmatch(_WHOLE, text)
    if match is None:
        return None
    sign, *groups = match.groups()
    for digits, base in zip(groups, _BASES, strict=True):
        significant = (digits or "").replace("_", "").lstrip("0")
        if significant:
            number = int(sign + significant, base) if len(significant) <= 64 else GREATEST + 1
            return number if LEAST <= number <= GREATEST else None
    return 0


def parse_float(text: str) -> float | None:
    """strconv.ParseFloat; None for what is no number, and for one that is too large."""
    if re.fullmatch(_DECIMAL, text):
        number = float(text)
        return None if math.isinf(number) else number
    if re.fullmatch(_SPECIAL, text):
        return float(text)
    if re.fullmatch(_HEXADECIMAL, text):
        try:
            return float.fromhex(text.replace("_", ""))
        except OverflowError:
            return None
    return None


def truncated(number: float) -> int:
    """The int64 of a float64. What does not fit is the least one, as on amd64."""
    return int(number) if LEAST <= number <= GREATEST - 1023 else LEAST


def to_int64(value: object) -> int:
    """cast.ToInt64, and ToInt. The result is a plain int."""
    if isinstance(value, str):
        return parse_whole(re.sub(_ZERO_FRACTION, "", value)) or 0
    if isinstance(value, float):
        return truncated(value)
    if isinstance(value, NamedInt):
        return int(value) if value.go_type in _DATE_PARTS else 0
    return wrapped(int(value)) if isinstance(value, int) else 0


def to_float64(value: object) -> float:
    """cast.ToFloat64. The result is a plain float."""
    if isinstance(value, str):
        number = parse_float(value)
        return 0.0 if number is None else number
    if isinstance(value, NamedInt):
        return float(value) if value.go_type in _DATE_PARTS else 0.0
    return float(value) if isinstance(value, (int, float)) else 0.0
