"""Finds the pod inside a workload, and what its containers inherit from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.core.pod_templates import missing_pod, template_route
from scanner.core.resource import Resource
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import malformed
from scanner.normalize.values import mapping, sequence


@dataclass(frozen=True, slots=True)
class Options:
    """What a configuration says of Kubernetes. `pod_templates`: `group/Kind` to the route of its pod template."""

    pod_templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Pod:
    """The pod of a workload: its metadata and spec with their routes, and its volumes by name.

    `flaw` says why the pod cannot be read (the route `flaw_route` holds the wrong type); then all else is empty.
    """

    resource: Resource
    kind: str
    metadata: Any
    metadata_route: Route
    spec: dict[str, Any]
    spec_route: Route
    flaw: Unknown | None = None
    flaw_route: Route = ()
    volumes: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)


CONTAINER_LISTS = (("initContainers", "init"), ("containers", "container"), ("ephemeralContainers", "ephemeral"))
"""The lists of a pod's spec, with the kind of container that each holds."""


def pod_of(resource: Resource, options: Options | None = None) -> Pod | None:
    """The pod of a workload; None for what is no workload, and for a manifest without a pod (a patch, a fragment)."""
    template = template_route(resource.type, options.pod_templates if options else None)
    if template is None or missing_pod(resource.attributes, template) is not None:
        return None
    kind = resource.type.rpartition("/")[2]
    node = resource.attributes
    for depth, step in enumerate(template):
        if not isinstance(node, dict):
            return _flawed(resource, kind, node, template[:depth])
        node = node.get(str(step))
        if node is None:  # a Rollout with workloadRef
            node = {"spec": {}}
            break
    if not isinstance(node, dict):
        return _flawed(resource, kind, node, template)
    if "containers" in node and "spec" not in node:  # the route leads to a pod's spec itself
        return Pod(resource, kind, {}, (*template, "metadata"), node, template, volumes=_volumes(node))
    spec = node.get("spec")
    if not isinstance(spec, dict):
        return _flawed(resource, kind, spec, (*template, "spec"))
    routes = ((*template, "metadata"), (*template, "spec"))
    return Pod(resource, kind, node.get("metadata") or {}, routes[0], spec, routes[1], volumes=_volumes(spec))


def _flawed(resource: Resource, kind: str, value: Any, route: Route) -> Pod:
    return Pod(resource, kind, {}, (), {}, (), malformed(value, "a mapping"), route)


def _volumes(spec: dict[str, Any]) -> dict[str, tuple[int, dict[str, Any]]]:
    found = {}
    for index, volume in enumerate(sequence(spec.get("volumes"))):
        name = mapping(volume).get("name")
        if isinstance(name, str):
            found[name] = (index, volume)
    return found


def containers(pod: Pod) -> Iterator[tuple[str, Any, Route]]:
    """Kind, value and route of each container; a list of the wrong type is given as one container of that value."""
    spec = pod.spec
    for key, kind in CONTAINER_LISTS:
        value = spec.get(key)
        if value is None:
            continue
        route = (*pod.spec_route, key)
        if isinstance(value, list):
            for index, container in enumerate(value):
                yield kind, container, (*route, index)
        else:
            yield kind, value, route
