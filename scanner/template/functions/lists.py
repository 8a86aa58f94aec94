"""sprig's functions about lists. They take slices of any type; what they build is a []interface {}.

None changes its argument. A result has the origins of the items that it took from traced lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from scanner.template.casting import to_int64
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.functions.reflection import SCALARS, deep_equal
from scanner.template.kinds import Items, Lists, NilList, Uint8, go_kind
from scanner.template.sizes import LEAST, check_items, weight_of_all
from scanner.template.truth import is_empty

MAX_COMPARISONS = 5_000_000
"""How many pairs of parts of lists and maps `uniq` and `without` compare."""

NIL_POINTER = "runtime error: invalid memory address or nil pointer dereference"


def items_of(value: Any, refusal: str) -> list[Any]:
    """The items of any slice.

    Raises FunctionError: Go's panic for nil; for what is no slice `refusal`, with the kind for its `%s`.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, bytes):
        return [Uint8(byte) for byte in value]
    raise FunctionError(NIL_POINTER if value is None else refusal % go_kind(value))


def _origins(items: list[Any]) -> list[Any]:
    """The origins of a list's items, None for those that are not known."""
    known = items.origins if isinstance(items, Items) else []
    return known + [None] * (len(items) - len(known))


def _picked(items: list[Any], indices: Iterable[int]) -> list[Any]:
    """A list of some items of another."""
    if not isinstance(items, Items):
        return [items[index] for index in indices]
    places = list(indices)
    origins = _origins(items)
    return Items([items[place] for place in places], items.origin, [origins[place] for place in places])


def _part(items: list[Any], start: int, stop: int) -> list[Any]:
    """A list of the items from `start` to `stop`."""
    if isinstance(items, Items):
        return Items(items[start:stop], items.origin, items.origins[start:stop])
    return list(items[start:stop])


def _list(*items: Any) -> list[Any]:
    return list(items)


def _append(values: Any, item: Any) -> list[Any]:
    items = items_of(values, "Cannot push on type %s")
    if isinstance(items, Items):
        return Items([*items, item], items.origin, _origins(items))
    return [*items, item]


def _prepend(values: Any, item: Any) -> list[Any]:
    items = items_of(values, "Cannot prepend on type %s")
    if isinstance(items, Items):
        return Items([item, *items], items.origin, [None, *_origins(items)])
    return [item, *items]


def _concat(*lists: Any) -> list[Any]:
    parts = [items_of(values, "Cannot concat type %s as list") for values in lists]
    check_items(sum(map(len, parts)))
    result = [item for part in parts for item in part]
    if not result:
        return NilList()
    traced = next((part for part in parts if isinstance(part, Items)), None)
    if traced is not None:
        return Items(result, traced.origin, [origin for part in parts for origin in _origins(part)])
    return result


def _first(values: Any) -> Any:
    items = items_of(values, "Cannot find first on type %s")
    return items[0] if items else None


def _last(values: Any) -> Any:
    items = items_of(values, "Cannot find last on type %s")
    return items[-1] if items else None


def _rest(values: Any) -> list[Any]:
    items = items_of(values, "Cannot find rest on type %s")
    return _part(items, 1, len(items)) if items else NilList()


def _initial(values: Any) -> list[Any]:
    items = items_of(values, "Cannot find initial on type %s")
    return _part(items, 0, len(items) - 1) if items else NilList()


def _reverse(values: Any) -> list[Any]:
    items = items_of(values, "Cannot find reverse on type %s")
    return _picked(items, range(len(items) - 1, -1, -1))


def _compact(values: Any) -> list[Any]:
    items = items_of(values, "Cannot compact on type %s")
    return _picked(items, [index for index, item in enumerate(items) if not is_empty(item)])


def _uniq(values: Any) -> list[Any]:
    items = items_of(values, "Cannot find uniq on type %s")
    seen = _Seen()
    return _picked(items, [index for index, item in enumerate(items) if seen.add(item)])


def _without(values: Any, *omitted: Any) -> list[Any]:
    items = items_of(values, "Cannot find without on type %s")
    seen = _Seen()
    for item in omitted:
        seen.add(item)
    return _picked(items, [index for index, item in enumerate(items) if item not in seen])


class _Seen:
    """A set of values by reflect.DeepEqual."""

    def __init__(self) -> None:
        self.scalars: set[tuple[str, Any]] = set()
        self.others: list[Any] = []
        self.comparisons = 0

    def __contains__(self, value: Any) -> bool:
        kind = SCALARS.get(type(value))
        if kind is not None:
            # NaN is found in a Python set by identity, while in Go it equals nothing.
            return (kind, value) in self.scalars and value == value
        if self.others:
            self.comparisons += len(self.others) * weight_of_all(value) // LEAST
        if self.comparisons > MAX_COMPARISONS:
            raise FunctionError("too many lists and maps to compare")
        return any(deep_equal(value, other) for other in self.others)

    def add(self, value: Any) -> bool:
        """Adds it; whether it was new."""
        if value in self:
            return False
        kind = SCALARS.get(type(value))
        if kind is not None:
            self.scalars.add((kind, value))
        else:
            self.others.append(value)
        return True


def _has(needle: Any, values: Any) -> bool:
    if values is None:
        return False
    items = items_of(values, "Cannot find has on type %s")
    kind = SCALARS.get(type(needle))
    if kind is None:
        return any(deep_equal(needle, item) for item in items)
    return needle in items and any(item == needle and SCALARS.get(type(item)) == kind for item in items)


def _slice(values: Any, *indices: Any) -> Any:
    items = items_of(values, "list should be type of slice or array but %s")
    if not items:
        return None
    start = to_int64(indices[0]) if indices else 0
    stop = to_int64(indices[1]) if len(indices) > 1 else len(items)
    if not 0 <= start <= stop <= len(items):
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    if type(values) in (list, Items):
        return _part(items, start, stop)
    # A part of a []string is one; likewise of the other types.
    return values[start:stop] if isinstance(values, bytes) else type(items)(items[start:stop])


def _chunk(size: int, values: Any) -> list[list[Any]]:
    items = items_of(values, "Cannot chunk type %s")
    if size <= 0:
        # Go computes the number of chunks first, and allocates them.
        if size < -1 and len(items) == 1:
            return Lists([_part(items, 0, 1)])
        if size == 0 or not 0 < len(items) - 1 <= -size:
            raise FunctionError("runtime error: makeslice: len out of range")
        return Lists()
    return Lists(_part(items, start, start + size) for start in range(0, len(items), size))


def _both(name: str, parameters: str, call: Callable[..., Any]) -> tuple[Function, Function]:
    """A function and its must* form. They differ in how Go fails, by a panic or an error, but not in the message."""
    return Function(name, parameters, call), Function(f"must{name[0].upper()}{name[1:]}", parameters, call)


FUNCTIONS = (
    Function("concat", "...any", _concat),
    Function("list", "...any", _list),
    Function("tuple", "...any", _list),
    *_both("append", "any any", _append),
    *_both("chunk", "int any", _chunk),
    *_both("compact", "any", _compact),
    *_both("first", "any", _first),
    *_both("has", "any any", _has),
    *_both("initial", "any", _initial),
    *_both("last", "any", _last),
    *_both("prepend", "any any", _prepend),
    *_both("push", "any any", _append),
    *_both("rest", "any", _rest),
    *_both("reverse", "any", _reverse),
    *_both("slice", "any ...any", _slice),
    *_both("uniq", "any", _uniq),
    *_both("without", "any ...any", _without),
)
