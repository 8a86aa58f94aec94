"""Statements as closures over a frame: what writes, branches and loops. A block is compiled when it first runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

from scanner.template.convert import UNTYPED, Evaluate
from scanner.template.errors import FunctionError
from scanner.template.expressions import Compiler
from scanner.template.frame import Frame, failure, last_node
from scanner.template.function import Function
from scanner.template.kinds import Int, Items, Map, Struct, Uint8, entry_origin
from scanner.template.nodes import Block, Pipeline, Statement
from scanner.template.origins import SILENT, Reference, origin_of, references, skipped, traced
from scanner.template.printing import format_output, format_value, quote
from scanner.template.sizes import PIECE
from scanner.template.text import Text, first_origin

Step = Callable[[Frame], None]
References = tuple[Reference, ...]


class Break(Exception):  # noqa: N818 (no error)
    """Leaves the innermost loop."""


class Continue(Exception):  # noqa: N818 (no error)
    """Goes on with the next turn of the innermost loop."""


def run_block(frame: Frame, block: Block) -> None:
    """Runs a block's texts and statements in order."""
    steps = block.steps
    if steps is None:
        steps = compile_block(block, frame.run.templates.functions)
    run = frame.run
    run.steps += len(steps) + 1
    if run.steps > run.next_check:
        run.check()
    write = frame.out.append
    for step in steps:
        if type(step) is tuple:
            write(step)
        else:
            step(frame)


def compile_block(block: Block, functions: Mapping[str, Function]) -> list[Any]:
    """The steps of a block: a text with its offset, or a closure. They are kept in it."""
    steps = [_statement(node, functions) if isinstance(node, Statement) else node for node in block.nodes]
    block.steps = steps
    return steps


def _statement(node: Statement, functions: Mapping[str, Function]) -> Step:
    action = node.action
    kind = action.kind
    if kind == "break":
        return _break
    if kind == "continue":
        return _continue
    pipeline = action.pipeline
    if pipeline is None:
        return _template(node, _nil)
    compiled = action.compiled.get(node.slots)
    if compiled is None:
        compiled = Compiler(functions, node.slots).pipeline(pipeline), references(pipeline, node.slots)
        action.compiled[node.slots] = compiled
    evaluate, found = compiled
    if kind in ("template", "block"):
        return _template(node, evaluate)
    if kind == "pipeline":
        return _store(node, evaluate) if pipeline.targets else _write(node, pipeline, evaluate, found)
    if kind in ("if", "else if"):
        return _if(node, evaluate, found)
    if kind in ("with", "else with"):
        return _with(node, evaluate, found)
    return _range(node, pipeline, evaluate, found)


def _nil(_: Frame) -> None:
    return None


def _break(_: Frame) -> NoReturn:
    raise Break


def _continue(_: Frame) -> NoReturn:
    raise Continue


def _store(node: Statement, evaluate: Evaluate) -> Step:
    base = node.base

    def step(frame: Frame) -> None:
        frame.base = base
        evaluate(frame)

    return step


def _write(node: Statement, pipeline: Pipeline, evaluate: Evaluate, found: References) -> Step:
    """An action that writes its value."""
    base = node.base

    def step(frame: Frame) -> None:
        frame.base = base
        value = evaluate(frame)
        run = frame.run
        kind = type(value)
        if kind is Text:
            text = value
        else:
            if kind is str:
                text = value
            elif callable(value):
                message = f"can't print {{{{{pipeline}}}}} of type func()"
                raise failure(frame, f"{{{{{pipeline}}}}}", message, pipeline.offset)
            else:
                try:
                    text = format_output(value)
                except FunctionError as error:
                    raise failure(frame, f"{{{{{pipeline}}}}}", str(error), pipeline.offset) from None
            if found and run.traced and text and type(text) is str:
                text = traced(frame, found, text, value)
        run.room -= len(text) if kind is not Text else len(text) + len(text.pieces) * PIECE
        if run.room < 0:
            run.too_long()
        frame.out.append((text, base))

    return step


