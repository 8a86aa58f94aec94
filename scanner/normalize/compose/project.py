"""A Compose project as a whole, its networks and the texts of its configs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.normalize.compose import items
from scanner.normalize.values import ABSENT, mapping, sequence, text, whole


def subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """The subjects that belong to the project and not to one service."""
    project = mapping(resource.attributes)
    if "compose_project" in views:
        yield _project(resource, project)
    if "network" in views:
        for values in items.networks(project):
            base: Route = ("networks", values["name"])
            yield Subject("network", resource, values["name"], values, _under(base))
    if "file_secret" in views:
        for entry in sequence(project.get("x_file_secrets")):
            secret = {"kind": "secret", **entry}
            yield Subject("file_secret", resource, entry["name"], secret, _always(("secrets", entry["name"], "file")))
    if "environment_variable" in views:
        yield from items.file_variables(resource, "x_variable_file_entries")
    if "text_setting" in views:
        for name, config in mapping(project.get("configs")).items():
            content = text(mapping(config).get("content"))
            if content is not ABSENT:
                values = {"place": "config", "name": name, "value": content, "owner": name}
                yield Subject("text_setting", resource, f"config {name}", values, _always(("configs", name, "content")))


def _always(route: Route) -> Callable[[str], Route]:
    return lambda _attribute: route


def _under(base: Route) -> Callable[[str], Route]:
    def route_of(attribute: str) -> Route:
        return (*base, attribute) if attribute in ("internal", "external", "driver") else base

    return route_of


def _project(resource: Resource, project: dict[str, Any]) -> Subject:
    services = mapping(project.get("services"))
    limits = []
    for body in services.values():
        deploy = mapping(mapping(mapping(mapping(body).get("deploy")).get("resources")).get("limits"))
        limit = whole(deploy.get("memory") or mapping(body).get("mem_limit"))
        if isinstance(limit, int):
            limits.append(limit)
    values: dict[str, Any] = {
        "name": resource.name,
        "services": sorted(services),
        "networks": sorted(values["name"] for values in items.networks(project)),
        "has_version": "version" in project,
        "memory_limits": sum(limits),
    }
    routes: dict[str, Route] = {
        "services": ("services",),
        "networks": ("networks",),
        "has_version": ("version",),
        "name": ("name",),
    }
    return Subject("compose_project", resource, "", values, lambda attribute: routes.get(attribute, ()))
