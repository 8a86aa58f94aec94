"""JSON as Go has it: what is written and read, and where its parts come from."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.helm.functions.documents import FUNCTIONS
from scanner.helm.origin import ValuesSource
from scanner.helm.yaml_values import read_values
from scanner.template.function import by_name
from scanner.template.go_json import MarshalError, to_json
from scanner.template.json_reading import JsonError, read_json
from scanner.template.kinds import Float, Items, Map, NilList, NilMap
from scanner.template.text import Text
from tests.helm.test_yaml_emitter import pieces, routes

HELM = {name: function.call for name, function in by_name(FUNCTIONS).items()}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


def test_every_part_has_an_origin() -> None:
    values = read_values("b: {c: text, d: [1, true, null]}\na: '<'\n", ValuesSource("v.yaml"), traced=True)
    assert routes(to_json(values)) == [
        ("{", ""), ('"a":"\\u003c",', "a"), ('"b":{', "b"), ('"c":"text",', "b.c"), ('"d":[', "b.d"), ("1,", "b.d.0"),
        ("true,", "b.d.1"), ("null", "b.d.2"), ("]", "b.d"), ("}", "b"), ("}", ""),
    ]  # fmt: skip
    assert routes(to_json(values["b"], indent="  ")) == [
        ("{", "b"), ('\n  "c": "text",', "b.c"), ('\n  "d": [', "b.d"), ("\n    1,", "b.d.0"), ("\n    true,", "b.d.1"),
        ("\n    null\n  ", "b.d.2"), ("]\n", "b.d"), ("}", "b"),
    ]  # fmt: skip


def test_texts_keep_their_pieces_unless_they_are_escaped() -> None:
    one, two = object(), object()
    assert pieces(to_json([Text("ab", ((1, None, one), (1, None, two)))])) == [
        ("[", None), ('"a', one), ('b"', two), ("]", None),
    ]  # fmt: skip
    assert pieces(to_json(Text("a<", ((1, None, one), (1, None, two))))) == [('"a\\u003c"', one)]
    assert type(to_json({"a": [1.0, "x", None]})) is str


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(value: Any) -> None:
    for text in (to_json(value), to_json(value, escape_html=False), to_json(value, indent="  ")):
        assert json.loads(text, parse_int=float) == value
        assert read_json(text) == value
    if not isinstance(value, str):
        assert to_json(read_json(json.dumps(value))) == to_json(value)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_tracing_changes_nothing(value: Any) -> None:
    text = json.dumps(value, indent=1)
    where = object()
    traced = read_json(Text(text, ((len(text), None, where),)))
    assert traced == read_json(text) == value
    written = to_json(traced)
    assert written == to_json(value)
    if written and written not in ('""', "null", "true", "false"):
        assert {origin for _, origin in pieces(written)} == {where}


def test_values_of_a_traced_text() -> None:
    name, number, flag, key = object(), object(), object(), object()
    parts = [
        ('{"a":"', None), ("x", name), ('y","b":', None), ("2", number), (',"c":[', None), ("true", flag), (',1],"', None),
        ("d", key), ('":null,"e":"', None), ("\\u0041", name), ('"}', None),
    ]  # fmt: skip
    text = Text("".join(part for part, _ in parts), [(len(part), "typed", where) for part, where in parts])
    value = read_json(text)
    assert value == {"a": "xy", "b": 2, "c": [True, 1], "d": None, "e": "A"}
    assert type(value) is Map
    assert value["a"].pieces == ((1, "typed", name), (1, "typed", None))
    assert type(value["b"]) is Float
    assert value["b"].origin is number
    assert type(value["c"]) is Items
    assert value["c"].origins == [flag, None]
    assert type(value["c"][1]) is float
    assert value.origins == {"a": name, "b": number, "c": flag, "d": key, "e": name}
    assert value["e"].pieces == ((1, "typed", name),)


def test_go_nils() -> None:
    assert to_json([NilMap(), NilList(), {}, []]) == "[null,null,{},[]]"
    assert type(HELM["fromJson"]("null")) is NilMap
    assert type(HELM["fromJsonArray"]("null")) is NilList
    assert HELM["fromYaml"]("null") == {}
    assert HELM["fromYamlArray"]("") == []


def test_bytes_that_are_no_text() -> None:
    assert to_json({"\udcff": "a\udcc3"}) == '{"\\ufffd":"a\\ufffd"}'
    assert read_json('"a\udcc3\\ud800"') == "a\ufffd\ufffd"


@pytest.mark.parametrize("value", [float("nan"), [float("-inf")], 1j, {"f": print}])
def test_what_cannot_be_written(value: Any) -> None:
    with pytest.raises(MarshalError, match=r"^json: unsupported (value|type): "):
        to_json(value)


def test_cycles_and_depth_end() -> None:
    inner: list[Any] = []
    inner.append({"again": inner})
    with pytest.raises(MarshalError, match="encountered a cycle"):
        to_json(inner)
    for text in ("[" * 100_000, '{"a":' * 100_000):
        with pytest.raises(JsonError, match="exceeded max depth"):
            read_json(text)


def test_errors_become_results() -> None:
    assert HELM["fromYaml"]("- 1")["Error"].startswith("error unmarshaling JSON: while decoding JSON: json: cannot")
    assert HELM["fromYaml"]("a: b: c") == {
        "Error": "error converting YAML to JSON: yaml: mapping values are not allowed in this context"
    }
    assert HELM["fromYamlArray"]("a: 1")[0].endswith("object into Go value of type []interface {}")
    assert HELM["fromJson"]("[")["Error"] == "unexpected end of JSON input"
    assert HELM["toYaml"](float("nan")) == HELM["toJson"](float("nan")) == ""