def _template(node: Statement, evaluate: Evaluate) -> Step:
    """Runs another template in place."""
    from scanner.template.run import execute

    base, action = node.base, node.action
    name, offset = action.name, action.name_offset

    def shown() -> str:
        return f"{{{{template {quote(name)}{f' {action.pipeline}' if action.pipeline else ''}}}}}"

    def step(frame: Frame) -> None:
        frame.base = base
        run = frame.run
        if name not in run.templates:
            raise failure(frame, shown(), f"template {quote(name)} not defined", offset)
        if run.depth >= run.limits.depth:
            # Go stops at 100000, which only a template that never ends reaches; so what Go says is said here earlier.
            raise failure(frame, shown(), "exceeded maximum template depth (100000)", offset)
        text = execute(run, name, evaluate(frame))
        frame.out.append((text, base))

    return step


def _if(node: Statement, evaluate: Evaluate, found: References) -> Step:
    base, body, otherwise = node.base, node.body or Block(), node.otherwise

    def step(frame: Frame) -> None:
        frame.base = base
        if evaluate(frame):
            run_block(frame, body)
        else:
            if frame.run.traced:
                skipped(frame, found, base)
            if otherwise is not None:
                run_block(frame, otherwise)

    return step


def _with(node: Statement, evaluate: Evaluate, found: References) -> Step:
    base, body, otherwise = node.base, node.body or Block(), node.otherwise

    def step(frame: Frame) -> None:
        frame.base = base
        value = evaluate(frame)
        if not value:
            if frame.run.traced:
                skipped(frame, found, base)
            if otherwise is not None:
                run_block(frame, otherwise)
            return
        before = frame.dot, frame.is_element, frame.dot_origin
        origin = origin_of(frame, found, value) if frame.run.traced and type(value) in SILENT else None
        frame.dot, frame.is_element, frame.dot_origin = value, False, origin
        try:
            run_block(frame, body)
        finally:
            frame.dot, frame.is_element, frame.dot_origin = before

    return step


def _range(node: Statement, pipeline: Pipeline, evaluate: Evaluate, found: References) -> Step:
    base, body, otherwise = node.base, node.body or Block(), node.otherwise
    targets = [node.slots[target.use] for target in pipeline.targets]
    key_slot = targets[0] if len(targets) > 1 else -1
    value_slot = targets[-1] if targets else -1

    def step(frame: Frame) -> None:
        frame.base = base
        value = evaluate(frame)
        turns = _turns(frame, pipeline, value)
        before = frame.dot, frame.is_element, frame.dot_origin
        is_element = type(value) in UNTYPED
        knows_origins = frame.run.traced and isinstance(value, (Map, Items))
        went = False
        try:
            for key, element in turns:
                went = True
                frame.dot, frame.is_element = element, is_element
                if value_slot >= 0:
                    frame.vars[value_slot] = element
                    if key_slot >= 0:
                        frame.vars[key_slot] = key
                    if is_element:
                        frame.elements.add(value_slot)
                if knows_origins:
                    frame.dot_origin = origin = first_origin(element)[1] or entry_origin(value, key)
                    frame.origins[value_slot] = frame.origins[key_slot] = origin
                try:
                    run_block(frame, body)
                except Continue:
                    continue
        except Break:
            pass
        finally:
            frame.dot, frame.is_element, frame.dot_origin = before
        if not went:
            if frame.run.traced:
                skipped(frame, found, base)
            if otherwise is not None:
                with suppress(Break):  # in Go too, one in `else` leaves the loop that had no turn
                    run_block(frame, otherwise)

    return step


def _turns(frame: Frame, pipeline: Pipeline, value: Any) -> Iterable[tuple[Any, Any]]:
    """The keys and elements that a range goes through. Raises TemplateError for a value that it cannot."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, (list, bytes)):
        return enumerate(map(Uint8, value) if isinstance(value, bytes) else value[:])
    if value is None:
        return ()
    if isinstance(value, int) and type(value) is not bool:
        if len(pipeline.targets) > 1:
            problem = f"can't use {format_value(value)} to iterate over more than one variable"
            raise failure(frame, last_node(frame, pipeline), problem)
        kind: Any = int if type(value) is Int else type(value)
        return ((None, kind(turn)) for turn in range(value))
    shown = format_value(value)
    if isinstance(value, Struct) and value.is_pointer:  # Go looks at what it points to
        shown = shown.removeprefix("&")
    raise failure(frame, last_node(frame, pipeline), f"range can't iterate over {shown}")
