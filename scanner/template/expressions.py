"""Pipelines and their parts as closures over a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scanner.template.calls import call, call_of, failing, identifier_of, short_circuit
from scanner.template.convert import Evaluate, adapt, checked, ideal, literal, signature
from scanner.template.fields import call_method, dot_reader, field, variable_reader
from scanner.template.frame import Frame, failure, last_node
from scanner.template.function import Function
from scanner.template.kinds import Struct
from scanner.template.nodes import (
    Chain,
    Command,
    Dot,
    Expression,
    Field,
    Identifier,
    Nil,
    Pipeline,
    Variable,
)
from scanner.template.origins import SILENT, keep, kept, note_entry, references, remember

LAZY = ("and", "or", "call")
"""The functions that are not in a table: they are part of the language."""


class Compiler:
    """Compiles the pipelines of one action, whose variables lie in `slots`."""

    def __init__(self, functions: Mapping[str, Function], slots: tuple[int, ...]) -> None:
        self.functions = functions
        self.slots = slots

    def pipeline(self, node: Pipeline) -> Evaluate:
        """A pipeline with its declarations or assignments."""
        evaluate: Evaluate | None = None
        for stage, command in enumerate(node.commands):
            evaluate = self._command(command, evaluate, node.commands[stage - 1] if stage else node)
        assert evaluate is not None  # noqa: S101 (the parser lets no empty pipeline through)
        if node.targets:
            return self._stored(node, evaluate)
        return evaluate

    def _stored(self, node: Pipeline, evaluate: Evaluate) -> Evaluate:
        """A pipeline that puts its value into variables."""
        slots = [(self.slots[target.use], target) for target in node.targets]
        missing = next((target for slot, target in slots if slot < 0), None)
        if missing is not None:

            def store(frame: Frame) -> Any:
                evaluate(frame)
                raise failure(frame, last_node(frame, node), f"undefined variable: {missing.name}")

            return store
        if len(slots) == 1:
            slot = slots[0][0]
            found = references(node, self.slots)

            def store(frame: Frame) -> Any:
                value = evaluate(frame)
                if frame.elements:
                    frame.elements.discard(slot)
                if found and type(value) in SILENT and frame.run.traced:
                    value = remember(frame, found, slot, value)
                frame.vars[slot] = value
                return value

            return store

        def store_all(frame: Frame) -> Any:
            value = evaluate(frame)
            for slot, _ in slots:
                frame.elements.discard(slot)
                frame.vars[slot] = value
            return value

        return store_all

    def _command(self, node: Command, previous: Evaluate | None, before: Pipeline | Command) -> Evaluate:
        """One stage of a pipeline. `before` is the stage before it, or the pipeline for the first one."""
        first = node.operands[0]
        operands = node.operands[1:]
        if isinstance(first, Identifier):
            if previous is not None and first.name not in LAZY and isinstance(before, Command):
                is_field = len(before.operands) == 1 and _may_be_struct(before.operands[0])
                previous = _boxed(previous) if is_field else previous
            return self._call(first.name, node, operands, previous)
        if not operands and previous is None:
            return failing(first, "nil is not a command") if isinstance(first, Nil) else self._operand(first)
        if isinstance(first, (Field, Chain)) or (isinstance(first, Variable) and first.names):
            return self._method(first, operands, previous)
        return self._no_function(first, previous, before)

    def _no_function(self, first: Expression, previous: Evaluate | None, before: Pipeline | Command) -> Evaluate:
        """What is no function and is given arguments."""
        message = f"can't give argument to non-function {first}"
        if isinstance(first, Variable) and self.slots[first.use] < 0:
            message = f"undefined variable: {first.name}"

        def fail(frame: Frame) -> Any:
            if previous is not None:
                previous(frame)
            if isinstance(first, Pipeline):
                raise failure(frame, before if isinstance(before, Pipeline) else last_node(frame, before), message)
            raise failure(frame, first, message)

        return fail

    def _operand(self, node: Expression) -> Evaluate:
        """An operand by itself, where no type is asked for."""
        if isinstance(node, Field):
            return self._field(node)
        if isinstance(node, Dot):
            return _dot
        if isinstance(node, Variable):
            return self._variable(node)
        if isinstance(node, Pipeline):
            return self.pipeline(node)
        if isinstance(node, Identifier):
            return self._call(node.name, node, (), None)
        if isinstance(node, Chain):
            return self._chain(node)
        value, problem = ideal(node)
        return failing(node, problem) if problem else _constant(value)

    def _argument(self, node: Expression, kind: str) -> Evaluate:
        """An operand as an argument of a declared type."""
        if isinstance(node, Chain) and kind != "any":
            return self._chain_argument(node, kind)
        if isinstance(node, (Field, Dot, Variable, Pipeline, Identifier, Chain)):
            return checked(kind, node, self._operand(node), self._is_interface(node))
        value, problem = literal(kind, node)
        return failing(node, problem) if problem else _constant(value)

    def _boxed_argument(self, node: Expression, kind: str) -> Evaluate:
        """The same, for a function of the table."""
        evaluate = self._argument(node, kind)
        return _boxed(evaluate) if kind == "any" and _may_be_struct(node) else evaluate

    def _is_interface(self, node: Expression) -> Callable[[Frame], bool]:
        """Whether Go holds a nil that this gave as an interface {} value."""
        if isinstance(node, Field):
            return lambda frame: frame.dot is not None or frame.is_element
        if isinstance(node, Dot):
            return lambda frame: frame.is_element
        if isinstance(node, Variable):
            slot = self.slots[node.use]
            if node.names:
                return lambda frame: frame.vars[slot] is not None or slot in frame.elements
            return lambda frame: slot in frame.elements
        return _never

    def _chain_argument(self, node: Chain, kind: str) -> Evaluate:
        read = self._chain_reader(node)

        def argument(frame: Frame) -> Any:
            value, is_interface = read(frame)
            return adapt(frame, kind, value, node, is_interface=is_interface)

        return argument

    def _field(self, node: Field) -> Evaluate:
        names = node.names

        def walk(frame: Frame, value: Any, is_interface: bool) -> Any:
            for name in names:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return value

        return dot_reader(names, walk)

    def _variable(self, node: Variable) -> Evaluate:
        slot = self.slots[node.use]
        names = node.names
        if slot < 0:
            return failing(node, f"undefined variable: {node.name}")
        if not names:
            return lambda frame: frame.vars[slot]

        def walk(frame: Frame, value: Any, is_interface: bool) -> Any:
            for name in names:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return value

        return variable_reader(slot, names, walk)

    def _chain(self, node: Chain) -> Evaluate:
        read = self._chain_reader(node)
        return lambda frame: read(frame)[0]

    def _chain_reader(self, node: Chain) -> Callable[[Frame], tuple[Any, bool]]:
        """The value of a chain, and whether Go holds it as an interface {} value."""
        base = self._operand(node.base)
        names = node.names

        def read(frame: Frame) -> tuple[Any, bool]:
            value = base(frame)
            is_interface = False
            holder: Any = None
            for name in names:
                holder = value
                value, is_interface = field(frame, node, value, is_interface, name, None)
            if type(value) in SILENT and frame.run.traced:
                note_entry(frame, node, holder, value)
            return value, is_interface

        return read

    def _method(
        self, node: Field | Variable | Chain, operands: Sequence[Expression], previous: Evaluate | None
    ) -> Evaluate:
        """A chain of fields whose last one is given arguments."""
        names = node.names
        base: Evaluate
        if isinstance(node, Chain):
            base = self._operand(node.base)
        elif isinstance(node, Variable):
            slot = self.slots[node.use]
            base = failing(node, f"undefined variable: {node.name}") if slot < 0 else lambda frame: frame.vars[slot]
        else:
            base = _dot
        compiled: dict[str, list[Evaluate]] = {}

        def arguments_for(method: Function) -> list[Evaluate]:
            found = compiled.get(method.parameters)
            if found is None:
                declared = signature(method.parameters)
                found = [self._argument(operand, declared.kind(index)) for index, operand in enumerate(operands)]
                compiled[method.parameters] = found
            return found

        def read(frame: Frame) -> Any:
            piped = previous(frame) if previous is not None else None

            def invoke(frame: Frame, method: Function, receiver: Any) -> Any:
                arguments = arguments_for(method)
                if previous is not None:
                    kind = signature(method.parameters).kind(len(operands)) or "any"
                    arguments = [*arguments, lambda frame: adapt(frame, kind, piped, node)]
                return call_method(frame, node, method, receiver, arguments)

            value = base(frame)
            is_interface = frame.is_element if isinstance(node, Field) else False
            for name in names[:-1]:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return field(frame, node, value, is_interface, names[-1], invoke)[0]

        return read

    def _call(
        self, name: str, node: Command | Identifier, operands: Sequence[Expression], previous: Evaluate | None
    ) -> Evaluate:
        if name in ("and", "or"):
            if not operands and previous is None:
                return failing(identifier_of(node), f"wrong number of args for {name}: want at least 1 got 0")
            arguments = [self._argument(operand, "any") for operand in operands]
            return short_circuit(node, until=name == "or", arguments=arguments, previous=previous)
        if name == "call":
            return call_of(node, operands, previous, self._argument)
        if name == "len" and len(operands) + (previous is not None) == 1:
            return self._length(node, operands, previous)
        evaluate = call(self.functions[name], node, operands, previous, self._boxed_argument)
        entries = kept(name, operands, self.slots)
        if not entries:
            return evaluate

        def keeping(frame: Frame) -> Any:
            result = evaluate(frame)
            return keep(frame, name, entries, result) if frame.run.traced else result

        return keeping

    def _length(
        self, node: Command | Identifier, operands: Sequence[Expression], previous: Evaluate | None
    ) -> Evaluate:
        """A call of `len`, the one function for which two kinds of nil are different errors."""

        def argument(operand: Expression, kind: str) -> Evaluate:
            if isinstance(operand, Chain):
                return refusing_nil(self._chain_reader(operand))
            evaluate, is_interface = self._argument(operand, kind), self._is_interface(operand)
            return refusing_nil(lambda frame: (evaluate(frame), is_interface(frame)))

        def refusing_nil(read: Callable[[Frame], tuple[Any, bool]]) -> Evaluate:
            def checked_value(frame: Frame) -> Any:
                value, is_interface = read(frame)
                if value is None and not is_interface:
                    problem = "error calling len: reflect: call of reflect.Value.Type on zero Value"
                    raise failure(frame, node, problem)
                return value

            return checked_value

        piped = refusing_nil(lambda frame: (previous(frame), False)) if previous is not None else None
        return call(self.functions["len"], node, operands, piped, argument)


def _may_be_struct(node: Expression) -> bool:
    """Whether it can be a field of a Go struct, whose name has a capital, or a variable or dot that is set to one."""
    if isinstance(node, Dot) or (isinstance(node, Variable) and not node.names):
        return True
    return isinstance(node, (Field, Variable, Chain)) and node.names[-1][:1].isupper()


def _boxed(evaluate: Evaluate) -> Evaluate:
    """The evaluation of a field that is handed to a function: a struct in it becomes an interface {} value."""

    def read(frame: Frame) -> Any:
        value = evaluate(frame)
        return value.boxed() if isinstance(value, Struct) else value

    return read


def _dot(frame: Frame) -> Any:
    return frame.dot


def _never(_: Frame) -> bool:
    return False


def _constant(value: Any) -> Evaluate:
    return lambda _: value
