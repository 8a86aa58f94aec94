"""YAML in traced texts: each value gets the pieces of where it stands, instead of a place in a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from scanner.core.libyaml import events
from scanner.helm.yaml_builder import Anchor, Builder
from scanner.helm.yaml_json_scalars import MERGE
from scanner.template.assembly import Places
from scanner.template.kinds import Float, Items, Map, copied
from scanner.template.text import Text, cutter, derived

_Scalar, _Alias = events.ScalarEvent, events.AliasEvent
_MappingEnd, _SequenceEnd = events.MappingEndEvent, events.SequenceEndEvent


class TextBuilder(Builder):
    """Builds Map, Items, Text and Float with the origins of a text, to which the marks of the events belong.

    A value has the first origin in the place where it is written, a collection with entries that of its first
    character; an entry has that of its value, or else that of its key.
    """

    def __init__(self, next_event: Callable[[], Any], text: Text) -> None:
        super().__init__(next_event)
        self.text = str(text)
        self.places = Places(text)
        self.cut = cutter(text)
        self.origin: Any = None
        """That of the value which was built last."""

    def node(self, event: Any, depth: int) -> Any:
        """The value that begins with `event`; `self.origin` is its origin."""
        kind = event.__class__
        if kind is _Scalar:
            value = self.located(self.scalar(event), event.start_mark.index, event.end_mark.index)
            if event.anchor is not None:
                self.anchors[event.anchor] = Anchor(value, event.start_mark, event.end_mark, 1)
            return value
        if kind is _Alias:
            anchor = self.alias(event)
            value, start, end = copied(anchor.value), anchor.start.index, anchor.end.index
        else:
            value = self.collection(event, depth)
            end_mark: Any = self.end
            start, end = event.start_mark.index, end_mark.index
        if not isinstance(value, (Map, Items)):
            return self.located(value, start, end)
        self.origin = value.origin = self.places.at(start)[1] if value else self.places.origin(start, end)
        return value

    def sequence(self, depth: int) -> list[Any]:
        """The items up to the end of the sequence."""
        next_event, node = self.next_event, self.node
        items = Items()
        origins = items.origins
        event = next_event()
        while event.__class__ is not _SequenceEnd:
            items.append(node(event, depth + 1))
            origins.append(self.origin)
            event = next_event()
        self.end = event.end_mark
        self.decoded += len(items)
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        """The entries up to the end of the mapping; the last of several with one key stays."""
        next_event, node, known = self.next_event, self.node, self.plain_keys
        origins: dict[str, Any] = {}
        values = Map((), None, origins)
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
                origin = self.origin
                if origin is None:
                    origin = self.places.origin(event.start_mark.index, event.end_mark.index)
                if origin is not None:
                    origins[key] = origin
                elif key in origins:
                    del origins[key]
                count += 2
            event = next_event()
        self.end = event.end_mark
        self.decoded += count
        return values

    def merge(self, event: Any, depth: int, values: Any) -> None:
        """Sets the merged entries, each with the origin of the place where it is written."""
        for mapping in self.merged(event, depth):
            for key, value in mapping.items():
                values[key] = copied(value)
                origin = mapping.origins.get(key)
                if origin is not None:
                    values.origins[key] = origin
                else:
                    values.origins.pop(key, None)

    def located(self, value: Any, start: int, end: int) -> Any:
        """The scalar that is written between two offsets with its origin, which is then `self.origin`."""
        places = self.places
        index = bisect_right(places.ends, start)
        if start < end <= places.ends[index]:
            _, position, origin = places.pieces[index]
            written = self.text[start:end]
            if value.__class__ is str and value and (written == value or written[1:-1] == value):
                self.origin = origin
                traced = str.__new__(Text, value)
                traced.pieces = ((len(value), position, origin),)
                return traced
        else:
            origin = places.origin(start, end)
        self.origin = origin
        if isinstance(value, float):
            return float(value) if origin is None else Float(value, origin)
        if not isinstance(value, str) or not value:
            return value
        written = self.cut(start, end)
        if written == value:
            return written
        if written[1:-1] == value:
            return self.cut(start + 1, end - 1)
        return derived(str(value), written)
