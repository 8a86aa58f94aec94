"""Network policies of Kubernetes, Cilium and Calico: what they select, what they isolate, what they let through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from scanner.core.pod_templates import group_kind
from scanner.core.resource import Resource
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.kubernetes.calico import calico_selector
from scanner.normalize.kubernetes.fields import malformed
from scanner.normalize.kubernetes.selectors import EVERYTHING, NOTHING, Selector, SelectorError, label_selector
from scanner.normalize.values import mapping, sequence

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(slots=True)
class Policy:
    """A network policy as a subject and as a selector.

    `pods` selects by the labels of pods (`dialect` says which labels the maker's controller adds to them), `accounts`
    by those of their service accounts; `namespaces` by those of namespaces, for a policy of the whole cluster (None:
    its own namespace only). `problem`: the selection cannot be read.
    """

    key: str
    values: dict[str, Any]
    routes: Mapping[str, Route]
    dialect: str
    pods: Selector = NOTHING
    namespaces: Selector | None = None
    accounts: Selector = EVERYTHING
    problem: Unknown | None = None


@dataclass(slots=True)
class _Direction:
    """One side of a policy: whether it isolates, and whether a rule lets everything through."""

    isolates: Any = False
    open: Any = False
    flaws: list[Unknown] = field(default_factory=list)

    def rules(self, value: Any, lets_all: Callable[[dict[str, Any]], bool]) -> None:
        """Judges a list of rules; what cannot be read leaves open whether everything is let through."""
        if value is not None and not isinstance(value, list):
            self.flaws.append(malformed(value, "a list"))
        for rule in sequence(value):
            if not isinstance(rule, dict):
                self.flaws.append(malformed(rule, "a mapping"))
            elif lets_all(rule):
                self.open = True
        if self.flaws and self.open is False:
            self.open = self.flaws[0]


def _named_directions(types: Any, ingress: _Direction, egress: _Direction) -> bool:
    """Sets which directions a policy isolates from the types that it names; False where it names none."""
    if isinstance(types, list):
        ingress.isolates, egress.isolates = "Ingress" in types, "Egress" in types
    elif types:
        ingress.isolates = egress.isolates = malformed(types, "a list")
    return bool(types)


def policies(resource: Resource) -> Iterator[Policy]:
    """The policies of a resource: one, or one for each entry of Cilium's `specs`."""
    yield from POLICY_KINDS[group_kind(resource.type)](resource)


def _values(resource: Resource, *, cluster: bool = False) -> dict[str, Any]:
    return {
        "name": resource.name,
        "namespace": "" if cluster else resource.namespace,
        "kind": resource.type.rpartition("/")[2],
    }


def _finish(policy: Policy, ingress: _Direction, egress: _Direction, *, selects_all: Any) -> Policy:
    policy.values |= {
        "selects_all": policy.problem or selects_all,
        "isolates_ingress": ingress.isolates,
        "isolates_egress": egress.isolates,
        "allows_all_ingress": ingress.open,
        "allows_all_egress": egress.open,
    }
    return policy


def _broken(policy: Policy, unknown: Unknown) -> Policy:
    policy.problem = unknown
    side = _Direction(unknown, unknown)
    return _finish(policy, side, side, selects_all=unknown)


def _selected(policy: Policy, compile_selector: Callable[[], Selector]) -> None:
    try:
        policy.pods = compile_selector()
    except SelectorError as error:
        policy.problem = Unknown(str(error), "failed")


# Kubernetes

_ROUTES: dict[str, Route] = {
    "selects_all": ("spec", "podSelector"),
    "isolates_ingress": ("spec", "policyTypes"),
    "isolates_egress": ("spec", "policyTypes"),
    "allows_all_ingress": ("spec", "ingress"),
    "allows_all_egress": ("spec", "egress"),
}


def _kubernetes(resource: Resource) -> Iterator[Policy]:
    policy = Policy("", _values(resource), _ROUTES, "")
    spec = mapping(resource.attributes).get("spec")
    if spec is not None and not isinstance(spec, dict):
        yield _broken(policy, malformed(spec, "a mapping"))
        return
    spec = spec or {}
    selector = spec.get("podSelector")
    _selected(policy, lambda: label_selector({} if selector is None else selector))
    ingress, egress = _Direction(), _Direction()
    if not _named_directions(spec.get("policyTypes"), ingress, egress):
        ingress.isolates, egress.isolates = True, bool(spec.get("egress"))
    ingress.rules(spec.get("ingress"), lambda rule: _lets_all(rule, "from"))
    egress.rules(spec.get("egress"), lambda rule: _lets_all(rule, "to"))
    yield _finish(policy, ingress, egress, selects_all=policy.pods.everything)


def _lets_all(rule: dict[str, Any], side: str) -> bool:
    peers = rule.get(side)
    if rule.get("ports"):
        return False
    if not peers:
        return True
    blocks = (mapping(mapping(peer).get("ipBlock")) for peer in sequence(peers))
    return any(_text(block.get("cidr")) in _EVERYWHERE and not block.get("except") for block in blocks)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


# Cilium

_CILIUM_ROUTES: dict[str, Route] = {
    "selects_all": ("endpointSelector",),
    "isolates_ingress": ("ingress",),
    "isolates_egress": ("egress",),
    "allows_all_ingress": ("ingress",),
    "allows_all_egress": ("egress",),
}


def _cilium(resource: Resource) -> Iterator[Policy]:
    attributes = mapping(resource.attributes)
    cluster = resource.type.endswith("CiliumClusterwideNetworkPolicy")
    specs = attributes.get("specs")
    entries: list[tuple[Any, Route]] = []
    if attributes.get("spec") is not None or not specs:
        entries.append((attributes.get("spec"), ("spec",)))
    if specs is not None and not isinstance(specs, list):
        entries.append((specs, ("specs",)))
    entries += [(spec, ("specs", index)) for index, spec in enumerate(sequence(specs))]
    for spec, base in entries:
        routes = {name: (*base, *route) for name, route in _CILIUM_ROUTES.items()}
        key = "" if base == ("spec",) else _selector_text(spec)
        policy = Policy(key, _values(resource, cluster=cluster), routes, "cilium")
        policy.namespaces = EVERYTHING if cluster else None
        if not isinstance(spec, dict):
            yield _broken(policy, malformed(spec, "a mapping"))
            continue
        yield _cilium_spec(policy, spec)


def _selector_text(spec: Any) -> str:
    """Tells the entries of `specs` apart, in whatever order they stand."""
    return json.dumps(mapping(spec).get("endpointSelector"), sort_keys=True, default=str)[:200]


def _cilium_spec(policy: Policy, spec: dict[str, Any]) -> Policy:
    selector = spec.get("endpointSelector")
    if selector is not None or spec.get("nodeSelector") is None:
        _selected(policy, lambda: label_selector(selector, _cilium_key))
    sides = []
    for name, source in (("ingress", "from"), ("egress", "to")):
        side = _Direction()
        rules, denials = spec.get(name), spec.get(f"{name}Deny")
        chosen = mapping(spec.get("enableDefaultDeny")).get(name)
        side.isolates = bool(rules) or bool(denials) if chosen is None else chosen is True
        side.rules(rules, partial(_cilium_lets_all, source))
        sides.append(side)
    return _finish(policy, sides[0], sides[1], selects_all=policy.pods.everything)


def _cilium_key(key: str) -> str:
    source, separator, name = key.partition(":")
    return name if separator and source in ("k8s", "any") else key


def _cilium_lets_all(source: str, rule: dict[str, Any]) -> bool:
    if rule.get("toPorts") or rule.get("icmps"):
        return False
    everyone = "all" in sequence(rule.get(f"{source}Entities"))
    ranges = [one for one in sequence(rule.get(f"{source}CIDR")) if isinstance(one, str)]
    sets = [mapping(entry) for entry in sequence(rule.get(f"{source}CIDRSet"))]
    ranges += [_text(entry.get("cidr")) for entry in sets if not entry.get("except")]
    return everyone or any(one in _EVERYWHERE for one in ranges)


# Calico

_CALICO_ROUTES: dict[str, Route] = {
    **_ROUTES,
    "selects_all": ("spec", "selector"),
    "isolates_ingress": ("spec", "types"),
    "isolates_egress": ("spec", "types"),
}


def _calico(resource: Resource) -> Iterator[Policy]:
    cluster = resource.type.endswith("/GlobalNetworkPolicy")
    policy = Policy("", _values(resource, cluster=cluster), _CALICO_ROUTES, "calico")
    spec = mapping(resource.attributes).get("spec")
    if not isinstance(spec, dict):
        yield _broken(policy, malformed(spec, "a mapping"))
        return
    if cluster:
        policy.namespaces = EVERYTHING
    # Policies before DNAT and untracked ones are about host endpoints only.
    if not (spec.get("preDNAT") is True or spec.get("doNotTrack") is True):
        _selected(policy, lambda: _expression(spec.get("selector")))
        try:
            policy.accounts = _expression(spec.get("serviceAccountSelector"))
            if cluster:
                policy.namespaces = _expression(spec.get("namespaceSelector"))
        except SelectorError as error:
            policy.problem = Unknown(str(error), "failed")
    ingress, egress = _Direction(), _Direction()
    if not _named_directions(spec.get("types"), ingress, egress):
        egress.isolates = bool(spec.get("egress"))
        ingress.isolates = bool(spec.get("ingress")) or not egress.isolates
    ingress.rules(spec.get("ingress"), lambda rule: _calico_lets_all(rule, "source"))
    egress.rules(spec.get("egress"), lambda rule: _calico_lets_all(rule, "destination"))
    everywhere = policy.namespaces is None or policy.namespaces.everything
    selects_all = policy.pods.everything and policy.accounts.everything and everywhere
    yield _finish(policy, ingress, egress, selects_all=selects_all)


def _expression(value: Any) -> Selector:
    if value is None:
        return EVERYTHING
    if not isinstance(value, str):
        raise SelectorError("the selector is no text")
    return calico_selector(value)


def _calico_lets_all(rule: dict[str, Any], side: str) -> bool:
    conditions = {key for key, value in rule.items() if value not in (None, {}, [], "")} - {"action", "metadata"}
    if rule.get("action") != "Allow":
        return False
    if not conditions:
        return True
    peer = rule.get(side)
    nets = sequence(mapping(peer).get("nets"))
    return conditions == {side} and set(mapping(peer)) == {"nets"} and any(_text(net) in _EVERYWHERE for net in nets)


POLICY_KINDS: dict[str, Callable[[Resource], Iterator[Policy]]] = {
    "networking.k8s.io/NetworkPolicy": _kubernetes,
    "extensions/NetworkPolicy": _kubernetes,
    "cilium.io/CiliumNetworkPolicy": _cilium,
    "cilium.io/CiliumClusterwideNetworkPolicy": _cilium,
    "crd.projectcalico.org/NetworkPolicy": _calico,
    "projectcalico.org/NetworkPolicy": _calico,
    "crd.projectcalico.org/GlobalNetworkPolicy": _calico,
    "projectcalico.org/GlobalNetworkPolicy": _calico,
}
"""`group/Kind` to the function that reads its policies."""
