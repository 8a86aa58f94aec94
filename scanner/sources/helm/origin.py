"""From a route in a rendered manifest back to the line to edit: in a file of values, else in a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scanner.core.document import Document, Mark, tight_span
from scanner.core.location import Location, Place, Related
from scanner.core.route import Route, Step
from scanner.core.secrets import is_credential_name
from scanner.helm.origin import LineOrigin, ValueOrigin
from scanner.helm.pieces import Pieces
from scanner.helm.places import Placed
from scanner.sources.helm.ownership import Ownership
from scanner.sources.helm.switches import Switches

_NAME: Route = ("metadata", "name")
_VERSIONS = frozenset({"tag", "version", "digest", "sha", "imageTag", "image_tag", "appVersion"})


class RenderedManifest:
    """A rendered document that was parsed again: where its characters come from.

    `first_line` is the line of the whole output of `groundrule render CHART` in which the document begins, `chart` the
    chart's display path.
    """

    __slots__ = ("_is_foreign", "_pieces", "chart", "document", "first_line", "ownership", "switches", "text")

    def __init__(
        self, text: str, document: Document, chart: str, first_line: int, ownership: Ownership, switches: Switches
    ) -> None:
        self.text = text
        self.document = document
        self.chart = chart
        self.first_line = first_line
        self.ownership = ownership
        self.switches = switches
        self._pieces: Pieces | None = None
        self._is_foreign: bool | None = None

    @property
    def pieces(self) -> Pieces:
        """The pieces of the text, which most documents never need."""
        if self._pieces is None:
            self._pieces = Pieces(self.text)
        return self._pieces

    @property
    def is_foreign(self) -> bool:
        """Whether somebody else's chart writes the whole document, and an own template only asks for it."""
        if self._is_foreign is None:
            position = self._position(_first(self.document.root).start.index)
            self._is_foreign = position is not None and self.ownership.instead_of(position[0].name) is not None
        return self._is_foreign

    def locate(self, route: Route) -> Place:
        """The tightest place for `route`, with the other places that belong to it: the template's line, the line of
        the value, the rendered line."""
        node, key, existing = self._descend(route)
        exists = len(existing) == len(route)
        values, template = self._sources(node, key, route, len(existing))
        shown = tight_span(node, key, prefer_value=exists)
        rendered = Location(self.chart, self.first_line + shown.line - 1)
        main = values or template or Location(self.chart)
        related = [Related(template, "template")] if template and template is not main else []
        return Place(main, exists, (*related, Related(rendered, "rendered")))

    def at(self, line: int, column: int) -> Location:
        """The place of a line and column of the document, both 1-based: of what wrote it, preferring the template."""
        lines = str(self.text).split("\n")
        offset = sum(len(each) + 1 for each in lines[: line - 1]) + max(column - 1, 0)
        value = self._value(self.pieces.number(offset), offset, only_written=True)
        return value.location() if value is not None else self._template([offset]) or Location(self.chart)

    def _descend(self, route: Route) -> tuple[Mark, Mark | None, Route]:
        """The deepest node on the route, its key, and the route as far as it exists."""
        node, key = self.document.root, None
        for depth, step in enumerate(route):
            if node.items is None or step not in node.items:
                return node, key, route[:depth]
            key = node.keys[step] if node.keys else None
            node = node.items[step]
        return node, key, route

    def _sources(
        self, node: Mark, key: Mark | None, route: Route, depth: int
    ) -> tuple[Location | None, Location | None]:
        """Where the value is written, if a file of values holds it, and the line of the template. The node stands at
        the first `depth` steps of the route."""
        pieces = self.pieces
        absent = route[depth:]
        head = (key or _first(node)).start.index
        if route == _NAME and not absent and (title := self._title(head)) is not None:
            return None, title
        template = self._template([head])
        if node.items is None and not absent:
            found = pieces.within(
                *_tag(node, self.text) if route[-1] == "image" else (node.start.index, node.end.index)
            )
            offsets = [max(pieces.starts[number], node.start.index) for number in found]
            origins = [self._value(number, offset) for number, offset in zip(found, offsets, strict=True)]
            value = _chosen(origin for origin in origins if origin is not None)
            if value is None:
                return None, self._template(offsets) or template
            written = [offset for origin, offset in zip(origins, offsets, strict=True) if origin is value]
            return value.location(), self._template(written) or template
        holder = self._holder(node, absent) or self._ranged(node)
        if holder is not None:
            return holder, template
        if absent and node.items is None and node.start.index < node.end.index:  # a null where a mapping should be
            return None, self._template([node.start.index]) or template
        if absent:
            last = max(head, node.end.index - 1)
            first, columns = self._position(head), self._columns(node)
            switched = self.switches.off(absent, first, self._position(last), columns)
            if switched is not None and self.ownership.is_own(switched.origin):
                source, offset = switched.position
                return switched.origin.key_location(), _location(source, offset) if source.path else template
        return None, template

    def _columns(self, node: Mark) -> dict[int, set[int]]:
        """The columns in which a template writes the keys of a mapping, by the `id` of the source."""
        columns: dict[int, set[int]] = {}
        for step, mark in (node.keys or {}).items():
            position = self._position(mark.start.index)
            if position is not None and position[0].text.startswith(str(step), position[1]):
                source, offset = position[:2]
                columns.setdefault(id(source), set()).add(offset - source.text.rfind("\n", 0, offset) - 1)
        return columns

    def _title(self, head: int) -> Location | None:
        """The line for the name of a document, which stands for the whole: in the template file that writes it, not in
        the helper that makes up names. None where it is a file of values that holds the document."""
        position, piece = self._position(head), self.pieces.at(head)
        if position is None or piece is None or position[0].origin_text is not None or self.ownership.is_own(piece[2]):
            return None
        _, _, outer, at = position
        return self.ownership.instead_of(outer.name) or _location(outer, at) if outer.path else None

    def _holder(self, node: Mark, absent: Route) -> Location | None:
        """Where the collection stands that a file of values gave whole, or the null that took the absent entry out of
        it; None where a template wrote it."""
        if not node.items:
            whole = self._own_origin(node)
            if whole is None:
                return None
            gone = self.switches.removed(whole, absent)
            return gone.key_location() if self.ownership.is_own(gone) else whole.location()
        origins = [each for each in self._entries(node) if each is not None]
        if not origins or (len(origins) < len(node.items) and not self._is_composed(node)):
            return None
        for each in origins:
            gone = self.switches.removed(each.parent, absent)
            if self.ownership.is_own(gone):
                return gone.key_location()  # type: ignore[no-any-return]
        # What was overridden is edited where it was overridden.
        origin: ValueOrigin = next((each for each in origins if each.source.kind != "default"), origins[0])
        if isinstance(origin, LineOrigin):
            return origin.location()
        parent = _common([each for each in origins if each.source is origin.source])
        return parent.key_location() if parent is not None and parent.step is not None else origin.key_location()

    def _is_composed(self, node: Mark) -> bool:
        """Whether one action writes the whole collection: a template put it together as data, out of several places."""
        marks = list(node.keys.values()) if node.keys else list(map(_first, (node.items or {}).values()))
        positions = [self.pieces.at(mark.start.index) for mark in marks]
        places = {(id(each[1][0]), each[1][1]) for each in positions if each is not None and each[1] is not None}
        position = positions[0][1] if positions and positions[0] else None
        return len(places) == 1 and position is not None and position[0].text.startswith("{{", position[1])

    def _ranged(self, node: Mark) -> Location | None:
        """Where the list of values stands of which each item wrote an item of this list; None where there is none."""
        if node.keys is not None or not node.items:
            return None
        common: dict[ValueOrigin, set[Step | None]] | None = None
        for item in node.items.values():
            lists = _lists_above(self._own_origin(item))
            if common is None:
                common = {origin: {step} for origin, step in lists.items()}
            else:
                common = {origin: steps | {lists[origin]} for origin, steps in common.items() if origin in lists}
        for origin, steps in (common or {}).items():
            if len(steps) == len(node.items):
                return origin.key_location()
        return None

    def _own_origin(self, node: Mark) -> ValueOrigin | None:
        """The first origin in a node that the repository's people edit."""
        numbers = self.pieces.within(node.start.index, node.end.index)
        origins = (self._value(number, max(self.pieces.starts[number], node.start.index)) for number in numbers)
        return next((each for each in origins if each is not None), None)

    def _value(self, number: int, offset: int, *, only_written: bool = False) -> ValueOrigin | None:
        """The own value that the character at `offset`, in the piece `number`, comes from, be it as a part of a string
        that `tpl` rendered (with `only_written` as that alone); None where it comes from none."""
        if number < 0:
            return None
        _, position, origin = self.pieces.pieces[number]
        if self.ownership.is_own(origin) and not only_written:
            return origin  # type: ignore[no-any-return]
        if position is None or position[0].origin_text is None:
            return None
        at = self._position(offset) or position
        return self._written(at[0], at[1])[2]

    def _entries(self, node: Mark) -> Iterator[ValueOrigin | None]:
        """The origins of a collection's entries, as far as they are own values: of its keys, of the items of a list."""
        for step, item in (node.items or {}).items():
            start = (node.keys[step] if node.keys else _first(item)).start.index
            origin = self._value(self.pieces.number(start), start)
            is_item = node.keys is None and item.items and not isinstance(origin, LineOrigin)
            if is_item and origin is not None and origin.parent is not None:
                origin = origin.parent
            yield origin

    def _position(self, offset: int) -> Placed | None:
        """The position of a character, exact where it was copied from a template."""
        number = self.pieces.number(offset)
        position: Any = self.pieces.pieces[number][1] if number >= 0 else None
        if position is None:
            return None
        source, at, outer, outer_at = position
        exact = self.pieces.offset_in(source, at, number, offset)
        return source, exact, outer, exact if outer is source and outer_at == at else outer_at

    def _template(self, offsets: Iterable[int]) -> Location | None:
        """The line of the first of some characters that has one in a template of the repository; else the line of the
        dependency that brings the template."""
        instead = None
        for offset in offsets:
            position = self._position(offset)
            if position is None:
                continue
            found, foreign = self._place(position)
            if found is not None:
                return found
            instead = instead or foreign
        return instead

    def _written(self, source: Any, offset: int) -> tuple[Any, int, ValueOrigin | None]:
        """Where a place in a string that `tpl` rendered was written: in a template, or as an own value."""
        while source.origin_text is not None:
            inner = Pieces(source.origin_text)
            number = inner.number(offset)
            if number < 0:
                break
            _, written, value = inner.pieces[number]
            if self.ownership.is_own(value):
                return source, offset, value
            if written is None:
                break
            source = written[0]
            offset = inner.offset_in(source, written[1], number, offset)
        return source, offset, None

    def _place(self, position: Placed) -> tuple[Location | None, Location | None]:
        source, offset, _ = self._written(position[0], position[1])
        _, _, outer, outer_offset = position
        foreign = None
        for place, at in ((source, offset), (outer, outer_offset)):
            if not place.path:
                continue
            foreign = self.ownership.instead_of(place.name)
            if foreign is None:
                return _location(place, at), None
            if self.is_foreign:
                break
        return None, foreign


