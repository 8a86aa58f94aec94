"""Relations of networks: flow logs, and who uses addresses, gateways and load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_FLOW_LOG, _NAT, _ROUTES = "AWS::EC2::FlowLog", "AWS::EC2::NatGateway", "AWS::EC2::RouteTable"
_GROUP, _PREFIX_LIST = "AWS::EC2::SecurityGroup", "AWS::EC2::PrefixList"
_SUBNET, _INTERFACE = "AWS::EC2::Subnet", "AWS::EC2::NetworkInterface"
_BALANCER, _LISTENER = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::Listener"
_TARGETS, _RULE = "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancingV2::ListenerRule"
_OWN_ANSWERS = ("redirect", "fixed-response")


def _flow_logs(resource: Resource, inventory: Inventory) -> list[str]:
    """Those of the network, else those of its subnets, if each of them has one."""
    own = _active(resource, inventory)
    subnets = [] if own else inventory.near_with(_SUBNET, resource, "VpcId", resource.attributes["id"])
    of_subnets = [_active(subnet, inventory) for subnet in subnets]
    return own or ([name for names in of_subnets for name in names] if all(of_subnets) else [])


def _active(resource: Resource, inventory: Inventory) -> list[str]:
    found = inventory.near_with(_FLOW_LOG, resource, "ResourceId", resource.attributes["id"])
    return [log.name for log in found if value(log, "FlowLogStatus", "ACTIVE") == "ACTIVE"]


def _interface_count(resource: Resource, inventory: Inventory) -> int:
    return len(inventory.near_with(_INTERFACE, resource, "VpcId", resource.attributes["id"]))


def _nat_gateways(resource: Resource, inventory: Inventory) -> list[str]:
    identity = resource.attributes["id"]
    return [gateway.name for gateway in inventory.near_with(_NAT, resource, "AllocationId", identity)]


def _gateways_of_table(table: Resource) -> Iterator[Any]:
    for route in value(table, "Routes", []):
        yield known(known(route).get("NatGatewayId"))


def _route_tables(resource: Resource, inventory: Inventory) -> list[str]:
    identity = resource.attributes["id"]
    return [table.name for table in inventory.near_by(_ROUTES, resource, _gateways_of_table, identity)]


def _open_prefix_lists(resource: Resource, inventory: Inventory) -> list[str]:
    """The lists that its rules let in and that hold the whole Internet, or half of it."""
    named = {
        known(known(each).get("PrefixListId"))
        for rule in value(resource, "SecurityGroupIngress", [])
        for each in known(known(rule).get("PrefixListIds")) or ()
    }
    lists = inventory.near(_PREFIX_LIST, resource) if named else []
    return sorted(each.attributes["id"] for each in lists if each.attributes["id"] in named and _holds_all(each))


def _holds_all(prefix_list: Resource) -> bool:
    entries = value(prefix_list, "Entries", [])
    return any(str(known(known(entry).get("Cidr"))).endswith(("/0", "/1")) for entry in entries)


def _target_count(resource: Resource, inventory: Inventory) -> int:
    groups = inventory.near_with(_TARGETS, resource, "LoadBalancerArns", resource.id)
    return sum(len(value(group, "Targets", [])) for group in groups)


def _own_answers(resource: Resource, inventory: Inventory) -> list[str]:
    """How its listeners answer without a target, by their default actions."""
    found = set()
    for listener in inventory.near_with(_LISTENER, resource, "LoadBalancerArn", resource.id):
        for action in value(listener, "DefaultActions", []):
            if known(known(action).get("Type")) in _OWN_ANSWERS:
                found.add(action["Type"])
    return sorted(found)


def _listener_protocols(resource: Resource, inventory: Inventory) -> list[str]:
    found = inventory.near_with(_LISTENER, resource, "LoadBalancerArn", resource.id)
    return sorted({str(value(listener, "Protocol", "")) for listener in found})


def _scheme(resource: Resource, inventory: Inventory) -> str:
    inventory.near(_BALANCER, resource)  # says what is not known
    balancer = inventory.with_arn(_BALANCER, value(resource, "LoadBalancerArn", ""))
    return str(value(balancer, "Scheme", "")) if balancer is not None else ""


def _listener_of_rule(rule: Resource) -> Iterator[str]:
    yield rule.id.replace(":listener-rule/", ":listener/").rpartition("/")[0]


def _actions_of_rules(resource: Resource, inventory: Inventory) -> list[str]:
    found = set()
    for rule in inventory.near_by(_RULE, resource, _listener_of_rule, resource.id):
        for action in value(rule, "Actions", []) if not value(rule, "IsDefault", False) else ():
            plain = known(known(action).get("Type")) == "redirect" and not _goes_to_https(action)
            found.add("redirect to HTTP" if plain else str(action.get("Type")))
    return sorted(found)


def _goes_to_https(action: dict[str, Any]) -> bool:
    redirect = known(action.get("RedirectConfig")) or {}
    return bool(known(redirect.get("Protocol")) == "HTTPS")


RELATIONS: tuple[Relation, ...] = (
    Relation(
        "AWS::EC2::VPC",
        "flow_logs",
        {_FLOW_LOG: ("ResourceId", "FlowLogStatus"), _SUBNET: ("VpcId",)},
        _flow_logs,
    ),
    Relation("AWS::EC2::VPC", "interface_count", {_INTERFACE: ("VpcId",)}, _interface_count),
    Relation("AWS::EC2::EIP", "nat_gateways", {_NAT: ("AllocationId",)}, _nat_gateways),
    Relation(_GROUP, "open_prefix_lists", {_PREFIX_LIST: ("Entries",)}, _open_prefix_lists),
    Relation(_NAT, "route_tables", {_ROUTES: ("Routes",)}, _route_tables),
    Relation(_BALANCER, "target_count", {_TARGETS: ("LoadBalancerArns", "Targets")}, _target_count),
    Relation(_BALANCER, "own_answers", {_LISTENER: ("LoadBalancerArn", "DefaultActions")}, _own_answers),
    Relation(_BALANCER, "listener_protocols", {_LISTENER: ("LoadBalancerArn", "Protocol")}, _listener_protocols),
    Relation(_LISTENER, "scheme", {_BALANCER: ("Scheme",)}, _scheme),
    Relation(_LISTENER, "rule_actions", {_RULE: ("Actions", "IsDefault")}, _actions_of_rules),
)
