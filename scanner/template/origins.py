"""Where the values come from that cannot say it themselves: booleans, nil, plain numbers, results of functions.

The fields that an expression reads are looked up again, as data, in containers that know the origins of their entries.
Nothing is called and nothing changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from scanner.template.frame import Frame, State
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
from scanner.template.sizes import ITEM
from scanner.template.text import Text, first_origin

SILENT = frozenset((str, bool, type(None), int, float))
"""Classes of values that carry no origin."""

RETURNED = -2
"""The slot of what a call returned."""

_SAME = frozenset(("get", "index", "first", "last", "dig", "default", "required"))
"""The functions that return a value which they are given, or an entry of it."""
_ENDS = {"first": 0, "last": -1}
_KEEPERS = frozenset(("dict", "list", "set", "tuple"))
_MOST_SKIPPED = 12_000
_DEEPEST = 50


class Reference(NamedTuple):
    """What an expression reads: a variable's `slot` (-1: dot), the keys from there (each a name, a number or another
    reference), and how that is written (`.Values.image.tag`). Slot -2 is what a call returned: the key is then the `id`
    of the chain that reads from it."""

    slot: int
    keys: tuple[Any, ...]
    route: str


class Read(NamedTuple):
    """A value that an expression read, its origin (None: not known), the innermost map or list that it was looked up
    in, and its route from dot or a variable."""

    value: Any
    origin: Any
    container: Any
    route: str


def references(node: Expression | Command, slots: Sequence[int]) -> tuple[Reference, ...]:
    """All that an expression reads from dot and from variables, in order."""
    if isinstance(node, Pipeline):
        found: tuple[Reference, ...] = ()
        for command in node.commands:
            found = _piped(command, found, slots)
        return found
    if isinstance(node, Command):
        return _piped(node, (), slots)
    if isinstance(node, Field):
        return (Reference(-1, node.names, str(node)),)
    if isinstance(node, Dot):
        return (Reference(-1, (), "."),)
    if isinstance(node, Variable):
        slot = slots[node.use]
        return (Reference(slot, node.names, str(node)),) if slot >= 0 else ()
    if isinstance(node, Chain):
        inner = references(node.base, slots) if _is_read(node.base) else ()
        return (_longer(inner[0], node.names) if len(inner) == 1 else Reference(RETURNED, (id(node),), str(node)),)
    return ()


def _piped(node: Command, before: tuple[Reference, ...], slots: Sequence[int]) -> tuple[Reference, ...]:
    """What one stage of a pipeline reads, `before` being what the stages before it read."""
    first, operands = node.operands[0], node.operands[1:]
    name = first.name if isinstance(first, Identifier) else ""
    if name in ("get", "index") and operands and not before and _is_read(operands[0]):
        return _indexed(references(operands[0], slots), operands[1:], slots)
    if name in _ENDS and len(operands) + bool(before) == 1:
        start = references(operands[0], slots) if operands else before
        return (_longer(start[0], (_ENDS[name],)),) if len(start) == 1 else start
    if name == "dig" and len(operands) > 1 + (not before):
        start, keys = (before, operands) if before else (references(operands[-1], slots), operands[:-1])
        return _indexed(start, keys[:-1], slots) + references(keys[-1], slots)
    return before + tuple(found for operand in node.operands for found in references(operand, slots))


def _is_read(node: Expression | Command, depth: int = 0) -> bool:
    """Whether an expression looks something up, or is written out, and calls nothing that makes another value. One that
    is nested deeply is not looked into: each level asks this again."""
    if depth > _DEEPEST:
        return False
    if isinstance(node, Pipeline):
        return all(_is_read(command, depth + 1) for command in node.commands)
    if isinstance(node, Command):
        first = node.operands[0]
        called = isinstance(first, Identifier) and first.name in _SAME
        return (called or len(node.operands) == 1) and all(
            _is_read(operand, depth + 1) for operand in node.operands[called:]
        )
    if isinstance(node, Chain):
        return _is_read(node.base, depth + 1)
    return not isinstance(node, Identifier) or node.name in ("dict", "list")


def _longer(start: Reference, keys: Sequence[Any]) -> Reference:
    names = [key.route if isinstance(key, Reference) else str(key) for key in keys]
    route = start.route.removesuffix(".") if start.route == "." else start.route
    return Reference(start.slot, (*start.keys, *keys), ".".join((route, *names)))


def _indexed(start: tuple[Reference, ...], keys: Sequence[Expression], slots: Sequence[int]) -> tuple[Reference, ...]:
    """What `index`, `get` and `dig` read; of what cannot be said, the containers and the keys."""
    steps: list[Any] = []
    for key in keys:
        inner = references(key, slots)
        if isinstance(key, String):
            steps.append(key.value)
        elif isinstance(key, Number):
            steps.append(key.value.integer)
        elif len(inner) == 1:
            steps.append(inner[0])
        else:
            return (*start, *inner)
    return (_longer(start[0], steps),) if len(start) == 1 else start


def read(state: State, reference: Reference) -> Read:
    """Looks up what a reference means now."""
    slot, keys, route = reference
    if slot == RETURNED:
        returned = state.returned.get(keys[0])
        return Read(None, None, None, route) if returned is None else returned._replace(route=route)
    value, origin = (state.dot, state.dot_origin) if slot < 0 else (state.vars[slot], state.origins.get(slot))
    container: Any = None
    for key in keys:
        if type(key) is Reference:
            key = read(state, key).value
        if isinstance(value, dict) and isinstance(key, (str, int)):
            container = value
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int):
            container = value
            key = len(value) - 1 if key == -1 else key
            value = value[key] if 0 <= key < len(value) else None
        elif isinstance(value, Struct) and isinstance(key, str) and key in value.fields:
            value = value.field(key)
        else:
            return Read(None, None, container, route)
        origin = None if value is not None and container is None else entry_origin(container, key)
    return Read(value, first_origin(value)[1] or origin, container, route)


def note_entry(frame: Frame, chain: Chain, container: Any, value: Any) -> None:
    """Remembers the origin of a value that a chain found as an entry of what a call returned."""
    origin = first_origin(value)[1] or entry_origin(container, chain.names[-1])
    frame.returned[id(chain)] = Read(value, origin, container, "")


def origin_of(frame: State, found: Sequence[Reference], value: Any) -> Any:
    """The origin of a result: of the same value among those that its expression reads, else the first that is known."""
    first = None
    for reference in found:
        each = read(frame, reference)
        if each.origin is not None:
            if each.value is value:
                return each.origin
            if first is None:
                first = each.origin
    return first


def traced(frame: Frame, found: Sequence[Reference], text: str, value: Any) -> str:
    """A text that shows a value, with the value's origin if there is one."""
    origin = origin_of(frame, found, value)
    return text if origin is None else Text(text, ((len(text), None, origin),))


