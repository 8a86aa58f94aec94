"""`extends`: a service laid over another one, of the same file or of another, which may extend a third."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.core.route import Route
from scanner.sources.compose.layers import laid_over, promote_extensions
from scanner.sources.compose.merge import Merger
from scanner.sources.compose.paths import is_remote, joined, resolved
from scanner.sources.compose.reading import read_tree
from scanner.sources.compose.resets import apply_resets
from scanner.sources.compose.schema import PROJECT
from scanner.sources.compose.scope import Scope
from scanner.sources.compose.service_schema import SERVICE
from scanner.sources.compose.tree import Node, inherit, is_open, size

MAX_DEPTH = 100


class Base(NamedTuple):
    """The services of a file that others extend, and what it resets."""

    services: Node
    resets: Sequence[Route]


class Bases:
    """The files that the services of one file extend, each read once."""

    def __init__(self, scope: Scope, file: str) -> None:
        self.scope = scope
        self.file = file
        self.read: dict[tuple[str, str], Base] = {}


class Link(NamedTuple):
    """One step of a chain of `extends`: the service `name` says in `place` that it extends one of `file`."""

    file: str
    name: str
    place: Location | None


Chain = tuple[Link, ...]


def apply(tree: Node, resets: Sequence[Route], bases: Bases) -> Node:
    """`tree` with the `extends` of its services and jobs carried out.

    A service whose base cannot be had is left out when scanning: what it inherits is not known.
    """
    context = bases.scope.context
    for section in ("services", "jobs"):
        body = tree.get(section)
        if body is None:
            continue
        if body.value.__class__ is not dict:
            context.refuse(f"{section} must be a mapping", body)
        result: dict[str, Node] = {}
        done: dict[str, Node] = {}
        for name in body.value:
            try:
                result[name] = _extended(name, body.value, resets, bases, (), done)
            except SourceError as error:
                if context.strict:
                    raise
                context.incomplete = True
                place = body.value[name].get("extends") or body.value[name]
                context.reject_at(
                    f"the service {name} is not judged: {error.message}", error.location or place.location(), error.hint
                )
        tree = tree.replaced({**tree.value, section: body.replaced(result)})
    return tree


def _extended(
    name: str,
    services: Mapping[str, Node],
    resets: Sequence[Route],
    bases: Bases,
    chain: Chain,
    done: dict[str, Node],
) -> Node:
    if name in done:
        return done[name]
    context = bases.scope.context
    service = services[name]
    if service.value is None:
        return service
    if service.value.__class__ is not dict:
        if is_open(service.value):
            return service
        context.refuse(f"services.{name} must be a mapping", service)
    declaration = service.get("extends")
    if declaration is None:
        return service
    reference, file = _reference(name, declaration, bases)
    source, source_resets, source_done, place = services, resets, done, bases.file
    if file is not None:
        base = _base(name, reference, declaration, file, bases)
        source, source_resets, source_done, place = base.services.value, base.resets, {}, file
    if reference not in source:
        context.refuse(f"services.{name} extends the service {reference}, which does not exist{_of(file)}", declaration)
    link = Link(place, name, declaration.location(prefer_value=False))
    if any((step.file, step.name) == (place, name) for step in chain):
        raise _cycle((*chain, link))
    if len(chain) >= MAX_DEPTH:
        context.refuse(f"extends is nested more than {MAX_DEPTH} deep", declaration)
    below = _extended(reference, source, source_resets, bases, (*chain, link), source_done)
    if below.value is None:
        return service
    if not context.spend(size(below)):
        context.refuse("what the services of this project inherit is too large", declaration)
    prefixed = apply_resets(inherit(below), resets, ("services", name))
    result = _without_extends(Merger(context, lead="over").merge(prefixed, service, SERVICE))
    done[name] = result
    return result


def _without_extends(service: Node) -> Node:
    return service.replaced({key: child for key, child in service.value.items() if key != "extends"})


def _of(file: str | None) -> str:
    return f" in {file}" if file else ""


def _cycle(chain: Chain) -> SourceError:
    steps = " -> ".join(f"{link.name} ({link.place or link.file})" for link in chain)
    return SourceError(f"extends goes round in a circle: {steps}", chain[0].place, "remove one of these extends")


def _reference(name: str, declaration: Node, bases: Bases) -> tuple[str, str | None]:
    """The service that is extended, and its file; None for the same file."""
    context = bases.scope.context
    value = declaration.value
    if isinstance(value, str):
        return value, None
    if is_open(value):
        context.refuse(f"which service {name} extends depends on a variable without a value", declaration)
    if value.__class__ is not dict:
        context.refuse(f"services.{name}.extends must be a name or a mapping", declaration)
    service, file = value.get("service"), value.get("file")
    for part in (service, file):
        if part is not None and is_open(part.value):
            context.refuse(f"what {name} extends depends on a variable without a value", part)
    if service is None or not isinstance(service.value, str):
        context.refuse(f"services.{name}.extends needs the key service", declaration)
    if file is None or file.value is None:
        return service.value, None
    if not isinstance(file.value, str):
        context.refuse(f"services.{name}.extends.file must be a path", file)
    return service.value, file.value


def _base(name: str, reference: str, declaration: Node, file: str, bases: Bases) -> Base:
    scope = bases.scope
    context = scope.context
    place = declaration.get("file") or declaration
    if not context.strict and is_remote(file):
        context.refuse("a remote file is never fetched", place, "copy the file into the repository")
    absolute = scope.absolute(file)
    local = joined(scope.loader, file)
    beside = absolute if os.path.isdir(absolute) else os.path.dirname(absolute)  # noqa: PTH112, PTH120
    folder = os.path.relpath(beside, joined(context.cwd, scope.loader))
    key = (local, folder)
    if key not in bases.read:
        try:
            bases.read[key] = _read_base(absolute, folder, scope)
        except SourceError as error:
            location = error.location
            if location is None or not location.line:
                shown = f"{context.files.display(absolute)} " if location is not None else ""
                raise SourceError(f"{shown}{error.message}", place.location(), error.hint) from error
            raise
    base = bases.read[key]
    if reference not in base.services.value:
        context.refuse(f"services.{name} extends the service {reference}, which {file} does not have", declaration)
    return base


def _read_base(absolute: str, folder: str, scope: Scope) -> Base:
    """A file's services in canonical form, not checked, with their paths seen from the project's folder."""
    context = scope.context
    project = Node({})
    resets: list[Route] = []
    for document in context.files.documents(absolute):
        tree, resets = read_tree(document, scope.environment.get, context)
        if tree.value.__class__ is not dict:
            context.refuse("the top level must be a mapping", tree)
        tree, resets = promote_extensions(tree, resets, context)
        project = laid_over(apply_resets(project, resets), tree, context, check=False)
    services = project.get("services")
    if services is None or services.value.__class__ is not dict:
        raise SourceError(f"{context.files.display(absolute)} has no services", project.location())
    only = resolved(project, PROJECT, folder, context)
    return Base(only.value["services"], resets)
