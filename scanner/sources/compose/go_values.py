"""Numbers and scalars as Go reads and prints them, so that a resolved project reads as Compose's own."""

from __future__ import annotations

import math
import re
import struct
from typing import Any

from scanner.core.patterns import late
from scanner.core.timestamps import Timestamp

_INT = late(r"[+-]?[0-9]+\Z", re.ASCII)
_DECIMAL = late(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?\Z", re.ASCII)
_HEX = late(
    r"[+-]?0[xX](?:_?[0-9a-fA-F][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?|\.[0-9a-fA-F][0-9a-fA-F_]*)[pP][+-]?[0-9][0-9_]*\Z",
    re.ASCII,
)
_SPECIAL = late(r"[+-]?inf(?:inity)?\Z|nan\Z", re.ASCII | re.IGNORECASE)
_ESCAPES = dict(zip('"\\\a\b\f\n\r\t\v', ("\\" + letter for letter in '"\\abfnrtv'), strict=True))
_DIGITS = {2: "01", 8: "01234567", 10: "0123456789", 16: "0123456789abcdef"}
_BASES = {"0x": 16, "0b": 2, "0o": 8}


def quote(text: str) -> str:
    """`text` in double quotes, special characters escaped, as in Go's messages."""
    return '"' + "".join(_quoted(character) for character in text) + '"'


def _quoted(character: str) -> str:
    code = ord(character)
    if character.isprintable() and character not in '"\\':
        return character
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def parse_int(text: str, function: str = "ParseInt") -> int:
    """A decimal integer of 64 bits. Raises ValueError that names Go's `function`, as Compose does."""
    if not _INT.match(text):
        raise ValueError(f"strconv.{function}: parsing {quote(text)}: invalid syntax")
    # The length is checked first: Python refuses very long numbers with a message of its own.
    value = int(text) if len(text) < 4000 else 1 << 64
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"strconv.{function}: parsing {quote(text)}: value out of range")
    return value


def parse_unsigned(text: str, bits: int = 32) -> int:
    """An unsigned integer with Go's prefixes (`0x`, `0o`, `0b`, a leading 0 for octal) and underscores."""
    base, digits = _base(text)
    if not digits or not _underscores_fit(text) or set(digits) - set(_DIGITS[base]) - {"_"}:
        raise ValueError(f"strconv.ParseUint: parsing {quote(text)}: invalid syntax")
    clean = digits.replace("_", "")
    value = int(clean, base) if len(clean) < 4000 else 1 << 64
    if value >> bits:
        raise ValueError(f"strconv.ParseUint: parsing {quote(text)}: value out of range")
    return value


def _base(text: str) -> tuple[int, str]:
    lower = text.lower()
    if lower[:2] in _BASES and len(lower) > 2:
        return _BASES[lower[:2]], lower[2:]
    if lower.startswith("0") and len(lower) > 1:
        return 8, lower[1:]
    return 10, lower


def _underscores_fit(text: str) -> bool:
    """Whether each underscore stands between digits, or between a base prefix and a digit."""
    if "_" not in text:
        return True
    body = text.lstrip("+-").lower()
    base_prefix = body[:2] in _BASES
    letters = "0-9a-f" if body[:2] == "0x" else "0-9"
    body = "0" + body[2:] if base_prefix else body
    return not re.search(rf"(?:^|[^{letters}])_|_(?:$|[^{letters}])", body)


def parse_float(text: str, bits: int = 64) -> float:
    """A floating-point number of `bits` (32 or 64) bits in Go's notation. Raises ValueError."""
    special = _SPECIAL.match(text)
    hexadecimal = _HEX.match(text)
    if not (special or hexadecimal or _DECIMAL.match(text)) or not _underscores_fit(text):
        raise ValueError(f"strconv.ParseFloat: parsing {quote(text)}: invalid syntax")
    clean = text.replace("_", "")
    try:
        value = float.fromhex(clean) if hexadecimal else float(clean)
        if bits == 32:
            value = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        value = math.inf
    if math.isinf(value) and not special:
        raise ValueError(f"strconv.ParseFloat: parsing {quote(text)}: value out of range")
    return value


def float32(value: float) -> float:
    """`value` as JSON shows it once it went through 32 bits: the shortest decimal; an int where it has no fraction."""
    try:
        packed = struct.pack("f", value)
    except OverflowError:
        return math.copysign(math.inf, value)
    single: float = struct.unpack("f", packed)[0]
    if not math.isfinite(single):
        return single
    if single.is_integer() and abs(single) < 1 << 24:
        return int(single)
    shortest = next(text for text in (f"{single:.{digits}g}" for digits in range(1, 10)) if _single(text) == packed)
    number = float(shortest)
    return _whole(shortest) if number.is_integer() and abs(number) < 1e21 else number


def _whole(text: str) -> int:
    """A number without a fraction, in decimal or scientific notation, with zeros for the digits that it leaves open."""
    mantissa, _, exponent = text.partition("e")
    digits, _, fraction = mantissa.partition(".")
    zeros = int(exponent or 0) - len(fraction)
    whole: int = int(digits + fraction) * 10**zeros if zeros >= 0 else int(digits + fraction) // 10**-zeros
    return whole


def _single(text: str) -> bytes:
    try:
        return struct.pack("f", float(text))
    except OverflowError:
        return b""


def text_of(value: Any) -> str:
    """A YAML value in words, as Compose turns numbers and booleans into strings: true, 3, 1.5, 1e+06."""
    if isinstance(value, str):
        return value.words if isinstance(value, Timestamp) else value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, list):
        return "[" + " ".join(text_of(item) for item in value) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{text_of(value[key])}" for key in sorted(value)) + "]"
    return str(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    mantissa, _, exponent = f"{value:.17e}".partition("e")
    for digits in range(17):
        mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
        if float(f"{mantissa}e{exponent}") == value:
            break
    power = int(exponent)
    if not -4 <= power < 6:
        return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{value:.{max(len(mantissa.partition('.')[2]) - power, 0)}f}"
