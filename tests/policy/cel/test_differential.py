"""Our evaluation against the CEL runtime's own, on random expressions and data."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from scanner.policy.cel.check import compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import EvaluationError, ExpressionErrors
from scanner.policy.cel.evaluate import Program
from tests.policy.cel.generate import VIEWS, Generator
from tests.policy.cel.generate_loose import LooseGenerator

EXPRESSIONS, DATA = 250, 20
SEEDS = 4


class Error:
    """Any error: the two sides word theirs differently."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Error)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "error"


def same(one: Any, other: Any) -> bool:
    """Equal in kind and value; NaN equals NaN, and the sign of zero counts."""
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, float):
        return repr(one) == repr(other) or math.isclose(one, other, rel_tol=0, abs_tol=0)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def fill(message: Any, values: dict[str, Any]) -> Any:
    """Sets the fields of a protobuf message."""
    for name, value in values.items():
        if isinstance(value, dict):
            field = message.DESCRIPTOR.fields_by_name[name]
            if field.message_type.GetOptions().map_entry:
                getattr(message, name).update(value)
            else:
                part = getattr(message, name)
                part.SetInParent()
                fill(part, value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    fill(getattr(message, name).add(), item)
                else:
                    getattr(message, name).append(item)
        else:
            setattr(message, name, value)
    return message


def compare(seed: int, expressions: int, data: int) -> tuple[int, list[str]]:
    """Evaluates random expressions on random data on both sides: how many evaluations, and the differences."""
    from google.protobuf import message_factory

    language = Language(views=VIEWS)
    scope = Scope("thing")
    native = language.environment.declared(scope)
    thing = message_factory.GetMessageClass(language.environment.pool.FindMessageTypeByName("groundrule.thing"))
    generator = Generator(seed)
    subjects = [generator.data() for _ in range(data)]
    activations = [native.Activation({"thing": fill(thing(), values)}) for values in subjects]
    count = 0
    differences: list[str] = []
    for _ in range(expressions):
        source = generator.expression()[1]
        expression = native.compile(source)
        program = Program(language, {"it": compile_expression(source, scope, language)})
        evaluate = program.expression("it")
        for values, activation in zip(subjects, activations, strict=True):
            ours = evaluate(program.frame(values, {}))
            theirs = native_value(expression, activation)
            count += 1
            if not same(Error() if isinstance(ours, EvaluationError) else ours, theirs):
                differences.append(f"{source}\n  on {values}\n  ours {ours!r}, theirs {theirs!r}")
    return count, differences


def compare_loose(seed: int, expressions: int, data: int) -> tuple[int, list[str]]:
    """The same over a resource without a declared type; what the runtime's checker refuses is left out."""
    language = Language(views=VIEWS)
    scope = Scope("")
    native = language.environment.declared(scope)
    generator = LooseGenerator(seed)
    subjects = [generator.data() for _ in range(data)]
    activations = [native.Activation({"resource": values}) for values in subjects]
    count = 0
    differences: list[str] = []
    while count < expressions * data:
        source = generator.random.choice([generator.truth, generator.any])(4)
        try:
            expression = native.compile(source)
        except RuntimeError:
            continue
        try:
            program = Program(language, {"it": compile_expression(source, scope, language)})
        except ExpressionErrors as errors:
            if not all(re.search("never null|are not supported", each.message) for each in errors.problems):
                differences.append(f"{source}\n  refused: {errors}")
            continue
        evaluate = program.expression("it")
        for values, activation in zip(subjects, activations, strict=True):
            ours = evaluate(program.frame(values, {}))
            theirs = native_value(expression, activation)
            count += 1
            if not same(Error() if isinstance(ours, EvaluationError) else ours, theirs):
                differences.append(f"{source}\n  on {values}\n  ours {ours!r}, theirs {theirs!r}")
    return count, differences


def native_value(expression: Any, activation: Any) -> Any:
    """What the runtime makes of it."""
    try:
        value = expression.eval(activation)
    except RuntimeError:
        return Error()  # a mistake that it sees before it starts, as a key that occurs twice
    return Error() if value.type().name() == "ERROR" else value.plain_value()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_values_and_errors_are_the_runtimes(seed: int) -> None:
    count, differences = compare(seed, 65, DATA)
    assert count == 65 * DATA
    assert not differences, "\n".join(differences[:5])


@pytest.mark.parametrize("seed", range(2))
def test_values_without_types_are_the_runtimes(seed: int) -> None:
    count, differences = compare_loose(seed, 65, DATA)
    assert count == 65 * DATA
    assert not differences, "\n".join(differences[:5])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000, 1_010))
def test_a_long_sweep_without_types_agrees(seed: int) -> None:
    count, differences = compare_loose(seed, EXPRESSIONS, DATA)
    assert count == EXPRESSIONS * DATA
    assert not differences, "\n".join(differences[:5])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1_000, 1_040))
def test_a_long_sweep_agrees(seed: int) -> None:
    count, differences = compare(seed, EXPRESSIONS, DATA)
    assert count == EXPRESSIONS * DATA
    assert not differences, "\n".join(differences[:5])
