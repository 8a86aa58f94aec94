"""What is not known: a table of what decides without it, and the property that knowing less never changes an answer."""

from __future__ import annotations

import random
from typing import Any

import pytest

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel.check import compile_expression
from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import EvaluationError
from scanner.policy.cel.evaluate import Program
from tests.policy.cel.generate import VIEWS, Generator

LANGUAGE = Language(views=VIEWS)
U, DENIED, FAILED = Unknown("u"), Unknown("denied", "denied"), Unknown("failed", "failed")
ERROR = "error"

SUBJECT: dict[str, Any] = {
    "text": "abc",
    "other": U,
    "count": U,
    "limit": DENIED,
    "on": True,
    "off": U,
    "words": ["a", U, "c"],
    "numbers": [1, 2, 3],
    "labels": {"a": U, "b": "x"},
    "parts": [{"name": "p", "ok": True}, {"name": U, "size": 1}, U],
    "part": {"name": PartialText((U, "/api:1.4")), "tags": [PartialText(("v", U))]},
}

CASES: list[tuple[str, Any]] = [
    # Logic: a decisive term decides, whatever the others are; unknown wins over error.
    ("thing.off || true", True),
    ("true || thing.off", True),
    ("thing.off || false", U),
    ("false && thing.off", False),
    ("thing.off && false", False),
    ("thing.off && true", U),
    ("!thing.off", U),
    ("thing.off || 1/0 == 1", U),
    ("1/0 == 1 || thing.off", U),
    ("1/0 == 1 && thing.off", U),
    ("1/0 == 1 && thing.off && false", False),
    ("1/0 == 1 || thing.off || thing.on", True),
    ("thing.off || thing.limit == 1", DENIED),
    ("thing.off && 1/0 == 1 && thing.limit == 1", DENIED),
    ("thing.limit == 1 || thing.off", DENIED),
    # A condition: only the branch that is taken counts.
    ("thing.off ? 1 : 1", U),
    ("thing.on ? 1 : thing.count", 1),
    ("thing.on ? thing.count : 1", U),
    # Strict operations and functions: an unknown operand makes the result unknown, also beside an error.
    ("thing.count + 1 == 2", U),
    ("1/0 + thing.count", U),
    ("thing.count + 1/0", U),
    ("thing.count == thing.count", U),
    ("thing.other == 'a'", U),
    ("'a' != thing.other", U),
    ("thing.other.startsWith('')", U),
    ("string(1/0).startsWith(thing.other)", U),
    ("size(thing.other)", U),
    ("-thing.count", U),
    ("[1/0, thing.count]", U),
    ("[thing.text, thing.other].size()", U),
    ("{'a': thing.count}", U),
    # Lists that hold what is not known: their size is known, and so are their other elements.
    ("size(thing.words)", 3),
    ("thing.words[0]", "a"),
    ("thing.words[1]", U),
    ("thing.words[3]", ERROR),
    ("'a' in thing.words", True),
    ("'z' in thing.words", U),
    ("thing.words == ['a', 'b', 'c']", U),
    ("thing.words == ['z', 'b', 'c']", False),
    ("thing.words == ['a', 'b']", False),
    ("thing.words + ['d'] == thing.words", False),
    ("thing.words.exists(word, word == 'c')", True),
    ("thing.words.exists(word, word == 'z')", U),
    ("thing.words.all(word, word != 'c')", False),
    ("thing.words.all(word, word != 'z')", U),
    ("thing.words.exists_one(word, word == 'a')", U),
    ("thing.words.filter(word, word == 'a')", U),
    ("thing.words.filter(word, true).size()", 3),
    ("thing.words.map(word, 1)", [1, 1, 1]),
    ("thing.words.map(word, size(word))", U),
    ("thing.words.join()", U),
    ("thing.words.exists(word, thing.off || word == 'a')", True),
    # Maps and messages.
    ("thing.labels.a", U),
    ("thing.labels['b']", "x"),
    ("'a' in thing.labels", True),
    ("thing.other in thing.labels", U),
    ("thing.labels[thing.other]", U),
    ("thing.labels == {'a': 'x'}", False),
    ("thing.labels == {'a': 'x', 'b': 'x'}", U),
    ("thing.labels == {'a': 'x', 'b': 'y'}", False),
    ("thing.parts.exists(part, part.name == 'p')", True),
    ("thing.parts.exists(part, part.name == 'q')", U),
    ("thing.parts.exists(part, part.size == 1)", True),
    ("thing.parts[0].size", 0),
    ("thing.parts[2].size", U),
    ("thing.parts.map(part, part.ok)", U),
    # Presence.
    ("has(thing.text)", True),
    ("has(thing.ratio)", False),
    ("has(thing.other)", U),
    ("present(thing.text)", True),
    ("present(thing.ratio)", False),
    ("present(thing.other)", U),
    ("present(thing.part.name)", True),
    ("present(thing.part.marks)", False),
    ("present(thing.part.marks.a)", False),
    ("present(thing.labels.a)", U),
    ("present(thing.labels.z)", False),
    ("present(thing.labels['b'])", True),
    ("present(thing.parts[2].name)", U),
    ("present(thing.parts[5].name)", False),
    ("present(thing.words[1])", U),
    ("has(thing.labels.a)", U),
    ("thing.parts.exists(part, present(part.size))", True),
    ("thing.parts.filter(part, present(part.size)).size()", U),
    # Bindings are evaluated when they are read.
    ("cel.bind(x, thing.off, true)", True),
    ("cel.bind(x, thing.off, x || true)", True),
    ("cel.bind(x, thing.off, x)", U),
    ("cel.bind(x, 1/0, x == 1 || x == 2 || true)", True),
    # Half-known strings: the known pieces decide where they can.
    ("thing.part.name == ''", False),
    ("thing.part.name == '/api:1.4'", U),
    ("thing.part.name == 'ghcr.io/api:1.4'", U),
    ("thing.part.name == 'ghcr.io/api:1.5'", False),
    ("thing.part.name != 'api'", True),
    ("'api' == thing.part.name", False),
    ("thing.part.name.endsWith(':1.4')", True),
    ("thing.part.name.endsWith('x/api:1.4')", U),
    ("thing.part.name.endsWith('latest')", False),
    ("thing.part.name.startsWith('ghcr.io')", U),
    ("thing.part.name.contains('api')", True),
    ("thing.part.name.contains('web')", U),
    ("'abc'.contains(thing.part.name)", False),
    ("'x/api:1.4'.contains(thing.part.name)", U),
    ("'x'.startsWith(thing.part.name)", False),
    ("'x/api:1.4'.endsWith(thing.part.name)", U),
    ("'x'.endsWith(thing.part.name)", False),
    ("thing.part.name in ['a', 'b']", False),
    ("thing.part.name in ['a', 'b/api:1.4']", U),
    ("thing.part.name in thing.labels", False),
    ("'v1' in thing.part.tags", U),
    ("'w1' in thing.part.tags", False),
    ("thing.part.tags == ['w']", False),
    ("thing.part.tags[0].startsWith('v')", True),
    ("thing.part.tags.exists(tag, tag.startsWith('v'))", True),
    ("cel.bind(name, thing.part.name, name.endsWith('1.4'))", True),
    ("(thing.on ? thing.part.name : 'x').endsWith('1.4')", True),
    ("('image ' + thing.part.name).startsWith('image ')", True),
    ("'image ' + thing.part.name + '!'", PartialText(("image ", U, "/api:1.4!"))),
    ("string(thing.part.name)", PartialText((U, "/api:1.4"))),
    ("dyn(thing.part.name) == 1", False),
    ("dyn(thing.part.name) + 1", U),
    ("thing.part.name.upperAscii()", PartialText((U, "/API:1.4"))),
    ("thing.part.name.upperAscii().lowerAscii() == 'api'", False),
    ("size(thing.part.name.upperAscii())", U),
    ("thing.part.name < 'a'", U),
    ("size(thing.part.name)", U),
    ("thing.part.name.matches('api')", U),
    ("thing.part.name.split(':')", U),
    ("[thing.part.name]", [PartialText((U, "/api:1.4"))]),
    ("[thing.part.name] == ['x']", False),
    ("thing.part.name == thing.part.name", U),
    ("thing.part.name == 'x' + thing.part.tags[0]", U),
    ("thing.part.tags[0] == 'w' + thing.part.name", False),
]


