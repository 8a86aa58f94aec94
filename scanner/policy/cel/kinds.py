"""The types of the rule language, written as in `scanner.core.views`, and what Python values they stand for.

Canonical form: `string`, `int`, `bool`, `double`, `dyn`, `null`, `list(T)`, `map(K,V)`, or the name of a view, of a
shape or `parameters`.
"""

from __future__ import annotations

from typing import Any

SCALARS = frozenset({"string", "int", "bool", "double", "dyn", "null"})
_DECLARED = {"list": "list(string)", "map": "map(string,string)"}
_CLASSES: dict[str, type | None] = {
    "string": str,
    "int": int,
    "bool": bool,
    "double": float,
    "dyn": None,
    "null": type(None),
}
_DEFAULTS: dict[str, Any] = {"string": "", "int": 0, "bool": False, "double": 0.0, "dyn": None, "null": None}


def canonical(kind: str) -> str:
    """The canonical form of a declared type: `map(string)` is `map(string,string)`, a bare `list` holds strings."""
    kind = _DECLARED.get(kind, kind)
    if kind.startswith("list("):
        return f"list({canonical(kind[5:-1])})"
    if kind.startswith("map("):
        key, value = sides(kind)
        return f"map({key},{canonical(value)})"
    return kind


def element(kind: str) -> str:
    """What iterating over a value of this type yields."""
    if kind.startswith("list("):
        return kind[5:-1]
    if kind.startswith("map("):
        return sides(kind)[0]
    return "dyn"


def sides(kind: str) -> tuple[str, str]:
    """The key and value types of a map type; the key is `string` where only the value's type is written."""
    inner = kind[4:-1]
    key, comma, value = inner.partition(",")
    if comma and key in SCALARS:
        return key, value
    return "string", inner


def is_message(kind: str) -> bool:
    """Whether the type is a view, a shape or the rule's parameters: a dict in which absent attributes have no key."""
    return kind not in SCALARS and not kind.startswith(("list(", "map("))


def mentions_message(kind: str) -> bool:
    """Whether a message occurs in the type at any depth."""
    if kind.startswith("list("):
        return mentions_message(element(kind))
    if kind.startswith("map("):
        return mentions_message(sides(kind)[1])
    return kind not in SCALARS


def message_of(kind: str) -> str:
    """The view or shape that the type is made of, '' where it has none."""
    while kind.startswith(("list(", "map(")):
        kind = element(kind) if kind.startswith("list(") else sides(kind)[1]
    return "" if kind in SCALARS else kind


def class_of(kind: str) -> type | None:
    """The Python class of values of this type; None where it is only known when they are there."""
    if kind in _CLASSES:
        return _CLASSES[kind]
    return list if kind.startswith("list(") else dict


def default_of(kind: str) -> Any:
    """What an absent attribute of this type reads as. Lists and maps are fresh objects: they are never changed."""
    if kind in _DEFAULTS:
        return _DEFAULTS[kind]
    return [] if kind.startswith("list(") else {}


def nests(kind: str) -> bool:
    """Whether a value of this type may hold lists or maps: then its own size says little."""
    if kind.startswith("list("):
        inner = element(kind)
    elif kind.startswith("map("):
        inner = sides(kind)[1]
    else:
        return kind == "dyn" or is_message(kind)
    return inner == "dyn" or inner not in SCALARS
