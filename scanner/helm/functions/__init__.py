"""The functions that Helm adds to sprig's, or has instead of them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from scanner.template.function import Function, by_name

FAMILIES = ("documents", "includes")
LEFT_OUT = ("env", "expandenv")
"""What sprig has and Helm has not."""


@cache
def function_table() -> dict[str, Function]:
    """Every function that a template of a chart may call, by name; always the same table, so that what is parsed with
    it can be shared."""
    from scanner.template.functions import function_table as sprig

    families = [f"{__name__}.{name}" for name in FAMILIES]
    own = by_name(*(import_module(name).FUNCTIONS for name in families))
    return {name: function for name, function in {**sprig(), **own}.items() if name not in LEFT_OUT}
