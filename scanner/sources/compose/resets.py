"""`!reset` and `!override`: what a later file takes away from the earlier ones before it is laid over them."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.core.route import Route
from scanner.sources.compose.tree import Node


def apply_resets(node: Node, resets: Sequence[Route], at: Route = ()) -> Node:
    """`node`, which stands at the route `at`, without what stands at one of the routes `resets`.

    Routes into lists take nothing away, as in Compose.
    """
    for reset in resets:
        depth = len(at)
        if len(reset) > depth and reset[:depth] == at:
            node = _without(node, reset[depth:])
    return node


def _without(node: Node, route: Route) -> Node:
    value = node.value
    step = route[0]
    if value.__class__ is not dict or not isinstance(step, str) or step not in value:
        return node
    if len(route) == 1:
        return node.replaced({key: child for key, child in value.items() if key != step})
    changed = _without(value[step], route[1:])
    return node if changed is value[step] else node.replaced({**value, step: changed})
