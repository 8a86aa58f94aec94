"""What the services of a Compose project are to one another: who waits for whom, who reaches whom without need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from scanner.core.unknown import PartialText
from scanner.normalize.compose import items
from scanner.normalize.values import mapping, sequence

_LOOPBACK = ("127.", "::1", "[::1]", "localhost")
_MENTIONS = ("environment", "command", "entrypoint", "x_env_file_entries", "links", "external_links", "healthcheck")
"""Where a service names the services that it talks to."""
_WORD, _DOTTED = re.compile(r"[\w-]+"), re.compile(r"[\w.-]*\.[\w.-]*")

_MOST = 20
"""Neighbours that are named; the others come up when these are gone."""


class Neighbours:
    """The services of one project as they see one another. Each index is made once, when it is first asked for: a
    project of thousands of services must not cost the square of that."""

    def __init__(self, project: dict[str, Any]) -> None:
        self.project = project
        self._services = mapping(project.get("services"))

    @cached_property
    def networks(self) -> dict[str, dict[str, Any]]:
        """The values of the view `network` by their names."""
        return {values["name"]: values for values in items.networks(self.project)}

    @cached_property
    def _waiting(self) -> dict[str, list[tuple[str, Any]]]:
        """Service → the services that depend on it, each with its condition."""
        found: dict[str, list[tuple[str, Any]]] = {}
        for other, body in self._services.items():
            for name, entry in mapping(mapping(body).get("depends_on")).items():
                found.setdefault(name, []).append((other, mapping(entry).get("condition")))
        return found

    def run_once(self, name: str) -> bool:
        """Whether another service waits until this one has completed."""
        return any(condition == "service_completed_successfully" for _, condition in self._waiting.get(name, ()))

    def dependents(self, name: str) -> list[str]:
        """The services that depend on this one."""
        return sorted(other for other, _ in self._waiting.get(name, ()))

    @cached_property
    def _public(self) -> dict[str, list[str]]:
        """Network → the services that join it and publish a port to more than the host itself, in order."""
        found: dict[str, list[str]] = {}
        for other in sorted(self._services):
            body = mapping(self._services[other])
            if _publishes(body):
                for network in items.joined_networks(body):
                    found.setdefault(network, []).append(other)
        return found

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """Public service → the words of its texts, and the services that it depends on."""
        public = {name for names in self._public.values() for name in names}
        return {name: _mentioned(mapping(self._services[name])) for name in public}

    def exposed_neighbours(self, name: str) -> list[str]:
        """The services that share a network with this one and publish a port to more than the host itself, though
        they neither depend on this one nor mention it; the first of them where they are many."""
        found: list[str] = []
        for network in items.joined_networks(mapping(self._services.get(name))):
            for other in self._public.get(network, ()):
                if other != name and other not in found and name not in self._words[other]:
                    found.append(other)
                    if len(found) == _MOST:
                        return sorted(found)
        return sorted(found)


def _publishes(service: dict[str, Any]) -> bool:
    for port in sequence(service.get("ports")):
        address = mapping(port).get("host_ip", "")
        if not isinstance(address, str) or not address.startswith(_LOOPBACK):
            return True
    return False


def _mentioned(service: dict[str, Any]) -> frozenset[str]:
    """The words of the texts in which a service names others; a name may hold dots or be part of a host's name."""
    texts = "\n".join(text for key in _MENTIONS for text in _texts(service.get(key)))
    return frozenset((*_WORD.findall(texts), *_DOTTED.findall(texts), *mapping(service.get("depends_on"))))


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
