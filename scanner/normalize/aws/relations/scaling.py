"""Relations of scaling: which dimensions of a resource scale, the policies of a group, spot capacity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_TARGET, _POLICY = "AWS::ApplicationAutoScaling::ScalableTarget", "AWS::ApplicationAutoScaling::ScalingPolicy"
_GROUP_POLICY = "AWS::AutoScaling::ScalingPolicy"
_TEMPLATE, _CONFIGURATION = "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"
_CLUSTER, _NODES, _SUBNET = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::EC2::Subnet"
_ECS_CLUSTER = "AWS::ECS::Cluster"
_KARPENTER = "karpenter.sh/discovery"
_DIMENSIONS = ("ResourceId", "ScalableDimension")
_BOUNDS = (*_DIMENSIONS, "MinCapacity", "MaxCapacity")


def _table(resource: Resource) -> str:
    return f"table/{value(resource, 'TableName')}"


def _database(resource: Resource) -> str:
    return f"cluster:{value(resource, 'DBClusterIdentifier')}"


def _service(resource: Resource) -> str:
    cluster = str(value(resource, "Cluster", "")).rpartition("/")[2]
    return f"service/{cluster}/{value(resource, 'ServiceName')}"


def _dimensions(kind: str, name: Callable[[Resource], str]) -> Callable[[Resource, Inventory], Any]:
    def find(resource: Resource, inventory: Inventory) -> list[str]:
        targets = inventory.near_with(kind, resource, "ResourceId", name(resource))
        return sorted({value(each, "ScalableDimension", "") for each in targets if _has_room(each)})

    return find


def _has_room(target: Resource) -> bool:
    """Whether the bounds of a target differ. A policy has none."""
    return bool(value(target, "MinCapacity", 0) < value(target, "MaxCapacity", 1))


def _policies(resource: Resource, inventory: Inventory) -> list[str]:
    name = value(resource, "AutoScalingGroupName")
    policies = inventory.near_with(_GROUP_POLICY, resource, "AutoScalingGroupName", name)
    return sorted({value(each, "PolicyType", "") for each in policies if value(each, "Enabled", True)})


def _buys_spot(resource: Resource, inventory: Inventory) -> bool:
    """Whether the launch template or launch configuration of a group asks for spot instances."""
    configuration = value(resource, "LaunchConfigurationName")
    if configuration:
        found = inventory.near_with(_CONFIGURATION, resource, "LaunchConfigurationName", configuration)
        return any(value(each, "SpotPrice") for each in found)
    wanted = value(resource, "LaunchTemplate", {})
    mixed = value(resource, "MixedInstancesPolicy", {})
    wanted = wanted or known(known(mixed.get("LaunchTemplate", {})).get("LaunchTemplateSpecification", {}))
    templates: list[Resource] = []
    for key in ("LaunchTemplateId", "LaunchTemplateName"):
        if known(wanted.get(key)):
            templates += inventory.near_with(_TEMPLATE, resource, key, wanted[key])
    return any(_market(template) == "spot" for template in templates)


def _market(template: Resource) -> Any:
    data = value(template, "LaunchTemplateData", {})
    return known(known(data.get("InstanceMarketOptions", {})).get("MarketType"))


def _clusters(resource: Resource, inventory: Inventory) -> list[Resource]:
    return inventory.near_with(_CLUSTER, resource, "Name", value(resource, "ClusterName", ""))


def _sizes_itself(cluster: Resource) -> bool:
    """Whether a cluster is in Auto Mode, or carries the tag by which Karpenter finds what is its own."""
    return bool(known(value(cluster, "ComputeConfig", {}).get("Enabled"))) or _KARPENTER in value(cluster, "Tags", {})


def _cluster_sizes_itself(resource: Resource, inventory: Inventory) -> bool:
    if any(_sizes_itself(cluster) for cluster in _clusters(resource, inventory)):
        return True
    subnets = [
        each
        for subnet in value(resource, "Subnets", [])
        for each in inventory.near_with(_SUBNET, resource, "SubnetId", known(subnet))
    ]
    return any(_KARPENTER in value(each, "Tags", {}) for each in subnets)


def _capacity_types(resource: Resource, inventory: Inventory) -> list[str]:
    groups = inventory.near_with(_NODES, resource, "ClusterName", value(resource, "Name", ""))
    return sorted({value(each, "CapacityType", "ON_DEMAND") for each in groups})


def _providers(resource: Resource, inventory: Inventory) -> list[str]:
    """The capacity providers of a service: its own, else those of its cluster unless it names a launch type."""
    strategy = value(resource, "CapacityProviderStrategy", [])
    if not strategy and not value(resource, "LaunchType"):
        cluster = inventory.with_arn(_ECS_CLUSTER, value(resource, "Cluster", ""))
        strategy = value(cluster, "DefaultCapacityProviderStrategy", []) if cluster else []
    return sorted(set(_named(strategy)))


def _named(strategy: list[Any]) -> Iterator[str]:
    for each in strategy:
        yield known(known(each).get("CapacityProvider", ""))


RELATIONS: tuple[Relation, ...] = (
    Relation("AWS::DynamoDB::Table", "scaled_dimensions", {_TARGET: _BOUNDS}, _dimensions(_TARGET, _table)),
    Relation("AWS::ECS::Service", "scaled_dimensions", {_TARGET: _BOUNDS}, _dimensions(_TARGET, _service)),
    Relation("AWS::ECS::Service", "scaling_policies", {_POLICY: _DIMENSIONS}, _dimensions(_POLICY, _service)),
    Relation("AWS::RDS::DBCluster", "scaling_policies", {_POLICY: _DIMENSIONS}, _dimensions(_POLICY, _database)),
    Relation(
        "AWS::AutoScaling::AutoScalingGroup",
        "policy_types",
        {_GROUP_POLICY: ("AutoScalingGroupName", "PolicyType", "Enabled")},
        _policies,
    ),
    Relation(
        "AWS::AutoScaling::AutoScalingGroup",
        "template_buys_spot",
        {
            _TEMPLATE: ("LaunchTemplateId", "LaunchTemplateName", "LaunchTemplateData"),
            _CONFIGURATION: ("LaunchConfigurationName", "SpotPrice"),
        },
        _buys_spot,
    ),
    Relation(
        _NODES,
        "cluster_sizes_itself",
        {_CLUSTER: ("Name", "ComputeConfig"), _SUBNET: ("SubnetId",)},
        _cluster_sizes_itself,
    ),
    Relation(_CLUSTER, "capacity_types", {_NODES: ("ClusterName", "CapacityType")}, _capacity_types),
    Relation(
        "AWS::ECS::Service", "capacity_providers", {_ECS_CLUSTER: ("DefaultCapacityProviderStrategy",)}, _providers
    ),
)
