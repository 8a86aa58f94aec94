"""Relations between regions: where copies of data lie, and which keys and records they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory, NotKnownError, known, value
from scanner.normalize.aws.relations.relation import Relation

_BUCKET = "AWS::S3::Bucket"
_CLUSTER = "AWS::RDS::DBCluster"
_GLOBAL_CLUSTER = "AWS::RDS::GlobalCluster"
_REPLICATION = "AWS::ECR::ReplicationConfiguration"
_REPOSITORY = "AWS::ECR::Repository"
_KEY = "AWS::KMS::Key"
_TABLE = "AWS::DynamoDB::Table"
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
_ZONE = "AWS::Route53::HostedZone"
_RECORD = "AWS::Route53::RecordSet"
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The zone of all names of CloudFront: an alias to it cannot look at the health of its target."""
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


def _replica_regions(bucket: Resource, inventory: Inventory) -> list[str]:
    """The regions of the buckets that the rules in force copy to. A bucket that the scan does not have belongs to
    someone else, and its region is not known: that counts unless another rule leads to another region."""
    configuration = value(bucket, "ReplicationConfiguration", {}) or {}
    found: set[str] = set()
    missing = ""
    for rule in known(configuration.get("Rules")) or []:
        if known(rule.get("Status")) != "Enabled":
            continue
        arn = known(known(rule.get("Destination", {})).get("Bucket")) or ""
        target = inventory.with_arn(_BUCKET, arn)
        if target is not None:
            found.add(target.region)
        else:
            missing = arn
    if missing and not found - {bucket.region}:
        inventory.in_account(_BUCKET, bucket)
        raise NotKnownError(Unknown(f"the region of {missing} is not known: it is not in this scan"))
    return sorted(found)


def _global_regions(cluster: Resource, inventory: Inventory) -> list[str]:
    """The regions of the global cluster that it belongs to, its own among them."""
    clusters = inventory.near_with(_GLOBAL_CLUSTER, cluster, "MemberClusterArns", cluster.id)
    return sorted({_region(arn) for each in clusters for arn in value(each, "MemberClusterArns", [])})


def _region(arn: Any) -> str:
    parts = str(known(arn)).split(":")
    return parts[3] if len(parts) > 3 else ""


def _repositories(place: Resource, inventory: Inventory) -> list[str]:
    return [each.name for each in inventory.near(_REPOSITORY, place)]


def _replicated_from(place: Resource, inventory: Inventory) -> list[str]:
    """The regions whose images are copied into the registry of this one."""
    found = set()
    for each in inventory.in_account(_REPLICATION, place):
        if each.region != place.region and place.region in set(_destinations(each)):
            found.add(each.region)
    return sorted(found)


def _destinations(registry: Resource) -> Iterator[str]:
    configuration = value(registry, "ReplicationConfiguration", {}) or {}
    for rule in known(configuration.get("Rules")) or []:
        for destination in known(rule.get("Destinations")) or []:
            yield known(destination.get("Region")) or ""


def _replicated_data(key: Resource, inventory: Inventory) -> list[str]:
    """What is encrypted with a key and copied to another region."""
    found = [f"the table {each.name}" for each in inventory.near_by(_TABLE, key, _keys_of_table, key.id)]
    found += [f"the secret {each.name}" for each in inventory.near_by(_SECRET, key, _keys_of_secret, key.id)]
    found += [f"the bucket {each.name}" for each in inventory.near_by(_BUCKET, key, _keys_of_bucket, key.id)]
    clusters = inventory.near_with(_CLUSTER, key, "KmsKeyId", key.id)
    found += [f"the cluster {each.name}" for each in clusters if len(_global_regions(each, inventory)) > 1]
    return found


def _keys_of_table(table: Resource) -> Iterable[Any]:
    if any(known(each.get("Region")) != table.region for each in value(table, "Replicas", []) or []):
        yield known((value(table, "SSESpecification", {}) or {}).get("KMSMasterKeyId"))


def _keys_of_secret(secret: Resource) -> Iterable[Any]:
    if value(secret, "ReplicaRegions", []):
        yield value(secret, "KmsKeyId")


def _keys_of_bucket(bucket: Resource) -> Iterable[Any]:
    if not value(bucket, "ReplicationConfiguration", {}):
        return
    encryption = value(bucket, "BucketEncryption", {}) or {}
    for rule in known(encryption.get("ServerSideEncryptionConfiguration")) or []:
        yield known((known(rule.get("ServerSideEncryptionByDefault")) or {}).get("KMSMasterKeyID"))


def _in_public_zone(record: Resource, inventory: Inventory) -> bool:
    zones = inventory.near_by(_ZONE, record, _zone_keys, _zone_id(record))
    return bool(zones) and not value(zones[0], "PrivateZone", default=False)


def _zone_keys(zone: Resource) -> Iterable[str]:
    yield zone.id.rsplit("/", 1)[-1]


def _zone_id(record: Resource) -> str:
    """The id of the zone that a record's ARN holds: `...hostedzone/Z1/name type`."""
    return record.id.partition("hostedzone/")[2].partition("/")[0]


def _record_keys(record: Resource) -> Iterable[str]:
    if _is_address(record):
        yield _zone_id(record)


def _is_address(record: Resource) -> bool:
    """Whether a record leads people to a service: no proof of ownership, and no name of CloudFront, which is
    everywhere by itself."""
    name = str(value(record, "Name", ""))
    alias = known((value(record, "AliasTarget", {}) or {}).get("HostedZoneId"))
    proof = name.startswith("_") or "._domainkey." in name
    return value(record, "Type", "") in _ADDRESSES and not proof and alias != _CLOUDFRONT_ZONE


def _address_records(zone: Resource, inventory: Inventory) -> int:
    return len(_addresses(zone, inventory))


def _checked_records(zone: Resource, inventory: Inventory) -> int:
    return sum(_is_checked(each) for each in _addresses(zone, inventory))


def _addresses(zone: Resource, inventory: Inventory) -> list[Resource]:
    return inventory.near_by(_RECORD, zone, _record_keys, zone.id.rsplit("/", 1)[-1])


def _is_checked(record: Resource) -> bool:
    alias = value(record, "AliasTarget", {}) or {}
    return bool(value(record, "HealthCheckId", "") or known(alias.get("EvaluateTargetHealth")))


_RECORDS = {_RECORD: ("Name", "Type", "AliasTarget", "HealthCheckId")}
_DATA = {
    _TABLE: ("Replicas", "SSESpecification"),
    _SECRET: ("ReplicaRegions", "KmsKeyId"),
    _BUCKET: ("ReplicationConfiguration", "BucketEncryption"),
    _CLUSTER: ("KmsKeyId",),
    _GLOBAL_CLUSTER: ("MemberClusterArns",),
}

RELATIONS: tuple[Relation, ...] = (
    Relation(_BUCKET, "replica_regions", {_BUCKET: ()}, _replica_regions),
    Relation(_CLUSTER, "global_regions", {_GLOBAL_CLUSTER: ("MemberClusterArns",)}, _global_regions),
    Relation(_REPLICATION, "repositories", {_REPOSITORY: ()}, _repositories),
    Relation(_REPLICATION, "replicated_from", {_REPLICATION: ("ReplicationConfiguration",)}, _replicated_from),
    Relation(_KEY, "replicated_data", _DATA, _replicated_data),
    Relation(_RECORD, "in_public_zone", {_ZONE: ("PrivateZone",)}, _in_public_zone),
    Relation(_ZONE, "address_records", _RECORDS, _address_records),
    Relation(_ZONE, "checked_records", _RECORDS, _checked_records),
)
