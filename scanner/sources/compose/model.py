"""The files of one project, read and merged into one tree in canonical form."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.sources.compose import extends, include, layers
from scanner.sources.compose.canonical import with_defaults
from scanner.sources.compose.checks import check_model
from scanner.sources.compose.environment import resolve_lists
from scanner.sources.compose.paths import resolved
from scanner.sources.compose.reading import read_tree
from scanner.sources.compose.resets import apply_resets
from scanner.sources.compose.schema import PROJECT
from scanner.sources.compose.scope import Scope
from scanner.sources.compose.tree import Node


def load_model(files: Sequence[str], scope: Scope) -> Node:
    """The model of `files` (absolute paths), each laid over the one before. Raises SourceError."""
    context = scope.context
    project = Node({})
    for index, file in enumerate(files):
        try:
            project = _load_file(file, project, scope)
        except SourceError as error:
            if context.strict or index == 0:
                raise
            context.reject_at(error.message, error.location, error.hint)
    project = with_defaults(project, PROJECT, context)
    check_model(project, context)
    if scope.resolve_paths:
        project = resolved(project, PROJECT, scope.folder, context)
    return resolve_lists(project, scope.environment)


def _load_file(file: str, project: Node, scope: Scope) -> Node:
    context = scope.context
    scope = scope._replace(included=(*scope.included, file))
    bases = extends.Bases(scope, file)
    for document in context.files.documents(file):
        tree, resets = read_tree(document, scope.environment.get, context)
        if tree.value.__class__ is not dict:
            raise SourceError(
                "the top level must be a mapping", tree.location() or Location(document.path), "see compose.yaml(5)"
            )
        tree, resets = layers.promote_extensions(tree, resets, context)
        tree = include.apply(tree, resets, scope, load_model)
        project = apply_resets(project, resets)
        tree = extends.apply(tree, resets, bases)
        project = layers.laid_over(project, tree, context, check=True)
    return project
