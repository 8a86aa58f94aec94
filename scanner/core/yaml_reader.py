"""Reads YAML and JSON on libyaml's events, once: plain values and the tree of positions come from the same pass."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from scanner.core.document import Document, Mark, SourceText
from scanner.core.errors import SourceError
from scanner.core.libyaml import CParser, events, yaml
from scanner.core.location import Location, Span
from scanner.core.scalars import Scalars

MAX_BYTES = 10_000_000
MAX_DEPTH = 256
MAX_NODES = 1_000_000
"""Nodes of one document, with every alias counted as what it stands for: an alias bomb ends here."""

_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_CORE_TAG = "tag:yaml.org,2002:"
_Scalar, _Alias = events.ScalarEvent, events.AliasEvent
_MappingStart, _MappingEnd = events.MappingStartEvent, events.MappingEndEvent
_SequenceStart, _SequenceEnd = events.SequenceStartEvent, events.SequenceEndEvent

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, path: str) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32, without its byte order mark.

    Raises SourceError for a file over `MAX_BYTES`, for binary data and for bytes that are no text, with their line.
    """
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}",
            Location(path),
            "split the file, or exclude it in .groundrule.yaml",
        )
    encoding = "utf-8"
    for bom, name in _BOMS:
        if data.startswith(bom):
            data, encoding = data[len(bom) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"not {encoding.upper()} text (byte 0x{data[error.start]:02x})",
            Location(path, line),
            "save the file as UTF-8",
        ) from error
    if "\0" in text:
        raise SourceError("binary data, not YAML", Location(path, text.count("\n", 0, text.index("\0")) + 1))
    return text


def read_yaml(
    data: bytes | str, path: str, scalars: Scalars, duplicate_keys: Literal["error", "last"] = "error"
) -> list[Document]:
    """All documents of a file. Raises SourceError at the first place that cannot be read."""
    return list(iter_yaml(data, path, scalars, duplicate_keys))


