"""The behaviours that the CEL specification asks for, as data: ours, and the runtime's beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.policy.cel.check import compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import EvaluationError, ExpressionErrors
from scanner.policy.cel.evaluate import Program
from tests.policy.cel.generate import VIEWS
from tests.policy.cel.test_differential import Error, fill, native_value, same

LANGUAGE = Language(views=VIEWS)
SCOPE = Scope("thing")
THING: dict[str, Any] = {
    "text": "abc",
    "count": 0,
    "words": ["a", "b"],
    "labels": {"k": "v"},
    "parts": [{"name": "p", "ok": True}, {}],
}
FILES = sorted((Path(__file__).parent / "conformance").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['expr']}")
    for file in FILES
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]


def test_every_area_has_cases() -> None:
    assert [file.stem for file in FILES] == [
        "arithmetic",
        "collections",
        "comparisons",
        "conversions",
        "fields",
        "logic",
        "macros",
        "strings",
    ]


@pytest.mark.parametrize("case", CASES)
def test_behaviour_is_as_specified(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(ExpressionErrors) as raised:
            compile_expression(case["expr"], SCOPE, LANGUAGE)
        assert any(case["refused"] in str(problem) for problem in raised.value.problems), str(raised.value)
        return
    program = Program(LANGUAGE, {"it": compile_expression(case["expr"], SCOPE, LANGUAGE)})
    result = program.evaluate("it", program.frame(THING, {}))
    if case.get("error"):
        assert isinstance(result, EvaluationError), result
    else:
        assert same(result, case["is"]), result


@pytest.mark.parametrize("case", [case for case in CASES if "runtime" not in case.values[0]])
def test_the_runtime_behaves_the_same(case: dict[str, Any]) -> None:
    from google.protobuf import message_factory

    native = LANGUAGE.environment.declared(SCOPE)
    try:
        expression = native.compile(case["expr"])
    except RuntimeError:
        assert "refused" in case
        return
    if "refused" in case:
        # What we refuse and the runtime takes: all of it is named so.
        assert any(word in case["refused"] for word in ("supported", "regular expression"))
        return
    thing = message_factory.GetMessageClass(LANGUAGE.environment.pool.FindMessageTypeByName("groundrule.thing"))
    result = native_value(expression, native.Activation({"thing": fill(thing(), THING)}))
    assert same(result, Error() if case.get("error") else case["is"]), result
