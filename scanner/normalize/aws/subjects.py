"""Turns AWS resources into the subjects of the views that rules ask for."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.aws.inventory import Inventory

TYPES_OF_VIEWS: dict[str, tuple[str, ...]] = {}
"""The types that the subjects of a view are made of."""


def subjects(resource: Resource, views: frozenset[str], inventory: Inventory) -> Iterator[Subject]:
    """The subjects of `resource` for the wanted `views`."""
    yield from ()


def unknown_subjects(resource: Resource, views: frozenset[str], unknown: Unknown) -> Iterator[Subject]:
    """For resources that could not be listed, a subject of each view of which nothing is known."""
    for view in sorted(views):
        if resource.type in TYPES_OF_VIEWS.get(view, ()):
            values = {each.name: unknown for each in VIEWS[view].attributes.values()}
            yield Subject(view, resource, "", values, _nowhere)


def _nowhere(attribute: str) -> Route:  # noqa: ARG001 - the signature of Subject.route_of
    return ()
