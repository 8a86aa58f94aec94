"""sprig's functions about maps of strings: making, reading, changing and choosing from them.

Go walks a map in random order. `keys` and `values` go by the order of the keys here, as `range` does, so that equal
values render equally whatever order they were written in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.functions.copying import deep_copy
from scanner.template.kinds import (
    MISSING,
    Items,
    Map,
    NilMap,
    StringList,
    Values,
    as_map,
    entry_origin,
    go_type,
    put,
    remove,
)
from scanner.template.printing import format_value
from scanner.template.text import first_origin, from_origin
from scanner.template.utf8 import decoded

Table = dict[str, Any]


def make_dict(pairs: Sequence[Any], origins: Sequence[Any] | None = None) -> Table:
    """A map of `pairs`: key, value, key, value, ...; a last key without a value gets the empty string.

    With `origins`, one for each of `pairs` (None where it is not known; for booleans and nil it is the only place to
    say it), the result is a Map that keeps those of the values. A key that was read from a file passes its origin on
    to an entry that has none.
    """
    keys = pairs[::2]
    names = keys if {*map(type, keys)} <= {str} else [_key(key) for key in keys]
    values = pairs[1::2] if len(pairs) % 2 == 0 else (*pairs[1::2], "")
    result = dict(zip(names, values, strict=True))
    if names is keys and not origins:
        return result if origins is None else Map(result)
    known: dict[str, Any] = {}
    given = origins[1::2] if origins is not None else ()
    for index, name in enumerate(names):
        origin = given[index] if index < len(given) else None
        if origin is None:
            origin = first_origin(keys[index])[1]
        known[name] = origin
    known = {name: origin for name, origin in known.items() if origin is not None}
    return result if origins is None and not known else Map(result, None, known)


def _key(value: Any) -> str:
    """sprig's strval, as a plain string: maps hold none but these as their keys."""
    if isinstance(value, bytes):
        return decoded(value)
    return str(value if isinstance(value, str) else format_value(value))


def changeable(mapping: Table | None) -> Table:
    """The map to change and to return where a function got `mapping` as a map[string]interface {}.

    Raises FunctionError for a nil one.
    """
    if type(mapping) is Values:
        return as_map(mapping)
    if mapping is None or type(mapping) is NilMap:
        raise FunctionError("assignment to entry in nil map")
    return mapping


def _dict(run: Any, *pairs: Any) -> Table:
    # Whatever is set or merged into it later has to keep its origins.
    return make_dict(pairs, () if run.traced else None)


def _get(mapping: Table | None, key: str) -> Any:
    return mapping.get(key, "") if mapping else ""


def _set(mapping: Table | None, key: str, value: Any) -> Table:
    target = changeable(mapping)
    if type(key) is str:
        put(target, key, value)
    else:
        put(target, str(key), value, first_origin(key)[1])
    return target


def _unset(mapping: Table | None, key: str) -> Table:
    if not mapping:
        return NilMap() if mapping is None else as_map(mapping) if type(mapping) is Values else mapping
    target = changeable(mapping)
    remove(target, key)
    return target


def _has_key(mapping: Table | None, key: str) -> bool:
    return mapping is not None and key in mapping


def _pluck(key: str, *mappings: Table | None) -> list[Any]:
    found = [mapping for mapping in mappings if mapping and key in mapping]
    items = [mapping[key] for mapping in found]
    if any(isinstance(mapping, Map) for mapping in found):
        return Items(items, None, [entry_origin(mapping, key) for mapping in found])
    return items


def _keys(*mappings: Table | None) -> StringList:
    result = StringList()
    for mapping in mappings:
        if isinstance(mapping, Map) and mapping.origins:
            origins = mapping.origins
            result += [from_origin(key, origins[key]) if origins.get(key) else key for key in sorted(mapping)]
        elif mapping:
            result += sorted(mapping)
    return result


def _values(mapping: Table | None) -> list[Any]:
    if not mapping:
        return []
    if isinstance(mapping, Map):
        names = sorted(mapping)
        return Items([mapping[name] for name in names], mapping.origin, [mapping.origins.get(name) for name in names])
    return [mapping[name] for name in sorted(mapping)]


def _pick(mapping: Table | None, *keys: str) -> Table:
    return {} if mapping is None else _chosen(mapping, mapping.keys() & keys)


def _omit(mapping: Table | None, *keys: str) -> Table:
    return {} if mapping is None else _chosen(mapping, mapping.keys() - keys)


def _chosen(mapping: Table, names: set[str]) -> Table:
    chosen = {key: value for key, value in mapping.items() if key in names}
    if not isinstance(mapping, Map):
        return chosen
    origins = mapping.origins
    return Map(chosen, mapping.origin, {key: origins[key] for key in chosen if key in origins})


def _dig(*arguments: Any) -> Any:
    """The value at a path of keys, or a default: `dig "a" "b" default map`."""
    if len(arguments) < 3:
        raise FunctionError("dig needs at least three arguments")
    *path, standard, mapping = arguments
    table = _asserted(mapping)
    for key in path:
        if not isinstance(key, str):
            raise FunctionError(f"interface conversion: interface {{}} is {_type_name(key)}, not string")
    for key in path[:-1]:
        step = table.get(key, MISSING)
        if step is MISSING:
            return standard
        table = _asserted(step)
    return table.get(path[-1], standard)


def _asserted(value: Any) -> Table:
    """`value`, which must have the very type map[string]interface {}."""
    if type(value) in (dict, Map, NilMap):
        table: Table = value
        return table
    raise FunctionError(f"interface conversion: interface {{}} is {_type_name(value)}, not map[string]interface {{}}")


def _type_name(value: Any) -> str:
    return "nil" if value is None else go_type(value)


FUNCTIONS = (
    Function("deepCopy", "any", deep_copy),
    Function("dict", "...any", _dict, stateful=True),
    Function("dig", "...any", _dig),
    Function("get", "map string", _get),
    Function("hasKey", "map string", _has_key),
    Function("keys", "...map", _keys),
    Function("mustDeepCopy", "any", deep_copy),
    Function("omit", "map ...string", _omit),
    Function("pick", "map ...string", _pick),
    Function("pluck", "string ...map", _pluck),
    Function("set", "map string any", _set),
    Function("unset", "map string", _unset),
    Function("values", "map", _values),
)
