"""sprig's numbers and text/template's own functions: origins and limits. Their results are in the tables of probes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.template.casting import parse_float, parse_whole, to_int64, truncated, wrapped
from scanner.template.comparison import eq
from scanner.template.errors import FunctionError
from scanner.template.functions import builtins, numbers
from scanner.template.kinds import Float, Int, Int64, IntList, Struct, Uint64, go_type
from scanner.template.text import Text, from_origin

CALLS = {function.name: function.call for family in (builtins, numbers) for function in family.FUNCTIONS}


def call(name: str, *arguments: Any) -> Any:
    return CALLS[name](*arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "result", "kind"),
    [
        ("int", (Float(2.5, "o"),), 2, "int"),
        ("int64", (from_origin("7", "o"),), 7, "int64"),
        ("float64", (from_origin("7.5", "o"),), 7.5, "float64"),
        ("atoi", (from_origin("7", "o"),), 7, "int"),
        ("toDecimal", (from_origin("17", "o"),), 15, "int64"),
        ("add", (1, Float(2.0, "o"), 3), 6, "int64"),
        ("add1", (Float(2.0, "o"),), 3, "int64"),
        ("mul", (2, Float(2.0, "o")), 4, "int64"),
        ("divf", (Float(1.0, "o"), 4), 0.25, "float64"),
        ("max", (1, Float(2.0, "o")), 2, "int64"),
        ("minf", (Float(1.0, "o"), Float(2.0, "p")), 1.0, "float64"),
        ("round", (Float(1.26, "o"), 1), 1.3, "float64"),
        ("floor", (Float(1.26, "o"),), 1.0, "float64"),
    ],
)
def test_a_result_has_the_origin_of_an_argument(name: str, arguments: Any, result: Any, kind: str) -> None:
    found = call(name, *arguments)
    assert (found, go_type(found), found.origin) == (result, kind, "o")


def test_the_greatest_has_its_own_origin_and_no_other() -> None:
    assert call("max", 5, Float(2.0, "o")).origin is None


def test_what_is_printed_of_a_result_has_its_origin() -> None:
    for name in ("int", "add", "float64"):
        assert call("print", call(name, Float(2.0, "o"))).pieces == ((1, None, "o"),)
    assert call("seq", call("int", Float(2.0, "o"))).pieces == ((3, None, "o"),)


def test_an_untraced_int_stays_plain() -> None:
    assert type(call("int", "3")) is int
    assert type(call("float64", "3")) is float
    assert type(call("add", 1, 2)) is Int64


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("until", (1_000_000_001,)),
        ("until", (-1_000_000_001,)),
        ("untilStep", (0, 2**62, 3)),
        ("untilStep", (2**63 - 4, 2**63 - 1, 5)),
        ("seq", (2**62,)),
    ],
)
def test_lists_that_are_too_long(name: str, arguments: tuple[int, ...]) -> None:
    with pytest.raises(FunctionError, match="the list is too long: more than 1000000 numbers"):
        call(name, *arguments)


def test_the_longest_list() -> None:
    assert call("until", 1_000_000) == IntList(range(1_000_000))


def test_a_product_of_too_many_digits() -> None:
    with pytest.raises(FunctionError, match="the product has too many digits"):
        call("mulf", *["1.2345678901234567e300"] * 10_000)


@pytest.mark.parametrize("text", ["9" * 100_000, "0x" + "f" * 100_000, "1" + "_1" * 50_000, ".0" * 50_000 + "x"])
def test_long_numbers_are_cheap(text: str) -> None:
    assert call("int", text) == 0
    assert call("toDecimal", text) == 0
    assert call("atoi", text) in (0, 2**63 - 1)
    call("float64", text)


def test_long_numbers_that_are_small() -> None:
    assert parse_whole("0x" + "0" * 100_000 + "1f") == 31
    assert parse_float("0." + "0" * 100_000 + "1e100001") == 1.0


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_whole_numbers_in_all_bases(number: int) -> None:
    assert parse_whole(str(number)) == number
    for text in (f"{number:#x}", f"{number:#X}", f"{number:#b}", f"{number:#o}", f"{number:#_x}"):
        assert parse_whole(text) == number


@given(st.integers())
def test_wrapping_keeps_64_bits(number: int) -> None:
    assert -(2**63) <= wrapped(number) < 2**63
    assert (wrapped(number) - number) % 2**64 == 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_in_both_notations(number: float) -> None:
    assert parse_float(repr(number)) == number
    assert parse_float(number.hex()) == number
    assert to_int64(number) == (int(number) if -(2**63) <= number < 2**63 else -(2**63))
    assert truncated(number) == to_int64(Float(number, "o"))


class Point(Struct):
    fields = {"X": "x"}  # noqa: RUF012

    def __init__(self, x: Any) -> None:
        self.x = x


class Pointer(Point):
    is_pointer = True


def test_structs_compare_by_fields_and_pointers_by_identity() -> None:
    one = Pointer(1)
    assert eq(Point(1), Point(1))
    assert not eq(Point(1), Point(2))
    assert eq(one, one)
    assert not eq(one, Pointer(1))
    with pytest.raises(FunctionError, match=r"^non-comparable type \{\[\]\}: struct \{\}$"):
        eq(Point([]), Point([]))


def test_kinds_compare_whatever_their_class() -> None:
    assert eq(Int(3), 3)
    assert eq(Uint64(3), Int64(3))
    assert eq(from_origin("a", "o"), "a")
    assert eq(Float(1.0, "o"), 1.0)
    with pytest.raises(FunctionError, match=r"^incompatible types for comparison: bool and int$"):
        eq(True, 1)


def test_escapes_keep_pieces() -> None:
    text = Text("a<b", ((1, None, "one"), (1, None, "two"), (1, None, "three")))
    assert call("html", text).pieces == ((1, None, "one"), (4, None, "two"), (1, None, "three"))
    assert call("js", text).pieces == ((1, None, "one"), (6, None, "two"), (1, None, "three"))
    assert call("urlquery", text).pieces == ((1, None, "one"), (3, None, "two"), (1, None, "three"))
    assert type(call("html", "a<b")) is str
