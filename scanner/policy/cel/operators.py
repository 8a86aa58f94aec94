"""Closures for the operators: comparison, arithmetic in 64 bits, membership and indexing."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel import kinds
from scanner.policy.cel.access import MISSING, NO_KEY, Closure, Frame, settle_value
from scanner.policy.cel.partial import joined
from scanner.policy.cel.signals import (
    LONGEST_LIST,
    LONGEST_TEXT,
    SMALL,
    SMALL_TEXT,
    Exhausted,
    Fault,
    Signal,
    UnknownSignal,
    stronger,
    weigh,
)
from scanner.policy.cel.tree import Node
from scanner.policy.cel.values import NO_OVERLOAD, compare, contains, equal, has_key

if TYPE_CHECKING:
    from scanner.policy.cel.build import Builder, Names

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_OVERFLOW = "the integer is too large for 64 bits"
_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "_<_": operator.lt,
    "_<=_": operator.le,
    "_>_": operator.gt,
    "_>=_": operator.ge,
}
_ACCEPTED = {"_<_": (-1,), "_<=_": (-1, 0), "_>_": (1,), "_>=_": (0, 1)}
_SIZED = frozenset({str, list, dict})
_ALIKE = frozenset({"string", "int", "bool", "double"})


def settle(signal: Signal, rest: tuple[Closure, ...], frame: Frame) -> Signal:
    """What a strict operation ends in once an operand raised: an unknown among those after it wins over an error."""
    for closure in rest:
        try:
            closure(frame)
        except Signal as other:
            signal = stronger(signal, other)
    return signal


def strict(one: Closure, other: Closure, apply: Callable[[Any, Any], Any]) -> Closure:
    """A closure that needs both operands."""

    def call(frame: Frame) -> Any:
        try:
            first = one(frame)
        except Signal as signal:
            raise settle(signal, (other,), frame) from None
        return apply(first, other(frame))

    return call


def weighed(one: Closure, other: Closure, apply: Callable[[Any, Any], Any], offset: int, small: int = SMALL) -> Closure:
    """`strict` for what goes through whole strings, lists and maps: large ones take more of the budget. What has no
    more than `small` elements is not looked into: it is 0 where an element may be large itself."""

    def call(frame: Frame) -> Any:
        try:
            first = one(frame)
        except Signal as signal:
            raise settle(signal, (other,), frame) from None
        second = other(frame)
        if first.__class__ in _SIZED and len(first) > small:
            weigh(frame, first, offset)
        if second.__class__ in _SIZED and len(second) > small:
            weigh(frame, second, offset)
        return apply(first, second)

    return call


def build_equal(builder: Builder, node: Node, names: Names) -> Closure:
    """`==` and `!=`."""
    wanted = node[3] == "_==_"
    left, right = node[4]
    if left[0] == "const":
        left, right = right, left
    one = builder.build(left, names, partial=True)
    if right[0] == "const" and right[2] == left[2] and right[2] in _ALIKE:
        return _equal_constant(one, right[3], wanted)
    other = builder.build(right, names, partial=True)
    small = 0 if kinds.nests(left[2]) or kinds.nests(right[2]) else SMALL
    if wanted:
        return weighed(one, other, equal, node[1], small)
    return weighed(one, other, lambda first, second: not equal(first, second), node[1], small)


def _equal_constant(one: Closure, constant: Any, wanted: bool) -> Closure:
    class_ = constant.__class__
    if wanted:

        def same(frame: Frame) -> bool:
            value = one(frame)
            return bool(value == constant) if value.__class__ is class_ else equal(value, constant)

        return same

    def differs(frame: Frame) -> bool:
        value = one(frame)
        return bool(value != constant) if value.__class__ is class_ else not equal(value, constant)

    return differs


def build_order(builder: Builder, node: Node, names: Names) -> Closure:
    """`<`, `<=`, `>`, `>=`."""
    _, offset, _, name, (left, right) = node
    if left[2] == right[2] and left[2] in _ALIKE:
        one, other = builder.build(left, names), builder.build(right, names)
        apply = _ORDERS[name]
        if right[0] == "const":
            constant = right[3]
            return lambda frame: apply(one(frame), constant)
        return weighed(one, other, apply, offset) if left[2] == "string" else strict(one, other, apply)
    accepted = _ACCEPTED[name]
    one, other = builder.build(left, names), builder.build(right, names)
    return weighed(one, other, lambda first, second: compare(first, second, offset) in accepted, offset)


def build_in(builder: Builder, node: Node, names: Names) -> Closure:
    """`value in list` and `key in map`."""
    _, offset, _, _, (left, right) = node
    value = builder.build(left, names, partial=True)
    if left[2] == "string" and right[0] == "list" and all(item[0] == "const" for item in right[3]):
        return _in_constants(value, [item[3] for item in right[3]], offset)
    items = builder.build(right, names)
    if right[0] == "field" and right[3][0] == "parameters" and left[2] == "string":
        # Parameters are plain texts, none of them unknown: Python's own search decides.
        return strict(
            value,
            items,
            lambda wanted, found: wanted in found if wanted.__class__ is str else contains(found, wanted, offset),
        )
    small = 0 if kinds.nests(right[2]) else SMALL
    return weighed(value, items, lambda wanted, found: contains(found, wanted, offset), offset, small)


def _in_constants(value: Closure, items: list[str], offset: int) -> Closure:
    constants = frozenset(items)

    def member(frame: Frame) -> bool:
        wanted = value(frame)
        return wanted in constants if wanted.__class__ is str else contains(items, wanted, offset)

    return member


def build_index(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """`list[index]` and `map[key]`."""
    _, offset, kind, _, (left, right) = node
    class_ = kinds.class_of(kind)

    def get(items: Any, index: Any) -> Any:
        if items.__class__ is list:
            value = items[_position(index, len(items), offset)]
        elif items.__class__ is dict:
            value = items[index] if has_key(items, index, offset) else MISSING
            if value is MISSING:
                raise Fault(NO_KEY, offset)
        else:
            raise Fault(NO_OVERLOAD, offset)
        return value if value.__class__ is class_ else settle_value(value, kind, partial, offset)

    return strict(builder.build(left, names), builder.build(right, names, partial=True), get)


def _position(index: Any, size: int, offset: int) -> int:
    if index.__class__ is float and index.is_integer():
        index = int(index)
    if index.__class__ is not int:
        if index.__class__ is PartialText:
            raise UnknownSignal(index.unknown)
        raise Fault(NO_OVERLOAD, offset)
    if not 0 <= index < size:
        raise Fault("the index is out of bounds", offset)
    return int(index)


def build_arithmetic(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """`+`, `-`, `*`, `/`, `%`: on integers, doubles, and `+` on strings and lists."""
    _, offset, _, name, (left, right) = node
    halves = name == "_+_" and left[2] in {"string", "dyn"} and right[2] in {"string", "dyn"}
    one, other = builder.build(left, names, halves), builder.build(right, names, halves)
    if node[2] == "string":
        return weighed(one, other, lambda first, second: _add(first, second, partial, offset), offset, SMALL_TEXT)
    integer, real = _INTEGERS[name], _REALS.get(name)

    def apply(first: Any, second: Any) -> Any:
        kind, other_kind = first.__class__, second.__class__
        if kind is int and other_kind is int:
            result = integer(first, second, offset)
            if not _LEAST <= result <= _MOST:
                raise Fault(_OVERFLOW, offset)
            return result
        if kind is float and other_kind is float and real:
            return real(first, second)
        if name == "_+_":
            return _add(first, second, partial, offset)
        raise Fault(NO_OVERLOAD, offset)

    return strict(one, other, apply) if node[2] in {"int", "double"} else weighed(one, other, apply, offset)


def _add(first: Any, second: Any, partial: bool, offset: int) -> Any:
    if first.__class__ is str and second.__class__ is str:
        return capped(first + second, offset)
    if first.__class__ is list and second.__class__ is list:
        if len(first) + len(second) > LONGEST_LIST:
            raise Exhausted("the expression makes too long a list", offset)
        return first + second
    if isinstance(first, str | PartialText) and isinstance(second, str | PartialText):
        result = joined(first, second)
        if isinstance(result, PartialText):
            if sum(len(part) for part in result.parts if isinstance(part, str)) > LONGEST_TEXT:
                raise Exhausted("the expression makes too long a string", offset)
            if not partial:
                raise UnknownSignal(result.unknown)
        return result
    for value in (first, second):
        if isinstance(value, PartialText | Unknown):
            raise UnknownSignal(value if isinstance(value, Unknown) else value.unknown)
    raise Fault(NO_OVERLOAD, offset)


def capped(text: str, offset: int) -> str:
    """The text, unless it is too long."""
    if len(text) > LONGEST_TEXT:
        raise Exhausted("the expression makes too long a string", offset)
    return text


def _divide(first: int, second: int, offset: int) -> int:
    if second == 0:
        raise Fault("division by zero", offset)
    quotient = abs(first) // abs(second)
    return quotient if (first < 0) == (second < 0) else -quotient


def _remainder(first: int, second: int, offset: int) -> int:
    if second == 0:
        raise Fault("remainder of a division by zero", offset)
    if first == _LEAST and second == -1:
        raise Fault(_OVERFLOW, offset)
    rest = abs(first) % abs(second)
    return -rest if first < 0 else rest


def _divide_reals(first: float, second: float) -> float:
    if second:
        return first / second
    if first == 0 or first != first:
        return float("nan")
    return float("inf") * first * (1.0 if str(second)[0] != "-" else -1.0)


_INTEGERS: dict[str, Callable[[int, int, int], int]] = {
    "_+_": lambda first, second, _offset: first + second,
    "_-_": lambda first, second, _offset: first - second,
    "_*_": lambda first, second, _offset: first * second,
    "_/_": _divide,
    "_%_": _remainder,
}
_REALS: dict[str, Callable[[float, float], float]] = {
    "_+_": operator.add,
    "_-_": operator.sub,
    "_*_": operator.mul,
    "_/_": _divide_reals,
}


def build_negate(builder: Builder, node: Node, names: Names) -> Closure:
    """`-value`."""
    value, offset = builder.build(node[4][0], names), node[1]

    def negate(frame: Frame) -> Any:
        number = value(frame)
        if number.__class__ is float:
            return -number
        if number.__class__ is not int:
            raise Fault(NO_OVERLOAD, offset)
        if number == _LEAST:
            raise Fault(_OVERFLOW, offset)
        return -number

    return negate
