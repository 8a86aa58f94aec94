"""Reads JSON with its numbers as written, and compares and prints values of JSON."""

from __future__ import annotations

from typing import Any


class JsonError(ValueError):
    """A text that is no JSON; the message is encoding/json's, or near it."""


class Literal(float):
    """A number with a fraction or an exponent, as it was written."""

    text: str

    def __new__(cls, text: str) -> Literal:
        """The number that `text` says."""
        self = float.__new__(cls, text)
        self.text = text
        return self


def read_json(text: str) -> Any:
    """The value of a JSON text; numbers are int or Literal. Raises JsonError."""
    import json

    def reject(name: str) -> Any:
        raise JsonError(f"invalid character {name[0]!r} looking for beginning of value")

    if not text.strip(" \t\r\n"):
        raise JsonError("EOF")
    decoder = json.JSONDecoder(parse_float=Literal, parse_constant=reject)
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        value, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise JsonError(_problem(text, error)) from None
    except RecursionError:
        raise JsonError("exceeded max depth") from None
    except ValueError:
        raise JsonError("a number has too many digits") from None
    if text[end:].strip(" \t\r\n"):
        raise JsonError("invalid character after top-level value")
    return value


def _problem(text: str, error: Any) -> str:
    if error.pos >= len(text.rstrip(" \t\r\n")) or error.msg.startswith("Unterminated"):
        return "unexpected EOF"
    character = text[error.pos]
    shown = {"'": "'\\''", '"': "'\"'"}.get(character, f"'{character}'")
    if "property name" in error.msg:
        return f"invalid character {shown} looking for beginning of object key string"
    if "':'" in error.msg:
        return f"invalid character {shown} after object key"
    if "','" in error.msg:
        return f"invalid character {shown} after object key:value pair or array element"
    if "control character" in error.msg:
        return f"invalid character {character!r} in string literal"
    return f"invalid character {shown} looking for beginning of value"


def json_type(value: Any) -> str:
    """null, boolean, number, string, array or object."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array"


def is_integer(value: Any) -> bool:
    """Whether a number has no fraction."""
    return not isinstance(value, float) or value.is_integer()


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON: 1 and 1.0 are, 1 and true are not."""
    kind = json_type(one)
    if kind != json_type(other):
        return False
    if kind == "object":
        return len(one) == len(other) and all(key in other and equal(item, other[key]) for key, item in one.items())
    if kind == "array":
        return len(one) == len(other) and all(equal(item, other[index]) for index, item in enumerate(one))
    return bool(one == other)


def first_duplicates(items: list[Any]) -> tuple[int, int] | None:
    """The indexes of the first two items that are equal."""
    seen: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        key = _key(item)
        for before in seen.setdefault(key, []):
            if equal(item, items[before]):
                return before, index
        seen[key].append(index)
    return None


def _key(value: Any) -> str:
    kind = json_type(value)
    if kind == "object":
        return "{" + ",".join(f"{key}:{_key(value[key])}" for key in sorted(value)) + "}"
    if kind == "array":
        return "[" + ",".join(map(_key, value)) + "]"
    return f"{kind}:{float(value)}" if kind == "number" and abs(value) < 1e300 else f"{kind}:{value}"
