"""Relations of backups: what the plans of AWS Backup hold, and what came after a job that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory, NotKnownError, known, value
from scanner.normalize.aws.relations.relation import Relation

_PLAN = "AWS::Backup::BackupPlan"
_SELECTION = "AWS::Backup::BackupSelection"
_VAULT = "AWS::Backup::BackupVault"
_PROTECTED = "Account::Backup::ProtectedResource"
_JOB = "Account::Backup::BackupJob"
_INSTANCE = "AWS::EC2::Instance"
_VOLUME = "AWS::EC2::Volume"
_PLANS = {_PLAN: (), _SELECTION: ("BackupSelection",), _PROTECTED: ("ResourceArn",)}
_TAG_KEY = "aws:ResourceTag/"
_GROUP_TAG = "aws:autoscaling:groupName"
Names = tuple[str, Mapping[str, str] | Unknown]
"""ARN and tags: what selections go by."""


def _in_backup_plan(resource: Resource, inventory: Inventory) -> bool:
    return _covered([_names(resource)], resource, inventory)


def _volume_in_backup_plan(resource: Resource, inventory: Inventory) -> bool:
    """A volume is in the backups of its instance too."""
    wanted = [_names(resource)]
    wanted += [_names(instance) for instance in _instances(resource, inventory)]
    return _covered(wanted, resource, inventory)


def _names(resource: Resource) -> Names:
    return resource.id, resource.attributes.get("Tags", {})


def _covered(wanted: list[Names], resource: Resource, inventory: Inventory) -> bool:
    """Whether a selection of a plan holds one of `wanted`; if that is not known, whether AWS Backup has a backup."""
    try:
        if not inventory.near(_PLAN, resource):
            return False
        return any(_selects(each, names) for each in inventory.near(_SELECTION, resource) for names in wanted)
    except NotKnownError as error:
        try:
            return any(inventory.near_with(_PROTECTED, resource, "ResourceArn", arn) for arn, _ in wanted)
        except NotKnownError:
            raise error from None


def _selects(selection: Resource, names: Names) -> bool:
    """Whether a selection holds a resource: one of its ARNs or of its list of tags fits, and all of its conditions."""
    arn, tags = names
    found = value(selection, "BackupSelection", {})
    resources, listed = known(found.get("Resources")) or [], known(found.get("ListOfTags")) or []
    conditions = list(_conditions(known(found.get("Conditions")) or {}))
    if any(_fits(arn, pattern) for pattern in known(found.get("NotResources")) or []):
        return False
    chosen = any(_fits(arn, pattern) for pattern in resources) or (conditions and not resources and not listed)
    if not chosen and listed:
        chosen = any(
            _tag(tags, each.get("ConditionKey")) == (known(each.get("ConditionValue")) or "") for each in listed
        )
    return bool(chosen) and all(_holds(tags, *condition) for condition in conditions)


def _conditions(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Operator, key and value of each condition."""
    for operator, entries in found.items():
        for each in known(entries) or []:
            yield operator, known(each.get("ConditionKey")) or "", known(each.get("ConditionValue")) or ""


def _holds(tags: Mapping[str, str] | Unknown, operator: str, key: str, wanted: str) -> bool:
    actual = _tag(tags, key)
    fits = actual is not None and (fnmatchcase(actual, wanted) if operator.endswith("Like") else actual == wanted)
    return fits != operator.startswith("StringNot")


def _tag(tags: Mapping[str, str] | Unknown, key: Any) -> str | None:
    name = str(known(key) or "").removeprefix(_TAG_KEY)
    return known(known(tags).get(name))  # type: ignore[no-any-return]


def _fits(arn: str, pattern: Any) -> bool:
    return fnmatchcase(arn, str(known(pattern)).replace("[", "[[]"))


def _instances(volume: Resource, inventory: Inventory) -> list[Resource]:
    attached = [known(each.get("InstanceId")) for each in value(volume, "Attachments", []) or []]
    return [each for identity in attached for each in inventory.near_with(_INSTANCE, volume, "id", identity)]


def _disposable(volume: Resource, inventory: Inventory) -> bool:
    """Whether a volume ends with an instance that an Auto Scaling group replaces: nothing that counts lies there."""
    attachments = value(volume, "Attachments", []) or []
    if not attachments or not all(known(each.get("DeleteOnTermination")) for each in attachments):
        return False
    instances = _instances(volume, inventory)
    return bool(instances) and all(_GROUP_TAG in value(each, "Tags", {}) for each in instances)


