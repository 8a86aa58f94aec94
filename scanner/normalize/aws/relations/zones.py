"""Relations of subnets: the availability zones that a resource stands in, and the way out of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory, NotKnownError, known, value
from scanner.normalize.aws.relations.relation import Relation

_SUBNET, _NAT, _ROUTES = "AWS::EC2::Subnet", "AWS::EC2::NatGateway", "AWS::EC2::RouteTable"
_GROUP = "AWS::EKS::Nodegroup"
_ZONE = {_SUBNET: ("SubnetId", "AvailabilityZone")}
_WAYS_OUT = {
    _SUBNET: ("SubnetId", "VpcId", "AvailabilityZone"),
    _NAT: ("SubnetId", "VpcId", "State"),
    _ROUTES: ("VpcId", "Routes", "Associations"),
}
_ALL_ADDRESSES = ("0.0.0.0/0", "::/0", "64:ff9b::/96")


def zones_of_subnets(subnets: Iterable[Any], resource: Resource, inventory: Inventory) -> list[str]:
    """The availability zones of subnets, given by id, sorted. Raises NotKnownError where one is not in the scan."""
    found = set()
    for subnet in subnets:
        known(subnet)
        listed = inventory.near_with(_SUBNET, resource, "SubnetId", subnet)
        if not listed:
            raise NotKnownError(Unknown(f"the subnet {subnet} is not among those that were listed", "failed"))
        found.add(value(listed[0], "AvailabilityZone", ""))
    return sorted(found)


def _inside(resource: Resource, *path: str) -> list[Any]:
    found: Any = resource.attributes
    for step in path:
        found = known((found or {}).get(step))
    return found or []


def _zones(*path: str) -> Callable[[Resource, Inventory], Any]:
    def find(resource: Resource, inventory: Inventory) -> list[str]:
        return zones_of_subnets(_inside(resource, *path), resource, inventory)

    return find


def _sibling_zones(resource: Resource, inventory: Inventory) -> list[str]:
    """Of a node group in one zone: those of its like in the same cluster, which are one group for each zone."""
    own = zones_of_subnets(_inside(resource, "Subnets"), resource, inventory)
    found = set()
    for each in inventory.near_with(_GROUP, resource, "ClusterName", value(resource, "ClusterName", "")):
        zones = zones_of_subnets(_inside(each, "Subnets"), resource, inventory)
        alike = value(each, "InstanceTypes", []) == value(resource, "InstanceTypes", [])
        if len(zones) == 1 and zones != own and alike:
            found.update(zones)
    return sorted(found)


def _gateway_of(subnet: Resource, inventory: Inventory) -> Resource | None:
    """The NAT gateway that a subnet's route to the Internet leads to."""
    main: Resource | None = None
    own: Resource | None = None
    for table in inventory.near_with(_ROUTES, subnet, "VpcId", value(subnet, "VpcId", "")):
        for link in value(table, "Associations", []):
            if known(known(link).get("SubnetId")) == value(subnet, "SubnetId"):
                own = table
            elif known(link.get("Main")):
                main = table
    used = own or main
    for route in value(used, "Routes", []) if used else ():
        target = known(known(route).get("NatGatewayId"))
        places = (known(route.get("DestinationCidrBlock")), known(route.get("DestinationIpv6CidrBlock")))
        if target and any(place in _ALL_ADDRESSES for place in places):
            return next(iter(inventory.near_with(_NAT, subnet, "id", target)), None)
    return None


def _nat_zone(resource: Resource, inventory: Inventory) -> str | None:
    gateway = _gateway_of(resource, inventory)
    if gateway is None or not value(gateway, "SubnetId"):
        return None  # a regional gateway stands in every zone
    return next(iter(zones_of_subnets([value(gateway, "SubnetId")], resource, inventory)), None)


def _zones_without_nat(resource: Resource, inventory: Inventory) -> list[str]:
    network = resource.attributes["id"]
    gateways = [
        gateway
        for gateway in inventory.near_with(_NAT, resource, "VpcId", network)
        if value(gateway, "State", "") in ("available", "pending")
    ]
    if any(not value(gateway, "SubnetId") for gateway in gateways):
        return []
    served = {
        zone for gateway in gateways for zone in zones_of_subnets([value(gateway, "SubnetId")], resource, inventory)
    }
    private = {
        value(subnet, "AvailabilityZone", "")
        for subnet in inventory.near_with(_SUBNET, resource, "VpcId", network)
        if _gateway_of(subnet, inventory) is not None
    }
    return sorted(private - served)


RELATIONS: tuple[Relation, ...] = (
    Relation("AWS::Lambda::Function", "zones", _ZONE, _zones("VpcConfig", "SubnetIds")),
    Relation("AWS::EC2::VPCEndpoint", "zones", _ZONE, _zones("SubnetIds")),
    Relation("AWS::ECS::Service", "zones", _ZONE, _zones("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")),
    Relation(_GROUP, "zones", _ZONE, _zones("Subnets")),
    Relation(_GROUP, "sibling_zones", {**_ZONE, _GROUP: ("ClusterName", "Subnets", "InstanceTypes")}, _sibling_zones),
    Relation(_SUBNET, "nat_zone", _WAYS_OUT, _nat_zone),
    Relation("AWS::EC2::VPC", "zones_without_nat", _WAYS_OUT, _zones_without_nat),
)
