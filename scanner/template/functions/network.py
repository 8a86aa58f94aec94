"""Functions that would reach out of a template, and do not: getHostByName; and hello, which greets."""

from __future__ import annotations

from scanner.template.function import Function

FUNCTIONS = (
    # Helm answers so unless it is told to resolve names.
    Function("getHostByName", "string", lambda _name: ""),
    Function("hello", "", lambda: "Hello!"),
)
