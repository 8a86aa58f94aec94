"""The relations of AWS resources: what rules read under `resource.related`, and what each needs of the inventory.

A module here declares `RELATIONS`, a tuple of `Relation`; `scanner.core.relations` has type and meaning of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory, NotKnownError
from scanner.normalize.aws.relations import (
    alarms,
    backups,
    budgets,
    logs,
    networks,
    quotas,
    recovery,
    regions,
    scaling,
    scanning,
    secrets_and_keys,
    web_acls,
    zones,
)
from scanner.normalize.aws.relations.relation import Relation

MODULES = (
    alarms,
    backups,
    budgets,
    logs,
    networks,
    quotas,
    recovery,
    regions,
    scaling,
    scanning,
    secrets_and_keys,
    web_acls,
    zones,
)


@cache
def relations() -> dict[tuple[str, str], Relation]:
    """Every relation by type and name. Raises ValueError where two have one name."""
    found: dict[tuple[str, str], Relation] = {}
    for module in MODULES:
        for relation in module.RELATIONS:
            key = relation.type, relation.name
            if key in found:
                raise ValueError(f"two relations of {relation.type} are called {relation.name}")
            found[key] = relation
    return found


def needed(wanted: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The types that some relations (type and name) need, with the properties that they read of each."""
    kept: dict[str, set[str]] = {}
    for key in wanted:
        for kind, names in relations()[key].needs.items():
            kept.setdefault(kind, set()).update(names)
    return {kind: frozenset(names) for kind, names in kept.items()}


def related(resource: Resource, names: Iterable[str], inventory: Inventory) -> Mapping[str, Any]:
    """The relations `names` of a resource; one is `Unknown` where a fact that it needs is, absent where it is None."""
    found: dict[str, Any] = {}
    for name in names:
        try:
            value = relations()[resource.type, name].find(resource, inventory)
        except NotKnownError as error:
            value = error.unknown
        if value is not None:
            found[name] = value
    return found
