"""What relations ask of the other resources of a scan: compact copies by type, account and region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown

GLOBAL = "global"
ALL_REGIONS = "*"
_OWN = ("Tags", "id")
_NOT_KNOWN = object()
"""In an index: those whose property is not known."""


class NotKnownError(Exception):
    """A fact that a relation needs could not be had: the relation is unknown."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def value(resource: Resource, name: str, default: Any = None) -> Any:
    """The value of a property, `default` where it is absent. Raises NotKnownError where it is not known.

    What lies inside of it may still be unknown: `known` tells.
    """
    return known(resource.attributes.get(name, default))


def known(found: Any) -> Any:
    """`found` itself. Raises NotKnownError where it is not known."""
    if isinstance(found, Unknown):
        raise NotKnownError(found)
    return found


class Inventory:
    """The resources that relations need, of all accounts and regions.

    `wanted` maps a type to the properties that are kept of it. The functions that list resources raise NotKnownError
    where one of the places could not be listed: nothing is said from half of the facts.
    """

    def __init__(self, wanted: Mapping[str, frozenset[str]]) -> None:
        self.wanted = wanted
        self._items: dict[str, dict[tuple[str, str], list[Resource]]] = {}
        self._places: dict[str, dict[tuple[str, str], Unknown | None]] = {}
        self._indexes: dict[tuple[str, str], dict[tuple[str, str, Any], list[Resource]]] = {}

    def cover(self, kind: str, account: str, region: str, unknown: Unknown | None) -> None:
        """Notes that a type was asked for in a place, and why that is not known."""
        self._places.setdefault(kind, {})[account, region] = unknown

    def add(self, resource: Resource) -> None:
        """Keeps what is wanted of a resource."""
        kept = {name: each for name, each in resource.attributes.items() if name in self.wanted[resource.type]}
        for name in _OWN:
            kept[name] = resource.attributes[name]
        small = replace(resource, attributes=kept)
        place = resource.account, resource.region
        self._items.setdefault(resource.type, {}).setdefault(place, []).append(small)

    def near(self, kind: str, resource: Resource) -> list[Resource]:
        """Those of a type in the account and region of `resource`, and those without a region; of the whole account
        where `resource` has no region."""
        if resource.region == GLOBAL:
            return self.in_account(kind, resource)
        account = resource.account
        places = [(account, resource.region), (account, GLOBAL)]
        asked = self._places.get(kind, {})
        if not any(place in asked for place in places):
            raise NotKnownError(asked.get((account, ALL_REGIONS)) or _not_collected(kind, account, resource.region))
        return list(self._of(kind, places))

    def in_account(self, kind: str, resource: Resource) -> list[Resource]:
        """Those of a type in all regions of the account of `resource`."""
        places = [place for place in self._places.get(kind, {}) if place[0] == resource.account]
        if not places:
            raise NotKnownError(_not_collected(kind, resource.account, ""))
        return list(self._of(kind, places))

    def everywhere(self, kind: str) -> list[Resource]:
        """Those of a type in all accounts and regions of the scan."""
        places = list(self._places.get(kind, {}))
        if not places:
            raise NotKnownError(_not_collected(kind, "", ""))
        return list(self._of(kind, places))

    def near_with(self, kind: str, resource: Resource, name: str, wanted: Any) -> list[Resource]:
        """Those of a type near `resource` whose property `name` is `wanted`, or is a list of scalars that holds it."""
        near = self.near(kind, resource)  # says what is not known
        if not near:
            return near
        index = self._index(kind, name)
        places = [resource.region, GLOBAL]
        if resource.region == GLOBAL:
            places = sorted({region for account, region in self._items.get(kind, {}) if account == resource.account})
        for region in places:
            for each in index.get((resource.account, region, _NOT_KNOWN), ()):
                value(each, name)
        return [each for region in places for each in index.get((resource.account, region, wanted), ())]

    def with_arn(self, kind: str, arn: str) -> Resource | None:
        """The one with this ARN in any account and region; None where none of those that are known has it."""
        return next(iter(self._index(kind, "arn").get(("", "", arn), ())), None)

    def _index(self, kind: str, name: str) -> dict[tuple[str, str, Any], list[Resource]]:
        index = self._indexes.get((kind, name))
        if index is None:
            index = self._indexes[kind, name] = {}
            for (account, region), items in self._items.get(kind, {}).items():
                for item in items:
                    if name == "arn":
                        index.setdefault(("", "", item.id), []).append(item)
                        continue
                    found = item.attributes.get(name)
                    if isinstance(found, Unknown):
                        index.setdefault((account, region, _NOT_KNOWN), []).append(item)
                    for each in found if isinstance(found, list) else (found,):
                        if isinstance(each, str | int):
                            index.setdefault((account, region, each), []).append(item)
        return index

    def _of(self, kind: str, places: list[tuple[str, str]]) -> Iterator[Resource]:
        asked = self._places.get(kind, {})
        for place in places:
            known(asked.get(place))
        items = self._items.get(kind, {})
        for place in places:
            yield from items.get(place, ())


def _not_collected(kind: str, account: str, region: str) -> Unknown:
    place = f" in {account}/{region}" if account and region else f" in {account}" if account else ""
    return Unknown(f"{kind} was not collected{place}", "failed")
