"""Durations as Go and Compose write them: `1m30s`, `500ms`, `1.5h`."""

from __future__ import annotations

from scanner.core.patterns import late

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "w": 604_800_000_000_000,
}
_DIGITS = 18
"""Behind the point of a part. Sums are in units that are so many digits smaller than nanoseconds."""
_MILLISECOND = 1_000_000 * 10**18
_PART = late(r"([0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(ns|us|µs|μs|ms|s|m|h|d|w)")


def parse_duration(text: str) -> int:
    """Milliseconds, rounded down. Days and weeks are Compose's addition to Go's grammar. Raises ValueError."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, position = 0, 0
    while position < len(rest):
        part = _PART.match(rest, position)
        if part is None:
            break
        whole, _, decimals = part[1].partition(".")
        total += int(whole + decimals.ljust(_DIGITS, "0")) * _NANOSECONDS[part[2]]
        position = part.end()
    if position == 0 or position < len(rest):
        raise ValueError("not a duration such as 1m30s")
    return sign * (total // _MILLISECOND)
