"""A rule's expressions on a subject: variables, functions, errors with their place, budgets, what is stored."""

from __future__ import annotations

import json
import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel.check import compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import EvaluationError
from scanner.policy.cel.evaluate import Program
from scanner.policy.cel.signals import STEPS
from scanner.policy.cel.tree import line_and_column, unpack
from scanner.policy.function import Function
from tests.conftest import cpu_below
from tests.policy.cel.generate import VIEWS, shape

ROOT = Path(__file__).resolve().parents[3]
U = Unknown("no value")
REFERENCE = shape("reference", "tag string\ndigest string\nport int")
CALLS: list[Any] = []


def parse(text: str | PartialText) -> Any:
    """`name:tag`, also where the name is not known."""
    CALLS.append(text)
    last = text if isinstance(text, str) else text.parts[-1]
    if isinstance(last, Unknown):
        return last
    if not last:
        raise ValueError("not an image reference")
    return {"tag": last.partition(":")[2]}


LANGUAGE = Language(
    (
        Function("parse", ("string",), "reference", parse, partial=True),
        Function("strictly", ("string",), "int", lambda text: CALLS.append(text) or len(text)),
        Function("now", ("string",), "int", lambda text: CALLS.append(text) or len(CALLS), pure=False),
        Function("total", ("list(int)", "dyn"), "int", lambda numbers, more: sum(numbers) + more),
        Function("wrong", (), "int", lambda: "text"),
        Function("nothing", (), "string", lambda: U),
        Function("half", (), "string", lambda: PartialText(("a", U))),
        Function("ratio", ("int",), "double", lambda number: number),
    ),
    (REFERENCE,),
    VIEWS,
)


def program(
    expressions: dict[str, str], variables: dict[str, str] | None = None, parameters: dict[str, str] | None = None
) -> Program:
    kinds: dict[str, str] = {}
    trees = {}
    for name, source in (variables or {}).items():
        trees[name] = compile_expression(source, Scope("thing", parameters or {}, dict(kinds)), LANGUAGE)
        kinds[name] = trees[name].type
    scope = Scope("thing", parameters or {}, kinds)
    checked = {name: compile_expression(source, scope, LANGUAGE) for name, source in expressions.items()}
    # What is stored must be as good as what was compiled.
    stored = marshal.loads(
        marshal.dumps([{key: tree.pack() for key, tree in each.items()} for each in (checked, trees)])
    )
    ready, named = ({key: unpack(tree) for key, tree in each.items()} for each in stored)
    assert (ready, named) == (checked, trees)
    return Program(LANGUAGE, ready, named)


def run(
    source: str,
    subject: dict[str, Any],
    values: dict[str, Any] | None = None,
    parameters: dict[str, str] | None = None,
) -> Any:
    ready = program({"it": source}, {}, parameters)
    return ready.evaluate("it", ready.frame(subject, values or {}))


ERRORS: list[tuple[str, dict[str, Any], str, int]] = [
    ("1 + 1 / 0", {}, "division by zero", 6),
    ("thing.text == '' && thing.words[2] == 'a'", {}, "the index is out of bounds", 31),
    ("thing.labels.key == 'a'", {}, "no such key", 12),
    ("'x'.matches(thing.text)", {"text": "("}, "the regular expression is not valid", 11),
    ("int(thing.text)", {"text": "hunter2"}, "the text is not an integer", 3),
    ("parse(thing.text).tag", {}, "parse: not an image reference", 5),
    ("wrong()", {}, "a value is not of its declared type, int", 5),
    ("thing.count == 1", {"count": "hunter2"}, "a value is not of its declared type, int", 5),
    ("thing.text == 'a'", {"text": None}, "a value is not of its declared type, string", 5),
    ("thing.on", {"on": 1}, "a value is not of its declared type, bool", 5),
    ("thing.count == 1", {"count": True}, "a value is not of its declared type, int", 5),
    ("thing.parts.exists(p, p.ok)", {"parts": ["hunter2"]}, "a value is not of its declared type, part", 22),
    ("thing.part.name == 'a'", {"part": ["hunter2"]}, "a value is not of its declared type, part", 5),
]


