"""Which selectors take which labels, for many of both: an index by namespace and label keeps the tests few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.normalize.kubernetes.selectors import Choice, Labels, Need, Selector


@dataclass(frozen=True, slots=True)
class Target:
    """Something that selectors may take: its namespace, its labels, and further labels that only some of the
    selectors see (`dialect` to all the labels that this dialect sees)."""

    namespace: str
    labels: Labels
    dialects: Mapping[str, Labels]

    def seen_by(self, dialect: str) -> Labels:
        """The labels that a selector of `dialect` is tested against."""
        return self.dialects.get(dialect, self.labels)


@dataclass(frozen=True, slots=True)
class Query:
    """A selector over the labels of targets in `namespaces` (None: in every one)."""

    selector: Selector
    namespaces: frozenset[str] | None
    dialect: str = ""


def join(queries: Sequence[Query], targets: Sequence[Target]) -> list[tuple[int, ...]]:
    """For each target the indexes of the queries that take it, in their order.

    Equal results are one tuple, so that many targets under the same policies cost little memory.
    """
    index = _Index(queries, _frequencies(targets))
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    found = []
    for target in targets:
        matches = index.matches(target)
        found.append(shared.setdefault(matches, matches))
    return found


def _frequencies(targets: Iterable[Target]) -> Counter[tuple[str, Need]]:
    """How many targets have a label, and a key, for each namespace."""
    counts: Counter[tuple[str, Need]] = Counter()
    for target in targets:
        for labels in (target.labels, *target.dialects.values()):
            for key, value in labels.items():
                counts[target.namespace, (key, value)] += 1
                counts[target.namespace, (key, None)] += 1
    return counts


class _Index:
    """Queries under the label that finds the fewest targets; `*` stands for every namespace."""

    def __init__(self, queries: Sequence[Query], counts: Counter[tuple[str, Need]]) -> None:
        self.queries = queries
        self.all: defaultdict[str, list[int]] = defaultdict(list)
        self.untold: defaultdict[str, list[int]] = defaultdict(list)
        self.by_need: defaultdict[tuple[str, Need], list[int]] = defaultdict(list)
        anywhere: Counter[Need] = Counter()
        for (_, need), count in counts.items():
            anywhere[need] += count
        for number, query in enumerate(queries):
            for namespace in query.namespaces if query.namespaces is not None else ("*",):
                if query.selector.everything:
                    self.all[namespace].append(number)
                elif not query.selector.choices:
                    self.untold[namespace].append(number)
                else:
                    weigh = anywhere if namespace == "*" else {need: counts[namespace, need] for need in _needs(query)}
                    for need in _rarest(query.selector.choices, weigh):
                        self.by_need[namespace, need].append(number)

    def matches(self, target: Target) -> tuple[int, ...]:
        """The queries that take `target`."""
        taken: set[int] = set()
        for namespace in (target.namespace, "*"):
            for number in self._candidates(namespace, target):
                if number not in taken:
                    query = self.queries[number]
                    if query.selector.test(target.seen_by(query.dialect)):
                        taken.add(number)
        own, every = self.all.get(target.namespace), self.all.get("*")
        if not taken and not (own and every):
            return tuple(own or every or ())
        return tuple(sorted(taken.union(own or (), every or ())))

    def _candidates(self, namespace: str, target: Target) -> Iterable[int]:
        yield from self.untold.get(namespace, ())
        if not self.by_need:
            return
        for labels in (target.labels, *target.dialects.values()):
            for key, value in labels.items():
                yield from self.by_need.get((namespace, (key, value)), ())
                yield from self.by_need.get((namespace, (key, None)), ())


def _needs(query: Query) -> Iterable[Need]:
    return (need for choice in query.selector.choices for need in choice)


def _rarest(choices: tuple[Choice, ...], counts: Mapping[Need, int]) -> Choice:
    return min(choices, key=lambda choice: sum(counts.get(need, 0) for need in choice))
