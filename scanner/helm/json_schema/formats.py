"""The formats of JSON Schema that are checked, each with what is wrong with a text."""

from __future__ import annotations

import re
from collections.abc import Callable


class _FormatError(Exception):
    """Why a text has not the format."""


def fault(name: str, text: str) -> str:
    """Why a text has not a format; '' where it has, or where the format is not known."""
    check = _CHECKS.get(name)
    if check is None:
        return ""
    try:
        check(str(text))
    except _FormatError as error:
        return str(error)
    return ""


def _character(character: str) -> str:
    from scanner.template.printing import sprintf

    return str(sprintf("%q", ord(character)))


def _pattern(text: str) -> None:
    from scanner.helm.json_schema.patterns import fault as pattern_fault

    reason = pattern_fault(text)
    if reason:
        raise _FormatError(reason)


def _json_pointer(text: str) -> None:
    if text and not text.startswith("/"):
        raise _FormatError("not starting with /")
    if re.search("~(?![01])", text):
        raise _FormatError("~ must be followed by 0 or 1")


def _relative_json_pointer(text: str) -> None:
    digits = re.match("[0-9]*", text)
    count = digits.end() if digits else 0
    if not count:
        raise _FormatError("must start with non-negative integer")
    if count > 1 and text.startswith("0"):
        raise _FormatError("starts with zero")
    if text[count:] != "#":
        _json_pointer(text[count:])


def _uuid(text: str) -> None:
    sizes = (8, 4, 4, 4, 12)
    groups = text.split("-")
    if len(groups) != len(sizes):
        raise _FormatError("must have 5 elements")
    for index, (group, size) in enumerate(zip(groups, sizes, strict=True)):
        if len(group.encode()) != size:
            raise _FormatError(f"element {index + 1} must be {size} characters long")
        stray = re.search("[^0-9A-Fa-f]", group)
        if stray:
            raise _FormatError(f"non-hex character {_character(stray.group())}")


def _duration(text: str) -> None:
    if not text.startswith("P"):
        raise _FormatError("must start with P")
    text = text[1:]
    if not text:
        raise _FormatError("nothing after P")
    if text.endswith("W"):
        if text == "W":
            raise _FormatError("no number in week")
        if not re.fullmatch("[0-9]+", text[:-1]):
            raise _FormatError("invalid week")
        return
    for index, part in enumerate(text.split("T")):
        if index and not part:
            raise _FormatError("no time elements")
        if index > 1:
            raise _FormatError("more than one T")
        _duration_part(part, "HMS" if index else "YMD")


def _duration_part(part: str, every: str) -> None:
    units = every
    while part:
        digits = re.match("[0-9]*", part)
        part = part[digits.end() :] if digits else part
        if digits is None or not digits.group():
            raise _FormatError("missing number")
        if not part:
            raise _FormatError("missing unit")
        if part[0] not in units:
            problem = "unit {} out of order" if part[0] in every else "invalid unit {}"
            raise _FormatError(problem.format(_character(part[0])))
        units = units[units.index(part[0]) + 1 :]
        part = part[1:]


def _period(text: str) -> None:
    start, slash, end = text.partition("/")
    if not slash:
        raise _FormatError("missing slash")
    if start.startswith("P"):
        _named("invalid start duration", _duration, start)
        _named("invalid end date-time", _date_time, end)
        return
    _named("invalid start date-time", _date_time, start)
    if end.startswith("P"):
        _named("invalid end duration", _duration, end)
    else:
        _named("invalid end date-time", _date_time, end)


def _named(problem: str, check: Callable[[str], None], text: str) -> None:
    try:
        check(text)
    except _FormatError as error:
        raise _FormatError(f"{problem}: {error}") from None


def _ipv4(text: str) -> None:
    from scanner.template.printing import quote

    groups = text.split(".")
    if len(groups) != 4:
        raise _FormatError("expected four decimals")
    for group in groups:
        if len(group) > 1 and group[0] == "0":
            raise _FormatError("leading zeros")
        if not re.fullmatch("[+-]?[0-9]+", group):
            raise _FormatError(f"strconv.Atoi: parsing {quote(group)}: invalid syntax")
        if len(group) > 18:
            raise _FormatError(f"strconv.Atoi: parsing {quote(group)}: value out of range")
        if not 0 <= int(group) <= 255:
            raise _FormatError("decimal must be between 0 and 255")


def _ipv6(text: str) -> None:
    from scanner.template.internet_address import AddressError, address_version

    if ":" not in text:
        raise _FormatError("missing colon")
    try:
        address_version(text)
    except AddressError as error:
        raise _FormatError(str(error)) from None
    if "%" in text:
        raise _FormatError("zone id is not a part of ipv6 address")


def _hostname(text: str) -> None:
    text = text.removesuffix(".")
    if len(text.encode()) > 253:
        raise _FormatError("more than 253 characters long")
    for label in text.split("."):
        if not 1 <= len(label.encode()) <= 63:
            raise _FormatError("label must be 1 to 63 characters long")
        if label.startswith("-"):
            raise _FormatError("label starts with hyphen")
        if label.endswith("-"):
            raise _FormatError("label ends with hyphen")
        stray = re.search("[^A-Za-z0-9-]", label)
        if stray:
            raise _FormatError(f"invalid character {_character(stray.group())}")


