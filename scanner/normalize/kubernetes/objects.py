"""Objects that are about workloads (Service, Ingress, autoscalers, budgets, quotas) and access, as their views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scanner.core.pod_templates import group_kind
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.normalize.kubernetes.fields import (
    Fixed,
    Table,
    look_up,
    malformed,
    number_or_text,
    read,
    routes,
    spoilt,
    text,
    text_map,
    texts,
    whole,
)
from scanner.normalize.kubernetes.policies import POLICY_KINDS, policies
from scanner.normalize.kubernetes.workload import name_route
from scanner.normalize.values import mapping, sequence

_ANNOTATIONS: Table = {"annotations": ("annotations", text_map)}
_INGRESS_CLASS = "kubernetes.io/ingress.class"

_SERVICE: Table = {
    "metadata": _ANNOTATIONS,
    "spec": {
        "type": ("type", text),
        "externalIPs": ("external_ips", texts),
        "loadBalancerSourceRanges": ("source_ranges", texts),
        "selector": ("selector", text_map),
    },
}
_TARGET: Table = {"kind": ("target_kind", text), "name": ("target_name", text)}


def _metric_names(value: Any) -> Any:
    """The resources that HPA metrics are relative to: types Resource and ContainerResource."""
    if not isinstance(value, list):
        return malformed(value, "a list")
    found = []
    for metric in value:
        if not isinstance(metric, dict):
            found.append(malformed(metric, "a mapping"))
            continue
        sources = [metric[key] for key in ("resource", "containerResource") if metric.get(key) is not None]
        found += [text(mapping(source).get("name")) for source in sources]
    return found


def _trigger_names(value: Any) -> Any:
    """The resources that KEDA triggers are relative to: types cpu and memory."""
    if not isinstance(value, list):
        return malformed(value, "a list")
    names = [text(item.get("type")) if isinstance(item, dict) else malformed(item, "a mapping") for item in value]
    return [name for name in names if not isinstance(name, str) or name in ("cpu", "memory")]


def _cpu_metric(_value: Any) -> Any:
    return ["cpu"]


_HORIZONTAL: Table = {
    "spec": {
        "minReplicas": ("min", whole),
        "maxReplicas": ("max", whole),
        "scaleTargetRef": _TARGET,
        "targetCPUUtilizationPercentage": ("resource_metrics", _cpu_metric),
        "metrics": ("resource_metrics", _metric_names),
    }
}
_KEDA: Table = {
    "spec": {
        "minReplicaCount": ("min", whole),
        "maxReplicaCount": ("max", whole),
        "scaleTargetRef": _TARGET,
        "triggers": ("resource_metrics", _trigger_names),
    }
}
_VERTICAL: Table = {"spec": {"targetRef": _TARGET}}
_BUDGET: Table = {
    "spec": {
        "minAvailable": ("min_available", number_or_text),
        "maxUnavailable": ("max_unavailable", number_or_text),
    }
}
_INGRESS: Table = {"metadata": _ANNOTATIONS, "spec": {"ingressClassName": ("class", text)}}
_ROLE_RULE: Table = {
    "verbs": ("verbs", texts),
    "resources": ("resources", texts),
    "apiGroups": ("api_groups", texts),
    "resourceNames": ("resource_names", texts),
}


def _service_names(value: Any) -> Any:
    """Names of the Services behind `backend`, `defaultBackend` and the paths of the rules; old and new shapes."""
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    backends = [value.get("defaultBackend"), value.get("backend")]
    rules = value.get("rules")
    if rules is not None and not isinstance(rules, list):
        return malformed(rules, "a list")
    for rule in rules or ():
        paths = look_up(rule, ("http", "paths"))
        backends += [mapping(path).get("backend") for path in sequence(paths)]
    names: list[Any] = []
    for backend in backends:
        name = look_up(backend, ("service", "name"))
        name = mapping(backend).get("serviceName") if name is None else name
        if name is not None:
            names.append(text(name))
    return list(dict.fromkeys(names))


def _hosts(value: Any) -> Any:
    if not isinstance(value, list):
        return malformed(value, "a list")
    hosts = [rule.get("host") if isinstance(rule, dict) else malformed(rule, "a mapping") for rule in value]
    return list(dict.fromkeys(text(host) for host in hosts if host is not None))


def _ingress_values(resource: Resource, values: dict[str, Any]) -> None:
    spec = mapping(resource.attributes).get("spec")
    if "class" not in values:
        name = look_up(resource.attributes, ("metadata", "annotations", _INGRESS_CLASS))
        if name is not None:
            values["class"] = text(name)
    if spec is not None and not isinstance(spec, dict):
        values["services"] = values["tls"] = values["hosts"] = malformed(spec, "a mapping")
        return
    values["services"] = _service_names(spec or {})
    tls = mapping(spec).get("tls")
    values["tls"] = bool(tls) if tls is None or isinstance(tls, list) else malformed(tls, "a list")
    if mapping(spec).get("rules") is not None:
        values["hosts"] = _hosts(mapping(spec)["rules"])


def _keda_values(_resource: Resource, values: dict[str, Any]) -> None:
    values.setdefault("target_kind", "Deployment")


def _nothing(_resource: Resource, _values: dict[str, Any]) -> None:
    return


_Kind = tuple[str, Table, Callable[[Resource, dict[str, Any]], None], bool]
_KINDS: dict[str, _Kind] = {
    "/Service": ("service", _SERVICE, _nothing, False),
    "networking.k8s.io/Ingress": ("ingress", _INGRESS, _ingress_values, False),
    "extensions/Ingress": ("ingress", _INGRESS, _ingress_values, False),
    "autoscaling/HorizontalPodAutoscaler": ("autoscaler", _HORIZONTAL, _nothing, True),
    "keda.sh/ScaledObject": ("autoscaler", _KEDA, _keda_values, True),
    "autoscaling.k8s.io/VerticalPodAutoscaler": ("autoscaler", _VERTICAL, _nothing, True),
    "policy/PodDisruptionBudget": ("disruption_budget", _BUDGET, _nothing, False),
    "/ResourceQuota": ("quota", {}, _nothing, True),
    "/LimitRange": ("quota", {}, _nothing, True),
}
"""`group/Kind` to its view, its table, what the table cannot say, and whether the view has the attribute `kind`."""

_ROUTES: dict[str, dict[str, Route]] = {kind: dict(routes(entry[1])) for kind, entry in _KINDS.items()}
_OLD_METRICS: Route = ("spec", "targetCPUUtilizationPercentage")
_MORE_ROUTES: dict[str, Route] = {
    "tls": ("spec", "tls"),
    "hosts": ("spec", "rules"),
    "services": ("spec", "rules"),
    "missing_services": ("spec", "rules"),
    "target_exists": ("spec", "scaleTargetRef"),
}
_EITHER = {"min_available": "max_unavailable", "max_unavailable": "min_available"}
_ROLES = {"rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"}
_BINDINGS = {"rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"}


def view_of(resource: Resource) -> str:
    """The view of an object that stands for itself, '' where it has none."""
    kind = group_kind(resource.type)
    if kind in POLICY_KINDS:
        return "network_policy"
    entry = _KINDS.get(kind)
    return entry[0] if entry else ""


def object_values(resource: Resource) -> dict[str, Any]:
    """The attributes of a Service, an Ingress, an autoscaler, a budget or a quota."""
    _, table, complete, has_kind = _KINDS[group_kind(resource.type)]
    values: dict[str, Any] = {"name": resource.name, "namespace": resource.namespace}
    if has_kind:
        values["kind"] = resource.type.rpartition("/")[2]
    read(table, mapping(resource.attributes), values)
    complete(resource, values)
    return values


def object_subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """The subjects of an object that runs no pods."""
    kind = group_kind(resource.type)
    if kind in _KINDS:
        if _KINDS[kind][0] in views:
            values = object_values(resource)
            yield Subject(_KINDS[kind][0], resource, "", values, _Router(resource, _ROUTES[kind]))
    elif kind in POLICY_KINDS:
        if "network_policy" in views:
            for policy in policies(resource):
                yield Subject("network_policy", resource, policy.key, policy.values, _Router(resource, policy.routes))
    elif kind in _ROLES:
        if "role_rule" in views:
            yield from _role_rules(resource)
    elif kind in _BINDINGS and "role_binding" in views:
        yield _role_binding(resource)


def _role_rules(resource: Resource) -> Iterator[Subject]:
    rules = mapping(resource.attributes).get("rules")
    if rules is not None and not isinstance(rules, list):
        yield spoilt("role_rule", resource, "", ("rules",), malformed(rules, "a list"))
    for index, rule in enumerate(sequence(rules)):
        route: Route = ("rules", index)
        if not isinstance(rule, dict):
            yield spoilt("role_rule", resource, "", route, malformed(rule, "a mapping"))
            continue
        values: dict[str, Any] = {"role": resource.name, "role_kind": resource.type.rpartition("/")[2]}
        read(_ROLE_RULE, rule, values)
        yield Subject("role_rule", resource, _rule_key(values), values, Fixed(route, dict(routes(_ROLE_RULE))))


def _rule_key(values: Mapping[str, Any]) -> str:
    parts = (values.get(name) for name in ("api_groups", "resources", "verbs"))
    return " ".join(",".join(str(item) for item in part) for part in parts if isinstance(part, list) and part)


def _role_binding(resource: Resource) -> Subject:
    attributes = mapping(resource.attributes)
    values: dict[str, Any] = {"name": resource.name, "kind": resource.type.rpartition("/")[2]}
    read({"roleRef": {"name": ("role", text), "kind": ("role_kind", text)}}, attributes, values)
    subjects = attributes.get("subjects")
    if subjects is not None:
        values["subjects"] = _binding_subjects(subjects, resource.namespace)
    below: dict[str, Route] = {"role": ("roleRef", "name"), "role_kind": ("roleRef", "kind"), "subjects": ("subjects",)}
    return Subject("role_binding", resource, "", values, _Router(resource, below))


def _binding_subjects(value: Any, namespace: str) -> Any:
    if not isinstance(value, list):
        return malformed(value, "a list")
    found: list[Any] = []
    for item in value:
        if not isinstance(item, dict):
            found.append(malformed(item, "a mapping"))
            continue
        kind, name = text(item.get("kind")), text(item.get("name"))
        if not (isinstance(kind, str) and isinstance(name, str)):
            found.append(kind if not isinstance(kind, str) else name)
            continue
        where = item.get("namespace") or (namespace if kind == "ServiceAccount" else "")
        found.append(f"{kind}:{where}/{name}" if isinstance(where, str) else malformed(where, "a text"))
    return found


class _Router:
    """The routes of an object's attributes; what is none of its fields leads to its name."""

    __slots__ = ("below", "resource")

    def __init__(self, resource: Resource, below: Mapping[str, Route]) -> None:
        self.resource = resource
        self.below = below

    def __call__(self, attribute: str) -> Route:
        """Where the attribute stands, or would stand."""
        head = attribute.partition(".")[0]
        if head == "kind":
            return ("kind",)
        if head == "namespace":
            return ("metadata", "namespace")
        route = self.below.get(head) or _MORE_ROUTES.get(head)
        other = _EITHER.get(head)
        if other and route and look_up(self.resource.attributes, route) is None:
            # A budget says one of the two: a finding about it stands there.
            route = route if look_up(self.resource.attributes, self.below[other]) is None else self.below[other]
        if head == "resource_metrics" and look_up(self.resource.attributes, _OLD_METRICS) is not None:
            return _OLD_METRICS
        if head == "class" and look_up(self.resource.attributes, ("spec", "ingressClassName")) is None:
            annotation: Route = ("metadata", "annotations", _INGRESS_CLASS)
            route = annotation if look_up(self.resource.attributes, annotation) is not None else route
        return route or name_route(self.resource)