def run(source: str, subject: dict[str, Any]) -> Any:
    program = Program(LANGUAGE, {"it": compile_expression(source, Scope("thing"), LANGUAGE)})
    return program.evaluate("it", program.frame(subject, {}))


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_what_is_known_decides(source: str, expected: Any) -> None:
    result = run(source, SUBJECT)
    if expected is ERROR:
        assert isinstance(result, EvaluationError)
    else:
        assert (type(result), result) == (type(expected), expected)


def test_every_piece_of_a_half_known_string_is_weighed() -> None:
    text = PartialText(("a", U, "bb", U, "c"))
    texts = {"a": False, "abbc": U, "axbbyc": U, "abc": False, "xbbc": False, "abbcd": False, "abbbc": U}
    for value, expected in texts.items():
        assert run(f"thing.text == '{value}'", {"text": text}) == expected, value
    assert run("thing.text.contains('bb')", {"text": text}) is True
    assert run("'a bbc'.startsWith(thing.text)", {"text": text}) == U
    assert run("'a b'.startsWith(thing.text)", {"text": text}) is False


def forget(values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The values with some of them, there or not, replaced by Unknown at any depth, or half forgotten."""
    known = dict(values)
    for name in ("text", "other", "count", "on", "off", "words", "numbers", "labels", "part", "parts", "ratio"):
        pick = chance.random()
        if pick < 0.15:
            known[name] = U
        elif pick < 0.4 and isinstance(known.get(name), str):
            known[name] = half(known[name], chance)
        elif pick < 0.4 and isinstance(known.get(name), list):
            known[name] = [forget_item(item, chance) for item in known[name]]
        elif pick < 0.4 and isinstance(known.get(name), dict):
            known[name] = {key: forget_item(item, chance) for key, item in known[name].items()}
    return known


def forget_item(item: Any, chance: random.Random) -> Any:
    if chance.random() < 0.3:
        return U
    if isinstance(item, str) and chance.random() < 0.5:
        return half(item, chance)
    if isinstance(item, dict):
        return {key: forget_item(value, chance) for key, value in item.items()}
    return item


def half(text: str, chance: random.Random) -> PartialText:
    start = chance.randint(0, len(text))
    end = chance.randint(start, len(text))
    return PartialText(tuple(part for part in (text[:start], U, text[end:]) if part != ""))


def agrees(result: Any, base: Any) -> bool:
    """Whether a result says the same as the one from complete data, or says less."""
    if isinstance(result, Unknown):
        return True
    if isinstance(result, EvaluationError) or isinstance(base, EvaluationError):
        return isinstance(result, EvaluationError) and isinstance(base, EvaluationError)
    if isinstance(result, PartialText):
        return isinstance(base, str) and fits(list(result.parts), base)
    if isinstance(result, list):
        return isinstance(base, list) and len(base) == len(result) and all(map(agrees, result, base))
    if isinstance(result, dict):
        return isinstance(base, dict) and base.keys() == result.keys() and all(agrees(result[k], base[k]) for k in base)
    return type(result) is type(base) and (result == base or result != result)


def fits(parts: list[Any], text: str) -> bool:
    """Whether the unknown pieces can be chosen so that the parts make the text."""
    if not parts:
        return text == ""
    first, rest = parts[0], parts[1:]
    if isinstance(first, str):
        return text.startswith(first) and fits(rest, text[len(first) :])
    return any(fits(rest, text[index:]) for index in range(len(text) + 1))


def less_is_never_more(seed: int, expressions: int) -> None:
    generator, chance = Generator(seed), random.Random(seed)
    for _ in range(expressions):
        source = generator.expression()[1]
        program = Program(LANGUAGE, {"it": compile_expression(source, Scope("thing"), LANGUAGE)})
        evaluate = program.expression("it")
        for _ in range(10):
            values = generator.data()
            base = evaluate(program.frame(values, {}))
            known = forget(values, chance)
            result = evaluate(program.frame(known, {}))
            assert agrees(result, base), f"{source}\n  {values}\n  {known}\n  {base!r} became {result!r}"


@pytest.mark.parametrize("seed", range(4))
def test_knowing_less_makes_an_answer_unknown_or_leaves_it(seed: int) -> None:
    less_is_never_more(seed, 100)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_knowing_less_long(seed: int) -> None:
    less_is_never_more(seed, 1_000)
