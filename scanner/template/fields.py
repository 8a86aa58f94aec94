"""Fields, map entries and methods: what `.a.b` finds, with Go's rules and errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scanner.template.convert import Evaluate, signature
from scanner.template.errors import FunctionError, TemplateError
from scanner.template.frame import Frame, call_failure, failure, last_node
from scanner.template.function import Function
from scanner.template.kinds import MISSING, Map, StringMap, Struct, Values, go_type
from scanner.template.nodes import Chain, Field, Variable
from scanner.template.sizes import SMALL, WEIGHED

_MAPS = frozenset((dict, Map, Values))
_METHODS = frozenset(("AsMap", "Encode", "PathValue", "Table", "YAML"))
"""Names that may be methods of a map, so that a look at its entries would be too quick."""
_STRUCTS = frozenset(("Capabilities", "Chart", "Files"))
"""Names of entries that are usually structs: to try them as maps first costs an exception each time."""

Invoke = Callable[[Frame, Function, Any], Any]
"""Calls a method of a value with the arguments of the node that named it."""


Walk = Callable[[Frame, Any, bool], Any]
"""Follows the names by all the rules, given the value to start from and whether it is an interface {} value."""


def dot_reader(names: tuple[str, ...], walk: Walk) -> Evaluate:
    """Reads fields of dot. Entries of nested maps are found quickly, all else is left to `walk`."""
    last, inner = names[-1], names[:-1]
    if not _are_entries(names):
        return lambda frame: walk(frame, frame.dot, frame.is_element)

    def read(frame: Frame) -> Any:
        value = frame.dot
        try:
            for name in inner:
                value = value[name]
        except (KeyError, TypeError):
            return walk(frame, frame.dot, frame.is_element)
        if type(value) in _MAPS:
            return value.get(last)
        return walk(frame, frame.dot, frame.is_element)

    return read


def variable_reader(slot: int, names: tuple[str, ...], walk: Walk) -> Evaluate:
    """Reads fields of a variable, like `dot_reader`."""
    last, inner = names[-1], names[:-1]
    if not _are_entries(names):
        return lambda frame: walk(frame, frame.vars[slot], slot in frame.elements)

    def read(frame: Frame) -> Any:
        value = frame.vars[slot]
        try:
            for name in inner:
                value = value[name]
        except (KeyError, TypeError):
            return walk(frame, frame.vars[slot], slot in frame.elements)
        if type(value) in _MAPS:
            return value.get(last)
        return walk(frame, frame.vars[slot], slot in frame.elements)

    return read


def _are_entries(names: tuple[str, ...]) -> bool:
    """Whether it is worth a try to take the names for entries of maps."""
    return _METHODS.isdisjoint(names) and _STRUCTS.isdisjoint(names[:-1])


def field(
    frame: Frame, node: Field | Variable | Chain, receiver: Any, is_interface: bool, name: str, invoke: Invoke | None
) -> tuple[Any, bool]:
    """The field, entry or method `name` of a value, and whether Go holds it as an interface {} value.

    `is_interface` says so of the receiver. `invoke` calls a method with the arguments that `node` gives it; None where
    it gives none. Raises TemplateError.
    """
    if receiver is None:
        if not is_interface:
            return None, False
        raise failure(frame, last_node(frame, node), f"nil pointer evaluating interface {{}}.{name}")
    kind = type(receiver)
    methods = getattr(kind, "methods", None)
    if methods and name in methods:
        method: Function = methods[name]
        if invoke is not None:
            return invoke(frame, method, receiver), False
        return call_method(frame, node, method, receiver, ()), False
    problem = ""
    if isinstance(receiver, dict):
        if invoke is None:
            return _entry(receiver, name)
        problem = f"{name} is not a method but has arguments"
    else:
        shown = "interface {}" if is_interface else go_type(receiver)
        problem = f"can't evaluate field {name} in type {shown}"
        if isinstance(receiver, Struct):
            value = receiver.field(name)
            if name in receiver.unexported:
                problem = f"{name} is an unexported field of struct type {shown}"
            elif value is not MISSING:
                if invoke is None:
                    return value, False
                problem = f"{name} has arguments but cannot be invoked as function"
    raise failure(frame, last_node(frame, node), problem)


def _entry(mapping: dict[str, Any], name: str) -> tuple[Any, bool]:
    kind = type(mapping)
    if kind in _MAPS:
        return mapping.get(name), True
    if kind is StringMap:
        return mapping.get(name, ""), False
    if name in mapping:
        return mapping[name], not hasattr(kind, "zero")
    return getattr(kind, "zero", None), not hasattr(kind, "zero")


def call_method(
    frame: Frame, node: Field | Variable | Chain, method: Function, receiver: Any, arguments: Sequence[Evaluate]
) -> Any:
    """The result of a method; its arguments are evaluated here, after their number is found right."""
    problem = signature(method.parameters).miscounted(method.name, len(arguments), False) or method.refusal
    if problem:
        raise failure(frame, last_node(frame, node), problem)
    values = [evaluate(frame) for evaluate in arguments]
    try:
        result = method.call(frame.run, receiver, *values) if method.stateful else method.call(receiver, *values)
    except (FunctionError, TemplateError) as error:
        raise call_failure(frame, node, method.name, error) from None
    frame.run.steps += 1
    return frame.run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result
