"""A parsed document: plain values, and a side tree of positions that leads from any route to its span."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from scanner.core.location import Place, Span, at
from scanner.core.route import Route, Step


class Mark:
    """A node of the position tree. Lines and columns are 0-based inside it and 1-based in every `Span`.

    `start` and `end` are libyaml's marks. A mapping has `keys` (key → the key's Mark) and `items` (key → Mark), a
    sequence has `items` keyed by index, a scalar has neither.
    """

    __slots__ = ("end", "items", "keys", "start", "tag")

    def __init__(self, start: Any, end: Any) -> None:
        self.start = start
        self.end = end
        self.keys: dict[Step, Mark] | None = None
        self.items: dict[Step, Mark] | None = None
        self.tag = ""

    def span(self) -> Span:
        """The region of the node; a block collection ends where its last item ends."""
        end = self.end
        node = self
        while node.items and node.end.line > node.start.line:
            last = next(reversed(node.items.values()))
            # An alias's mark lies elsewhere: only what stands inside this node can end it.
            if not (node.start.index <= last.start.index and last.end.index <= node.end.index):
                break
            node, end = last, last.end
            if node.items is None:
                break
        return Span(self.start.line + 1, self.start.column + 1, end.line + 1, end.column + 1)


class Comment(NamedTuple):
    """A comment with its `#`; `alone` when nothing else stands on its line."""

    line: int
    column: int
    text: str
    alone: bool


class SourceText:
    """The text of a file, shared by its documents."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        """The lines, split as libyaml counts them."""
        return re.split("\r\n|[\n\r\x85\u2028\u2029]", self.text)


class Document:
    """One YAML or JSON document. `value` must not be changed: aliases share their values.

    `non_string_keys` lists keys that are no strings (`8080:`, `on:` where that is a boolean) with their spans; in
    `value` every key is a string, spelt as in the file.
    """

    def __init__(
        self,
        path: str,
        index: int,
        value: Any,
        root: Mark,
        source: SourceText,
        lines: tuple[int, int],
        non_string_keys: tuple[tuple[str, Span], ...] = (),
    ) -> None:
        self.path = path
        self.index = index
        self.value = value
        self.root = root
        self.source = source
        self.first_line, self.last_line = lines
        self.non_string_keys = non_string_keys

    def mark(self, route: Route) -> Mark | None:
        """The position node at `route`, None where the route does not exist."""
        node = self.root
        for step in route:
            if node.items is None or step not in node.items:
                return None
            node = node.items[step]
        return node

    def span(self, route: Route) -> Span | None:
        """The span of the value at `route`."""
        node = self.mark(route)
        return node.span() if node else None

    def key_span(self, route: Route) -> Span | None:
        """The span of the mapping key that `route` ends with; None for list items, the root and absent routes."""
        parent = self.mark(route[:-1]) if route else None
        key = parent.keys.get(route[-1]) if parent and parent.keys else None
        return key.span() if key else None

    def tag(self, route: Route) -> str:
        """The custom tag at `route`, such as `!reset`; '' where there is none."""
        node = self.mark(route)
        return node.tag if node else ""

    def locate(self, route: Route) -> Place:
        """The tightest place for `route`: a one-line scalar's value, else the key; for an absent route the key of its
        nearest ancestor. A list item that is a collection is found at its first entry."""
        node, key, exists = self.root, None, True
        for step in route:
            if node.items is None or step not in node.items:
                exists = False
                break
            key = node.keys[step] if node.keys else None
            node = node.items[step]
        return Place(at(self.path, tight_span(node, key, prefer_value=exists)), exists)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """The comments of the document, in order. Comments before the first document belong to it."""
        taken: dict[int, list[tuple[int, int]]] = {}
        for scalar in _scalars(self.root, set()):
            for line in range(scalar.start.line, scalar.end.line + 1):
                first = scalar.start.column if line == scalar.start.line else 0
                last = scalar.end.column if line == scalar.end.line else 1 << 30
                taken.setdefault(line, []).append((first, last))
        found = []
        for line in range(self.first_line, min(self.last_line, len(self.source.lines))):
            text = self.source.lines[line]
            scalars = sorted(taken.get(line, ()))
            passed, reached = 0, 0
            for match in re.finditer(r"(?:^|(?<=\s))#", text):
                column = match.start()
                while passed < len(scalars) and scalars[passed][0] <= column:
                    reached = max(reached, scalars[passed][1])
                    passed += 1
                if column >= reached:
                    found.append(Comment(line + 1, column + 1, text[column:], not text[:column].strip()))
                    break
        return tuple(found)


def tight_span(node: Mark, key: Mark | None, *, prefer_value: bool) -> Span:
    """One line where possible: the value of a scalar, else its key, else the first entry of the collection."""
    is_scalar = node.items is None
    one_line = node.start.line == node.end.line and node.start.column < node.end.column
    if prefer_value and is_scalar and one_line:
        return node.span()
    if key is not None:
        return key.span()
    while node.items:
        step, first = next(iter(node.items.items()))
        if node.keys is not None:
            head = node.keys[step].span()
            tail = first.span() if first.items is None and first.start.line == first.end.line else head
            same_line = tail.end_line == head.line and tail.end_column >= head.end_column
            return Span(head.line, head.column, head.line, tail.end_column if same_line else head.end_column)
        node = first
    span = node.span()
    if span.end_line > span.line:  # a block scalar: its indicator
        return Span(span.line, span.column, span.line, span.column + 1)
    return span


def _scalars(node: Mark, seen: set[int]) -> Iterator[Mark]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.items is None:
        yield node
        return
    yield from (node.keys or {}).values()
    for item in node.items.values():
        yield from _scalars(item, seen)
