"""Shell patterns over names and paths."""

from __future__ import annotations

from scanner.core.globs import glob_pattern
from scanner.policy.function import Function

LIMIT = 2_000
"""The longest pattern."""


def glob(pattern: str, text: str) -> bool:
    """Whether the whole `text` fits `pattern`.

    `*` is any run of characters but `/`, `?` one of them, `[a-z]` and `[!a-z]` one of a set, `**` any number of steps
    of a path; a backslash takes the next character as it is.
    """
    if len(pattern) > LIMIT:
        raise ValueError(f"a pattern has at most {LIMIT} characters")
    return glob_pattern(pattern).match(text) is not None


def glob_any(patterns: list[str], text: str) -> bool:
    """Whether `text` fits one of `patterns` (see `glob`)."""
    return any(glob(pattern, text) for pattern in patterns)


FUNCTIONS = (
    Function("glob", ("string", "string"), "bool", glob),
    Function("glob_any", ("list(string)", "string"), "bool", glob_any),
)
