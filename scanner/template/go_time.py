"""Go's package time for templates: moments, durations, months, weekdays, places, and their methods."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.go_durations import HOUR, LONGEST, MINUTE, SECOND, format_duration, wrapped
from scanner.template.go_layouts import MONTHS, WEEKDAYS, Civil, format_civil, padded
from scanner.template.kinds import Int64, NamedInt, NilPointer, Struct, Uint64
from scanner.template.layout_reading import parse_civil, quote_bytes
from scanner.template.quoting import quote
from scanner.template.text import derived
from scanner.template.utf8 import encoded

if TYPE_CHECKING:
    from datetime import tzinfo

_DAY = 86400
_CYCLE = 146097 * _DAY
"""The seconds of 400 years, after which calendar and weekdays repeat."""

_YEAR_ONE = 62135596800
"""The seconds from the beginning of year 1, Go's zero time, to 1970."""

_FIRST_SECOND = _YEAR_ONE + 292277022400 // 400 * _CYCLE + 306 * _DAY
"""How far before 1970 Go's calendar begins: it counts the seconds from there in 64 bits, which overflow."""


class Location(Struct):
    """A time zone. `zone` is None for UTC; a fixed one has an `offset` in seconds and the `abbreviation`."""

    go_type = "time.Location"
    is_pointer = True
    fields: ClassVar[dict[str, str]] = {"name": "name"}
    unexported: ClassVar[frozenset[str]] = frozenset(
        ("name", "zone", "tx", "extend", "cacheStart", "cacheEnd", "cacheZone")
    )

    def __init__(self, name: str, zone: tzinfo | None = None, offset: int = 0, abbreviation: str = "UTC") -> None:
        self.name = name
        self.zone = zone
        self.offset = offset
        self.abbreviation = abbreviation

    def go_string(self) -> str:
        """The name, as it prints."""
        return self.name

    def lookup(self, seconds: int) -> tuple[str, int, bool]:
        """Abbreviation, offset in seconds and whether it is summer time, at a moment."""
        if self.zone is None:
            return self.abbreviation, self.offset, False
        from datetime import UTC, datetime, timedelta

        # Outside of Python's years the rules of the last 400 years go on.
        first, last = -_YEAR_ONE + _DAY, 253402300800 - _DAY
        if seconds > last:
            seconds -= -(-(seconds - last) // _CYCLE) * _CYCLE
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=max(seconds, first))
        local = moment.astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        return local.tzname() or "", int(offset.total_seconds()), bool(local.dst())


UTC = Location("UTC")
LOCAL = Location("Local")
_UNNAMED = {hour * 3600: Location("", None, hour * 3600, "") for hour in range(-12, 15)}


def fixed_zone(name: str, offset: int) -> Location:
    """A zone that is always so many seconds ahead. Those of whole hours without a name are one each, as in Go, where
    zones are compared by identity."""
    known = _UNNAMED.get(offset) if not name else None
    return known if known is not None else Location(name, None, offset, name)


"""The zone of the machine, which is UTC here, so that charts render the same everywhere."""


