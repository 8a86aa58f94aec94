"""What Compose adds to a merged model: the default network, names of resources, dependencies that follow from links."""

from __future__ import annotations

from typing import Any

from scanner.sources.compose.context import Context
from scanner.sources.compose.environment import Environment
from scanner.sources.compose.merge import Merger
from scanner.sources.compose.service_schema import CONTAINER, SERVICE
from scanner.sources.compose.tree import Node, cut, implied, is_open, prefixed
from scanner.sources.compose.volumes import clean_path

Entries = dict[str, Node]

_NAMED = ("networks", "volumes", "configs", "secrets")
_SHARED = ("network_mode", "ipc", "pid", "uts", "cgroup")


def normalized(project: Node, name: str, environment: Environment, context: Context) -> Node:
    """`project` with all that Compose implies. `name` is the project's."""
    entries: Entries = dict(project.value)
    uses_default = False
    for section in ("services", "jobs"):
        body = entries.get(section)
        if body is None or body.value.__class__ is not dict:
            continue
        services: Entries = {}
        for key, service in body.value.items():
            if service.value.__class__ is not dict:
                services[key] = service
                continue
            container, default = _with_networks(dict(service.value))
            uses_default |= default
            services[key] = service.replaced(_container(container, environment, context))
        entries[section] = body.replaced(services)
    networks = entries.get("networks")
    declared = networks.value if networks is not None and networks.value.__class__ is dict else {}
    if uses_default and "default" not in declared:
        declared = {**declared, "default": implied(None)}
    if declared:
        entries["networks"] = (networks or implied({})).replaced(declared)
    for section in _NAMED:
        body = entries.get(section)
        if body is not None and body.value.__class__ is dict:
            entries[section] = body.replaced({key: _named(key, one, name) for key, one in body.value.items()})
    return project.replaced(entries)


def _with_networks(container: Entries) -> tuple[Entries, bool]:
    """The container in the default network if it names none; whether it uses that network."""
    if "provider" in container or "network_mode" in container:
        return container, False
    networks = container.get("networks")
    if networks is None or not networks.value:
        container["networks"] = (networks or implied(None)).replaced({"default": implied(None)})
        return container, True
    return container, networks.value.__class__ is dict and "default" in networks.value


def _container(container: Entries, environment: Environment, context: Context) -> Entries:
    policy = container.get("pull_policy")
    if policy is not None and policy.value == "if_not_present":
        container["pull_policy"] = policy.replaced("missing")
    build = container.get("build")
    if build is not None and build.value.__class__ is dict:
        container["build"] = build.replaced(_build(dict(build.value), environment))
    variables = container.get("environment")
    if variables is not None:
        container["environment"] = _resolved(variables, environment, keep_empty=True)
    depends = container.get("depends_on")
    waits = dict(depends.value) if depends is not None and depends.value.__class__ is dict else {}
    for target, source, restart in _dependencies(container, context):
        if target not in waits:
            body = {"condition": "service_started", "restart": restart, "required": True}
            waits[target] = Node(implied(body).value, source.file, source.mark, source.key, source.inherited)
    if waits:
        container["depends_on"] = (depends or implied(None)).replaced(waits)
    _clean_targets(container, context)
    _complete_hooks(container, context)
    return container


def _build(build: Entries, environment: Environment) -> Entries:
    def missing(key: str) -> bool:
        return key not in build or build[key].value is None

    if missing("context"):
        build["context"] = implied(".")
    if missing("dockerfile") and missing("dockerfile_inline"):
        build["dockerfile"] = implied("Dockerfile")
    if "args" in build:
        build["args"] = _resolved(build["args"], environment, keep_empty=False)
    return build


def _resolved(node: Node, environment: Environment, *, keep_empty: bool) -> Node:
    """Variables without a value get the one of `environment`; else they stay empty, or go."""
    value = node.value
    if value.__class__ is dict:
        found: Entries = {}
        for key, child in value.items():
            if child.value is not None:
                found[key] = child
            elif key in environment:
                found[key] = child.replaced(environment[key])
            elif keep_empty:
                found[key] = child
        return node.replaced(found)
    if value.__class__ is not list:
        return node
    items = []
    for item in value:
        if is_open(item.value) or not isinstance(item.value, str) or "=" in item.value:
            items.append(item)
        elif item.value in environment:
            items.append(item.replaced(prefixed(f"{item.value}=", environment[item.value])))
        elif keep_empty:
            items.append(item)
    return node.replaced(items)


def _dependencies(container: Entries, context: Context) -> list[tuple[str, Node, bool]]:
    """What else a container waits for: (service, where that is said, whether it restarts with it)."""
    found: list[tuple[str, Node, bool]] = []
    for item in _texts(container.get("links")):
        service, alias = cut(item.value, ":")
        whole = item.value if alias is None or ":" in alias else service
        found.append((whole, item, True))
    for key in _SHARED:
        node = container.get(key)
        if node is None or is_open(node.value):
            continue
        if not isinstance(node.value, str):
            context.note(f"{key} must be a text", node)
        elif node.value.startswith("service:"):
            found.append((node.value.removeprefix("service:"), node, True))
    volumes = _texts(container.get("volumes_from"))
    found += [(one.value.partition(":")[0], one, False) for one in volumes if not one.value.startswith("container:")]
    return found


def _texts(node: Node | None) -> list[Node]:
    items = node.value if node is not None and node.value.__class__ is list else []
    return [item for item in items if isinstance(item.value, str)]


def _clean_targets(container: Entries, context: Context) -> None:
    volumes = container.get("volumes")
    if volumes is None or volumes.value.__class__ is not list:
        return
    items = []
    for item in volumes.value:
        target = item.get("target")
        if item.value.__class__ is dict and (target is None or target.value is None):
            context.note("a volume needs a target", item)
        elif target is not None and isinstance(target.value, str):
            clean = clean_path(target.value) or "."
            if clean != target.value:
                item = item.replaced({**item.value, "target": target.replaced(clean)})
        items.append(item)
    container["volumes"] = volumes.replaced(items)


def _complete_hooks(container: Entries, context: Context) -> None:
    """`pre_start` hooks take over what the service's own container has, but for its volumes."""
    hooks = container.get("pre_start")
    if hooks is None or hooks.value.__class__ is not list or not hooks.value:
        return
    base = {key: child for key, child in container.items() if key in CONTAINER and key != "volumes"}
    merger = Merger(context, lead="over")
    container["pre_start"] = hooks.replaced(
        [
            hook.replaced(merger.mappings(base, hook.value, SERVICE)) if hook.value.__class__ is dict else hook
            for hook in hooks.value
        ]
    )


def _named(key: str, resource: Node, project: str) -> Node:
    if resource.value is None:
        resource = resource.replaced({})
    if resource.value.__class__ is not dict:
        return resource
    given = resource.get("name")
    if given is not None and given.value is not None:
        return resource
    external = resource.get("external")
    outside: Any = external.value if external is not None else False
    if isinstance(outside, str):
        outside = outside in ("1", "t", "T", "TRUE", "true", "True")
    return resource.replaced({**resource.value, "name": implied(key if outside is True else f"{project}_{key}")})
