"""sprig's functions about numbers: conversions, 64-bit arithmetic that wraps around, decimal arithmetic, sequences.

A result has the origin of its first argument that has one; of max and min, that of the argument that it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from scanner.template.casting import GREATEST, LEAST, to_float64, to_int64, wrapped
from scanner.template.decimals import Decimal, added, divided, from_float, multiplied, subtracted, to_float
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import Float, Int, Int64, IntList
from scanner.template.printing import format_value
from scanner.template.text import derived, first_origin

MAX_ITEMS = 1_000_000
"""The longest list that `until`, `untilStep` and `seq` make."""


def _origin(values: tuple[Any, ...]) -> Any:
    for value in values:
        origin = first_origin(value)[1]
        if origin is not None:
            return origin
    return None


def _int(number: int, *sources: Any) -> int:
    origin = _origin(sources)
    if origin is None:
        return number
    result = Int(number)
    result.origin = origin
    return result


def _int64(number: int, *sources: Any) -> Int64:
    result = Int64(wrapped(number))
    origin = _origin(sources)
    if origin is not None:
        result.origin = origin
    return result


def _float(number: float, *sources: Any) -> float:
    origin = _origin(sources)
    return number if origin is None else Float(number, origin)


def to_int(value: Any) -> int:
    """sprig's int."""
    return _int(to_int64(value), value)


def atoi(text: str) -> int:
    """A decimal number; 0 for anything else, the nearest number for one that is too large."""
    match = re.fullmatch(r"([+-]?)([0-9]+)", text)
    if match is None:
        return 0
    digits = match[2].lstrip("0")[:20] or "0"
    number = -int(digits) if match[1] == "-" else int(digits)
    return _int(min(max(number, LEAST), GREATEST), text)


def to_decimal(value: Any) -> Int64:
    """The number that the digits of a value are in base 8."""
    text = format_value(value)
    number = int(text, 8) if re.fullmatch(r"[+-]?[0-7]+", text) else 0
    return _int64(number if LEAST <= number <= GREATEST else 0, value)


def add(*values: Any) -> Int64:
    """The sum."""
    return _int64(sum(to_int64(value) for value in values), *values)


def subtract(first: Any, second: Any) -> Int64:
    """The difference."""
    return _int64(to_int64(first) - to_int64(second), first, second)


def multiply(first: Any, *others: Any) -> Int64:
    """The product."""
    product = to_int64(first)
    for other in others:
        product = wrapped(product * to_int64(other))
    return _int64(product, first, *others)


def divide(first: Any, second: Any) -> Int64:
    """The quotient, cut towards zero."""
    return _int64(_quotient(to_int64(first), to_int64(second)), first, second)


def modulo(first: Any, second: Any) -> Int64:
    """The rest of `divide`, with the sign of the dividend."""
    dividend, divisor = to_int64(first), to_int64(second)
    return _int64(dividend - divisor * _quotient(dividend, divisor), first, second)


