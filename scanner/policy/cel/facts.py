"""What is known of an expression without running it: the attributes, variables and parameters that it reads."""

from __future__ import annotations

from scanner.policy.cel.tree import Node, children

Chain = tuple[str, ...] | None
"""The attribute of the subject that a name stands for; None where it is no attribute."""


class Facts:
    """Collects what a tree reads while it walks it."""

    def __init__(self, node: Node) -> None:
        self.reads: set[str] = set()
        self.variables: set[str] = set()
        self.parameters: set[str] = set()
        self._walk(node, {})

    def _walk(self, node: Node, names: dict[str, tuple[Chain, bool]]) -> None:
        kind = node[0]
        chain = self._chain(node, names)
        if chain is not None:
            self.reads.add(".".join(chain[0] or ()))
            return
        if kind == "variable":
            self.variables.add(node[3])
        elif kind == "field" and node[3][0] == "parameters":
            self.parameters.add(node[4])
        if kind == "bind":
            self._bind(node, names)
        elif kind in {"exists", "all", "exists_one", "collect"}:
            self._loop(node, names)
        else:
            for child in children(node):
                self._walk(child, names)

    def _bind(self, node: Node, names: dict[str, tuple[Chain, bool]]) -> None:
        chain = self._chain(node[4], names)
        if chain is None:
            self._walk(node[4], names)
        self._walk(node[5], {**names, node[3]: chain or (None, False)})

    def _loop(self, node: Node, names: dict[str, tuple[Chain, bool]]) -> None:
        chain = self._chain(node[4], names)
        self._walk(node[4], names)
        inner = {**names, node[3]: (chain[0], True) if chain else (None, False)}
        for part in node[5:]:
            if part is not None:
                self._walk(part, inner)

    def _chain(self, node: Node, names: dict[str, tuple[Chain, bool]]) -> tuple[Chain, bool] | None:
        """The attribute that a node is, and whether it is an item of it (then nothing below it counts)."""
        kind = node[0]
        if kind == "subject":
            return (), False
        if kind == "local":
            known = names.get(node[3], (None, False))
            return known if known[0] is not None else None
        if kind in {"field", "has", "key"}:
            return self._below(node[3], node[4], names)
        if kind == "present":
            return self._chain(node[3], names)
        if kind == "call" and node[3] == "_[_]":
            index = node[4][1]
            if index[0] != "const":
                return None
            if isinstance(index[3], str):
                return self._below(node[4][0], index[3], names)
            outer = self._chain(node[4][0], names)
            return (outer[0], True) if outer else None
        return None

    def _below(self, operand: Node, name: str, names: dict[str, tuple[Chain, bool]]) -> tuple[Chain, bool] | None:
        outer = self._chain(operand, names)
        if outer is None or outer[0] is None:
            return None
        # Below an item of a list, or inside a map of a view, the list or the map itself is what is read.
        if outer[1] or operand[2].startswith("map("):
            return outer[0], True
        return (*outer[0], name), False


def local_depth(node: Node) -> int:
    """How many local names are in force at once at most."""
    below = max((local_depth(child) for child in children(node)), default=0)
    return below + (node[0] in {"bind", "exists", "all", "exists_one", "collect"})
