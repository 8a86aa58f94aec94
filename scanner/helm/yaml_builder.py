"""Builds the values of a YAML document from libyaml's events, as go-yaml v2 and sigs.k8s.io/yaml do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from scanner.core.libyaml import events
from scanner.helm.origin import ValueOrigin, ValuesSource, line_pieces
from scanner.helm.yaml_errors import MAX_DEPTH, ParseError, YamlError, at
from scanner.helm.yaml_json_scalars import CORE_TAG, KEYS, MERGE, VALUES, Lenient, NotJson, key_text, tagged
from scanner.template.kinds import Float, Items, Map, copied
from scanner.template.text import Text

_Scalar, _Alias = events.ScalarEvent, events.AliasEvent
_MappingStart, _MappingEnd = events.MappingStartEvent, events.MappingEndEvent
_SequenceStart, _SequenceEnd = events.SequenceStartEvent, events.SequenceEndEvent


class Anchor:
    """A node that aliases may stand for: its value, its marks, and how many values go-yaml decodes for it."""

    __slots__ = ("end", "size", "start", "value")

    def __init__(self, value: Any, start: Any, end: Any, size: int) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.size = size


class Builder:
    """Turns the events of one document into dict, list, str, float, bool and None.

    Raises NotJson for what JSON cannot hold; a `lenient` one puts null in its place, and the empty text as a key. That
    is for documents where later entries replace all of it: go-yaml decodes a whole document before JSON is written.
    """

    plain_values: Mapping[str, Any] = VALUES
    """What plain scalars are."""
    plain_keys: Mapping[str, Any] = KEYS
    """What they are as keys."""
    is_lenient = False

    def __init__(self, next_event: Callable[[], Any]) -> None:
        self.next_event = next_event
        self.anchors: dict[str, Anchor | None] = {}
        self.decoded = 1
        self.from_aliases = 0
        self.flow = 0
        self.closing = ""

    def lenient(self) -> Builder:
        """Itself, from now on lenient."""
        self.is_lenient = True
        self.plain_values, self.plain_keys = Lenient(self.plain_values, None), Lenient(self.plain_keys, "")
        return self

    def document(self, event: Any) -> Any:
        """The value of the document whose first event is `event`.

        An error in a value yields to one of syntax further on: go-yaml parses a document before it decodes it.
        """
        try:
            return self.node(event, 0)
        except ParseError:
            raise
        except (YamlError, NotJson):
            self.check_rest()
            raise

    def check_rest(self) -> None:
        """Goes on to the end of the document."""
        event = self.next_event()
        while event.__class__ not in (events.DocumentEndEvent, events.StreamEndEvent):
            if event.__class__ is _Alias and event.anchor not in self.anchors:
                self.alias(event)
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                self.anchors.setdefault(anchor, None)
            event = self.next_event()

    def node(self, event: Any, depth: int) -> Any:
        """The value that begins with `event`."""
        kind = event.__class__
        if kind is _Scalar:
            value = self.scalar(event)
            if event.anchor is not None:
                self.anchors[event.anchor] = Anchor(value, event.start_mark, event.end_mark, 1)
            return value
        if kind is _Alias:
            return copied(self.alias(event).value)
        return self.collection(event, depth)

    def collection(self, event: Any, depth: int) -> Any:
        """The mapping or sequence that begins with `event`; afterwards `self.end` is where it ends."""
        if depth >= MAX_DEPTH:
            raise at(f"exceeded max depth of {MAX_DEPTH}", event.start_mark)
        anchor, before = event.anchor, self.decoded
        if anchor is not None:
            self.anchors[anchor] = None
        in_flow = event.flow_style
        closing = self.closing
        self.flow += in_flow
        if event.__class__ is _MappingStart:
            self.closing = "}"
            value: Any = self.mapping(depth)
        else:
            self.closing = "]"
            value = self.sequence(depth)
        self.flow -= in_flow
        self.closing = closing
        if anchor is not None and self.anchors[anchor] is None:  # else a part of it has the same name, and begins later
            self.anchors[anchor] = Anchor(value, event.start_mark, self.end, self.decoded - before + 1)
        return value

    def sequence(self, depth: int) -> list[Any]:
        """The items up to the end of the sequence."""
        next_event = self.next_event
        items: list[Any] = []
        event = next_event()
        while event.__class__ is not _SequenceEnd:
            items.append(self.node(event, depth + 1))
            event = next_event()
        self.end = event.end_mark
        self.decoded += len(items)
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        """The entries up to the end of the mapping; the last of several with one key stays."""
        next_event, node, known = self.next_event, self.node, self.plain_keys
        values: dict[str, Any] = {}
        count = 0
        event = next_event()
        while event.__class__ is not _MappingEnd:
            if event.__class__ is _Scalar and event.implicit[0] and event.tag is None and event.anchor is None:
                if self.flow and "?" in event.value:
                    self.check_question_mark(event)
                key: Any = known[event.value]
            else:
                key = self.key(event)
            if key is MERGE:
                self.merge(next_event(), depth, values)
            else:
                values[key] = node(next_event(), depth + 1)
                count += 2
            event = next_event()
        self.end = event.end_mark
        self.decoded += count
        return values

    def key(self, event: Any) -> Any:
        """A key that is not simply a plain scalar."""
        try:
            return self.unusual_key(event)
        except NotJson:
            if not self.is_lenient:
                raise
            return ""

    def unusual_key(self, event: Any) -> Any:
        """The same. Raises NotJson also where the builder is lenient."""
        kind = event.__class__
        if kind is _Scalar:
            if event.anchor is not None:
                self.anchors[event.anchor] = None
            if event.value == "<<" and (event.implicit[0] or event.tag == f"{CORE_TAG}merge"):
                key: Any = MERGE
            elif event.tag is None:
                key = self.plain_keys[event.value] if event.implicit[0] else event.value
            else:
                key = key_text(tagged(event))
            if event.anchor is not None:
                self.anchors[event.anchor] = Anchor(key, event.start_mark, event.end_mark, 1)
            return key
        if kind is _Alias:
            value = self.alias(event).value
            if not isinstance(value, (dict, list)):
                return key_text(value)
        raise NotJson  # a collection

    def scalar(self, event: Any) -> Any:
        """The value of a scalar."""
        if event.anchor is not None:
            self.anchors[event.anchor] = None  # known, also if the value is wrong
        if event.tag is not None:
            return self.number(tagged(event))
        if not event.implicit[0]:
            return event.value
        if self.flow and "?" in event.value:
            self.check_question_mark(event)
        return self.plain_values[event.value]

    def number(self, value: Any) -> Any:
        """The value of a tagged scalar in JSON, where numbers are floats."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self.finite(float(value))
        return value

    def finite(self, value: Any) -> Any:
        """The value, unless it is a number that JSON does not have."""
        if not isinstance(value, float) or math.isfinite(value):
            return value
        if not self.is_lenient:
            raise NotJson
        return None

    def check_question_mark(self, event: Any) -> None:
        """In a flow collection go-yaml ends plain text at a question mark, and then misses a comma."""
        start = event.start_mark
        if event.style is None or event.style == "":
            where = f"line {start.line}: " if start.line else ""
            message = f"yaml: {where}did not find expected ',' or '{self.closing}'"
            raise ParseError(message, start.line + 1, start.column + 1)

    def alias(self, event: Any) -> Anchor:
        """What an alias stands for; counted, so that few bytes cannot become millions of values."""
        name = event.anchor
        if name not in self.anchors:
            mark = event.start_mark
            raise ParseError(f"yaml: unknown anchor '{name}' referenced", mark.line + 1, mark.column + 1)
        anchor = self.anchors[name]
        if anchor is None:
            raise at(f"anchor '{name}' value contains itself", event.start_mark)
        self.decoded += anchor.size
        self.from_aliases += anchor.size
        if self.from_aliases > 100 and self.decoded > 1000:
            allowed = 0.99 - 0.89 * (min(max(self.decoded, 400_000), 4_000_000) - 400_000) / 3_600_000
            if self.from_aliases / self.decoded > allowed:
                raise at("document contains excessive aliasing", event.start_mark)
        return anchor

    def merge(self, event: Any, depth: int, values: dict[str, Any]) -> None:
        """Sets the entries of a merge key's mapping, or of its list of mappings, over those that stand before it."""
        for mapping in self.merged(event, depth):
            values.update(mapping)

    def merged(self, event: Any, depth: int) -> list[Any]:
        """The mappings to merge, those that win last."""
        if event.__class__ is _SequenceStart:
            found = []
            if event.anchor is not None:
                self.anchors[event.anchor] = None
            event = self.next_event()
            while event.__class__ is not _SequenceEnd:
                found.append(self.merge_source(event, depth + 1))
                event = self.next_event()
            return found[::-1]
        return [self.merge_source(event, depth)]

    def merge_source(self, event: Any, depth: int) -> Any:
        """One mapping to merge."""
        value = None
        if event.__class__ in (_MappingStart, _Alias):
            value = self.node(event, depth + 1)
        if not isinstance(value, dict):
            raise at("map merge requires map or sequence of maps as the value", event.start_mark)
        return value


