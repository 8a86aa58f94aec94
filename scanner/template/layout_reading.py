"""Times read by Go's layouts, with its words for what does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from scanner.template.go_layouts import MONTHS, WEEKDAYS, layout_elements


class Parsed(NamedTuple):
    """What a text said. `is_utc`: it named UTC; `offset` in seconds where it had one; `zone` an abbreviation or ''."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    is_utc: bool
    offset: int | None
    zone: str


class LayoutError(ValueError):
    """A text that does not fit its layout, in Go's words."""


def parse_civil(layout: str, value: str) -> Parsed:
    """Reads `value` by the layout. Both are seen as bytes: a character of Latin-1 for each.

    Raises LayoutError.
    """
    return _Reader(layout, value).read()


def quote_bytes(view: str) -> str:
    """A text in double quotes as Go's package time writes it; `view` has a character of Latin-1 for each byte."""
    return '"' + re.sub(r"[^ !#-\[\]-\x7f]", _escape, view) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return "\\" + character if character in '"\\' else f"\\x{ord(character):02x}"


class _BadValueError(Exception):
    """The value does not fit the element."""


class _RangeError(Exception):
    """The value is out of the range of what its argument names."""


class _Reader:
    """Reads one value, element by element. `at` is how far it has been read."""

    def __init__(self, layout: str, value: str) -> None:
        self.layout = layout
        self.value = value
        self.at = 0
        self.year = 0
        self.month: int | None = None
        self.day: int | None = None
        self.year_day: int | None = None
        self.hour = self.minute = self.second = self.nanosecond = 0
        self.is_morning = self.is_afternoon = False
        self.is_utc = False
        self.offset: int | None = None
        self.zone = ""
        self.fraction_follows = False

    def read(self) -> Parsed:
        elements = layout_elements(self.layout)
        for index, (literal, element) in enumerate(elements):
            if not self._skip(literal):
                raise self._mismatch(self.at, literal)
            if not element:
                if self.at < len(self.value):
                    raise self._error(f": extra text: {quote_bytes(self.value[self.at :])}")
                break
            self.fraction_follows = elements[index + 1][1][:1] in (".", ",")
            before = self.at
            try:
                self._element(element)
            except _RangeError as error:
                raise self._error(f": {error} out of range") from None
            except _BadValueError:
                raise self._mismatch(before, element) from None
        if self.is_afternoon and self.hour < 12:
            self.hour += 12
        elif self.is_morning and self.hour == 12:
            self.hour = 0
        month, day = self._date()
        offset = None if self.offset == -1 else self.offset
        clock = self.hour, self.minute, self.second, self.nanosecond
        return Parsed(self.year, month, day, *clock, self.is_utc, offset, self.zone)

    def _mismatch(self, at: int, element: str) -> LayoutError:
        rest = quote_bytes(self.value[at:])
        wanted = f"as {quote_bytes(self.layout)}: cannot parse {rest} as {quote_bytes(element)}"
        return LayoutError(f"parsing time {quote_bytes(self.value)} {wanted}")

    def _error(self, message: str) -> LayoutError:
        return LayoutError(f"parsing time {quote_bytes(self.value)}{message}")

    def _skip(self, literal: str) -> bool:
        """Passes over a literal; any number of blanks stands for any other, also for none at the end."""
        for part in re.findall(" +|[^ ]+", literal):
            if part[0] == " ":
                if self._next(1) not in (" ", ""):
                    return False
                self.at += len(self._match(" *"))
            elif self.value.startswith(part, self.at):
                self.at += len(part)
            else:
                # What is not as it should be begins where the two part.
                rest = self._next(len(part))
                self.at += next(
                    (at for at, (one, two) in enumerate(zip(rest, part, strict=False)) if one != two), len(rest)
                )
                return False
        return True

    def _next(self, count: int) -> str:
        """The next characters, as far as there are so many."""
        return self.value[self.at : self.at + count]

    def _match(self, pattern: str) -> str:
        """What comes next and fits a pattern, '' where it does not."""
        match = re.compile(pattern).match(self.value, self.at)
        return match[0] if match else ""

    def _element(self, element: str) -> None:
        reader = _READERS.get(element)
        if reader is not None:
            reader(self, element)
        elif element[0] in ".,":
            self._fraction(element)
        elif element[0] == "Z" and self._next(1) == "Z":
            self.at += 1
            self.is_utc = True
        else:
            self._offset(element[1:])

    def _take(self, count: int) -> str:
        part = self._next(count)
        if len(part) < count:
            raise _BadValueError
        self.at += count
        return part

    def _number(self, least: int, most: int) -> int:
        digits = self._match(f"[0-9]{{{least},{most}}}")
        if not digits:
            raise _BadValueError
        self.at += len(digits)
        return int(digits)

    def _clock(self, element: str, bound: int, what: str) -> int:
        number = self._number(2 if element[0] == "0" else 1, 2)
        if number >= bound:
            raise _RangeError(what)
        return number

    def _name(self, names: tuple[str, ...], length: int | None) -> int:
        """The number of the name that the rest begins with, of its first `length` letters."""
        for number, name in enumerate(names):
            name = name[:length]
            start = self._next(len(name))
            if start.isascii() and start.lower() == name.lower():
                self.at += len(name)
                return number
        raise _BadValueError

    def read_year(self, element: str) -> None:
        if element == "2006":
            if not self._match("[0-9]"):
                raise _BadValueError
            self.year = _signed(self._take(4))
        else:
            year = _signed(self._take(2))
            self.year = year + (1900 if year >= 69 else 2000)

    def read_month(self, element: str) -> None:
        if element[0] == "J":
            self.month = 1 + self._name(MONTHS, 3 if element == "Jan" else None)
            return
        self.month = self._number(2 if element == "01" else 1, 2)
        if not 1 <= self.month <= 12:
            raise _RangeError("month")

    def read_weekday(self, element: str) -> None:
        self._name(WEEKDAYS, 3 if element == "Mon" else None)

    def read_day(self, element: str) -> None:
        if element == "_2":
            self.at += len(self._match(" ?"))
        self.day = self._number(2 if element == "02" else 1, 2)

    def read_year_day(self, element: str) -> None:
        if element == "__2":
            self.at += len(self._match(" {0,2}"))
        self.year_day = self._number(3 if element == "002" else 1, 3)

    def read_hour(self, element: str) -> None:
        if element == "15":
            self.hour = self._number(1, 2)
            if self.hour >= 24:
                raise _RangeError("hour")
        else:
            self.hour = self._clock(element, 13, "hour")

    def read_minute(self, element: str) -> None:
        self.minute = self._clock(element, 60, "minute")

    def read_second(self, element: str) -> None:
        self.second = self._clock(element, 60, "second")
        if not self.fraction_follows:
            self._any_fraction()

    def read_half(self, element: str) -> None:
        half = self._take(2)
        if half not in (("PM", "AM") if element == "PM" else ("pm", "am")):
            raise _BadValueError
        self.is_afternoon |= half.lower() == "pm"
        self.is_morning |= half.lower() == "am"

    def read_zone(self, _element: str) -> None:
        if self._next(3) == "UTC":
            self.at += 3
            self.is_utc = True
            return
        length = _abbreviation_length(self._match("[A-Za-z]{0,6}(?:[+-][0-9]*)?"))
        if length == 0 or len(self._next(3)) < 3:
            raise _BadValueError
        self.zone = self._take(length)

    def _fraction(self, element: str) -> None:
        if element[1] == "0":
            self.nanosecond = _nanoseconds(self._take(len(element)))
            return
        self._any_fraction()

    def _any_fraction(self) -> None:
        fraction = self._match("[.,][0-9]+")
        if fraction:
            self.at += len(fraction)
            self.nanosecond = _nanoseconds(fraction)

    def _offset(self, shape: str) -> None:
        text = self._take(len(shape) + 1)
        fields = text[1:].split(":") if ":" in shape else [text[at : at + 2] for at in range(1, len(text), 2)]
        if ":" in shape and any(text[at + 1] != ":" for at, character in enumerate(shape) if character == ":"):
            raise _BadValueError
        numbers = [0, 0, 0]
        is_bad = text[0] not in "+-"
        for index, field in enumerate(fields):
            if not re.fullmatch("[0-9]{2}", field):
                is_bad = True
                break
            numbers[index] = int(field)
        for number, most, what in zip(numbers, (24, 60, 60), ("hour", "minute", "second"), strict=True):
            if number > most:
                raise _RangeError(f"time zone offset {what}")
        if is_bad:
            raise _BadValueError
        offset = (numbers[0] * 60 + numbers[1]) * 60 + numbers[2]
        self.offset = -offset if text[0] == "-" else offset

    def _date(self) -> tuple[int, int]:
        """Month and day, from themselves or from the day of the year, which must agree."""
        month, day = self.month, self.day
        if self.year_day is not None:
            if not 1 <= self.year_day <= 365 + is_leap(self.year):
                raise self._error(": day-of-year out of range")
            month, day = _of_year_day(self.year, self.year_day)
            if self.month not in (None, month):
                raise self._error(": day-of-year does not match month")
            if self.day not in (None, day):
                raise self._error(": day-of-year does not match day")
        month, day = 1 if month is None else month, 1 if day is None else day
        if not 1 <= day <= days_in(month, self.year):
            raise self._error(": day out of range")
        return month, day


