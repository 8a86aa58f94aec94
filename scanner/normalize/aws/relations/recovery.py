"""Relations of tested recovery: what is backed up and restored, and which experiments were run."""

from __future__ import annotations

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, NotKnownError, value
from scanner.normalize.aws.relations.relation import Relation

_TESTING_PLAN = "AWS::Backup::RestoreTestingPlan"
_TESTING_SELECTION = "AWS::Backup::RestoreTestingSelection"
_PROTECTED = "Account::Backup::ProtectedResource"
_RESTORE = "Account::Backup::RestoreJob"
_TEMPLATE = "AWS::FIS::ExperimentTemplate"
_EXPERIMENT = "Account::FIS::Experiment"
_WORKLOADS = {
    "AWS::AutoScaling::AutoScalingGroup": "Auto Scaling group",
    "AWS::ECS::Service": "ECS service",
    "AWS::EKS::Cluster": "EKS cluster",
    "AWS::RDS::DBInstance": "RDS instance",
}
"""What experiments are made for, and what people call it."""


def _selections(plan: Resource, inventory: Inventory) -> list[str]:
    found = inventory.near_with(_TESTING_SELECTION, plan, "RestoreTestingPlanName", plan.name)
    return [each.name for each in found]


def _protected_types(place: Resource, inventory: Inventory) -> list[str]:
    """The types of resources that AWS Backup has a backup of: RDS, EBS, ..."""
    return sorted({str(value(each, "ResourceType", "")) for each in inventory.near(_PROTECTED, place)})


def _later_success(job: Resource, inventory: Inventory) -> bool:
    """Whether something of the same type was restored, and not found wrong, after a job began."""
    created = str(value(job, "CreationDate", ""))
    others = inventory.near_with(_RESTORE, job, "ResourceType", value(job, "ResourceType", ""))
    good = [
        each
        for each in others
        if value(each, "Status") == "COMPLETED" and value(each, "ValidationStatus", "") in ("", "SUCCESSFUL")
    ]
    return any(str(value(each, "CreationDate", "")) > created for each in good)


def _last_completed(template: Resource, inventory: Inventory) -> str | None:
    """When the last experiment of a template was begun that came to its end; None where none did."""
    runs = inventory.near_with(_EXPERIMENT, template, "ExperimentTemplateId", template.attributes["id"])
    return max(
        (str(value(each, "CreationTime", "")) for each in runs if value(each, "Status") == "completed"), default=None
    )


def _workloads(place: Resource, inventory: Inventory) -> list[str]:
    """How many of each kind run there. What is not known only counts where nothing else is found."""
    found, missing = [], None
    for kind, called in _WORKLOADS.items():
        try:
            count = len(inventory.near(kind, place))
        except NotKnownError as error:
            missing = missing or error
            continue
        if count:
            found.append(f"{count} {called}{'s' if count > 1 else ''}")
    if missing is not None and not found:
        raise missing
    return found


RELATIONS: tuple[Relation, ...] = (
    Relation(_TESTING_PLAN, "selections", {_TESTING_SELECTION: ("RestoreTestingPlanName",)}, _selections),
    *(
        Relation(kind, "protected_types", {_PROTECTED: ("ResourceType",)}, _protected_types)
        for kind in (_TESTING_PLAN, _RESTORE)
    ),
    Relation(
        _RESTORE,
        "later_success",
        {_RESTORE: ("ResourceType", "Status", "ValidationStatus", "CreationDate")},
        _later_success,
    ),
    Relation(
        _TEMPLATE,
        "last_completed",
        {_EXPERIMENT: ("ExperimentTemplateId", "Status", "CreationTime")},
        _last_completed,
    ),
    Relation(_TEMPLATE, "workloads", dict.fromkeys(_WORKLOADS, ()), _workloads),
)