def remember(frame: Frame, found: Sequence[Reference], slot: int, value: Any) -> Any:
    """A value that goes into a variable: a text gets its origin, that of another is noted beside the variable."""
    origin = origin_of(frame, found, value)
    if type(value) is str:
        return value if origin is None or not value else Text(value, ((len(value), None, origin),))
    if origin is None:
        frame.origins.pop(slot, None)
    else:
        frame.origins[slot] = origin
    return value


class Kept(NamedTuple):
    """What a call puts into a container: by what key, and what the value's expression reads. In a list the key is the
    number of the item."""

    key: Any
    found: tuple[Reference, ...]


def kept(name: str, operands: Sequence[Expression], slots: Sequence[int]) -> list[Kept]:
    """What the call of a function puts into the container that it returns; empty where it is no such function."""
    if name not in _KEEPERS:
        return []
    if name in ("list", "tuple"):
        each: list[tuple[Any, Expression]] = list(enumerate(operands))
    elif name == "set":
        each = [(operands[1], operands[2])] if len(operands) == 3 else []
    else:
        each = list(zip(operands[::2], operands[1::2], strict=False))
    result = []
    for key, operand in each:
        found = references(operand, slots)
        if isinstance(key, String):
            key = key.value
        elif not isinstance(key, int):
            of_key = references(key, slots)
            key = of_key[0] if len(of_key) == 1 else None
        if found and key is not None:
            result.append(Kept(key, found))
    return result


def keep(frame: Frame, name: str, entries: Sequence[Kept], result: Any) -> Any:
    """The container that such a call made, with the origins of those of its entries that cannot say them."""
    if isinstance(result, list):
        origins = [None] * len(result)
        for place, found in entries:
            if place < len(result) and type(result[place]) in SILENT:
                origins[place] = origin_of(frame, found, result[place])
        return Items(result, None, origins) if any(origin is not None for origin in origins) else result
    for key, found in entries:
        if type(key) is Reference:
            key = read(frame, key).value
        if not isinstance(key, str) or key not in result or type(result[key]) not in SILENT:
            continue
        origin = origin_of(frame, found, result[key])
        if origin is not None:
            if name == "dict" and type(result) is dict:
                result = Map(result)
            put(result, str(key), result[key], origin)
    return result


class Skipped(State):
    """A branch that was not taken: the position of its action, and what its condition reads. What it read is looked up
    only when somebody asks."""

    __slots__ = ("found", "position")

    def __init__(self, frame: Frame, found: tuple[Reference, ...], base: int) -> None:
        self.position = (frame.source, base)
        self.found = found
        self.dot = frame.dot
        self.dot_origin = frame.dot_origin
        self.vars = frame.vars[:]
        self.origins = dict(frame.origins)
        self.returned = dict(frame.returned)

    @property
    def reads(self) -> tuple[Read, ...]:
        """The values that the condition read, in order."""
        return tuple(read(self, reference) for reference in self.found)


def skipped(frame: Frame, found: tuple[Reference, ...], base: int) -> None:
    """Notes in the run that the branch of the action at `base` was not taken, and what decided it."""
    known = frame.run.skipped
    key = (frame.source, base, id(frame.dot))
    if found and key not in known and len(known) < _MOST_SKIPPED:
        frame.run.room -= len(frame.vars) * ITEM
        known[key] = Skipped(frame, found, base)
