"""Functions of chance: random texts, bytes and numbers, shuffle and uuidv4. Fixed in a deterministic run."""

from __future__ import annotations

import string

from scanner.template.casting import wrapped
from scanner.template.chance import Chance, drawn, random_below, random_bytes, random_text
from scanner.template.errors import FunctionError
from scanner.template.kinds import CHANCE, Int
from scanner.template.text import derived

MOST = 1 << 20
"""The longest random text, in characters or bytes."""

_LETTERS = string.ascii_uppercase + string.ascii_lowercase
_PRINTABLE = "".join(map(chr, range(32, 127)))


def _of_alphabet(run: Chance, name: str, alphabet: str, count: int) -> str:
    # A negative count is an error that sprig ignores.
    return drawn(run, random_text(run, alphabet, _bounded(name, count))) if count > 0 else ""


def rand_alpha_num(run: Chance, count: int) -> str:
    """So many letters and digits."""
    return _of_alphabet(run, "randAlphaNum", _LETTERS + string.digits, count)


def rand_alpha(run: Chance, count: int) -> str:
    """So many letters."""
    return _of_alphabet(run, "randAlpha", _LETTERS, count)


def rand_numeric(run: Chance, count: int) -> str:
    """So many digits."""
    return _of_alphabet(run, "randNumeric", string.digits, count)


def rand_ascii(run: Chance, count: int) -> str:
    """So many printable characters of ASCII."""
    return _of_alphabet(run, "randAscii", _PRINTABLE, count)


def _bounded(name: str, count: int) -> int:
    if count > MOST:
        raise FunctionError(f"{name} of {count} characters: more than the limit of {MOST}")
    return count


def rand_bytes(run: Chance, count: int) -> str:
    """So many bytes in base64."""
    if count < 0:
        raise FunctionError("runtime error: makeslice: len out of range")
    from base64 import b64encode

    return drawn(run, b64encode(random_bytes(run, _bounded("randBytes", count))).decode("ascii"))


def rand_int(run: Chance, least: int, bound: int) -> int:
    """An integer from `least` to `bound` - 1."""
    size = wrapped(bound - least)
    if size <= 0:
        raise FunctionError("invalid argument to Intn")
    number = Int(wrapped(least + random_below(run, size)))
    number.origin = CHANCE if run.traced else None
    return number


def shuffle(run: Chance, text: str) -> str:
    """The characters in another order."""
    characters = list(text)
    numbers = random_bytes(run, 8 * len(characters))
    for last in range(len(characters) - 1, 0, -1):
        other = int.from_bytes(numbers[8 * last : 8 * last + 8], "big") % (last + 1)
        characters[last], characters[other] = characters[other], characters[last]
    return derived("".join(characters), text)


def uuidv4(run: Chance) -> str:
    """A random UUID."""
    number = bytearray(random_bytes(run, 16))
    number[6] = number[6] & 0x0F | 0x40
    number[8] = number[8] & 0x3F | 0x80
    digits = number.hex()
    return drawn(run, "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))
