"""Objects that run pods as the view `workload`."""

from __future__ import annotations

from typing import Any

from scanner.core.pod_templates import POD_TEMPLATES, group_kind
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import (
    Table,
    flag,
    look_up,
    malformed,
    number_or_text,
    read,
    routes,
    seconds,
    spoil,
    text,
    text_map,
    whole,
)
from scanner.normalize.kubernetes.parts import Items, Parts
from scanner.normalize.kubernetes.pods import Pod
from scanner.normalize.values import mapping


def _match_labels(value: Any) -> Any:
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    return text_map(value.get("matchLabels") or {})


def _names(value: Any) -> Any:
    if not isinstance(value, list):
        return malformed(value, "a list")
    return [text(item.get("name")) if isinstance(item, dict) else malformed(item, "a mapping") for item in value]


def _spread(value: Any) -> Any:
    return _shapes(
        value,
        {
            "topologyKey": ("topology_key", text),
            "maxSkew": ("max_skew", whole),
            "whenUnsatisfiable": ("when_unsatisfiable", text),
        },
    )


def _shapes(value: Any, table: Table, **constants: Any) -> Any:
    if not isinstance(value, list):
        return malformed(value, "a list")
    found = []
    for item in value:
        shape: dict[str, Any] = dict(constants)
        if isinstance(item, dict):
            read(table, item, shape)
        else:
            spoil(table, malformed(item, "a mapping"), shape)
        found.append(shape)
    return found


_REQUIRED: Table = {"topologyKey": ("topology_key", text)}
_PREFERRED: Table = {"podAffinityTerm": _REQUIRED}


def _anti_affinity(value: Any) -> Any:
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    found: list[Any] = []
    for key, table, required in (
        ("requiredDuringSchedulingIgnoredDuringExecution", _REQUIRED, True),
        ("preferredDuringSchedulingIgnoredDuringExecution", _PREFERRED, False),
    ):
        terms = value.get(key)
        if terms is None:
            continue
        shapes = _shapes(terms, table, required=required)
        if not isinstance(shapes, list):
            return shapes
        found += shapes
    return found


_METADATA: Table = {"labels": ("labels", text_map), "annotations": ("annotations", text_map)}
_POD_METADATA: Table = {"labels": ("pod_labels", text_map), "annotations": ("pod_annotations", text_map)}
_POD_SPEC: Table = {
    "hostNetwork": ("host_network", flag),
    "hostPID": ("host_pid", flag),
    "hostIPC": ("host_ipc", flag),
    "hostUsers": ("host_users", flag),
    "serviceAccountName": ("service_account", text),
    "automountServiceAccountToken": ("automount_token", flag),
    "topologySpreadConstraints": ("topology_spread", _spread),
    "affinity": {"podAntiAffinity": ("anti_affinity", _anti_affinity)},
    "nodeSelector": ("node_selector", text_map),
    "priorityClassName": ("priority_class", text),
    "terminationGracePeriodSeconds": ("termination_grace_period", seconds),
    "securityContext": {"fsGroup": ("fs_group", whole), "sysctls": ("sysctls", _names)},
    "dnsPolicy": ("dns_policy", text),
}
_ROLLING: Table = {
    "type": ("strategy", text),
    "rollingUpdate": {"maxUnavailable": ("max_unavailable", number_or_text)},
}
_REPLICAS: Table = {"replicas": ("replicas", whole)}
_SELECTOR: Table = {"selector": ("selector", _match_labels)}
_JOB: Table = {
    "activeDeadlineSeconds": ("deadline", seconds),
    "ttlSecondsAfterFinished": ("time_to_live", seconds),
}
_DEPLOYMENT: Table = {**_REPLICAS, **_SELECTOR, "strategy": _ROLLING}
_STATEFUL_SET: Table = {
    **_REPLICAS,
    **_SELECTOR,
    "updateStrategy": _ROLLING,
    "serviceName": ("service_name", text),
}
_DAEMON_SET: Table = {**_SELECTOR, "updateStrategy": _ROLLING}


def _progressive(value: Any) -> Any:
    """The strategy of an Argo Rollout: canary or blueGreen."""
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    return next((name for name in ("canary", "blueGreen") if name in value), "")


_SPECS: dict[str, Table] = {
    "apps/Deployment": _DEPLOYMENT,
    "extensions/Deployment": _DEPLOYMENT,
    "apps/StatefulSet": _STATEFUL_SET,
    "apps/DaemonSet": _DAEMON_SET,
    "extensions/DaemonSet": _DAEMON_SET,
    "apps/ReplicaSet": {**_REPLICAS, **_SELECTOR},
    "extensions/ReplicaSet": {**_REPLICAS, **_SELECTOR},
    "/ReplicationController": {**_REPLICAS, "selector": ("selector", text_map)},
    "/Pod": {},
    "batch/Job": _JOB,
    "batch/CronJob": {
        "startingDeadlineSeconds": ("starting_deadline", seconds),
        "concurrencyPolicy": ("concurrency_policy", text),
        "jobTemplate": {"spec": _JOB},
    },
    "argoproj.io/Rollout": {**_REPLICAS, **_SELECTOR, "strategy": ("strategy", _progressive)},
    "serving.knative.dev/Service": {},
    "apps.kruise.io/CloneSet": {
        **_REPLICAS,
        **_SELECTOR,
        "updateStrategy": {"type": ("strategy", text), "maxUnavailable": ("max_unavailable", number_or_text)},
    },
}
"""What stands in the `spec` of each kind beside the pod template."""

