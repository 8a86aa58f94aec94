"""IP addresses as Go's net/netip reads them, with its words for what is wrong."""

from __future__ import annotations

from scanner.core.patterns import late
from scanner.template.printing import quote

_GROUP = late("[0-9A-Fa-f]*")


class AddressError(Exception):
    """A text that is no IP address: its message is Go's."""


def _fault(whole: str, message: str, at: str = "") -> AddressError:
    place = f" (at {quote(at)})" if at else ""
    return AddressError(f"ParseAddr({quote(whole)}): {message}{place}")


def address_version(text: str) -> int:
    """4 or 6. Raises AddressError for a text that is no address; an IPv6 address may have a zone."""
    kind = next((character for character in text if character in ".:%"), "")
    if kind == ".":
        _check_fields(text, text)
        return 4
    if kind == ":":
        _check_groups(text)
        return 6
    raise _fault(text, "missing IPv6 address" if kind else "unable to parse IP")


def _check_fields(whole: str, text: str) -> None:
    """The four decimal fields of an IPv4 address."""
    fields = 0
    digits = ""
    for index, character in enumerate(text):
        if "0" <= character <= "9":
            if digits == "0":
                raise _fault(whole, "IPv4 field has octet with leading zero")
            digits += character
            if int(digits) > 255:
                raise _fault(whole, "IPv4 field has value >255")
        elif character != ".":
            raise _fault(whole, "unexpected character", text[index:])
        else:
            if not digits or index == len(text) - 1:
                raise _fault(whole, "IPv4 field must have at least one digit", text[index:])
            if fields == 3:
                raise _fault(whole, "IPv4 address too long")
            fields += 1
            digits = ""
    if fields < 3:
        raise _fault(whole, "IPv4 address too short")


def _check_groups(whole: str) -> None:
    """The groups of an IPv6 address."""
    text, percent, zone = whole.partition("%")
    if percent and not zone:
        raise _fault(whole, "zone must be a non-empty string")
    shortened = text.startswith("::")
    rest = text[2:] if shortened else text
    if shortened and not rest:
        return
    groups = 0
    while groups < 8 and rest:
        length = _group_length(whole, rest)
        if rest[length : length + 1] == ".":
            groups = _check_embedded(whole, rest, groups, shortened=shortened)
            rest = ""
            break
        groups += 1
        rest = _after_group(whole, rest[length:])
        if rest[:1] == ":":
            if shortened:
                raise _fault(whole, "multiple :: in address", rest)
            shortened = True
            rest = rest[1:]
    if rest:
        raise _fault(whole, "trailing garbage after address", rest)
    if groups < 8 and not shortened:
        raise _fault(whole, "address string too short")
    if groups == 8 and shortened:
        raise _fault(whole, "the :: must expand to at least one field of zeros")


def _group_length(whole: str, rest: str) -> int:
    digits = _GROUP.match(rest)
    length = digits.end() if digits else 0
    if length > 4:
        raise _fault(whole, "each group must have 4 or less digits", rest)
    if not length:
        raise _fault(whole, "each colon-separated field must have at least one digit", rest)
    return length


def _after_group(whole: str, rest: str) -> str:
    """What is behind the colon after a group; empty at the end."""
    if not rest:
        return ""
    if rest[0] != ":":
        raise _fault(whole, "unexpected character, want colon", rest)
    if rest == ":":
        raise _fault(whole, "colon must be followed by more characters", rest)
    return rest[1:]


def _check_embedded(whole: str, rest: str, groups: int, *, shortened: bool) -> int:
    """An IPv4 address at the end of an IPv6 one; returns how many groups there are with it."""
    if not shortened and groups != 6:
        raise _fault(whole, "embedded IPv4 address must replace the final 2 fields of the address", rest)
    if groups > 6:
        raise _fault(whole, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
    _check_fields(whole, rest)
    return groups + 2
