"""Deep copies of values: what copystructure makes of those that templates hold."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.kinds import (
    IntList,
    Items,
    Lists,
    Map,
    NilList,
    NilMap,
    NilStrings,
    StringList,
    StringMap,
    Struct,
    Values,
)

DEPTH = 10_000
"""How deep values may be nested: beyond it they contain themselves, which Go would follow until its stack is full."""

ENTRIES = 250_000
"""How many entries one copy may have, for parts that are shared within a value are copied each time."""

_MAPS = frozenset({dict, Map, Values, NilMap, StringMap})
_LISTS = frozenset({list, Items, NilList, Lists, StringList, NilStrings, IntList})
_NESTING = frozenset({dict, Map, Values, list, Items, Lists})
_CONTAINERS = _MAPS | _LISTS


def deep_copy(value: Any) -> Any:
    """A copy that shares no map and no list with `value`, of the same Go types and with the same origins.

    Raises FunctionError for nil, as Go does, and for what is too large or contains itself.
    """
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    if type(value) not in _CONTAINERS:
        return value.copied() if isinstance(value, Struct) else value
    result = _shallow_copy(value)
    pending = [(result, 1)]
    entries = 0
    while pending:
        container, depth = pending.pop()
        entries += len(container)
        if depth > DEPTH or entries > ENTRIES:
            raise FunctionError("the value contains itself or is too large to copy")
        for key, item in container.items() if isinstance(container, dict) else enumerate(container):
            kind = type(item)
            if kind in _CONTAINERS:
                copy = container[key] = _shallow_copy(item)
                if kind in _NESTING:
                    pending.append((copy, depth + 1))
            elif isinstance(item, Struct):
                container[key] = item.copied()
    return result


def _shallow_copy(value: Any) -> Any:
    kind = type(value)
    if kind is Map or kind is Values:
        return kind(value, value.origin, value.origins.copy())
    if kind is Items:
        return Items(value, value.origin, value.origins)
    return kind(value)