def _quotient(dividend: int, divisor: int) -> int:
    if divisor == 0:
        raise FunctionError("runtime error: integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def greatest(first: Any, *others: Any) -> Int64:
    """The greatest of the values as int64."""
    best = max((first, *others), key=to_int64)
    return _int64(to_int64(best), best)


def least(first: Any, *others: Any) -> Int64:
    """The least of the values as int64."""
    best = min((first, *others), key=to_int64)
    return _int64(to_int64(best), best)


def greatest_float(first: Any, *others: Any) -> float:
    """math.Max: an infinity wins, then a NaN; 0 is greater than -0."""
    return _extreme((first, *others), 1.0)


def least_float(first: Any, *others: Any) -> float:
    """math.Min: a negative infinity wins, then a NaN; -0 is less than 0."""
    return _extreme((first, *others), -1.0)


def _extreme(values: tuple[Any, ...], direction: float) -> float:
    best = values[0]
    for value in values[1:]:
        if _rank(to_float64(value), direction) > _rank(to_float64(best), direction):
            best = value
    return _float(to_float64(best), best)


def _rank(number: float, direction: float) -> tuple[int, float, float]:
    signed = number * direction
    if math.isnan(number):
        return 1, 0.0, 0.0
    return (2 if signed == math.inf else 0), signed, math.copysign(1.0, signed)


def floor(value: Any) -> float:
    """The greatest whole number that is not greater, as a float."""
    return _float(_floor(to_float64(value)), value)


def ceil(value: Any) -> float:
    """The least whole number that is not less, as a float; -0 for what is between -1 and 0."""
    return _float(-_floor(-to_float64(value)), value)


def _floor(number: float) -> float:
    return math.copysign(math.floor(number), number) if math.isfinite(number) else number


def round_to(value: Any, places: int, *threshold: float) -> float:
    """Rounded to decimal places: up where the fraction is `threshold` (one half) or more, so always down below zero."""
    power = _power_of_ten(places)
    shifted = power * to_float64(value)
    fraction = math.modf(shifted)[0] if math.isfinite(shifted) else math.nan
    up = fraction >= (threshold[0] if threshold else 0.5)
    whole = -_floor(-shifted) if up else _floor(shifted)
    if power == 0:
        return _float(math.nan if whole == 0 or math.isnan(whole) else math.copysign(math.inf, whole), value)
    return _float(whole / power, value)


def _power_of_ten(exponent: int) -> float:
    """math.Pow(10, exponent), which is not always the nearest number: squares of a fraction, multiplied up."""
    if abs(exponent) > 400:
        return math.inf if exponent > 0 else 0.0
    result, scale = 1.0, 0
    fraction, power = math.frexp(10.0)
    rest = abs(exponent)
    while rest:
        if rest & 1:
            result *= fraction
            scale += power
        fraction *= fraction
        power *= 2
        if fraction < 0.5:
            fraction += fraction
            power -= 1
        rest >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    try:
        return math.ldexp(result, scale)
    except OverflowError:
        return math.inf


def _folded(operation: Callable[[Decimal, Decimal], Decimal], first: Any, others: tuple[Any, ...]) -> float:
    result = from_float(to_float64(first))
    for other in others:
        result = operation(result, from_float(to_float64(other)))
    return _float(to_float(result), first, *others)


def _add_floats(*values: Any) -> float:
    return _folded(added, 0.0, values)


def _subtract_floats(first: Any, *others: Any) -> float:
    return _folded(subtracted, first, others)


def _multiply_floats(first: Any, *others: Any) -> float:
    return _folded(multiplied, first, others)


def _divide_floats(first: Any, *others: Any) -> float:
    return _folded(divided, first, others)


def until(count: int) -> IntList:
    """The numbers from 0 to `count`, without it, up or down."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> IntList:
    """The numbers from `start` to `stop`, without it, every `step`; none where the step leads away. FunctionError for
    more than MAX_ITEMS."""
    if step == 0 or (stop < start) != (step < 0):
        return IntList()
    numbers = range(start, stop, step)
    count = len(numbers) if start != stop else 0
    if count > MAX_ITEMS or (count and not LEAST <= numbers[-1] + step <= GREATEST):
        raise FunctionError(f"the list is too long: more than {MAX_ITEMS} numbers")
    return IntList(numbers)


def seq(*bounds: int) -> str:
    """The numbers that the shell's seq prints for an end, a start and an end, or a start, a step and an end."""
    if not 1 <= len(bounds) <= 3:
        return ""
    start, stop = (bounds[0], bounds[-1]) if len(bounds) > 1 else (1, bounds[0])
    direction = -1 if stop < start else 1
    step = bounds[1] if len(bounds) == 3 else direction
    if len(bounds) == 3 and direction < 0 and step > 0:
        return ""
    return derived(" ".join(map(str, until_step(start, wrapped(stop + direction), step))), *bounds)


FUNCTIONS: tuple[Function, ...] = (
    Function("add", "...any", add),
    Function("add1", "any", lambda value: _int64(to_int64(value) + 1, value)),
    Function("add1f", "any", lambda value: _folded(added, value, (1,))),
    Function("addf", "...any", _add_floats),
    Function("atoi", "string", atoi),
    Function("biggest", "any ...any", greatest),
    Function("ceil", "any", ceil),
    Function("div", "any any", divide),
    Function("divf", "any ...any", _divide_floats),
    Function("float64", "any", lambda value: _float(to_float64(value), value)),
    Function("floor", "any", floor),
    Function("int", "any", to_int),
    Function("int64", "any", lambda value: _int64(to_int64(value), value)),
    Function("max", "any ...any", greatest),
    Function("maxf", "any ...any", greatest_float),
    Function("min", "any ...any", least),
    Function("minf", "any ...any", least_float),
    Function("mod", "any any", modulo),
    Function("mul", "any ...any", multiply),
    Function("mulf", "any ...any", _multiply_floats),
    Function("round", "any int ...float64", round_to),
    Function("seq", "...int", seq),
    Function("sub", "any any", subtract),
    Function("subf", "any ...any", _subtract_floats),
    Function("toDecimal", "any", to_decimal),
    Function("until", "int", until),
    Function("untilStep", "int int int", until_step),
)
