"""Go's fmt for template values: Sprint, Sprintln, Sprintf and %v, exactly, with the origin of what is printed.

A traced argument of %s or %v keeps its pieces; other verbs give a text of the argument's origin. The literal parts of a
format keep the pieces of the format. Strings that are no valid UTF-8 are held as `scanner.template.utf8` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scanner.template.float_text import shortest
from scanner.template.kinds import Float, Int, Int64, Struct
from scanner.template.printer import Output, print_argument, print_output
from scanner.template.printf import sprintf
from scanner.template.quoting import quote
from scanner.template.text import Text, from_origin
from scanner.template.verbs import PLAIN

__all__ = ["format_indirect", "format_output", "format_value", "quote", "sprint", "sprintf", "sprintln"]


def format_value(value: Any) -> str:
    """A value under %v: `<nil>`, `true`, `1e+06`, `[a b]`, `map[k:v]`. FunctionError for one that is too large."""
    kind = type(value)
    text: str
    if kind is Text or kind is str:
        text = value
        return text
    if kind is int:
        return str(value)
    if kind is float:
        return shortest(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is Int or kind is Int64 or kind is Float:
        text = shortest(value) if kind is Float else str(value)
        return text if value.origin is None else from_origin(text, value.origin)
    out = Output()
    print_argument(out, value, "v", PLAIN)
    return out.joined()


def format_output(value: Any) -> str:
    """What an action writes for a value: as `format_indirect`, but a struct may have an `output_string` for here."""
    if isinstance(value, Struct) and hasattr(value, "output_string"):
        text: str = value.output_string()
        return text
    return format_indirect(value)


def format_indirect(value: Any) -> str:
    """A value as escaping functions see it: nil is `<no value>`, a pointer to a struct is shown as the struct."""
    if value is None:
        return "<no value>"
    if isinstance(value, Struct):
        out = Output()
        print_output(out, value)
        return out.joined()
    return format_value(value)


def sprint(*values: object) -> str:
    """fmt.Sprint: a blank between two operands where neither is a string."""
    if len(values) == 1:
        return format_value(values[0])
    return joined_operands((format_value(value), isinstance(value, str)) for value in values)


def joined_operands(operands: Iterable[tuple[str, bool]]) -> str:
    """What operands print, each with whether it is a string, set together as fmt.Sprint does."""
    out = Output()
    after_text = True
    for text, is_text in operands:
        if not is_text and not after_text:
            out.add(" ")
        out.add(text)
        after_text = is_text
    return out.joined()


def sprintln(*values: object) -> str:
    """fmt.Sprintln: a blank between all operands, a line feed behind."""
    out = Output()
    for number, value in enumerate(values):
        if number:
            out.add(" ")
        out.add(format_value(value))
    out.add("\n")
    return out.joined()
