"""toYaml: where its parts come from, what it is read back as, and how it holds up beside Helm's."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.helm.origin import ValuesSource
from scanner.helm.yaml_emitter import to_yaml
from scanner.helm.yaml_pretty import to_yaml_pretty
from scanner.helm.yaml_values import read_text, read_values
from scanner.template.go_json import MarshalError
from scanner.template.kinds import Int64, Items, Map, NilList, NilMap, StringList, StringMap, Struct, put
from scanner.template.text import Text, from_origin
from tests.conftest import is_long, tool

SOURCE = ValuesSource("values.yaml")
_FRAGMENTS = (
    "a b word lo|ng é 日本 😀 \ufeff \x7f \x80 \x07 \x00 \u00a0 \ufffe \uffff \u200b \u202e \u2028 \u0085 \t \r ' \" \\ { } [ ] & * "
    "! | > % @ ` ? , = << ~ null y no 1 0x1F 1e3 .5 12:30 2001-01-01 --- ... 0 _ A Z z < / $ ( )"
).split(" ")
_BLANKS = (" ", "  ", ": ", ":", " #", "#", "- ", "-", "? ", "\n", "\n\n", "the quick brown fox jumps over ", "a" * 30)


def pieces(text: str) -> list[tuple[str, Any]]:
    assert isinstance(text, Text)
    found, at = [], 0
    for length, _, where in text.pieces:
        assert length > 0
        found.append((str(text)[at : at + length], where))
        at += length
    assert at == len(text)
    return found


def routes(text: str) -> list[tuple[str, str]]:
    return [(part, ".".join(map(str, where.route)) if where else "") for part, where in pieces(text)]


def test_every_part_has_an_origin() -> None:
    values = read_values("b: {c: text, d: [1, true, {e: null}], f: {}, g: []}\na: 'q: r'\n", SOURCE, traced=True)
    text = to_yaml(values)
    assert routes(text) == [
        ("a: 'q: r'\n", "a"),
        ("b:\n", "b"),
        ("  c: text\n", "b.c"),
        ("  d:\n", "b.d"),
        ("  - 1\n", "b.d.0"),
        ("  - true\n", "b.d.1"),
        ("  - ", "b.d.2"),
        ("e: null\n", "b.d.2.e"),
        ("  f: {}\n", "b.f"),
        ("  g: []", "b.g"),
    ]


def test_scalars_keep_their_own_pieces() -> None:
    one, two, entry = object(), object(), object()
    mixed = Text("ab cd", ((2, None, one), (1, "typed", None), (2, None, two)))
    assert pieces(to_yaml({"k": mixed})) == [("k: ", None), ("ab", one), (" ", None), ("cd", two)]
    assert pieces(to_yaml(Map({"k": mixed}, None, {"k": entry}))) == [
        ("k: ", entry), ("ab", one), (" ", None), ("cd", two),
    ]  # fmt: skip
    quoted = Text("12", ((1, None, one), (1, None, two)))
    assert pieces(to_yaml([quoted])) == [("- ", None), ('"1', one), ('2"', two)]
    lines = Text("a\nb\n", ((2, None, one), (2, None, two)))
    assert pieces(to_yaml({"k": lines})) == [("k: |\n", None), ("  a\n", one), ("  b", two)]
    escaped = Text("a\tb", ((1, None, one), (2, None, two)))
    assert pieces(to_yaml(escaped)) == [('"a\\tb"', one)]


def test_folded_scalars_have_their_first_origin() -> None:
    where = object()
    text = to_yaml({"k": from_origin("word " * 30 + "end", where)})
    assert len(text.split("\n")) == 2
    assert pieces(text) == [("k: ", None), (text[3:], where)]


def test_texts_without_origin_are_plain() -> None:
    assert type(to_yaml({"a": ["b", 1.0, None]})) is str


def test_values_of_one_document_in_another() -> None:
    values = read_values("a: {b: 1}\n", SOURCE, traced=True)
    made = {"x": values["a"], "z": [values["a"]["b"], "typed"]}
    assert routes(to_yaml(made)) == [
        ("x:\n", ""), ("  b: 1\n", "a.b"), ("z:\n- ", ""), ("1\n", "a.b"), ("- typed", ""),
    ]  # fmt: skip
    put(values["a"], "c", "new")
    assert routes(to_yaml(values["a"])) == [("b: 1\n", "a.b"), ("c: new", "")]


class Pair(Struct):
    """As encoding/json sees it."""

    go_type = "Pair"

    def json_fields(self) -> list[tuple[str, Any]]:
        return [("second", 2), ("first", [None])]


class Named(Struct):
    """A struct that is a text in JSON."""

    go_type = "Named"

    def go_json(self) -> str:
        return "1.0"


def test_kinds() -> None:
    value = {
        "bytes": b"\xff\x00",
        "int": Int64(5),
        "list": StringList(["a"]),
        "map": StringMap(b="c"),
        "named": Named(),
        "nilList": NilList(),
        "nilMap": NilMap(),
        "pair": Pair(),
    }
    expected = """\
