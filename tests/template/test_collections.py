"""sprig's functions about collections: origins, sharing, limits. Their results are in the tables of probes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.template.errors import FunctionError
from scanner.template.functions import copying, defaults, dicts, lists, merging, reflection
from scanner.template.kinds import (
    Float,
    Items,
    Lists,
    Map,
    NilList,
    NilMap,
    StringList,
    StringMap,
    Values,
    as_map,
    as_values,
    entry_origin,
    go_type,
    put,
    remove,
)
from scanner.template.text import Text, first_origin, from_origin
from tests.template.probing import render_probe

FAMILIES = (defaults, dicts, lists, merging, reflection)
CALLS = {function.name: function.call for family in FAMILIES for function in family.FUNCTIONS}


def call(name: str, *arguments: Any) -> Any:
    return CALLS[name](*arguments)


def origins(container: Any) -> Any:
    """What a container knows of its entries."""
    if isinstance(container, Map):
        return {key: container.origins.get(key) for key in container}
    return [entry_origin(container, index) for index in range(len(container))]


def a_map() -> Map:
    return Map({"a": True, "b": None, "c": from_origin("x", "C")}, "M", {"a": "A", "b": "B", "c": "C"})


def a_list() -> Items:
    return Items([True, None, from_origin("x", "2")], "L", ["0", "1", "2"])


# ---- lists


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("append", [9], ["0", "1", "2", None]),
        ("push", [9], ["0", "1", "2", None]),
        ("prepend", [9], [None, "0", "1", "2"]),
        ("rest", [], ["1", "2"]),
        ("initial", [], ["0", "1"]),
        ("reverse", [], ["2", "1", "0"]),
        ("uniq", [], ["0", "1", "2"]),
        ("compact", [], ["0", "2"]),
        ("without", [None], ["0", "2"]),
        ("without", ["x", True], ["1"]),
        ("slice", [1], ["1", "2"]),
        ("slice", [0, 1], ["0"]),
        ("concat", [[7], a_list()], ["0", "1", "2", None, "0", "1", "2"]),
    ],
)
def test_a_list_from_a_traced_list_has_the_origins_of_its_items(
    name: str, arguments: list[Any], expected: list[Any]
) -> None:
    source = a_list()
    result = call(name, source, *arguments)
    assert type(result) is Items
    assert result.origin == "L"
    assert origins(result) == expected
    assert source == [True, None, "x"]
    assert source.origins == ["0", "1", "2"]


def test_each_chunk_of_a_traced_list_is_traced() -> None:
    result = call("chunk", 2, a_list())
    assert type(result) is Lists
    assert [origins(part) for part in result] == [["0", "1"], ["2"]]


def test_origins_that_are_not_known_leave_the_others_in_place() -> None:
    short = Items([True, False], "L", ["0"])
    assert origins(call("append", short, None)) == ["0", None, None]
    assert origins(call("concat", short, a_list())) == ["0", None, "0", "1", "2"]
    assert origins(call("reverse", short)) == [None, "0"]
    assert origins(call("rest", short)) == [None]


def test_lists_of_plain_values_are_plain() -> None:
    assert type(call("list", 1, "a")) is list
    for name, arguments in [("append", [1]), ("concat", [[2]]), ("rest", []), ("uniq", []), ("slice", [1])]:
        assert type(call(name, [1, 2], *arguments)) is list


def test_a_value_keeps_itself() -> None:
    text, number = from_origin("x", "T"), Float(1.5, "N")
    for result in (call("list", text, number), call("append", [text], number), call("concat", [text], [number])):
        assert result[0] is text
        assert result[1] is number
    assert dicts.make_dict(["k", text])["k"] is text
    assert call("first", [text]) is text
    assert call("default", 1, text) is text
    assert call("coalesce", "", 0, number) is number
    assert call("ternary", text, number, False) is number


def test_part_of_a_slice_has_its_type() -> None:
    assert type(call("slice", StringList(["a", "b"]), 1)) is StringList
    assert type(call("slice", Lists([[1], [2]]), 1)) is Lists
    assert call("slice", b"abc", 1) == b"bc"
    assert type(call("rest", StringList(["a", "b"]))) is list
    assert go_type(call("first", b"abc")) == "uint8"


# ---- maps


def test_choosing_from_a_traced_map_keeps_the_origins() -> None:
    assert origins(call("pick", a_map(), "a", "zz")) == {"a": "A"}
    assert origins(call("omit", a_map(), "a")) == {"b": "B", "c": "C"}
    assert call("pick", a_map(), "a").origin == "M"
    assert origins(call("values", a_map())) == ["A", "B", "C"]
    assert origins(call("pluck", "a", a_map(), {"a": 1}, a_map())) == ["A", None, "A"]
    assert type(call("pick", {"a": 1}, "a")) is dict
    assert type(call("omit", {"a": 1}, "a")) is dict


def test_keys_are_where_their_entries_are() -> None:
    result = call("keys", a_map(), {"k": 1})
    assert type(result) is StringList
    assert [first_origin(key)[1] for key in result] == ["A", "B", "C", None]


def test_keys_and_values_go_by_the_order_of_the_keys() -> None:
    assert call("keys", {"b": 1, "a": 2, "B": 3}, {"c": 1, "a": 1}) == ["B", "a", "b", "a", "c"]
    assert call("values", {"b": 1, "a": 2, "B": 3}) == [3, 2, 1]


def test_a_dict_with_origins() -> None:
    pairs = ["a", True, "b", None, "c"]
    result = dicts.make_dict(pairs, [None, "A", None, "B", None])
    assert result == {"a": True, "b": None, "c": ""}
    assert type(result) is Map
    assert origins(result) == {"a": "A", "b": "B", "c": None}
    assert type(dicts.make_dict([], [])) is Map
    assert type(dicts.make_dict(pairs)) is dict


@pytest.mark.parametrize("template", ["set (dict) `t` .Values.m.t", "merge (dict) .Values.m", "dict `t` .Values.m.t"])
def test_a_dict_of_a_traced_run_keeps_the_origins_of_what_comes_into_it(template: str) -> None:
    output, error = render_probe("{{ toYaml (" + template + ") }}", "m:\n  t: true\n")
    assert (output, error) == ("t: true", "")
    assert type(output) is Text
    assert output.pieces[-1][2] is not None


def test_a_key_that_was_read_is_plain_and_gives_its_origin() -> None:
    key = from_origin("k", "K")
    made = dicts.make_dict([key, True])
    assert type(made) is Map
    assert origins(made) == {"k": "K"}
    assert [type(name) for name in made] == [str]
    assert origins(dicts.make_dict([key, True], [None, "V"])) == {"k": "V"}
    changed = Map()
    call("set", changed, key, None)
    assert origins(changed) == {"k": "K"}
    assert [type(name) for name in changed] == [str]


def test_setting_and_removing_keep_the_origins_right() -> None:
    mapping = a_map()
    assert call("set", mapping, "a", 1) is mapping
    call("unset", mapping, "b")
    assert origins(mapping) == {"a": None, "c": "C"}
    assert "b" not in mapping.origins


@pytest.mark.parametrize("name", ["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"])
def test_merging_changes_the_first_map_and_shares_the_rest(name: str) -> None:
    inner = a_map()
    source = Map({"m": inner, "t": True}, "S", {"m": "SM", "t": "ST"})
    target = Map({}, "D")
    assert call(name, target, source) is target
    assert target["m"] is inner
    assert origins(target) == {"m": "SM", "t": "ST"}
    assert target.origin == "D"


def test_merging_takes_the_origin_with_the_value() -> None:
    source = Map({"x": True, "n": None, "in": Map({"y": True}, "I", {"y": "SY"})}, "S", {"x": "SX", "n": "SN"})
    kept = Map({"x": False, "n": 1, "in": Map({"y": True}, "J", {"y": "DY"})}, "D", {"x": "DX", "n": "DN"})
    filled, written = call("deepCopy", kept), call("deepCopy", kept)
    call("merge", filled, source)
    assert origins(filled) == {"x": "SX", "n": "DN", "in": None}
    assert filled["n"] == 1
    assert origins(filled["in"]) == {"y": "DY"}
    call("mergeOverwrite", written, source)
    assert origins(written) == {"x": "SX", "n": "SN", "in": None}
    assert written["n"] is None
    assert origins(written["in"]) == {"y": "SY"}
    assert origins(kept) == {"x": "DX", "n": "DN", "in": None}


def test_a_deep_copy_is_apart_and_keeps_kinds_and_origins() -> None:
    source = Map(
        {"m": a_map(), "l": a_list(), "s": StringList(["a"]), "n": NilList(), "z": NilMap(), "p": StringMap(a="b")},
        "S",
        {"m": "SM"},
    )
    copy = call("deepCopy", source)
    assert copy == source
    assert copy is not source
    assert [type(value) for value in copy.values()] == [type(value) for value in source.values()]
    assert copy.origin == "S"
    assert origins(copy) == origins(source)
    assert origins(copy["m"]) == origins(source["m"])
    assert origins(copy["l"]) == origins(source["l"])
    put(copy, "new", 1)
    put(copy["m"], "a", False, "changed")
    copy["l"].append(1)
    assert source["m"] == a_map()
    assert source["m"].origins == a_map().origins
    assert len(source["l"]) == 3
    assert "new" not in source
    assert set(source.origins) == {"m"}


# ---- chartutil.Values


def test_functions_return_values_as_a_plain_map_that_is_the_same() -> None:
    values = Values(a_map(), "M", {"a": "A"})
    for name, arguments in [("set", ["k", 1]), ("unset", ["b"]), ("merge", [{"x": 1}]), ("mergeOverwrite", [{"y": 1}])]:
        result = call(name, values, *arguments)
        assert go_type(result) == "map[string]interface {}"
        assert result == values
        assert result is as_map(values)
    assert go_type(values) == "chartutil.Values"
    assert {"k", "x", "y"} <= values.keys()
    assert "b" not in values
    call("set", as_map(values), "from map", 1)
    call("set", values, "from values", 1)
    assert dict(values) == dict(as_map(values))
    assert {"from map", "from values"} <= values.keys()
    assert values.origins is as_map(values).origins
    assert go_type(call("deepCopy", values)) == "chartutil.Values"
    assert go_type(call("pick", values, "a")) == "map[string]interface {}"
    assert go_type(call("merge", {}, values)) == "map[string]interface {}"


def test_a_map_and_its_values_are_one() -> None:
    mapping = Map({"a": 1})
    values = as_values(mapping)
    assert as_map(values) is mapping
    assert as_values(mapping) is values
    put(values, "b", 2, "B")
    remove(mapping, "a")
    assert mapping == values == {"b": 2}
    assert entry_origin(mapping, "b") == entry_origin(values, "b") == "B"
    copy = call("deepCopy", values)
    put(copy, "c", 3)
    assert mapping == {"b": 2}


# ---- limits


def self_containing() -> dict[str, Any]:
    mapping: dict[str, Any] = {"a": 1}
    mapping["self"] = mapping
    mapping["list"] = [mapping]
    return mapping


def nested(depth: int) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for _ in range(depth):
        mapping = {"x": mapping}
    return mapping


def shared(depth: int) -> dict[str, Any]:
    """A small map that is 2 ** depth large for who follows all ways."""
    mapping: dict[str, Any] = {}
    for _ in range(depth):
        mapping = {"x": mapping, "y": mapping}
    return mapping


def test_values_that_contain_themselves_are_an_error() -> None:
    with pytest.raises(FunctionError, match="contains itself"):
        call("deepCopy", self_containing())
    for name in ("merge", "mergeOverwrite", "mustMerge"):
        with pytest.raises(FunctionError, match="contain themselves"):
            call(name, self_containing(), self_containing())
    assert call("deepEqual", self_containing(), self_containing()) is True
    assert call("has", self_containing(), [1, self_containing()]) is True
    assert len(call("uniq", [self_containing(), self_containing(), 1])) == 2


def test_deep_values_are_no_error() -> None:
    depth = 5000
    copy = call("deepCopy", nested(depth))
    assert call("deepEqual", copy, nested(depth))
    assert not call("deepEqual", copy, nested(depth + 1))
    call("merge", copy, nested(depth))
    with pytest.raises(FunctionError):
        call("deepCopy", nested(copying.DEPTH + 1))


def test_values_that_grow_without_end_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "ENTRIES", 1000)
    monkeypatch.setattr(merging, "ENTRIES", 1000)
    monkeypatch.setattr(lists, "MAX_COMPARISONS", 1000)
    with pytest.raises(FunctionError, match="too large to copy"):
        call("deepCopy", shared(60))
    with pytest.raises(FunctionError, match="too large to merge"):
        call("merge", shared(60), shared(60))
    assert call("deepEqual", shared(60), shared(60))
    with pytest.raises(FunctionError, match="too many"):
        call("uniq", [{"a": number} for number in range(100)])
    with pytest.raises(FunctionError, match="more than 1,000,000 items"):
        call("concat", *[[1] * 10000] * 200)


# ---- laws

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, 1.0, 1.5]),
    st.sampled_from(["", "a", "b"]),
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=12,
)
MAPS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)
LISTS = st.lists(TREES, max_size=5)


def traced(value: Any, route: str = "") -> Any:
    """A plain value as it is read from a file: with the origin of everything."""
    if isinstance(value, dict):
        entries = {key: traced(item, f"{route}.{key}") for key, item in value.items()}
        return Map(entries, route, {key: f"{route}.{key}" for key in value})
    if isinstance(value, list):
        items = [traced(item, f"{route}.{index}") for index, item in enumerate(value)]
        return Items(items, route, [f"{route}.{index}" for index in range(len(value))])
    if isinstance(value, str):
        return from_origin(value, route)
    return Float(value, route) if isinstance(value, float) else value


def outcome(name: str, *arguments: Any) -> Any:
    try:
        return call(name, *arguments)
    except FunctionError as error:
        return str(error)


ONE_LIST = [
    "first",
    "last",
    "rest",
    "initial",
    "reverse",
    "uniq",
    "compact",
    "mustFirst",
    "deepCopy",
    "typeOf",
    "empty",
]
TWO_MAPS = ["merge", "mergeOverwrite", "mustMerge", "deepEqual", "keys"]


@given(LISTS, TREES, st.integers(-1, 6), st.integers(-1, 6))
def test_traced_lists_give_what_plain_ones_give(items: list[Any], item: Any, start: int, stop: int) -> None:
    other, extra = traced(items), traced(item)
    for name in ONE_LIST:
        assert reflection.deep_equal(outcome(name, items), outcome(name, other))
    for name in ("append", "prepend", "without", "concat", "deepEqual"):
        assert reflection.deep_equal(outcome(name, items, item), outcome(name, other, extra)), name
    assert outcome("has", item, items) == outcome("has", extra, other)
    assert reflection.deep_equal(outcome("slice", items, start, stop), outcome("slice", other, start, stop))
    assert reflection.deep_equal(outcome("chunk", stop, items), outcome("chunk", stop, other))


@given(MAPS, MAPS, st.sampled_from("abcd"))
def test_traced_maps_give_what_plain_ones_give(one: dict[str, Any], two: dict[str, Any], key: str) -> None:
    for name in TWO_MAPS:
        plain, other = call("deepCopy", one), traced(one)
        assert reflection.deep_equal(outcome(name, plain, two), outcome(name, other, traced(two))), name
        assert reflection.deep_equal(plain, other)
    for name in ("get", "hasKey", "pick", "omit", "unset"):
        assert reflection.deep_equal(outcome(name, call("deepCopy", one), key), outcome(name, traced(one), key)), name
    for name in ("values", "keys", "deepCopy"):
        assert reflection.deep_equal(outcome(name, one), outcome(name, traced(one))), name
    assert outcome("dig", key, "a", 0, one) == outcome("dig", key, "a", 0, traced(one))


def check_origins(value: Any) -> None:
    """Every container below knows where each of its entries is from, and nothing of others."""
    if isinstance(value, (Map, Items)):
        assert all(
            origin is not None for origin in (value.origins.values() if isinstance(value, Map) else value.origins)
        )
        assert set(value.origins) == set(value) if isinstance(value, Map) else len(value.origins) == len(value)
    if isinstance(value, (dict, list)):
        assert isinstance(value, (Map, Items))
        for item in value.values() if isinstance(value, dict) else value:
            check_origins(item)
    elif isinstance(value, str) and value:
        assert type(value) is Text


@given(MAPS, MAPS, st.sampled_from(["merge", "mergeOverwrite"]))
def test_what_is_merged_from_traced_maps_is_traced_throughout(
    one: dict[str, Any], two: dict[str, Any], name: str
) -> None:
    check_origins(call(name, traced(one), traced(two)))
    check_origins(call("deepCopy", traced(one)))
    check_origins(call("omit", traced(one), "a"))


@given(MAPS, MAPS)
def test_the_laws_of_merging(one: dict[str, Any], two: dict[str, Any]) -> None:
    copy = call("deepCopy", two)
    filled = call("merge", call("deepCopy", one), call("deepCopy", two))
    written = call("mergeOverwrite", call("deepCopy", one), call("deepCopy", two))
    assert reflection.deep_equal(two, copy), "the source is not changed"
    for key, value in one.items():
        if not isinstance(value, dict) and value:
            assert reflection.deep_equal(filled[key], value), "what is there stays"
    for key, value in two.items():
        if not isinstance(value, dict):
            assert reflection.deep_equal(written[key], value), "the last one counts"
            assert value is None or key in filled
    assert filled.keys() - one.keys() == {key for key in two.keys() - one.keys() if two[key] is not None}
    assert written.keys() == one.keys() | two.keys()
    again = call("merge", call("deepCopy", filled), two)
    assert reflection.deep_equal(again, filled), "merging once more changes nothing"


@given(TREES, TREES)
def test_deep_equality_is_a_copy_and_the_same_both_ways(one: Any, two: Any) -> None:
    assert reflection.deep_equal(one, two) == reflection.deep_equal(two, one)
    assert one is None or reflection.deep_equal(one, call("deepCopy", one))
    if reflection.deep_equal(one, two):
        assert one == two
        assert go_type(one) == go_type(two)
