"""Relations of service quotas: how much of one is used, counted where the resources themselves tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, value
from scanner.normalize.aws.relations.relation import Relation

_QUOTA = "Account::ServiceQuotas::Quota"
_BALANCER, _BUCKET = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::S3::Bucket"


class _Counted(NamedTuple):
    """What a quota bounds: the resources of a type, all of a region or of the account, with one value of a property."""

    type: str
    of_account: bool = False
    name: str = ""
    wanted: Any = None


_COUNTED = {
    "L-F678F1CE": _Counted("AWS::EC2::VPC"),
    "L-A4707A72": _Counted("AWS::EC2::InternetGateway"),
    "L-E79EC296": _Counted("AWS::EC2::SecurityGroup"),
    "L-1B52E74A": _Counted("AWS::EC2::VPCEndpoint", name="VpcEndpointType", wanted="Gateway"),
    "L-0263D0A3": _Counted("AWS::EC2::EIP"),
    "L-7B6409FD": _Counted("AWS::RDS::DBInstance"),
    "L-952B80B8": _Counted("AWS::RDS::DBCluster"),
    "L-53DA6B97": _Counted(_BALANCER, name="Type", wanted="application"),
    "L-69A177A2": _Counted(_BALANCER, name="Type", wanted="network"),
    "L-E9E9831D": _Counted("AWS::ElasticLoadBalancing::LoadBalancer"),
    "L-CDE20ADC": _Counted("AWS::AutoScaling::AutoScalingGroup"),
    "L-21C621EB": _Counted("AWS::ECS::Cluster"),
    "L-1194D53C": _Counted("AWS::EKS::Cluster"),
    "L-F98FE922": _Counted("AWS::DynamoDB::Table"),
    "L-DC2B2D3D": _Counted(_BUCKET, of_account=True),
    "L-FE177D64": _Counted("AWS::IAM::Role"),
    "L-F55AF5E4": _Counted("AWS::IAM::User"),
    "L-F4A5425F": _Counted("AWS::IAM::Group"),
}
"""By the code of the quota. What AWS makes itself (default networks and groups) counts too."""


def _used(resource: Resource, inventory: Inventory) -> int | None:
    counted = _COUNTED.get(value(resource, "QuotaCode", ""))
    if counted is None:
        return None
    list_them: Callable[..., list[Resource]] = inventory.in_account if counted.of_account else inventory.near
    if not counted.name:
        return len(list_them(counted.type, resource))
    return len(inventory.near_with(counted.type, resource, counted.name, counted.wanted))


def _needs() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {each.type: () for each in _COUNTED.values()}
    return names | {each.type: (each.name,) for each in _COUNTED.values() if each.name}


RELATIONS: tuple[Relation, ...] = (Relation(_QUOTA, "used", _needs(), _used),)