@lru_cache(maxsize=64)
def location(name: str) -> Location | None:
    """The zone of an IANA name, None for one that is not known. Empty and `UTC` are UTC."""
    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        return LOCAL
    if ".." in name or name[0] in "/\\":
        return None
    from zoneinfo import ZoneInfo

    try:
        return Location(name, ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return None


class Duration(NamedInt):
    """A time.Duration: nanoseconds."""

    go_type = "time.Duration"
    kind = "int64"

    def go_string(self) -> str:
        """As it prints: `1h2m3.5s`."""
        return format_duration(self)


class Month(NamedInt):
    """A time.Month: 1 is January."""

    go_type = "time.Month"

    def go_string(self) -> str:
        """Its English name."""
        return MONTHS[self - 1]


class Weekday(NamedInt):
    """A time.Weekday: 0 is Sunday."""

    go_type = "time.Weekday"

    def go_string(self) -> str:
        """Its English name."""
        return WEEKDAYS[self]


class Time(Struct):
    """A moment: seconds since 1970 and nanoseconds, in a zone. `monotonic` is how many nanoseconds the process had run,
    for a moment that was read from the clock.
    """

    go_type = "time.Time"
    fields: ClassVar[dict[str, str]] = {"wall": "nanosecond", "ext": "since_year_one", "loc": "loc"}
    unexported: ClassVar[frozenset[str]] = frozenset(fields)

    def __init__(self, seconds: int, nanosecond: int = 0, place: Location = UTC, monotonic: int | None = None) -> None:
        self.seconds = wrapped(seconds)
        self.nanosecond = nanosecond
        self.place = place
        self.monotonic = monotonic

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and self._state() == other._state()

    def __hash__(self) -> int:
        return hash(self._state())

    def _state(self) -> tuple[Any, ...]:
        return self.seconds, self.nanosecond, self.place.name, self.place.offset, self.monotonic

    def shown_fields(self) -> Iterable[tuple[str, Any]]:
        """What Go holds: nanoseconds, seconds, and a zone that is nil for UTC."""
        yield "wall", Uint64(self.nanosecond)
        yield "ext", self.since_year_one
        yield "loc", NilPointer("*time.Location") if self.place is UTC else self.place

    @property
    def since_year_one(self) -> Int64:
        """Seconds since Go's zero time."""
        return Int64(wrapped(self.seconds + _YEAR_ONE))

    @property
    def loc(self) -> Location | None:
        """The zone as Go holds it: nil for UTC."""
        return None if self.place is UTC else self.place

    def go_string(self) -> str:
        """As it prints: `2026-01-01 00:00:00 +0000 UTC`, with `m=+0.1` where it was read from the clock."""
        text = self.format("2006-01-02 15:04:05.999999999 -0700 MST")
        if self.monotonic is None:
            return text
        whole, part = divmod(abs(self.monotonic), SECOND)
        return f"{text} m={'-' if self.monotonic < 0 else '+'}{whole}.{part:09}"

    def go_syntax(self) -> str:
        """As `%#v` prints it: `time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)`."""
        now = self.civil()
        place = f"time.{self.place.name}" if self.place in (UTC, LOCAL) else f"time.Location({quote(self.place.name)})"
        clock = f"{now.hour}, {now.minute}, {now.second}, {now.nanosecond}"
        return f"time.Date({now.year}, time.{MONTHS[now.month - 1]}, {now.day}, {clock}, {place})"

    def go_json(self) -> str:
        """The text that JSON has for it. Raises FunctionError for what RFC 3339 cannot say."""
        return self.strict("Time.MarshalJSON")

    def strict(self, method: str) -> str:
        """The moment by RFC 3339, or a FunctionError of the method for one that it cannot say."""
        text = self.format("2006-01-02T15:04:05.999999999Z07:00")
        if text[4] != "-" or text[0] == "-":
            raise FunctionError(f"{method}: year outside of range [0,9999]")
        if text[-1] != "Z" and (text[-6].isdigit() or int(text[-5:-3]) >= 24):
            raise FunctionError(f"{method}: timezone hour outside of range [0,23]")
        return text

    def binary(self) -> bytes:
        """The moment in Go's binary form. Raises FunctionError for an offset that it cannot say."""
        offset = self.civil().offset
        minutes = -1 if self.place is UTC else _quotient(offset, 60)
        if self.place is not UTC and (minutes == -1 or not -(1 << 15) <= minutes < 1 << 15):
            raise FunctionError("Time.MarshalBinary: unexpected zone offset")
        second = offset - _quotient(offset, 60) * 60
        parts = ((self.since_year_one, 8), (self.nanosecond, 4), (minutes, 2), *([(second, 1)] if second else []))
        version = b"\2" if second else b"\1"
        return version + b"".join(number.to_bytes(size, "big", signed=True) for number, size in parts)

    def civil(self) -> Civil:
        """What calendar and clock show in the moment's zone."""
        zone, offset, _ = self.place.lookup(self.seconds)
        since_first = (self.seconds + offset + _FIRST_SECOND) % (1 << 64)
        days, second = divmod(since_first - _FIRST_SECOND, _DAY)
        year, month, day = civil_of_days(days)
        clock = second // 3600, second // 60 % 60, second % 60, self.nanosecond
        year_day = days - days_of_civil(year, 1, 1) + 1
        return Civil(year, month, day, *clock, (days + 4) % 7, year_day, zone, offset)

    def format(self, layout: str) -> str:
        """The moment in a Go layout, in its zone."""
        return format_civil(self.civil(), str(layout))

    def at(self, place: Location) -> Time:
        """The same moment in another zone."""
        return Time(self.seconds, self.nanosecond, place)

    def add(self, nanoseconds: int) -> Time:
        """The moment so much later."""
        seconds, nanosecond = divmod(self.nanosecond + nanoseconds, SECOND)
        monotonic = None if self.monotonic is None else self.monotonic + nanoseconds
        return Time(self.seconds + seconds, nanosecond, self.place, monotonic)

    def add_date(self, years: int, months: int, days: int) -> Time:
        """So many years, months and days later by the calendar; what is too much for a month runs into the next."""
        now = self.civil()
        clock = now.hour, now.minute, now.second, now.nanosecond
        return moment(now.year + years, now.month + months, now.day + days, clock, self.place)

    def since(self, other: Time) -> Duration:
        """How much later it is than the other, as far as a duration can say."""
        if self.monotonic is not None and other.monotonic is not None:
            return Duration(_clamped(self.monotonic - other.monotonic))
        return Duration(_clamped(self.nanoseconds - other.nanoseconds))

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds since 1970."""
        return self.seconds * SECOND + self.nanosecond

    def rest(self, duration: int) -> int:
        """How many nanoseconds it is past a multiple of the duration since Go's zero time."""
        return ((self.seconds + _YEAR_ONE) * SECOND + self.nanosecond) % duration

    def truncate(self, duration: int) -> Time:
        """Rounded down to a multiple of the duration since Go's zero time."""
        plain = Time(self.seconds, self.nanosecond, self.place)
        return plain.add(-self.rest(duration)) if duration > 0 else plain

    def round(self, duration: int) -> Time:
        """Rounded to the nearest multiple of the duration since Go's zero time, halves up."""
        plain = Time(self.seconds, self.nanosecond, self.place)
        if duration <= 0:
            return plain
        rest = self.rest(duration)
        return plain.add(-rest if rest * 2 < duration else duration - rest)


ZERO = Time(-_YEAR_ONE)
"""Go's zero time: the beginning of year 1."""


def _clamped(nanoseconds: int) -> int:
    return max(-LONGEST - 1, min(nanoseconds, LONGEST))


def moment(year: int, month: int, day: int, clock: tuple[int, int, int, int], place: Location) -> Time:
    """The moment at which calendar and clock (hour, minute, second, nanosecond) show this in a zone.

    A month beyond the 12th and a day beyond its month run on.
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    hour, minute, second, nanosecond = clock
    shown = (days_of_civil(year, month, 1) + day - 1) * _DAY + hour * 3600 + minute * 60 + second
    offset = place.lookup(shown)[1]
    if offset:
        offset = place.lookup(shown - offset)[1]
    return Time(shown - offset, nanosecond, place)


def read(layout: str, value: str) -> Time:
    """The moment that a text says by a layout, in the machine's zone where it names none. Raises LayoutError."""
    views = (text.encode("utf-8", "surrogateescape").decode("latin-1") for text in (layout, value))
    parsed = parse_civil(*views)
    clock = parsed.hour, parsed.minute, parsed.second, parsed.nanosecond
    date = parsed.year, parsed.month, parsed.day
    if parsed.is_utc:
        return moment(*date, clock, UTC)
    if parsed.offset is not None:
        place = fixed_zone(parsed.zone, parsed.offset)
        if parsed.offset == 0 and parsed.zone in ("", "UTC"):
            place = LOCAL
        return moment(*date, clock, place)
    if parsed.zone:
        # An abbreviation that the machine's zone does not know has no offset, except GMT+3.
        hours = int(parsed.zone[4:].lstrip("0") or 0) * (-1 if parsed.zone[3:4] == "-" else 1)
        offset = hours * 3600 if parsed.zone.startswith("GMT") else 0
        shown = moment(*date, clock, UTC)
        return shown.at(fixed_zone(parsed.zone, offset))
    return moment(*date, clock, LOCAL)


def days_of_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 in the Gregorian calendar, which holds for all years."""
    # Years that begin in March have their leap day at the end.
    year -= month < 3
    month = (month + 9) % 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (month * 153 + 2) // 5 + day - 719469


def civil_of_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of the days from 1970-01-01."""
    cycles, rest = divmod(days + 719468, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    rest -= year * 365 + year // 4 - year // 100
    month = (rest * 5 + 2) // 153
    day = rest - (month * 153 + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return cycles * 400 + year + (month < 3), month, day


def _quotient(number: int, divisor: int) -> int:
    """Go's division, which cuts off towards zero."""
    return number // divisor if number >= 0 else -(-number // divisor)


def _fractional(duration: int, unit: int) -> float:
    whole = _quotient(duration, unit)
    return float(whole) + float(duration - whole * unit) / unit


def round_duration(duration: int, unit: int) -> Duration:
    """Rounded to the nearest multiple of the unit, halves away from zero; at most the longest duration."""
    if unit <= 0:
        return Duration(duration)
    rest = abs(duration) % unit
    rounded = abs(duration) - rest if rest * 2 < unit else abs(duration) + unit - rest
    return Duration(_clamped(rounded if duration >= 0 else -rounded))


def _truncate_duration(duration: int, unit: int) -> Duration:
    return Duration(_quotient(duration, unit) * unit if unit > 0 else duration)


def _go_syntax(time: Time) -> str:
    now = time.civil()
    place = "time.UTC" if time.place is UTC else "time.Local"
    if time.place not in (UTC, LOCAL):
        place = f"time.Location({quote_bytes(time.place.name)})"
    numbers = f"{now.day}, {now.hour}, {now.minute}, {now.second}, {now.nanosecond}"
    return f"time.Date({padded(now.year, 1)}, time.{MONTHS[now.month - 1]}, {numbers}, {place})"


def _in(time: Time, place: Location | None) -> Time:
    if place is None:
        raise FunctionError("time: missing Location in call to Time.In")
    return time.at(place)


def _methods(**methods: tuple[str, Callable[..., Any]]) -> dict[str, Function]:
    return {name: Function(name, parameters, call) for name, (parameters, call) in methods.items()}


def _refused(name: str, results: str) -> Function:
    """A method whose results a template cannot take."""
    if results.isdigit():
        problem = f"function {name} has {results} return values; should be 1 or 2"
    else:
        problem = f"invalid function signature for {name}: second return value should be error; is {results}"
    return Function(name, "", lambda _: None, refusal=problem)


Location.methods = _methods(String=("", Location.go_string))
Month.methods = _methods(String=("", Month.go_string))
Weekday.methods = _methods(String=("", Weekday.go_string))
Duration.methods = _methods(
    String=("", Duration.go_string),
    Nanoseconds=("", Int64),
    Microseconds=("", lambda duration: Int64(_quotient(duration, 1_000))),
    Milliseconds=("", lambda duration: Int64(_quotient(duration, 1_000_000))),
    Seconds=("", lambda duration: _fractional(duration, SECOND)),
    Minutes=("", lambda duration: _fractional(duration, MINUTE)),
    Hours=("", lambda duration: _fractional(duration, HOUR)),
    Truncate=("time.Duration", _truncate_duration),
    Round=("time.Duration", round_duration),
    Abs=("", lambda duration: Duration(_clamped(abs(duration)))),
)
Time.methods = _methods(
    String=("", Time.go_string),
    GoString=("", _go_syntax),
    Format=("string", lambda time, layout: derived(time.format(layout), layout)),
    MarshalJSON=("", lambda time: f'"{time.go_json()}"'.encode()),
    MarshalText=("", lambda time: time.strict("Time.MarshalText").encode()),
    Year=("", lambda time: time.civil().year),
    Month=("", lambda time: Month(time.civil().month)),
    Day=("", lambda time: time.civil().day),
    Weekday=("", lambda time: Weekday(time.civil().weekday)),
    YearDay=("", lambda time: time.civil().year_day),
    Hour=("", lambda time: time.civil().hour),
    Minute=("", lambda time: time.civil().minute),
    Second=("", lambda time: time.civil().second),
    Nanosecond=("", lambda time: time.nanosecond),
    Unix=("", lambda time: Int64(time.seconds)),
    UnixMilli=("", lambda time: Int64(wrapped(time.nanoseconds // 1_000_000))),
    UnixMicro=("", lambda time: Int64(wrapped(time.nanoseconds // 1_000))),
    UnixNano=("", lambda time: Int64(wrapped(time.nanoseconds))),
    IsZero=("", lambda time: time.nanoseconds == ZERO.nanoseconds),
    IsDST=("", lambda time: time.place.lookup(time.seconds)[2]),
    After=("time.Time", lambda time, other: time.nanoseconds > other.nanoseconds),
    Before=("time.Time", lambda time, other: time.nanoseconds < other.nanoseconds),
    Equal=("time.Time", lambda time, other: time.nanoseconds == other.nanoseconds),
    Compare=(
        "time.Time",
        lambda time, other: (time.nanoseconds > other.nanoseconds) - (time.nanoseconds < other.nanoseconds),
    ),
    Add=("time.Duration", Time.add),
    AddDate=("int int int", Time.add_date),
    Sub=("time.Time", Time.since),
    Truncate=("time.Duration", Time.truncate),
    Round=("time.Duration", Time.round),
    UTC=("", lambda time: time.at(UTC)),
    Local=("", lambda time: time.at(LOCAL)),
    In=("*time.Location", _in),
    Location=("", lambda time: time.place),
    MarshalBinary=("", lambda time: time.binary()),
    GobEncode=("", lambda time: time.binary()),
    AppendBinary=("bytes", lambda time, before: before + time.binary()),
    AppendText=("bytes", lambda time, before: before + time.strict("Time.AppendText").encode()),
    AppendFormat=("bytes string", lambda time, before, layout: (before + encoded(time.format(layout))) or before),
)
_REFUSED = {"Clock": "3", "Date": "3", "ISOWeek": "int", "Zone": "int", "ZoneBounds": "time.Time"}
Time.methods |= {name: _refused(name, results) for name, results in _REFUSED.items()}
