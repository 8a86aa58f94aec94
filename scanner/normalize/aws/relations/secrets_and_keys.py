"""Relations of credentials and guards: keys in use, parameters of databases, the account's block of public access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory, NotKnownError, known, value
from scanner.normalize.aws.relations.relation import Relation

_ACCESS_KEY = "AWS::IAM::AccessKey"
_ACCOUNT_BLOCK = "Account::S3::PublicAccessBlock"
_BLOCK = "PublicAccessBlockConfiguration"
_PARAMETERS = "UserParameters"
_DEFAULT_GROUP = "default."


def _keys_used(user: Resource, inventory: Inventory) -> list[str]:
    keys = inventory.near_with(_ACCESS_KEY, user, "UserName", value(user, "UserName"))
    return [value(key, "LastUsedDate") or value(key, "CreateDate") for key in keys if value(key, "Status") == "Active"]


def _parameters(kind: str, name: str) -> Callable[[Resource, Inventory], Any]:
    """What the group of type `kind` sets, which the property `name` names. Groups of AWS set nothing."""

    def find(resource: Resource, inventory: Inventory) -> dict[str, str]:
        wanted = value(resource, name, "")
        groups = inventory.near_with(kind, resource, name, wanted)
        if not groups and wanted and not wanted.startswith(_DEFAULT_GROUP):
            raise NotKnownError(Unknown(f"the parameter group {wanted} was not found", "failed"))
        entries = [known(entry) for group in groups for entry in value(group, _PARAMETERS, [])]
        return {known(entry["Name"]): known(entry.get("Value")) or "" for entry in entries}

    return find


def _account_block(setting: str) -> Callable[[Resource, Inventory], Any]:
    def find(resource: Resource, inventory: Inventory) -> bool:
        blocks = [value(each, _BLOCK) or {} for each in inventory.near(_ACCOUNT_BLOCK, resource)]
        return any(known(block.get(setting)) for block in blocks)

    return find


_INSTANCE_GROUP, _CLUSTER_GROUP = "AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"
_IN_INSTANCE, _IN_CLUSTER = "DBParameterGroupName", "DBClusterParameterGroupName"

RELATIONS: tuple[Relation, ...] = (
    Relation(
        "AWS::IAM::User",
        "active_keys_used",
        {_ACCESS_KEY: ("UserName", "Status", "CreateDate", "LastUsedDate")},
        _keys_used,
    ),
    Relation(
        "AWS::RDS::DBInstance",
        "parameters",
        {_INSTANCE_GROUP: (_IN_INSTANCE, _PARAMETERS)},
        _parameters(_INSTANCE_GROUP, _IN_INSTANCE),
    ),
    Relation(
        "AWS::RDS::DBCluster",
        "parameters",
        {_CLUSTER_GROUP: (_IN_CLUSTER, _PARAMETERS)},
        _parameters(_CLUSTER_GROUP, _IN_CLUSTER),
    ),
    Relation(
        "AWS::S3::Bucket", "account_ignores_lists", {_ACCOUNT_BLOCK: (_BLOCK,)}, _account_block("IgnorePublicAcls")
    ),
    Relation(
        "AWS::S3::Bucket",
        "account_restricts_policies",
        {_ACCOUNT_BLOCK: (_BLOCK,)},
        _account_block("RestrictPublicBuckets"),
    ),
)
