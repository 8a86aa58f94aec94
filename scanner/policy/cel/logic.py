"""Closures for logic and for the macros over lists and maps, three-valued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from scanner.policy.cel.access import MISSING, Closure, Frame
from scanner.policy.cel.signals import Fault, Signal, charge, stronger
from scanner.policy.cel.tree import Node
from scanner.policy.cel.values import NO_OVERLOAD

if TYPE_CHECKING:
    from scanner.policy.cel.build import Builder, Names


def build_truth(builder: Builder, node: Node, names: Names) -> Closure:
    """A closure that yields true or false and nothing else."""
    closure = builder.build(node, names)
    if node[2] == "bool":
        return closure
    offset = node[1]

    def truth(frame: Frame) -> bool:
        value = closure(frame)
        if value.__class__ is not bool:
            raise Fault(NO_OVERLOAD, offset)
        return bool(value)

    return truth


def build_and(builder: Builder, node: Node, names: Names) -> Closure:
    """`&&`: false where any term is false; else what is not known, else an error."""
    terms = [build_truth(builder, term, names) for term in node[3]]
    if len(terms) == 2:
        first, second = terms

        def both(frame: Frame) -> bool:
            try:
                if not first(frame):
                    return False
            except Signal as signal:
                return _rest(signal, iter((second,)), frame, decisive=False)
            return bool(second(frame))

        return both

    def every(frame: Frame) -> bool:
        rest = iter(terms)
        try:
            for term in rest:
                if not term(frame):
                    return False
        except Signal as signal:
            return _rest(signal, rest, frame, decisive=False)
        return True

    return every


def build_or(builder: Builder, node: Node, names: Names) -> Closure:
    """`||`: true where any term is true; else what is not known, else an error."""
    terms = [build_truth(builder, term, names) for term in node[3]]
    if len(terms) == 2:
        first, second = terms

        def either(frame: Frame) -> bool:
            try:
                if first(frame):
                    return True
            except Signal as signal:
                return _rest(signal, iter((second,)), frame, decisive=True)
            return bool(second(frame))

        return either

    def some(frame: Frame) -> bool:
        rest = iter(terms)
        try:
            for term in rest:
                if term(frame):
                    return True
        except Signal as signal:
            return _rest(signal, rest, frame, decisive=True)
        return False

    return some


def _rest(signal: Signal, rest: Iterator[Closure], frame: Frame, *, decisive: bool) -> bool:
    """The terms after one without a value: the decisive answer among them still counts."""
    for term in rest:
        try:
            if term(frame) is decisive:
                return bool(decisive)
        except Signal as other:
            signal = stronger(signal, other)
    raise signal


def build_not(builder: Builder, node: Node, names: Names) -> Closure:
    """`!`."""
    term = build_truth(builder, node[4][0], names)
    return lambda frame: not term(frame)


def build_if(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """`condition ? then : otherwise`: only the branch that is taken is evaluated."""
    condition = build_truth(builder, node[3], names)
    then, otherwise = (builder.build(branch, names, partial) for branch in node[4:6])
    return lambda frame: then(frame) if condition(frame) else otherwise(frame)


def build_bind(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    """`cel.bind(name, initial, body)`: evaluated at most once, when it is first read."""
    _, _, _, name, initial, body = node
    slot = builder.free(names)
    lazy = builder.build(initial, names, partial=True)
    closure = builder.build(body, {**names, name: (slot, lazy)}, partial)

    def bind(frame: Frame) -> Any:
        frame[slot] = MISSING
        return closure(frame)

    return bind


def _loop(builder: Builder, node: Node, names: Names) -> tuple[Callable[[Frame], Any], int, Names]:
    """The range of a macro, its slot, and the names inside. The range's elements are charged before they are seen."""
    _, offset, _, name, range_ = node[:5]
    items = builder.build(range_, names)
    slot = builder.free(names)

    def visit(frame: Frame) -> Any:
        found = items(frame)
        if found.__class__ is not list and found.__class__ is not dict:
            raise Fault(NO_OVERLOAD, offset)
        size = len(found)
        left = frame[2]
        if left < size:
            charge(frame, size, offset)
        frame[2] = left - size
        return found

    return visit, slot, {**names, name: (slot, None)}


def build_exists(builder: Builder, node: Node, names: Names) -> Closure:
    """`exists`: true where the predicate holds for any element; else what is not known, else an error."""
    visit, slot, inner = _loop(builder, node, names)
    predicate = build_truth(builder, node[5], inner)

    def exists(frame: Frame) -> bool:
        signal: Signal | None = None
        for item in visit(frame):
            frame[slot] = item
            try:
                if predicate(frame):
                    return True
            except Signal as raised:
                signal = stronger(signal, raised)
        if signal:
            raise signal
        return False

    return exists


def build_all(builder: Builder, node: Node, names: Names) -> Closure:
    """`all`: false where the predicate fails for any element; else what is not known, else an error."""
    visit, slot, inner = _loop(builder, node, names)
    predicate = build_truth(builder, node[5], inner)

    def every(frame: Frame) -> bool:
        signal: Signal | None = None
        for item in visit(frame):
            frame[slot] = item
            try:
                if not predicate(frame):
                    return False
            except Signal as raised:
                signal = stronger(signal, raised)
        if signal:
            raise signal
        return True

    return every


def build_exists_one(builder: Builder, node: Node, names: Names) -> Closure:
    """`exists_one`: whether the predicate holds for exactly one element; nothing absorbs an error or an unknown."""
    visit, slot, inner = _loop(builder, node, names)
    predicate = build_truth(builder, node[5], inner)

    def exists_one(frame: Frame) -> bool:
        signal: Signal | None = None
        count = 0
        for item in visit(frame):
            frame[slot] = item
            try:
                if predicate(frame):
                    count += 1
            except Signal as raised:
                signal = stronger(signal, raised)
        if signal:
            raise signal
        return count == 1

    return exists_one


def build_collect(builder: Builder, node: Node, names: Names) -> Closure:
    """`filter` and `map`: the elements for which the predicate holds, as they are or transformed."""
    visit, slot, inner = _loop(builder, node, names)
    predicate = None if node[5] is None else build_truth(builder, node[5], inner)
    transform = None if node[6] is None else builder.build(node[6], inner, partial=True)

    def collect(frame: Frame) -> list[Any]:
        signal: Signal | None = None
        found: list[Any] = []
        for item in visit(frame):
            frame[slot] = item
            try:
                if predicate is None or predicate(frame):
                    found.append(item if transform is None else transform(frame))
            except Signal as raised:
                signal = stronger(signal, raised)
        if signal:
            raise signal
        return found

    return collect