class RenderedOrigin:
    """The origin of what stands at `base` in a rendered manifest."""

    __slots__ = ("base", "manifest")

    def __init__(self, manifest: RenderedManifest, base: Route) -> None:
        self.manifest = manifest
        self.base = base

    def locate(self, route: Route) -> Place:
        """The place of `route`, which starts at `base`."""
        return self.manifest.locate(self.base + route)


def _first(node: Mark) -> Mark:
    """What stands first in a node: the key of a mapping, the first item of a list, a scalar itself."""
    while node.items:
        step, item = next(iter(node.items.items()))
        if node.keys is not None:
            return node.keys[step]
        node = item
    return node


def _chosen(origins: Iterable[Any]) -> ValueOrigin | None:
    """Of the values that a text is made of the one to edit: a credential, else a version, else the last."""
    found: list[ValueOrigin] = list(dict.fromkeys(origins))
    wholes = [each.whole for each in found if isinstance(each, LineOrigin)]
    if len(wholes) > len(set(wholes)):  # a text of several lines as one
        found = list(dict.fromkeys(each.whole if isinstance(each, LineOrigin) else each for each in found))
    for origin in reversed(found):
        if isinstance(origin.step, str) and is_credential_name(origin.step):
            return origin
    for origin in reversed(found):
        if origin.step in _VERSIONS:
            return origin
    return found[-1] if found else None


