"""sprig's functions that choose among values by whether they are empty."""

from __future__ import annotations

from typing import Any

from scanner.template.function import Function
from scanner.template.truth import is_empty


def default(standard: Any, *given: Any) -> Any:
    """The first of `given`, or `standard` where there is none or it is empty."""
    return standard if not given or is_empty(given[0]) else given[0]


def coalesce(*values: Any) -> Any:
    """The first value that is not empty, or nil."""
    for value in values:
        if not is_empty(value):
            return value
    return None


def _all(*values: Any) -> bool:
    return not any(map(is_empty, values))


def _any(*values: Any) -> bool:
    return not all(map(is_empty, values))


def ternary(if_true: Any, if_false: Any, condition: bool) -> Any:
    """One of two values."""
    return if_true if condition else if_false


FUNCTIONS = (
    Function("all", "...any", _all),
    Function("any", "...any", _any),
    Function("coalesce", "...any", coalesce),
    Function("default", "any ...any", default),
    Function("empty", "any", is_empty),
    Function("ternary", "any any bool", ternary),
)
