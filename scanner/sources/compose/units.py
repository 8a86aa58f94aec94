"""Byte sizes, durations and processor shares: read and printed as Compose does."""

from __future__ import annotations

import math
import re
from typing import Any

from scanner.core.patterns import late
from scanner.sources.compose.go_values import float32, parse_float, parse_int, quote, text_of

_MULTIPLES = {"": 1, "b": 1} | {
    letter + suffix: 1 << (10 * power) for power, letter in enumerate("kmgtp", 1) for suffix in ("", "b", "ib")
}
_LAST_OF_NUMBER = late(r".*[0-9. ]", re.DOTALL)
_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1

NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "w": 604_800_000_000_000,
}
_TERM = late(r"([0-9]*)(\.?)([0-9]*)([^.0-9]*)", re.ASCII)


def parse_bytes(value: Any) -> int:
    """Bytes from `mem_limit` and the like: an int, or text such as `512m`, `1.5g`, `64KiB`, `-1`.

    Units are powers of 1024. A float is ignored by Compose, which makes it 0. Raises ValueError.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return 0
    if isinstance(value, int):
        return value
    try:
        return parse_int(value)
    except ValueError:
        return ram_in_bytes(value)


def ram_in_bytes(text: str) -> int:
    """Bytes from a number with an optional unit (b, k, kb, kib, m, ... p), not negative. Raises ValueError."""
    head = _LAST_OF_NUMBER.match(text)
    if head is None:
        raise ValueError(f"invalid size: '{text}'")
    suffix = text[head.end() :]
    number = parse_float(head[0].removesuffix(" ") if head[0].endswith(" ") else head[0])
    if number < 0:
        raise ValueError(f"invalid size: '{text}'")
    multiple = _MULTIPLES.get(suffix.lower())
    if multiple is None or len(suffix.encode("utf-8", "surrogatepass")) > 3:
        raise ValueError(f"invalid suffix: '{suffix.lower()}'")
    size = number * multiple
    return int(size) if math.isfinite(size) and size < 1 << 63 else _SMALLEST


def format_bytes(size: int) -> str:
    """How Compose prints a size: its bytes in decimal, as text."""
    return str(size)


def parse_duration(value: Any) -> int:
    """Nanoseconds from `1m30s`, `1.5h`, `2d`, `1w2d`; a bare number other than 0 has no unit. Raises ValueError."""
    text = text_of(value)
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0
    total, position = 0, 0
    while position < len(rest) or not rest:
        term = _TERM.match(rest, position)
        whole, _, fraction, unit = term.groups() if term else ("", "", "", "")
        if term is None or not (whole or fraction) or len(whole.lstrip("0")) > 19 or int(whole or 0) > _LARGEST:
            raise ValueError(f"time: invalid duration {quote(text)}")
        if not unit:
            raise ValueError(f"time: missing unit in duration {quote(text)}")
        if unit not in NANOSECONDS:
            raise ValueError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
        total += int(whole or 0) * NANOSECONDS[unit] + _fraction(fraction, NANOSECONDS[unit])
        if total > _LARGEST:
            raise ValueError(f"time: invalid duration {quote(text)}")
        position = term.end()
    return -total if text.startswith("-") else total


def _fraction(digits: str, unit: int) -> int:
    """`digits` after the point as nanoseconds; digits beyond 64 bits are left out, in double precision like Go's."""
    number, scale = 0, 1.0
    for digit in digits:
        longer = number * 10 + int(digit)
        if longer > _LARGEST:
            break
        number, scale = longer, scale * 10
    return int(float(number) * (float(unit) / scale))


def format_duration(nanoseconds: int) -> str:
    """How Go prints a duration: `1m30s`, `1h0m0s`, `1.5s`, `100ms`, `0s`."""
    sign, size = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if size == 0:
        return "0s"
    for unit, scale in (("ns", 1), ("\u00b5s", 1_000), ("ms", 1_000_000)):
        if size < scale * 1_000:
            return sign + _decimal(size, scale) + unit
    minutes, seconds = divmod(size, NANOSECONDS["m"])
    hours, minutes = divmod(minutes, 60)
    prefix = (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "")
    return f"{sign}{prefix}{_decimal(seconds, NANOSECONDS['s'])}s"


def _decimal(size: int, scale: int) -> str:
    whole, rest = divmod(size, scale)
    return f"{whole}.{str(rest).zfill(len(str(scale)) - 1)}".rstrip("0").rstrip(".") if rest else str(whole)


def parse_cpus(value: Any) -> float:
    """Processors from `deploy.resources.*.cpus`: text or a number, rounded to 32 bits as Compose prints it.

    An int where it has no fraction. Raises ValueError.
    """
    if isinstance(value, str):
        return float32(parse_float(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"unexpected value type {type(value).__name__} for cpus")
    return float32(value)
