"""A project resolved from its files: one tree in the form that Compose prints."""

import os
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from scanner.core.document import Document
from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.sources.compose import naming
from scanner.sources.compose.consistency import problems
from scanner.sources.compose.context import Context
from scanner.sources.compose.environment import Environment, merged, read_env_files
from scanner.sources.compose.implied import normalized
from scanner.sources.compose.interpolation import Known
from scanner.sources.compose.labels import with_label_files
from scanner.sources.compose.model import load_model
from scanner.sources.compose.paths import joined
from scanner.sources.compose.schema import PROJECT
from scanner.sources.compose.scope import Scope
from scanner.sources.compose.tree import Node, descend, plain
from scanner.sources.compose.typed import extensions_apart, printed

_PRINTED = ("services", "jobs", "networks", "volumes", "secrets", "configs")


class Resolved(NamedTuple):
    """A project as Compose prints it. `tree` has name, services and the other sections; `environment` its variables."""

    name: str
    tree: Node
    environment: Environment


def resolve(
    files: Sequence[str],
    profiles: Collection[str],
    environment: Mapping[str, Known],
    env_files: Sequence[str],
    context: Context,
) -> Resolved:
    """The project of `files` (absolute paths). Without `env_files` it is `.env` beside the first file that counts.

    Services of other than `profiles` are left out; `*` stands for all. Raises SourceError.
    """
    folder = os.path.dirname(files[0])  # noqa: PTH120
    variables = _environment(folder, environment, env_files, context)
    documents = [document for file in files for document in _documents(file, context)]
    name = naming.project_name(documents, folder, variables, context)
    variables = {**variables, naming.VARIABLE: name}
    project = load_model(files, Scope(context, folder, folder, variables))
    if not project.value:
        raise _empty(files[0], context)
    if not name:
        context.note("the project has no name", None, "add name: at the top level")
    project = normalized(project, name, variables, context)
    tree, disabled = _printed(project, name, profiles, context)
    _check(tree, project, disabled, context)
    if context.strict:
        _check_printable(tree, context)
    return Resolved(name, with_label_files(_same_scale(tree), context), variables)


def _empty(file: str, context: Context) -> SourceError:
    """That nothing is left of a project: why, where something in it could not be read."""
    if not context.not_scanned:
        return SourceError("the Compose file is empty", Location(context.files.display(file)))
    first, *others = context.not_scanned
    more = f" (and {len(others)} more like this)" if others else ""
    return SourceError(first.reason + more, Location(first.path, first.line, first.column), first.hint)


def _documents(file: str, context: Context) -> Sequence[Document]:
    try:
        return context.files.documents(file)
    except SourceError:
        if context.strict:
            raise
        return ()  # met again, and reported, where the file is laid over the others


def _environment(
    folder: str, environment: Mapping[str, Known], env_files: Sequence[str], context: Context
) -> dict[str, Known]:
    if env_files:
        paths = list(env_files)
    else:
        default = joined(folder, ".env")
        paths = [default] if os.path.lexists(default) and not os.path.isdir(default) else []  # noqa: PTH112
    return merged(environment, read_env_files(paths, environment, context))


def _printed(project: Node, name: str, profiles: Collection[str], context: Context) -> tuple[Node, dict[str, Node]]:
    """The printed tree, and the services that no profile enables."""
    fields = PROJECT.fields or {}
    entries: dict[str, Node] = {"name": project.get("name") or Node(name)}
    entries["name"] = entries["name"].replaced(name)
    disabled: dict[str, Node] = {}
    entries["services"] = Node({})
    for section in _PRINTED:
        body = project.get(section)
        if body is None or body.value.__class__ is not dict:
            continue
        inner = fields[section].entries or fields[section]
        found: dict[str, Node] = {}
        content = extensions_apart(body.value, context) if section == "jobs" else body.value
        for key, child in content.items():
            result = printed(child, inner, context)
            if result is None or result.value.__class__ is not dict:
                context.incomplete = True
                continue
            if section == "configs" and "environment" in result.value:
                result = result.replaced({name: one for name, one in result.value.items() if name != "content"})
            if section in ("services", "jobs") and not _enabled(result, profiles):
                disabled[key] = result
            else:
                found[key] = result
        if found or section == "services":
            entries[section] = body.replaced(found)
    entries |= {key: child for key, child in project.value.items() if key.startswith("x-")}
    return project.replaced(entries), disabled


def _enabled(service: Node, profiles: Collection[str]) -> bool:
    declared = service.get("profiles")
    if declared is None or not declared.value or "*" in profiles:
        return True
    return any(item.value in profiles for item in declared.value)


def _same_scale(tree: Node) -> Node:
    """`scale` counts for `deploy.replicas` too."""
    services = tree.value["services"]
    changed = dict(services.value)
    for name, service in services.value.items():
        scale, deploy = service.get("scale"), service.get("deploy")
        if scale is None or deploy is None or deploy.value.__class__ is not dict:
            continue
        same = deploy.replaced({**deploy.value, "replicas": scale})
        changed[name] = service.replaced({**service.value, "deploy": same})
    return tree.replaced({**tree.value, "services": services.replaced(changed)})


def _check(tree: Node, project: Node, disabled: Mapping[str, Node], context: Context) -> None:
    values = plain(tree)
    models = project.get("models")
    values["#models"] = plain(models) if models is not None and models.value.__class__ is dict else {}
    values["#disabled"] = {name: plain(service) for name, service in disabled.items()}
    for route, message, missing in problems(values, frozenset(disabled)):
        if missing and context.incomplete:
            continue  # it may well stand in what could not be read
        nodes = descend(tree, route)
        context.note(f"Compose refuses this project: {message}", nearest(nodes), key=len(nodes) <= len(route))


def _check_printable(tree: Node, context: Context) -> None:
    """What Compose itself resolves, but fails to print as JSON."""
    for section in ("services", "jobs"):
        body = tree.get(section)
        for service in body.value.values() if body is not None else ():
            build = service.get("build")
            keys = build.get("ssh") if build is not None else None
            for key in keys.value if keys is not None else ():
                if "=" in key.value:
                    context.refuse("Compose cannot print a key of build.ssh that has a path", key)


def nearest(nodes: Sequence[Node]) -> Node | None:
    """The last node that has a place."""
    return next((node for node in reversed(nodes) if node.mark is not None), None)
