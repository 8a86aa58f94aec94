"""Floating-point numbers as Go writes them: strconv.FormatFloat."""

from __future__ import annotations

import math
from functools import lru_cache


def shortest(number: float) -> str:
    """The %v and %g of a float64: the fewest digits that read back, with an exponent below 1e-04 and from 1e+06 on."""
    if number == 0:
        return "0" if math.copysign(1.0, number) > 0 else "-0"
    return _shortest(number)


@lru_cache(maxsize=4096)
def _shortest(number: float) -> str:
    return _special(number) or _general(number)


def format_float(number: float, verb: str, precision: int | None) -> str:
    """One of the verbs b e E f g G x X with a precision; None is the fewest digits. `+Inf`, `-Inf`, `NaN` otherwise."""
    special = _special(number)
    if special:
        return special
    if verb == "b":
        return _binary(number)
    if verb in "xX":
        text = _hexadecimal(number, precision)
        return text.upper() if verb == "X" else text
    if precision is None:
        text = _general(number)
        return text.upper() if verb == "G" else text
    return f"{number:.{precision}{verb}}"


def _special(number: float) -> str:
    if math.isfinite(number):
        return ""
    return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"


def decimal_digits(number: float) -> tuple[str, str, int]:
    """(sign, digits, exponent) of the fewest digits that read back: 0.0012 is ("", "12", -2), for 0.12e-2."""
    text = repr(number)
    sign = "-" if text[0] == "-" else ""
    mantissa, _, exponent = text[len(sign) :].partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return sign, digits.rstrip("0") or "0", point if digits else 1


def _general(number: float) -> str:
    sign, digits, point = decimal_digits(number)
    if -4 < point <= 6:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        if len(digits) <= point:
            return sign + digits.ljust(point, "0")
        return f"{sign}{digits[:point]}.{digits[point:]}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    exponent = point - 1
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def _binary(number: float) -> str:
    """An integer times a power of two, as the bits have it."""
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    fraction, exponent = math.frexp(abs(number))
    if number == 0:
        return f"{sign}0p-1074"
    power = max(exponent - 53, -1074)
    return f"{sign}{int(math.ldexp(fraction, exponent - power))}p{power:+}"


def _hexadecimal(number: float, precision: int | None) -> str:
    """`0x1.8p+00`: the first digit is 1 but for zero, the exponent has two digits at least."""
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    if number == 0:
        digits = "" if not precision else "." + "0" * precision
        return f"{sign}0x0{digits}p+00"
    fraction, exponent = math.frexp(abs(number))
    bits = int(math.ldexp(fraction, 53))
    exponent -= 1
    if precision is None:
        hexadecimal = f"{bits - (1 << 52):013x}".rstrip("0")
    else:
        hexadecimal, exponent = _rounded(bits, exponent, precision)
    point = "." if hexadecimal else ""
    return f"{sign}0x1{point}{hexadecimal}p{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def _rounded(bits: int, exponent: int, precision: int) -> tuple[str, int]:
    """The hexadecimal digits behind the point, rounded to even, and the exponent then."""
    if precision >= 13:
        return f"{bits - (1 << 52):013x}".ljust(precision, "0"), exponent
    dropped = 4 * (13 - precision)
    kept, rest = bits >> dropped, bits & ((1 << dropped) - 1)
    half = 1 << (dropped - 1)
    if rest > half or (rest == half and kept & 1):
        kept += 1
    if kept >> (4 * precision) == 2:
        kept >>= 1
        exponent += 1
    behind = kept - (1 << (4 * precision))
    return (f"{behind:0{precision}x}" if precision else ""), exponent
