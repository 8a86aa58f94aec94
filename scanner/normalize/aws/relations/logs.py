"""Relations of logs: the trails that record an account, and what is forwarded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_TRAIL, _VISIBLE = "AWS::CloudTrail::Trail", "Account::CloudTrail::Trails"
_GROUP, _FORWARDING = "AWS::Logs::LogGroup", "Account::Logs::Forwarding"
_DISTRIBUTION, _SOURCE = "AWS::CloudFront::Distribution", "AWS::Logs::DeliverySource"
_ALL_GROUPS = "*"
"""Stands for a policy of the account: no log group is called so."""
_SELECTORS = ("EventSelectors", "AdvancedEventSelectors", "IsMultiRegionTrail", "IsLogging")


def _visible_trails(resource: Resource, inventory: Inventory) -> Iterator[dict[str, Any]]:
    """The trails that record the region of `resource`, an organization's among them; of the account where it has no
    region."""
    for setting in inventory.near(_VISIBLE, resource):
        for trail in value(setting, "Trails", []):
            yield known(trail)


def _foreign_trails(resource: Resource, inventory: Inventory) -> list[str]:
    """The organization's trails, which belong to its management account."""
    own = f":{resource.account}:"
    found = (str(known(trail.get("Arn"))) for trail in _visible_trails(resource, inventory))
    return sorted({arn for arn in found if own not in arn})


def _multi_region_trails(resource: Resource, inventory: Inventory) -> list[str]:
    found = _visible_trails(resource, inventory)
    return sorted({str(known(trail.get("TrailName"))) for trail in found if known(trail.get("IsMultiRegionTrail"))})


def _other_management_trails(resource: Resource, inventory: Inventory) -> list[str]:
    """The other trails that log management events there; what an organization's trails log is not to be seen."""
    others = (trail for trail in inventory.in_account(_TRAIL, resource) if trail.id != resource.id)
    found = {
        trail.name
        for trail in others
        if value(trail, "IsLogging", False)
        and (value(trail, "IsMultiRegionTrail", False) or trail.region == resource.region)
        and _logs_management_events(trail)
    }
    return sorted(found | set(_foreign_trails(resource, inventory)))


def _logs_management_events(trail: Resource) -> bool:
    """Whether all management events are recorded. A trail without selectors records them."""
    basic, advanced = value(trail, "EventSelectors", []), value(trail, "AdvancedEventSelectors", [])
    if not basic and not advanced:
        return True
    if any(
        known(known(each).get("IncludeManagementEvents")) and known(each.get("ReadWriteType")) == "All"
        for each in basic
    ):
        return True
    return any(_takes_management(known(each)) for each in advanced)


def _takes_management(selector: dict[str, Any]) -> bool:
    fields = {known(known(each).get("Field")): each for each in known(selector.get("FieldSelectors")) or []}
    category = fields.get("eventCategory", {})
    return "Management" in (known(category.get("Equals")) or []) and "readOnly" not in fields


def _takes_all(resource: Resource, inventory: Inventory) -> bool:  # noqa: ARG001 - the signature of a relation
    return _logs_management_events(resource)


def _forwarded_groups(setting: Resource) -> Iterator[Any]:
    for entry in value(setting, "Forwarded", []):
        yield _ALL_GROUPS if known(known(entry).get("PolicyLevel")) else known(entry.get("LogGroupName"))


def _forwarded(resource: Resource, inventory: Inventory) -> bool:
    names = (resource.attributes["id"], _ALL_GROUPS)
    return any(inventory.near_by(_FORWARDING, resource, _forwarded_groups, name) for name in names)


def _log_deliveries(resource: Resource, inventory: Inventory) -> list[str]:
    return [source.name for source in inventory.near_with(_SOURCE, resource, "ResourceArns", resource.id)]


RELATIONS: tuple[Relation, ...] = (
    Relation(_TRAIL, "foreign_trails", {_VISIBLE: ("Trails",)}, _foreign_trails),
    Relation(_TRAIL, "multi_region_trails", {_VISIBLE: ("Trails",)}, _multi_region_trails),
    Relation(_TRAIL, "other_management_trails", {_TRAIL: _SELECTORS, _VISIBLE: ("Trails",)}, _other_management_trails),
    Relation(_TRAIL, "logs_management_events", {}, _takes_all),
    Relation(_GROUP, "forwarded", {_FORWARDING: ("Forwarded",)}, _forwarded),
    Relation(_DISTRIBUTION, "log_deliveries", {_SOURCE: ("ResourceArns",)}, _log_deliveries),
)