def _email(text: str) -> None:
    if len(text.encode()) > 254:
        raise _FormatError("more than 255 characters long")
    local, at, domain = text.rpartition("@")
    if not at:
        raise _FormatError("missing @")
    if len(local.encode()) > 64:
        raise _FormatError("local part more than 64 characters long")
    if len(local) > 1 and local.startswith('"') and local.endswith('"'):
        if "\\" in local[1:-1] or '"' in local[1:-1]:
            raise _FormatError("backslash and quote are not allowed within quoted local part")
    else:
        _local_part(local)
    if domain.startswith("[") and domain.endswith("]"):
        inside = domain[1:-1]
        if inside.startswith("IPv6:"):
            _named("invalid ipv6 address", _ipv6, inside.removeprefix("IPv6:"))
        else:
            _named("invalid ipv4 address", _ipv4, inside)
        return
    _named("invalid domain", _hostname, domain)


def _local_part(local: str) -> None:
    if local.startswith("."):
        raise _FormatError("starts with dot")
    if local.endswith("."):
        raise _FormatError("ends with dot")
    if ".." in local:
        raise _FormatError("consecutive dots")
    stray = re.search(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]", local)
    if stray:
        raise _FormatError(f"invalid character {_character(stray.group())}")


def _date(text: str) -> None:
    from scanner.template.go_time import read
    from scanner.template.layout_reading import LayoutError

    try:
        read("2006-01-02", text)
    except LayoutError as error:
        raise _FormatError(str(error)) from None


def _time(text: str) -> None:
    if len(text.encode()) < 9:
        raise _FormatError("less than 9 characters long")
    if text[2] != ":" or text[5] != ":":
        raise _FormatError("missing colon in correct place")
    hour, minute, second = _numbers(text[:8], "hour/min/sec", 3)
    if hour > 23 or minute > 59 or second > 60:
        raise _FormatError("hour/min/sec out of range")
    rest = text[8:]
    if rest.startswith("."):
        digits = re.match("[0-9]*", rest[1:])
        if digits is None or not digits.group():
            raise _FormatError("no digits in second fraction")
        rest = rest[1 + digits.end() :]
    if rest not in ("z", "Z"):
        hour, minute = _shifted(rest, hour, minute)
    if second >= 60 and (hour, minute) != (23, 59):
        raise _FormatError("invalid leap second")


def _shifted(offset: str, hour: int, minute: int) -> tuple[int, int]:
    if len(offset.encode()) != 6:
        raise _FormatError("offset must be 6 characters long")
    if offset[0] not in "+-":
        raise _FormatError("offset must begin with plus/minus")
    if offset[3] != ":":
        raise _FormatError("missing colon in offset in correct place")
    hours, minutes = _numbers(offset[1:], "hour/min in offset", 2)
    if hours > 23 or minutes > 59:
        raise _FormatError("hour/min in offset out of range")
    sign = -1 if offset[0] == "+" else 1
    total = hour * 60 + minute + sign * (hours * 60 + minutes)
    return divmod(total + 24 * 60 if total < 0 else total, 60)


def _numbers(text: str, names: str, count: int) -> list[int]:
    found = []
    for part in text.split(":", count - 1):
        if not re.fullmatch("[+-]?[0-9]+", part):
            raise _FormatError(f"invalid {names}")
        if int(part) < 0:
            raise _FormatError(f"non-positive {names}")
        found.append(int(part))
    return found


def _date_time(text: str) -> None:
    if len(text.encode()) < 20:
        raise _FormatError("less than 20 characters long")
    if text[10] not in "tT":
        raise _FormatError("11th character must be t or T")
    _named("invalid date element", _date, text[:10])
    _named("invalid time element", _time, text[11:])


def _url(text: str) -> str:
    """The scheme of a URL."""
    from scanner.template.errors import FunctionError
    from scanner.template.functions.urls import parsed

    try:
        return parsed(text).scheme
    except FunctionError as error:
        raise _FormatError(str(error)) from None


def _uri(text: str) -> None:
    if not _url(text):
        raise _FormatError("relative url")


def _uri_reference(text: str) -> None:
    if "\\" in text:
        raise _FormatError("contains \\")
    _url(text)


def _uri_template(text: str) -> None:
    _url(text)
    for part in text.split("/"):
        depth = 0
        for character in part:
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth not in (0, 1):
                raise _FormatError("nested curly braces")
        if depth:
            raise _FormatError("no matching closing brace")


def _semver(text: str) -> None:
    core, plus, build = text.partition("+")
    if plus and not build:
        raise _FormatError("build is empty")
    if plus:
        _identifiers(build, "build")
    core, dash, prerelease = core.partition("-")
    if dash:
        _identifiers(prerelease, "pre-release")
        if re.search(r"(?:^|\.)0[0-9]+(?:\.|$)", prerelease):
            raise _FormatError("pre-release numeric identifier starts with zero")
    numbers = core.split(".")
    if len(numbers) != 3:
        raise _FormatError("versionCore must have 3 numbers separated by dot")
    for name, number in zip(("major", "minor", "patch"), numbers, strict=True):
        if not number:
            raise _FormatError(f"{name} is empty")
        if len(number) > 1 and number[0] == "0":
            raise _FormatError(f"{name} starts with zero")
        if not re.fullmatch("[0-9]+", number):
            raise _FormatError(f"{name} contains non-digit")


def _identifiers(text: str, name: str) -> None:
    for identifier in text.split("."):
        if not identifier:
            raise _FormatError(f"{name} identifier is empty")
        stray = re.search("[^0-9A-Za-z-]", identifier)
        if stray:
            raise _FormatError(f"invalid character {_character(stray.group())} in {name} identifier")


_CHECKS: dict[str, Callable[[str], None]] = {
    "regex": _pattern,
    "json-pointer": _json_pointer,
    "relative-json-pointer": _relative_json_pointer,
    "uuid": _uuid,
    "duration": _duration,
    "period": _period,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "hostname": _hostname,
    "email": _email,
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "uri": _uri,
    "iri": _uri,
    "uri-reference": _uri_reference,
    "iri-reference": _uri_reference,
    "uri-template": _uri_template,
    "semver": _semver,
}
