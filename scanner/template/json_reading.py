"""Reads JSON as Go's encoding/json does, with its errors; the values of a traced text have its origins."""

from __future__ import annotations

import math
import re
from typing import Any

from scanner.core.patterns import late
from scanner.template.assembly import Places
from scanner.template.kinds import Float, Items, Map
from scanner.template.text import Text, cut, derived
from scanner.template.utf8 import encoded

MAX_DEPTH = 256
"""Levels of a document; Go allows 10,000."""

_BLANK = late("[ \t\r\n]*")
_CHUNK = late('[^"\\\\\x00-\x1f]*')
_NUMBER = late(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
_HEX = late("[0-9a-fA-F]")
_STRAY = late("[\ud800-\udfff]")
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_INSIDE = ("in literal", "in numeric", "in exponent", "in \\u", "in string escape", "after decimal")
"""Where Go takes the end of the text for a blank."""
_WORDS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


class JsonError(Exception):
    """A text that is no JSON, or not the JSON that was asked for; the message is encoding/json's.

    `value` is what has been read nevertheless: only a number out of range lets Go go on, with a null in its place.
    `at_end`: the text ends where something is missing, which Go's Decoder has other words for.
    """

    def __init__(self, message: str, value: Any = None, *, at_end: bool = False) -> None:
        super().__init__(message)
        self.value = value
        self.at_end = at_end


def read_json(text: str) -> Any:
    """The value of a JSON text: dict, list, str, float, bool, None; Map, Items, Text and Float where it is traced.

    Raises JsonError.
    """
    reader = _Reader(text)
    try:
        value, end = reader.value(reader.blank(0), 0)
        end = reader.blank(end)
    except RecursionError:
        raise JsonError("exceeded max depth") from None
    if end < len(text):
        raise reader.unexpected(end, "after top-level value")
    if reader.out_of_range:
        message = f"json: cannot unmarshal number {reader.out_of_range} into Go value of type float64"
        raise JsonError(message, value)
    return value


def type_mismatch(value: object, go_type: str) -> JsonError:
    """The error for a value that is something else than wanted."""
    return JsonError(f"json: cannot unmarshal {json_kind(value)} into Go value of type {go_type}")


def json_kind(value: object) -> str:
    """What encoding/json calls a value: object, array, string, number or bool."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    return "bool" if isinstance(value, bool) else "number"


class _Reader:
    """A recursive reader; `value` returns what stands at an offset, and the offset behind it."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.text = str(text)
        self.places = Places(text) if isinstance(text, Text) else None
        self.out_of_range = ""

    def blank(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def unexpected(self, at: int, where: str) -> JsonError:
        """The error for the character at an offset, which Go sees as a byte."""
        at_end = at >= len(self.text)
        if at_end and not where.startswith(_INSIDE):
            return JsonError("unexpected end of JSON input", at_end=True)
        byte = " " if at_end else chr(encoded(self.text[at])[0])
        if byte == "'":
            shown = "\\'"
        elif byte == '"':
            shown = '"'
        else:
            from scanner.template.printing import quote

            shown = str(quote(byte))[1:-1]
        return JsonError(f"invalid character '{shown}' {where}", at_end=at_end)

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        first = self.text[at : at + 1]
        if first == "{":
            return self.mapping(at, depth + 1)
        if first == "[":
            return self.sequence(at, depth + 1)
        if first == '"':
            return self.string(at)
        if first == "-" or "0" <= first <= "9":
            return self.number(at)
        if first in _WORDS and first:
            return self.word(at)
        raise self.unexpected(at, "looking for beginning of value")

    def word(self, at: int) -> tuple[Any, int]:
        word, value = _WORDS[self.text[at]]
        for offset, expected in enumerate(word):
            if self.text[at + offset : at + offset + 1] != expected:
                raise self.unexpected(at + offset, f"in literal {word} (expecting '{expected}')")
        return value, at + len(word)

    def number(self, at: int) -> tuple[float | None, int]:
        match = _NUMBER.match(self.text, at)
        if match is None:
            raise self.unexpected(at + 1, "in numeric literal")
        end = match.end()
        rest = self.text[end : end + 1]
        if rest == "." and match[1] is None and match[2] is None:
            raise self.unexpected(end + 1, "after decimal point in numeric literal")
        if rest in ("e", "E") and match[2] is None:
            signed = self.text[end + 1 : end + 2] in ("+", "-")
            raise self.unexpected(end + 1 + signed, "in exponent of numeric literal")
        number = float(match[0])
        if math.isinf(number):
            self.out_of_range = self.out_of_range or match[0]
            return None, end
        if self.places is not None:
            origin = self.places.origin(at, end)
            if origin is not None:
                return Float(number, origin), end
        return number, end

    def string(self, at: int) -> tuple[str, int]:
        start = at + 1
        match = _CHUNK.match(self.text, start)
        end = match.end() if match else start
        if self.text[end : end + 1] == '"':
            value = cut(self.whole, start, end)
            if not value.isascii() and _STRAY.search(value):
                value = derived(_STRAY.sub("\ufffd", value), value)
            return value, end + 1
        body, end = self.escaped(start)
        return derived(body, cut(self.whole, start, end)), end + 1

    def escaped(self, at: int) -> tuple[str, int]:
        """A string that has escapes, and the offset of the quote that ends it."""
        parts: list[str] = []
        while True:
            match = _CHUNK.match(self.text, at)
            end = match.end() if match else at
            parts.append(self.text[at:end])
            mark = self.text[end : end + 1]
            if mark == '"':
                break
            if mark != "\\":
                raise self.unexpected(end, "in string literal")
            kind = self.text[end + 1 : end + 2]
            if kind in _SIMPLE and kind:
                parts.append(_SIMPLE[kind])
                at = end + 2
            elif kind == "u":
                code, at = self.code(end + 2)
                if 0xD800 <= code < 0xDC00 and self.text[at : at + 2] == "\\u":
                    low, behind = self.code(at + 2)
                    if 0xDC00 <= low < 0xE000:
                        code, at = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00, behind
                parts.append(chr(code))
            else:
                raise self.unexpected(end + 1, "in string escape code")
        return _STRAY.sub("\ufffd", "".join(parts)), end

    def code(self, at: int) -> tuple[int, int]:
        for offset in range(at, at + 4):
            if not _HEX.match(self.text, offset):
                raise self.unexpected(offset, "in \\u hexadecimal character escape")
        return int(self.text[at : at + 4], 16), at + 4

    def mapping(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        origins: dict[str, Any] = {}
        places = self.places
        if depth > MAX_DEPTH:
            raise JsonError("exceeded max depth")
        start, at = at, self.blank(at + 1)
        if self.text[at : at + 1] != "}":
            while True:
                if self.text[at : at + 1] != '"':
                    raise self.unexpected(at, "looking for beginning of object key string")
                key_at = at
                key, at = self.string(at)
                at = self.blank(at)
                if self.text[at : at + 1] != ":":
                    raise self.unexpected(at, "after object key")
                at = self.blank(at + 1)
                key = str(key)
                values[key], end = self.value(at, depth)
                if places is not None:
                    origins[key] = places.origin(at, end) or places.origin(key_at, at)
                at = self.blank(end)
                if self.text[at : at + 1] == "}":
                    break
                if self.text[at : at + 1] != ",":
                    raise self.unexpected(at, "after object key:value pair")
                at = self.blank(at + 1)
        if places is None:
            return values, at + 1
        known = {key: origin for key, origin in origins.items() if origin is not None}
        return Map(values, places.at(start)[1], known), at + 1

    def sequence(self, at: int, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        origins: list[Any] = []
        places = self.places
        if depth > MAX_DEPTH:
            raise JsonError("exceeded max depth")
        start, at = at, self.blank(at + 1)
        if self.text[at : at + 1] != "]":
            while True:
                item, end = self.value(at, depth)
                items.append(item)
                if places is not None:
                    origins.append(places.origin(at, end))
                at = self.blank(end)
                if self.text[at : at + 1] == "]":
                    break
                if self.text[at : at + 1] != ",":
                    raise self.unexpected(at, "after array element")
                at = self.blank(at + 1)
        return (items if places is None else Items(items, places.at(start)[1], origins)), at + 1