def _selections(plan: Resource, inventory: Inventory) -> list[str]:
    identity = plan.attributes["id"]
    return [each.name for each in inventory.near_with(_SELECTION, plan, "BackupPlanId", identity)]


def _own_instance(instance: Resource, inventory: Inventory) -> bool:  # noqa: ARG001
    return not value(instance, "DBClusterIdentifier") and not value(instance, "SourceDBInstanceIdentifier")


def _own_cluster(cluster: Resource, inventory: Inventory) -> bool:  # noqa: ARG001
    return not value(cluster, "ReplicationSourceIdentifier") and not value(cluster, "GlobalClusterIdentifier")


def _own_table(table: Resource, inventory: Inventory) -> bool:  # noqa: ARG001
    return not value(table, "Replicas")


def _own_files(system: Resource, inventory: Inventory) -> bool:  # noqa: ARG001
    return bool(value(system, "ReplicationProtection") != "REPLICATING")


def _own_volume(volume: Resource, inventory: Inventory) -> bool:
    return bool(value(volume, "Attachments")) and not _disposable(volume, inventory)


def _always(resource: Resource, inventory: Inventory) -> bool:  # noqa: ARG001
    return True


class _Store(NamedTuple):
    """A type that holds data: what people call it, and which of its resources are no part or copy of another, with the
    properties that tell."""

    called: str
    is_own: Callable[[Resource, Inventory], bool]
    names: tuple[str, ...] = ()


_STORES = {
    "AWS::RDS::DBInstance": _Store(
        "RDS instance", _own_instance, ("DBClusterIdentifier", "SourceDBInstanceIdentifier")
    ),
    "AWS::RDS::DBCluster": _Store(
        "RDS cluster", _own_cluster, ("ReplicationSourceIdentifier", "GlobalClusterIdentifier")
    ),
    "AWS::DocDB::DBCluster": _Store("DocumentDB cluster", _always),
    "AWS::Neptune::DBCluster": _Store("Neptune cluster", _always),
    "AWS::DynamoDB::Table": _Store("DynamoDB table", _own_table, ("Replicas",)),
    "AWS::EFS::FileSystem": _Store("EFS file system", _own_files, ("ReplicationProtection",)),
    "AWS::FSx::FileSystem": _Store("FSx file system", _always),
    _VOLUME: _Store("volume", _own_volume, ("Attachments",)),
}


def _data_stores(place: Resource, inventory: Inventory) -> list[str]:
    """How many of each kind hold data of their own. What is not known only counts where nothing else is found."""
    found, missing = [], None
    for kind, store in _STORES.items():
        try:
            count = sum(store.is_own(each, inventory) for each in inventory.near(kind, place))
        except NotKnownError as error:
            missing = missing or error
            continue
        if count:
            found.append(f"{count} {store.called}{'s' if count > 1 else ''}")
    if missing is not None and not found:
        raise missing
    return found


def _later_success(job: Resource, inventory: Inventory) -> bool:
    """Whether the same resource was backed up after a job began."""
    created = str(value(job, "CreationDate", ""))
    others = inventory.near_with(_JOB, job, "ResourceArn", value(job, "ResourceArn", ""))
    done = [each for each in others if value(each, "State") == "COMPLETED"]
    return any(str(value(each, "CreationDate", "")) > created for each in done)


_NEEDED = {**{kind: store.names for kind, store in _STORES.items()}, _INSTANCE: ()}

RELATIONS: tuple[Relation, ...] = (
    *(
        Relation(kind, "in_backup_plan", _PLANS, _in_backup_plan)
        for kind in ("AWS::RDS::DBInstance", "AWS::DynamoDB::Table", "AWS::EFS::FileSystem")
    ),
    Relation(_VOLUME, "in_backup_plan", {**_PLANS, _INSTANCE: ()}, _volume_in_backup_plan),
    Relation(_VOLUME, "disposable", {_INSTANCE: ()}, _disposable),
    Relation(_PLAN, "selections", {_SELECTION: ("BackupPlanId",)}, _selections),
    *(Relation(kind, "data_stores", _NEEDED, _data_stores) for kind in (_PLAN, _VAULT)),
    Relation(_JOB, "later_success", {_JOB: ("ResourceArn", "State", "CreationDate")}, _later_success),
)
