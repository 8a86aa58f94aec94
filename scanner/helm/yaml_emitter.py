"""Writes YAML as Helm's toYaml does: encoding/json, then go-yaml v2; each part keeps the origin of what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from scanner.helm.key_order import natural_order
from scanner.helm.yaml_folding import double_quoted, literal_header, literal_indents, plain, single_quoted
from scanner.helm.yaml_quoting import DOUBLE, KEY_STYLES, LITERAL, PLAIN, STYLES, KeyStyle
from scanner.helm.yaml_transit import check_key, through_json
from scanner.template.assembly import BEFORE, assembled, in_quotes
from scanner.template.float_text import shortest
from scanner.template.go_json import MAX_DEPTH, MarshalError, json_bytes, json_number, json_struct
from scanner.template.kinds import (
    NILS,
    Float,
    Items,
    Lists,
    Map,
    Struct,
    Values,
    go_type,
)
from scanner.template.sizes import check_parts
from scanner.template.text import Piece, Text, spliced

_MAPPING, _SEQUENCE = 1, 2
_SHAPES: dict[type, int] = {
    **dict.fromkeys((dict, Map, Values), _MAPPING),
    **dict.fromkeys((list, Items, Lists), _SEQUENCE),
    **dict.fromkeys((str, Text, bool, int, float, Float, type(None), *NILS, bytes), 0),
}


def to_yaml(value: Any) -> str:
    """The value as YAML, without the last line break. A Text where any part of it has an origin.

    A key has the origin of its entry, a scalar its own, or else that of its entry. Raises MarshalError for what
    encoding/json or go-yaml refuse (NaN, functions, control characters, keys of more than 1,024 characters).
    """
    writer = Writer()
    try:
        writer.value(value, 0, 0, getattr(value, "origin", None))
    except RecursionError:
        raise MarshalError("json: unsupported value: encountered a cycle") from None
    return writer.result()


class Writer:
    """Collects parts of text, and the origin of each."""

    styles: ClassVar[dict[str, str]] = STYLES
    key_styles: ClassVar[dict[str, KeyStyle]] = KEY_STYLES
    folds: ClassVar[bool] = True
    """Whether lines are folded at 80 columns."""
    item_indent: ClassVar[int] = 0
    """How much deeper than their key the items of a sequence stand."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.origins: list[Any] = []
        self.depth = 0
        self.fresh = True
        """Whether a literal block has just ended the line."""

    def result(self) -> str:
        """What has been written, without the line break at its end."""
        parts = self.parts
        if self.fresh and parts[-1][-1:] == "\n":
            last = parts[-1]
            parts[-1] = spliced(last, ((len(last) - 1, len(last), ""),))
        return assembled(parts, self.origins)

    def line(self) -> None:
        """Begins a line."""
        if self.fresh:
            self.fresh = False
        else:
            self.parts.append("\n")
            self.origins.append(BEFORE)

    def value(self, value: Any, column: int, indent: int, origin: Any) -> None:
        """A value behind what has been written of its line up to `column`. Collections go on there, indented so."""
        if isinstance(value, Struct):
            value = self.plain_struct(value)
        shape = _SHAPES.get(value.__class__)
        if shape is None:
            shape = _MAPPING if isinstance(value, dict) else _SEQUENCE if isinstance(value, list) else 0
        self.fresh = False
        if not shape or not value:
            self.scalar(value, column, indent + 2 if not column else indent, origin)
        elif shape == _MAPPING:
            self.mapping(value, indent)
        else:
            self.sequence(value, indent)

    def mapping(self, value: dict[str, Any], indent: int, *, below: bool = False) -> None:
        """The entries, from here on; each on a line of its own, also the first where that is `below`."""
        self.enter()
        pad = " " * indent
        origins = value.origins if isinstance(value, Map) else {}
        lead = pad if below else ""
        parts, marks, styles, shapes = self.parts, self.origins, self.key_styles, _SHAPES
        for key in self.ordered(value):
            if lead or below:
                self.line()
            item, origin = value[key], origins.get(key)
            style, simple = styles[key]
            if style is PLAIN and simple:
                head = key
            elif simple:
                head = self.quoted_key(key, style)
            else:
                self.long_entry(key, item, lead, indent, origin)
                lead, below = pad, True
                continue
            shape = shapes.get(item.__class__)
            if shape is None:
                if isinstance(item, Struct):
                    item = self.plain_struct(item)
                shape = _MAPPING if isinstance(item, dict) else _SEQUENCE if isinstance(item, list) else 0
            marks.append(origin)
            if not shape or not item:
                parts.append(f"{lead}{head}: ")
                self.scalar(item, indent + len(head) + 2, indent + 2, origin)
            else:
                parts.append(f"{lead}{head}:")
                if shape == _MAPPING:
                    self.mapping(item, indent + 2, below=True)
                else:
                    self.sequence(item, indent + self.item_indent, below=True)
            lead, below = pad, True
        self.depth -= 1

    def enter(self) -> None:
        """Goes a level deeper. Raises RecursionError where there are too many."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        check_parts(len(self.parts))

    def ordered(self, keys: Iterable[str]) -> list[str]:
        """The keys of a mapping in their order."""
        return natural_order(keys)

    def arriving(self, text: str) -> str:
        """A text as it gets to the emitter."""
        return through_json(text)

    def quoted_key(self, key: str, style: str) -> str:
        """A key that stands in quotes."""
        if style is DOUBLE:
            key = self.arriving(key)
            style = self.key_styles[key].style
            if style is PLAIN:
                return key
        return double_quoted(key, 0, 0, fold=False) if style is DOUBLE else single_quoted(key, 0, 0, fold=False)

    def long_entry(self, key: str, item: Any, lead: str, indent: int, origin: Any) -> None:
        """An entry whose key is too long, or of several lines: `? key`, then `: value` on the next line."""
        self.check_key(key)
        self.parts.append(f"{lead}? ")
        self.origins.append(origin)
        self.text(key, indent + 2, indent + 2, origin)
        self.line()
        self.parts.append(f"{' ' * indent}: ")
        self.origins.append(origin)
        self.value(item, indent + 2, indent + 2, origin)

    def sequence(self, value: list[Any], indent: int, *, below: bool = False) -> None:
        """The items, from here on; each on a line of its own, also the first where that is `below`."""
        self.enter()
        lead = " " * indent + "- "
        origins = value.origins if isinstance(value, Items) else ()
        known = len(origins)
        for index, item in enumerate(value):
            origin = origins[index] if index < known else None
            if below:
                self.line()
                self.parts.append(lead)
            else:
                below = True
                self.parts.append("- ")
            self.origins.append(origin)
            self.value(item, indent + 2, indent + 2, origin)
        self.depth -= 1

    def scalar(self, value: Any, column: int, indent: int, origin: Any) -> None:
        """A scalar or an empty collection."""
        kind = value.__class__
        if kind is Text or kind is str:
            self.text(value, column, indent, origin)
            return
        if isinstance(value, str):
            self.text(value, column, indent, origin)
            return
        if kind is bytes:
            self.text(json_bytes(value), column, indent, origin)
            return
        own = getattr(value, "origin", None)
        self.parts.append(self.simple(value))
        self.origins.append(origin if own is None else own)

    def text(self, value: str, column: int, indent: int, origin: Any) -> None:
        """A string, from `column` on; its further lines are indented."""
        style = self.styles[value]
        if style is DOUBLE:
            value = self.arriving(value)
            style = self.styles[value]
        if style is LITERAL:
            self.literal(value, indent, origin)
            return
        if style is PLAIN:
            body = plain(value, column, indent) if self.folds else value
        elif style is DOUBLE:
            body = double_quoted(value, column, indent, fold=self.folds)
        else:
            body = single_quoted(value, column, indent, fold=self.folds)
        if value.__class__ is Text and body is not value:
            body = in_quotes(body, value)
        self.parts.append(body)
        self.origins.append(origin)

    def literal(self, value: str, indent: int, origin: Any) -> None:
        """A string as a literal block."""
        self.parts.append(f"{literal_header(value)}\n")
        self.origins.append(origin)
        pad = " " * indent
        self.parts.append(_with_pads(value, literal_indents(value), pad))
        self.origins.append(origin)
        self.fresh = value[-1] in "\n\u2028\u2029"

    def plain_struct(self, value: Any) -> Any:
        """A struct as the values that stand for it."""
        while isinstance(value, Struct):
            value = json_struct(value)
            if isinstance(value, list) and (not value or isinstance(value[0], tuple)):
                return dict(value)
        return value

    def check_key(self, key: str) -> None:
        """Raises MarshalError for a key that does not get through."""
        check_key(key)

    def simple(self, value: Any) -> str:
        """A scalar that is no text, or an empty collection."""
        return simple_text(value)


def simple_text(value: Any) -> str:
    """A scalar that is no text, or an empty collection, on its way through JSON. Raises MarshalError."""
    if value is None or isinstance(value, NILS):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return yaml_number(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    raise MarshalError(f"json: unsupported type: {go_type(value)}")


def yaml_number(number: float) -> str:
    """A float64 that went through JSON: an integer where it is one of 64 bits."""
    if number.is_integer() and -1e15 < number < 1e15:
        return str(int(number))
    text = json_number(number)
    if text.lstrip("-").isdecimal() and -(1 << 63) <= int(text) < 1 << 64:
        return text
    return shortest(number)


def _with_pads(value: str, starts: list[int], pad: str) -> str:
    """`value` with `pad` in front of some of its characters, which gives it their origin."""
    if not starts:
        return value
    ends = [*starts[1:], len(value)]
    plain_value = str(value)
    body = plain_value[: starts[0]] + "".join(
        pad + plain_value[start:end] for start, end in zip(starts, ends, strict=True)
    )
    if not isinstance(value, Text):
        return body
    if len(value.pieces) == 1:
        return Text(body, ((len(body), value.pieces[0][1], value.pieces[0][2]),))
    pieces: list[Piece] = []
    at, width, waiting = 0, len(pad), list(reversed(starts))
    for length, position, origin in value.pieces:
        at += length
        while waiting and waiting[-1] < at:
            waiting.pop()
            length += width
        pieces.append((length, position, origin))
    return Text(body, pieces)
