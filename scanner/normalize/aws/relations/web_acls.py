"""Relations of what web ACLs protect: whom it answers to."""

from __future__ import annotations

from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_API, _STAGE = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage"


def _endpoint_types(resource: Resource, inventory: Inventory) -> list[Any]:
    inventory.near(_API, resource)  # says what is not known
    api = inventory.with_arn(_API, resource.id.partition("/stages/")[0])
    configuration = value(api, "EndpointConfiguration") if api is not None else None
    types = known(configuration.get("Types")) if isinstance(configuration, dict) else None
    return types if isinstance(types, list) else []


RELATIONS: tuple[Relation, ...] = (
    Relation(_STAGE, "endpoint_types", {_API: ("EndpointConfiguration",)}, _endpoint_types),
)
