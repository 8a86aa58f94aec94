"""The dry run: which calls a run would make, how many of them, and what Cost Explorer's would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scanner.aws.accounts import Account
from scanner.aws.budget import cost
from scanner.aws.declaration import Detail, RegionFrom, ResourceType, closure
from scanner.aws.models import operation_name


class Planned(NamedTuple):
    """The calls of one operation: how many for certain, and what else they depend on (`one for each ...`).

    `expected` counts those too, by the numbers of an earlier snapshot; None where there is none.
    """

    operation: str
    certain: int
    besides: tuple[str, ...]
    expected: int | None


class Plan(NamedTuple):
    """The calls of a run by operation. Lists of many pages take one call for each page."""

    calls: list[Planned]
    accounts: int
    places: int

    @property
    def certain(self) -> int:
        """How many calls there are at least."""
        return sum(call.certain for call in self.calls)

    @property
    def expected(self) -> int | None:
        """How many there are by an earlier snapshot."""
        known = [call.expected for call in self.calls if call.expected is not None]
        return sum(known) if len(known) == len(self.calls) else None

    @property
    def dollars(self) -> float:
        """What Cost Explorer's calls cost at least."""
        return cost(Counter({call.operation: call.certain for call in self.calls}))


def plan(
    table: Mapping[str, ResourceType],
    types: tuple[str, ...],
    accounts: list[Account],
    options: frozenset[str],
    counts: Mapping[str, int] | None = None,
) -> Plan:
    """The calls for `types`. `counts` is how many resources of each type there were in an earlier snapshot."""
    certain: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    besides: dict[str, list[str]] = {}
    asked = [account for account in accounts if account.failure is None]
    regions = sum(len(account.regions) - len(account.disabled) for account in asked)
    for name in closure(types, table):
        kind = table[name]
        places = len(asked) if kind.scope == "global" else regions
        home = sum(variant.home_only for variant in kind.variants)
        everywhere = len(kind.variants) - home
        if not kind.call:  # there is one row in each place
            for detail in kind.details:
                certain[_operation(kind, detail)] += places
                expected[_operation(kind, detail)] += places
            continue
        listing = operation(kind.service, kind.operation)
        if kind.each:
            besides.setdefault(listing, []).append(f"one for each {kind.each}")
            expected[listing] += len(kind.variants) * (counts or {}).get(kind.each, 0)
        else:
            number = everywhere * places + home * len(asked)
            certain[listing] += number
            expected[listing] += number
        for call, text, share in _further(kind, options, wanted=name in types):
            besides.setdefault(call, []).append(text)
            expected[call] += -(-(counts or {}).get(name, 0) // share)
    calls = [
        Planned(name, certain[name], tuple(besides.get(name, ())), None if counts is None else expected[name])
        for name in sorted({*certain, *besides})
    ]
    return Plan(calls, len(asked), regions)


def _further(kind: ResourceType, options: frozenset[str], *, wanted: bool) -> Iterator[tuple[str, str, int]]:
    """The calls for the rows of a type: operation, on what they depend, rows a call."""
    if kind.region_from is not None and kind.region_from.call:
        yield _operation(kind, kind.region_from), f"one for each {kind.type}", 1
    for detail in kind.details if wanted else ():
        if not detail.option or detail.option in options:
            share = detail.batch or 1
            rows = f"{share} {kind.type}" if share > 1 else kind.type
            yield _operation(kind, detail), f"one for {'some' if detail.when else 'each'} {rows}", share


def _operation(kind: ResourceType, detail: Detail | RegionFrom) -> str:
    return operation(*kind.call_of(detail))


def operation(service: str, method: str) -> str:
    """`service:Operation`, as in `Budget.calls`."""
    return f"{service}:{operation_name(service, method)}"
