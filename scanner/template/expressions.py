"""Pipelines and their parts as closures over a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scanner.template.calls import call, call_of, failing, short_circuit
from scanner.template.convert import Evaluate, adapt, checked, ideal, literal
from scanner.template.fields import call_method, dot_reader, field, variable_reader
from scanner.template.frame import Frame, failure, last_node
from scanner.template.function import Function
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
from scanner.template.origins import SILENT, keep, keeps, remember

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
            evaluate = self.command(command, evaluate, node.commands[stage - 1] if stage else node)
        assert evaluate is not None  # noqa: S101 (the parser lets no empty pipeline through)
        if node.targets:
            return self.stored(node, evaluate)
        return evaluate

    def stored(self, node: Pipeline, evaluate: Evaluate) -> Evaluate:
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

            def store(frame: Frame) -> Any:
                value = evaluate(frame)
                if frame.elements:
                    frame.elements.discard(slot)
                if type(value) in SILENT and frame.run.traced:
                    value = remember(frame, node, self.slots, slot, value)
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

    def command(self, node: Command, previous: Evaluate | None, before: Pipeline | Command) -> Evaluate:
        """One stage of a pipeline. `before` is the stage before it, or the pipeline for the first one."""
        first = node.operands[0]
        kind = type(first)
        operands = node.operands[1:]
        if kind is Identifier:
            return self.call(first.name, node, operands, previous)
        if kind is Field or kind is Chain or (kind is Variable and first.names):
            if operands or previous is not None:
                return self.method(first, operands, previous)
            return self.operand(first)
        if operands or previous is not None:
            return self.no_function(first, previous, before)
        if kind is Nil:
            return failing(first, "nil is not a command")
        return self.operand(first)

    def no_function(self, first: Expression, previous: Evaluate | None, before: Pipeline | Command) -> Evaluate:
        """What is no function and is given arguments."""
        message = f"can't give argument to non-function {'(' + str(first) + ')' if type(first) is Pipeline else first}"
        if type(first) is Pipeline:
            message = f"can't give argument to non-function {first}"

        def fail(frame: Frame) -> Any:
            if previous is not None:
                previous(frame)
            if type(first) is Variable and self.slots[first.use] < 0:
                raise failure(frame, first, f"undefined variable: {first.name}")
            if type(first) is Pipeline:
                raise failure(frame, before if type(before) is Pipeline else last_node(frame, before), message)
            raise failure(frame, first, message)

        return fail

    def operand(self, node: Expression) -> Evaluate:
        """An operand by itself, where no type is asked for."""
        kind = type(node)
        if kind is Field:
            return self.field(node)
        if kind is Dot:
            return _dot
        if kind is Variable:
            return self.variable(node)
        if kind is Pipeline:
            return self.pipeline(node)
        if kind is Identifier:
            return self.call(node.name, node, (), None)
        if kind is Chain:
            return self.chain(node)
        value, problem = ideal(node)
        return failing(node, problem) if problem else _constant(value)

    def argument(self, node: Expression, kind: str) -> Evaluate:
        """An operand as an argument of a declared type."""
        if type(node) in (Field, Dot, Variable, Pipeline, Identifier, Chain):
            slot = self.slots[node.use] if type(node) is Variable else -1
            return checked(kind, node, self.operand(node), slot)
        value, problem = literal(kind, node)
        return failing(node, problem) if problem else _constant(value)

    def field(self, node: Field) -> Evaluate:
        names = node.names

        def walk(frame: Frame, value: Any, is_interface: bool) -> Any:
            for name in names:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return value

        return dot_reader(names, walk)

    def variable(self, node: Variable) -> Evaluate:
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

    def chain(self, node: Chain) -> Evaluate:
        base = self.operand(node.base)
        names = node.names

        def read(frame: Frame) -> Any:
            value = base(frame)
            is_interface = False
            for name in names:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return value

        return read

    def method(
        self, node: Field | Variable | Chain, operands: Sequence[Expression], previous: Evaluate | None
    ) -> Evaluate:
        """A chain of fields whose last one is given arguments."""
        names = node.names
        base: Evaluate
        if type(node) is Chain:
            base = self.operand(node.base)
        elif type(node) is Variable:
            slot = self.slots[node.use]
            base = failing(node, f"undefined variable: {node.name}") if slot < 0 else lambda frame: frame.vars[slot]
        else:
            base = _dot
        compiled: dict[str, list[Evaluate]] = {}

        def arguments_for(method: Function) -> list[Evaluate]:
            from scanner.template.convert import signature

            found = compiled.get(method.parameters)
            if found is None:
                declared = signature(method.parameters)
                found = [self.argument(operand, declared.kind(index)) for index, operand in enumerate(operands)]
                compiled[method.parameters] = found
            return found

        def read(frame: Frame) -> Any:
            piped = previous(frame) if previous is not None else None

            def invoke(frame: Frame, method: Function, receiver: Any) -> Any:
                from scanner.template.convert import signature

                arguments = arguments_for(method)
                if previous is not None:
                    kind = signature(method.parameters).kind(len(operands)) or "any"
                    arguments = [*arguments, lambda frame: adapt(frame, kind, piped, node)]
                return call_method(frame, node, method, receiver, arguments)

            value = base(frame)
            is_interface = frame.is_element if type(node) is Field else False
            for name in names[:-1]:
                value, is_interface = field(frame, node, value, is_interface, name, None)
            return field(frame, node, value, is_interface, names[-1], invoke)[0]

        return read

    def call(
        self, name: str, node: Command | Identifier, operands: Sequence[Expression], previous: Evaluate | None
    ) -> Evaluate:
        if name in ("and", "or"):
            if not operands and previous is None:
                identifier = node if type(node) is Identifier else node.operands[0]
                return failing(identifier, f"wrong number of args for {name}: want at least 1 got 0")
            arguments = [self.argument(operand, "any") for operand in operands]
            return short_circuit(node, until=name == "or", arguments=arguments, previous=previous)
        if name == "call":
            return call_of(node, operands, previous, self.argument)
        evaluate = call(self.functions[name], node, operands, previous, self.argument)
        return self.keeping(name, operands, evaluate) if keeps(name) and operands else evaluate

    def keeping(self, name: str, operands: Sequence[Expression], evaluate: Evaluate) -> Evaluate:
        """A call that makes a container, which is told the origins of what it holds."""
        slots = self.slots

        def call(frame: Frame) -> Any:
            result = evaluate(frame)
            return keep(frame, name, operands, slots, result) if frame.run.traced else result

        return call


def _dot(frame: Frame) -> Any:
    return frame.dot


def _constant(value: Any) -> Evaluate:
    return lambda _: value