@pytest.mark.parametrize(("source", "subject", "message", "offset"), ERRORS)
def test_errors_name_their_place_and_no_value(source: str, subject: dict[str, Any], message: str, offset: int) -> None:
    result = run(source, subject)
    assert result == EvaluationError(message, offset)
    assert "hunter2" not in repr(result)


def test_an_error_in_a_variable_names_the_variable() -> None:
    ready = program({"it": "first > 0", "other": "second"}, {"first": "1 / thing.count", "second": "first + 1"})
    frame = ready.frame({}, {})
    for name in ("it", "other", "it"):
        assert ready.evaluate(name, frame) == EvaluationError("division by zero", 2, "first")
    assert ready.evaluate("it", ready.frame({"count": 1}, {})) is True


def test_variables_are_evaluated_once_and_only_if_read() -> None:
    CALLS.clear()
    ready = program(
        {"when": "thing.on", "compliant": "size > 0 && size < 100", "message": "string(size + size)"},
        {"size": "now(thing.text)", "never": "now('never')"},
    )
    frame = ready.frame({"on": True, "text": "abc"}, {})
    assert ready.evaluate("when", frame) is True
    assert CALLS == []
    assert ready.evaluate("compliant", frame) is True
    assert ready.evaluate("message", frame) == "2"
    assert CALLS == ["abc"]
    assert ready.evaluate("compliant", ready.frame({"text": "abc"}, {})) is True
    assert CALLS == ["abc", "abc"]


def test_a_variable_that_is_read_inside_a_loop_keeps_its_own_names() -> None:
    ready = program(
        {"it": "thing.words.map(word, word + string(count) + thing.words.map(other, other + word).join())"},
        {"count": "thing.numbers.filter(word, word > 1).map(other, other * 2).size()"},
    )
    assert ready.evaluate("it", ready.frame({"words": ["a", "b"], "numbers": [1, 2, 3]}, {})) == ["a2aaba", "b2abbb"]


def test_an_absent_variable_is_known_as_absent() -> None:
    ready = program(
        {"it": "present(part)", "name": "present(part.name)", "mark": "present(mark)", "text": "part.name"},
        {"part": "thing.part", "mark": "part.marks.a"},
    )
    names = ("it", "name", "mark", "text")
    frame = ready.frame({}, {})
    assert [ready.evaluate(name, frame) for name in names] == [False, False, False, ""]
    frame = ready.frame({"part": {"name": "", "marks": {"a": "b"}}}, {})
    assert [ready.evaluate(name, frame) for name in names] == [True, True, True, ""]
    frame = ready.frame({"part": U}, {})
    assert [ready.evaluate(name, frame) for name in names] == [U, U, U, U]


def test_parameters_have_their_declared_types() -> None:
    declared = {"tags": "list", "least": "int", "strict": "bool", "names": "map", "word": "string"}
    values = {"tags": ["a", "b"], "least": 2, "strict": True, "names": {"k": "v"}, "word": "w"}
    cases = {
        "thing.text in parameters.tags": True,
        "thing.count >= parameters.least": False,
        "parameters.strict && parameters.names['k'] == 'v'": True,
        "parameters.word + parameters.tags[1]": "wb",
        "parameters.tags.exists(tag, tag == thing.text)": True,
        "present(parameters.word)": True,
    }
    for source, expected in cases.items():
        assert run(source, {"text": "a"}, values, declared) == expected, source
    assert run("parameters.word", {}, {}, declared) == ""
    assert run("thing.text in parameters.tags", {"text": PartialText(("c", U))}, values, declared) is False
    wrong = run("parameters.least", {}, {"least": "2"}, declared)
    assert wrong == EvaluationError("a value is not of its declared type, int", 10)


