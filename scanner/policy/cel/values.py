"""Equality, order and membership of plain values, three-valued where they hold what is not known."""

from __future__ import annotations

from typing import Any

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel.partial import partial_equal
from scanner.policy.cel.signals import Fault, Signal, UnknownSignal, stronger

_PLAIN = frozenset({str, int, bool, float, type(None)})
_NUMBERS = frozenset({int, float})
_ORDERED = frozenset({str, int, bool, float})
NO_OVERLOAD = "the values are not of types that this takes"


def equal(one: Any, other: Any) -> bool:
    """CEL's `==`: numbers by value whatever their kind, anything else only within its own type. Raises UnknownSignal
    where what is known does not decide it."""
    kind, other_kind = one.__class__, other.__class__
    if kind is other_kind and kind in _PLAIN:
        return bool(one == other)
    if kind is Unknown:
        raise UnknownSignal(one)
    if other_kind is Unknown:
        raise UnknownSignal(other)
    if kind is PartialText or other_kind is PartialText:
        return partial_equal(one, other)
    if kind is list and other_kind is list:
        return len(one) == len(other) and _all_equal(zip(one, other, strict=True))
    if kind is dict and other_kind is dict:
        return _maps_equal(one, other)
    # Across kinds, numbers compare as doubles, also where that loses digits: the language is specified so.
    return kind in _NUMBERS and other_kind in _NUMBERS and float(one) == float(other)


def _maps_equal(one: dict[Any, Any], other: dict[Any, Any]) -> bool:
    if len(one) != len(other) or not all(key in other for key in one):
        return False
    return _all_equal((value, other[key]) for key, value in one.items())


def _all_equal(pairs: Any) -> bool:
    signal: Signal | None = None
    for one, other in pairs:
        try:
            if not equal(one, other):
                return False
        except UnknownSignal as unknown:
            signal = stronger(signal, unknown)
    if signal:
        raise signal
    return True


def contains(items: Any, value: Any, offset: int) -> bool:
    """CEL's `in`, for lists and for the keys of maps."""
    kind = items.__class__
    if kind is dict:
        return has_key(items, value, offset)
    if kind is not list:
        raise Fault(NO_OVERLOAD, offset)
    text = value.__class__ is str
    if text and value in items:
        return True
    signal: Signal | None = None
    for item in items:
        if text and item.__class__ is str:
            continue
        try:
            if equal(item, value):
                return True
        except UnknownSignal as unknown:
            signal = stronger(signal, unknown)
    if signal:
        raise signal
    return False


def has_key(items: dict[Any, Any], key: Any, offset: int) -> bool:
    """Whether a map has a key. Python would take true for 1; CEL does not."""
    kind = key.__class__
    if kind is PartialText:
        return _has_partial_key(items, key)
    if kind is Unknown:
        raise UnknownSignal(key)
    if kind not in _ORDERED:
        raise Fault("a list, a map or null is no key", offset)
    return kind is not bool and key in items


def _has_partial_key(items: dict[Any, Any], key: PartialText) -> bool:
    for candidate in items:
        partial_equal(candidate, key)
    return False


def compare(one: Any, other: Any, offset: int) -> int:
    """Negative, 0 or positive as `one` is before, equal to or after `other`; raises Fault where they have no order.

    Where one side is no number at all (NaN), the answer is 2: none of `<`, `<=`, `>`, `>=` holds.
    """
    kind, other_kind = one.__class__, other.__class__
    if kind is Unknown:
        raise UnknownSignal(one)
    if other_kind is Unknown:
        raise UnknownSignal(other)
    if kind is PartialText or other_kind is PartialText:
        raise UnknownSignal(one.unknown if kind is PartialText else other.unknown)
    same = kind is other_kind and kind in _ORDERED
    if not same and not (kind in _NUMBERS and other_kind in _NUMBERS):
        raise Fault(NO_OVERLOAD, offset)
    if not same:
        one, other = float(one), float(other)
    if one == other:
        return 0
    return -1 if one < other else 1 if one > other else 2


def require_known(value: Any, partial: bool) -> None:
    """Raises UnknownSignal where something inside a list or a map is not known; half-known strings may be allowed."""
    kind = value.__class__
    if kind is list:
        for item in value:
            if item.__class__ is not str:
                require_known(item, partial)
    elif kind is dict:
        for item in value.values():
            require_known(item, partial)
    elif kind is Unknown:
        raise UnknownSignal(value)
    elif kind is PartialText and not partial:
        raise UnknownSignal(value.unknown)
