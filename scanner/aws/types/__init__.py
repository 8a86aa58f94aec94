"""The resource types that can be collected: one module for each service."""

from __future__ import annotations

from functools import cache

from scanner.aws.declaration import ResourceType


@cache
def resource_types() -> dict[str, ResourceType]:
    """Every declared type by its name, sorted."""
    from scanner.aws.types import ec2, rds, s3

    found = {each.type: each for module in (ec2, rds, s3) for each in module.TYPES}
    return dict(sorted(found.items()))
