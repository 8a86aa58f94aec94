"""sprig's merge and mergeOverwrite: what mergo 1.0.1 does with maps of strings.

The first map is changed and returned. What is taken from a source is shared with it, not copied: a later `set` in a
map that came from there shows in the source too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.functions.dicts import Table, changeable
from scanner.template.kinds import MISSING, NilMap, StringMap, Struct, entry_origin, go_kind, go_type, put

DEPTH = 10_000
"""How deep maps may be nested: beyond it they contain themselves, which Go would follow until its stack is full."""

ENTRIES = 5_000_000
"""How many entries one merge may look at."""


class _MismatchError(FunctionError):
    """What mergo reports as an error, where other failures are panics."""


def merge_into(target: Table, source: Table, overwrite: bool) -> None:
    """Fills `target` with the entries of `source`, map by map.

    Without `overwrite` an entry is taken where the target has none or an empty one (zero, false, nil, no length); nil
    is never taken. With it every entry is taken, empty ones and nil too, except that maps are merged with maps.
    """
    pending = [(target, source, 1)]
    entries = 0
    while pending:
        into, source, depth = pending.pop()
        entries += len(source)
        if depth > DEPTH or entries > ENTRIES:
            raise FunctionError("the maps contain themselves or are too large to merge")
        for key, value in source.items():
            current = into.get(key, MISSING)
            if value is None:
                if overwrite:
                    _take(into, key, source)
            elif isinstance(value, dict) and isinstance(current, dict) and type(current) is not NilMap:
                if not current and _adds_nothing(value, overwrite):
                    _take(into, key, source)
                else:
                    pending.append((current, value, depth + 1))
            else:
                if isinstance(current, Struct):
                    _check_struct(current, value, overwrite)
                elif type(into) is StringMap and current is not MISSING and go_kind(value) == "slice":
                    raise FunctionError("reflect: call of reflect.Value.IsNil on string Value")
                if overwrite or current is MISSING or _is_empty(current):
                    _take(into, key, source)


def _adds_nothing(source: Table, overwrite: bool) -> bool:
    return not source if overwrite else all(value is None for value in source.values())


def _is_empty(value: Any) -> bool:
    """mergo's emptiness; unlike sprig's, a complex zero is something."""
    return not value and not isinstance(value, (complex, Struct))


def _take(into: Table, key: str, source: Table) -> None:
    value = source[key]
    if type(into) is StringMap and type(source) is not StringMap:
        kind = go_type(value) if go_kind(value) == "slice" else "interface {}"
        raise FunctionError(f"reflect.Value.SetMapIndex: value of type {kind} is not assignable to type string")
    put(into, key, value, entry_origin(source, key))


def _check_struct(current: Struct, value: Any, overwrite: bool) -> None:
    """mergo goes into structs, and fails where the other side is something else with entries."""
    kind = go_kind(value)
    if kind not in ("map", "struct", "ptr") or type(value) is type(current) or type(value) is NilMap:
        return
    if go_kind(current) == "struct":
        raise FunctionError(f"reflect: call of reflect.Value.Field on {kind} Value")
    if go_kind(current) == "ptr" and kind != "ptr" and not overwrite:
        raise _MismatchError("src and dst must be of same type")


def _merging(overwrite: bool) -> Callable[..., Table]:
    def merge(target: Table | None, *sources: Table | None) -> Table:
        if target is None or type(target) is NilMap:
            if all(source is None or type(source) is NilMap for source in sources):
                return NilMap()
            target = {}
        into = changeable(target)
        for source in sources:
            if source:
                merge_into(into, source, overwrite)
        return into

    return merge


def _swallowing(merge: Callable[..., Table]) -> Callable[..., Any]:
    def quiet(target: Table | None, *sources: Table | None) -> Any:
        try:
            return merge(target, *sources)
        except _MismatchError:
            return ""

    return quiet


_merge = _merging(overwrite=False)
_merge_overwrite = _merging(overwrite=True)

FUNCTIONS = (
    Function("merge", "map ...map", _swallowing(_merge)),
    Function("mergeOverwrite", "map ...map", _swallowing(_merge_overwrite)),
    Function("mustMerge", "map ...map", _merge),
    Function("mustMergeOverwrite", "map ...map", _merge_overwrite),
)
