"""Relations of security scanning: which repositories the registry scans, and what there is to scan in a region."""

from __future__ import annotations

from fnmatch import fnmatchcase

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, known, value
from scanner.normalize.aws.relations.relation import Relation

_REPOSITORY = "AWS::ECR::Repository"
_SCANNING = "AWS::ECR::RegistryScanningConfiguration"
_INSPECTOR = "Account::Inspector2::Status"
_MACIE = "AWS::Macie::Session"
_BUCKET = "AWS::S3::Bucket"
_SCANNABLE = {"AWS::EC2::Instance": "EC2", _REPOSITORY: "ECR", "AWS::Lambda::Function": "LAMBDA"}
_AUTOMATIC = frozenset({"SCAN_ON_PUSH", "CONTINUOUS_SCAN"})


def _scanned_by_registry(repository: Resource, inventory: Inventory) -> bool:
    """Whether a rule of the registry scans the images of a repository without being asked."""
    for registry in inventory.near(_SCANNING, repository):
        for rule in value(registry, "Rules", []) or []:
            filters = known(rule.get("RepositoryFilters")) or []
            if known(rule.get("ScanFrequency")) in _AUTOMATIC and any(
                _fits(repository.name, known(each.get("Filter")) or "") for each in filters
            ):
                return True
    return False


def _fits(name: str, pattern: str) -> bool:
    """A filter without a wildcard fits every name that it is a part of, as ECR has it."""
    return fnmatchcase(name, pattern if "*" in pattern else f"*{pattern}*")


def _scannable(place: Resource, inventory: Inventory) -> list[str]:
    """EC2, ECR, LAMBDA: what Inspector could look at in a region, as its API calls it."""
    return [name for kind, name in _SCANNABLE.items() if inventory.near(kind, place)]


def _buckets(place: Resource, inventory: Inventory) -> int:
    return sum(each.region == place.region for each in inventory.near(_BUCKET, place))


RELATIONS: tuple[Relation, ...] = (
    Relation(_REPOSITORY, "scanned_by_registry", {_SCANNING: ("Rules",)}, _scanned_by_registry),
    Relation(_INSPECTOR, "scannable", dict.fromkeys(_SCANNABLE, ()), _scannable),
    Relation(_MACIE, "buckets", {_BUCKET: ()}, _buckets),
)
