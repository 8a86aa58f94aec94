"""fmt's printing: formats, origins of what is printed, limits. Its results at large are in the tables of probes."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.template.errors import FunctionError
from scanner.template.float_text import format_float, shortest
from scanner.template.kinds import Float, Int, Int64, Items, Map, NamedInt, NilList, NilMap, Struct
from scanner.template.printable import is_printable
from scanner.template.printer import MAX_COST
from scanner.template.printing import format_indirect, format_output, format_value, quote, sprint, sprintf, sprintln
from scanner.template.quoting import can_be_raw
from scanner.template.text import Text, from_origin
from scanner.template.truth import is_empty, is_true
from scanner.template.utf8 import byte_length, decoded, encoded


class Pair(Struct):
    go_type = "demo.Pair"
    fields: ClassVar[dict[str, str]] = {"First": "first", "Second": "second"}

    def __init__(self, first: Any, second: Any) -> None:
        self.first = first
        self.second = second


class PairPointer(Pair):
    is_pointer = True


class Named(Pair):
    def go_string(self) -> str:
        return "a name"


class Shown(Pair):
    def output_string(self) -> str:
        return "shown"


class Seconds(NamedInt):
    go_type = "demo.Seconds"
    kind = "int64"

    def go_string(self) -> str:
        return f"{int(self)}s"


def pieces(value: str) -> list[tuple[str, Any]]:
    assert type(value) is Text
    found = []
    at = 0
    for length, _, origin in value.pieces:
        found.append((str(value)[at : at + length], origin))
        at += length
    assert at == len(value)
    return found


@pytest.mark.parametrize(
    ("value", "verb", "expected"),
    [
        (Pair(1, None), "%v", "{1 <nil>}"),
        (Pair("a", [1]), "%+v", "{First:a Second:[1]}"),
        (Pair("a", [1]), "%#v", 'demo.Pair{First:"a", Second:[]interface {}{1}}'),
        (PairPointer(1, "b"), "%v", "&{1 b}"),
        (PairPointer(1, "b"), "%#v", '&demo.Pair{First:1, Second:"b"}'),
        (PairPointer(1, "b"), "%T", "*demo.Pair"),
        ([PairPointer(1, 2)], "%v", "[0xc000012000]"),
        ([PairPointer(1, 2)], "%#v", "[]interface {}{(*demo.Pair)(0xc000012000)}"),
        (PairPointer(1, 2), "%p", "0xc000012000"),
        (Named(1, 2), "%v", "a name"),
        (Named(1, 2), "%8.3s|", "     a n|"),
        (Named(1, 2), "%d", "{1 2}"),
        ([Named(1, 2)], "%q", '["a name"]'),
        (Seconds(3), "%v %[1]d %[1]t %#[1]v", "3s 3 %!t(demo.Seconds=3) 3"),
        (NilList(), "%v %#[1]v", "[] []interface {}(nil)"),
        (NilMap(), "%v %#[1]v", "map[] map[string]interface {}(nil)"),
        (b"\x01\xff", "%v %[1]x %#[1]v", "[1 255] 01ff []byte{0x1, 0xff}"),
        ([b"\x01\xff"], "%v %[1]x %#[1]v", "[[1 255]] [01ff] []interface {}{[]uint8{0x1, 0xff}}"),
    ],
)
def test_structs_and_named_kinds(value: Any, verb: str, expected: str) -> None:
    assert sprintf(verb, value) == expected


def test_what_an_action_and_an_escaping_function_show() -> None:
    assert format_output(PairPointer(1, PairPointer(2, 3))) == "{1 0xc000012000}"
    assert (format_output(Shown(1, 2)), format_indirect(Shown(1, 2))) == ("shown", "{1 2}")
    assert (format_output(None), format_indirect(None), format_value(None)) == ("<no value>", "<no value>", "<nil>")


def test_a_text_keeps_its_pieces() -> None:
    host, port = from_origin("db", "host"), Int(80)
    port.origin = "port"
    name = Text("ab", ((1, None, "first"), (1, None, "second")))
    assert pieces(sprintf("%s-%v:%d", host, name, port)) == [
        ("db", "host"),
        ("-", None),
        ("a", "first"),
        ("b", "second"),
        (":", None),
        ("80", "port"),
    ]
    assert pieces(sprintf("%s.%s", host, "local")) == [("db", "host"), (".", None), ("local", None)]
    assert pieces(sprint(name, "x", host)) == [("a", "first"), ("b", "second"), ("x", None), ("db", "host")]
    assert pieces(sprintln(port)) == [("80", "port"), ("\n", None)]


def test_the_literal_parts_keep_the_pieces_of_the_format() -> None:
    template = Text("a%sb%%c", ((1, None, "one"), (3, None, "two"), (3, None, "three")))
    assert pieces(sprintf(template, from_origin("X", "value"))) == [
        ("a", "one"),
        ("X", "value"),
        ("b", "two"),
        ("%", "three"),
        ("c", "three"),
    ]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("%5s", [("   ", "o"), ("ab", "o")]),
        ("%-4s", [("ab", "o"), ("  ", "o")]),
        ("%.1s", [("a", "o")]),
        ("%x", [("6162", "o")]),
        ("%q", [('"', None), ("ab", "o"), ('"', None)]),
        ("%T", [("string", None)]),
    ],
)
def test_other_verbs_give_the_origin_of_the_argument(template: str, expected: list[tuple[str, Any]]) -> None:
    result = sprintf(template, from_origin("ab", "o"))
    assert (pieces(result) if type(result) is Text else [(result, None)]) == expected


def test_escapes_take_the_place_of_what_they_escape() -> None:
    text = Text("a\nb", ((1, None, "one"), (1, None, "two"), (1, None, "three")))
    assert pieces(quote(text)) == [('"', None), ("a", "one"), ("\\n", "two"), ("b", "three"), ('"', None)]


def test_containers_give_each_element_its_origin() -> None:
    items = Items([True, "x", Float(1e6, "own")], "list", ["flag", "text", "number"])
    shown = Map({"b": items, "a": None}, "map", {"a": "entry a", "b": "entry b"})
    assert pieces(format_value(shown)) == [
        ("map[", "map"),
        ("a", "entry a"),
        (":", "entry a"),
        ("<nil>", "entry a"),
        (" ", "map"),
        ("b", "entry b"),
        (":", "entry b"),
        ("[", "list"),
        ("true", "flag"),
        (" ", "list"),
        ("x", "text"),
        (" ", "list"),
        ("1e+06", "own"),
        ("]", "list"),
        ("]", "map"),
    ]


def test_the_same_characters_with_and_without_origins() -> None:
    values = ["a\tb", 3, 1.5, ["x", None], {"k": "v"}]
    traced = [from_origin("a\tb", "o"), Int(3), Float(1.5, "o"), Items(["x", None], "o", ["o", "o"]), Map({"k": "v"})]
    for verb in "vdsqxXoObeEfFgGtcUT":
        for flags in ("", "#", "+", "-8", "08", "9.2"):
            template = f"%{flags}{verb}|" * len(values)
            assert sprintf(template, *traced) == sprintf(template, *values)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sprintf("%1000000d" * 100, *range(100)),
        lambda: sprintf("%.1000000f" * 100, *map(float, range(100))),
        lambda: format_value(doubled(40)),
        lambda: sprintf("%d", doubled(40)),
    ],
)
def test_too_much_text(call: Any) -> None:
    with pytest.raises(FunctionError, match=f"the text is too long: more than {MAX_COST:,} characters in one call"):
        call()


def doubled(times: int) -> list[Any]:
    """A list that prints two to the power of `times` values."""
    value: list[Any] = ["x" * 1000]
    for _ in range(times):
        value = [value, value]
    return value


def test_a_map_that_holds_itself() -> None:
    value: dict[str, Any] = {}
    value["self"] = value
    with pytest.raises(FunctionError, match="the value is nested too deeply to be printed"):
        format_value(value)


def test_widths_have_gos_limit() -> None:
    assert len(sprintf("%1000000d", 1)) == 1_000_000
    assert sprintf("%*d", 1_000_001, 1) == "%!(BADWIDTH)1"
    assert sprintf("%.*f", 1_000_001, 1.0) == "%!(BADPREC)1.000000"
    assert sprintf("%99999999999d", 1) == "%!(NOVERB)%!(EXTRA int=1)"


def test_long_formats_are_not_kept() -> None:
    template = "%s" * 3000
    assert sprintf(template, *["a"] * 3000) == "a" * 3000


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_shortest_digits_read_back(number: float) -> None:
    text = shortest(number)
    assert float(text) == number
    assert math.copysign(1, float(text)) == math.copysign(1, number)
    assert ("e" in text) == (number != 0 and not 1e-4 <= abs(number) < 1e21 / 1e15)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_hexadecimal_and_binary_digits_read_back(number: float) -> None:
    assert float.fromhex(format_float(number, "x", None)) == number
    mantissa, _, exponent = format_float(number, "b", None).partition("p")
    assert math.ldexp(int(mantissa), int(exponent)) == number


def test_bytes_that_are_no_valid_utf_8() -> None:
    text = decoded(b"a\xc3\xff")
    assert (encoded(text), byte_length(text), byte_length("hé")) == (b"a\xc3\xff", 3, 3)
    assert quote(text) == r'"a\xc3\xff"'
    assert sprintf("%x|%5s|%.2s", text, text, text) == f"61c3ff|  {text}|{text[:2]}"
    assert not can_be_raw(text)


def test_printable_characters_are_those_of_gos_tables() -> None:
    # Go 1.26 knows Unicode 15: U+1FAE8 came with that version, U+2FFC with the next one.
    assert [is_printable(ord(character)) for character in " ~é\u3042\U0001fae8"] == [True] * 5
    assert [is_printable(point) for point in (0x1F, 0x7F, 0xA0, 0xAD, 0x2028, 0x2FFC, 0xD800, 0x110000)] == [False] * 8
    assert sum(is_printable(point) for point in range(0x110000)) == 148_998


@pytest.mark.parametrize("value", [True, 1, -1, 0.1, math.nan, "x", "false", [0], {"": 0}, b"\0", 1j, Pair(0, 0)])
def test_true(value: object) -> None:
    assert is_true(value)
    assert not is_empty(value)


@pytest.mark.parametrize("value", [None, False, 0, Int64(0), 0.0, -0.0, "", [], {}, b"", 0j, NilMap(), Text("", ())])
def test_false(value: object) -> None:
    assert not is_true(value)
    assert is_empty(value)
