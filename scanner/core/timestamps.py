"""Plain YAML scalars that Go's YAML reads as points in time: `2024-01-02`, `2024-1-2 10:00:01.5`, RFC 3339."""

from __future__ import annotations

import re

from scanner.core.patterns import late

_FORM = late(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?P<between>[Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?\Z",
    re.ASCII,
)


class Timestamp(str):
    """A point in time: as text it is what Go prints of it as JSON (RFC 3339); `words` is what Go prints as a string."""

    words: str


def parse_timestamp(text: str) -> Timestamp | None:
    """The point in time that `text` names in one of the forms that Go's YAML knows; None where it is in none."""
    match = _FORM.match(text)
    if match is None or (match["between"] and (match["between"] == " ") == bool(match["zone"])):
        return None
    year, month, day = (int(match[group]) for group in (1, 2, 3))
    hour, minute, second = (int(match[group] or 0) for group in (5, 6, 7))
    if not 1 <= month <= 12 or not 1 <= day <= _days(year, month) or hour > 23 or minute > 59 or second > 59:
        return None
    zone = match["zone"] or "Z"
    if zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 59):
        return None
    fraction = (match[8] or "")[:9].rstrip("0")
    date = f"{year:04}-{month:02}-{day:02}"
    clock = f"{hour:02}:{minute:02}:{second:02}" + (f".{fraction}" if fraction else "")
    if zone in ("Z", "+00:00", "-00:00"):
        zone, offset = "Z", "+0000 UTC"
    else:
        offset = f"{zone[:3]}{zone[4:]} {zone[:3]}{zone[4:]}"
    result = Timestamp(f"{date}T{clock}{zone}")
    result.words = f"{date} {clock} {offset}"
    return result


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
