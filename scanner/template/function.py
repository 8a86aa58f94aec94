"""Declared functions: a name, Go's parameter types, and the Python that computes the result."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple


class Function(NamedTuple):
    """A function that templates may call.

    `parameters` are Go's types, separated by blanks, the last one with `...` in front where it may repeat:
    `"string ...any"`. They are: string, int, int64, uint32, float64, bool, any (interface {}), list ([]interface {}),
    map (map[string]interface {}), strings ([]string), bytes ([]uint8), and the `go_type` of a Struct. The interpreter
    checks and converts the arguments by them, with Go's errors, before it calls; `call` gets them as positional
    arguments.

    `call` raises FunctionError for what Go returns as an error (and for what panics there). A `stateful` one gets the
    running `Run` before its arguments. `refusal` is what Go says of a method whose results a template cannot take.
    """

    name: str
    parameters: str
    call: Callable[..., Any]
    stateful: bool = False
    refusal: str = ""


def late(module: str, name: str) -> Callable[..., Any]:
    """A function of `scanner.template.MODULE`, which is imported with the first call: for what few templates use."""
    found: list[Callable[..., Any]] = []

    def call(*arguments: Any) -> Any:
        if not found:
            found.append(getattr(import_module(f"scanner.template.{module}"), name))
        return found[0](*arguments)

    return call


def by_name(*families: tuple[Function, ...]) -> dict[str, Function]:
    """One table of several families. Raises ValueError for a name that stands twice."""
    table: dict[str, Function] = {}
    for family in families:
        for function in family:
            if function.name in table:
                raise ValueError(f"the function {function.name} is declared twice")
            table[function.name] = function
    return table
