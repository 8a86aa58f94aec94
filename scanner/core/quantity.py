"""Kubernetes quantities (`500m`, `1.5Gi`, `2e3`), exactly, with the rounding that Kubernetes documents."""

from __future__ import annotations

from functools import lru_cache

from scanner.core.patterns import late

_NANO = 1_000_000_000  # a quantity keeps billionths
_LARGEST = (2**63 - 1) * _NANO

_MAX_LENGTH = 200
_MAX_EXPONENT = 60
_QUANTITY = late(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE]i|[numkMGTPE]?)|[eE]([+-]?[0-9]+))\Z")
_BINARY = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def units(text: str | int | float) -> int:
    """A quantity in whole units (bytes of memory, pods), rounded away from zero. Raises ValueError."""
    return _scaled(text, _NANO)


def millis(text: str | int | float) -> int:
    """A quantity in thousandths (millicores of CPU), rounded away from zero. Raises ValueError."""
    return _scaled(text, _NANO // 1000)


@lru_cache(maxsize=4096)
def _billionths(text: str) -> int:
    """The amount in billionths. What is finer is rounded away from zero, what is over 2^63-1 is capped.

    Raises ValueError where Kubernetes would refuse `text`; the message does not repeat it.
    """
    match = _QUANTITY.match(text) if text and len(text) <= _MAX_LENGTH else None
    if match is None:
        raise ValueError("not a quantity such as 500m or 1.5Gi")
    sign, whole, fraction, suffix, exponent = match.groups()
    digits = int((whole + (fraction or "")) or "0")
    if suffix in _BINARY:
        digits, power = digits * _BINARY[suffix], 0
    else:
        # An exponent of thousands of digits is only ever far too large or far too small.
        power = _DECIMAL[suffix] if exponent is None else _bounded(exponent)
    power += 9 - len(fraction or "")
    amount = digits * 10**power if power >= 0 else _rounded_up(digits, 10**-power)
    amount = min(amount, _LARGEST)
    return -amount if sign == "-" else amount


def _scaled(text: str | int | float, unit: int) -> int:
    amount = _billionths(text if isinstance(text, str) else repr(text))
    return _rounded_up(amount, unit) if amount >= 0 else -_rounded_up(-amount, unit)


def _rounded_up(amount: int, unit: int) -> int:
    return -(-amount // unit)


def _bounded(exponent: str) -> int:
    digits = exponent.lstrip("+-").lstrip("0") or "0"
    power = int(digits) if len(digits) < 5 else _MAX_EXPONENT + _MAX_LENGTH
    power = min(power, _MAX_EXPONENT + _MAX_LENGTH)
    return -power if exponent.startswith("-") else power
