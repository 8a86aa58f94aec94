"""Reads YAML as Helm does, through go-yaml v2 and JSON: values for templates, with the origin of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.origin import ValueOrigin, ValuesSource
from scanner.helm.yaml_builder import Builder, TracedBuilder, transplanted
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_events import NextEvent, text_of
from scanner.helm.yaml_raw import read_document
from scanner.helm.yaml_text_builder import TextBuilder
from scanner.template.kinds import Map, Values, copied
from scanner.template.text import Text, cut

_CACHE_CHARACTERS = 3_000_000
_MOST_SEEN = 10_000
_FROM_YAML = "error converting YAML to JSON: "
_TO_VALUE = "error unmarshaling JSON: while decoding JSON: "


class ValuesError(HelmError):
    """A file of values that cannot be read: `message` is Helm's, `location` names the file and line."""


class _Cache:
    """What has been read twice, by content; the oldest goes when there is too much of it."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, bool], tuple[ValuesSource, Values]] = {}
        self.seen: set[int] = set()
        self.size = 0

    def put(self, key: tuple[str, bool], source: ValuesSource, values: Values) -> Values:
        """Keeps the values, if their text comes for the second time; returns those that the reader may have."""
        mark = hash(key)
        if mark not in self.seen:
            if len(self.seen) >= _MOST_SEEN:
                self.seen.clear()
            self.seen.add(mark)
            return values
        self.entries[key] = (source, values)
        self.size += len(key[0])
        while self.size > _CACHE_CHARACTERS:
            oldest = next(iter(self.entries))
            del self.entries[oldest]
            self.size -= len(oldest[0])
        return cast(Values, copied(values))


_cache = _Cache()


def read_values(
    data: bytes | str, source: ValuesSource, *, traced: bool, go_type: str = "map[string]interface {}"
) -> Values:
    """The values of a file: the first YAML document, every number a float64. An empty one gives none.

    With `traced`, everything is Map, Items, Text or Float with a ValueOrigin, and booleans and nulls have theirs in
    their container; without, plain Python. The result belongs to the caller. `go_type` is the type that an error names.
    Raises ValuesError, whose message is Go's (`error converting YAML to JSON: yaml: line 3: ...`).
    """
    text = source.text = text_of(data) if isinstance(data, bytes) else data
    key = (text, traced)
    known = _cache.entries.get(key)
    if known is None:
        try:
            values = _root(_read(text, source if traced else None), source, go_type, traced=traced)
        except YamlError as error:
            raise ValuesError(error.message, Location(source.path, error.line, error.column)) from None
        return _cache.put(key, source, values)
    first_source, values = known
    if not traced or first_source is source:
        return cast(Values, copied(values))
    origin = values.origin
    return cast(Values, transplanted(values, ValueOrigin(source, None, None, origin.start, origin.end)))


def _root(value: Any, source: ValuesSource, go_type: str, *, traced: bool) -> Values:
    if value is None:
        return Values((), ValueOrigin(source) if traced else None)
    if isinstance(value, Map):
        return Values(value, value.origin, value.origins)
    if isinstance(value, dict):
        return Values(value)
    raise type_mismatch(value, go_type)


def read_text(text: str) -> Any:
    """The first document of a YAML text in a template, as sigs.k8s.io/yaml decodes it into an interface{}: every number
    is a float, every key text. None for an empty text. Where the text is traced, so are the values, with its pieces.
    Raises YamlError with Go's whole text."""
    if not isinstance(text, Text):
        return _read(text, None)
    traced: Any = cut(text, 1, len(text)) if text[:1] == "\ufeff" else text
    return _parsed(str(traced), lambda next_event: TextBuilder(next_event, traced))


def type_mismatch(value: object, go_type: str) -> YamlError:
    """The error for a document that is something else than wanted."""
    return YamlError(f"{_TO_VALUE}json: cannot unmarshal {json_kind(value)} into Go value of type {go_type}", 1)


def json_kind(value: object) -> str:
    """What encoding/json calls a value: object, array, string, number or bool."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    return "bool" if isinstance(value, bool) else "number"


def _read(text: str, source: ValuesSource | None) -> Any:
    if source is None:
        return _parsed(text, Builder)
    return _parsed(text, lambda next_event: TracedBuilder(next_event, source))


def _parsed(text: str, builder: Callable[[NextEvent], Builder]) -> Any:
    try:
        return read_document(text, builder)
    except YamlError as error:
        raise YamlError(_FROM_YAML + error.message, error.line, error.column) from None
