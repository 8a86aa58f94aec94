"""Branches that a rendering did not take: the values that would have written what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from scanner.core.route import Step
from scanner.helm.places import Placed
from scanner.template.origins import Skipped

_ACTION = re.compile(r"\{\{-?\s*(if|with|range|define|block|end)\b")


class Switches:
    """The branches not taken, by the source that they stand in."""

    def __init__(self, skipped: Iterable[Skipped]) -> None:
        self._by_source: dict[int, list[Skipped]] = {}
        for each in skipped:
            self._by_source.setdefault(id(each.position[0]), []).append(each)

    def off(self, step: Step, first: Placed | None, last: Placed | None) -> Any:
        """The origin of the value that switched off a branch between two positions of one template which would have
        written the key `step`; None where there is none."""
        if first is None or not isinstance(step, str):
            return None
        for source, start, stop in _ranges(first, last):
            for each in self._by_source.get(id(source), ()):
                offset = each.position[1]
                if start <= offset <= stop and _writes(source.text, offset, step):
                    origin = next((read.origin for read in each.reads if read.origin is not None), None)
                    if origin is not None:
                        return origin
        return None


def _ranges(first: Placed, last: Placed | None) -> Iterable[tuple[Any, int, int]]:
    """The part of the template around a node: between what wrote its first and its last character, and a little on,
    since what was not written may have stood behind it."""
    inner, start, outer, outer_start = first
    stop = start
    outer_stop = outer_start
    if last is not None:
        stop = last[1] if last[0] is inner else start
        outer_stop = last[3]
    yield inner, start, _next_key(inner.text, max(stop, start))
    if outer is not inner:
        yield outer, outer_start, _next_key(outer.text, max(outer_stop, outer_start))


def _next_key(text: str, offset: int) -> int:
    """The end of the lines behind `offset` that only hold actions, or what they switch."""
    at = text.find("\n", offset)
    while at >= 0:
        end = text.find("\n", at + 1)
        line = text[at + 1 : end if end >= 0 else len(text)].strip()
        if line.startswith("{{"):
            opened = _ACTION.match(line)
            if opened is not None and opened[1] != "end":
                at = _end_of(text, at + 1 + text[at + 1 :].find("{{"))
                at = text.find("\n", at)
                continue
        elif line and not line.startswith("#"):
            return at
        at = end
    return len(text)


def _end_of(text: str, offset: int) -> int:
    """The offset behind the `end` of the action that opens at or behind `offset`."""
    depth = 0
    for match in _ACTION.finditer(text, offset):
        depth += -1 if match[1] == "end" else 1
        if depth <= 0:
            return match.end()
    return len(text)


def _writes(text: str, offset: int, step: str) -> bool:
    """Whether the branch of the action around `offset` holds the key `step` at the start of a line."""
    start = text.rfind("{{", 0, offset + 2)
    start = start if start >= 0 else offset
    body = text[start : _end_of(text, start)]
    return re.search(rf"(?m)^[ \t]*(?:-[ \t]+)?{re.escape(step)}:", body) is not None
