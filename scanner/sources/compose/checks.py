"""What Compose refuses in a merged model beyond its schema: keys that exclude each other."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from scanner.sources.compose.context import Context
from scanner.sources.compose.tree import Node


def check_model(project: Node, context: Context) -> None:
    """Goes over volumes, configs, secrets, ports, watched paths and device requests."""
    for name, volume in _entries(project.get("volumes")):
        _check_external(f"volumes.{name}", volume, context)
    for name, config in _entries(project.get("configs")):
        _check_content(f"configs.{name}", config, ("file", "environment", "content"), context)
    for name, secret in _entries(project.get("secrets")):
        _check_content(f"secrets.{name}", secret, ("file", "environment"), context)
    for name, service in _entries(project.get("services")):
        _check_service(name, service, context)


def _entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None and node.value.__class__ is dict:
        yield from node.value.items()


def _items(node: Node | None) -> list[Node]:
    return node.value if node is not None and node.value.__class__ is list else []


def _check_external(place: str, volume: Node, context: Context) -> None:
    external = volume.get("external")
    if external is None or external.value is not True:
        return
    for key, child in volume.value.items():
        if key not in ("name", "external") and not key.startswith("x-"):
            context.note(f"{place} is external: {key} has no place beside it", child, key=True)


def _check_content(place: str, resource: Node, keys: tuple[str, ...], context: Context) -> None:
    if resource.value.__class__ is not dict:
        return
    given = [key for key in keys if key in resource.value]
    if len(given) > 1:
        context.note(f"{place}: {' and '.join(given)} exclude each other", resource.value[given[1]], key=True)
    elif not given and "driver" not in resource.value and "external" not in resource.value:
        context.note(f"{place} needs one of {', '.join(keys)}", resource, key=True)


def _check_service(name: str, service: Node, context: Context) -> None:
    for port in _items(service.get("ports")):
        address = port.get("host_ip")
        if address is not None and isinstance(address.value, str) and not is_address(address.value):
            context.note(f"services.{name}.ports: {address.value!r} is no IP address", address)
    develop = service.get("develop")
    for item in _items(develop.get("watch") if develop is not None else None):
        path = item.get("path")
        if path is not None and path.value == "":
            context.note(f"services.{name}.develop.watch: path is empty", path)
    deploy = service.get("deploy")
    resources = deploy.get("resources") if deploy is not None else None
    reservations = resources.get("reservations") if resources is not None else None
    requests = _items(reservations.get("devices") if reservations is not None else None)
    for request in (*requests, *_items(service.get("gpus"))):
        if request.value.__class__ is dict and "count" in request.value and "device_ids" in request.value:
            context.note(f"services.{name}: count and device_ids exclude each other", request.value["count"], key=True)


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address without a zone."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