bytes: /wA=
int: 5
list:
- a
map:
  b: c
named: "1.0"
nilList: null
nilMap: null
pair:
  first:
  - null
  second: 2"""
    assert to_yaml(value) == expected


@pytest.mark.parametrize(
    "value", [float("inf"), {"a": float("nan")}, lambda: 1, {"a\x85b": 1}, "\x7f", {"k" * 1025: 1}]
)
def test_what_cannot_be_written(value: Any) -> None:
    with pytest.raises(MarshalError):
        to_yaml(value)


def test_cycles_end() -> None:
    inner: dict[str, Any] = {}
    inner["again"] = [inner]
    for write in (to_yaml, to_yaml_pretty):
        with pytest.raises(MarshalError):
            write(inner)


def test_memos_keep_no_origins() -> None:
    from scanner.helm.yaml_quoting import STYLES

    to_yaml({"k": from_origin("a rare text of a test", object())})
    assert [type(key) for key in STYLES if key == "a rare text of a test"] == [str]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(
        st.characters(
            exclude_categories=["Cs"], exclude_characters="\x7f\ufffe\uffff" + "".join(map(chr, range(0x80, 0xA0)))
        )
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text("abcdef _-.:#0123456789\n'\"é", max_size=12), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(value: Any) -> None:
    # Helm cuts the last line break, which a block that keeps its breaks needs.
    assert read_text(to_yaml(value) + "\n") == value
    assert to_yaml_pretty(None) == "null"
    if not isinstance(value, (int, float)):
        assert read_text(to_yaml_pretty({"k": value}) + "\n") == {"k": value}


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_tracing_changes_no_character(value: Any) -> None:
    values = read_values(json.dumps({"x": value}, ensure_ascii=False), SOURCE, traced=True)
    plain = read_values(json.dumps({"x": value}, ensure_ascii=False), SOURCE, traced=False)
    assert values == plain
    for write in (to_yaml, to_yaml_pretty):
        text = write(values)
        assert text == write(plain)
        assert all(where is not None for _, where in pieces(text))


def text(chance: random.Random) -> str:
    count = chance.choice((1, 1, 2, 2, 3, 4, 5, 8, 12))
    return "".join(chance.choice(chance.choice((_FRAGMENTS, _BLANKS))) for _ in range(count))


def value(chance: random.Random, depth: int = 0) -> Any:
    dice = chance.random()
    if depth < 4 and dice < 0.18:
        return {text(chance): value(chance, depth + 1) for _ in range(chance.randint(0, 4))}
    if depth < 4 and dice < 0.33:
        return [value(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    if dice < 0.38:
        return chance.choice((True, False, None))
    if dice < 0.5:
        number = chance.choice(
            (0.0, 1.0, -1.5, 1e6, 1e20, 1e21, 1e-5, 1e-7, 0.1, 1.2345678e17, 1e15, 1e16, 9.3e18, 5e-324)
        )
        return number * chance.choice((1.0, -1.0, 3.0))
    return text(chance)


def is_settled(value: Any) -> bool:
    """Whether Helm always writes the keys in one order: with several digits in them it may not."""
    if isinstance(value, dict):
        return sum(any(map(str.isdigit, key)) for key in value) < 2 and all(map(is_settled, value.values()))
    return all(map(is_settled, value)) if isinstance(value, list) else True


@pytest.mark.go
@pytest.mark.parametrize(("function", "write"), [("toYaml", to_yaml), ("toYamlPretty", to_yaml_pretty)])
def test_random_values_are_written_as_helm_writes_them(function: str, write: Any, pytestconfig: pytest.Config) -> None:
    program = tool("helm-probe")
    chance = random.Random(5)
    values = [value(chance) for _ in range(20_000 if is_long(pytestconfig) else 500)]
    template = f"{{{{ {function} .Values.x }}}}"
    questions = "".join(json.dumps({"t": template, "v": json.dumps({"x": each})}) + "\n" for each in values)
    answers = subprocess.run([program], input=questions, capture_output=True, text=True, check=True).stdout
    differences = []
    for each, answer in zip(values, map(json.loads, answers.rstrip("\n").split("\n")), strict=True):
        if answer.get("e") or not is_settled(each):
            continue
        try:
            ours = write(each)
        except MarshalError:
            ours = ""
        if ours != answer["o"]:
            differences.append((each, ours, answer["o"]))
    assert differences == []


def test_lists_and_mappings_in_each_other() -> None:
    assert to_yaml(Items([Items([1, {"a": [{"b": {}}]}]), []])) == "- - 1\n  - a:\n    - b: {}\n- []"


def test_keys_that_have_no_order_are_written_as_helm_does_mostly() -> None:
    assert to_yaml({"a2": 1, "a10": 2, "a1b": 3}) == "a10: 2\na1b: 3\na2: 1"
    assert to_yaml({"2": 1, "1a": 2, "12": 3}) == '"12": 3\n1a: 2\n"2": 1'
