"""Coercions from what a file says to what a view declares; what does not fit is unknown, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.duration import parse_duration
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown

ABSENT: Any = object()
"""The value of an attribute that is not there: it gets no key in a subject's values."""


def malformed(expected: str) -> Unknown:
    """The value of an attribute that has the wrong shape."""
    return Unknown(f"{expected} was expected here", "failed")


def text(value: Any) -> Any:
    """A string; numbers and booleans as YAML spells them."""
    if isinstance(value, (str, Unknown, PartialText)):
        return value
    if value is None or value is ABSENT:
        return ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return malformed("a text")


def flag(value: Any) -> Any:
    """A boolean; Compose may leave it as text where a variable gave it."""
    if isinstance(value, (bool, Unknown)):
        return value
    if value is None or value is ABSENT:
        return ABSENT
    if isinstance(value, PartialText):
        return value.unknown
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return malformed("true or false")


def whole(value: Any) -> Any:
    """An integer."""
    return _converted(value, int, "a whole number")


def millicores(value: Any) -> Any:
    """CPUs (`0.5`) as millicores."""
    return _converted(value, lambda number: round(float(number) * 1000), "a number of CPUs")


def milliseconds(value: Any) -> Any:
    """A duration (`1m30s`) in milliseconds."""
    return _converted(value, lambda duration: parse_duration(str(duration)), "a duration such as 30s")


def _converted(value: Any, convert: Callable[[Any], int], expected: str) -> Any:
    if value is None or value is ABSENT:
        return ABSENT
    if isinstance(value, Unknown):
        return value
    if isinstance(value, PartialText):
        return value.unknown
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            return convert(value)
        except (ValueError, OverflowError):
            return malformed(expected)
    return malformed(expected)


def element(value: Any) -> Any:
    """A string inside a list or mapping: what is empty there is ''."""
    item = text(value)
    return "" if item is ABSENT else item


def texts(value: Any, key: str = "") -> Any:
    """A list of strings; with `key`, of that entry where the items are mappings."""
    if value is None or value is ABSENT:
        return ABSENT
    if isinstance(value, list):
        return [element(item.get(key) if key and isinstance(item, dict) else item) for item in value]
    if isinstance(value, PartialText):
        return value.unknown
    return value if isinstance(value, Unknown) else malformed("a list")


def text_map(value: Any) -> Any:
    """A mapping of strings to strings; entries without a value are empty strings."""
    if value is None or value is ABSENT:
        return ABSENT
    if isinstance(value, dict):
        return {str(key): element(item) for key, item in value.items()}
    if isinstance(value, PartialText):
        return value.unknown
    return value if isinstance(value, Unknown) else malformed("a mapping")


def mapping(value: Any) -> dict[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


class Fields:
    """Collects the values of a subject with the routes that they came from."""

    __slots__ = ("routes", "values")

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.routes: dict[str, Route] = {}

    def put(self, name: str, value: Any, route: Route) -> None:
        """Notes `value`, unless it is absent; `route` is kept in any case, for findings about what is missing."""
        self.routes[name] = route
        if value is not ABSENT:
            self.values[name] = value