class TracedBuilder(Builder):
    """Builds Map, Items, Text and Float, each with a ValueOrigin."""

    def __init__(self, next_event: Callable[[], Any], source: ValuesSource) -> None:
        super().__init__(next_event)
        self.source = source
        self.origin = ValueOrigin(source)
        self.by_line = bool(source.path)

    def node(self, event: Any, depth: int) -> Any:
        """The value that begins with `event`; `self.origin` is its origin, whose marks are set here."""
        origin = self.origin
        kind = event.__class__
        if kind is _Scalar:
            origin.start, origin.end = event.start_mark, event.end_mark
            value = self.scalar(event)
            if value.__class__ is str:
                traced = str.__new__(Text, value)
                traced.pieces = ((len(value), None, origin),) if value else ()
                if self.by_line and event.style == "|" and "\n" in value:
                    traced.pieces = line_pieces(value, origin)
                value = traced
            elif value.__class__ is float:
                value = Float(value, origin)
            if event.anchor is not None:
                self.anchors[event.anchor] = Anchor(value, event.start_mark, event.end_mark, 1)
            return value
        if kind is _Alias:
            anchor = self.alias(event)
            origin.start, origin.end = anchor.start, anchor.end
            return transplanted(anchor.value, origin)
        origin.start = event.start_mark
        value = self.collection(event, depth)
        origin.end = self.end
        return value

    def sequence(self, depth: int) -> list[Any]:
        """The items up to the end of the sequence."""
        next_event, source, parent = self.next_event, self.source, self.origin
        origins: list[ValueOrigin] = []
        items = Items((), parent)
        items.origins = origins
        event = next_event()
        while event.__class__ is not _SequenceEnd:
            self.origin = origin = ValueOrigin(source, parent, len(items))
            items.append(self.node(event, depth + 1))
            origins.append(origin)
            event = next_event()
        if origins:
            parent.first = origins[0]
        self.end = event.end_mark
        self.decoded += len(items)
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        """The entries up to the end of the mapping; the last of several with one key stays."""
        next_event, source, parent, node = self.next_event, self.source, self.origin, self.node
        known = self.plain_keys
        origins: dict[str, ValueOrigin] = {}
        values = Map((), parent, origins)
        count = 0
        event = next_event()
        while event.__class__ is not _MappingEnd:
            if event.__class__ is _Scalar and event.implicit[0] and event.tag is None and event.anchor is None:
                if self.flow and "?" in event.value:
                    self.check_question_mark(event)
                key: Any = known[event.value]
            else:
                key = self.key(event)
            if key is MERGE:
                self.origin = ValueOrigin(source, parent, "<<")
                self.merge(next_event(), depth, values)
            else:
                self.origin = origin = ValueOrigin(source, parent, key, None, None, event.start_mark, event.end_mark)
                values[key] = node(next_event(), depth + 1)
                origins[key] = origin
                count += 2
            event = next_event()
        if origins:
            parent.first = next(iter(origins.values()))
        self.end = event.end_mark
        self.decoded += count
        return values

    def merge(self, event: Any, depth: int, values: Any) -> None:
        """Sets the merged entries, each with the origin of the place where it is written."""
        parent = values.origin
        for mapping in self.merged(event, depth):
            for key, value in mapping.items():
                origin = _moved(mapping.origins[key], parent, key)
                values[key] = transplanted(value, origin)
                values.origins[key] = origin


def _moved(origin: ValueOrigin, parent: ValueOrigin, step: str | int) -> ValueOrigin:
    """The same place, reached by another route."""
    return ValueOrigin(parent.source, parent, step, origin.start, origin.end, origin.key, origin.key_end)


def transplanted(value: Any, origin: ValueOrigin) -> Any:
    """A copy of a traced value whose root has `origin`, and whose parts keep their places with routes from there."""
    if isinstance(value, Map):
        origins = {key: _moved(old, origin, key) for key, old in value.origins.items()}
        origin.first = next(iter(origins.values()), None)
        entries = {key: transplanted(item, origins[key]) for key, item in value.items()}
        return value.__class__(entries, origin, origins)
    if isinstance(value, Items):
        places = [_moved(old, origin, index) for index, old in enumerate(value.origins)]
        origin.first = places[0] if places else None
        return Items(map(transplanted, value, places), origin, places)
    if isinstance(value, str):
        if isinstance(value, Text) and len(value.pieces) > 1:
            return Text(value, line_pieces(value, origin))
        return Text(value, ((len(value), None, origin),) if value else ())
    if isinstance(value, float):
        return Float(value, origin)
    return value
