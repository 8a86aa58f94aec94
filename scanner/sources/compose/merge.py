"""Merging files: what a later file says over what an earlier one says, attribute by attribute."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from scanner.core.unknown import Unknown
from scanner.sources.compose.context import Context
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, as_unknown, implied, is_open, plain, prefixed, same
from scanner.sources.compose.unique import drop_repeated

Entries = dict[str, Node]


class Merger(NamedTuple):
    """`lead` tells where a mapping that both sides have is found: at the base, or at what is laid over it."""

    context: Context
    lead: Literal["base", "over"] = "base"

    def merge(self, base: Node, over: Node, spec: Spec | None) -> Node:
        """`over` over `base`. Raises SourceError where Compose refuses the pair, or goes on with `over`."""
        merges_scalars = spec is not None and spec.merge in ("build", "sequence", "key_values")
        if not merges_scalars and (is_open(over.value) or is_open(base.value)):
            return over if over.value is not None else base
        if spec is not None and spec.merge:
            return _STRATEGIES[spec.merge](self, base, over, spec)
        if over.value is None:
            return base
        kind = base.value.__class__
        if kind is dict:
            if over.value.__class__ is not dict:
                return self.refused(over)
            return self.placed(base, over, self.mappings(base.value, over.value, spec))
        if kind is list:
            if over.value.__class__ is not list:
                return self.refused(over)
            return self.placed(base, over, joined(base.value, over.value))
        return over

    def mappings(self, base: Entries, over: Entries, spec: Spec | None) -> Entries:
        """The entries of both; entries that both have are merged."""
        result = dict(base)
        for key, value in over.items():
            before = result.get(key)
            result[key] = value if before is None else self.merge(before, value, child_spec(spec, key))
        return result

    def placed(self, base: Node, over: Node, value: Entries | list[Node]) -> Node:
        """`value`, made of both, where the one that leads stands."""
        return (base if self.lead == "base" and base.mark is not None else over).replaced(value)

    def refused(self, over: Node) -> Node:
        """What is left of a pair that cannot be merged."""
        self.context.reject("cannot be merged with what an earlier file says: one is a list, one a mapping", over)
        return over


def child_spec(spec: Spec | None, key: str) -> Spec | None:
    """What describes the entry `key` of a mapping."""
    if spec is None:
        return None
    return (spec.fields or {}).get(key) or spec.entries


def joined(base: list[Node], over: list[Node]) -> list[Node]:
    """Both lists, without items of the second that stand in the result already."""
    result = list(base)
    scalars = {(node.value.__class__, node.value) for node in base if isinstance(node.value, str | int)}
    for node in over:
        if isinstance(node.value, str | int):
            token = (node.value.__class__, node.value)
            if token in scalars:
                continue
            scalars.add(token)
        elif any(same(existing, node) for existing in result):
            continue
        result.append(node)
    return result


def as_sequence(node: Node) -> list[Node]:
    """A mapping as sorted `key=value` items, a string as a list of it."""
    value = node.value
    if value.__class__ is list:
        return list(value)
    if isinstance(value, str) or is_open(value):
        return [node.item(value)]
    if value.__class__ is not dict:
        return []
    items: list[tuple[str, Node]] = []
    for key, child in value.items():
        if child.value is None:
            items.append((key, child.replaced(key)))
        elif child.value.__class__ is list:
            items += [(key, one.replaced(prefixed(f"{key}=", one.value))) for one in child.value]
        else:
            items.append((key, child.replaced(prefixed(f"{key}=", scalar(child)))))
    return [node for _, node in sorted(items, key=_sequence_order)]


def scalar(node: Node) -> object:
    """The value of a leaf; a mapping in its place as Go prints it."""
    return plain(node) if node.value.__class__ is dict else node.value


def _sequence_order(item: tuple[str, Node]) -> str:
    return item[1].value if isinstance(item[1].value, str) else item[0]


def as_mapping(node: Node, defaults: dict[str, object] | None, context: Context) -> Entries:
    """A list of names as a mapping from them; null as an empty one."""
    value = node.value
    if value is None:
        return {}
    if value.__class__ is dict:
        return dict(value)
    names = [node.item(value)] if isinstance(value, str) else value
    if names.__class__ is not list:
        context.reject("must be a list of names or a mapping", node)
        return {}
    result: Entries = {}
    for name in names:
        if not isinstance(name.value, str):
            context.reject("must be a name", name)
            continue
        body = None if defaults is None else {key: implied(default) for key, default in defaults.items()}
        result[name.value] = name.replaced(body)
    return result


def _replace(_merger: Merger, _base: Node, over: Node, _spec: Spec) -> Node:
    return over


def _sequence(merger: Merger, base: Node, over: Node, _spec: Spec) -> Node:
    found = joined(as_sequence(base), as_sequence(over))
    if not found and base.value.__class__ is not list and merger.context.strict:
        return over.replaced(None)  # an empty mapping under an empty list is null to Compose
    return merger.placed(base, over, found)


def _key_values(merger: Merger, base: Node, over: Node, _spec: Spec) -> Node:
    return merger.placed(base, over, drop_repeated(as_sequence(base) + as_sequence(over), "key", merger.context))


def _build(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    def entries(node: Node) -> Entries:
        if isinstance(node.value, str) or is_open(node.value):
            return {"context": node.item(node.value)}
        return node.value if node.value.__class__ is dict else {}

    if base.value is None and entries(over):
        merger.context.reject("build is null in an earlier file", base)
    return merger.placed(base, over, merger.mappings(entries(base), entries(over), spec))


def _depends_on(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    defaults = {"condition": "service_started", "required": True}
    left = as_mapping(base, defaults, merger.context)
    return merger.placed(base, over, merger.mappings(left, as_mapping(over, defaults, merger.context), spec))


def _names(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    left = as_mapping(base, None, merger.context)
    return merger.placed(base, over, merger.mappings(left, as_mapping(over, None, merger.context), spec))


def _logging(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    for node in (base, over):
        if node.value.__class__ is not dict:
            merger.context.reject("logging must be a mapping", node)
            return over
    before, after = base.get("driver"), over.get("driver")
    if before is None or after is None or same(before, after):
        return merger.placed(base, over, merger.mappings(base.value, over.value, spec))
    return over


def _ulimit(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    if base.value.__class__ is dict and over.value.__class__ is dict:
        return merger.placed(base, over, merger.mappings(base.value, over.value, spec))
    return over


def _ipam(merger: Merger, base: Node, over: Node, spec: Spec) -> Node:
    """Address pools by subnet, as Compose pairs them: pools that no later file names are gone."""
    for node in (base, over):
        if node.value.__class__ is not list:
            merger.context.reject("ipam.config must be a list", node)
            return over
    pools: list[tuple[Node, Entries]] = []

    def subnet(pool: Entries) -> object:
        node = pool.get("subnet")
        if node is None or node.value is None:
            return None
        return as_unknown(node.value) if isinstance(node.value, Unknown) else node.value

    for original in base.value:
        right = as_mapping(original, None, merger.context)
        for addition in over.value:
            left = as_mapping(addition, None, merger.context)
            if subnet(left) != subnet(right) and not any(subnet(pool) == subnet(left) for _, pool in pools):
                pools.append((addition, left))
                continue
            right.update(merger.mappings(right, left, spec.items))  # in place: the pool may stand in the list already
            index = next((i for i, (_, pool) in enumerate(pools) if subnet(pool) == subnet(right)), None)
            if index is None:
                pools.append((original, right))
            else:
                pools[index] = (original, right)
    return merger.placed(base, over, [node.replaced(dict(pool)) for node, pool in pools])


_STRATEGIES: dict[str, Callable[[Merger, Node, Node, Spec], Node]] = {
    "replace": _replace,
    "sequence": _sequence,
    "key_values": _key_values,
    "build": _build,
    "depends_on": _depends_on,
    "names": _names,
    "logging": _logging,
    "ulimit": _ulimit,
    "ipam": _ipam,
}
STRATEGIES = frozenset(_STRATEGIES)
"""The names that `Spec.merge` may hold."""
