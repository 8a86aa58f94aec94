"""The subjects of a Compose project: every view that its services, networks and the project itself take part in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.core.resource import Resource, Subject
from scanner.normalize.compose import items, project, service
from scanner.normalize.compose.neighbours import Neighbours
from scanner.normalize.values import mapping


def project_subjects(resources: Sequence[Resource], views: frozenset[str]) -> Iterator[Subject]:
    """The subjects of one project, in the order of its resources.

    `resources` are all of one project (types `compose/service` and `compose/project`); only the wanted `views` are
    built. Relations of Compose stay inside a project, so that the subjects carry their relation attributes already.
    """
    whole = next((mapping(one.attributes) for one in resources if one.type == "compose/project"), {})
    neighbours = Neighbours(whole)
    for resource in resources:
        if resource.type == "compose/service":
            yield from _service_subjects(resource, views, neighbours)
        elif resource.type == "compose/project":
            yield from project.subjects(resource, views)


def _service_subjects(resource: Resource, views: frozenset[str], neighbours: Neighbours) -> Iterator[Subject]:
    parts = items.ServiceItems(resource, neighbours.project)
    if "container" in views or "workload" in views:
        container = service.container(parts, neighbours)
        if "container" in views:
            yield container
        if "workload" in views:
            yield service.workload(parts, neighbours, container)
    for view in items.BUILDERS:
        if view in views:
            yield from parts.of(view)
