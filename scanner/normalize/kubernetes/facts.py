"""What a scan remembers of Kubernetes resources, so that relations between them can be told at its end.

Only names, labels and selectors are kept, and the attributes of the objects that relations lead to. A resource that
names no namespace stands in the one that kubectl would use, `default` unless told otherwise: '' and 'default' are the
same namespace here, while subjects keep what was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scanner.core.location import Place
from scanner.core.pod_templates import group_kind
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.fields import Fixed, look_up, malformed, text_map
from scanner.normalize.kubernetes.objects import object_values, view_of
from scanner.normalize.kubernetes.pods import Options, pod_of
from scanner.normalize.kubernetes.policies import policies
from scanner.normalize.kubernetes.relations import NamespaceFact, ObjectFact, Relations, Where, WorkloadFact
from scanner.normalize.kubernetes.selectors import (
    NOTHING,
    Selector,
    SelectorError,
    label_selector,
    plain_selector,
)
from scanner.normalize.values import mapping

_ONE_BY_DEFAULT = frozenset(
    {
        "apps/Deployment",
        "apps/StatefulSet",
        "apps/ReplicaSet",
        "extensions/Deployment",
        "extensions/ReplicaSet",
        "/ReplicationController",
        "argoproj.io/Rollout",
        "apps.kruise.io/CloneSet",
    }
)


@dataclass(frozen=True, slots=True)
class _At:
    """The origin of a namespace: the one place that is remembered of it."""

    place: Place

    def locate(self, route: Route) -> Place:
        """The place, which stands for every attribute; only the namespace itself exists there."""
        return Place(self.place.location, self.place.exists and not route)


class Facts:
    """Takes resources one by one, and tells relations once all are there.

    `namespace` is the one that resources without a namespace stand in.
    """

    def __init__(self, options: Options | None = None, namespace: str = "default") -> None:
        self._options = options
        self._default = namespace
        self._workloads: list[WorkloadFact] = []
        self._objects: defaultdict[str, list[ObjectFact]] = defaultdict(list)
        self._namespaces: dict[str, NamespaceFact] = {}
        self._accounts: dict[tuple[str, str], dict[str, str]] = {}
        self._known: set[tuple[str, str, str]] = set()
        self._relations: Relations | None = None

    def add(self, resource: Resource) -> None:
        """Remembers what relations need of `resource`; the resource itself is not kept."""
        kind = group_kind(resource.type)
        view = view_of(resource)
        if view:
            self._add_object(resource, view)
        elif kind == "/Namespace":
            self._add_namespace(resource)
        elif kind == "/ServiceAccount":
            labels = _labels(look_up(resource.attributes, ("metadata", "labels")))
            self._accounts[self._home(resource.namespace), resource.name] = labels if isinstance(labels, dict) else {}
        else:
            self._add_workload(resource, kind)
        self._relations = None

    def relations(self, subject: Subject) -> dict[str, Any]:
        """The relation attributes of a subject, by name; empty for a view that has none.

        The subject is recognised by its resource's type, namespace and name, and its key. Where several files hold
        that same identity, its origin tells it apart, and what stands in the folder of another is not its own.
        """
        if self._relations is None:
            self._relations = Relations(self._workloads, self._objects, self._namespaces, self._accounts, self._known)
        resource = subject.resource
        identity = (resource.type, resource.namespace, resource.name, subject.key)
        where = _where(resource)
        if subject.view == "workload":
            return self._relations.of_workload(identity, where, lambda: self._labels_of(subject))
        return self._relations.of_object(subject.view, identity, where)

    def namespace_subjects(self) -> Iterator[Subject]:
        """A subject of the view `kubernetes_namespace` for each namespace, by name; complete, without relations."""
        if self._relations is None:
            self._relations = Relations(self._workloads, self._objects, self._namespaces, self._accounts, self._known)
        for name, namespace in sorted(self._namespaces.items()):
            values: dict[str, Any] = {
                "name": name,
                "declared": namespace.declared,
                "workloads": namespace.workloads,
                **self._relations.of_namespace(name),
            }
            if namespace.declared:
                values["labels"] = {} if namespace.labels is None else namespace.labels
            resource = Resource("v1/Namespace", name, {}, _At(namespace.place), "kubernetes")
            yield Subject("kubernetes_namespace", resource, "", values, Fixed((), {key: (key,) for key in values}))

    def _home(self, namespace: str) -> str:
        return namespace or self._default

    def _add_object(self, resource: Resource, view: str) -> None:
        home = self._home(resource.namespace)
        identity, where = (resource.type, resource.namespace, resource.name, ""), _where(resource)
        if view == "network_policy":
            for policy in policies(resource):
                policy.routes = {}
                found = ObjectFact(
                    (*identity[:3], policy.key), where, home, policy.values, policy.pods, policy.problem, policy
                )
                self._objects[view].append(found)
            return
        found = ObjectFact(identity, where, home, object_values(resource))
        if view in ("service", "disruption_budget"):
            try:
                found.selector = _SELECTORS[view](resource)
            except SelectorError as error:
                found.problem = Unknown(str(error), "failed")
        self._objects[view].append(found)

    def _add_namespace(self, resource: Resource) -> None:
        known = self._namespaces.get(resource.name)
        labels = look_up(resource.attributes, ("metadata", "labels"))
        self._namespaces[resource.name] = NamespaceFact(
            resource.origin.locate(("metadata", "name")),
            None if labels is None else text_map(labels),
            declared=True,
            workloads=known.workloads if known else 0,
        )

    def _add_workload(self, resource: Resource, kind: str) -> None:
        home = self._home(resource.namespace)
        pod = pod_of(resource, self._options)
        if pod is None:
            if "." in kind:  # a custom kind, which an autoscaler may point to
                self._known.add((home, resource.type.rpartition("/")[2], resource.name))
            return
        self._known.add((home, pod.kind, resource.name))
        labels = pod.flaw or _labels(
            mapping(pod.metadata).get("labels") if isinstance(pod.metadata, dict) else pod.metadata
        )
        account = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount")
        replicas = look_up(resource.attributes, ("spec", "replicas"))
        written = replicas.__class__ is int
        flaw = labels if isinstance(labels, Unknown) else None
        self._workloads.append(
            WorkloadFact(
                (resource.type, resource.namespace, resource.name, ""),
                _where(resource),
                home,
                labels if isinstance(labels, dict) else {},
                flaw,
                account if isinstance(account, str) else "",
                replicas if written else (1 if replicas is None and kind in _ONE_BY_DEFAULT else None),
                written,
            )
        )
        namespace = self._namespaces.get(home)
        if namespace is None:
            namespace = self._namespaces[home] = NamespaceFact(resource.origin.locate(("metadata", "namespace")))
        namespace.workloads += 1

    def _labels_of(self, subject: Subject) -> Any:
        labels = subject.values.get("pod_labels")
        if labels is None:
            pod = pod_of(subject.resource, self._options)
            labels = mapping(pod.metadata).get("labels") if pod else None
        return labels


def _where(resource: Resource) -> Where:
    location = resource.origin.locate(()).location
    return location.path, location.line, location.column


def _labels(value: Any) -> dict[str, str] | Unknown:
    """Labels to match; unknown where one of them is no text."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return malformed(value, "a mapping")
    wrong = next((label for label in value.values() if not (label is None or isinstance(label, str))), None)
    if wrong is not None:
        return malformed(wrong, "a text")
    return {key: label or "" for key, label in value.items()}


def _service_selector(resource: Resource) -> Selector:
    selector = look_up(resource.attributes, ("spec", "selector"))
    return plain_selector(selector) if selector else NOTHING


def _budget_selector(resource: Resource) -> Selector:
    selector = look_up(resource.attributes, ("spec", "selector"))
    if selector is None or (selector == {} and resource.type == "policy/v1beta1/PodDisruptionBudget"):
        return NOTHING
    return label_selector(selector)


_SELECTORS: dict[str, Callable[[Resource], Selector]] = {
    "service": _service_selector,
    "disruption_budget": _budget_selector,
}
