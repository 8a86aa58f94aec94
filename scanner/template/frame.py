"""What one template has while it runs, and the errors that name the place where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.template.errors import LimitError, TemplateError
from scanner.template.nodes import Chain, Command, Expression, Field, Identifier, Pipeline, Variable
from scanner.template.printing import quote
from scanner.template.source import Source

if TYPE_CHECKING:
    from scanner.template.run import Run


class State:
    """What expressions read from: dot, the variables by slot, and the origins of values there that cannot carry one.

    `returned` holds what chains found in the results of calls, by the `id` of the chain.
    """

    __slots__ = ("dot", "dot_origin", "origins", "returned", "vars")

    dot: Any
    dot_origin: Any
    vars: list[Any]
    origins: dict[int, Any]
    returned: dict[int, Any]


class Frame(State):
    """One execution of a template.

    `base` is the offset of the action that runs. `out` collects what is written: each text with the offset of the text
    or action that wrote it. `is_element` says that dot is an element of a container of interface {} values, `elements`
    which slots hold one: Go treats a nil there unlike another nil. `stopped_at` has, for each `and` and `or`, the
    number of the operand that was evaluated last.
    """

    __slots__ = (
        "base",
        "elements",
        "is_element",
        "name",
        "out",
        "run",
        "source",
        "stopped_at",
    )

    def __init__(self, run: Run, source: Source, name: str, data: Any, variables: int) -> None:
        self.run = run
        self.source = source
        self.name = name
        self.dot = data
        self.vars = [data] * variables
        self.out: list[tuple[str, int]] = []
        self.base = 0
        self.is_element = False
        self.elements: set[int] = set()
        self.dot_origin = None
        self.origins = {}
        self.returned = {}
        self.stopped_at: dict[int, int] = {}


def failure(frame: Frame, node: Expression | Command | str, message: str, offset: int = 0) -> TemplateError:
    """The error of a template that stopped at a node of the action that runs (or at `offset` in it, shown as given)."""
    if not isinstance(node, str):
        offset = node.offset
    name = frame.source.name
    line, column = frame.source.line_column(frame.base + offset)
    text = f"template: {name}:{line}:{column}: executing {quote(frame.name)} at <{node}>: {message}"
    return TemplateError(str(text), name, line, column)


def call_failure(frame: Frame, node: Expression | Command, name: str, error: Exception) -> Exception:
    """The error of a function call: a limit that was met stays what it is."""
    if isinstance(error, LimitError):
        return error
    return failure(frame, node, f"error calling {name}: {error}")


def last_node(frame: Frame, node: Expression | Command) -> Expression | Command:
    """The node that Go came to last in evaluating one, which is what its next error names."""
    while True:
        if isinstance(node, Pipeline):
            node = node.commands[-1]
        elif isinstance(node, Chain):
            node = node.base
        elif isinstance(node, Command):
            first = node.operands[0]
            if len(node.operands) == 1 or not isinstance(first, (Identifier, Field, Variable, Chain)):
                node = first
            elif isinstance(first, Identifier) and first.name in ("and", "or"):
                node = node.operands[frame.stopped_at.get(id(node), -1)]
            else:
                node = node.operands[-1]
        else:
            return node
