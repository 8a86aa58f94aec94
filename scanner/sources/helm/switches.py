"""What a rendering left out: branches that it did not take, and entries that a null took out of the values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from scanner.core.route import Step
from scanner.helm.coalesce import Removed
from scanner.helm.places import Placed
from scanner.template.origins import Read, Skipped
from scanner.template.text import Position

_ACTION = re.compile(r"\{\{-?\s*(if|with|range|define|block|end|else)\b")


class Switch(NamedTuple):
    """The origin of the value that a branch hangs on, and the position of the branch's action."""

    origin: Any
    position: Position


class Switches:
    """The branches not taken, by the source that they stand in, and the entries removed."""

    def __init__(self, skipped: Iterable[Skipped], removed: Removed | None = None) -> None:
        self._by_source: dict[int, list[Skipped]] = {}
        self._removed: Removed = {} if removed is None else removed
        for each in skipped:
            self._by_source.setdefault(id(each.position[0]), []).append(each)

    def removed(self, holder: Any, absent: Sequence[Step]) -> Any:
        """The origin of the null that took the entry `absent` begins with out of the table with the origin `holder`;
        None where none did."""
        return self._removed.get((holder, str(absent[0]))) if absent else None

    def off(
        self, absent: Sequence[Step], first: Placed | None, last: Placed | None, columns: Mapping[int, Set[int]]
    ) -> Switch | None:
        """What switched off a branch between two positions of one template which would have written the entry `absent`;
        None where nothing did. `columns` are those in which the keys beside it stand, by the `id` of the source."""
        step = absent[0]
        if first is None or not isinstance(step, str):
            return None
        for source, start, stop in _ranges(first, last):
            for each in self._by_source.get(id(source), ()):
                offset = each.position[1]
                if start <= offset <= stop and _writes(source.text, offset, absent, columns.get(id(source))):
                    read = _decisive(each.reads, absent)
                    if read is not None:
                        return Switch(read.origin, each.position)
        return None


def _ranges(first: Placed, last: Placed | None) -> Iterable[tuple[Any, int, int]]:
    """The part of the template around a node: between what wrote its first and its last character, and a little on,
    since what was not written may have stood behind it."""
    inner, start, outer, outer_start = first
    stop = start
    outer_stop = outer_start
    if last is not None:
        if last[0] is inner:
            stop = last[1]
        elif last[2] is inner:  # what a helper wrote last
            stop = last[3]
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
            if opened is not None and opened[1] not in ("end", "else"):
                at = _end_of(text, at + 1 + text[at + 1 :].find("{{"))
                at = text.find("\n", at)
                continue
        elif line and not line.startswith("#"):
            return at
        at = end
    return len(text)


def _end_of(text: str, offset: int, *, branch: bool = False) -> int:
    """The offset behind the `end` of the action that opens at or behind `offset`; with `branch` that of the `else` or
    `end` which ends the branch of the action there, even where that is an `else if`."""
    depth = 0
    for match in _ACTION.finditer(text, offset):
        if match.start() == offset and match[1] == "else":
            depth = 1
        elif match[1] == "else":
            if branch and depth == 1:
                return match.start()
        else:
            depth += -1 if match[1] == "end" else 1
            if depth <= 0:
                return match.start() if branch else match.end()
    return len(text)


def _writes(text: str, offset: int, absent: Sequence[Step], columns: Set[int] | None) -> bool:
    """Whether the branch of the action around `offset` holds the first key of `absent` as one of its own: at the start
    of a line, no deeper than the others, and in a column of the keys beside it. What begins an item of a list, and what
    stands elsewhere, belongs to another mapping. What is written out below the key has the second key as well."""
    start = text.rfind("{{", 0, offset + 2)
    start = start if start >= 0 else offset
    body = text[start : _end_of(text, start, branch=True)]
    found = re.search(rf"(?m)^([ \t]*){re.escape(str(absent[0]))}:(.*)", body)
    if found is None or (columns and len(found[1]) not in columns):
        return False
    if len(absent) > 1 and not found[2].strip() and not _may_hold(body[found.end() :], len(found[1]), str(absent[1])):
        return False
    lines = [line for line in body.split("\n")[1:] if line.strip() and not line.lstrip().startswith(("{{", "#"))]
    return all(len(line) - len(line.lstrip()) >= len(found[1]) for line in lines)


def _may_hold(text: str, column: int, key: str) -> bool:
    """Whether the block that `text` begins with, below a key in `column`, has a key, or an action that may write it."""
    for line in text.split("\n"):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        if written.startswith("{{"):
            if _ACTION.match(written) is None:
                return True
        elif len(line) - len(line.lstrip()) <= column:
            return False
        elif written.startswith(f"{key}:"):
            return True
    return False


def _decisive(reads: Iterable[Read], absent: Sequence[Step]) -> Read | None:
    """Of the values that a condition read the one to change: that with the name of what is missing (`memory.limit` for
    `limits.memory`), else a switch that is off, else what is empty, else the first."""
    known = [(read, read.route.lower().split(".")) for read in reads if read.origin is not None]
    for read, route in known:
        if route[-1] == str(absent[0]).lower():
            return read
    for read, route in known:
        if any(str(step).lower() in route for step in absent[1:]):
            return read
    off = next((read for read, _ in known if read.value is False), None)
    return off or next((read for read, _ in known if not read.value), known[0][0] if known else None)
