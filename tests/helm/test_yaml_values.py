"""Values files: what they mean, where each value stands, and Helm's errors with their places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.core.location import Location
from scanner.helm.origin import ValueOrigin, ValuesSource
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_raw import raw_document
from scanner.helm.yaml_values import ValuesError, read_text, read_values
from scanner.template.go_json import to_json
from scanner.template.kinds import Float, Items, Map, Values
from scanner.template.text import Text

SOURCE = ValuesSource("chart/values.yaml", "default", "chart")


def traced(text: str | bytes) -> Values:
    return read_values(text, SOURCE, traced=True)


def origin(values: Any, *route: str | int) -> ValueOrigin:
    for step in route[:-1]:
        values = values[step]
    found = values.origins[route[-1]]
    assert isinstance(found, ValueOrigin)
    return found


def place(values: Any, *route: str | int) -> tuple[int, int, int, int]:
    path, *span = origin(values, *route).location()
    assert path == "chart/values.yaml"
    return tuple(span)


def test_the_corpus_of_values_files(corpus: Path) -> None:
    """Errors are compared whole; outputs of toJson too. The other templates are judged with the engine."""
    rows = (corpus / "helm-semantics" / "yaml-values.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 25
    for row in map(json.loads, rows):
        for is_traced in (False, True):
            error = None
            try:
                values = read_values(row["v"], SOURCE, traced=is_traced, go_type="chartutil.Values")
            except ValuesError as raised:
                error = raised.message
            assert error == row["e"], row["name"]
            if error is None and row["t"] == "{{ toJson .Values }}":
                assert to_json(values) == row["o"], row["name"]


def test_numbers_are_floats_and_words_are_those_of_yaml_1_1() -> None:
    values = read_values(
        "a: [1, 0x1F, 0o17, 017, 08, 1_000, .5, 1e3, y, no, ~, 12:30, 2001-01-01, '1']", SOURCE, traced=False
    )
    assert values["a"] == [
        1.0,
        31.0,
        15.0,
        15.0,
        8.0,
        1000.0,
        0.5,
        1000.0,
        True,
        False,
        None,
        "12:30",
        "2001-01-01",
        "1",
    ]
    assert [type(item) for item in values["a"][:8]] == [float] * 8


def test_keys_are_text() -> None:
    text = "1: a\n1.5: b\ny: c\n0x10: d\n1e3: e\n2001-01-01: f\n16777217.5: g\n.inf: h\n'~': i\n"
    assert list(read_values(text, SOURCE, traced=False)) == [
        "1", "1.5", "true", "16", "1000", "2001-01-01", "1.6777218e+07", ".inf", "~",
    ]  # fmt: skip


def test_types_with_and_without_tracing() -> None:
    text = "a: {b: [x, 1, true, null, {}]}"
    plain, with_origins = read_values(text, SOURCE, traced=False), traced(text)
    assert type(plain) is type(with_origins) is Values
    assert plain == with_origins
    assert type(plain["a"]) is dict
    assert type(with_origins["a"]) is Map
    items = with_origins["a"]["b"]
    assert [type(item) for item in items] == [Text, Float, bool, type(None), Map]
    assert type(items) is Items
    assert items[0].pieces == ((1, None, items.origins[0]),)
    assert items[1].origin is items.origins[1]
    assert items[4].origin is items.origins[4]
    assert items.origin is with_origins["a"].origins["b"]


def test_places_and_routes() -> None:
    values = traced(
        "a:\n  b: text\n  c: |\n    lines\n    more\n  d: [1, {e: 'f'}]\nl:\n- x\n- y: 1\n  z: 2\n- - 3\n- {}\nm:\n"
    )
    assert place(values, "a", "b") == (2, 6, 2, 10)
    assert place(values, "a", "c") == (3, 3, 3, 4), "a block of lines is found at its key"
    assert place(values, "a", "d") == (6, 3, 6, 4), "a list is found at its key"
    assert place(values, "a", "d", 1, "e") == (6, 14, 6, 17)
    assert origin(values, "a", "d", 1, "e").route == ("a", "d", 1, "e")
    assert origin(values, "a", "d", 1, "e").key_location() == Location("chart/values.yaml", 6, 11, 6, 12)
    assert place(values, "l", 0) == (8, 3, 8, 4)
    assert place(values, "l", 1) == (9, 3, 9, 4), "a mapping in a list is found at its first key"
    assert place(values, "l", 2) == (11, 5, 11, 6)
    assert place(values, "l", 3) == (12, 3, 12, 5)
    assert place(values, "m") == (13, 1, 13, 2), "nothing is found at its key"
    assert values.origin.route == ()
    assert values.origin.location() == Location("chart/values.yaml", 1, 1, 1, 2)
    assert values["l"].origin.source is SOURCE


def test_a_value_without_text_has_the_place_of_its_source() -> None:
    flag = ValuesSource("--set a.b=1", "set")
    value = ValueOrigin(flag, ValueOrigin(flag, ValueOrigin(flag), "a"), "b")
    assert value.route == ("a", "b")
    assert value.location() == value.key_location() == Location("--set a.b=1")


def test_block_scalars_in_lists() -> None:
    assert place(traced("- |\n  a\n".join(("l:\n", ""))), "l", 0) == (2, 3, 2, 4)


def test_aliases_stand_for_copies_at_their_own_routes() -> None:
    values = traced("a: &x\n  b: 1\nc: *x\nd: &s text\ne: *s\nf: [*x]\n")
    assert values["a"] is not values["c"]
    values["c"]["b"] = 2.0
    assert values["a"]["b"] == values["f"][0]["b"] == 1
    assert origin(values, "c", "b").route == ("c", "b")
    assert place(values, "c", "b") == (2, 6, 2, 7), "the text stands at the anchor"
    assert origin(values, "e").key_location().line == 5
    assert values["e"].pieces[0][2] is origin(values, "e")
    assert origin(values, "f", 0, "b").route == ("f", 0, "b")


def test_merges_apply_where_they_stand() -> None:
    values = traced(
        "x: &x {a: 1, b: 2}\nz: &z {a: 9, c: 4}\np:\n  b: 3\n  <<: *x\nq:\n  <<: [*x, *z]\n  b: 5\nr:\n  <<: {a: 7}\n"
    )
    assert values["p"] == {"a": 1, "b": 2}
    assert values["q"] == {"a": 1, "b": 5, "c": 4}
    assert values["r"] == {"a": 7}
    assert origin(values, "p", "b").route == ("p", "b")
    assert place(values, "p", "b") == (1, 17, 1, 18)
    assert place(values, "q", "b") == (8, 6, 8, 7)


def test_what_is_read_again_belongs_to_its_reader() -> None:
    read = [traced("a: {b: [1]}\n") for _ in range(4)]
    for number, values in enumerate(read):
        assert values == {"a": {"b": [1]}}
        values["a"]["b"].append(number)
        values["a"].origins[str(number)] = None
    second = traced("a: {b: [1]}\n")
    assert list(second["a"].origins) == ["b"]
    other = read_values("a: {b: [1]}\n", ValuesSource("other.yaml"), traced=True)
    assert origin(other, "a", "b", 0).location() == Location("other.yaml", 1, 9, 1, 10)
    assert origin(second, "a", "b", 0).location().path == "chart/values.yaml"
    assert read_values("a: {b: [1]}\n", SOURCE, traced=False) == second


def test_bytes_with_marks_and_other_encodings() -> None:
    assert traced("\ufeffa: é".encode()) == traced("\ufeffa: é".encode("utf-16-le")) == {"a": "é"}
    assert place(traced("\ufeffa: b\n"), "a") == (1, 4, 1, 5)


def test_empty_documents_are_empty_values() -> None:
    for text in ("", "# nothing\n", "---\n", "null\n", "---\n---\na: 1\n"):
        assert traced(text) == {}
        assert type(traced(text)) is Values


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("a: b\nc: d: e\n", "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context", 2, 5),
        ("a: b\n- c\n", "error converting YAML to JSON: yaml: line 1: did not find expected key", 2, 1),
        ("a:\n\tb: 1\n", "error converting YAML to JSON: yaml: line 2: found character that cannot start any token", 2, 1),
        ("a: 'b\n", "error converting YAML to JSON: yaml: line 2: found unexpected end of stream", 1, 4),
        ("a: b\nfoo\n# c", "error converting YAML to JSON: yaml: line 3: could not find expected ':'", 2, 1),
        ("a: *x\n", "error converting YAML to JSON: yaml: unknown anchor 'x' referenced", 1, 4),
        ("a: &x [*x]\n", "error converting YAML to JSON: yaml: anchor 'x' value contains itself", 1, 8),
        ("a:\n  <<: 1\n", "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value", 2, 7),
        ("a: !!int x\n", "error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int", 1, 4),
        ("a: !!binary '@'\n", "error converting YAML to JSON: yaml: !!binary value contains invalid base64 data", 1, 4),
        ('a: "x\\/"\n', "error converting YAML to JSON: yaml: found unknown escape character", 1, 6),
        ("a: 1\nb: [x?y]\n", "error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'", 2, 5),
        ("a: 1\nb: .inf\n", "error converting YAML to JSON: json: unsupported value: +Inf", 2, 1),
        ("a: 1\n~: {b: 1, c: [x]}\n", 'error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"b":1, "c":[]interface {}{"x"}}', 2, 1),
        ("? [1, a]\n: b\n", 'error converting YAML to JSON: yaml: invalid map key: []interface {}{1, "a"}', 1, 3),
        ("18446744073709551615: a\n", 'error converting YAML to JSON: unsupported map key of type: uint64, key: 0xffffffffffffffff, value: "a"', 1, 1),
        ("%YAML 1.2\n---\na: 1\n", "error converting YAML to JSON: yaml: found incompatible YAML document", 1, 1),
        ("a: \x01\n", "error converting YAML to JSON: yaml: control characters are not allowed", 1, 4),
        ("a: \udcff\n", "error converting YAML to JSON: yaml: invalid leading UTF-8 octet", 1, 4),
        ("- 1\n", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}", 1, 0),
        ("text\n", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type map[string]interface {}", 1, 0),
    ],
)  # fmt: skip
def test_errors(text: str, message: str, line: int, column: int) -> None:
    for is_traced in (False, True):
        with pytest.raises(ValuesError) as caught:
            read_values(text, SOURCE, traced=is_traced)
        assert caught.value.message == message
        assert caught.value.location == Location("chart/values.yaml", line, column)


def test_an_error_of_syntax_goes_before_one_of_a_value() -> None:
    with pytest.raises(YamlError, match="line 3: mapping values"):
        read_text("a: !!int x\nb: 1\nc: d: e\n")
    with pytest.raises(YamlError, match="unknown anchor 'y'"):
        read_text("a: !!int x\nb: *y\nc: d: e\n")


def test_only_the_first_document_is_read() -> None:
    assert read_text("a: 1\n---\nb: [\n") == {"a": 1}


def test_what_libyaml_refuses_and_go_does_not() -> None:
    assert read_text("a: {b:,c: 1}\nd: [e:]\n") == {"a": {"b:": None, "c": 1}, "d": ["e:"]}
    assert read_text('a: "it\\\'s"\nb: "\\\\\'"\n') == {"a": "it's", "b": "\\'"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_limited(opening: str) -> None:
    closing = {"[": "]", "{a: ": "}"}.get(opening, "")
    with pytest.raises(YamlError, match="exceeded max depth"):
        read_text(opening * 2_000 + closing * 2_000)


def test_few_bytes_do_not_become_many_values() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    for read in (read_text, traced):
        with pytest.raises((YamlError, ValuesError), match="document contains excessive aliasing"):
            read(bomb)


def test_raw_documents_keep_integers() -> None:
    assert raw_document("a: 1\nb: 1.0\n2: 0x10\nc: !!float 3\n") == {"a": 1, "b": 1.0, "2": 16, "c": 3.0}
    assert type(raw_document("1")) is int
    with pytest.raises(YamlError, match=r"^json: unsupported value: NaN"):
        raw_document("a: .nan")


def pieces(text: Text) -> list[tuple[str, Any]]:
    found, at = [], 0
    for length, _, where in text.pieces:
        found.append((str(text)[at : at + length], where))
        at += length
    assert at == len(text)
    return found


def test_values_of_a_traced_text_keep_its_pieces() -> None:
    whole = "a: one two\nb: 'x'\nc: 5\nd: true\ne: \"t\\tu\"\nf: |\n  l\n"
    at = {}
    for word in ("two", "'x'", "5", "true", 'u"', "l\n"):
        at[whole.index(word)] = (word, object())
    text, made = [], 0
    for start, (word, where) in sorted(at.items()):
        text += [(start - made, "typed", None), (len(word), None, where)]
        made = start + len(word)
    text.append((len(whole) - made, "typed", None))
    value = read_text(Text(whole, [piece for piece in text if piece[0]]))
    origins = dict(at.values())
    assert value == {"a": "one two", "b": "x", "c": 5, "d": True, "e": "t\tu", "f": "l\n"}
    assert pieces(value["a"]) == [("one ", None), ("two", origins["two"])]
    assert value["a"].pieces[0][1] == "typed"
    assert pieces(value["b"]) == [("x", origins["'x'"])]
    assert value["c"].origin is origins["5"]
    assert value.origins["d"] is origins["true"]
    assert pieces(value["e"]) == [("t\tu", origins['u"'])], "what is rewritten has the first origin in it"
    assert pieces(value["f"]) == [("l\n", origins["l\n"])]


def test_entries_of_a_traced_text_have_the_origin_of_their_value_or_key() -> None:
    lines = [
        "\ufeffa: &x {b: 1}\n",
        "c: *x\n",
        "d:\n",
        "e: {}\n",
        "f: &s g\n",
        "h: *s\n",
        "i: {<<: *x, j: ''}\n",
        "k: [*s, ~]\n",
    ]
    value = read_text(Text("".join(lines), [(len(line), None, line) for line in lines]))
    assert value == {
        "a": {"b": 1}, "c": {"b": 1}, "d": None, "e": {}, "f": "g", "h": "g", "i": {"b": 1, "j": ""}, "k": ["g", None],
    }  # fmt: skip
    assert value.origins == {
        "a": lines[0], "c": lines[0], "d": lines[2], "e": lines[3], "f": lines[4], "h": lines[4], "i": lines[6], "k": lines[7],
    }  # fmt: skip
    assert value.origin == value["c"].origin == value["i"].origins["b"] == lines[0], "an alias stands at its anchor"
    assert value["c"] is not value["a"]
    assert value["h"].pieces == value["k"][0].pieces == ((1, None, lines[4]),)
    assert value["k"].origins == [lines[4], lines[7]]
    assert value["i"].origins["j"] == lines[6]


def test_an_entry_without_an_origin_of_its_value_has_that_of_its_key() -> None:
    value = read_text(Text("a: b\nc: d\nc: e", [(1, None, "key"), (6, None, None), (5, None, "gone"), (3, None, None)]))
    assert value.origins == {"a": "key", "c": "gone"}
    assert value["a"].pieces == ((1, None, None),)
    assert read_text(Text("c: d\nc: e", [(4, None, "gone"), (6, None, None)])).origins == {}


def test_plain_texts_give_plain_values() -> None:
    value = read_text("a: [x, 1]")
    assert type(value) is dict
    assert [type(item) for item in value["a"]] == [str, float]