FUNCTIONS: list[tuple[str, dict[str, Any], Any]] = [
    ("parse(thing.text).tag", {"text": "api:1.4"}, "1.4"),
    ("parse(thing.text).digest", {"text": "api:1.4"}, ""),
    ("parse(thing.text).port", {"text": "api:1.4"}, 0),
    ("present(parse(thing.text).tag)", {"text": "api:1.4"}, True),
    ("present(parse(thing.text).digest)", {"text": "api:1.4"}, False),
    ("parse(thing.text).tag", {"text": PartialText((U, "/api:1.4"))}, "1.4"),
    ("parse(thing.text).tag", {"text": PartialText(("api:", U))}, U),
    ("parse(thing.text).tag", {"text": U}, U),
    ("strictly(thing.text)", {"text": "abc"}, 3),
    ("strictly(thing.text)", {"text": PartialText(("a", U))}, U),
    ("strictly(thing.text)", {"text": U}, U),
    ("total(thing.numbers, thing.count)", {"numbers": [1, 2], "count": 3}, 6),
    ("total(thing.numbers, thing.count)", {"numbers": [1, U], "count": 3}, U),
    ("total([1], thing.count)", {"count": U}, U),
    ("total([1 / 0], thing.count)", {"count": U}, U),
    ("nothing() == 'a'", {}, U),
    ("nothing() == 'a' || true", {}, True),
    ("half()", {}, PartialText(("a", U))),
    ("half() == 'b'", {}, False),
    ("size(half())", {}, U),
    ("ratio(3) / 2.0", {}, 1.5),
]


@pytest.mark.parametrize(("source", "subject", "expected"), FUNCTIONS)
def test_functions_get_plain_values(source: str, subject: dict[str, Any], expected: Any) -> None:
    assert run(source, subject) == expected


def test_results_of_pure_functions_are_kept() -> None:
    ready = program({"it": "strictly(thing.text)", "now": "now(thing.text)"})
    CALLS.clear()
    for _ in range(3):
        ready.evaluate("it", ready.frame({"text": "kept"}, {}))
    assert CALLS == ["kept"]
    for _ in range(3):
        ready.evaluate("now", ready.frame({"text": "each"}, {}))
    assert CALLS == ["kept", "each", "each", "each"]


MANY = [f"item number {number}" for number in range(20_000)]
LONG = "a" * 1_000_000
HOSTILE: list[tuple[str, str]] = [
    ("thing.words.all(a, thing.words.all(b, true))", "the rule takes too many steps"),
    ("thing.words.all(a, thing.words == thing.words + [])", "the rule takes too many steps"),
    ("thing.words.all(a, [thing.words] == [thing.words])", "the rule takes too many steps"),
    ("thing.words.all(a, !('x' in thing.words))", "the rule takes too many steps"),
    ("thing.words.all(a, !thing.text.contains('ab'))", "the rule takes too many steps"),
    ("thing.words.all(a, !thing.text.matches('(a+)+b'))", "the rule takes too many steps"),
    ("thing.words.all(a, thing.text.lowerAscii() != a)", "the rule takes too many steps"),
    ("thing.words.exists(a, false) || thing.words.all(a, thing.words.all(b, true)) || true", ""),
    ("thing.text + 'b'", "the expression makes too long a string"),
    ("thing.text.replace('a', 'aa')", "the expression makes too long a string or list"),
    ("thing.text.split('')", "the expression makes too long a string or list"),
    ("[thing.text, 'a'].join()", "the expression makes too long a string or list"),
    ("thing.words.map(a, thing.words).map(b, b + b).size() > 0 && false", "the rule takes too many steps"),
    ("cel.bind(a, thing.words, cel.bind(b, a + a, cel.bind(c, b + b, c + c))).size()", "the expression makes too"),
]


@pytest.mark.parametrize(("source", "message"), HOSTILE)
def test_hostile_expressions_end_in_an_error(source: str, message: str) -> None:
    with cpu_below(20):
        result = run(source, {"words": MANY, "text": LONG})
    assert isinstance(result, EvaluationError)
    assert result.message.startswith(message)


