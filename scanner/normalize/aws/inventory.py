"""What relations ask of the other resources of a scan: compact copies by type, account and region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown

GLOBAL = "global"
ALL_REGIONS = "*"
_OWN = ("Tags", "id")
_NOT_KNOWN = object()
"""In an index: those whose property is not known."""
_Index = dict[tuple[str, str, Any], list[Resource]]
Keys = Callable[[Resource], Iterable[Any]]
"""What a resource is looked up by."""


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
        self._indexes: dict[tuple[str, str | Keys], _Index] = {}

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
        return self._of(kind, self._places_near(kind, resource))

    def in_account(self, kind: str, resource: Resource) -> list[Resource]:
        """Those of a type in all regions of the account of `resource`."""
        return self._of(kind, self._places_of_account(kind, resource))

    def near_with(self, kind: str, resource: Resource, name: str, wanted: Any) -> list[Resource]:
        """Those of a type near `resource` whose property `name` is `wanted`, or is a list of scalars that holds it."""
        found, unsure = self._found(kind, resource, self._index(kind, name), wanted)
        for each in unsure:
            value(each, name)
        return found

    def near_by(self, kind: str, resource: Resource, keys: Keys, wanted: Any) -> list[Resource]:
        """Those of a type near `resource` among whose `keys` is `wanted`. `keys` is a function of a module: what it
        finds is kept. It may raise NotKnownError."""
        found, unsure = self._found(kind, resource, self._index_of_keys(kind, keys), wanted)
        for each in unsure:
            list(keys(each))  # a generator raises only then
        return found

    def with_arn(self, kind: str, arn: str) -> Resource | None:
        """The one with this ARN in any account and region; None where none of those that are known has it."""
        return next(iter(self._index(kind, "arn").get(("", "", arn), ())), None)

    def _found(
        self, kind: str, resource: Resource, index: _Index, wanted: Any
    ) -> tuple[list[Resource], list[Resource]]:
        """Those that an index has near `resource`, and those of which it is not known."""
        places = self._places_near(kind, resource)
        found, unsure = (
            [each for account, region in places for each in index.get((account, region, key), ())]
            for key in (wanted, _NOT_KNOWN)
        )
        return found, unsure

    def _index(self, kind: str, name: str) -> _Index:
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

    def _index_of_keys(self, kind: str, keys: Keys) -> _Index:
        index = self._indexes.get((kind, keys))
        if index is None:
            index = self._indexes[kind, keys] = {}
            for (account, region), items in self._items.get(kind, {}).items():
                for item in items:
                    try:
                        found = list(dict.fromkeys(keys(item)))
                    except NotKnownError:
                        found = [_NOT_KNOWN]
                    for each in found:
                        index.setdefault((account, region, each), []).append(item)
        return index

    def _places_near(self, kind: str, resource: Resource) -> list[tuple[str, str]]:
        if resource.region == GLOBAL:
            return self._places_of_account(kind, resource)
        account = resource.account
        places = [(account, resource.region), (account, GLOBAL)]
        asked = self._places.get(kind, {})
        if not any(place in asked for place in places):
            raise NotKnownError(asked.get((account, ALL_REGIONS)) or _not_collected(kind, account, resource.region))
        return self._known(kind, places)

    def _places_of_account(self, kind: str, resource: Resource) -> list[tuple[str, str]]:
        places = [place for place in self._places.get(kind, {}) if place[0] == resource.account]
        if not places:
            raise NotKnownError(_not_collected(kind, resource.account, ""))
        return self._known(kind, places)

    def _known(self, kind: str, places: list[tuple[str, str]]) -> list[tuple[str, str]]:
        asked = self._places.get(kind, {})
        for place in places:
            known(asked.get(place))
        return places

    def _of(self, kind: str, places: list[tuple[str, str]]) -> list[Resource]:
        items = self._items.get(kind, {})
        return [each for place in places for each in items.get(place, ())]


def _not_collected(kind: str, account: str, region: str) -> Unknown:
    place = f" in {account}/{region}" if account and region else f" in {account}" if account else ""
    return Unknown(f"{kind} was not collected{place}", "failed")
