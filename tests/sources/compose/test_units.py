"""Sizes, durations, processors, numbers: values at the edges, as compose-config and Go have them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from scanner.sources.compose.go_values import float32, parse_float, parse_int, parse_unsigned, quote, text_of
from scanner.sources.compose.units import (
    format_bytes,
    format_duration,
    parse_bytes,
    parse_cpus,
    parse_duration,
    ram_in_bytes,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1024, 1024),
        (-1, -1),
        (1.5, 0),
        (True, 0),
        ("-1", -1),
        ("+5", 5),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", -9223372036854775808),
        ("512m", 536870912),
        ("1.5g", 1610612736),
        ("0.5k", 512),
        (".5kb", 512),
        ("5.k", 5120),
        ("10 MiB", 10485760),
        ("1 b", 1),
        ("1P", 1125899906842624),
        ("1e3", 1000),
        ("0x1p4k", 16384),
        ("1_0", 10),
        ("1\u212a", 1024),
    ],
)
def test_parse_bytes(value: Any, expected: int) -> None:
    assert parse_bytes(value) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid size: ''"),
        ("m", "invalid size: 'm'"),
        ("-1m", "invalid size: '-1m'"),
        ("1x", "invalid suffix: 'x'"),
        ("1MBB", "invalid suffix: 'mbb'"),
        ("1bb", "invalid suffix: 'bb'"),
        ("1kilo", "invalid suffix: 'kilo'"),
        ("1  k", 'strconv.ParseFloat: parsing "1 ": invalid syntax'),
        ("1.2.3k", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
    ],
)
def test_ram_in_bytes_errors(text: str, message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 (the message is compared below)
        ram_in_bytes(text)
    assert str(raised.value).lower() == message.lower()


def test_format_bytes() -> None:
    assert format_bytes(536870912) == "536870912"


@pytest.mark.parametrize(
    ("value", "nanoseconds", "printed"),
    [
        ("0", 0, "0s"),
        (0, 0, "0s"),
        ("-0", 0, "0s"),
        ("1ns", 1, "1ns"),
        ("1500us", 1_500_000, "1.5ms"),
        ("1\u00b5s", 1_000, "1\u00b5s"),
        ("1\u03bcs", 1_000, "1\u00b5s"),
        ("1m30s", 90_000_000_000, "1m30s"),
        ("1.5h", 5_400_000_000_000, "1h30m0s"),
        ("2d", 172_800_000_000_000, "48h0m0s"),
        ("1w", 604_800_000_000_000, "168h0m0s"),
        ("1h1h", 7_200_000_000_000, "2h0m0s"),
        ("-1.5s", -1_500_000_000, "-1.5s"),
        ("+.5s", 500_000_000, "500ms"),
        ("1.s", 1_000_000_000, "1s"),
        ("0.39999999999999999999m", 24_000_000_000, "24s"),
        ("9223372036854775807ns", 9223372036854775807, "2562047h47m16.854775807s"),
    ],
)
def test_duration(value: Any, nanoseconds: int, printed: str) -> None:
    assert parse_duration(value) == nanoseconds
    assert format_duration(nanoseconds) == printed


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", 'time: invalid duration ""'),
        ("-", 'time: invalid duration "-"'),
        ("x", 'time: invalid duration "x"'),
        (".s", 'time: invalid duration ".s"'),
        ("90", 'time: missing unit in duration "90"'),
        (90, 'time: missing unit in duration "90"'),
        ("1 s", 'time: unknown unit " s" in duration "1 s"'),
        ("1y", 'time: unknown unit "y" in duration "1y"'),
        ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
        ("15251w", 'time: invalid duration "15251w"'),
    ],
)
def test_duration_errors(value: Any, message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 (the message is compared below)
        parse_duration(value)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("value", "expected"), [("0.50", 0.5), (2, 2), (2.0, 2), ("0.333333333333", 0.33333334), ("1e-2", 0.01), (0.1, 0.1)]
)
def test_parse_cpus(value: Any, expected: float) -> None:
    result = parse_cpus(value)
    assert result == expected
    assert type(result) is type(expected)


def test_parse_cpus_refuses_other_types() -> None:
    with pytest.raises(ValueError, match=r"^unexpected value type bool for cpus$"):
        parse_cpus(True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5.75366768e20, 575366760000000000000),
        (1e21, 1e21),
        (3.4028234663852886e38, 3.4028235e38),
        (1e-7, 1e-7),
        (16777217.0, 16777216),
        (1e39, math.inf),
    ],
)
def test_float32(value: float, expected: float) -> None:
    assert float32(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", "x"),
        (None, "<nil>"),
        (True, "true"),
        (3, "3"),
        (1.5, "1.5"),
        (100000.0, "100000"),
        (1000000.0, "1e+06"),
        (123456.5, "123456.5"),
        (1234567.0, "1.234567e+06"),
        (0.0001, "0.0001"),
        (0.00001234, "1.234e-05"),
        (-0.0, "-0"),
        (math.inf, "+Inf"),
        ([1, "a"], "[1 a]"),
        ({"b": 1, "a": None}, "map[a:<nil> b:1]"),
    ],
)
def test_text_of(value: Any, expected: str) -> None:
    assert text_of(value) == expected


@pytest.mark.parametrize("text", ["", "1_0", " 1", "\u0663", "0x1", "--1"])
def test_parse_int_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid syntax$"):
        parse_int(text)


def test_parse_int_has_64_bits() -> None:
    assert parse_int("-9223372036854775808") == -(1 << 63)
    for text in ("9223372036854775808", "9" * 10_000):
        with pytest.raises(ValueError, match=r"value out of range$"):
            parse_int(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0x1_f", 31), ("0b11", 3), ("0o17", 15), ("017", 15), ("0", 0), ("1_0", 10)]
)
def test_parse_unsigned(text: str, expected: int) -> None:
    assert parse_unsigned(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "+1", "08", "9_", "_9", "0x", "1__0", "0b2"])
def test_parse_unsigned_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid syntax$"):
        parse_unsigned(text)


@pytest.mark.parametrize("text", ["1e5", ".5", "5.", "0x1p-2", "1_0.5", "+Inf", "nan", "infinity"])
def test_parse_float_takes(text: str) -> None:
    assert isinstance(parse_float(text), float)


@pytest.mark.parametrize("text", ["", ".", "1e", "0x1", "+nan", "1__0", "_1", "1_", "1 ", "1,5", "e5"])
def test_parse_float_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid syntax$"):
        parse_float(text)


@pytest.mark.parametrize(("text", "bits"), [("1e400", 64), ("1e39", 32)])
def test_parse_float_has_a_range(text: str, bits: int) -> None:
    with pytest.raises(ValueError, match=r"value out of range$"):
        parse_float(text, bits)


def test_quote() -> None:
    assert quote('a"\\\n\x01\x7f\u00e9\u2028\U000e0001') == '"a\\"\\\\\\n\\x01\\x7f\u00e9\\u2028\\U000e0001"'
