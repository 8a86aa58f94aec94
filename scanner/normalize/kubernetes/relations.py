"""Works out every relation between the facts of a scan at once: what selects what, and what leads to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scanner.core.location import Place
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.join import Query, Target, join
from scanner.normalize.kubernetes.policies import Policy
from scanner.normalize.kubernetes.selectors import NOTHING, Selector
from scanner.normalize.values import mapping

Identity = tuple[str, str, str, str]
"""Type, namespace as written, name, key of the subject."""

Where = tuple[str, int, int]
"""Path, line and column of a resource: tells two of one identity apart."""


@dataclass(slots=True)
class WorkloadFact:
    """What is remembered of a workload. `labels` are its pods'; `flaw` says why they cannot be matched. `replicas` is
    what is `written`, else what the API server sets."""

    identity: Identity
    where: Where
    namespace: str
    labels: dict[str, str]
    flaw: Unknown | None
    account: str
    replicas: int | None
    written: bool


@dataclass(slots=True)
class ObjectFact:
    """A Service, budget, autoscaler, ... or one policy: its attributes, and what it selects."""

    identity: Identity
    where: Where
    namespace: str
    values: dict[str, Any]
    selector: Selector = NOTHING
    problem: Unknown | None = None
    policy: Policy | None = None
    takes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class NamespaceFact:
    """A namespace, where it was first met, and how many workloads run in it."""

    place: Place
    labels: Any = None
    declared: bool = False
    workloads: int = 0


class Relations:
    """Every relation between the facts, worked out at once."""

    def __init__(
        self,
        workloads: list[WorkloadFact],
        objects: dict[str, list[ObjectFact]],
        namespaces: dict[str, NamespaceFact],
        accounts: dict[tuple[str, str], dict[str, str]],
        known: set[tuple[str, str, str]],
    ) -> None:
        self.workloads = workloads
        self.objects = {view: list(found) for view, found in objects.items()}
        self.namespaces = namespaces
        self.accounts = accounts
        self.known = known
        self.identities: defaultdict[Identity, list[int]] = defaultdict(list)
        for number, workload in enumerate(workloads):
            self.identities[workload.identity].append(number)
        self.object_identities: defaultdict[tuple[str, Identity], list[ObjectFact]] = defaultdict(list)
        for view, found in self.objects.items():
            for one in found:
                self.object_identities[view, one.identity].append(one)
        self._select()
        self._index()

    def _select(self) -> None:
        policies_found = self.objects.get("network_policy", [])
        dialects = {one.policy.dialect for one in policies_found if one.policy} - {""}
        targets = [self._target(workload, dialects) for workload in self.workloads]
        self.policies = self._joined("network_policy", [self._policy_query(one) for one in policies_found], targets)
        for view in ("service", "disruption_budget"):
            queries = [Query(one.selector, frozenset({one.namespace})) for one in self.objects.get(view, [])]
            found = self._joined(view, queries, targets)
            if view == "service":
                self.services = found
            else:
                self.budgets = found

    def _joined(self, view: str, queries: list[Query], targets: list[Target]) -> list[tuple[int, ...]]:
        found = join(queries, targets)
        objects = self.objects.get(view, [])
        for one in objects:
            one.takes = []
        for number, (workload, matches) in enumerate(zip(self.workloads, found, strict=True)):
            if workload.flaw is None:
                for match in matches:
                    objects[match].takes.append(number)
        for one in objects:
            one.values["selects_workloads"] = one.problem or len(one.takes)
        return found

    def _policy_query(self, one: ObjectFact) -> Query:
        policy = one.policy
        if policy is None or policy.problem is not None:
            return Query(NOTHING, frozenset())
        if policy.namespaces is None:
            return Query(self._with_accounts(policy), frozenset({one.namespace}), policy.dialect)
        if policy.namespaces.everything:
            return Query(self._with_accounts(policy), None, policy.dialect)
        test = policy.namespaces.test
        chosen = frozenset(name for name in self.namespaces if test(self._namespace_labels(name)))
        return Query(self._with_accounts(policy), chosen, policy.dialect)

    def _with_accounts(self, policy: Policy) -> Selector:
        if policy.accounts.everything:
            return policy.pods
        pods, accounts = policy.pods, policy.accounts
        return Selector(lambda labels: pods.test(labels) and accounts.test(_account_labels(labels)), pods.choices)

    def _namespace_labels(self, name: str) -> dict[str, str]:
        labels = self.namespaces[name].labels
        known = {key: value for key, value in mapping(labels).items() if isinstance(value, str)}
        return {"kubernetes.io/metadata.name": name, "projectcalico.org/name": name, **known}

    def _target(self, workload: WorkloadFact, dialects: set[str]) -> Target:
        if not dialects:
            return Target(workload.namespace, workload.labels, {})
        account = workload.account or "default"
        added: dict[str, dict[str, str]] = {}
        namespace = self._namespace_labels(workload.namespace)
        if "cilium" in dialects:
            added["cilium"] = {
                **{f"io.cilium.k8s.namespace.labels.{key}": value for key, value in namespace.items()},
                "io.kubernetes.pod.namespace": workload.namespace,
                "io.cilium.k8s.policy.serviceaccount": account,
                **workload.labels,
            }
        if "calico" in dialects:
            of_account = self.accounts.get((workload.namespace, account), {})
            added["calico"] = {
                **{f"pcns.{key}": value for key, value in namespace.items()},
                **{f"pcsa.{key}": value for key, value in {"projectcalico.org/name": account, **of_account}.items()},
                "projectcalico.org/namespace": workload.namespace,
                "projectcalico.org/serviceaccount": account,
                "projectcalico.org/orchestrator": "k8s",
                **workload.labels,
            }
        return Target(workload.namespace, workload.labels, added)

    def _index(self) -> None:
        self.by_namespace: defaultdict[tuple[str, str], list[ObjectFact]] = defaultdict(list)
        for one in self.objects.get("quota", []):
            self.by_namespace[one.values["kind"], one.namespace].append(one)
        self.scalers: defaultdict[tuple[str, str, str], list[ObjectFact]] = defaultdict(list)
        replicas = {(w.namespace, w.identity[0].rpartition("/")[2], w.identity[2]): w.written for w in self.workloads}
        for one in self.objects.get("autoscaler", []):
            target = (one.namespace, one.values.get("target_kind"), one.values.get("target_name"))
            unknown = next((part for part in target if isinstance(part, Unknown)), None)
            one.values["target_exists"] = unknown or target in self.known
            one.values["target_replicas_set"] = unknown or replicas.get(target, False)  # type: ignore[arg-type]
            self.scalers[target].append(one)  # type: ignore[index]
        services = {(one.namespace, one.identity[2]) for one in self.objects.get("service", [])}
        self.ingresses: defaultdict[tuple[str, str], list[ObjectFact]] = defaultdict(list)
        for one in self.objects.get("ingress", []):
            names = one.values.get("services")
            if isinstance(names, Unknown):
                one.values["missing_services"] = names
                continue
            for name in names or ():
                self.ingresses[one.namespace, name].append(one)
            missing = [name for name in names or () if (one.namespace, name) not in services]
            one.values["missing_services"] = missing
        for one in self.objects.get("disruption_budget", []):
            fewest = [self._fewest(self.workloads[number]) for number in one.takes]
            known = [count for count in fewest if count is not None]
            one.values.pop("fewest_replicas", None)
            if known and len(known) == len(fewest):
                one.values["fewest_replicas"] = min(known)

    def _fewest(self, workload: WorkloadFact) -> int | None:
        for scaler in (one.values for one in self._scalers_of(workload)):
            if scaler["kind"] == "VerticalPodAutoscaler":
                continue
            least = scaler.get("min", 1 if scaler["kind"] == "HorizontalPodAutoscaler" else 0)
            return least if isinstance(least, int) else None
        return workload.replicas

    def _scalers_of(self, workload: WorkloadFact) -> list[ObjectFact]:
        kind, name = workload.identity[0].rpartition("/")[2], workload.identity[2]
        return self.scalers.get((workload.namespace, kind, name), [])

    def of_workload(self, identity: Identity, where: Where, labels: Callable[[], Any]) -> dict[str, Any]:
        """The relations of the workload with this identity; where several have it, of the one at `where`, else of the
        one with these `labels`."""
        numbers = self.identities.get(identity, [])
        if not numbers:
            return {}
        number = numbers[0]
        near: Callable[[ObjectFact], bool] = _anywhere
        if len(numbers) > 1:
            number = self._chosen(numbers, where, labels)
            near = _nearer(self.workloads[number].where, [self.workloads[other].where for other in numbers])
        workload = self.workloads[number]
        home = workload.namespace
        scalers = [one.values for one in self._scalers_of(workload) if near(one)]
        found: dict[str, Any] = {
            "autoscalers": [one for one in scalers if one["kind"] != "VerticalPodAutoscaler"],
            "vertical_autoscalers": [one for one in scalers if one["kind"] == "VerticalPodAutoscaler"],
            "service_account_exists": workload.account in ("", "default") or (home, workload.account) in self.accounts,
            "quotas": [one.values for one in self.by_namespace.get(("ResourceQuota", home), ()) if near(one)],
            "limit_ranges": [one.values for one in self.by_namespace.get(("LimitRange", home), ()) if near(one)],
        }
        if workload.flaw is not None:
            found |= dict.fromkeys(("network_policies", "services", "disruption_budgets", "ingresses"), workload.flaw)
            return found
        for attribute, view, matches in (
            ("network_policies", "network_policy", self.policies[number]),
            ("services", "service", self.services[number]),
            ("disruption_budgets", "disruption_budget", self.budgets[number]),
        ):
            objects = self.objects.get(view, [])
            found[attribute] = [objects[one].values for one in matches if near(objects[one])]
        services = [self.objects["service"][one].identity[2] for one in self.services[number]]
        leading = {id(one): one for name in services for one in self.ingresses.get((home, name), ()) if near(one)}
        found["ingresses"] = [one.values for one in leading.values()]
        return found

    def _chosen(self, numbers: list[int], where: Where, labels: Callable[[], Any]) -> int:
        for number in numbers:
            if self.workloads[number].where == where:
                return number
        wanted = labels()
        return next((number for number in numbers if self.workloads[number].labels == wanted), numbers[0])

    def of_object(self, view: str, identity: Identity, where: Where) -> dict[str, Any]:
        """The relations of the object with this identity; where several have it, of the one at `where`."""
        objects = self.object_identities.get((view, identity))
        if not objects:
            return {}
        one = next((one for one in objects if one.where == where), objects[0])
        return {name: one.values[name] for name in _RELATIONS.get(view, ()) if name in one.values}

    def of_namespace(self, name: str) -> dict[str, Any]:
        """What stands in a namespace: quotas, limit ranges, and policies that isolate every pod in it."""
        denies = {"ingress": False, "egress": False}
        for one in self.objects.get("network_policy", []):
            policy = one.policy
            if policy is None or not (policy.pods.everything and policy.accounts.everything):
                continue
            if policy.namespaces is None:
                if one.namespace != name:
                    continue
            elif not policy.namespaces.test(self._namespace_labels(name)):
                continue
            for side in denies:
                if one.values[f"isolates_{side}"] is True and one.values[f"allows_all_{side}"] is False:
                    denies[side] = True
        return {
            "has_quota": ("ResourceQuota", name) in self.by_namespace,
            "has_limit_range": ("LimitRange", name) in self.by_namespace,
            "denies_ingress_by_default": denies["ingress"],
            "denies_egress_by_default": denies["egress"],
        }


def _anywhere(_one: ObjectFact) -> bool:
    return True


def _nearer(own: Where, all_places: list[Where]) -> Callable[[ObjectFact], bool]:
    """For a workload that several folders hold (development, production): whether an object belongs to this one. It
    does not where its folder shares more with another's than with this one's; what is common to both belongs to both.
    """
    folder = own[0].split("/")[:-1]
    others = [place[0].split("/")[:-1] for place in all_places]

    def near(one: ObjectFact) -> bool:
        place = one.where[0].split("/")[:-1]
        return all(_shared(place, folder) >= _shared(place, other) for other in others)

    return near


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _account_labels(labels: Any) -> dict[str, str]:
    """The labels of a service account out of those that Calico sees of its pods."""
    prefix = "pcsa."
    return {key.removeprefix(prefix): value for key, value in labels.items() if key.startswith(prefix)}


_RELATIONS = {
    "network_policy": ("selects_workloads",),
    "service": ("selects_workloads",),
    "disruption_budget": ("selects_workloads", "fewest_replicas"),
    "ingress": ("missing_services",),
    "autoscaler": ("target_exists", "target_replicas_set"),
}
