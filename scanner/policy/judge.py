"""Judges one subject by one rule: does it apply, is it compliant, and what is said if not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.core.resource import Subject
from scanner.core.result import Outcome
from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel.errors import EvaluationError
from scanner.policy.cel.evaluate import Evaluator
from scanner.policy.cel.evaluate import Program as Expressions
from scanner.policy.cel.tree import unpack
from scanner.policy.language import rule_language
from scanner.policy.rule import VARIABLE, Rule, subject_name

GAP = "\N{HORIZONTAL ELLIPSIS}"
"""Stands in messages for the part of a text that is not known."""


class Judgement(NamedTuple):
    """What a rule says of a subject.

    `attribute` is the dotted attribute of the subject to point to, '' for the subject itself. `unknown_kind` is set
    for the outcome unknown. `fix` is the rule's fix, for the outcome fail.
    """

    outcome: Outcome
    message: str
    attribute: str
    unknown_kind: str = ""
    fix: dict[str, Any] | None = None


class Program(NamedTuple):
    """A rule's expressions, made ready at its first judgement. `passed` is shared by all that pass."""

    expressions: Expressions
    when: Evaluator | None
    compliant: Evaluator
    passed: Judgement


def judge(rule: Rule, subject: Subject) -> Judgement | None:
    """The judgement of `rule` on `subject`; None where the rule's guard says that it does not apply."""
    program = rule.program
    if program is None:
        program = rule.program = _prepare(rule)
    frame = program.expressions.frame(subject.values, rule.values)
    if program.when is not None:
        applies = program.when(frame)
        if applies is False:
            return None
        if applies is not True:
            return _undecided(rule, subject, applies, "whether the rule applies")
    compliant = program.compliant(frame)
    if compliant is True:
        return program.passed
    if compliant is False:
        return Judgement("fail", _message(rule, program, frame), rule.at, fix=rule.fix)
    return _undecided(rule, subject, compliant, "whether this is compliant")


def _prepare(rule: Rule) -> Program:
    trees = {name: unpack(tree) for name, tree in rule.trees().items()}
    variables = {name.removeprefix(VARIABLE): trees.pop(name) for name in tuple(trees) if name.startswith(VARIABLE)}
    expressions = Expressions(rule_language(), trees, variables)
    return Program(
        expressions,
        expressions.expression("when") if "when" in trees else None,
        expressions.expression("compliant"),
        Judgement("pass", "", rule.at),
    )


def _message(rule: Rule, program: Program, frame: Any) -> str:
    """What the rule's message expression says; its title where that cannot be had for this subject."""
    text = program.expressions.evaluate("message", frame)
    if isinstance(text, PartialText):
        text = "".join(part if isinstance(part, str) else GAP for part in text.parts)
    return text if isinstance(text, str) and text else rule.info.title


def _undecided(rule: Rule, subject: Subject, result: Any, question: str) -> Judgement:
    if isinstance(result, Unknown):
        names = [".".join((subject_name(rule.view), name)) for name in _unknown_attributes(rule, subject, result)]
        about = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not known: " if names else ""
        return Judgement("unknown", f"{rule.info.title}? {about}{result.reason}", rule.at, unknown_kind=result.kind)
    if isinstance(result, EvaluationError):
        place = f" (in the variable {result.variable})" if result.variable else ""
        return Judgement("error", f"{rule.info.title}? {result.message}{place}", rule.at)
    # Types are checked at load: only a value of type dyn can get here.
    return Judgement("error", f"{rule.info.title}? {question} is neither true nor false", rule.at)


def _unknown_attributes(rule: Rule, subject: Subject, unknown: Unknown) -> list[str]:
    """The attributes that the rule reads and in which this unknown value stands."""
    return [name for name in sorted(rule.reads) if unknown in _unknowns(subject.values.get(name))]


def _unknowns(value: Any) -> Iterator[Unknown]:
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, PartialText):
        yield from (part for part in value.parts if isinstance(part, Unknown))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _unknowns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _unknowns(item)