_READERS: dict[str, Callable[[_Reader, str], None]] = {
    **dict.fromkeys(("2006", "06"), _Reader.read_year),
    **dict.fromkeys(("January", "Jan", "1", "01"), _Reader.read_month),
    **dict.fromkeys(("Monday", "Mon"), _Reader.read_weekday),
    **dict.fromkeys(("2", "_2", "02"), _Reader.read_day),
    **dict.fromkeys(("__2", "002"), _Reader.read_year_day),
    **dict.fromkeys(("15", "3", "03"), _Reader.read_hour),
    **dict.fromkeys(("4", "04"), _Reader.read_minute),
    **dict.fromkeys(("5", "05"), _Reader.read_second),
    **dict.fromkeys(("PM", "pm"), _Reader.read_half),
    "MST": _Reader.read_zone,
}


def _signed(text: str) -> int:
    """An integer with an optional sign; a sign alone is 0."""
    if not re.fullmatch("[+-]?[0-9]*", text):
        raise _BadValueError
    return int(text) if text.strip("+-") else 0


def _nanoseconds(text: str) -> int:
    if text[0] not in ".,":
        raise _BadValueError
    digits = text[1:10]
    number = _signed(digits)
    if number < 0:
        raise _RangeError("fractional second")
    return int(number * 10 ** (9 - len(digits)))


def _abbreviation_length(text: str) -> int:
    """How much of the text is the abbreviation of a time zone; 0 where there is none."""
    if text.startswith(("ChST", "MeST")):
        return 4
    if text.startswith("GMT"):
        return 3 + _signed_offset_length(text[3:])
    if text[:1] in ("+", "-"):
        return _signed_offset_length(text)
    match = re.match("[A-Z]*", text)
    length = match.end() if match else 0
    is_zone = length == 3 or text[:length] == "WITA" or (length in (4, 5) and text[length - 1] == "T")
    return length if is_zone else 0


def _signed_offset_length(text: str) -> int:
    match = re.match("[+-]([0-9]+)", text)
    digits = match[1].lstrip("0") if match else ""
    return match.end() if match and len(digits) < 3 and int(digits or 0) <= 23 else 0


def is_leap(year: int) -> bool:
    """Whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(month: int, year: int) -> int:
    """The days of a month (1 to 12)."""
    if month == 2:
        return 28 + is_leap(year)
    return 30 + (month + month // 8) % 2


def _of_year_day(year: int, year_day: int) -> tuple[int, int]:
    month = 1
    while year_day > days_in(month, year):
        year_day -= days_in(month, year)
        month += 1
    return month, year_day
