"""Probes of containers as the shape `probe`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import (
    Table,
    malformed,
    number_or_text,
    read,
    routes,
    seconds,
    text,
    texts,
    whole,
)
from scanner.normalize.values import mapping

PROBES = {"liveness_probe": "livenessProbe", "readiness_probe": "readinessProbe", "startup_probe": "startupProbe"}
"""Attributes of the view `container` and their keys; in this order they stand for `health_check`."""

_TIMING: Table = {
    "periodSeconds": ("interval", seconds),
    "timeoutSeconds": ("timeout", seconds),
    "failureThreshold": ("retries", whole),
    "initialDelaySeconds": ("start_period", seconds),
}
_HANDLERS: dict[str, tuple[str, Table]] = {
    "exec": ("command", {"command": ("command", texts)}),
    "httpGet": ("http", {"path": ("path", text), "port": ("port", number_or_text)}),
    "tcpSocket": ("tcp", {"port": ("port", number_or_text)}),
    "grpc": ("grpc", {"port": ("port", number_or_text)}),
}
_ROUTES: dict[str, list[Route]] = {}
for _name, _route in routes({**_TIMING, **{key: table for key, (_, table) in _HANDLERS.items()}}):
    _ROUTES.setdefault(_name, []).append(_route)


def probe(value: Any) -> Any:
    """The attributes of a probe; `kind` is none where it has no handler, so that the kubelet would refuse it."""
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    found: dict[str, Any] = {"kind": "none"}
    read(_TIMING, value, found)
    for key, (kind, table) in _HANDLERS.items():
        handler = value.get(key)
        if handler is None:
            continue
        if isinstance(handler, dict):
            found["kind"] = kind
            read(table, handler, found)
        else:
            found["kind"] = malformed(handler, "a mapping")
        break
    return found


def probe_route(value: Any, attribute: str) -> Route:
    """Where an attribute of the probe `value` stands, or would stand, relative to the probe."""
    candidates = _ROUTES.get(attribute)
    if attribute == "kind" or not candidates:
        return next(((key,) for key in _HANDLERS if mapping(value).get(key) is not None), ())
    for route in candidates:
        if len(route) == 1 or mapping(value).get(str(route[0])) is not None:
            return route
    return ()


def handler_texts(value: Any) -> Iterator[tuple[str, Any, Route]]:
    """The texts of a probe or lifecycle handler in which a secret may stand: ('', word of a command) and
    (name of an HTTP header, its value), with routes relative to the handler."""
    handler = mapping(value)
    command = mapping(handler.get("exec")).get("command")
    if isinstance(command, list):
        for index, word in enumerate(command):
            yield "", word, ("exec", "command", index)
    headers = mapping(handler.get("httpGet")).get("httpHeaders")
    if isinstance(headers, list):
        for index, header in enumerate(headers):
            name = mapping(header).get("name")
            route: Route = ("httpGet", "httpHeaders", index, "value")
            yield name if isinstance(name, str) else "", mapping(header).get("value"), route


def known(value: Any) -> bool:
    """The probe is set to something."""
    return value is not None and not isinstance(value, Unknown)
