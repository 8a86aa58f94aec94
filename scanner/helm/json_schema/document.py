"""Reads JSON with its numbers as written, and compares and prints values of JSON."""

from __future__ import annotations

from typing import Any


class JsonError(ValueError):
    """A text that is no JSON; the message is encoding/json's."""


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
        raise ValueError(name)

    if not text.strip(" \t\r\n"):
        raise JsonError("EOF")
    decoder = json.JSONDecoder(parse_float=Literal, parse_constant=reject)
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        value, end = decoder.raw_decode(text, start)
    except RecursionError:
        raise JsonError("exceeded max depth") from None
    except ValueError:
        raise JsonError(_problem(text, "a number has too many digits")) from None
    if text[end:].strip(" \t\r\n"):
        raise JsonError("invalid character after top-level value")
    return value


def _problem(text: str, problem: str) -> str:
    from scanner.template import json_reading

    try:
        json_reading.read_json(text)
    except json_reading.JsonError as error:
        return "unexpected EOF" if error.at_end else str(error)
    return problem


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
