"""How the fields of manifests become attributes: strict conversions, and tables that map keys to attributes.

Kubernetes refuses a field of the wrong type, so nothing is coerced here: what has the wrong type is unknown, and the
reason never repeats the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scanner.core.quantity import millis, units
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import VIEWS

Convert = Callable[[Any], Any]
Table = Mapping[str, "tuple[str, Convert] | Table"]
"""A key of a mapping to (attribute, conversion), or to the table of the mapping behind that key."""


_VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?[-=]([^${}]*))?\}")
"""A variable that a step before kubectl fills in (envsubst, Flux): `${NAME}`, or with a default `${NAME:-text}`."""


def malformed(value: Any, expected: str) -> Unknown:
    """The value of a field that holds something else than `expected`; an unknown value stays as it is."""
    if isinstance(value, Unknown):
        return value
    variable = _VARIABLE.search(value) if isinstance(value, str) and "${" in value else None
    if variable is not None:
        return _without_value(variable[1])
    if isinstance(value, PartialText):
        return value.unknown
    return Unknown(f"{_noun(value)} stands where Kubernetes takes {expected}", "failed")


def _noun(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing"


def text(value: Any) -> Any:
    """A string."""
    return value if isinstance(value, (str, PartialText)) else malformed(value, "a text")


def filled_in(value: str) -> Any:
    """A text in which `${NAME}` can only be a variable that is filled in before kubectl reads it: its default, and
    unknown where it has none. Known is what stands around it."""
    parts: list[str | Unknown] = []
    for index, piece in enumerate(_VARIABLE.split(value)):
        if index % 3 == 0:
            parts.append(piece)
        elif index % 3 == 1:
            name = piece
        else:
            parts.append(_without_value(name) if piece is None else piece)
    merged: list[str | Unknown] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if len(merged) == 1:
        return merged[0]
    return (
        PartialText(tuple(merged)) if any(isinstance(part, Unknown) for part in merged) else "".join(map(str, merged))
    )


def _without_value(name: str) -> Unknown:
    return Unknown(f"the variable {name} has no value")


def image(value: Any) -> Any:
    """An image reference, in which no `$` can be meant as it stands."""
    if isinstance(value, str) and "${" in value:
        return filled_in(value)
    return text(value)


def flag(value: Any) -> Any:
    """A boolean."""
    return value if isinstance(value, bool) else malformed(value, "true or false")


def whole(value: Any) -> Any:
    """An integer; 3.0 is one as well."""
    if value.__class__ is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return malformed(value, "a whole number")


def seconds(value: Any) -> Any:
    """Whole seconds as milliseconds."""
    number = whole(value)
    return number * 1000 if isinstance(number, int) else number


def number_or_text(value: Any) -> Any:
    """An int-or-string field, as text."""
    if value.__class__ is int:
        return str(value)
    return value if isinstance(value, (str, PartialText)) else malformed(value, "a number or a text")


def number_as_text(value: Any) -> Any:
    """An integer field that a view declares as text."""
    number = whole(value)
    return str(number) if isinstance(number, int) else number


def texts(value: Any) -> Any:
    """A list of strings; items of another type are unknown one by one."""
    if not isinstance(value, list):
        return malformed(value, "a list")
    for item in value:
        if not isinstance(item, str):
            return [text(item) for item in value]
    return value


def text_map(value: Any) -> Any:
    """A mapping of strings to strings; entries of another type are unknown one by one."""
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    for item in value.values():
        if not isinstance(item, str):
            return {key: "" if item is None else text(item) for key, item in value.items()}
    return value


def cpu(value: Any) -> Any:
    """A quantity of CPU in millicores."""
    return _quantity(value, millis)


def amount(value: Any) -> Any:
    """A quantity in whole units: bytes."""
    return _quantity(value, units)


def _quantity(value: Any, convert: Callable[[str | int | float], int]) -> Any:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            return convert(value)
        except ValueError as error:
            if not (isinstance(value, str) and _VARIABLE.search(value)):
                return Unknown(str(error), "failed")
    return malformed(value, "a quantity")


def there(value: Any) -> Any:
    """True: the key is set."""
    return value if isinstance(value, Unknown) else True


def read(table: Table, source: Mapping[str, Any], into: dict[str, Any]) -> None:
    """Puts every attribute of `table` that `source` has into `into`; null is absent."""
    for key, value in source.items():
        entry = table.get(key)
        if entry is None or value is None:
            continue
        if entry.__class__ is tuple:
            into[entry[0]] = entry[1](value)
        elif isinstance(value, dict):
            read(entry, value, into)  # type: ignore[arg-type]
        else:
            spoil(entry, malformed(value, "a mapping"), into)  # type: ignore[arg-type]


def spoil(table: Table, unknown: Unknown, into: dict[str, Any]) -> None:
    """Makes every attribute of `table` unknown: what it stands in has the wrong type."""
    for entry in table.values():
        if isinstance(entry, tuple):
            into[entry[0]] = unknown
        else:
            spoil(entry, unknown, into)


def routes(table: Table, base: Route = ()) -> Iterator[tuple[str, Route]]:
    """Each attribute of a table with its route; an attribute may have several."""
    for key, entry in table.items():
        if isinstance(entry, tuple):
            yield entry[0], (*base, key)
        else:
            yield from routes(entry, (*base, key))


def look_up(node: Any, route: Route) -> Any:
    """The value at `route`, None where it is absent."""
    for step in route:
        if isinstance(step, int):
            if not isinstance(node, list) or step >= len(node):
                return None
            node = node[step]
        elif isinstance(node, dict):
            node = node.get(step)
        else:
            return None
    return node


def descend(node: Any, route: Route) -> tuple[Any, Route]:
    """The value at a route of keys, with the route; None where it is absent, and `Unknown` with the route of what
    stands in the way where that is no mapping."""
    for depth, step in enumerate(route):
        if not isinstance(node, dict):
            return malformed(node, "a mapping"), route[:depth]
        node = node.get(str(step))
        if node is None:
            break
    return node, route


def spoilt(view: str, resource: Resource, key: str, route: Route, unknown: Unknown) -> Subject:
    """A subject of which nothing is known, since what it stands in has the wrong type: no rule passes over it."""
    attributes = VIEWS[view].attributes.values()
    values = {attribute.name: unknown for attribute in attributes if not attribute.relation}
    return Subject(view, resource, key, values, Fixed(route))


class Fixed:
    """A way from attributes to routes that knows `base`, and the routes of some attributes below it."""

    __slots__ = ("base", "below")

    def __init__(self, base: Route, below: Mapping[str, Route] | None = None) -> None:
        self.base = base
        self.below = below or {}

    def __call__(self, attribute: str) -> Route:
        """The route of `attribute`, `base` where none is known."""
        if not attribute:
            return self.base
        return (*self.base, *self.below.get(attribute.partition(".")[0], ()))
