"""How messages about schemas print texts and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scanner.helm.json_schema.document import Literal
from scanner.template.printing import format_value, quote

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def quoted(text: str) -> str:
    """A text in single quotes."""
    # The library replaces in the text with its quotes: a backslash at the end loses its double.
    inside = quote(str(text)).replace('\\"', '"').replace("'", "\\'")[1:-1]
    return f"'{inside}'"


def all_quoted(texts: Iterable[str]) -> str:
    """Texts in single quotes, with commas between them."""
    return ", ".join(map(quoted, texts))


def counted(number: int) -> str:
    """An integer with commas between its thousands."""
    return f"{number:,}"


def measured(number: float) -> str:
    """A number with commas between its thousands, or as a power of ten."""
    text = str(format_value(float(number)))
    mantissa, exponent, power = text.partition("e")
    if exponent:
        return f"{mantissa}\u00d710{power.lstrip('+').translate(_RAISED)}"
    whole, dot, fraction = mantissa.partition(".")
    return f"{int(whole):,}{dot}{fraction}" if whole not in ("-0", "") else mantissa


def shown(value: Any) -> str:
    """A single value; what is made of others is `value`."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict | list):
        return "value"
    return value.text if isinstance(value, Literal) else str(format_value(value))


def pointer(location: tuple[str, ...]) -> str:
    """A JSON pointer."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in location)
