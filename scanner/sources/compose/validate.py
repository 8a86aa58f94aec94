"""Whether a project is one that Compose accepts: known keys, right types, required keys."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

from scanner.core.route import Route, format_route
from scanner.core.timestamps import Timestamp
from scanner.sources.compose.context import Context
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, is_open, plain

_TYPE_NAMES = {
    "s": "a text",
    "i": "a whole number",
    "n": "a number",
    "b": "true or false",
    "0": "null",
    "o": "a mapping",
    "l": "a list",
}


def validate(node: Node, spec: Spec, context: Context, route: Route = ()) -> Node:
    """`node`, checked against `spec`. Strict: the first mistake raises SourceError.

    Else a value of the wrong kind becomes unknown, and an unknown key is left out with a notice.
    """
    value = node.value
    if is_open(value):
        return node
    letters = _letters(value)
    if not any(letter in spec.types for letter in letters) and not (letters == "t" and _takes_anything(spec)):
        allowed = " or ".join(_TYPE_NAMES[letter] for letter in spec.types)
        return node.replaced(context.reject(f"{format_route(route) or 'the project'} must be {allowed}", node))
    if value.__class__ is dict:
        return _mapping(node, spec, context, route)
    if value.__class__ is list:
        return _list(node, spec, context, route)
    problem = _scalar_problem(value, spec)
    if problem:
        return node.replaced(context.reject(f"{format_route(route)} {problem}", node))
    return node


def _takes_anything(spec: Spec) -> bool:
    """Whether a scalar of any kind becomes a text here, as in `environment`."""
    return "s" in spec.types and "n" in spec.types


def _letters(value: Any) -> str:
    if value is None:
        return "0"
    kind = value.__class__
    if kind is str:
        return "s"
    if kind is bool:
        return "b"
    if kind is Timestamp:
        return "t"
    if kind is int:
        return "in"
    if kind is float:
        return "" if not math.isfinite(value) else "in" if value.is_integer() else "n"
    return "o" if kind is dict else "l"


def _scalar_problem(value: Any, spec: Spec) -> str:
    if isinstance(value, str):
        if spec.choices and value not in spec.choices:
            return "must be one of " + ", ".join(spec.choices)
        if spec.pattern and not spec.pattern.match(value):
            return "does not have the form that Compose asks for"
    elif spec.bounds and isinstance(value, int | float) and not isinstance(value, bool):
        low, high = spec.bounds
        if not low <= value <= high:
            return f"must be at least {low}" if value < low else f"must be at most {high}"
    return ""


def _mapping(node: Node, spec: Spec, context: Context, route: Route) -> Node:
    fields = spec.fields or {}
    changed: dict[str, Node] | None = None
    value: dict[str, Node] = node.value
    for key, child in value.items():
        inner = fields.get(key)
        if inner is None:
            if spec.fields is not None and spec.extensions and key.startswith("x-"):
                check_numbers(child, context)
                continue
            inner = spec.entries
            if inner is None or (spec.keys is not None and not spec.keys.match(key)):
                if spec.open:
                    check_numbers(child, context)
                    continue
                changed = dict(value) if changed is None else changed
                del changed[key]
                _unknown_key(key, child, spec, context, route)
                continue
        checked = validate(child, inner, context, (*route, key))
        if checked is not child:
            changed = dict(value) if changed is None else changed
            changed[key] = checked
    for key in spec.required:
        if key not in value:
            context.note(f"{format_route(route)} needs the key {key}", node, key=True)
    if spec.any_of and not any(key in value for key in spec.any_of):
        context.note(f"{format_route(route)} needs one of the keys {', '.join(spec.any_of)}", node, key=True)
    return node if changed is None else node.replaced(changed)


def check_numbers(node: Node, context: Context) -> None:
    """Infinite and undefined numbers are refused anywhere, in extensions too."""
    value = node.value
    if value.__class__ is dict:
        for child in value.values():
            check_numbers(child, context)
    elif value.__class__ is list:
        for child in value:
            check_numbers(child, context)
    elif value.__class__ is float and not math.isfinite(value):
        context.note("is no number that Compose takes", node)


def _unknown_key(key: str, child: Node, spec: Spec, context: Context, route: Route) -> None:
    if context.strict:  # the suggestion costs an import
        context.note(f"{format_route((*route, key))} is not known to Compose", child, key=True)
    import difflib

    close = difflib.get_close_matches(key, list(spec.fields or ()), 1)
    place = format_route(route) or "the top level"
    if spec.entries is not None:
        # Not a key but a name: a whole service or volume is left out, which is more than a notice.
        message = f"the name {key} in {place} is not one that Compose takes: it is not judged"
        context.reject(message, child, "use letters, digits, dots, dashes and underscores", key=True)
        return
    hint = f"did you mean {close[0]}?" if close else "remove it, or begin its name with x-"
    context.note(f"the key {key} in {place} is not known to Compose: it is not judged", child, hint, key=True)


def _list(node: Node, spec: Spec, context: Context, route: Route) -> Node:
    items: list[Node] = node.value
    inner = spec.items
    if inner is None:
        return node
    checked = [validate(item, inner, context, (*route, index)) for index, item in enumerate(items)]
    if spec.distinct:
        seen: set[Hashable] = set()
        for index, item in enumerate(items):
            token = _token(plain(item))
            if token in seen:
                context.note(f"{format_route((*route, index))} stands here twice", item)
            seen.add(token)
    if any(after is not before for after, before in zip(checked, items, strict=True)):
        return node.replaced(checked)
    return node


def _token(value: Any) -> Hashable:
    """Equal for what JSON holds to be equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, dict):
        return ("o", frozenset((key, _token(child)) for key, child in value.items()))
    if isinstance(value, list):
        return ("l", tuple(_token(child) for child in value))
    if isinstance(value, bool):
        return ("b", value)
    if isinstance(value, int | float):
        return ("n", value)
    return ("s", value)
