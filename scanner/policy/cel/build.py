"""Turns a tree into closures over a frame: one Python function a node, chosen by what is known of its types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from scanner.policy.cel import kinds, logic, operators
from scanner.policy.cel.access import (
    Closure,
    Frame,
    build_field,
    build_has,
    build_key,
    build_lazy,
    build_present,
    build_slot,
    settle_value,
)
from scanner.policy.cel.library import CALLS, GIVES_PARTIAL, TAKES_PARTIAL
from scanner.policy.cel.signals import Fault, Signal, charge, weigh
from scanner.policy.cel.tree import Node, Tree
from scanner.policy.cel.values import require_known
from scanner.policy.function import Function

if TYPE_CHECKING:
    from scanner.policy.cel.environment import Language

Names = Mapping[str, tuple[int, Closure | None]]
"""The slot of each local name in force, and for `cel.bind` what fills it at the first read."""
_KEPT = 4_096
"""Results kept for each pure function."""
_KEPT_TEXT = 1_024
"""Code points in a text whose result is kept."""
_KEPT_LIST = 64
"""Texts in a list whose result is kept."""
_SHORT = 64
"""Code points that are matched for one step."""


class Variable:
    """A named expression of a rule: the slot of its value, the first slot of its local names, its tree, and its
    closure once it is needed."""

    def __init__(self, slot: int, first: int, tree: Tree) -> None:
        self.slot = slot
        self.locals = first
        self.tree = tree
        self.closure: Closure | None = None


class Builder:
    """Builds closures for the expressions of one rule. `first` is the first slot free for local names."""

    def __init__(self, language: Language, variables: Mapping[str, Variable], first: int) -> None:
        self.language = language
        self.variables = variables
        self._first = first

    def free(self, names: Names) -> int:
        """The slot for one more local name."""
        return max((slot + 1 for slot, _ in names.values()), default=self._first)

    def build(self, node: Node, names: Names, partial: bool = False) -> Closure:
        """The closure for a node. It returns a value of the node's type or raises a Signal; half-known strings come
        out of it only where `partial` is set, `Unknown` never does."""
        kind = node[0]
        if kind == "call":
            return self._call(node, names, partial)
        if kind == "field":
            return build_field(self, node, names, partial)
        if kind == "const":
            constant = node[3]
            return lambda _frame: constant
        if kind in _WHOLE:
            return _WHOLE[kind](self, node, names)
        if kind in _PARTLY:
            return _PARTLY[kind](self, node, names, partial)
        if kind in {"subject", "parameters"}:
            return build_slot(0 if kind == "subject" else 1, node[2], partial, node[1])
        if kind == "local":
            slot, initial = names[node[3]]
            if initial is None:
                return build_slot(slot, node[2], partial, node[1])
            return build_lazy(slot, initial, "", node[2], partial, node[1])
        if kind == "variable":
            return self._variable(node, partial)
        raise AssertionError(f"unknown node {kind}")

    def _variable(self, node: Node, partial: bool) -> Closure:
        _, offset, kind, name = node
        variable = self.variables[name]

        def initial(frame: Frame) -> Any:
            if variable.closure is None:
                inner = Builder(self.language, self.variables, variable.locals)
                variable.closure = inner.build(variable.tree.node, {}, partial=True)
            return variable.closure(frame)

        return build_lazy(variable.slot, initial, name, kind, partial, offset)

    def _call(self, node: Node, names: Names, partial: bool) -> Closure:
        name = node[3]
        if name in _WHOLE_CALLS:
            return _WHOLE_CALLS[name](self, node, names)
        if name in _PARTLY_CALLS:
            return _PARTLY_CALLS[name](self, node, names, partial)
        offset, function = node[1], CALLS[name]
        takes = name in TAKES_PARTIAL
        gives = name in GIVES_PARTIAL
        arguments = [self.build(part, names, partial=takes and (partial or not gives)) for part in node[4]]
        if name == "matches" and node[4][1][0] == "const":
            return _build_matches(arguments[0], node[4][1][3], offset)
        if len(arguments) == 1:
            only = arguments[0]
            if name == "size":
                return lambda frame: function(offset, only(frame))

            def call_one(frame: Frame) -> Any:
                value = only(frame)
                weigh(frame, value, offset)
                return function(offset, value)

            return call_one
        if len(arguments) == 2:
            one, other = arguments
            return operators.weighed(one, other, lambda first, second: function(offset, first, second), offset)

        def call(frame: Frame) -> Any:
            values = _evaluate(arguments, frame)
            for value in values:
                weigh(frame, value, offset)
            return function(offset, *values)

        return call


def _build_matches(text: Closure, pattern: str, offset: int) -> Closure:
    """`matches` with a constant pattern; what short texts gave is kept, since the same names occur all over."""
    kept: dict[str, bool] = {}

    def matches(frame: Frame) -> bool:
        value = text(frame)
        if value.__class__ is not str:
            return bool(CALLS["matches"](offset, value, pattern))
        known = kept.get(value)
        if known is not None:
            return known
        size = len(value)
        if size > _SHORT:
            charge(frame, size // _SHORT, offset)
            return bool(CALLS["matches"](offset, value, pattern))
        if len(kept) >= _KEPT:
            kept.clear()
        result = kept[value] = bool(CALLS["matches"](offset, value, pattern))
        return result

    return matches


def _evaluate(arguments: list[Closure], frame: Frame) -> list[Any]:
    """The values of strict arguments; where several have none, an unknown wins."""
    values: list[Any] = []
    for index, argument in enumerate(arguments):
        try:
            values.append(argument(frame))
        except Signal as signal:
            raise operators.settle(signal, tuple(arguments[index + 1 :]), frame) from None
    return values


def _build_list(builder: Builder, node: Node, names: Names) -> Closure:
    elements = [builder.build(part, names, partial=True) for part in node[3]]
    if all(part[0] == "const" for part in node[3]):
        constant = [part[3] for part in node[3]]
        return lambda _frame: constant
    return lambda frame: _evaluate(elements, frame)


def _build_map(builder: Builder, node: Node, names: Names) -> Closure:
    offset = node[1]
    parts = [builder.build(part, names, partial=index == 1) for pair in node[3] for index, part in enumerate(pair)]

    def make(frame: Frame) -> dict[Any, Any]:
        values = _evaluate(parts, frame)
        made: dict[Any, Any] = {}
        for key, value in zip(values[::2], values[1::2], strict=True):
            if key.__class__ is not str and key.__class__ is not int:
                raise Fault("a map's key is a string or an int", offset)
            if key in made:
                raise Fault("a key occurs twice", offset)
            made[key] = value
        return made

    return make


def _build_function(builder: Builder, node: Node, names: Names, partial: bool) -> Closure:
    _, offset, kind, name, parts = node
    function = builder.language.functions[name]
    arguments = [builder.build(part, names, function.partial) for part in parts]
    run = _keeping(function, builder.language.results.setdefault(name, {}), offset)

    class_ = kinds.class_of(kind)
    nested = any(kinds.class_of(kinds.canonical(each)) in {list, dict, None} for each in function.parameters)

    def call(frame: Frame) -> Any:
        values = _evaluate(arguments, frame)
        charge(frame, 1, offset)
        for argument in values:
            weigh(frame, argument, offset)
            if nested:
                require_known(argument, function.partial)
        value = run(values)
        return value if value.__class__ is class_ else settle_value(value, kind, partial, offset)

    return call


def _keeping(function: Function, kept: dict[tuple[Any, ...], Any], offset: int) -> Callable[[list[Any]], Any]:
    """Calls the function, keeping the results of a pure one for equal texts and lists of texts."""

    def run(values: list[Any]) -> Any:
        try:
            return function.call(*values)
        except ValueError as error:
            raise Fault(f"{function.name}: {error}", offset) from None

    if not function.pure or not {"string", "list(string)"}.issuperset(function.parameters):
        return run

    def keep(values: list[Any]) -> Any:
        if not all(map(_is_kept, values)):
            return run(values)
        key = tuple(tuple(value) if value.__class__ is list else value for value in values)
        if key in kept:
            return kept[key]
        value = run(values)
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = value
        return value

    return keep


def _is_kept(value: Any) -> bool:
    """Whether results are kept for an argument: a text, or some texts, that are not long."""
    if value.__class__ is str:
        return len(value) <= _KEPT_TEXT
    return value.__class__ is list and len(value) <= _KEPT_LIST and all(part.__class__ is str for part in value)


_WHOLE: dict[str, Callable[[Builder, Node, Names], Closure]] = {
    "and": logic.build_and,
    "or": logic.build_or,
    "has": build_has,
    "present": build_present,
    "list": _build_list,
    "map": _build_map,
    "exists": logic.build_exists,
    "all": logic.build_all,
    "exists_one": logic.build_exists_one,
    "collect": logic.build_collect,
}
_PARTLY: dict[str, Callable[[Builder, Node, Names, bool], Closure]] = {
    "if": logic.build_if,
    "bind": logic.build_bind,
    "key": build_key,
    "function": _build_function,
}
_WHOLE_CALLS: dict[str, Callable[[Builder, Node, Names], Closure]] = {
    "!_": logic.build_not,
    "-_": operators.build_negate,
    "_==_": operators.build_equal,
    "_!=_": operators.build_equal,
    "@in": operators.build_in,
    **dict.fromkeys(("_<_", "_<=_", "_>_", "_>=_"), operators.build_order),
}
_PARTLY_CALLS: dict[str, Callable[[Builder, Node, Names, bool], Closure]] = {
    "_[_]": operators.build_index,
    **dict.fromkeys(("_+_", "_-_", "_*_", "_/_", "_%_"), operators.build_arithmetic),
}
