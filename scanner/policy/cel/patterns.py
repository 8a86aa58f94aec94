"""Regular expressions of rules: RE2, linear in time, compiled once and bounded in memory. Imported late."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

LONGEST = 2_000
"""Code points in a pattern; RE2 bounds the memory of what it compiles to."""
_MEMORY = 8 << 20


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """The compiled pattern, with `search`. Raises ValueError where it is not valid, saying why."""
    import re2

    if len(pattern) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise ValueError(_explained(error)) from None


def pattern_error(pattern: str) -> str:
    """What is wrong with a pattern, '' where it is right."""
    try:
        compiled(pattern)
    except ValueError as error:
        return str(error)
    return ""


def _explained(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "it holds half of a surrogate pair"
    reason = error.args[0] if error.args else "not valid"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
