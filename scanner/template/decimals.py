"""Decimal numbers as shopspring/decimal computes with them, which sprig's functions for floats use."""

from __future__ import annotations

import math

from scanner.template.errors import FunctionError
from scanner.template.float_text import decimal_digits, shortest

Decimal = tuple[int, int]
"""A number as (digits, exponent of ten)."""

MAX_BITS = 100_000
"""How long the digits of a product may become."""

_DIGITS = 16
"""Decimal places of a quotient."""


def from_float(number: float) -> Decimal:
    """The fewest digits that read back. FunctionError for what is not finite."""
    if not math.isfinite(number):
        raise FunctionError(f"Cannot create a Decimal from {shortest(number)}")
    sign, digits, point = decimal_digits(number)
    return int(sign + digits), point - len(digits)


def added(first: Decimal, second: Decimal) -> Decimal:
    """The sum, exactly."""
    exponent = min(first[1], second[1])
    return first[0] * 10 ** (first[1] - exponent) + second[0] * 10 ** (second[1] - exponent), exponent


def subtracted(first: Decimal, second: Decimal) -> Decimal:
    """The difference, exactly."""
    return added(first, (-second[0], second[1]))


def multiplied(first: Decimal, second: Decimal) -> Decimal:
    """The product, exactly. FunctionError where it has more than MAX_BITS."""
    digits, exponent = first[0] * second[0], first[1] + second[1]
    if digits.bit_length() > MAX_BITS or abs(exponent) > MAX_BITS:
        raise FunctionError("the product has too many digits")
    return digits, exponent


def divided(first: Decimal, second: Decimal) -> Decimal:
    """Rounded to `_DIGITS` decimal places, halves away from zero."""
    if second[0] == 0:
        raise FunctionError("decimal division by 0")
    dividend, divisor = abs(first[0]), abs(second[0])
    shift = first[1] - second[1] + _DIGITS
    if shift < 0:
        divisor *= 10**-shift
    else:
        dividend *= 10**shift
    quotient = (2 * dividend + divisor) // (2 * divisor)
    return (quotient if (first[0] < 0) == (second[0] < 0) else -quotient), -_DIGITS


def to_float(number: Decimal) -> float:
    """The nearest float; an infinity for what is too large."""
    digits, exponent = number
    try:
        return float(digits * 10**exponent) if exponent >= 0 else digits / 10**-exponent
    except OverflowError:
        return math.inf if digits > 0 else -math.inf
