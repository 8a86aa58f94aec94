"""Checks values against the JSON Schemas of our own files, and says where and what each error is.

It reads the part of JSON Schema 2020-12 that our schemas use and refuses to load one that uses more. A library does
the same and takes as long to import as all else that is done to 400 rules; a test holds the two to one verdict.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scanner.core.route import Route

_NOTES = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples"})
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_ARTICLES = {"object": "a map", "array": "a list", "string": "a text", "integer": "an integer", "number": "a number"}
_ARTICLES |= {"boolean": "true or false", "null": "null"}


class SchemaError(NamedTuple):
    """What is wrong at `route`. `key` says that the last step of the route is itself what is wrong."""

    route: Route
    message: str
    hint: str = ""
    key: bool = False


Check = Callable[[Any, Route], Iterator[SchemaError]]


@cache
def load_schema(path: Path) -> Check:
    """The check for the schema in a file. Raises ValueError where the schema says more than this module reads."""
    document = json.loads(path.read_text("utf-8"))
    return _Compiler(document).check(document)


class _Compiler:
    """Compiles the schemas of one document; `$ref` leads into its `$defs`."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.done: dict[str, Check] = {}

    def check(self, schema: Any) -> Check:
        said = (self._keyword(keyword, value, schema) for keyword, value in schema.items() if keyword not in _NOTES)
        checks = [check for check in said if check is not None]
        if len(checks) == 1:
            return checks[0]

        def run(value: Any, route: Route) -> Iterator[SchemaError]:
            for check in checks:
                stop = False
                for error in check(value, route):
                    yield error
                    # What has the wrong type at its root needs no second complaint.
                    stop = stop or error.route == route
                if stop:
                    return

        return run

    def _keyword(self, keyword: str, value: Any, schema: dict[str, Any]) -> Check | None:
        match keyword:
            case "$ref":
                return self._reference(value)
            case "type":
                return _type(value)
            case "const":
                return _one_of([value])
            case "enum":
                return _one_of(value)
            case "properties" | "additionalProperties" | "propertyNames":
                first = next(key for key in schema if key in ("properties", "additionalProperties", "propertyNames"))
                return self._members(schema) if keyword == first else None
            case "required":
                return _required(value)
            case "items":
                return self._items(value)
            case "anyOf":
                return self._any_of(value)
            case "pattern" | "minLength" | "maxLength":
                return _text(keyword, value)
            case "minimum":
                return _minimum(value)
            case "minItems" | "uniqueItems" | "minProperties" | "maxProperties":
                return _amount(keyword, value)
        raise ValueError(f"the schema uses {keyword}, which is not read")

    def _reference(self, reference: str) -> Check:
        name = reference.removeprefix("#/$defs/")
        if name not in self.done:
            self.done[name] = self.check(self.document["$defs"][name])
        return self.done[name]

    def _members(self, schema: dict[str, Any]) -> Check:
        known = {key: self.check(value) for key, value in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties", True)
        other = self.check(others) if isinstance(others, dict) else None
        names = self.check(schema["propertyNames"]) if "propertyNames" in schema else None

        def run(value: Any, route: Route) -> Iterator[SchemaError]:
            if not isinstance(value, dict):
                return
            for key, item in value.items():
                here = (*route, key)
                if names:
                    for error in names(key, here):
                        yield SchemaError(here, f"the name '{key}': {error.message}", error.hint, key=True)
                check = known.get(key, other)
                if check:
                    yield from check(item, here)
                elif key not in known and others is False:
                    yield SchemaError(here, f"unknown key '{key}'", closest(key, known), key=True)

        return run

    def _items(self, schema: dict[str, Any]) -> Check:
        check = self.check(schema)

        def run(value: Any, route: Route) -> Iterator[SchemaError]:
            if isinstance(value, list):
                for index, item in enumerate(value):
                    yield from check(item, (*route, index))

        return run

    def _any_of(self, schemas: list[dict[str, Any]]) -> Check:
        checks = [self.check(schema) for schema in schemas]

        def run(value: Any, route: Route) -> Iterator[SchemaError]:
            attempts = []
            for check in checks:
                errors = list(check(value, route))
                if not errors:
                    return
                attempts.append(errors)
            # The errors of the alternative that was meant: the one that fails deepest, then with the fewest.
            yield from min(attempts, key=lambda errors: (-max(len(error.route) for error in errors), len(errors)))

        return run


def _type(name: str) -> Check:
    classes = _TYPES[name]

    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        fits = isinstance(value, classes) and (bool in classes or not isinstance(value, bool))
        if not fits and not (name == "integer" and isinstance(value, float) and value.is_integer()):
            yield SchemaError(route, f"expected {_ARTICLES[name]}, got {describe(value)}")

    return run


def _one_of(values: list[Any]) -> Check:
    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        if not any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in values):
            allowed = ", ".join(str(each) for each in values)
            text = f"'{value}'" if isinstance(value, str) else describe(value)
            hint = closest(value, values) if isinstance(value, str) else ""
            yield SchemaError(
                route, f"{text} is not one of: {allowed}" if len(values) > 1 else f"must be {allowed}", hint
            )

    return run


def _required(keys: list[str]) -> Check:
    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        if isinstance(value, dict):
            for key in keys:
                if key not in value:
                    yield SchemaError((*route, key), f"the key '{key}' is missing")

    return run


def _text(keyword: str, limit: Any) -> Check:
    pattern = re.compile(limit) if keyword == "pattern" else None

    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        if not isinstance(value, str):
            return
        if pattern is not None:
            if not pattern.search(value):
                yield SchemaError(route, f"does not have the form {limit}")
        elif keyword == "minLength" and len(value) < limit:
            yield SchemaError(route, "must not be empty")
        elif keyword == "maxLength" and len(value) > limit:
            yield SchemaError(route, f"is longer than {limit} characters")

    return run


def _minimum(limit: float) -> Check:
    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not value >= limit:
            yield SchemaError(route, f"must be at least {limit}")

    return run


def _amount(keyword: str, limit: Any) -> Check:
    def run(value: Any, route: Route) -> Iterator[SchemaError]:
        if keyword in ("minItems", "uniqueItems"):
            if not isinstance(value, list):
                return
            if keyword == "minItems" and len(value) < limit:
                yield SchemaError(route, f"must have at least {limit} item{'s' if limit > 1 else ''}")
            elif keyword == "uniqueItems" and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
                yield SchemaError(route, "has an item twice")
        elif isinstance(value, dict):
            few = keyword == "minProperties"
            if len(value) < limit if few else len(value) > limit:
                yield SchemaError(
                    route, f"must have {'at least' if few else 'at most'} {limit} key{'s' if limit > 1 else ''}"
                )

    return run


def describe(value: Any) -> str:
    """What a value is, for a message: `a text`, `null`, `true`, the number itself."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a text"
    return json.dumps(value)


def closest(name: str, known: Any) -> str:
    """`did you mean 'x'?` where something known is close, else ''."""
    from difflib import get_close_matches

    close = get_close_matches(name, [each for each in known if isinstance(each, str)], n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
