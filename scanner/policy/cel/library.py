"""The standard functions of the language: sizes, strings, conversions. Each gets values whose classes it checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scanner.core.unknown import PartialText
from scanner.policy.cel import partial
from scanner.policy.cel.signals import LONGEST_LIST, LONGEST_TEXT, Exhausted, Fault
from scanner.policy.cel.values import NO_OVERLOAD, require_known

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_LONGEST_NUMBER = 400
_SCIENTIFIC = 6
_BLANK = " \t\n\v\f\r"
_INTEGER = r"[+-]?[0-9]+\Z"
_REAL = (
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|0x(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?"
    r"|nan|inf|infinity)\Z"
)
_SPACE = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003"
    "\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

OUT_OF_BOUNDS = "the index is out of bounds"

Call = Callable[..., Any]
"""Takes the offset of the call, then its arguments."""


def _size(offset: int, value: Any) -> int:
    if value.__class__ not in {str, list, dict}:
        raise Fault(NO_OVERLOAD, offset)
    return len(value)


def _contains(offset: int, text: Any, wanted: Any) -> bool:
    if text.__class__ is str and wanted.__class__ is str:
        return bool(wanted in text)
    _need_text(offset, text, wanted)
    return partial.contains_text(text, wanted)


def _starts_with(offset: int, text: Any, prefix: Any) -> bool:
    if text.__class__ is str and prefix.__class__ is str:
        return bool(text.startswith(prefix))
    _need_text(offset, text, prefix)
    return partial.starts_with(text, prefix)


def _ends_with(offset: int, text: Any, suffix: Any) -> bool:
    if text.__class__ is str and suffix.__class__ is str:
        return bool(text.endswith(suffix))
    _need_text(offset, text, suffix)
    return partial.ends_with(text, suffix)


def _need_text(offset: int, *values: Any) -> None:
    for value in values:
        if value.__class__ is not str and value.__class__ is not PartialText:
            raise Fault(NO_OVERLOAD, offset)


def _matches(offset: int, text: Any, pattern: Any) -> bool:
    from scanner.policy.cel.patterns import compiled

    if text.__class__ is not str or pattern.__class__ is not str:
        raise Fault(NO_OVERLOAD, offset)
    try:
        return compiled(pattern).search(text) is not None
    except UnicodeEncodeError:
        raise Fault("half of a surrogate pair cannot be matched", offset) from None
    except ValueError:
        raise Fault("the regular expression is not valid", offset) from None


def _text(offset: int, value: Any) -> str:
    if value.__class__ is not str:
        raise Fault(NO_OVERLOAD, offset)
    return str(value)


def _translated(offset: int, value: Any, table: dict[int, int]) -> str | PartialText:
    """Character by character, so that the known pieces of a half-known string stay known."""
    if value.__class__ is PartialText:
        return PartialText(tuple(part.translate(table) if isinstance(part, str) else part for part in value.parts))
    return _text(offset, value).translate(table)


def _int64(offset: int, value: Any) -> int:
    if value.__class__ is not int:
        raise Fault(NO_OVERLOAD, offset)
    return int(value)


def _replace(offset: int, value: Any, wanted: Any, replacement: Any, limit: Any = -1) -> str:
    text, old, new, count = (
        _text(offset, value),
        _text(offset, wanted),
        _text(offset, replacement),
        _int64(offset, limit),
    )
    places = text.count(old)
    places = places if count < 0 else min(count, places)
    _fits(len(text) + places * (len(new) - len(old)), LONGEST_TEXT, offset)
    return text.replace(old, new, places)


def _fits(size: int, limit: int, offset: int) -> None:
    if size > limit:
        raise Exhausted("the expression makes too long a string or list", offset)


def _split(offset: int, value: Any, by: Any, most: Any = -1) -> list[str]:
    text, separator, limit = _text(offset, value), _text(offset, by), _int64(offset, most)
    if limit == 0:
        return []
    _fits(text.count(separator), LONGEST_LIST, offset)
    if not text:
        return [text]
    if separator:
        return text.split(separator, limit - 1 if limit > 0 else -1)
    if limit < 0 or limit >= len(text):
        return list(text)
    return [*text[: limit - 1], text[limit - 1 :]]


def _join(offset: int, items: Any, by: Any = "") -> str:
    if items.__class__ is not list:
        raise Fault(NO_OVERLOAD, offset)
    separator = _text(offset, by)
    require_known(items, partial=False)
    pieces = [_text(offset, item) for item in items]
    _fits(sum(map(len, pieces)) + len(separator) * len(pieces), LONGEST_TEXT, offset)
    return separator.join(pieces)


def _substring(offset: int, value: Any, first: Any, last: Any = None) -> str:
    text, start = _text(offset, value), _int64(offset, first)
    end = len(text) if last is None else _int64(offset, last)
    if not 0 <= start <= end <= len(text):
        raise Fault(OUT_OF_BOUNDS, offset)
    return text[start:end]


def _char_at(offset: int, value: Any, place: Any) -> str:
    text, index = _text(offset, value), _int64(offset, place)
    if not 0 <= index <= len(text):
        raise Fault(OUT_OF_BOUNDS, offset)
    return text[index : index + 1]


def _index_of(offset: int, value: Any, part: Any, first: Any = 0) -> int:
    text, wanted, start = _text(offset, value), _text(offset, part), _int64(offset, first)
    if not 0 <= start <= len(text):
        raise Fault(OUT_OF_BOUNDS, offset)
    return text.find(wanted, start)


def _last_index_of(offset: int, value: Any, part: Any, last: Any = None) -> int:
    text, wanted = _text(offset, value), _text(offset, part)
    if last is None:
        return text.rfind(wanted)
    end = _int64(offset, last)
    if not 0 <= end <= len(text):
        raise Fault(OUT_OF_BOUNDS, offset)
    return text.rfind(wanted, 0, end + len(wanted))


def _int(offset: int, value: Any) -> int:
    kind = value.__class__
    if kind is int or kind is bool:
        return int(value)
    if kind is float:
        # 2 to the 63rd itself is no integer of 64 bits, and its neighbours are 1,024 away.
        if not _LEAST < value < _MOST:
            raise Fault("the number is too large for 64 bits", offset)
        return int(value)
    if kind is str:
        text = value.strip(_BLANK)
        if len(text) < _LONGEST_NUMBER and re.match(_INTEGER, text) and _LEAST <= int(text) <= _MOST:
            return int(text)
        raise Fault("the text is not an integer", offset)
    raise Fault(NO_OVERLOAD, offset)


def _double(offset: int, value: Any) -> float:
    if value.__class__ is float or value.__class__ is int:
        return float(value)
    if value.__class__ is str:
        text = value.strip(_BLANK)
        if len(text) < _LONGEST_NUMBER and re.match(_REAL, text, re.IGNORECASE | re.ASCII):
            return float.fromhex(text) if "x" in text.lower() else float(text)
        raise Fault("the text is not a number", offset)
    raise Fault(NO_OVERLOAD, offset)


def _string(offset: int, value: Any) -> Any:
    kind = value.__class__
    if kind is str or kind is PartialText:
        return value
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        return _format_double(value)
    raise Fault(NO_OVERLOAD, offset)


def _format_double(value: float) -> str:
    """The shortest digits that give the number back, scientific below 1e-4 and from 1e6 on."""
    if value != value:
        return "NaN"
    if value in {float("inf"), float("-inf")}:
        return str(value)
    from decimal import Decimal

    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    point = len(digits) + int(exponent) if value else 1
    head = "-" if sign else ""
    if not -4 <= point - 1 < _SCIENTIFIC:
        fraction = f".{text[1:]}" if text[1:] else ""
        return f"{head}{text[0]}{fraction}e{'-' if point < 1 else '+'}{abs(point - 1):02d}"
    if point <= 0:
        return f"{head}0.{'0' * -point}{text}"
    whole, fraction = text[:point].ljust(point, "0"), text[point:]
    return f"{head}{whole}.{fraction}" if fraction else f"{head}{whole}"


_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


def _bool(offset: int, value: Any) -> bool:
    if value.__class__ is bool:
        return bool(value)
    if value.__class__ is str:
        if value in _TRUE or value in _FALSE:
            return value in _TRUE
        raise Fault("the text is neither true nor false", offset)
    raise Fault(NO_OVERLOAD, offset)


CALLS: dict[str, Call] = {
    "size": _size,
    "contains": _contains,
    "startsWith": _starts_with,
    "endsWith": _ends_with,
    "matches": _matches,
    "lowerAscii": lambda offset, text: _translated(offset, text, _LOWER),
    "upperAscii": lambda offset, text: _translated(offset, text, _UPPER),
    "trim": lambda offset, text: _text(offset, text).strip(_SPACE),
    "reverse": lambda offset, text: _text(offset, text)[::-1],
    "replace": _replace,
    "split": _split,
    "join": _join,
    "substring": _substring,
    "charAt": _char_at,
    "indexOf": _index_of,
    "lastIndexOf": _last_index_of,
    "int": _int,
    "double": _double,
    "string": _string,
    "bool": _bool,
    "dyn": lambda _offset, value: value,
}
GIVES_PARTIAL = frozenset({"lowerAscii", "upperAscii", "string", "dyn"})
"""Those that make a half-known string of one."""
TAKES_PARTIAL = GIVES_PARTIAL | {"contains", "startsWith", "endsWith"}
"""Those that see half-known strings; for the others such a string is unknown."""
