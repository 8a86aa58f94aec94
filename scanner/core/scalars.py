"""How plain YAML scalars become values: each format's own tool resolves them a little differently."""

from __future__ import annotations

import math
from collections.abc import Callable

from scanner.core.patterns import late
from scanner.core.timestamps import parse_timestamp

Scalar = str | int | float | bool | None

_NULLS = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")
_TRUE_1_1 = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON")
_FALSE_1_1 = ("n", "N", "no", "No", "NO", "off", "Off", "OFF")

_FLOAT = late(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL_FLOATS = {
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INTEGER = late(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_LARGEST_UNSIGNED = 2**64 - 1
_SMALLEST_SIGNED = -(2**63)
_CACHE_LIMIT = 20_000


def _integer(text: str) -> int | None:
    match = _INTEGER.match(text.replace("_", ""))
    if match is None:
        return None
    sign, hexadecimal, binary, octal, decimal = match.groups()
    if hexadecimal:
        number = int(hexadecimal, 16)
    elif binary:
        number = int(binary, 2)
    elif octal:
        number = int(octal, 8)
    elif len(decimal) > 20:  # int() refuses thousands of digits; past 64 bits it is a float anyway
        return None
    else:
        number = int(decimal)
    number = -number if sign == "-" else number
    return number if _SMALLEST_SIGNED <= number <= _LARGEST_UNSIGNED else None


def _number(text: str) -> int | float | None:
    integer = _integer(text)
    if integer is not None:
        return integer
    if text in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[text]
    digits = text if text[0] == "." else text.replace("_", "")  # behind a leading point Go takes no underscore
    if _FLOAT.match(digits):
        value = float(digits)
        return None if math.isinf(value) else value  # out of range stays text, as Go's ParseFloat fails
    return None


def _resolver(words: dict[str, Scalar], timestamps: bool) -> Callable[[str], Scalar]:
    cache: dict[str, Scalar] = dict(words)

    def resolve(text: str) -> Scalar:
        try:
            return cache[text]
        except KeyError:
            pass
        value: Scalar = text
        if text[0] in "0123456789+-.":
            number = _number(text)
            value = text if number is None else number
            if timestamps and number is None and text[4:5] == "-":
                value = parse_timestamp(text) or text
        if len(text) < 64 and len(cache) < _CACHE_LIMIT:
            cache[text] = value
        return value

    return resolve


class Scalars:
    """A format's rules: `resolve` turns the text of a plain scalar into its value. `surrogates`: its tool reads JSON as
    JSON, with characters beyond 16 bits as two escapes."""

    __slots__ = ("name", "resolve", "surrogates")

    def __init__(
        self, name: str, words: dict[str, Scalar], *, timestamps: bool = False, surrogates: bool = False
    ) -> None:
        self.name = name
        self.resolve = _resolver(words, timestamps)
        self.surrogates = surrogates


_CORE: dict[str, Scalar] = {
    **dict.fromkeys(_NULLS),
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
}

COMPOSE = Scalars("compose", {**_CORE, "-0": -0.0}, timestamps=True)
"""As compose-go reads (go.yaml.in/yaml v4): YAML 1.2 words, Go's integers (`0o17`, `017`, `0x1f`, `1_000`), dates."""

_WORDS_1_1 = {**_CORE, **dict.fromkeys(_TRUE_1_1, True), **dict.fromkeys(_FALSE_1_1, False)}
KUBERNETES = Scalars("kubernetes", _WORDS_1_1, surrogates=True)
"""As sigs.k8s.io/yaml reads: YAML 1.1 words too, so that `yes` and `off` are booleans."""

CONFIG = Scalars("config", _CORE)
"""Our own files: rules, cases and configuration."""
