"""Dates: the calendar, hostile arguments, deterministic runs. What Helm makes of many layouts is in probes/dates.jsonl."""

from __future__ import annotations

import datetime
import random
import time
from types import SimpleNamespace
from typing import Any

import pytest

from scanner.template import go_time
from scanner.template.errors import FunctionError
from scanner.template.functions.dates import FUNCTIONS
from scanner.template.go_durations import DurationError, format_duration, parse_duration
from scanner.template.go_time import Time, civil_of_days, days_of_civil, read
from scanner.template.kinds import Int64, go_kind, go_type
from scanner.template.layout_reading import LayoutError
from scanner.template.text import Text, from_origin
from tests.conftest import cpu_below

EPOCH = datetime.date(1970, 1, 1).toordinal()


def call(name: str, *arguments: Any, deterministic: bool = True) -> Any:
    function = next(function for function in FUNCTIONS if function.name == name)
    run = SimpleNamespace(deterministic=deterministic, draws=0)
    return function.call(run, *arguments) if function.stateful else function.call(*arguments)


def test_the_calendar_is_the_gregorian_one() -> None:
    chance = random.Random(4)
    for ordinal in (1, 2, 59, 60, 61, 365, 366, 3652059, *(chance.randint(1, 3652059) for _ in range(3000))):
        date = datetime.date.fromordinal(ordinal)
        assert civil_of_days(ordinal - EPOCH) == (date.year, date.month, date.day)
        assert days_of_civil(date.year, date.month, date.day) == ordinal - EPOCH
    for _ in range(3000):
        days = chance.randint(-(10**9), 10**9)
        assert days_of_civil(*civil_of_days(days)) == days


def test_now_is_fixed_in_a_deterministic_run() -> None:
    assert call("now").go_string() == "2026-01-01 00:00:00 +0000 UTC m=+0.000000001"
    assert call("date", "2006-01-02", None) == "2026-01-01"
    assert call("ago", Time(1767225600 - 90)) == "1m30s"


def test_now_is_the_time() -> None:
    assert abs(call("now", deterministic=False).seconds - time.time()) < 5
    assert call("ago", call("now", deterministic=False), deterministic=False) == "0s"


def test_zones() -> None:
    summer = Time(1720000000)
    assert call("dateInZone", "15:04 MST -07:00", summer, "Europe/Berlin") == "11:46 CEST +02:00"
    assert call("dateInZone", "15:04 MST", summer, "Europe/Nowhere") == "09:46 UTC"
    assert call("dateInZone", "15:04 MST", summer, "../../etc/passwd") == "09:46 UTC"
    assert call("dateInZone", "15:04 MST", summer, "\0") == "09:46 UTC"
    assert call("dateInZone", "15:04 MST", summer, "Europe") == "09:46 UTC"
    assert call("dateInZone", "2006 -07:00", Int64(10**15), "Europe/Berlin") == "31690708 +02:00"
    assert summer.at(go_time.location("Europe/Berlin") or go_time.UTC).place.lookup(summer.seconds) == (
        "CEST",
        7200,
        True,
    )


def test_what_counts_as_a_time() -> None:
    assert call("date", "2006", Int64(0)) == "1970"
    assert call("date", "2006", 0) == "1970"
    assert [call("date", "2006", value) for value in (0.0, True, "0", {}, None)] == ["2026"] * 5


def test_kinds() -> None:
    moment = Time(0)
    assert (go_type(moment), go_kind(moment)) == ("time.Time", "struct")
    month = Time.methods["Month"].call(moment)
    assert (go_type(month), go_kind(month), month.go_string(), month) == ("time.Month", "int", "January", 1)
    duration = moment.since(Time(-5))
    assert (go_type(duration), go_kind(duration), duration.go_string()) == ("time.Duration", "int64", "5s")
    assert go_type(go_time.LOCAL) == "*time.Location"


def test_origins_are_kept() -> None:
    dated = call("date", from_origin("2006", "here"), Time(0))
    assert type(dated) is Text
    assert dated.pieces == ((4, None, "here"),)
    assert type(call("date", "2006", Time(0))) is str


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("1h30m", 5_400_000_000_000), ("-1.5s", -1_500_000_000), ("0", 0), ("1µs", 1000), ("0" * 9000 + "1ns", 1)],
)
def test_durations(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'time: invalid duration ""'),
        ("-", 'time: invalid duration "-"'),
        ("1", 'time: missing unit in duration "1"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        ("1é", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'),
        ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
        ("h", 'time: invalid duration "h"'),
    ],
)
def test_durations_that_are_none(text: str, message: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(text)
    assert str(caught.value) == message


def test_duration_texts() -> None:
    numbers = (0, 1, 1_500, 1_500_000, 1_000_000_000, 3_661_500_000_000, -90_000_000_000, 2**63 - 1)
    assert [format_duration(number) for number in numbers] == [
        "0s", "1ns", "1.5µs", "1.5ms", "1s", "1h1m1.5s", "-1m30s", "2562047h47m16.854775807s",
    ]  # fmt: skip


@cpu_below(3)
def test_hostile_texts_are_quick() -> None:
    for layout, value in (
        ("2006" * 100_000, "2006" * 100_000 + "x"),
        (" " * 100_000, " " * 100_000 + "x"),
        ("." + "0" * 100_000, "." + "0" * 99_999),
        ("MST", "GMT+" + "0" * 100_000 + "x"),
        ("3" * 10_000, "1" * 10_000),
    ):
        with pytest.raises(LayoutError):
            read(layout, value)
        call("date", layout, 0)
    with pytest.raises(FunctionError):
        call("mustDateModify", "1" * 1_000_000, Time(0))
    assert call("duration", "9" * 1_000_000) == call("duration", "9223372036854775807")
