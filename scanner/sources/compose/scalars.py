"""Scalars as Compose prints them: what it takes for a text, a number, a size, and what it leaves out as empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scanner.sources.compose.casts import boolean
from scanner.sources.compose.go_values import float32, parse_float, parse_int
from scanner.sources.compose.units import format_bytes, format_duration, parse_bytes, parse_cpus, parse_duration

_OCTAL = re.compile(r"[+-]?[0-7]{1,21}\Z")
OMIT: Any = object()
"""The result for what Compose does not print."""


def convert(kind: str, value: Any) -> Any:
    """`value` as `kind` (a name of `Spec.out`), or OMIT. Raises ValueError."""
    return _KINDS[kind](value)


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value or OMIT
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        return OMIT
    if isinstance(value, bool | float | list | dict):
        raise ValueError("must be a text")
    return value  # unknown, or known in part


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return boolean(value)
    raise ValueError("must be true or false")


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a whole number")
    return parse_int(value) if isinstance(value, str) else int(value)


def _unsigned(value: Any) -> int:
    if isinstance(value, bool | str) or not isinstance(value, int | float) or value < 0:
        raise ValueError("must be a whole number that is not negative")
    return int(value)


def _float_32(value: Any) -> float:
    if isinstance(value, str):
        return float32(parse_float(value, 32))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    return float32(value)


def _mode(value: Any) -> str:
    """File permissions in octal digits."""
    if isinstance(value, str):
        if not _OCTAL.match(value):
            raise ValueError("must be a number in octal digits")
        number = int(value, 8)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    else:
        raise ValueError("must be a whole number")
    return f"0{number:o}" if number >= 0 else f"0-{-number:o}"


def _device_count(value: Any) -> int:
    if isinstance(value, str):
        return -1 if value.lower() == "all" else parse_int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("must be all or a whole number")


def _unless_zero(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert_or_omit(value: Any) -> Any:
        result = parse(value)
        return result or OMIT

    return convert_or_omit


def _bytes(value: Any) -> Any:
    size = parse_bytes(value)
    return format_bytes(size) if size else OMIT


def _set_duration(value: Any) -> Any:
    duration = parse_duration(value)
    return format_duration(duration) if duration else OMIT


def _opt_out(value: Any) -> Any:
    return OMIT if _flag(value) else False


_KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "flag": _unless_zero(_flag),
    "maybe_flag": _flag,
    "required": _flag,
    "opt_out": _opt_out,
    "integer": _unless_zero(_integer),
    "maybe_integer": _integer,
    "count": _unless_zero(_unsigned),
    "maybe_count": _unsigned,
    "unsigned_16": _unless_zero(lambda value: _unsigned(value) & 0xFFFF),
    "unsigned_32": _unless_zero(lambda value: _unsigned(value) & 0xFFFFFFFF),
    "umask": lambda value: _unsigned(value) & 0xFFFFFFFF,
    "float_32": _unless_zero(_float_32),
    "cpus": _unless_zero(parse_cpus),
    "bytes": _bytes,
    "duration": lambda value: format_duration(parse_duration(value)),
    "set_duration": _set_duration,
    "mode": _mode,
    "device_count": _unless_zero(_device_count),
}
KINDS = frozenset(_KINDS)
TEXTUAL = frozenset({"text"})
"""The kinds that may be known in part."""
