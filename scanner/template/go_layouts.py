"""Go's time layouts: the reference date `Mon Jan 2 15:04:05 MST 2006` as a format, and times written by it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from scanner.core.patterns import late

MONTHS = tuple("January February March April May June July August September October November December".split())
WEEKDAYS = tuple("Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split())

_ELEMENT = late(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm"
    r"|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?![0-9])"
)


class Civil(NamedTuple):
    """A moment as a calendar and a clock in some zone show it. `weekday` is 0 for Sunday, `year_day` 1 for January 1st;
    `zone` may be empty, `offset` is in seconds east of UTC.
    """

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    year_day: int
    zone: str
    offset: int


def layout_elements(layout: str) -> tuple[tuple[str, str], ...]:
    """(text before, element) in order; the last element is empty."""
    return _cached(layout) if len(layout) < _CACHED_LENGTH else _elements(layout)


def _elements(layout: str) -> tuple[tuple[str, str], ...]:
    elements = []
    at = 0
    for match in _ELEMENT.finditer(layout):
        elements.append((layout[at : match.start()], match[0]))
        at = match.end()
    elements.append((layout[at:], ""))
    return tuple(elements)


_CACHED_LENGTH = 1_000
_cached = lru_cache(maxsize=256)(_elements)


def format_civil(civil: Civil, layout: str) -> str:
    """The moment in the layout."""
    parts: list[str] = []
    for literal, element in layout_elements(layout):
        parts.append(literal)
        if element in _WRITERS:
            parts.append(_WRITERS[element](civil))
        elif element[:1] in (".", ","):
            parts.append(_fraction(civil.nanosecond, element))
        elif element:
            parts.append(_zone(civil.offset, element))
    return "".join(parts)


def padded(number: int, width: int) -> str:
    """A number with zeros in front up to `width` digits; its sign does not count."""
    return f"{'-' if number < 0 else ''}{abs(number):0{width}}"


def _hour12(civil: Civil) -> int:
    return civil.hour % 12 or 12


_WRITERS: dict[str, Callable[[Civil], str]] = {
    "2006": lambda civil: padded(civil.year, 4),
    "06": lambda civil: padded(abs(civil.year) % 100, 2),
    "January": lambda civil: MONTHS[civil.month - 1],
    "Jan": lambda civil: MONTHS[civil.month - 1][:3],
    "1": lambda civil: str(civil.month),
    "01": lambda civil: f"{civil.month:02}",
    "Monday": lambda civil: WEEKDAYS[civil.weekday],
    "Mon": lambda civil: WEEKDAYS[civil.weekday][:3],
    "2": lambda civil: str(civil.day),
    "_2": lambda civil: f"{civil.day:2}",
    "02": lambda civil: f"{civil.day:02}",
    "__2": lambda civil: f"{civil.year_day:3}",
    "002": lambda civil: f"{civil.year_day:03}",
    "15": lambda civil: f"{civil.hour:02}",
    "3": lambda civil: str(_hour12(civil)),
    "03": lambda civil: f"{_hour12(civil):02}",
    "4": lambda civil: str(civil.minute),
    "04": lambda civil: f"{civil.minute:02}",
    "5": lambda civil: str(civil.second),
    "05": lambda civil: f"{civil.second:02}",
    "PM": lambda civil: "PM" if civil.hour >= 12 else "AM",
    "pm": lambda civil: "pm" if civil.hour >= 12 else "am",
    "MST": lambda civil: civil.zone or _zone(civil.offset, "-0700"),
}


def _fraction(nanosecond: int, element: str) -> str:
    digits = f"{nanosecond:09}"[: len(element) - 1]
    if element[1] == "0":
        return element[0] + digits
    digits = digits.rstrip("0")
    return element[0] + digits if digits else ""


def _zone(offset: int, element: str) -> str:
    if element[0] == "Z" and offset == 0:
        return "Z"
    minutes = abs(offset) // 60
    is_west = offset < 0 and minutes > 0
    colon = ":" if ":" in element else ""
    text = f"{'-' if is_west else '+'}{minutes // 60:02}"
    if len(element) > 3:
        text += f"{colon}{minutes % 60:02}"
    if len(element) > 6:
        # Go does not take away the sign of an offset of less than a minute.
        seconds = abs(offset) % 60 if is_west or offset >= 0 else offset
        text += colon + padded(seconds, 2)
    return text