def test_the_budget_is_for_all_expressions_of_a_frame() -> None:
    ready = program({"it": "thing.words.all(word, word != '')"})
    frame = ready.frame({"words": MANY}, {})
    results = [ready.evaluate("it", frame) for _ in range(STEPS // len(MANY) + 1)]
    assert results[:-1] == [True] * (STEPS // len(MANY))
    assert results[-1] == EvaluationError("the rule takes too many steps", 15)
    assert ready.evaluate("it", ready.frame({"words": MANY}, {})) is True


def test_values_that_hold_themselves_end_in_an_error() -> None:
    ready = Program(LANGUAGE, {"it": compile_expression("resource.a == resource.b", Scope(""), LANGUAGE)})
    one: dict[str, Any] = {}
    one["a"] = one["b"] = [one]
    other = {"a": one["a"], "b": [one | {}]}
    assert ready.evaluate("it", ready.frame(other, {})) == EvaluationError("the values are nested too deeply", 0)


def test_stored_rules_are_ready_without_the_runtime() -> None:
    """A warm start imports neither the CEL runtime, nor protobuf, nor RE2; RE2 comes with the first match."""
    sources = {"it": "thing.on && thing.words.exists(w, w == '') || thing.text.matches('^a')"}
    scope = Scope("thing")
    trees = {name: compile_expression(source, scope, LANGUAGE).pack() for name, source in sources.items()}
    code = f"""
import json, marshal, sys
from scanner.policy.cel.environment import Language
from scanner.policy.cel.evaluate import Program
from scanner.policy.cel.tree import unpack
trees = {{name: unpack(tree) for name, tree in marshal.loads({marshal.dumps(trees)!r}).items()}}
heavy = lambda: sorted({{"cel_expr_python", "google.protobuf", "re2", "importlib.metadata"}} & set(sys.modules))
program = Program(Language(), trees)
result = [heavy(), program.evaluate("it", program.frame({{"on": False, "text": "abc"}}, {{}})), heavy()]
print(json.dumps(result))
"""
    output = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("COV")},
    )
    assert json.loads(output.stdout) == [[], True, ["re2"]]


def test_offsets_are_code_points() -> None:
    tree = compile_expression("'é😀' == '' ||\n  1 / thing.count == 1", Scope("thing"), LANGUAGE)
    ready = Program(LANGUAGE, {"it": tree})
    result = ready.evaluate("it", ready.frame({}, {}))
    assert isinstance(result, EvaluationError)
    assert line_and_column(tree.source, result.offset) == (2, 5)


JUNK: list[Any] = [
    None,
    True,
    1,
    -1.5,
    "text",
    [],
    [None],
    {},
    {"a": [1]},
    U,
    PartialText(("a", U)),
    b"bytes",
    object(),
]


def test_values_of_wrong_types_never_raise() -> None:
    sources = [
        "thing.text + thing.other == 'a' && thing.text.startsWith('a')",
        "thing.count + thing.limit > 1 || -thing.count < 3",
        "thing.words.exists(w, w.size() > 1) || 'a' in thing.words",
        "thing.parts.filter(p, p.ok).map(p, p.name + p.marks.a).join()",
        "thing.labels.a == 'b' || has(thing.labels.a) || present(thing.part.marks.x)",
        "thing.on ? thing.ratio / 2.0 : double(thing.text)",
        "parse(thing.text).tag in thing.labels || total(thing.numbers, thing.amounts.a) > 0",
    ]
    ready = program({str(index): source for index, source in enumerate(sources)})
    for value in JUNK:
        for subject in (
            dict.fromkeys(VIEWS["thing"].attributes, value),
            {key: [value] for key in VIEWS["thing"].attributes},
            {key: {"a": value, "marks": value} for key in VIEWS["thing"].attributes},
        ):
            for index in range(len(sources)):
                result = ready.evaluate(str(index), ready.frame(subject, {}))
                assert isinstance(result, bool | float | str | Unknown | EvaluationError), result
