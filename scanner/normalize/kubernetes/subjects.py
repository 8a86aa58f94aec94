"""Turns a Kubernetes resource into the subjects of the views that rules ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.container import container_parts, container_subject
from scanner.normalize.kubernetes.fields import Fixed, descend, look_up, spoilt
from scanner.normalize.kubernetes.objects import object_subjects
from scanner.normalize.kubernetes.parts import Items, Parts, capability_names, volumes
from scanner.normalize.kubernetes.pods import Options, Pod, pod_of
from scanner.normalize.kubernetes.texts import object_texts, pod_texts
from scanner.normalize.kubernetes.workload import workload_subject
from scanner.normalize.values import mapping

_ITEM_VIEWS = frozenset({"container", "environment_variable", "port", "mount", "capability", "text_setting"})
_POD_VIEWS = _ITEM_VIEWS | {"workload"}


def subjects(resource: Resource, views: frozenset[str], options: Options | None = None) -> Iterator[Subject]:
    """The subjects of `resource` for the wanted `views`, in the order of the manifest.

    What has the wrong type becomes `Unknown` of the kind `failed`: an attribute, or every attribute of a subject. A
    workload without a pod (a patch: `scanner.core.pod_templates.missing_pod`) has no subjects; its loader says so.
    """
    if "text_setting" in views:
        yield from object_texts(resource)
    pod = pod_of(resource, options) if views & _POD_VIEWS else None
    if pod is not None:
        yield from _pod_subjects(pod, views)
    else:
        yield from object_subjects(resource, views)


def _pod_subjects(pod: Pod, views: frozenset[str]) -> Iterator[Subject]:
    if pod.flaw is not None:
        if "workload" in views:
            yield workload_subject(pod, [], [])
        for view in sorted(views & _ITEM_VIEWS):
            yield spoilt(view, pod.resource, "", pod.flaw_route, pod.flaw)
        return
    wanted = views | {"container"} if "workload" in views else views
    parts = list(container_parts(pod, wanted=wanted))
    needs_volumes = "workload" in views or "mount" in views
    pod_volumes = volumes(pod, parts) if needs_volumes else []
    if "workload" in views:
        yield workload_subject(pod, parts, pod_volumes)
    for part in parts:
        yield from _container_subjects(part, views)
    if "mount" in views:
        yield from _volume_subjects(pod, pod_volumes)
    if "text_setting" in views:
        yield from pod_texts(pod, parts)


def _container_subjects(part: Parts, views: frozenset[str]) -> Iterator[Subject]:
    if part.flaw is not None:
        for view in sorted(views & _ITEM_VIEWS - {"text_setting"}):
            yield spoilt(view, part.pod.resource, part.name, part.route, part.flaw)
        return
    if "container" in views:
        yield container_subject(part)
    if "environment_variable" in views:
        yield from _items("environment_variable", part, part.environment, "env", _VARIABLE)
    if "port" in views:
        yield from _items("port", part, part.ports, "ports", _PORT)
    if "mount" in views:
        yield from _items("mount", part, part.mounts, "volumeMounts", _MOUNT)
    if "capability" in views:
        yield from _capabilities(part)


_VARIABLE: dict[str, Route] = {"name": ("name",), "value": ("value",)}
_PORT: dict[str, Route] = {
    "container_port": ("containerPort",),
    "protocol": ("protocol",),
    "published": ("hostPort",),
    "host_port": ("hostPort",),
    "host_ip": ("hostIP",),
    "name": ("name",),
}
_MOUNT: dict[str, Route] = {
    "source": ("name",),
    "kind": ("name",),
    "target": ("mountPath",),
    "read_only": ("readOnly",),
    "propagation": ("mountPropagation",),
}


_HOST_PATH: dict[str, Route] = {"source": ("hostPath", "path"), "kind": ("hostPath",)}


def _items(view: str, part: Parts, items: Items | Unknown, key: str, below: dict[str, Route]) -> Iterator[Subject]:
    resource = part.pod.resource
    if isinstance(items, Unknown):
        yield spoilt(view, resource, part.name, (*part.route, key), items)
        return
    for values, route in items:
        word = _source_key(resource, route) if route[-2] == "envFrom" else _item_key(view, values)
        key = f"{part.name}/{word}"
        way = _MountRouter(part.pod, route, below) if view == "mount" else Fixed(route, below)
        yield Subject(view, resource, key, values, way)


class _MountRouter:
    """The routes of a mount: what its volume says of it stands with the volume."""

    __slots__ = ("below", "pod", "route")

    def __init__(self, pod: Pod, route: Route, below: Mapping[str, Route]) -> None:
        self.pod = pod
        self.route = route
        self.below = below

    def __call__(self, attribute: str) -> Route:
        """Where the attribute stands: the path of a hostPath volume is one place, however often it is mounted."""
        if attribute in _HOST_PATH:
            name = look_up(self.pod.resource.attributes, (*self.route, "name"))
            index, volume = self.pod.volumes.get(name, (0, {})) if isinstance(name, str) else (0, {})
            if volume.get("hostPath") is not None:
                return (*self.pod.spec_route, "volumes", index, *_HOST_PATH[attribute])
        if attribute == "target" and self.route[-2] == "volumeDevices":
            return (*self.route, "devicePath")
        return (*self.route, *self.below.get(attribute, ()))


def _item_key(view: str, values: dict[str, Any]) -> str:
    if view == "port":
        number, protocol = values.get("container_port"), values.get("protocol")
        return f"{number}/{protocol}" if isinstance(number, int) and isinstance(protocol, str) else ""
    name = values.get("target" if view == "mount" else "name")
    return name if isinstance(name, str) else ""


def _source_key(resource: Resource, route: Route) -> str:
    """What tells the items of `envFrom` apart: the object that they name."""
    references = mapping(look_up(resource.attributes, route)).values()
    name = next((one["name"] for one in references if isinstance(mapping(one).get("name"), str)), "")
    return f"from {name}"


def _capabilities(part: Parts) -> Iterator[Subject]:
    resource = part.pod.resource
    added, route = descend(part.source, ("securityContext", "capabilities", "add"))
    if added is None:
        return
    names = added if isinstance(added, Unknown) else capability_names(added)
    if isinstance(names, Unknown):
        yield spoilt("capability", resource, part.name, (*part.route, *route), names)
        return
    for index, name in enumerate(names):
        values = {"name": name, "container": part.name}
        key = f"{part.name}/{name}" if isinstance(name, str) else part.name
        yield Subject("capability", resource, key, values, Fixed((*part.route, *route, index)))


def _volume_subjects(pod: Pod, items: Items | Unknown) -> Iterator[Subject]:
    resource = pod.resource
    if isinstance(items, Unknown):
        yield spoilt("mount", resource, "", (*pod.spec_route, "volumes"), items)
        return
    for values, route in items:
        name = look_up(resource.attributes, (*route, "name"))
        key = f"volume {name}" if isinstance(name, str) else "volume"
        below: Mapping[str, Route] = _HOST_PATH if values.get("kind") == "bind" else {}
        yield Subject("mount", resource, key, values, Fixed(route, below))
