"""Which findings are those of an earlier run: by rule, resource, item and content, and only then by path."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

Key = tuple[str, str, str, str, str]
"""Rule, type, namespace (or account and region), name, item."""

_MOST_COMPARED = 1000
"""Findings of one key that are compared with one other: a file that repeats one name must not take minutes."""


class Known(NamedTuple):
    """A finding of the earlier run. `contents` are the digests of what the rule pointed to; () stands for anything."""

    key: Key
    contents: tuple[str, ...]
    path: str


Moved = Callable[[str, str], bool]
"""Whether what stood in one path may stand in another one now."""


def match(known: Sequence[Known], found: Sequence[Known], moved: Moved) -> dict[int, int]:
    """Index in `found` → index in `known`, each at most once.

    What has the same path comes first. What stands elsewhere now is the same only where `moved` says so: a copy of
    a file is new, although its findings are about the same names.
    """
    at_place: dict[Hashable, list[int]] = {}
    for number, entry in enumerate(known):
        at_place.setdefault((entry.key, entry.path), []).append(number)
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def take(number: int, candidates: Iterable[int]) -> None:
        """Pairs a finding with the first candidate that is free."""
        for candidate in candidates:
            if candidate not in taken:
                taken.add(candidate)
                pairs[number] = candidate
                return

    for number, entry in enumerate(found):
        there = at_place.get((entry.key, entry.path), ())
        take(number, (each for each in there if _same_content(known[each], entry)))
    elsewhere: dict[Key, list[int]] = {}
    for number, entry in enumerate(known):
        if number not in taken:
            elsewhere.setdefault(entry.key, []).append(number)
    for number, entry in enumerate(found):
        if number not in pairs and entry.key in elsewhere:
            left = [each for each in elsewhere[entry.key] if each not in taken][:_MOST_COMPARED]
            take(
                number,
                (each for each in left if _same_content(known[each], entry) and moved(known[each].path, entry.path)),
            )
    return pairs


def _same_content(one: Known, other: Known) -> bool:
    return not one.contents or not other.contents or not set(one.contents).isdisjoint(other.contents)
