"""Texts of manifests outside the environment in which a secret may stand, as the view `text_setting`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import Fixed, descend, malformed, spoilt, text
from scanner.normalize.kubernetes.parts import Parts
from scanner.normalize.kubernetes.pods import Pod
from scanner.normalize.kubernetes.probes import PROBES, handler_texts
from scanner.normalize.values import mapping, sequence

_VIEW = "text_setting"
_OPTION = re.compile(r"(?:--[\w.-]+|-\w)\Z")
"""An option whose value is the next word. `-pSESAME` is none: it holds its value, which must not become a name."""
_ASSIGNED = re.compile(r"--?[a-zA-Z][\w.-]*\Z")
_MAX_ENCODED = 1_500_000
"""Base64 of more than the 1 MiB that Kubernetes takes is not decoded."""


def object_texts(resource: Resource) -> Iterator[Subject]:
    """Annotations of any object, and the data of a ConfigMap or Secret."""
    yield from _map(resource, "annotation", ("metadata", "annotations"), resource.name)
    if resource.type == "v1/ConfigMap":
        yield from _map(resource, "config_map", ("data",), resource.name)
        yield from _map(resource, "config_map", ("binaryData",), resource.name, encoded=True)
    elif resource.type == "v1/Secret":
        yield from _map(resource, "secret", ("data",), resource.name, encoded=True)
        yield from _map(resource, "secret", ("stringData",), resource.name)


def pod_texts(pod: Pod, parts: list[Parts]) -> Iterator[Subject]:
    """Annotations of the pod, and the commands, arguments, probes and hooks of its containers."""
    if pod.flaw is None and pod.metadata_route != ("metadata",):
        yield from _map(pod.resource, "annotation", (*pod.metadata_route, "annotations"), pod.resource.name)
    for part in parts:
        if part.flaw is not None:
            yield spoilt(_VIEW, pod.resource, part.name, part.route, part.flaw)
            continue
        yield from _words(part, "command", "command")
        yield from _words(part, "args", "argument")
        for key in PROBES.values():
            yield from _handler(part, part.source.get(key), (key,), "health_check")
        lifecycle = mapping(part.source.get("lifecycle"))
        for hook in ("postStart", "preStop"):
            yield from _handler(part, lifecycle.get(hook), ("lifecycle", hook), "command")


def _words(part: Parts, key: str, place: str) -> Iterator[Subject]:
    value = part.source.get(key)
    if value is not None and not isinstance(value, list):
        yield _setting(part.pod.resource, place, "", malformed(value, "a list"), (*part.route, key), part.name)
    previous: Any = ""
    for index, word in enumerate(sequence(value)):
        name = _name(word, previous)
        yield _setting(part.pod.resource, place, name, text(word), (*part.route, key, index), part.name)
        previous = word


def _handler(part: Parts, handler: Any, base: Route, place: str) -> Iterator[Subject]:
    if handler is None:
        return
    previous: Any = ""
    for name, value, route in handler_texts(handler):
        if value is None:
            continue
        option = name or _name(value, previous)
        yield _setting(part.pod.resource, place, option, text(value), (*part.route, *base, *route), part.name)
        previous = "" if name else value


def _name(word: Any, previous: Any) -> str:
    """What `word` is the value of: the option in `--name=value`, else the option before it; '' where it is none's."""
    if isinstance(word, str) and word.startswith("-"):
        name, _, value = word.partition("=")
        return name if value.strip("=") and _ASSIGNED.match(name) else ""
    return previous if isinstance(previous, str) and _OPTION.match(previous) else ""


def _setting(resource: Resource, place: str, name: str, value: Any, route: Route, owner: str) -> Subject:
    key = f"{owner}/{place} {name}" if name else f"{owner}/{place}"
    values = {"place": place, "name": name, "value": value, "owner": owner}
    return Subject(_VIEW, resource, key, values, Fixed(route))


def _map(resource: Resource, place: str, route: Route, owner: str, *, encoded: bool = False) -> Iterator[Subject]:
    node, route = descend(resource.attributes, route)
    if node is None:
        return
    if not isinstance(node, dict):
        yield spoilt(_VIEW, resource, place, route, malformed(node, "a mapping"))
        return
    for name, value in node.items():
        word = "" if value is None else text(value)
        if encoded and isinstance(word, str):
            word = _decoded(word)
        values = {"place": place, "name": name, "value": word, "owner": owner}
        yield Subject(_VIEW, resource, f"{place} {name}", values, Fixed((*route, name)))


def _decoded(word: str) -> str | Unknown:
    """The text behind base64. What is no base64 (a placeholder, SOPS), no text or too long is judged as it is."""
    if len(word) > _MAX_ENCODED:
        return word
    try:
        return base64.b64decode("".join(word.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return word
