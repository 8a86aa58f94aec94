"""Go's literals inside actions: quoted strings, characters and numbers."""

from __future__ import annotations

from typing import NamedTuple

from scanner.core.patterns import late
from scanner.template.printing import quote

_SIMPLE = {
    "a": 7,
    "b": 8,
    "f": 12,
    "n": 10,
    "r": 13,
    "t": 9,
    "v": 11,
    "\\": 92,
}
_ESCAPE = late(r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))")
_BAD_BYTE = late("[\udc80-\udcff]")
_MAX_INT, _MAX_UINT = (1 << 63) - 1, (1 << 64) - 1
_INTEGER = late(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)")
_BAD_UNDERSCORE = late(r"__|_$|^[+-]?_|[+-]_|_[.eEpP+\-]|[.eEpP]_")
_DECIMAL = late(r"[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9_]+)?")
_HEXADECIMAL = late(r"[+-]?0[xX](?:[0-9a-fA-F_]+\.?[0-9a-fA-F_]*|\.[0-9a-fA-F_]+)[pP][+-]?[0-9_]+")


class LiteralError(ValueError):
    """A literal that Go does not take, with its message."""


class Numeral(NamedTuple):
    """What a numeric constant can be: None where it cannot be that."""

    integer: int | None = None
    unsigned: int | None = None
    real: float | None = None
    imaginary: complex | None = None


def unquote(literal: str) -> str:
    """The text of a quoted or raw string. Raises LiteralError."""
    body = literal[1:-1]
    if literal[0] == "`":
        return body.replace("\r", "")
    body = _BAD_BYTE.sub("\ufffd", body)
    if "\\" not in body:
        return body
    out = bytearray()
    at = 0
    while (slash := body.find("\\", at)) >= 0:
        out += body[at:slash].encode()
        code, at, is_byte = _escape(body, slash, '"')
        out += bytes((code,)) if is_byte else chr(code).encode("utf-8")
    out += body[at:].encode()
    return out.decode("utf-8", "surrogateescape")


def _escape(body: str, slash: int, delimiter: str) -> tuple[int, int, bool]:
    """The code of the escape that begins at `slash`, where it ends, and whether it is a byte instead of a character."""
    found = _ESCAPE.match(body, slash)
    if found is None:
        raise LiteralError("invalid syntax")
    simple, two, four, eight, octal = found.groups()
    if simple:
        if simple in "'\"":
            if simple != delimiter:
                raise LiteralError("invalid syntax")
            return ord(simple), found.end(), False
        return _SIMPLE[simple], found.end(), False
    if two or octal:
        code = int(two, 16) if two else int(octal, 8)
        if code > 255:
            raise LiteralError("invalid syntax")
        return code, found.end(), True
    code = int(four or eight, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise LiteralError("invalid syntax")
    return code, found.end(), False


def character_constant(literal: str) -> Numeral:
    """The number that a character constant (with its quotes) stands for. Raises LiteralError."""
    body = _BAD_BYTE.sub("\ufffd", literal[1:])
    if body[0] == "'":
        raise LiteralError("invalid syntax")
    code, end = (ord(body[0]), 1) if body[0] != "\\" else _escape(body, 0, "'")[:2]
    if body[end:] != "'":
        raise LiteralError(f"malformed character constant: {literal}")
    return Numeral(code, code, float(code))


def number(text: str) -> Numeral:
    """What a number is. Raises LiteralError with Go's message."""
    if text.endswith("i"):
        imaginary = parse_float(text[:-1])
        if imaginary is not None:
            return _simplified(complex(0, imaginary))
    integer = _parse_integer(text)
    if integer is not None and -_MAX_INT - 1 <= integer <= _MAX_UINT:
        unsigned = integer if (integer >= 0 and text[0] not in "+-") or integer == 0 else None
        signed = integer if integer <= _MAX_INT else None
        if signed is not None or unsigned is not None:
            return Numeral(signed, unsigned, float(integer))
    real = parse_float(text)
    if real is None:
        raise LiteralError(f"illegal number syntax: {quote(text)}")
    if not any(character in text for character in ".eEpP"):
        raise LiteralError(f"integer overflow: {quote(text)}")
    return Numeral(*_whole(real), real)


def complex_number(text: str) -> Numeral:
    """What `1+2i` is. Raises LiteralError."""
    split = max(text.rfind("+"), text.rfind("-"))
    if text[split - 1] in "eEpP":
        split = max(text.rfind("+", 0, split), text.rfind("-", 0, split))
    real, imaginary = parse_float(text[:split]), parse_float(text[split:-1])
    if real is None or imaginary is None:
        raise LiteralError("syntax error scanning complex number")
    return _simplified(complex(real, imaginary))


def _simplified(value: complex) -> Numeral:
    if value.imag:
        return Numeral(imaginary=value)
    return Numeral(*_whole(value.real), value.real, value)


def _whole(real: float) -> tuple[int | None, int | None]:
    """A float as an int64 and as a uint64, each None where it is not a whole one in range."""
    if not real.is_integer():
        return None, None
    whole = int(real)
    return (
        whole if -_MAX_INT - 1 <= whole <= _MAX_INT else None,
        whole if 0 <= whole <= _MAX_UINT else None,
    )


def _parse_integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text) or not underscores_fit(text):
        return None
    digits = text.lstrip("+-").replace("_", "").lower()
    base = {"x": 16, "b": 2, "o": 8}.get(digits[1:2], 8 if digits[0] == "0" else 10)
    if len(digits) > 100:  # far past 64 bits; the conversion of longer ones is not linear
        return None
    value = int(digits[2:] if digits[1:2] in ("x", "b", "o") else digits, base)
    return -value if text[0] == "-" else value


def underscores_fit(text: str) -> bool:
    """Whether underscores stand only between digits, or between a base prefix and a digit."""
    return "_" not in text or not _BAD_UNDERSCORE.search(text)


def parse_float(text: str) -> float | None:
    """The value of a decimal or hexadecimal floating-point literal, None where Go does not take it or it is too big."""
    if _HEXADECIMAL.fullmatch(text):
        try:
            value = float.fromhex(text.replace("_", ""))
        except OverflowError:
            return None
        return value if underscores_fit(text) else None
    if not _DECIMAL.fullmatch(text) or not underscores_fit(text):
        return None
    value = float(text.replace("_", ""))
    return None if value in (float("inf"), float("-inf")) else value
