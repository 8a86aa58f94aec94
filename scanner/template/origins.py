"""Where the values come from that cannot say it themselves: booleans, nil, plain numbers, results of functions.

The expression that made such a value is walked again, as data: fields are looked up in their containers, which know the
origins of their entries. Nothing is called and nothing changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from scanner.template.frame import Frame
from scanner.template.kinds import Items, Map, Struct, entry_origin, put
from scanner.template.nodes import (
    Chain,
    Command,
    Dot,
    Expression,
    Field,
    Identifier,
    Number,
    Pipeline,
    String,
    Variable,
)
from scanner.template.text import Text, first_origin

SILENT = frozenset((str, bool, type(None), int, float))
"""Classes of values that carry no origin."""

_KEEPERS = frozenset(("dict", "list", "set", "tuple"))


class Read(NamedTuple):
    """A value that an expression reads, its origin (None: not known), and the innermost map or list that it was looked
    up in and its route from dot or a variable (`.Values.image.tag`)."""

    value: Any
    origin: Any
    container: Any
    route: str


def reads(frame: Frame, node: Expression | Command, slots: Sequence[int]) -> list[Read]:
    """All values that an expression reads from dot and from variables, in order."""
    if isinstance(node, Pipeline):
        return [read for command in node.commands for read in reads(frame, command, slots)]
    if isinstance(node, Command):
        first = node.operands[0]
        if isinstance(first, Identifier) and first.name in ("get", "index"):
            found = _indexed(frame, node.operands[1:], slots)
            return [found] if found else []
        return [read for operand in node.operands for read in reads(frame, operand, slots)]
    if isinstance(node, Field):
        return [_follow(Read(frame.dot, frame.dot_origin, None, ""), node.names)]
    if isinstance(node, Dot):
        return [Read(frame.dot, _origin(frame.dot) or frame.dot_origin, None, ".")]
    if isinstance(node, Variable):
        slot = slots[node.use]
        if slot < 0:
            return []
        value = frame.vars[slot]
        origin = _origin(value) or frame.origins.get(slot)
        return [_follow(Read(value, origin, None, node.name), node.names)]
    if isinstance(node, Chain):
        inner = reads(frame, node.base, slots)
        return [_follow(inner[0], node.names)] if len(inner) == 1 else inner
    return []


def _origin(value: Any) -> Any:
    return first_origin(value)[1]


def _follow(start: Read, names: Sequence[Any]) -> Read:
    value, origin, container, route = start
    for name in names:
        route += f".{name}"
        if value is None:
            return Read(None, None, container, route)
        if isinstance(value, (dict, list)):
            container = value
            if isinstance(value, dict):
                value = value.get(name)
            else:
                value = value[name] if isinstance(name, int) and 0 <= name < len(value) else None
            origin = _origin(value) or entry_origin(container, name)
        elif isinstance(value, Struct) and name in value.fields:
            value = value.field(name)
            origin = _origin(value)
        else:
            return Read(None, None, container, route)
    return Read(value, origin, container, route)


def _indexed(frame: Frame, operands: Sequence[Expression], slots: Sequence[int]) -> Read | None:
    """What `index` and `get` read."""
    start = reads(frame, operands[0], slots) if operands else []
    if not start:
        return None
    keys: list[Any] = []
    for operand in operands[1:]:
        if isinstance(operand, String):
            keys.append(operand.value)
        elif isinstance(operand, Number):
            keys.append(operand.value.integer)
        else:
            inner = reads(frame, operand, slots)
            if len(inner) != 1 or not isinstance(inner[0].value, (str, int)):
                return start[0]
            keys.append(inner[0].value)
    return _follow(start[0], keys)


def origin_of(frame: Frame, node: Expression | Command, slots: Sequence[int], value: Any) -> Any:
    """The origin of a result: of the same value among those that its expression reads, else the first that is known."""
    first = None
    for read in reads(frame, node, slots):
        if read.origin is not None:
            if read.value is value:
                return read.origin
            if first is None:
                first = read.origin
    return first


def traced(frame: Frame, node: Pipeline, slots: Sequence[int], text: str, value: Any) -> str:
    """A text that shows a value, with the value's origin if there is one."""
    origin = origin_of(frame, node, slots, value)
    return text if origin is None else Text(text, ((len(text), None, origin),))


def remember(frame: Frame, node: Pipeline, slots: Sequence[int], slot: int, value: Any) -> Any:
    """A value that goes into a variable: a text gets its origin, that of another is noted beside the variable."""
    origin = origin_of(frame, node, slots, value)
    if type(value) is str:
        return value if origin is None or not value else Text(value, ((len(value), None, origin),))
    if origin is None:
        frame.origins.pop(slot, None)
    else:
        frame.origins[slot] = origin
    return value


def keeps(name: str) -> bool:
    """Whether a function puts its arguments into a container, which then has to know where they come from."""
    return name in _KEEPERS


def keep(frame: Frame, name: str, operands: Sequence[Expression], slots: Sequence[int], result: Any) -> Any:
    """The container that such a function made, with the origins of those of its entries that cannot say them."""
    if name in ("list", "tuple"):
        origins = [_of_silent(frame, operand, slots, item) for operand, item in zip(operands, result, strict=False)]
        return Items(result, None, origins) if any(origins) else result
    pairs = zip(operands[::2], operands[1::2], strict=False) if name == "dict" else [(operands[1], operands[2])]
    for key_node, operand in pairs:
        key: Any = key_node.value if isinstance(key_node, String) else None
        if key is None:
            known = reads(frame, key_node, slots)
            key = known[0].value if len(known) == 1 else None
        if not isinstance(key, str) or key not in result:
            continue
        origin = _of_silent(frame, operand, slots, result[key])
        if origin is not None:
            if name == "dict" and type(result) is dict:
                result = Map(result)
            put(result, str(key), result[key], origin)
    return result


def _of_silent(frame: Frame, operand: Expression, slots: Sequence[int], value: Any) -> Any:
    return origin_of(frame, operand, slots, value) if type(value) in SILENT else None


class Skipped(NamedTuple):
    """A branch that was not taken: the position of its action, and what its condition read."""

    position: tuple[Any, int]
    reads: tuple[Read, ...]


def skipped(frame: Frame, node: Pipeline, slots: Sequence[int], base: int) -> None:
    """Notes in the run that the branch of the action at `base` was not taken, and why."""
    found = tuple(reads(frame, node, slots))
    if found:
        key = (frame.source, base, found[0].route, id(found[0].container))
        if key not in frame.run.skipped:
            frame.run.skipped[key] = Skipped((frame.source, base), found)
