"""Manifests with something of the wrong type anywhere: no exception, declared types or unknown, routes that lead somewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.core.location import Location, Place
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import VIEWS
from scanner.normalize.kubernetes import Facts, Options, subjects
from scanner.sources.kubernetes.manifests import load_manifests
from tests.normalize.kubernetes.support import ALL_VIEWS

FOLDER = Path(__file__).with_name("golden")
OPTIONS = Options({"example.com/Worker": "spec.pod", "example.com/Runner": "spec.podSpec"})
OTHERS: tuple[Any, ...] = (None, True, 0, 1.5, "text", [], ["text"], {}, {"a": 1}, [[]], [{}], [None], Unknown("test"))
PARTIAL = PartialText((Unknown("test"), "-x"))


class _Anywhere:
    def locate(self, route: Route) -> Place:
        assert isinstance(route, tuple)
        return Place(Location("x", 1, 1, 1, 2), True)


def _resources() -> list[Resource]:
    found = []
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in (".yaml", ".json"):
            found += load_manifests(path.read_bytes(), path.name, OPTIONS.pod_templates).resources
    return found


RESOURCES = _resources()


def _routes(node: Any, base: Route = ()) -> Iterator[Route]:
    if base:
        yield base
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, item in entries:
        yield from _routes(item, (*base, step))


def _replaced(node: Any, route: Route, value: Any) -> Any:
    if not route:
        return value
    step, rest = route[0], route[1:]
    if isinstance(node, dict):
        return {key: _replaced(item, rest, value) if key == step else item for key, item in node.items()}
    return [_replaced(item, rest, value) if index == step else item for index, item in enumerate(node)]


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, Unknown):
        return True
    if kind == "string":
        return isinstance(value, (str, PartialText))
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "bool":
        return isinstance(value, bool)
    if kind.startswith("list("):
        return isinstance(value, list) and all(_fits(item, kind[5:-1]) for item in value)
    if kind.startswith("map("):
        return isinstance(value, dict) and all(
            isinstance(key, str) and _fits(item, kind[4:-1]) for key, item in value.items()
        )
    attributes = VIEWS[kind].attributes
    return isinstance(value, dict) and all(
        name in attributes and _fits(item, attributes[name].type) for name, item in value.items()
    )


def _check(subject: Subject) -> None:
    attributes = VIEWS[subject.view].attributes
    for name, value in subject.values.items():
        assert name in attributes, (subject.view, name)
        assert _fits(value, attributes[name].type), (subject.view, name, value)
    assert isinstance(subject.key, str)
    for name in ("", *attributes, "health_check.path", "liveness_probe.command"):
        route = subject.route_of(name)
        assert all(isinstance(step, (str, int)) for step in route)


def _try(resource: Resource) -> list[Subject]:
    found = list(subjects(resource, ALL_VIEWS, OPTIONS))
    for subject in found:
        _check(subject)
    facts = Facts(OPTIONS)
    for other in (resource, *RESOURCES[:1]):
        facts.add(other)
    for subject in found:
        for name, value in facts.relations(subject).items():
            assert _fits(value, VIEWS[subject.view].attributes[name].type), (subject.view, name, value)
    for subject in facts.namespace_subjects():
        _check(subject)
    return found


def _mutants(number: int | None) -> Iterator[tuple[Resource, Route, Any]]:
    """Every node by every other thing, or `number` of these pairs by chance."""
    chances = random.Random(20261123)
    pairs = [
        (resource, route, value)
        for resource in RESOURCES
        for route in _routes(resource.attributes)
        for value in (*OTHERS, PARTIAL)
    ]
    yield from pairs if number is None else chances.sample(pairs, number)


def _sweep(number: int | None) -> None:
    for resource, route, value in _mutants(number):
        attributes = _replaced(resource.attributes, route, value)
        changed = Resource(resource.type, resource.name, attributes, _Anywhere(), "kubernetes", resource.namespace)
        try:
            _try(changed)
        except Exception as error:
            raise AssertionError(f"{resource.type} {resource.name} {route} = {value!r}") from error


def test_the_goldens_themselves() -> None:
    assert sum(len(_try(resource)) for resource in RESOURCES) > 140


def test_any_node_replaced() -> None:
    _sweep(4000)


@pytest.mark.long
def test_every_node_replaced() -> None:
    _sweep(None)


@pytest.mark.parametrize("attributes", [None, 5, "text", [], {}, {"spec": None}])
@pytest.mark.parametrize("kind", ["v1/Pod", "apps/v1/Deployment", "v1/Service", "v1/Secret", "networking.k8s.io/v1/NetworkPolicy", "a/b/c/d", "x"])  # fmt: skip
def test_resources_that_are_nothing(kind: str, attributes: Any) -> None:
    _try(Resource(kind, "n", attributes, _Anywhere(), "kubernetes"))


SEEN: tuple[tuple[str, Route], ...] = (
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0)),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "image")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "env")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "env", 0)),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "resources")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "resources", "limits")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "securityContext")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "containers", 0, "ports", 0)),
    ("apps/v1/Deployment", ("spec", "template", "spec", "securityContext")),
    ("apps/v1/Deployment", ("spec", "template", "spec", "volumes")),
    ("apps/v1/Deployment", ("spec", "template", "spec")),
    ("apps/v1/Deployment", ("spec", "template")),
    ("apps/v1/Deployment", ("spec",)),
    ("apps/v1/Deployment", ("metadata", "labels")),
    ("networking.k8s.io/v1/NetworkPolicy", ("spec",)),
    ("networking.k8s.io/v1/NetworkPolicy", ("spec", "podSelector")),
    ("networking.k8s.io/v1/NetworkPolicy", ("spec", "policyTypes")),
    ("v1/Secret", ("data",)),
    ("v1/ConfigMap", ("data",)),
    ("v1/Service", ("spec",)),
    ("networking.k8s.io/v1/Ingress", ("spec",)),
    ("rbac.authorization.k8s.io/v1/ClusterRole", ("rules",)),
    ("rbac.authorization.k8s.io/v1/RoleBinding", ("subjects",)),
)


def _holds_failure(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_failure(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_failure(item) for item in value)
    return isinstance(value, Unknown) and value.kind == "failed"


@pytest.mark.parametrize(("kind", "route"), SEEN)
def test_what_has_the_wrong_type_is_never_silent(kind: str, route: Route) -> None:
    resource = next(one for one in RESOURCES if one.type == kind)
    changed = Resource(
        kind, resource.name, _replaced(resource.attributes, route, 5), _Anywhere(), "kubernetes", resource.namespace
    )
    assert any(_holds_failure(subject.values) for subject in _try(changed))
