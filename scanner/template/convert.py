"""Arguments as functions take them: Go's checks and conversions by the declared types of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from scanner.template.frame import Frame, failure, last_node
from scanner.template.kinds import (
    Float,
    Int,
    Int64,
    Items,
    Map,
    NilBytes,
    NilList,
    NilMap,
    NilStrings,
    StringList,
    Values,
    go_type,
)
from scanner.template.nodes import Bool, Command, Expression, Nil, Number, String
from scanner.template.text import Text

Evaluate = Callable[[Frame], Any]

_ACCEPTED: dict[str, frozenset[type]] = {
    "string": frozenset((str, Text)),
    "int": frozenset((int, Int)),
    "int64": frozenset((Int64,)),
    "float64": frozenset((float, Float)),
    "bool": frozenset((bool,)),
    "list": frozenset((list, Items, NilList)),
    "map": frozenset((dict, Map, Values, NilMap)),
    "strings": frozenset((StringList, NilStrings)),
    "bytes": frozenset((bytes, NilBytes)),
}
_INTEGERS = frozenset(("int", "int64", "time.Duration"))
_GO_NAMES = {
    "any": "interface {}",
    "list": "[]interface {}",
    "map": "map[string]interface {}",
    "strings": "[]string",
    "bytes": "[]uint8",
}
_NILS: dict[str, Callable[[], Any]] = {"list": NilList, "map": NilMap, "strings": NilStrings, "bytes": NilBytes}


class Signature(NamedTuple):
    """The types of a function's fixed parameters, and that of the rest ('' where there is no rest)."""

    fixed: tuple[str, ...]
    rest: str

    def kind(self, index: int) -> str:
        """The type of the argument with this number."""
        return self.fixed[index] if index < len(self.fixed) else self.rest

    def miscounted(self, name: str, given: int, piped: bool) -> str:
        """Go's message for a wrong number of arguments, '' for a right one. `given` leaves a piped one out."""
        count = given + piped
        if self.rest:
            if count >= len(self.fixed):
                return ""
            return f"wrong number of args for {name}: want at least {len(self.fixed)} got {given}"
        if count == len(self.fixed):
            return ""
        return f"wrong number of args for {name}: want {len(self.fixed)} got {count}"


@cache
def signature(parameters: str) -> Signature:
    """A declaration (see `scanner.template.function.Function`) taken apart."""
    kinds = parameters.split()
    if kinds and kinds[-1].startswith("..."):
        return Signature(tuple(kinds[:-1]), kinds[-1][3:])
    return Signature(tuple(kinds), "")


def go_name(kind: str) -> str:
    """A declared type as Go prints it."""
    return _GO_NAMES.get(kind, kind)


def can_be_nil(kind: str) -> bool:
    """Whether nil is a value of the declared type."""
    return kind == "any" or kind in _NILS or kind.startswith("*")


def checked(kind: str, node: Expression, evaluate: Evaluate, is_interface: Callable[[Frame], bool]) -> Evaluate:
    """An argument's evaluation with the check that its type asks for. `is_interface` says of a nil that was just
    evaluated whether Go holds it as an interface {} value: an entry of a map, an element of a list."""
    if kind == "any":
        return evaluate
    accepted = _ACCEPTED.get(kind, frozenset())

    def read(frame: Frame) -> Any:
        value = evaluate(frame)
        if type(value) in accepted:
            return value
        return adapt(frame, kind, value, node, is_interface=value is None and is_interface(frame))

    return read


def piped_check(kind: str, node: Expression | Command) -> Callable[[Frame, Any], Any]:
    """The check of a value that is piped into a call as an argument of this type."""
    if kind == "any":
        return _unchecked
    accepted = _ACCEPTED.get(kind, frozenset())
    return lambda frame, value: value if type(value) in accepted else adapt(frame, kind, value, node)


def _unchecked(_: Frame, value: Any) -> Any:
    return value


def adapt(frame: Frame, kind: str, value: Any, node: Expression | Command, *, is_interface: bool = False) -> Any:
    """A value that is not plainly of its parameter's type: nil as the zero of the type, else Go's error."""
    if value is None:
        if kind == "any":
            return None
        if is_interface:
            message = f"wrong type for value; expected {go_name(kind)}; got interface {{}}"
        elif can_be_nil(kind):
            return _NILS[kind]() if kind in _NILS else None
        else:
            message = f"invalid value; expected {go_name(kind)}"
    else:
        found = go_type(value)
        if kind == "any" or found == kind or found == "*" + kind:
            return value
        message = f"wrong type for value; expected {go_name(kind)}; got {found}"
    raise failure(frame, last_node(frame, node), message)


def literal(kind: str, node: Expression) -> tuple[Any, str]:
    """What a literal is as an argument of this type, and Go's message where it cannot be one."""
    if isinstance(node, Nil):
        if not can_be_nil(kind):
            return None, f"cannot assign nil to {go_name(kind)}"
        return (_NILS[kind]() if kind in _NILS else None), ""
    if kind == "any":
        return ideal(node)
    if kind == "string":
        return (node.value, "") if isinstance(node, String) else (None, f"expected string; found {node}")
    if kind == "bool":
        return (node.value, "") if isinstance(node, Bool) else (None, f"expected bool; found {node}")
    numeral = node.value if isinstance(node, Number) else None
    if kind in _INTEGERS:
        if numeral is None or numeral.integer is None:
            return None, f"expected integer; found {node}"
        return (numeral.integer if kind == "int" else Int64(numeral.integer)), ""
    if kind == "uint32":
        if numeral is None or numeral.unsigned is None:
            return None, f"expected unsigned integer; found {node}"
        return numeral.unsigned & 0xFFFFFFFF, ""
    if kind == "float64":
        if numeral is None or numeral.real is None:
            return None, f"expected float; found {node}"
        return numeral.real, ""
    return None, f"can't handle {node} for arg of type {go_name(kind)}"


def ideal(node: Expression) -> tuple[Any, str]:
    """What a literal is where no type is asked for, and Go's message where it is nothing."""
    if not isinstance(node, Number):
        return (node.value if isinstance(node, (Bool, String)) else None), ""
    text, numeral = node.text, node.value
    if numeral.imaginary is not None:
        return numeral.imaginary, ""
    is_hexadecimal = text[:2] in ("0x", "0X") and "p" not in text.lower()
    if numeral.real is not None and not is_hexadecimal and text[0] != "'" and any(mark in text for mark in ".eEpP"):
        return numeral.real, ""
    if numeral.integer is not None:
        return numeral.integer, ""
    return None, f"{text} overflows int"


UNTYPED = frozenset((list, Items, NilList, dict, Map, Values, NilMap))
"""Containers whose elements are interface {} values; those of the others have a type of their own."""
