"""What a checked expression becomes: a tree of plain tuples, which `marshal` can store, and the facts about it."""

from typing import Any, NamedTuple

FORMAT = 1
"""Goes up when the shape or the meaning of stored trees changes."""

Node = tuple[Any, ...]
"""(kind, offset, type, ...): the offset is in code points from the start of the expression. What follows a kind:

const: value                      subject, parameters: nothing      variable, local: name
field, key: operand, name         has: operand, name                present: operand
and, or: terms                    if: condition, then, otherwise    call, function: name, arguments
list: elements                    map: pairs of key and value       bind: name, initial, body
exists, all, exists_one: name, range, predicate
collect: name, range, predicate or None, transform or None          (the macros `map` and `filter`)
"""


class Tree(NamedTuple):
    """A compiled expression.

    `type` is the canonical result type. `reads` are the dotted attributes of the subject that it reads itself ('' is
    the whole subject), `variables` and `parameters` the names that it uses, each in order. `depth` is how many local
    names are in force at once at most.
    """

    source: str
    type: str
    node: Node
    reads: tuple[str, ...]
    variables: tuple[str, ...]
    parameters: tuple[str, ...]
    depth: int

    def pack(self) -> tuple[Any, ...]:
        """Plain data for `marshal`."""
        return (self.source, self.type, self.node, self.reads, self.variables, self.parameters, self.depth)


def unpack(data: tuple[Any, ...]) -> Tree:
    """The tree that `Tree.pack` stored."""
    return Tree(*data)


def line_and_column(source: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column of a code point offset."""
    before = source[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside a node, in the order of evaluation."""
    kind = node[0]
    if kind in {"field", "key", "has", "present"}:
        return (node[3],)
    if kind in {"and", "or", "list"}:
        return tuple(node[3])
    if kind in {"call", "function"}:
        return tuple(node[4])
    if kind == "if":
        return (node[3], node[4], node[5])
    if kind == "map":
        return tuple(part for pair in node[3] for part in pair)
    if kind in {"bind", "exists", "all", "exists_one"}:
        return (node[4], node[5])
    if kind == "collect":
        return tuple(part for part in node[4:7] if part is not None)
    return ()
