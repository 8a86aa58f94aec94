"""The functions of templates: one module a family, each with its table `FUNCTIONS`."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from scanner.template.function import Function, by_name

FAMILIES = (
    "builtins",
    "casing",
    "certificates",
    "dates",
    "defaults",
    "dicts",
    "encodings",
    "hashes",
    "json_texts",
    "lists",
    "merging",
    "network",
    "numbers",
    "passwords",
    "paths",
    "patterns",
    "randoms",
    "reflection",
    "string_lists",
    "strings",
    "urls",
    "versions",
)


@cache
def function_table() -> dict[str, Function]:
    """Every function of Go's text/template and of sprig that Helm leaves in, by name."""
    families = [f"{__name__}.{name}" for name in FAMILIES]
    return by_name(*(import_module(name).FUNCTIONS for name in families))
