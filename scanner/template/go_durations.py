"""Go's durations: nanoseconds as `1h2m3.5s`."""

from __future__ import annotations

from scanner.core.patterns import late
from scanner.template.layout_reading import quote_bytes

NANOSECOND, MICROSECOND, MILLISECOND = 1, 1_000, 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
LONGEST = (1 << 63) - 1
"""The longest duration, about 292 years."""

_UNITS = {"ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": SECOND, "m": MINUTE, "h": HOUR}
_TERM = late(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")


class DurationError(ValueError):
    """A text that is no duration, in Go's words."""


def wrapped(number: int) -> int:
    """A number as a signed integer of 64 bits, which overflows silently."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def parse_duration(text: str) -> int:
    """Nanoseconds of `1h30m`, `-1.5h`, `300ms`. Raises DurationError."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise _error("invalid duration", text)
    total = 0
    at = 0
    while at < len(rest):
        match = _TERM.match(rest, at)
        whole, fraction, unit = match.groups() if match else ("", None, "")
        if not whole and len(fraction or "") < 2:
            raise _error("invalid duration", text)
        number = int(whole.lstrip("0")[:20] or 0)
        if number > 1 << 63:
            raise _error("invalid duration", text)
        if not unit:
            raise _error("missing unit in duration", text)
        if unit not in _UNITS:
            raise _error(f"unknown unit {quote_bytes(_view(unit))} in duration", text)
        term = number * _UNITS[unit]
        # A fraction is only taken as far as it fits 64 bits, and goes through a float, as in Go.
        if fraction and term <= 1 << 63:
            term += _fraction(fraction[1:], _UNITS[unit])
        total += term
        if total > 1 << 63:
            raise _error("invalid duration", text)
        at += len(whole) + len(fraction or "") + len(unit)
    if text[0] == "-":
        return -total
    if total > LONGEST:
        raise _error("invalid duration", text)
    return total


def _fraction(digits: str, unit: int) -> int:
    number, scale = 0, 1.0
    for digit in digits:
        if number > LONGEST // 10 or number * 10 + int(digit) > 1 << 63:
            break
        number = number * 10 + int(digit)
        scale *= 10
    return int(float(number) * (float(unit) / scale))


def _error(message: str, text: str) -> DurationError:
    return DurationError(f"time: {message} {quote_bytes(_view(text))}")


def _view(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def format_duration(nanoseconds: int) -> str:
    """`1h2m3.5s`, `1.5ms`, `0s`: hours are the largest unit, and below a second there is only one."""
    sign = "-" if nanoseconds < 0 else ""
    rest = abs(nanoseconds)
    if rest == 0:
        return "0s"
    if rest < SECOND:
        for name, unit in (("ns", NANOSECOND), ("µs", MICROSECOND), ("ms", MILLISECOND)):
            if rest < unit * 1000:
                return f"{sign}{_decimal(rest, unit)}{name}"
    minutes, rest = divmod(rest, MINUTE)
    text = f"{_decimal(rest, SECOND)}s"
    if minutes:
        hours, minutes = divmod(minutes, 60)
        text = f"{hours}h{minutes}m{text}" if hours else f"{minutes}m{text}"
    return sign + text


def _decimal(number: int, unit: int) -> str:
    whole, part = divmod(number, unit)
    if part == 0:
        return str(whole)
    return f"{whole}.{str(part + unit)[1:].rstrip('0')}"