def iter_yaml(
    data: bytes | str, path: str, scalars: Scalars, duplicate_keys: Literal["error", "last"] = "error"
) -> Iterator[Document]:
    """The documents of a file one by one, so that those before a broken one can be used.

    `path` is the display path that spans and errors carry. Empty documents (only comments) are left out; the value of
    a document that says `null` is None. Raises SourceError (bad YAML, a key twice unless `duplicate_keys` is 'last',
    depth over `MAX_DEPTH`, size over `MAX_NODES`, an anchor that contains itself).
    """
    text = decode(data, path) if isinstance(data, bytes) else data
    source = SourceText(text)
    if scalars.surrogates and text.lstrip()[:1] in ("{", "["):
        text = _join_surrogates(text)
    parser = None
    try:
        parser = CParser(text)
        builder = _Builder(parser.get_event, path, scalars, duplicate_keys)
        yield from _documents(builder, source, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(path, mark.line + 1, mark.column + 1) if mark else Location(path)
        context = f" {error.context}" if error.context else ""
        raise SourceError(f"not valid YAML: {error.problem}{context}", place, "correct the syntax here") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 0
        raise SourceError(f"not valid YAML: {error.reason}", Location(path, line), "remove the character") from error
    except (UnicodeEncodeError, ValueError) as error:
        raise SourceError(f"not valid YAML: {error}", Location(path)) from error
    finally:
        if parser is not None:
            parser.dispose()


def _join_surrogates(text: str) -> str:
    """JSON writes a character beyond 16 bits as two escapes, which YAML does not know: they become the character. Only
    columns behind it on its line move."""
    if "\\ud" not in text and "\\uD" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return _SURROGATES.sub(character, text)


def _documents(builder: _Builder, source: SourceText, path: str) -> Iterator[Document]:
    index, first_line = 0, 0
    pending: Document | None = None
    while True:
        event = builder.next_event()
        kind = event.__class__
        if kind is events.StreamEndEvent:
            break
        if kind is not events.DocumentStartEvent:
            continue
        start = event.start_mark.line
        if pending is not None:
            pending.last_line = start
            yield pending
            first_line = start
        value, root = builder.document()
        pending = Document(path, index, value, root, source, (first_line, 1 << 30), tuple(builder.non_string_keys))
        if value is None and root.start.index == root.end.index:
            pending = None
        index += 1
    if pending is not None:
        yield pending


class _Builder:
    """Turns events into (value, Mark) pairs, document by document."""

    def __init__(self, next_event: Callable[[], Any], path: str, scalars: Scalars, duplicate_keys: str) -> None:
        self.next_event = next_event
        self.path = path
        self.resolve = scalars.resolve
        self.reject_duplicates = duplicate_keys == "error"
        self.non_string_keys: list[tuple[str, Span]] = []

    def document(self) -> tuple[Any, Mark]:
        self.anchors: dict[str, tuple[Any, Mark, int] | None] = {}
        self.non_string_keys = []
        self.size = 0
        return self.node(self.next_event(), 0)

    def fail(self, message: str, mark: Any, hint: str = "") -> SourceError:
        return SourceError(message, Location(self.path, mark.line + 1, mark.column + 1), hint)

    def node(self, event: Any, depth: int) -> tuple[Any, Mark]:
        self.size += 1
        kind = event.__class__
        if kind is _Scalar:
            mark = Mark(event.start_mark, event.end_mark)
            value = self.scalar(event, mark)
            if event.anchor is not None:
                self.anchors[event.anchor] = (value, mark, 1)
            return value, mark
        if kind is _Alias:
            return self.alias(event)
        if depth >= MAX_DEPTH:
            raise self.fail(f"nested more than {MAX_DEPTH} levels deep", event.start_mark, "flatten the document")
        anchor, before = event.anchor, self.size
        if anchor is not None:
            self.anchors[anchor] = None
        value, mark = self.mapping(event, depth) if kind is _MappingStart else self.sequence(event, depth)
        if event.tag is not None and not event.tag.startswith(_CORE_TAG):
            mark.tag = event.tag
        if anchor is not None:
            self.anchors[anchor] = (value, mark, self.size - before + 1)
        return value, mark

    def scalar(self, event: Any, mark: Mark) -> Any:
        text, tag = event.value, event.tag
        if tag is None:
            return self.resolve(text) if event.implicit[0] else text
        if not tag.startswith(_CORE_TAG):
            mark.tag = tag
            return self.resolve(text) if not event.style and tag != "!" else text
        return self.tagged(text, tag.removeprefix(_CORE_TAG), event.start_mark)

    def tagged(self, text: str, tag: str, mark: Any) -> Any:
        value = self.resolve(text)
        if tag == "str":
            return text
        if tag == "binary":
            try:
                return base64.b64decode(text, validate=False).decode("utf-8", "replace")
            except (binascii.Error, ValueError) as error:
                raise self.fail("not valid base64 behind !!binary", mark) from error
        if tag == "float" and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        expected = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(tag)
        if expected is not None and type(value) is not expected:
            raise self.fail(f"this is no {tag}, although its tag says so", mark)
        return value

    def alias(self, event: Any) -> tuple[Any, Mark]:
        name = event.anchor
        if name not in self.anchors:
            # Its name is not told: a password that begins with an asterisk reads like an alias.
            raise self.fail(
                "no anchor stands before this alias", event.start_mark, "put a text that begins with * in quotes"
            )
        known = self.anchors[name]
        if known is None:
            raise self.fail(f"the anchor {name!r} contains itself", event.start_mark, "remove the alias")
        value, mark, size = known
        self.size += size
        if self.size > MAX_NODES:
            raise self.fail(
                f"aliases expand to more than {MAX_NODES:,} values", event.start_mark, "write the document without them"
            )
        return value, mark

    def sequence(self, event: Any, depth: int) -> tuple[list[Any], Mark]:
        mark = Mark(event.start_mark, event.end_mark)
        values: list[Any] = []
        items: dict[Any, Mark] = {}
        mark.items = items
        next_event, node = self.next_event, self.node
        event = next_event()
        while event.__class__ is not _SequenceEnd:
            value, items[len(values)] = node(event, depth + 1)
            values.append(value)
            event = next_event()
        mark.end = event.end_mark
        return values, mark

    def mapping(self, event: Any, depth: int) -> tuple[dict[str, Any], Mark]:
        mark = Mark(event.start_mark, event.end_mark)
        values: dict[str, Any] = {}
        keys: dict[Any, Mark] = {}
        items: dict[Any, Mark] = {}
        mark.keys, mark.items = keys, items
        merged: list[tuple[Any, Mark]] = []
        next_event, node = self.next_event, self.node
        event = next_event()
        while event.__class__ is not _MappingEnd:
            key, key_mark, is_merge = self.key(event)
            value, item = node(next_event(), depth + 1)
            if is_merge:
                merged.append((value, item))
            else:
                if key in values and self.reject_duplicates:
                    raise self.fail(
                        f"the key {key!r} stands here a second time (first in line {keys[key].start.line + 1})",
                        key_mark.start,
                        "keep one of the two",
                    )
                values[key], keys[key], items[key] = value, key_mark, item
            event = next_event()
        mark.end = event.end_mark
        for value, item in merged:
            self.merge(value, item, values, keys, items)
        return values, mark

    def key(self, event: Any) -> tuple[str, Mark, bool]:
        """A mapping's key, its mark, and whether it is a merge key."""
        self.size += 1
        kind = event.__class__
        if kind is _Alias:
            value, mark = self.alias(event)
            # The position of the alias, not of the anchor, is where this key stands.
            mark = Mark(event.start_mark, event.end_mark)
            if not isinstance(value, (dict, list)):
                return value if isinstance(value, str) else str(value), mark, False
            raise self.fail("a key must be a text", event.start_mark)
        if kind is not _Scalar:
            raise self.fail("a key must be a text, not a collection", event.start_mark, "put the key in quotes")
        mark = Mark(event.start_mark, event.end_mark)
        text: str = event.value
        if event.anchor is not None:
            self.anchors[event.anchor] = (self.scalar(event, mark), mark, 1)
        if event.implicit[0] and event.tag is None:
            if text == "<<":
                return text, mark, True
            if type(self.resolve(text)) is not str:
                self.non_string_keys.append((text, mark.span()))
        return text, mark, False

    def merge(
        self, value: Any, item: Mark, values: dict[str, Any], keys: dict[Any, Mark], items: dict[Any, Mark]
    ) -> None:
        """Adds the entries of a merge key's mapping, or of its list of mappings, that are not there yet."""
        if isinstance(value, list):
            for index, element in enumerate(value):
                self.merge(element, (item.items or {})[index], values, keys, items)
            return
        if not isinstance(value, dict):
            raise self.fail("a merge key (<<) needs a mapping or a list of mappings", item.start)
        source_keys, source_items = item.keys or {}, item.items or {}
        for key, inner in value.items():
            if key not in values:
                values[key] = inner
                keys[key] = source_keys[key]
                items[key] = source_items[key]
