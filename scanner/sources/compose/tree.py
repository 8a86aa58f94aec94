"""Values that know where they were written: what all steps of resolving work on."""

from __future__ import annotations

from typing import Any

from scanner.core.document import Mark, tight_span
from scanner.core.location import Location, Span, at
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose.go_values import text_of


class Node:
    """A value with its place. Nodes are never changed once others refer to them: every step builds new ones.

    `value` is a scalar, `Unknown`, `PartialText`, a dict of Nodes or a list of Nodes. `mark` is where the value stands
    in `file`, None for a value that Compose adds by itself; `key` is the mark of its key. `inherited` tells that it
    came in by `extends`.
    """

    __slots__ = ("file", "inherited", "key", "mark", "value")

    def __init__(
        self,
        value: Any,
        file: str = "",
        mark: Mark | Span | None = None,
        key: Mark | None = None,
        inherited: bool = False,
    ) -> None:
        self.value = value
        self.file = file
        self.mark = mark
        self.key = key
        self.inherited = inherited

    def replaced(self, value: Any) -> Node:
        """Another value at the same place."""
        return Node(value, self.file, self.mark, self.key, self.inherited)

    def item(self, value: Any) -> Node:
        """A part of this value, such as the port in `80:80`, which stands where the whole does, but has no key."""
        return Node(value, self.file, self.mark, None, self.inherited)

    def get(self, key: str) -> Node | None:
        """The entry of a mapping; None where there is none, or where this is no mapping."""
        value = self.value
        return value.get(key) if value.__class__ is dict else None

    def location(self, *, prefer_value: bool = True) -> Location | None:
        """The tightest region: a one-line scalar itself, else the key. None for a value that Compose adds."""
        mark = self.mark
        if mark is None:
            return None
        if isinstance(mark, Span):
            return at(self.file, mark)
        return at(self.file, tight_span(mark, self.key, prefer_value=prefer_value))


def implied(value: Any) -> Node:
    """A value that Compose adds by itself, nested plain values and Nodes alike."""
    if isinstance(value, Node):
        return value
    if value.__class__ is dict:
        return Node({key: implied(child) for key, child in value.items()})
    if value.__class__ is list:
        return Node([implied(child) for child in value])
    return Node(value)


def plain(node: Node) -> Any:
    """The value alone, as dicts, lists and scalars."""
    value = node.value
    if value.__class__ is dict:
        return {key: plain(child) for key, child in value.items()}
    if value.__class__ is list:
        return [plain(child) for child in value]
    return value


def spread(node: Node, value: Any) -> Node:
    """`value` (plain) in place of the scalar `node`: every part of it stands where the scalar does."""
    if value.__class__ is dict:
        return node.replaced({key: spread(node.item(None), child) for key, child in value.items()})
    if value.__class__ is list:
        return node.replaced([spread(node.item(None), child) for child in value])
    return node.replaced(value)


def overlay(node: Node, value: Any) -> Node:
    """`value` (plain) with the places of `node`, whose shape it mostly has; what is new in it Compose has added."""
    old = node.value
    if value.__class__ is dict and old.__class__ is dict:
        return node.replaced(
            {key: overlay(old[key], child) if key in old else implied(child) for key, child in value.items()}
        )
    if value.__class__ is list and old.__class__ is list and len(old) == len(value):
        return node.replaced([overlay(before, child) for before, child in zip(old, value, strict=True)])
    return node if old.__class__ is value.__class__ and old == value else spread(node, value)


def same(one: Node, other: Node) -> bool:
    """Whether two values are identical, their types too."""
    a, b = one.value, other.value
    if a.__class__ is not b.__class__:
        return False
    if a.__class__ is dict:
        return len(a) == len(b) and all(key in b and same(child, b[key]) for key, child in a.items())
    if a.__class__ is list:
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def size(node: Node) -> int:
    """How many values a tree holds."""
    value = node.value
    if value.__class__ is dict:
        return 1 + sum(map(size, value.values()))
    return 1 + sum(map(size, value)) if value.__class__ is list else 1


def inherit(node: Node) -> Node:
    """The same tree, marked as what `extends` brought in."""
    value = node.value
    if value.__class__ is dict:
        value = {key: inherit(child) for key, child in value.items()}
    elif value.__class__ is list:
        value = [inherit(child) for child in value]
    return Node(value, node.file, node.mark, node.key, True)


def descend(node: Node, route: Route) -> list[Node]:
    """The nodes along `route`, from `node` itself as far as they exist."""
    nodes = [node]
    for step in route:
        value = node.value
        if value.__class__ is list:
            if not isinstance(step, int) or not 0 <= step < len(value):
                break
        elif value.__class__ is not dict or step not in value:
            break
        node = value[step]
        nodes.append(node)
    return nodes


def is_open(value: Any) -> bool:
    """Whether a value is not known, wholly or in part."""
    return isinstance(value, (Unknown, PartialText))


def as_unknown(value: Unknown | PartialText) -> Unknown:
    """The reason why a value is not known."""
    return value.unknown if isinstance(value, PartialText) else value


def prefixed(prefix: str, value: Any) -> Any:
    """`prefix` and the text of `value`, which may hold unknown pieces."""
    if isinstance(value, PartialText):
        head, *rest = value.parts
        return PartialText((prefix + head, *rest) if isinstance(head, str) else (prefix, head, *rest))
    if isinstance(value, Unknown):
        return PartialText((prefix, value))
    return prefix + text_of(value)


def cut(value: Any, separator: str) -> tuple[Any, Any | None]:
    """A text before and after the first `separator`; None where there is none. Unknown pieces hold no separator."""
    if not isinstance(value, PartialText):
        before, found, after = (
            text_of(value).partition(separator) if not isinstance(value, Unknown) else (value, "", "")
        )
        return before, after if found else None
    for index, part in enumerate(value.parts):
        if isinstance(part, str) and separator in part:
            before, _, after = part.partition(separator)
            return glued((*value.parts[:index], before)), glued((after, *value.parts[index + 1 :]))
    return value, None


def glued(parts: tuple[str | Unknown, ...]) -> Any:
    """One value out of pieces: text, `Unknown` where nothing else is there, else `PartialText`."""
    kept = tuple(part for part in parts if part != "")
    if not kept:
        return ""
    return kept[0] if len(kept) == 1 else PartialText(kept)
