"""Evaluates the expressions of a rule on a subject: to a value, to Unknown, or to an EvaluationError."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from scanner.policy.cel.access import FIRST, MISSING, Frame
from scanner.policy.cel.build import Builder, Variable
from scanner.policy.cel.errors import EvaluationError
from scanner.policy.cel.signals import STEPS, Exhausted, Fault, UnknownSignal
from scanner.policy.cel.tree import Tree

if TYPE_CHECKING:
    from scanner.policy.cel.environment import Language

Evaluator = Callable[[Frame], Any]
"""Takes a frame; returns a plain value (a PartialText too), an Unknown, or an EvaluationError. Never raises."""


class Program:
    """The expressions of one rule, ready to be evaluated: made in microseconds, built at the first evaluation.

    `variables` are in the order of their declaration: each may use those before it. They are evaluated when they are
    first read, once for each frame.
    """

    def __init__(
        self, language: Language, expressions: Mapping[str, Tree], variables: Mapping[str, Tree] | None = None
    ) -> None:
        self._language = language
        slot = FIRST + len(variables or {})
        self._variables: dict[str, Variable] = {}
        for number, (name, tree) in enumerate((variables or {}).items()):
            self._variables[name] = Variable(FIRST + number, slot, tree)
            slot += tree.depth
        self._first = slot
        size = slot + max((tree.depth for tree in expressions.values()), default=0)
        self._template: Frame = [None, None, STEPS, *[MISSING] * (size - FIRST)]
        self._evaluators = {name: self._evaluator(tree) for name, tree in expressions.items()}

    @property
    def names(self) -> frozenset[str]:
        """The names of its expressions."""
        return frozenset(self._evaluators)

    def frame(self, subject: Any, parameters: Mapping[str, Any]) -> Frame:
        """What the expressions are evaluated on: the values of a subject (a dict; any value for `resource`) and the
        rule's parameters. All expressions of the rule share it, with its variables and its budget."""
        frame = self._template.copy()
        frame[0] = subject
        frame[1] = parameters
        return frame

    def expression(self, name: str) -> Evaluator:
        """The evaluator of one expression."""
        return self._evaluators[name]

    def evaluate(self, name: str, frame: Frame) -> Any:
        """Evaluates one expression on a frame."""
        return self._evaluators[name](frame)

    def _evaluator(self, tree: Tree) -> Evaluator:
        closure: Callable[[Frame], Any] | None = None

        def evaluate(frame: Frame) -> Any:
            nonlocal closure
            try:
                if closure is None:
                    builder = Builder(self._language, self._variables, self._first)
                    closure = builder.build(tree.node, {}, partial=True)
                return closure(frame)
            except UnknownSignal as signal:
                return signal.unknown
            except (Fault, Exhausted) as fault:
                return EvaluationError(fault.message, fault.offset, fault.variable)
            except RecursionError:
                return EvaluationError("the values are nested too deeply", 0)

        return evaluate
