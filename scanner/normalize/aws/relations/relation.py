"""How a relation is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from scanner.core.resource import Resource
from scanner.normalize.aws.inventory import Inventory


class Relation(NamedTuple):
    """An attribute under `resource.related` of resources of `type`.

    `needs` maps the types that it asks the inventory for to the properties that it reads of them: nothing else is kept.
    `find` gets the resource, with all its attributes, and the inventory; it returns a value of the declared type, or
    None where it is absent. It reads with `inventory.value`, which raises where a fact is not known: then the relation
    is unknown.
    """

    type: str
    name: str
    needs: Mapping[str, tuple[str, ...]]
    find: Callable[[Resource, Inventory], Any]
