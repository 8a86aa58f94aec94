"""Writes JSON as Go's encoding/json does; each part keeps the origin of what it shows."""

from __future__ import annotations

import math
import re
from typing import Any

from scanner.core.patterns import late
from scanner.template.assembly import BEFORE, assembled, in_quotes
from scanner.template.errors import FunctionError
from scanner.template.float_text import decimal_digits
from scanner.template.kinds import NILS, Items, Map, Struct, go_type
from scanner.template.sizes import check_parts
from scanner.template.text import Text

_STRAY = late("[\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SPECIAL = late('[\\\\"\x00-\x1f\u2028\u2029\ud800-\udfff]')
_SPECIAL_HTML = late('[\\\\"\x00-\x1f<>&\u2028\u2029\ud800-\udfff]')


MAX_DEPTH = 1_000
"""Levels of a value, beyond which Go looks for cycles; here it is one."""


class MarshalError(Exception):
    """A value that encoding/json refuses; the message is its text."""


def to_json(value: Any, *, escape_html: bool = True, indent: str = "") -> str:
    """The value as JSON: keys sorted, without blanks, or with a line for each entry where there is an `indent`.

    A Text where any part of it has an origin: a key has that of its entry, a scalar its own, or else that of its
    entry. Raises MarshalError.
    """
    writer = _Writer(_SPECIAL_HTML if escape_html else _SPECIAL, indent)
    try:
        writer.value(value, getattr(value, "origin", None), "\n")
    except RecursionError:
        raise MarshalError(f"json: unsupported value: encountered a cycle via {go_type(value)}") from None
    return assembled(writer.parts, writer.origins)


class _Writer:
    """Collects parts of text, and the origin of each."""

    def __init__(self, special: re.Pattern[str], indent: str) -> None:
        self.special = special
        self.indent = indent
        self.parts: list[str] = []
        self.origins: list[Any] = []
        self.depth = 0

    def put(self, text: str, origin: Any) -> None:
        self.parts.append(text)
        self.origins.append(origin)

    def value(self, value: Any, origin: Any, line: str) -> None:
        """Writes a value; `line` is the line break and indentation of the collection that it stands in."""
        if isinstance(value, str):
            self.text(value, origin)
        elif isinstance(value, dict) and not isinstance(value, NILS):
            self.mapping(value, sorted(value), value.origins if isinstance(value, Map) else {}, origin, line)
        elif isinstance(value, Struct):
            whole = json_struct(value)
            if isinstance(whole, list):
                entries = dict(whole)
                self.mapping(entries, list(entries), {}, origin, line)
            else:
                self.value(whole, origin, line)
        elif isinstance(value, list) and not isinstance(value, NILS):
            self.sequence(value, origin, line)
        else:
            own = getattr(value, "origin", None)
            self.put(json_scalar(value), origin if own is None else own)

    def text(self, text: str, origin: Any) -> None:
        body = f'"{self.special.sub(_escape, text)}"'
        if text.__class__ is Text:
            pieces = text.pieces
            if len(pieces) == 1 and pieces[0][1] is None and len(body) == len(text) + 2:
                origin = pieces[0][2]
            else:
                body = in_quotes(body, text)
        self.parts.append(body)
        self.origins.append(origin)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        check_parts(len(self.parts))

    def mapping(self, values: dict[str, Any], keys: list[str], origins: dict[str, Any], origin: Any, line: str) -> None:
        if not keys:
            self.put("{}", origin)
            return
        self.enter()
        inner = line + self.indent if self.indent else ""
        colon = ": " if self.indent else ":"
        parts, marks, sub, text, other = self.parts, self.origins, self.special.sub, self.text, self.value
        separator, mark = "{", origin
        for key in keys:
            item, entry = values[key], origins.get(key)
            parts += separator, f'{inner}"{sub(_escape, key)}"{colon}'
            marks += mark, entry
            if isinstance(item, str):
                text(item, entry)
            else:
                other(item, entry, inner)
            separator, mark = ",", BEFORE
        self.depth -= 1
        if self.indent:
            self.put(line, BEFORE)
        self.put("}", origin)

    def sequence(self, items: list[Any], origin: Any, line: str) -> None:
        if not items:
            self.put("[]", origin)
            return
        self.enter()
        inner = line + self.indent if self.indent else ""
        origins = items.origins if isinstance(items, Items) else ()
        for index, item in enumerate(items):
            entry = origins[index] if index < len(origins) else None
            self.put("," if index else "[", BEFORE if index else origin)
            if inner:
                self.put(inner, entry)
            self.value(item, entry, inner)
        self.depth -= 1
        if self.indent:
            self.put(line, BEFORE)
        self.put("]", origin)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    short = _ESCAPES.get(character)
    if short is not None:
        return short
    return "\\ufffd" if character >= "\ud800" else f"\\u{ord(character):04x}"


def quoted(text: str) -> str:
    """A string in JSON's quotes, with escapes for <, > and & too."""
    return f'"{_SPECIAL_HTML.sub(_escape, text)}"'


def json_text(text: str) -> str:
    """A string as JSON can hold it: each byte that is no valid UTF-8 becomes U+FFFD."""
    return text if text.isascii() or not _STRAY.search(text) else _STRAY.sub("\ufffd", text)


def json_scalar(value: Any) -> str:
    """null, a boolean, a number, or bytes in base64. Raises MarshalError for functions and complex numbers."""
    if value is None or isinstance(value, NILS):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return json_number(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, bytes):
        return f'"{json_bytes(value)}"'
    raise MarshalError(f"json: unsupported type: {go_type(value)}")


def json_number(number: float) -> str:
    """A float64 in JSON: decimals from 1e-6 to 1e21, an exponent outside. Raises MarshalError for what is no number."""
    if not math.isfinite(number):
        name = "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
        raise MarshalError(f"json: unsupported value: {name}")
    if number.is_integer() and 0 < abs(number) < 1e15:
        return str(int(number))
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
    """What a struct is in JSON.

    A class says so by `go_json()`, which returns another value, or by `json_fields()`, which returns a list of (name,
    value) in order; otherwise it is such a list of its exported fields under Go's names. Raises MarshalError.
    """
    whole = getattr(value, "go_json", None)
    if whole is not None:
        try:
            return whole()
        except FunctionError as error:
            raise MarshalError(f"json: error calling MarshalJSON for type {go_type(value)}: {error}") from None
    members = getattr(value, "json_fields", None)
    if members is not None:
        return members()
    return [(name, value.field(name)) for name in value.fields if name[:1].isupper()]
