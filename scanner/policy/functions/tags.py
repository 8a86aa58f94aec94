"""Tags: which resources they make critical, production, or fit to be interrupted."""

from __future__ import annotations

from scanner.core.globs import glob_pattern
from scanner.policy.function import Function
from scanner.policy.functions.globs import LIMIT


def tagged(tags: dict[str, str], patterns: list[str]) -> bool:
    """Whether a tag fits one of `patterns`: `NAME=VALUE`, or `NAME` for any value. Upper and lower case are alike, and
    `*` is any text."""
    return any(_fits(tags, pattern) for pattern in patterns)


def _fits(tags: dict[str, str], pattern: str) -> bool:
    if len(pattern) > LIMIT:
        raise ValueError(f"a pattern has at most {LIMIT} characters")
    name, sign, wanted = pattern.lower().partition("=")
    return any(_matches(name, key) and (not sign or _matches(wanted, value)) for key, value in tags.items())


def _matches(pattern: str, text: str) -> bool:
    # A slash is an ordinary character of a tag.
    return glob_pattern(pattern.replace("/", "\0")).match(text.lower().replace("/", "\0")) is not None


FUNCTIONS = (Function("tagged", ("map(string)", "list(string)"), "bool", tagged),)
