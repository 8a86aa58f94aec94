"""What the services of a Compose project are to one another: who waits for whom, who reaches whom without need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scanner.core.unknown import PartialText
from scanner.normalize.values import mapping, sequence

_LOOPBACK = ("127.", "::1", "[::1]", "localhost")
_MENTIONS = ("environment", "command", "entrypoint", "x_env_file_entries", "links", "external_links", "healthcheck")
"""Where a service names the services that it talks to."""


def run_once(name: str, project: dict[str, Any]) -> bool:
    """Whether another service waits until this one has completed."""
    return any(
        mapping(mapping(mapping(body).get("depends_on")).get(name)).get("condition") == "service_completed_successfully"
        for body in mapping(project.get("services")).values()
    )


def dependents(name: str, project: dict[str, Any]) -> list[str]:
    """The services that depend on this one."""
    services = mapping(project.get("services"))
    return sorted(other for other, body in services.items() if name in mapping(mapping(body).get("depends_on")))


def exposed_neighbours(name: str, project: dict[str, Any]) -> list[str]:
    """The services that share a network with this one and publish a port to more than the host itself, though they
    neither depend on this one nor mention it."""
    services = mapping(project.get("services"))
    own = _networks(mapping(services.get(name)))
    return sorted(
        other
        for other, body in services.items()
        if other != name
        and isinstance(body, dict)
        and own & _networks(body)
        and _publishes(body)
        and name not in mapping(body.get("depends_on"))
        and not _mentions(body, name)
    )


def _networks(service: dict[str, Any]) -> set[str]:
    if service.get("network_mode") is not None:
        return set()
    return set(mapping(service.get("networks"))) or {"default"}


def _publishes(service: dict[str, Any]) -> bool:
    for port in sequence(service.get("ports")):
        address = mapping(port).get("host_ip", "")
        if not isinstance(address, str) or not address.startswith(_LOOPBACK):
            return True
    return False


def _mentions(service: dict[str, Any], name: str) -> bool:
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(word.search(text) for key in _MENTIONS for text in _texts(service.get(key)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, PartialText):
        yield from (part for part in value.parts if isinstance(part, str))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
