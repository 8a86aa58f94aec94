"""One file's tree laid over what the files before it say, in canonical form."""

from __future__ import annotations

from scanner.core.route import Route
from scanner.sources.compose.canonical import canonical, omit_empty
from scanner.sources.compose.context import Context
from scanner.sources.compose.merge import Merger
from scanner.sources.compose.schema import PROJECT
from scanner.sources.compose.tree import Node
from scanner.sources.compose.unique import enforce_unicity
from scanner.sources.compose.validate import validate


def laid_over(project: Node, tree: Node, context: Context, *, check: bool) -> Node:
    """`tree` over `project`, in canonical form; `check` holds the result against the schema."""
    if project.mark is None:
        project = tree.replaced(project.value)
    result = Merger(context).merge(project, tree, PROJECT)
    result = enforce_unicity(result, PROJECT, context)
    if check:
        result = validate(result, PROJECT, context)
        if "version" in result.value:
            result = result.replaced({key: child for key, child in result.value.items() if key != "version"})
    result = omit_empty(canonical(result, PROJECT, context))
    return enforce_unicity(result, PROJECT, context)


def promote_extensions(tree: Node, resets: list[Route], context: Context) -> tuple[Node, list[Route]]:
    """`x-develop` and its `x-initialSync` under the names that they were given later."""
    services = tree.get("services")
    if services is None or services.value.__class__ is not dict:
        return tree, resets
    changed = {name: _promote_develop(service, context) for name, service in services.value.items()}
    if any(changed[name] is not service for name, service in services.value.items()):
        tree = tree.replaced({**tree.value, "services": services.replaced(changed)})
    resets = [*resets, *(route for route in map(_promoted_route, resets) if route not in resets)]
    return tree, resets


def _promoted_route(route: Route) -> Route:
    parts = list(route)
    if len(parts) > 2 and parts[0] == "services" and parts[2] == "x-develop":
        parts[2] = "develop"
    if len(parts) > 5 and parts[2:4] == ["develop", "watch"] and parts[5] == "x-initialSync":
        parts[5] = "initial_sync"
    return tuple(parts)


def _promote_develop(service: Node, context: Context) -> Node:
    if service.value.__class__ is not dict:
        return service
    service = _promote(service, "x-develop", "develop", context)
    develop = service.get("develop")
    watch = develop.get("watch") if develop is not None else None
    if develop is None or watch is None or watch.value.__class__ is not list:
        return service
    items = [
        _promote(item, "x-initialSync", "initial_sync", context) if item.value.__class__ is dict else item
        for item in watch.value
    ]
    if all(after is before for after, before in zip(items, watch.value, strict=True)):
        return service
    changed = develop.replaced({**develop.value, "watch": watch.replaced(items)})
    return service.replaced({**service.value, "develop": changed})


def _promote(node: Node, name: str, to: str, context: Context) -> Node:
    extension = node.get(name)
    if extension is None:
        return node
    rest = {key: child for key, child in node.value.items() if key != name}
    known = rest.get(to)
    rest[to] = extension if known is None or known.value is None else Merger(context).merge(extension, known, None)
    return node.replaced(rest)
