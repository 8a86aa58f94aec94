"""eq, ne, lt, le, gt and ge of text/template: which kinds compare with which, and Go's errors for the rest."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.kinds import (
    NILS,
    Float,
    Int,
    Int64,
    NamedInt,
    NilPointer,
    Struct,
    Uint8,
    Uint64,
    go_kind,
    go_type,
)
from scanner.template.printing import format_value, sprintf
from scanner.template.text import Text
from scanner.template.utf8 import encoded

_BASIC: dict[type, str] = {
    bool: "bool",
    complex: "complex",
    int: "int",
    Int: "int",
    Int64: "int",
    Uint64: "uint",
    Uint8: "uint",
    float: "float",
    Float: "float",
    str: "string",
    Text: "string",
}
_BAD_TYPE = "invalid type for comparison"


def basic_kind(value: object) -> str:
    """`bool`, `complex`, `int`, `uint`, `float` or `string`; empty for everything else."""
    kind = _BASIC.get(type(value))
    if kind is None:
        kind = value.kind.rstrip("123468") if isinstance(value, NamedInt) else ""
    return kind


def eq(first: object, *others: object) -> bool:
    """Whether `first` is equal to one of the others. Different kinds are an error; nil equals no value."""
    if not others:
        raise FunctionError("missing argument for comparison")
    kind = basic_kind(first)
    for other in others:
        other_kind = basic_kind(other)
        if kind and kind == other_kind:
            if first == other:
                return True
        elif _equal(first, kind, other, other_kind):
            return True
    return False


def ne(first: object, second: object) -> bool:
    """Whether two values differ."""
    return not eq(first, second)


def lt(first: Any, second: Any) -> bool:
    """Whether `first` is less: numbers of like kinds, and strings by their bytes."""
    kind, second_kind = basic_kind(first), basic_kind(second)
    if not kind or not second_kind:
        raise FunctionError(_BAD_TYPE)
    if kind != second_kind and {kind, second_kind} != {"int", "uint"}:
        raise FunctionError(_incompatible(first, second))
    if kind == "string":
        return encoded(first) < encoded(second)
    if kind in ("bool", "complex"):
        raise FunctionError(_BAD_TYPE)
    return bool(first < second)


def le(first: object, second: object) -> bool:
    """Whether `first` is less or equal."""
    return lt(first, second) or eq(first, second)


def gt(first: object, second: object) -> bool:
    """Whether `first` is greater: not less or equal, so true beside a NaN."""
    return not le(first, second)


def ge(first: object, second: object) -> bool:
    """Whether `first` is not less."""
    return not lt(first, second)


def _incompatible(first: object, second: object) -> str:
    return f"incompatible types for comparison: {go_type(first)} and {go_type(second)}"


def _equal(first: object, kind: str, other: object, other_kind: str) -> bool:
    """Equality of values that are not of the same basic kind."""
    if kind != other_kind:
        if {kind, other_kind} == {"int", "uint"}:
            return bool(first == other)
        if first is None or other is None:
            return False
        raise FunctionError(_incompatible(first, other))
    if first is not None and other is not None and go_kind(first) != go_kind(other):
        shown, value = sprintf("%s", first), format_value(other)
        raise FunctionError(f"non-comparable types {shown}: {go_type(first)}, {go_type(other)}: {value}")
    if _is_nil(first) or _is_nil(other):
        return _is_nil(first) and _is_nil(other)
    if not _is_comparable(other):
        raise FunctionError(f"non-comparable type {sprintf('%s', other)}: {go_type(other)}")
    return _same(first, other)


def _is_nil(value: object) -> bool:
    return value is None or isinstance(value, NILS)


def _is_comparable(value: object) -> bool:
    """Whether Go compares values of this type: pointers, and structs of nothing but comparable fields."""
    if isinstance(value, Struct):
        if value.is_pointer:
            return True
        return all(_is_comparable(field) for _, field in value.shown_fields())
    return value is None or bool(basic_kind(value))


def _same(first: object, other: object) -> bool:
    """Go's == of two values, neither of which has a basic kind itself."""
    if type(first) is not type(other):
        return False
    if isinstance(first, NilPointer):
        return True
    if not isinstance(first, Struct) or not isinstance(other, Struct) or first.is_pointer:
        return first is other or (bool(basic_kind(first)) and first == other)
    if not first.fields:
        return first == other
    return all(_same(one[1], two[1]) for one, two in zip(first.shown_fields(), other.shown_fields(), strict=True))