_SCALABLE = frozenset(POD_TEMPLATES) - {
    "/Pod",
    "serving.knative.dev/Service",  # Knative itself sets how many run
    "apps/DaemonSet",
    "extensions/DaemonSet",
    "batch/Job",
    "batch/CronJob",
}
_FINITE = frozenset({"batch/Job", "batch/CronJob"})

_OBJECT_ROUTES = {kind: dict(routes({"metadata": _METADATA, "spec": table})) for kind, table in _SPECS.items()}
_CUSTOM_ROUTES = dict(routes({"metadata": _METADATA, "spec": _REPLICAS}))
_POD_METADATA_ROUTES = dict(routes(_POD_METADATA))
_POD_SPEC_ROUTES = {
    **dict(routes(_POD_SPEC)),
    "containers": ("containers",),
    "volumes": ("volumes",),
    "long_running": ("restartPolicy",),
}


def workload_subject(pod: Pod, parts: list[Parts], volumes: Items | Unknown) -> Subject:
    """The workload of `pod`; `parts` are its containers, built for the view `container`."""
    resource = pod.resource
    kind = group_kind(resource.type)
    values: dict[str, Any] = {"name": resource.name, "namespace": resource.namespace, "kind": pod.kind}
    attributes = mapping(resource.attributes)
    table = _SPECS.get(kind)
    read({"metadata": _METADATA, "spec": table or {}}, attributes, values)
    if table is None:
        # A custom kind: only a number of replicas is taken for what its name says.
        replicas = look_up(attributes, ("spec", "replicas"))
        if isinstance(replicas, (int, Unknown)) and not isinstance(replicas, bool):
            values["replicas"] = replicas
    values["scalable"] = kind in _SCALABLE if table is not None else "replicas" in values
    values["long_running"] = kind not in _FINITE and not (
        kind == "/Pod" and pod.spec.get("restartPolicy") in ("Never", "OnFailure")
    )
    if pod.flaw is not None:
        spoil(_POD_METADATA, pod.flaw, values)
        spoil(_POD_SPEC, pod.flaw, values)
        values["containers"] = values["volumes"] = pod.flaw
        return Subject("workload", resource, "", values, _Router(pod, kind))
    if isinstance(pod.metadata, dict):
        read(_POD_METADATA, pod.metadata, values)
    else:
        spoil(_POD_METADATA, malformed(pod.metadata, "a mapping"), values)
    read(_POD_SPEC, pod.spec, values)
    if "service_account" not in values and pod.spec.get("serviceAccount") is not None:
        values["service_account"] = text(pod.spec["serviceAccount"])
    if values.get("service_account") == "":
        del values["service_account"]
    values["containers"] = _containers(parts)
    if volumes:
        values["volumes"] = volumes if isinstance(volumes, Unknown) else [item for item, _ in volumes]
    return Subject("workload", resource, "", values, _Router(pod, kind))


def _containers(parts: list[Parts]) -> Any:
    for part in parts:
        if part.flaw is not None and isinstance(part.route[-1], str):
            return part.flaw  # a list of containers that is none
    return [part.flaw if part.flaw is not None else part.values for part in parts]


class _Router:
    """The routes of a workload's attributes."""

    __slots__ = ("kind", "pod")

    def __init__(self, pod: Pod, kind: str) -> None:
        self.pod = pod
        self.kind = kind

    def __call__(self, attribute: str) -> Route:
        """Where the attribute stands or would stand; relations lead to the workload's name."""
        head = attribute.partition(".")[0]
        pod = self.pod
        if head == "kind":
            return ("kind",)
        if head == "namespace":
            return ("metadata", "namespace")
        route = _OBJECT_ROUTES.get(self.kind, _CUSTOM_ROUTES).get(head)
        if route is not None:
            return route
        if head in ("replicas", "scalable"):
            return ("spec", "replicas")
        in_metadata, in_spec = _POD_METADATA_ROUTES.get(head), _POD_SPEC_ROUTES.get(head)
        if (in_metadata or in_spec) and pod.flaw is not None:
            return pod.flaw_route
        if in_metadata is not None:
            return (*pod.metadata_route, *in_metadata)
        if in_spec is not None:
            if (
                head == "service_account"
                and pod.spec.get("serviceAccountName") is None
                and "serviceAccount" in pod.spec
            ):
                return (*pod.spec_route, "serviceAccount")
            return (*pod.spec_route, *in_spec)
        return name_route(pod.resource)


def name_route(resource: Resource) -> Route:
    """Where the name of an object stands: findings about the object as a whole point there."""
    metadata = mapping(mapping(resource.attributes).get("metadata"))
    return ("metadata", "generateName" if metadata.get("name") is None and "generateName" in metadata else "name")
