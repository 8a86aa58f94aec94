"""Relations of alarms: which watch a resource or a metric, and which only feed other alarms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_ALARM, _COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
_ADDON = "AWS::EKS::Addon"
_SERVICE = "ClusterName/ServiceName"
_METRICS = {_ALARM: ("Namespace", "MetricName", "Dimensions", "Metrics", "AlarmActions")}
_PARTS = ("AlarmRule", "ActionsSuppressor")
_ECS_SERVICE, _CHECK = "AWS::ECS::Service", "AWS::Route53::HealthCheck"
_FOLLOWERS = {_ECS_SERVICE: ("DeploymentConfiguration",), _CHECK: ("HealthCheckConfig",)}
_PART = re.compile(
    r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"([^\"]{1,2048})\"|'([^']{1,2048})'|([^\s\"')]{1,2048}))"
)
_NAMESPACE = re.compile(r"AWS/[A-Za-z0-9]{1,60}")


def _watched(alarm: Resource) -> Iterator[Any]:
    """What an alarm watches: each dimension as name and value, each metric as namespace and name, and the namespace of
    a metric without dimensions or of a query, which are about all resources of the service. Of these last an alarm that
    tells nobody watches none."""
    found = [*_of_metric(alarm.attributes)]
    for query in value(alarm, "Metrics", []):
        found += _of_metric(known(known(query).get("MetricStat", {})).get("Metric", {}))
        found += _NAMESPACE.findall(known(query.get("Expression", "")))
    silent = not value(alarm, "AlarmActions", [])
    yield from (each for each in found if not (silent and isinstance(each, str)))


def _of_metric(metric: Any) -> Iterator[Any]:
    metric = known(metric)
    namespace, dimensions = known(metric.get("Namespace")), known(metric.get("Dimensions")) or ()
    if namespace:
        yield namespace, known(metric.get("MetricName"))
        if not dimensions:
            yield namespace
    values = {known(known(each).get("Name")): known(each.get("Value")) for each in dimensions}
    yield from values.items()
    if "ClusterName" in values and "ServiceName" in values:
        yield _SERVICE, f"{values['ClusterName']}/{values['ServiceName']}"


def _parts(composite: Resource) -> Iterator[str]:
    """The names of the alarms that a composite alarm looks at, with the one that keeps it silent."""
    names = [next(filter(None, groups)) for groups in _PART.findall(value(composite, "AlarmRule", ""))]
    for name in (*names, value(composite, "ActionsSuppressor", "")):
        yield name.partition(":alarm:")[2] if name.startswith("arn:") else name


def _feeds(resource: Resource, inventory: Inventory) -> list[str]:
    found = inventory.near_by(_COMPOSITE, resource, _parts, value(resource, "AlarmName"))
    return sorted(each.name for each in found)


def _stops_of(service: Resource) -> Iterator[Any]:
    """The names of the alarms that stop a deployment of an ECS service."""
    yield from known(known(value(service, "DeploymentConfiguration", {}).get("Alarms", {})).get("AlarmNames")) or ()


def _followed(check: Resource) -> Iterator[Any]:
    """The region and the name of the alarm that a health check follows."""
    alarm = known(value(check, "HealthCheckConfig", {}).get("AlarmIdentifier", {}))
    yield known(alarm.get("Region")), known(alarm.get("Name"))


def _followers(resource: Resource, inventory: Inventory) -> list[str]:
    name = value(resource, "AlarmName")
    services = inventory.near_by(_ECS_SERVICE, resource, _stops_of, name)
    checks = inventory.near_by(_CHECK, resource, _followed, (resource.region, name))
    return sorted(each.name for each in (*services, *checks))


def _alarms(namespace: str, *dimensions: tuple[str, Callable[[Resource], str]]) -> Callable[[Resource, Inventory], Any]:
    def find(resource: Resource, inventory: Inventory) -> list[str]:
        found = {each.name for each in inventory.near_by(_ALARM, resource, _watched, namespace)} if namespace else set()
        for name, wanted in dimensions:
            key = wanted(resource)
            found |= {each.name for each in inventory.near_by(_ALARM, resource, _watched, (name, key)) if key}
        return sorted(found)

    return find


def _property(name: str) -> Callable[[Resource], str]:
    return lambda resource: value(resource, name, "")


def _balancer(resource: Resource) -> str:
    return resource.id.partition(":loadbalancer/")[2]


def _service(resource: Resource) -> str:
    return f"{str(value(resource, 'Cluster', '')).rpartition('/')[2]}/{value(resource, 'ServiceName', '')}"


def _of_filter(resource: Resource, inventory: Inventory) -> list[str]:
    found = set()
    for each in value(resource, "MetricTransformations", []):
        key = known(known(each).get("MetricNamespace")), known(each.get("MetricName"))
        found |= {alarm.name for alarm in inventory.near_by(_ALARM, resource, _watched, key)}
    return sorted(found)


def _addons(resource: Resource, inventory: Inventory) -> list[str]:
    found = inventory.near_with(_ADDON, resource, "ClusterName", value(resource, "Name", ""))
    return sorted(value(each, "AddonName", "") for each in found)


_DATABASE = (
    ("DBInstanceIdentifier", _property("DBInstanceIdentifier")),
    ("DBClusterIdentifier", _property("DBClusterIdentifier")),
)

RELATIONS: tuple[Relation, ...] = (
    Relation(_ALARM, "composite_alarms", {_COMPOSITE: _PARTS}, _feeds),
    Relation(_COMPOSITE, "composite_alarms", {_COMPOSITE: _PARTS}, _feeds),
    Relation(_ALARM, "followers", _FOLLOWERS, _followers),
    Relation(_COMPOSITE, "followers", _FOLLOWERS, _followers),
    Relation("AWS::ElasticLoadBalancingV2::LoadBalancer", "alarms", _METRICS, _alarms("", ("LoadBalancer", _balancer))),
    Relation("AWS::RDS::DBInstance", "alarms", _METRICS, _alarms("AWS/RDS", *_DATABASE)),
    Relation(_ECS_SERVICE, "alarms", _METRICS, _alarms("AWS/ECS", (_SERVICE, _service))),
    Relation(
        "AWS::Lambda::Function", "alarms", _METRICS, _alarms("AWS/Lambda", ("FunctionName", _property("FunctionName")))
    ),
    Relation("AWS::Logs::MetricFilter", "alarms", _METRICS, _of_filter),
    Relation("AWS::EKS::Cluster", "addons", {_ADDON: ("ClusterName", "AddonName")}, _addons),
)
