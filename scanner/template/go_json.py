"""JSON as Go's encoding/json writes and reads it."""

from __future__ import annotations

import math
import re
from typing import Any

from scanner.template.float_text import decimal_digits
from scanner.template.kinds import Struct


class MarshalError(Exception):
    """A value that encoding/json refuses; the message is its text."""


_STRAY = re.compile("[\ud800-\udfff]")


def json_text(text: str) -> str:
    """A string as JSON can hold it: each byte that is no valid UTF-8 becomes U+FFFD."""
    return text if text.isascii() or not _STRAY.search(text) else _STRAY.sub("\ufffd", text)


def json_number(number: float) -> str:
    """A float64 in JSON: decimals from 1e-6 to 1e21, an exponent outside. Raises MarshalError for what is no number."""
    if not math.isfinite(number):
        name = "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
        raise MarshalError(f"json: unsupported value: {name}")
    sign, digits, point = decimal_digits(number)
    if number != 0 and not 1e-6 <= abs(number) < 1e21:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return f"{sign}{mantissa}e{point - 1:+}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return sign + digits.ljust(point, "0")
    return f"{sign}{digits[:point]}.{digits[point:]}"


def json_bytes(data: bytes) -> str:
    """[]byte in JSON: base64."""
    import base64

    return base64.b64encode(data).decode("ascii")


def json_struct(value: Struct) -> Any:
    """What a struct is in JSON: `json_value()` of its class where it has one (any value), else a list of (name, value)
    in order, from `json_fields()`, or from all its fields under Go's names."""
    whole = getattr(value, "json_value", None)
    if whole is not None:
        return whole()
    members = getattr(value, "json_fields", None)
    if members is not None:
        return members()
    return [(name, value.field(name)) for name in value.fields]


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SPECIAL = re.compile('[\\\\"\x00-\x1f\u2028\u2029\ud800-\udfff]')
_SPECIAL_HTML = re.compile('[\\\\"\x00-\x1f<>&\u2028\u2029\ud800-\udfff]')


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    short = _ESCAPES.get(character)
    if short is not None:
        return short
    return "\\ufffd" if character >= "\ud800" else f"\\u{ord(character):04x}"


def quoted(text: str, *, escape_html: bool) -> str:
    """A string in JSON's quotes. With `escape_html`, <, > and & are escapes too."""
    return f'"{(_SPECIAL_HTML if escape_html else _SPECIAL).sub(_escape, text)}"'
