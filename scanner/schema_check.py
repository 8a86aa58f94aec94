"""Checks plain data against the part of JSON Schema that the configuration's schema uses.

The full library takes longer to import than a whole scan of one file may take; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.core.route import Route


class Problem(NamedTuple):
    """One thing that is wrong: where, whether the key (not the value) is meant, what, and the next step."""

    route: Route
    at_key: bool
    message: str
    hint: str


_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
}
_NAMES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
}
_KEYWORDS = {
    *("$schema", "$defs", "$ref", "title", "description", "type", "enum", "properties", "additionalProperties"),
    *("propertyNames", "required", "items", "minItems", "minLength", "pattern", "format"),
}


def check(value: Any, schema: Mapping[str, Any]) -> list[Problem]:
    """Every problem of `value`, in the order of the document; an empty list where it fits `schema`."""
    return list(_check(value, schema, schema, ()))


def keywords_not_supported(schema: Any) -> set[str]:
    """Keywords of `schema` that `check` would overlook: a schema in use must have none."""
    if not isinstance(schema, dict):
        return set()
    found = set(schema) - _KEYWORDS
    for name, inner in schema.items():
        children = inner.values() if name in ("properties", "$defs") else (inner,)
        if name not in ("enum", "required"):
            for child in children:
                found |= keywords_not_supported(child)
    return found


def suggest(word: str, known: list[str]) -> str:
    """`did you mean ...?`, or the first of the known words where none is close."""
    import difflib

    close = difflib.get_close_matches(word.replace("-", "_"), known, n=1, cutoff=0.6)
    close = close or difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known here: {', '.join(known)}" if known and len(known) <= 16 else ""


def _check(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "enum" in schema and value not in schema["enum"]:
        known = [str(choice) for choice in schema["enum"]]
        yield Problem(route, False, f"{_quote(value)} is none of {', '.join(known)}", suggest(str(value), known))
        return
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else names
    if names and not any(_is(value, name) for name in names):
        wanted = " or ".join(_NAMES[name] for name in names)
        yield Problem(route, False, f"{_quote(value)} stands where {wanted} is needed", "")
        return
    if isinstance(value, dict):
        yield from _mapping(value, schema, root, route)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield Problem(route, False, "the list is empty", "add an entry, or remove the key")
        for index, item in enumerate(value):
            yield from _check(item, schema.get("items", {}), root, (*route, index))
    elif isinstance(value, str):
        yield from _text(value, schema, route)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def _mapping(value: dict[str, Any], schema: Mapping[str, Any], root: Any, route: Route) -> Iterator[Problem]:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    names = schema.get("propertyNames", {}).get("pattern")
    for key in schema.get("required", ()):
        if key not in value:
            yield Problem(route, False, f"the key {key!r} is missing", f"add {key}:")
    for key, inner in value.items():
        here = (*route, key)
        if names and not re.search(names, key):
            yield Problem(here, True, f"{key!r} does not have the form that is needed here", f"it must fit {names}")
        elif key in properties:
            yield from _check(inner, properties[key], root, here)
        elif others is False:
            yield Problem(here, True, f"unknown key {key!r}", suggest(key, list(properties)))
        elif others is not True:
            yield from _check(inner, others, root, here)


def _text(value: str, schema: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    if len(value) < schema.get("minLength", 0) or ("pattern" in schema and not re.search(schema["pattern"], value)):
        yield Problem(route, False, "the text is empty", "write it, or remove the key")
    elif schema.get("format") == "date" and not _is_date(value):
        yield Problem(route, False, f"{_quote(value)} is no date", "write it as YYYY-MM-DD")


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _quote(value: Any) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else f"{value[:37]}...")
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)
