"""Relations of what watches costs: who hears of a monitor's anomalies."""

from __future__ import annotations

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_MONITOR, _SUBSCRIPTION = "AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription"


def _recipients(resource: Resource, inventory: Inventory) -> list[str]:
    """The kinds of the subscribers that have not declined: EMAIL, SNS."""
    return sorted(
        str(known(subscriber.get("Type")))
        for subscription in inventory.near_with(_SUBSCRIPTION, resource, "MonitorArnList", resource.id)
        for subscriber in value(subscription, "Subscribers", [])
        if known(known(subscriber).get("Status")) != "DECLINED"
    )


RELATIONS: tuple[Relation, ...] = (
    Relation(_MONITOR, "recipients", {_SUBSCRIPTION: ("MonitorArnList", "Subscribers")}, _recipients),
)
