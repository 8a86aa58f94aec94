"""Functions for dates: now, date, dateInZone, dateModify, ago, duration, toDate, unixEpoch and their kin."""

from __future__ import annotations

import re
import time
from typing import Any

from scanner.template.chance import Chance
from scanner.template.errors import FunctionError
from scanner.template.go_durations import SECOND, DurationError, format_duration, parse_duration, wrapped
from scanner.template.go_time import LOCAL, UTC, ZERO, Time, location, read, round_duration
from scanner.template.kinds import Int, Int64
from scanner.template.layout_reading import LayoutError
from scanner.template.text import derived

FIXED_NOW = 1767225600
"""What `now` is in a deterministic run, in seconds since 1970: the beginning of 2026."""

_STARTED = time.monotonic_ns()
_DAY = 24 * 3600 * SECOND
_STEPS = ((365 * _DAY, "y"), (30 * _DAY, "mo"), (_DAY, "d"), (3600 * SECOND, "h"), (60 * SECOND, "m"), (SECOND, "s"))


def now(run: Chance) -> Time:
    """The time, with the clock of the process; a fixed one in a deterministic run."""
    if run.deterministic:
        return Time(FIXED_NOW, 0, LOCAL, monotonic=1)
    return Time(*divmod(time.time_ns(), SECOND), LOCAL, time.monotonic_ns() - _STARTED)


def _moment(run: Chance, value: Any) -> Time:
    """A time, or whole seconds since 1970. Anything else is now, a float as well."""
    if isinstance(value, Time):
        return value
    if type(value) in (int, Int, Int64):
        return Time(int(value), 0, LOCAL)
    return now(run)


def date_in_zone(run: Chance, layout: str, value: object, zone: str) -> str:
    """A date in a layout and in the zone of an IANA name; UTC where that is not known."""
    place = location(str(zone)) or UTC
    return derived(_moment(run, value).at(place).format(layout), layout, value)


def date(run: Chance, layout: str, value: object) -> str:
    """A date in a layout."""
    return date_in_zone(run, layout, value, "Local")


def html_date(run: Chance, value: object) -> str:
    """A date as forms of HTML have it."""
    return date_in_zone(run, "2006-01-02", value, "Local")


def html_date_in_zone(run: Chance, value: object, zone: str) -> str:
    """The same in a zone."""
    return date_in_zone(run, "2006-01-02", value, zone)


def date_modify(duration: str, moment: Time) -> Time:
    """A time so much later; the same time for what is no duration."""
    try:
        return moment.add(parse_duration(duration))
    except DurationError:
        return moment


def must_date_modify(duration: str, moment: Time) -> Time:
    """A time so much later."""
    try:
        return moment.add(parse_duration(duration))
    except DurationError as error:
        raise FunctionError(str(error)) from None


def ago(run: Chance, value: object) -> str:
    """How long ago a time was, in whole seconds."""
    current = now(run)
    moment = _moment(run, value) if isinstance(value, Time) or type(value) in (int, Int, Int64) else current
    return derived(format_duration(round_duration(current.since(moment), SECOND)), value)


def duration(value: object) -> str:
    """Seconds, a text or an int64, as a duration; nothing else counts."""
    seconds = 0
    if isinstance(value, str) and re.fullmatch("[+-]?[0-9]+", value):
        digits = value.lstrip("+-").lstrip("0") or "0"
        most = (1 << 63) - (value[0] != "-")
        seconds = min(int(digits), most) if len(digits) < 20 else most
        seconds = -seconds if value[0] == "-" else seconds
    elif type(value) is Int64:
        seconds = value
    return derived(format_duration(wrapped(seconds * SECOND)), value)


def duration_round(run: Chance, value: object) -> str:
    """A duration in its largest unit, without a fraction."""
    nanoseconds = 0
    if isinstance(value, str):
        try:
            nanoseconds = parse_duration(value)
        except DurationError:
            nanoseconds = 0
    elif type(value) is Int64:
        nanoseconds = value
    elif isinstance(value, Time):
        nanoseconds = now(run).since(value)
    for step, unit in _STEPS:
        if abs(nanoseconds) > step:
            return derived(f"{abs(nanoseconds) // step}{unit}", value)
    return derived("0s", value)


def to_date(layout: str, value: str) -> Time:
    """The time that a text says; Go's zero time where it does not fit the layout."""
    try:
        return read(layout, value)
    except LayoutError:
        return ZERO


def must_to_date(layout: str, value: str) -> Time:
    """The time that a text says."""
    try:
        return read(layout, value)
    except LayoutError as error:
        raise FunctionError(str(error)) from None


def unix_epoch(moment: Time) -> str:
    """The seconds since 1970, as a text."""
    return str(moment.seconds)
