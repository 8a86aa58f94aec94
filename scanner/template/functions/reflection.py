"""sprig's functions about types, and Go's reflect.DeepEqual."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import (
    NILS,
    Float,
    Int,
    Int64,
    NamedInt,
    Struct,
    Uint8,
    Uint64,
    go_kind,
    go_type,
)
from scanner.template.text import Text

STEPS = 5_000_000
"""How many pairs of values one comparison may look at."""

SCALARS: dict[type, str] = {
    str: "string",
    Text: "string",
    float: "float64",
    Float: "float64",
    int: "int",
    Int: "int",
    bool: "bool",
    type(None): "nil",
    Int64: "int64",
    Uint64: "uint64",
    Uint8: "uint8",
    complex: "complex128",
}
"""The Go type of values that Python's == compares as Go does, among those of one type."""


def deep_equal(left: Any, right: Any) -> bool:
    """reflect.DeepEqual: values of different types differ (an int and a float64, []string and []interface {}), NaN
    differs from itself, a nil list from an empty one. Self-containing values compare too.

    Raises FunctionError beyond STEPS pairs.
    """
    kind = SCALARS.get(type(left))
    if kind is not None:
        return bool(kind == SCALARS.get(type(right)) and left == right)
    return _deeply_equal(left, right)


def _deeply_equal(left: Any, right: Any) -> bool:
    pending = [(left, right)]
    seen: set[tuple[int, int]] = set()
    steps = 0
    while pending:
        one, other = pending.pop()
        steps += 1
        if steps > STEPS:
            raise FunctionError("the values are too large to compare")
        kind = SCALARS.get(type(one))
        if kind is not None:
            if kind != SCALARS.get(type(other)) or one != other:
                return False
            continue
        if not isinstance(one, (dict, list)):
            if not _same_other(one, other):
                return False
            continue
        if not _alike(one, other):
            return False
        pair = (id(one), id(other))
        if one is other or pair in seen:
            continue
        seen.add(pair)
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            pending += [(value, other[key]) for key, value in one.items()]
        else:
            pending += zip(one, other, strict=True)
    return True


def _alike(one: Any, other: Any) -> bool:
    """Whether two containers are of one type, both nil or both not, and of one length."""
    if go_type(one) != go_type(other) or len(one) != len(other):
        return False
    return isinstance(one, NILS) == isinstance(other, NILS)


def _same_other(one: Any, other: Any) -> bool:
    """Bytes and integers by content; structs that are one or have equal fields; functions never."""
    if isinstance(one, Struct):
        return one is other or (type(one) is type(other) and _fields_equal(one, other))
    if isinstance(one, (bytes, NamedInt)):
        alike = isinstance(one, NILS) == isinstance(other, NILS)
        return bool(one == other and go_type(one) == go_type(other) and alike)
    return False


def _fields_equal(one: Struct, other: Struct) -> bool:
    return bool(one.fields) and all(deep_equal(one.field(name), other.field(name)) for name in one.fields)


def _type_is(target: str, value: Any) -> bool:
    return bool(target == go_type(value))


def _type_is_like(target: str, value: Any) -> bool:
    name = go_type(value)
    return name in (target, "*" + target)


def _kind_is(target: str, value: Any) -> bool:
    return bool(target == go_kind(value))


FUNCTIONS = (
    Function("deepEqual", "any any", deep_equal),
    Function("kindIs", "string any", _kind_is),
    Function("kindOf", "any", go_kind),
    Function("typeIs", "string any", _type_is),
    Function("typeIsLike", "string any", _type_is_like),
    Function("typeOf", "any", go_type),
)
