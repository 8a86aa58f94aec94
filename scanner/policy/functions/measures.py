"""Amounts with units: quantities, durations, byte sizes; and how people read them."""

from __future__ import annotations

import re
from functools import cache

from scanner.core.duration import parse_duration
from scanner.core.quantity import millis, units
from scanner.policy.function import Function

_INT64 = 2**63
_SIZE_UNITS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_LONGEST = 64


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile({"size": r"(\d+(?:\.\d*)?|\.\d+) ?([a-zA-Z]*)\Z"}[name], re.ASCII)


def duration_ms(text: str) -> int:
    """A duration of Go or Compose (`1m30s`, `1.5h`, `2d`) in milliseconds, cut to whole ones.

    `0` needs no unit. Raises ValueError for anything else without one.
    """
    if len(text) > _LONGEST:
        raise ValueError("a duration is written like 1m30s")
    return _int64(parse_duration(text.strip()), "duration")


def byte_size(text: str) -> int:
    """A byte size of Compose (`512m`, `1.5GB`, `64MiB`, `1024`) in bytes; every unit is a power of 1024."""
    match = _pattern("size").match(text.strip()) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError("a byte size is written like 512m or 2gb")
    unit = match[2].lower()
    if len(unit) > 1:
        unit = unit.removesuffix("ib") if unit.endswith("ib") else unit.removesuffix("b")
    if unit not in _SIZE_UNITS:
        raise ValueError("the units of a byte size are b, k, m, g, t and p")
    whole, _, decimals = match[1].partition(".")
    return _int64(int(whole + decimals) * 1024 ** _SIZE_UNITS[unit] // 10 ** len(decimals), "byte size")


def quantity(text: str) -> int:
    """A Kubernetes quantity (`1Gi`, `500m`, `1e3`) in whole units, rounded away from zero as Kubernetes does."""
    return units(text)


def milli_quantity(text: str) -> int:
    """A Kubernetes quantity (`250m`, `1.5`) in thousandths, rounded away from zero."""
    return _int64(millis(text), "quantity")


def _int64(value: int, what: str) -> int:
    if not -_INT64 <= value < _INT64:
        raise ValueError(f"the {what} does not fit into 64 bits")
    return value


def human_bytes(size: int) -> str:
    """`size` bytes for people: `512 MiB`, `1.5 GiB`."""
    for power, unit in enumerate(("bytes", "KiB", "MiB", "GiB", "TiB")):
        if abs(size) < 1024 ** (power + 1):
            return f"{_short(size / 1024**power)} {unit}"
    return f"{_short(size / 1024**5)} PiB"


def human_duration(milliseconds: int) -> str:
    """`milliseconds` for people: `1h30m`, `15s`, `250ms`."""
    sign = "-" if milliseconds < 0 else ""
    rest = abs(milliseconds)
    if rest == 0:
        return "0s"
    written = []
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, rest = divmod(rest, size)
        if count:
            written.append(f"{count}{unit}")
    return sign + "".join(written)


def _short(amount: float) -> str:
    return f"{amount:.1f}".removesuffix(".0")


FUNCTIONS = (
    Function("duration_ms", ("string",), "int", duration_ms),
    Function("byte_size", ("string",), "int", byte_size),
    Function("quantity", ("string",), "int", quantity),
    Function("milli_quantity", ("string",), "int", milli_quantity),
    Function("human_bytes", ("int",), "string", human_bytes),
    Function("human_duration", ("int",), "string", human_duration),
)
