"""`include`: other projects whose services, networks, volumes, secrets and configs become part of this one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from scanner.core.errors import SourceError
from scanner.core.route import Route
from scanner.sources.compose.environment import merged, read_env_files
from scanner.sources.compose.interpolation import Known
from scanner.sources.compose.merge import Merger
from scanner.sources.compose.paths import is_remote, joined
from scanner.sources.compose.resets import apply_resets
from scanner.sources.compose.schema import PROJECT, SECTIONS
from scanner.sources.compose.scope import Scope
from scanner.sources.compose.tree import Node, is_open, same

MAX_DEPTH = 100
Load = Callable[[Sequence[str], Scope], Node]


def apply(tree: Node, resets: Sequence[Route], scope: Scope, load: Load) -> Node:
    """`tree` with what its `include` names, and without that key.

    `load` reads the model of files. When scanning, a file that cannot be included becomes an entry of `not_scanned`.
    """
    context = scope.context
    declared = tree.get("include")
    if declared is None:
        return tree
    rest = tree.replaced({key: child for key, child in tree.value.items() if key != "include"})
    if declared.value is None:
        return rest
    if declared.value.__class__ is not list:
        context.reject("include must be a list", declared)
        return rest
    for entry in declared.value:
        try:
            rest = _imported(_load(entry, scope, load), rest, resets, scope)
        except SourceError as error:
            if context.strict:
                raise
            known = error.location is not None and error.location.line
            location = error.location if known else entry.location()
            shown = f"{error.location.path} " if error.location is not None and not known else ""
            context.reject_at(f"not included: {shown}{error.message}", location, error.hint)
            context.incomplete = True
    return rest


def _texts(node: Node | None, scope: Scope, what: str) -> list[tuple[str, Node]]:
    if node is None or node.value is None:
        return []
    items = node.value if node.value.__class__ is list else [node]
    for item in items:
        if is_open(item.value):
            scope.context.refuse(f"{what} depends on a variable without a value", item)
        if not isinstance(item.value, str):
            scope.context.refuse(f"{what} must be a path", item)
    return [(item.value, item) for item in items]


def _load(entry: Node, scope: Scope, load: Load) -> Node:
    """The model of one entry of `include`."""
    context = scope.context
    if len(scope.included) > MAX_DEPTH:
        context.refuse(f"include is nested more than {MAX_DEPTH} deep", entry)
    if is_open(entry.value):
        context.refuse("what is included depends on a variable without a value", entry)
    if entry.value is not None and not isinstance(entry.value, str | dict):
        context.refuse("an entry of include must be a path or a mapping", entry)
    body = entry if entry.value.__class__ is dict else entry.replaced({"path": entry} if entry.value else {})
    directories = _texts(body.get("project_directory"), scope, "include.project_directory")
    directory = directories[0][0] if directories else ""
    paths: list[str] = []
    folder = loader = ""
    for index, (path, node) in enumerate(_texts(body.get("path"), scope, "include.path")):
        if not context.strict and is_remote(path):
            context.refuse("a remote file is never fetched", node, "copy the file into the repository")
        local = joined(scope.loader, path)
        if index == 0:
            folder, loader = _folders(local, directory, scope)
            _check_cycle(joined(context.cwd, local), node, scope)
        paths.append(joined(context.cwd, local))
    environment = merged(scope.environment, _variables(body, loader, scope))
    key = (tuple(paths), folder, loader, frozenset(environment.items()))
    known = context.included.get(key)
    if known is None:
        inner = Scope(context, folder, loader, environment, scope.included, resolve_paths=True)
        try:
            known = context.included[key] = load(paths, inner)
        except SourceError as error:
            if error.location is None or error.location.line:
                raise
            # A file that cannot be read has no line of its own: the place that names it says more.
            raise SourceError(f"{error.location.path} {error.message}", entry.location(), error.hint) from error
    return known


def _folders(local: str, directory: str, scope: Scope) -> tuple[str, str]:
    """What the included file's paths are seen from, and where it looks for files itself."""
    if directory.startswith("/"):
        return directory, directory
    base = joined(scope.context.cwd, scope.loader)
    named = joined(scope.loader, directory) if directory else local
    absolute = joined(scope.context.cwd, named)
    if not os.path.isdir(absolute):  # noqa: PTH112
        absolute = os.path.dirname(absolute)  # noqa: PTH120
    folder = os.path.relpath(absolute, base)
    # Compose takes project_directory from the folder of the paths, which for a nested include is relative.
    return folder, joined(scope.folder, directory) if directory else os.path.dirname(local) or "."  # noqa: PTH120


def _check_cycle(path: str, node: Node, scope: Scope) -> None:
    if path in scope.included:
        files = scope.context.files
        steps = [files.display(one) for one in (*scope.included[scope.included.index(path) :], path)]
        scope.context.refuse(
            "include goes round in a circle: " + " -> ".join(steps), node, "remove one of the includes"
        )


def _variables(body: Node, loader: str, scope: Scope) -> dict[str, Known]:
    context = scope.context
    declared = _texts(body.get("env_file"), scope, "include.env_file")
    if not declared:
        default = joined(loader, ".env")
        paths = [default] if context.files.exists(joined(context.cwd, default)) else []
        return read_env_files(paths, scope.environment, context)
    paths = []
    for path, node in declared:
        if path == "/dev/null":
            continue
        absolute = joined(context.cwd, joined(scope.folder, path))
        if not path.startswith("/") and not os.path.isfile(absolute):  # noqa: PTH113
            context.reject(f"the env file {path} cannot be read", node)
            continue
        paths.append(absolute)
    return read_env_files(paths, scope.environment, context)


def _imported(source: Node, target: Node, resets: Sequence[Route], scope: Scope) -> Node:
    """`target` with the resources of `source`; where both have one of a name, `target` is laid over it."""
    context = scope.context
    entries = dict(target.value)
    for section in SECTIONS:
        brought = source.get(section)
        if brought is None or brought.value.__class__ is not dict:
            continue
        own = entries.get(section)
        if own is not None and own.value is None and not context.strict:
            own = None
        if own is not None and own.value.__class__ is not dict:
            context.reject(f"{section} must be a mapping", own)
            own = None
        names = dict(own.value) if own is not None else {}
        spec = (PROJECT.fields or {})[section].entries
        for name, resource in brought.value.items():
            existing = names.get(name)
            if existing is None:
                names[name] = resource
            elif not same(resource, existing):
                kept = apply_resets(resource, resets, (section, name))
                names[name] = Merger(context).merge(kept, existing, spec)
        entries[section] = (own or brought).replaced(names)
    return target.replaced(entries)