def _common(origins: list[ValueOrigin]) -> ValueOrigin | None:
    """The innermost collection that holds all of some values of one file."""
    shared = _above(origins[0])
    for origin in origins[1:]:
        above = set(map(id, _above(origin)))
        shared = [each for each in shared if id(each) in above]
    return shared[0] if shared else None


def _above(origin: ValueOrigin) -> list[ValueOrigin]:
    found = []
    while origin.parent is not None:
        origin = origin.parent
        found.append(origin)
    return found


def _lists_above(origin: ValueOrigin | None) -> dict[ValueOrigin, Step | None]:
    """The lists of a file that an origin lies in, innermost first, each with the number of the item."""
    found: dict[ValueOrigin, Step | None] = {}
    while origin is not None and origin.parent is not None:
        if isinstance(origin.step, int):
            found[origin.parent] = origin.step
        origin = origin.parent
    return found


def _tag(node: Mark, text: str) -> tuple[int, int]:
    """The start and end of the tag or digest of the image that a node holds; of all of it where it has none."""
    start, end = node.start.index, node.end.index
    image = text[start:end].rstrip("\"'")
    at = image.find("@")
    if at < 0:
        at = image.find(":", image.rfind("/") + 1)
    return (start, end) if at < 0 else (start + at, start + len(image))


_WORD = re.compile(r"[ \t]*(?:-[ \t]+)?")


def _location(source: Any, offset: int) -> Location:
    """The line of a template at `offset`, from its first character that is no white space to its last."""
    line, column = source.place(offset)
    start = offset - column + 1
    end = source.text.find("\n", start)
    text = source.text[start : end if end >= 0 else len(source.text)].rstrip()
    indent = _WORD.match(text).end()  # type: ignore[union-attr]
    if not text.strip():
        return Location(source.path, line, 1, line, 1)
    return Location(source.path, line, indent + 1, line, len(text) + 1)
