"""Containers of a pod as the view `container`: each attribute with the routes that it may come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.resource import Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import (
    Table,
    amount,
    cpu,
    descend,
    flag,
    image,
    look_up,
    malformed,
    number_as_text,
    read,
    routes,
    seconds,
    spoilt,
    text,
    text_map,
    texts,
    there,
)
from scanner.normalize.kubernetes.parts import Parts, capability_names, environment, mounts, ports, secrets
from scanner.normalize.kubernetes.pods import Pod, containers
from scanner.normalize.kubernetes.probes import PROBES, probe, probe_route
from scanner.normalize.values import mapping

_PROFILES = frozenset({"seccomp_profile", "apparmor_profile", "selinux_disabled"})
"""What a `type` inside a mapping says."""
_APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


def _profile(value: Any) -> Any:
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    kind = text(value.get("type"))
    if kind == "Localhost":
        name = text(value.get("localhostProfile"))
        return f"localhost:{name}" if isinstance(name, str) else name
    return {"RuntimeDefault": "runtime/default", "Unconfined": "unconfined"}.get(kind, kind)


def _selinux_disabled(value: Any) -> Any:
    """`spc_t` is the type of a container that SELinux does not confine."""
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    kind = value.get("type")
    return kind == "spc_t" if kind is None or isinstance(kind, str) else malformed(kind, "a text")


_SHARED_SECURITY: Table = {
    "runAsUser": ("user", number_as_text),
    "runAsGroup": ("group", number_as_text),
    "runAsNonRoot": ("run_as_non_root", flag),
    "seccompProfile": ("seccomp_profile", _profile),
    "appArmorProfile": ("apparmor_profile", _profile),
    "seLinuxOptions": ("selinux_disabled", _selinux_disabled),
    "windowsOptions": {"hostProcess": ("windows_host_process", flag)},
}
_SHARED_RESOURCES: Table = {
    "limits": {"cpu": ("cpu_limit", cpu), "memory": ("memory_limit", amount)},
    "requests": {"cpu": ("cpu_request", cpu), "memory": ("memory_request", amount)},
}
_POD: Table = {
    "securityContext": _SHARED_SECURITY,
    "restartPolicy": ("restart", text),
    "terminationGracePeriodSeconds": ("stop_grace_period", seconds),
}
_CONTAINER: Table = {
    "name": ("name", text),
    "image": ("image", image),
    "imagePullPolicy": ("pull_policy", text),
    "command": ("command", texts),
    "args": ("arguments", texts),
    "restartPolicy": ("restart", text),
    "securityContext": {
        **_SHARED_SECURITY,
        "privileged": ("privileged", flag),
        "allowPrivilegeEscalation": ("allow_privilege_escalation", flag),
        "readOnlyRootFilesystem": ("read_only_root_filesystem", flag),
        "procMount": ("proc_mount", text),
        "capabilities": {
            "add": ("capabilities_add", capability_names),
            "drop": ("capabilities_drop", capability_names),
        },
    },
    "resources": {
        "limits": {
            "cpu": ("cpu_limit", cpu),
            "memory": ("memory_limit", amount),
            "ephemeral-storage": ("ephemeral_storage_limit", amount),
        },
        "requests": {"cpu": ("cpu_request", cpu), "memory": ("memory_request", amount)},
    },
    **{key: (attribute, probe) for attribute, key in PROBES.items()},
    "lifecycle": {"preStop": ("pre_stop_hook", there)},
}

_OWN_ROUTES = {
    **dict(routes(_CONTAINER)),
    "environment": ("env",),
    "ports": ("ports",),
    "mounts": ("volumeMounts",),
    "secrets": ("volumeMounts",),
}
_POD_ROUTES = dict(routes({**_POD, "resources": _SHARED_RESOURCES}))
_DEFAULTS = {"cpu_request": "cpu_limit", "memory_request": "memory_limit"}
"""A request that is absent is what the limit says: the API server sets it so."""


def container_parts(pod: Pod, *, wanted: frozenset[str]) -> Iterator[Parts]:
    """The containers of a pod, with what the `wanted` views need of each."""
    inherited, shared = _inherited(pod) if "container" in wanted else ({}, {})
    annotations = mapping(mapping(pod.metadata).get("annotations"))
    for kind, value, route in containers(pod):
        if not isinstance(value, dict):
            yield Parts(
                pod, "", {}, route, flaw=malformed(value, "a list" if isinstance(route[-1], str) else "a mapping")
            )
            continue
        name = value.get("name")
        parts = Parts(pod, name if isinstance(name, str) else "", value, route)
        if "container" in wanted or "environment_variable" in wanted:
            parts.environment = environment(parts)
        if "container" in wanted or "port" in wanted:
            parts.ports = ports(parts)
        if "container" in wanted or "mount" in wanted:
            parts.mounts = mounts(parts)
        if "container" in wanted:
            parts.values = _values(parts, kind, inherited, shared, annotations)
        yield parts


def _inherited(pod: Pod) -> tuple[dict[str, Any], dict[str, Any]]:
    """What containers take from their pod where they say nothing, and the pod-level resources."""
    resource = pod.resource
    values: dict[str, Any] = {"namespace": resource.namespace, "workload_kind": pod.kind}
    labels = pod.metadata.get("labels") if isinstance(pod.metadata, dict) else pod.metadata
    if labels is not None:
        values["labels"] = text_map(labels)
    read(_POD, pod.spec, values)
    shared: dict[str, Any] = {}
    if pod.spec.get("resources") is not None:
        read({"resources": _SHARED_RESOURCES}, pod.spec, shared)
        _default_requests(shared)
    return values, shared


def _default_requests(values: dict[str, Any]) -> None:
    for request, limit in _DEFAULTS.items():
        if request not in values and limit in values:
            values[request] = values[limit]


def _values(
    parts: Parts, kind: str, inherited: dict[str, Any], shared: dict[str, Any], annotations: dict[str, Any]
) -> dict[str, Any]:
    source = parts.source
    values = dict(inherited)
    values["kind"] = kind
    if kind == "init" and values.get("restart") == "Always":
        # The kubelet runs an init container again on failure only, unless it says Always itself (a sidecar).
        values["restart"] = "OnFailure"
    read(_CONTAINER, source, values)
    _default_requests(values)
    for name, value in shared.items():
        values.setdefault(name, value)
    for attribute in PROBES:
        if attribute in values:
            values["health_check"] = values[attribute]
            break
    if annotations and mapping(source.get("securityContext")).get("appArmorProfile") is None:
        profile = annotations.get(_APPARMOR_ANNOTATION + parts.name)
        if isinstance(profile, str):
            values["apparmor_profile"] = profile.replace("localhost/", "localhost:", 1)
    for attribute, items in (("environment", parts.environment), ("ports", parts.ports), ("mounts", parts.mounts)):
        if items:
            values[attribute] = items if isinstance(items, Unknown) else [item for item, _ in items]
    names = secrets(parts)
    if names:
        values["secrets"] = names
    return values


def container_subject(parts: Parts) -> Subject:
    """A container as a subject; where it has the wrong type, nothing of it is known."""
    resource = parts.pod.resource
    if parts.flaw is not None:
        return spoilt("container", resource, parts.name, parts.route, parts.flaw)
    return Subject("container", resource, parts.name, parts.values, _Router(parts))


class _Router:
    """The routes of a container's attributes, looked up only when a finding needs one."""

    __slots__ = ("parts",)

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def __call__(self, attribute: str) -> Route:
        """Where the attribute was found: the container, else its pod; else where the container would say it."""
        route = self._route(attribute)
        inner = (*route, "type")
        if attribute in _PROFILES and look_up(self.parts.pod.resource.attributes, inner) is not None:
            return inner
        return route

    def _route(self, attribute: str) -> Route:
        head, _, rest = attribute.partition(".")
        parts, pod = self.parts, self.parts.pod
        if head == "health_check":
            head = next((name for name, key in PROBES.items() if parts.source.get(key) is not None), "liveness_probe")
        own = _OWN_ROUTES.get(head)
        if own is None:
            return {
                "namespace": ("metadata", "namespace"),
                "workload_kind": ("kind",),
                "labels": (*pod.metadata_route, "labels"),
                "stop_grace_period": (*pod.spec_route, "terminationGracePeriodSeconds"),
            }.get(head, parts.route)
        if head in PROBES and rest:
            own = (*own, *probe_route(parts.source.get(PROBES[head]), rest))
        if head == "environment" and parts.source.get("env") is None and parts.source.get("envFrom") is not None:
            own = ("envFrom",)
        return (*parts.route, *own) if look_up(parts.source, own) is not None else self._elsewhere(head, own)

    def _elsewhere(self, head: str, own: Route) -> Route:
        parts, pod = self.parts, self.parts.pod
        limit = _DEFAULTS.get(head)
        if limit and look_up(parts.source, _OWN_ROUTES[limit]) is not None:
            return (*parts.route, *_OWN_ROUTES[limit])
        if head == "apparmor_profile":
            key = _APPARMOR_ANNOTATION + parts.name
            if look_up(pod.metadata, ("annotations", key)) is not None:
                return (*pod.metadata_route, "annotations", key)
        for name in (head, limit or head):
            shared = _POD_ROUTES.get(name)
            if shared is not None:
                value, route = descend(pod.spec, shared)
                if value is not None:
                    return (*pod.spec_route, *route)
        return (*parts.route, *own)
