"""Closures that read: names, attributes of views, keys of maps; and those that ask whether something is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel import kinds
from scanner.policy.cel.signals import Fault, Signal, UnknownSignal
from scanner.policy.cel.tree import Node
from scanner.policy.cel.values import NO_OVERLOAD, has_key

if TYPE_CHECKING:
    from scanner.policy.cel.build import Builder, Names

Frame = list[Any]
Closure = Callable[[Frame], Any]

FIRST = 3
"""The slots of a frame: 0 the subject, 1 the parameters, 2 the steps left; from FIRST variables, then local names."""
NO_KEY = "no such key"


class Missing:
    """What is not there: one instance, MISSING."""

    __slots__ = ()


MISSING = Missing()


class Raised:
    """The signal that a lazily evaluated name ended in."""

    __slots__ = ("signal",)

    def __init__(self, signal: Signal) -> None:
        self.signal = signal


def settle_value(value: Any, kind: str, partial: bool, offset: int) -> Any:
    """A value whose class is not the one that its type promises: what is not known, or a wrong value."""
    found = value.__class__
    if found is Unknown:
        raise UnknownSignal(value)
    if found is PartialText and kind in {"string", "dyn"}:
        if partial:
            return value
        raise UnknownSignal(value.unknown)
    if kind == "dyn":
        return value
    if kind == "double" and found is int:
        return float(value)
    raise Fault(f"a value is not of its declared type, {kind}", offset)


def build_slot(slot: int, kind: str, partial: bool, offset: int) -> Closure:
    """Reads a slot that holds a value."""
    class_ = kinds.class_of(kind)

    def read(frame: Frame) -> Any:
        value = frame[slot]
        if value.__class__ is class_:
            return value
        return settle_value(value, kind, partial, offset)

    return read


def build_lazy(slot: int, initial: Closure, name: str, kind: str, partial: bool, offset: int) -> Closure:
    """Reads a slot that is filled at the first read, by `initial`; `name` is the rule's variable, '' in a bind."""
    class_ = kinds.class_of(kind)

    def read(frame: Frame) -> Any:
        value = frame[slot]
        if value.__class__ is class_:
            return value
        if value is MISSING:
            try:
                value = frame[slot] = initial(frame)
            except Signal as signal:
                if isinstance(signal, Fault) and name and not signal.variable:
                    signal.variable = name
                frame[slot] = Raised(signal)
                raise
        if value.__class__ is Raised:
            raise value.signal.with_traceback(None)
        return value if value.__class__ is class_ else settle_value(value, kind, partial, offset)

    return read


def build_field(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """Reads an attribute of a message; an absent one is its type's default."""
    _, offset, kind, operand, name = node
    class_, default = kinds.class_of(kind), kinds.default_of(kind)
    if operand[0] == "subject":

        def read_subject(frame: Frame) -> Any:
            value = frame[0].get(name, default)
            if value.__class__ is class_:
                return value
            return settle_value(value, kind, partial, offset)

        return read_subject
    if operand[0] == "parameters":

        def read_parameter(frame: Frame) -> Any:
            value = frame[1].get(name, default)
            if value.__class__ is class_:
                return value
            return settle_value(value, kind, partial, offset)

        return read_parameter
    message = builder.build(operand, names)

    def read(frame: Frame) -> Any:
        value = message(frame).get(name, default)
        if value.__class__ is class_:
            return value
        return settle_value(value, kind, partial, offset)

    return read


def build_key(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """Reads a key of a map; an absent one is an error."""
    _, offset, kind, operand, name = node
    class_ = kinds.class_of(kind)
    map_ = builder.build(operand, names)

    def read(frame: Frame) -> Any:
        items = map_(frame)
        if items.__class__ is not dict:
            raise Fault(NO_OVERLOAD, offset)
        value = items.get(name, MISSING)
        if value.__class__ is class_:
            return value
        if value is MISSING:
            raise Fault(NO_KEY, offset)
        return settle_value(value, kind, partial, offset)

    return read


def build_has(builder: Builder, node: Node, names: Names) -> Closure:
    """`has(a.b)`: whether the last name is there; what is before it is read as usual."""
    _, offset, _, operand, name = node
    message = builder.build(operand, names)

    def test(frame: Frame) -> bool:
        items = message(frame)
        if items.__class__ is not dict:
            raise Fault(NO_OVERLOAD, offset)
        value = items.get(name, MISSING)
        if value.__class__ is Unknown:
            raise UnknownSignal(value)
        return value is not MISSING

    return test


def build_present(builder: Builder, node: Node, names: Names) -> Closure:
    """`present(a.b)`: whether it is there, and so everything before it; null counts as absent."""
    operand = node[3]
    if operand[0] == "field" and operand[3][0] == "subject":
        name = operand[4]

        def test_subject(frame: Frame) -> bool:
            value = frame[0].get(name)
            if value.__class__ is Unknown:
                raise UnknownSignal(value)
            return value is not None

        return test_subject
    maybe = build_maybe(builder, operand, names)

    def test(frame: Frame) -> bool:
        value = maybe(frame)
        return value is not MISSING and value is not None

    return test


def build_maybe(builder: Builder, node: Node, names: Names) -> Closure:
    """Reads what may be absent: MISSING where it is, or anything before it. Raises UnknownSignal for Unknown."""
    kind = node[0]
    if kind in {"field", "key"}:
        return _maybe_below(build_maybe(builder, node[3], names), lambda _frame: node[4], node[1])
    if kind == "call" and node[3] == "_[_]":
        return _maybe_below(
            build_maybe(builder, node[4][0], names), builder.build(node[4][1], names, partial=True), node[1]
        )
    if kind == "variable":
        tree = builder.variables[node[3]].tree
        if tree.node[0] in {"field", "key", "variable"}:
            return build_maybe(builder, tree.node, {})
    return builder.build(node, names, partial=True)


def _maybe_below(outer: Closure, key: Closure, offset: int) -> Closure:
    def read(frame: Frame) -> Any:
        items = outer(frame)
        if items.__class__ is dict:
            wanted = key(frame)
            value = items[wanted] if has_key(items, wanted, offset) else MISSING
        elif items.__class__ is list:
            wanted = key(frame)
            value = items[wanted] if wanted.__class__ is int and 0 <= wanted < len(items) else MISSING
        else:
            return MISSING
        if value.__class__ is Unknown:
            raise UnknownSignal(value)
        return value

    return read
