"""Regular expressions of schemas: RE2's, as Go has them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_PLAIN = re.compile(r"\^?(?:[A-Za-z0-9_/:,=%@~ -]|\\[.\-/]|\.[*+]?)*\$?")
"""Expressions that are surely valid, and mean the same everywhere."""


def is_pattern(expression: str) -> bool:
    """Whether an expression is valid."""
    if _PLAIN.fullmatch(expression):
        return True
    try:
        _compiled(expression)
    except ValueError:
        return False
    return True


def compiled_pattern(expression: str, place: str) -> Callable[[str], bool]:
    """What tells whether an expression matches anywhere in a text. Raises SchemaError for an invalid one."""
    if not is_pattern(expression):
        from scanner.helm.json_schema.compiled import SchemaError
        from scanner.template.printing import quote

        raise SchemaError(f"invalid regex {quote(expression)} at {quote(place)}: {fault(expression)}")

    found: list[Callable[[str], bool]] = []

    def matches(text: str) -> bool:
        if not found:  # most patterns are never asked
            found.append(_compiled(expression))
        return found[0](text)

    return matches


def fault(expression: str) -> str:
    """What Go says of an invalid expression; '' for a valid one."""
    try:
        _compiled(expression)
    except ValueError as error:
        return str(error)
    return ""


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> Callable[[str], bool]:
    from scanner.template.errors import FunctionError
    from scanner.template.go_regexp import compiled
    from scanner.template.go_regexp_syntax import PatternError
    from scanner.template.utf8 import encoded

    try:
        regexp = compiled(expression)
    except (PatternError, FunctionError) as error:
        raise ValueError(str(error)) from None
    return lambda text: regexp.program.search(encoded(text)) is not None
