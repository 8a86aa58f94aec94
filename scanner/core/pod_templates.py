"""Which Kubernetes kinds run pods, and where their pod template stands: what loaders and views both need to know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from scanner.core.route import Route, parse_route

_TEMPLATE: Route = ("spec", "template")

POD_TEMPLATES: dict[str, Route] = {
    "/Pod": (),
    "/ReplicationController": _TEMPLATE,
    "apps/Deployment": _TEMPLATE,
    "apps/StatefulSet": _TEMPLATE,
    "apps/DaemonSet": _TEMPLATE,
    "apps/ReplicaSet": _TEMPLATE,
    "extensions/Deployment": _TEMPLATE,
    "extensions/DaemonSet": _TEMPLATE,
    "extensions/ReplicaSet": _TEMPLATE,
    "batch/Job": _TEMPLATE,
    "batch/CronJob": ("spec", "jobTemplate", "spec", "template"),
    "argoproj.io/Rollout": _TEMPLATE,
    "serving.knative.dev/Service": _TEMPLATE,
    "apps.kruise.io/CloneSet": _TEMPLATE,
}
"""`group/Kind` (the core group is '') to the route of the object that holds the pod's `metadata` and `spec`."""


@lru_cache(maxsize=1024)
def group_kind(resource_type: str) -> str:
    """`apps/Deployment` of `apps/v1/Deployment`, `/Pod` of `v1/Pod`."""
    parts = resource_type.split("/")
    return f"{parts[0] if len(parts) > 2 else ''}/{parts[-1]}"


def template_route(resource_type: str, more: Mapping[str, str] | None = None) -> Route | None:
    """Where the pod template of a resource type stands, None for a type that runs no pods.

    `more` names further kinds: `group/Kind` to a route in text form, such as `spec.template`. It may lead to a
    template (an object with a `spec`) or to a pod's spec itself. Raises ValueError where it is no route.
    """
    kind = group_kind(resource_type)
    route = POD_TEMPLATES.get(kind)
    if route is None and more:
        text = more.get(kind)
        return None if text is None else _parsed(text)
    return route


def missing_pod(attributes: Any, template: Route) -> Route | None:
    """The route at which a manifest lacks its pod (template, spec or containers), None where nothing is lacking.

    Only what is absent or null counts: a patch or a fragment looks like this. What has the wrong type is a defect of
    the manifest, and read as unknown. A Rollout may refer to another workload instead of holding a template.
    """
    node = attributes
    for depth, step in enumerate(template):
        if not isinstance(node, dict):
            return None
        if node.get(str(step)) is None:
            refers = step == "template" and node.get("workloadRef") is not None
            return None if refers else template[: depth + 1]
        node = node[step]
    if not isinstance(node, dict) or node.get("containers") is not None:
        return None
    spec = node.get("spec")
    if spec is None:
        return (*template, "spec")
    if isinstance(spec, dict) and spec.get("containers") is None:
        return (*template, "spec", "containers")
    return None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Route:
    return parse_route(text)
