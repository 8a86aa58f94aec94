"""Relations of networks: flow logs."""

from __future__ import annotations

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory
from scanner.normalize.aws.relations.relation import Relation

_FLOW_LOG = "AWS::EC2::FlowLog"


def _flow_logs(resource: Resource, inventory: Inventory) -> list[str]:
    identity = resource.attributes["id"]
    return [log.name for log in inventory.near_with(_FLOW_LOG, resource, "ResourceId", identity)]


RELATIONS: tuple[Relation, ...] = (Relation("AWS::EC2::VPC", "flow_logs", {_FLOW_LOG: ("ResourceId",)}, _flow_logs),)
