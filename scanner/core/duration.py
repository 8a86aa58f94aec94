"""Durations as Go and Compose write them: `1m30s`, `500ms`, `1.5h`."""

from __future__ import annotations

from fractions import Fraction

from scanner.core.patterns import late

_MILLISECONDS = {
    "ns": Fraction(1, 1_000_000),
    "us": Fraction(1, 1_000),
    "µs": Fraction(1, 1_000),
    "μs": Fraction(1, 1_000),
    "ms": Fraction(1),
    "s": Fraction(1_000),
    "m": Fraction(60_000),
    "h": Fraction(3_600_000),
    "d": Fraction(86_400_000),
    "w": Fraction(604_800_000),
}
_PART = late(r"([0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(ns|us|µs|μs|ms|s|m|h|d|w)")


def parse_duration(text: str) -> int:
    """Milliseconds, rounded down. Days and weeks are Compose's addition to Go's grammar. Raises ValueError."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, position = Fraction(0), 0
    while position < len(rest):
        part = _PART.match(rest, position)
        if part is None:
            break
        total += (
            Fraction(part[1].rstrip(".") if not part[1].startswith(".") else "0" + part[1]) * _MILLISECONDS[part[2]]
        )
        position = part.end()
    if position == 0 or position < len(rest):
        raise ValueError("not a duration such as 1m30s")
    return sign * int(total)
