"""Turns AWS resources into the subjects of the views that rules ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.aws import ecs, texts

TYPES_OF_VIEWS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ecs.ITEM_VIEWS, (ecs.TASK,)),
    "workload": (ecs.TASK, ecs.SERVICE),
    **texts.TYPES,
}
"""The types that the subjects of a view are made of."""


def needed_for(views: Set[str], types: Set[str]) -> Mapping[str, frozenset[str]]:
    """What judging some views and types needs of the inventory: types, with the properties that are read of each."""
    tasks = ecs.TASK in types or any(ecs.TASK in TYPES_OF_VIEWS.get(view, ()) for view in views)
    return ecs.NEEDS if tasks else {}


def subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """The subjects of `resource` for the wanted `views`."""
    if resource.type == ecs.TASK:
        yield from ecs.task_subjects(resource, views)
    elif resource.type == ecs.SERVICE:
        yield from ecs.service_subjects(resource, views)
    yield from texts.text_subjects(resource, views)


def unknown_subjects(resource: Resource, views: frozenset[str], unknown: Unknown) -> Iterator[Subject]:
    """For resources that could not be listed, a subject of each view of which nothing is known."""
    for view in sorted(views):
        if resource.type in TYPES_OF_VIEWS.get(view, ()):
            values = {each.name: unknown for each in VIEWS[view].attributes.values()}
            yield Subject(view, resource, "", values, _nowhere)


def _nowhere(attribute: str) -> Route:  # noqa: ARG001 - the signature of Subject.route_of
    return ()
