"""YAML in traced texts: each value gets the pieces of where it stands, instead of a place in a file."""

from __future__ import annotations

from typing import Any

from scanner.helm.origin import ValueOrigin
from scanner.template.assembly import Places
from scanner.template.kinds import Float, Items, Map
from scanner.template.text import Text, cutter, derived


def with_text_origins(value: Any, text: Text, offset: int) -> Any:
    """The value that was read from `text`, with origins of `text` for the ValueOrigins of its marks.

    `offset` is how many characters of it went before what was read.
    """
    return _Relocation(text, offset).value(value)


class _Relocation:
    def __init__(self, text: Text, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.places = Places(text)
        self.cut = cutter(text)

    def value(self, value: Any) -> Any:
        if isinstance(value, Map):
            origins = {key: self.entry(old) for key, old in value.origins.items()}
            entries = {key: self.value(item) for key, item in value.items()}
            known = {key: origin for key, origin in origins.items() if origin is not None}
            return Map(entries, self.origin(value.origin), known)
        if isinstance(value, Items):
            items = list(map(self.value, value))
            return Items(items, self.origin(value.origin), map(self.entry, value.origins))
        if isinstance(value, str):
            return self.scalar(value, value.pieces[0][2]) if isinstance(value, Text) and value else str(value)
        if isinstance(value, Float):
            origin = self.origin(value.origin)
            return float(value) if origin is None else Float(value, origin)
        return value

    def origin(self, place: ValueOrigin) -> Any:
        """The origin where a value begins."""
        if place.start is None:
            return None
        start, end = place.start.index + self.offset, place.end.index + self.offset
        return self.places.origin(start, end) if place.first is None else self.places.at(start)[1]

    def entry(self, place: ValueOrigin) -> Any:
        """The origin of a value, else of its key."""
        found = self.origin(place)
        if found is None and place.key is not None:
            found = self.places.origin(place.key.index + self.offset, place.key_end.index + self.offset)
        return found

    def scalar(self, value: str, place: ValueOrigin) -> str:
        start, end = place.start.index + self.offset, place.end.index + self.offset
        written = self.cut(start, end)
        if written == value:
            return written
        if written[1:-1] == value:
            return self.cut(start + 1, end - 1)
        return derived(str(value), written)
