"""Turns a checked expression into our tree: names resolved, macros recognised, and refused what is not supported."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from scanner.policy.cel import kinds
from scanner.policy.cel.errors import Problem
from scanner.policy.cel.runtime import unqualified
from scanner.policy.cel.tree import Node, line_and_column
from scanner.policy.cel.wire import Checked, Raw

OPERATORS = frozenset(
    {"!_", "-_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_+_", "_-_", "_*_", "_/_", "_%_", "@in", "_[_]"}
)
LIBRARY = frozenset(
    """size contains startsWith endsWith matches lowerAscii upperAscii trim replace split join substring charAt
    indexOf lastIndexOf reverse int double string bool dyn""".split()
)
_ARITHMETIC = frozenset({"-_", "_+_", "_-_", "_*_", "_/_", "_%_"})
Locals = dict[str, str]
"""The local names in force, with their types."""
_KEYS = frozenset({"string", "int", "dyn"})
_UNSUPPORTED = {
    "uint": "unsigned integers are not supported",
    "bytes": "bytes are not supported",
    "timestamp": "timestamps are not supported",
    "duration": "durations of CEL are not supported",
    "type": "types as values are not supported",
}
_NULL_HINT = "present() tells whether an attribute is there"


class Lowering:
    """Lowers one checked expression. `names` says what the names outside the expression are: subject, parameters,
    variable; `functions` are the declared ones; `base` is the offset at which the expression starts. After `run`,
    `node` is the tree, `problems` what is wrong with it, `strange` whether it has a name that is none of these."""

    def __init__(
        self, source: str, checked: Checked, names: dict[str, str], functions: Collection[str], base: int
    ) -> None:
        self.problems: list[Problem] = []
        self.strange = False
        self.node: Node = ("const", 0, "null", None)
        self._source = source
        self._checked = checked
        self._names = names
        self._functions = functions
        self._base = base

    def run(self, root: Raw) -> None:
        """Lowers everything under `root`."""
        self.node = self._node(root, {})

    def _refuse(self, offset: int, message: str, hint: str = "") -> None:
        line, column = line_and_column(self._source, offset)
        self.problems.append(Problem(line, column, message, hint))

    def _offset(self, raw: Raw) -> int:
        return max(0, self._checked.positions.get(raw[1], self._base) - self._base)

    def type_of(self, raw: Raw) -> str:
        """The type of a node, without the package of messages."""
        return unqualified(self._checked.types.get(raw[1], "dyn"))

    def _node(self, raw: Raw, names: Locals) -> Node:
        kind = raw[0]
        offset, type_ = self._offset(raw), self.type_of(raw)
        unsupported = _unsupported(type_)
        if unsupported:
            self._refuse(offset, unsupported)
            return ("const", offset, type_, None)
        if kind == "const":
            return ("const", offset, type_, raw[3])
        if kind == "ident":
            return self._identifier(raw[2], offset, type_, names)
        if kind == "select":
            return self._select(raw, offset, type_, names)
        if kind == "call":
            return self._call(raw, offset, type_, names)
        if kind == "list":
            return self._list(raw, offset, type_, names)
        if kind == "map":
            return self._map(raw, offset, type_, names)
        if kind == "comprehension":
            return self._comprehension(raw, offset, type_, names)
        self._refuse(offset, "this kind of expression is not supported")
        return ("const", offset, type_, None)

    def _identifier(self, name: str, offset: int, type_: str, names: Locals) -> Node:
        if name in names:
            return ("local", offset, names[name], name)
        kind = self._names.get(name)
        if kind is None:
            self.strange = True
            return ("const", offset, type_, None)
        return (kind, offset, type_, name) if kind == "variable" else (kind, offset, type_)

    def _select(self, raw: Raw, offset: int, type_: str, names: Locals) -> Node:
        operand = self._node(raw[2], names)
        if raw[4]:
            return ("has", offset, "bool", operand, raw[3])
        if kinds.is_message(operand[2]):
            return ("field", offset, type_, operand, raw[3])
        return ("key", offset, _inside(operand[2]), operand, raw[3])

    def _call(self, raw: Raw, offset: int, type_: str, names: Locals) -> Node:
        target, name = raw[2], raw[3]
        if name in {"_&&_", "_||_"}:
            terms = [self._node(term, names) for term in _flatten(raw, name)]
            return ("and" if name == "_&&_" else "or", offset, "bool", tuple(terms))
        arguments = tuple(self._node(part, names) for part in (*((target,) if target else ()), *raw[4]))
        if name == "_?_:_":
            self._refuse_mixed(offset, type_, arguments[1:])
            return ("if", offset, _common(arguments[1:]), *arguments)
        if name == "present":
            return self._present(offset, arguments[0])
        if name in self._functions:
            return ("function", offset, type_, name, arguments)
        if name in {"_==_", "_!=_"}:
            self._refuse_null(offset, arguments)
        elif name == "dyn":
            self._refuse_mixed(offset, "dyn", arguments)
        elif name == "matches":
            self._check_pattern(arguments[1])
        elif name == "_[_]":
            type_ = _inside(arguments[0][2])
        elif name in _ARITHMETIC and any(part[2] == "dyn" for part in arguments):
            type_ = "dyn"
        elif name not in OPERATORS and name not in LIBRARY:
            self._refuse(offset, f"the function {name} is not supported")
        return ("call", offset, type_, name, arguments)

    def _present(self, offset: int, argument: Node) -> Node:
        shape = argument[0]
        index = shape == "call" and argument[3] == "_[_]"
        if shape not in {"field", "key", "subject", "parameters", "local", "variable"} and not index:
            self._refuse(offset, "present() takes an attribute, not a computed value")
        return ("present", offset, "bool", argument)

    def _refuse_null(self, offset: int, arguments: tuple[Node, ...]) -> None:
        for one, other in (arguments, arguments[::-1]):
            if one[2] == "null" and other[2] not in {"dyn", "null"}:
                self._refuse(offset, f"{_described(other)} is never null", _NULL_HINT)

    def _refuse_mixed(self, offset: int, type_: str, parts: tuple[Node, ...]) -> None:
        """A message whose type is no longer known could not tell an absent attribute from a wrong one."""
        for part in parts:
            if kinds.mentions_message(part[2]) and not kinds.mentions_message(type_):
                self._refuse(offset, f"{_described(part)} cannot be mixed with values of another type")

    def _check_pattern(self, pattern: Node) -> None:
        if pattern[0] != "const":
            return
        from scanner.policy.cel.patterns import pattern_error

        error = pattern_error(pattern[3])
        if error:
            self._refuse(pattern[1], f"the regular expression is wrong: {error}", "the syntax is RE2's")

    def _list(self, raw: Raw, offset: int, type_: str, names: Locals) -> Node:
        if raw[3]:
            self._refuse(offset, "optional elements are not supported")
        elements = tuple(self._node(part, names) for part in raw[2])
        self._refuse_mixed(offset, type_, elements)
        return ("list", offset, f"list({_common(elements)})" if elements else type_, elements)

    def _map(self, raw: Raw, offset: int, type_: str, names: Locals) -> Node:
        if raw[2]:
            self._refuse(offset, "messages cannot be written in rules")
            return ("const", offset, type_, None)
        pairs = []
        for key, value, optional in raw[3]:
            if optional:
                self._refuse(offset, "optional entries are not supported")
            pair = (self._node(key, names), self._node(value, names))
            if pair[0][2] not in _KEYS:
                self._refuse(pair[0][1], f"a map's key is a string or an int, not {pair[0][2]}")
            self._refuse_mixed(offset, type_, pair)
            pairs.append(pair)
        if pairs:
            keys, values = (_common(tuple(pair[side] for pair in pairs)) for side in (0, 1))
            type_ = f"map({keys},{values})"
        return ("map", offset, type_, tuple(pairs))

    def _comprehension(self, raw: Raw, offset: int, type_: str, names: Locals) -> Node:
        bound = read_bind(raw)
        if bound is not None:
            name, initial, body = bound
            first = self._node(initial, names)
            second = self._node(body, {**names, name: first[2]})
            return ("bind", offset, second[2], name, first, second)
        macro = read_macro(raw)
        if macro is None:
            self._refuse(offset, "this macro is not supported")
            return ("const", offset, type_, None)
        kind, parts = macro
        range_ = self._node(raw[3], names)
        item = kinds.element(range_[2])
        bodies = tuple(None if part is None else self._node(part, {**names, raw[2]: item}) for part in parts)
        if kind == "collect":
            type_ = f"list({item if bodies[1] is None else bodies[1][2]})"
        return (kind, offset, type_, raw[2], range_, *bodies)


def read_bind(raw: Raw) -> tuple[str, Raw, Raw] | None:
    """The name, the value and the body of `cel.bind`, which is a loop over nothing; None where it is another macro."""
    if raw[0] != "comprehension":
        return None
    _, _, _, range_, name, initial, condition, step, result, second = raw
    empty = range_[0] == "list" and not range_[2]
    if second or not empty or condition[0] != "const" or condition[3] is not False or step != ("ident", step[1], name):
        return None
    return name, initial, result


def read_macro(raw: Raw) -> tuple[str, tuple[Raw | None, ...]] | None:
    """Which standard macro a comprehension is, and its parts inside the loop; None where it is none of them."""
    _, _, variable, _, name, initial, condition, step, result, second = raw
    if second or initial[0] not in {"const", "list"}:
        return None
    if _is_ident(result, name) and initial[0] == "const" and step[0] == "call":
        function, arguments = step[3], step[4]
        first = arguments[0] if arguments else None
        if first is not None and _is_ident(first, name) and _is_guard(condition, name, exists=function == "_||_"):
            if function == "_||_" and initial[3] is False:
                return "exists", (arguments[1],)
            if function == "_&&_" and initial[3] is True:
                return "all", (arguments[1],)
        return None
    if condition[0] != "const" or condition[3] is not True:
        return None
    predicate: Raw | None = None
    if step[0] == "call" and step[3] == "_?_:_":
        predicate, step, otherwise = step[4]
        if not _is_ident(otherwise, name):
            return None
    if step[0] != "call" or step[3] != "_+_" or not _is_ident(step[4][0], name):
        return None
    added = step[4][1]
    if initial[0] == "const":
        counted = result[0] == "call" and result[3] == "_==_" and _is_ident(result[4][0], name)
        return ("exists_one", (predicate,)) if counted and predicate and added[0] == "const" else None
    if initial[2] or added[0] != "list" or len(added[2]) != 1 or not _is_ident(result, name):
        return None
    item = added[2][0]
    return "collect", (predicate, None if _is_ident(item, variable) else item)


def _inside(type_: str) -> str:
    """The type of a value in a list or map. The checker's own answer is not used: it narrows `dyn` by what is done
    with the value, which only holds for one of several types that it may have."""
    if type_.startswith("map("):
        return kinds.sides(type_)[1]
    return kinds.element(type_)


def _common(nodes: tuple[Node, ...]) -> str:
    """The type of all nodes, `dyn` where they differ."""
    types = {node[2] for node in nodes}
    return types.pop() if len(types) == 1 else "dyn"


def _is_ident(raw: Raw, name: str) -> bool:
    return bool(raw[0] == "ident" and raw[2] == name)


def _is_guard(raw: Raw, name: str, *, exists: bool) -> bool:
    if raw[0] != "call" or raw[3] != "@not_strictly_false":
        return False
    inner = raw[4][0]
    if exists:
        return inner[0] == "call" and inner[3] == "!_" and _is_ident(inner[4][0], name)
    return _is_ident(inner, name)


def _flatten(raw: Raw, name: str) -> Iterator[Raw]:
    for part in raw[4]:
        if part[0] == "call" and part[3] == name:
            yield from _flatten(part, name)
        else:
            yield part


@lru_cache(maxsize=1024)
def _unsupported(type_: str) -> str:
    """Why values of this type are refused, '' where they are not."""
    words = type_.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return next((text for word, text in _UNSUPPORTED.items() if word in words), "")


def _described(node: Node) -> str:
    """The node as a person would name it: `container.image`, else its type."""
    names: list[Any] = []
    while node[0] in {"field", "key"}:
        names.append(node[4])
        node = node[3]
    if names:
        return f"the attribute {'.'.join(reversed(names))}"
    return f"a value of type {node[2]}"
