"""Reads a checked expression as the CEL runtime serialises it: protobuf's wire format into plain tuples.

The shapes are those of `cel.expr.CheckedExpr` (checked.proto and syntax.proto of the CEL specification); no package
ships classes for them. Only what the language needs is read, and a kind that is not known is kept as such, so that
the next step can refuse it with its place.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

Raw = tuple[Any, ...]
"""A node: (kind, id, ...). Kinds and what follows:

const: type, value          ident: name             select: operand, field, test only
call: target, function, arguments                   list: elements, optional indexes
map: message name, entries (key, value, optional)   comprehension: the eight fields of the message
other: the number of the field
"""


class Checked(NamedTuple):
    """A checked expression: its root, and by node id the types and code point offsets."""

    root: Raw
    types: dict[int, str]
    positions: dict[int, int]


class WireError(ValueError):
    """The bytes are not a checked expression."""


_PRIMITIVES = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}
_WELL_KNOWN = {1: "any", 2: "timestamp", 3: "duration"}
_CHECKED_URL = "type.googleapis.com/cel.expr.CheckedExpr"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIGN = 1 << 63
_NOTHING: Raw = ("other", 0, 0)


def read_checked(blob: bytes) -> Checked:
    """The expression in `blob`, a serialised `google.protobuf.Any`. Raises WireError where it is something else."""
    try:
        return _read_any(blob)
    except (IndexError, AttributeError, TypeError, struct.error, UnicodeDecodeError, RecursionError) as error:
        raise WireError("the checked expression is cut short or corrupt") from error


def _read_any(blob: bytes) -> Checked:
    url, body = "", b""
    for number, value in _fields(blob):
        if number == 1:
            url = value.decode()
        elif number == 2:
            body = value
    if url != _CHECKED_URL:
        raise WireError("not a checked expression")
    types: dict[int, str] = {}
    positions: dict[int, int] = {}
    root = _NOTHING
    for number, value in _fields(body):
        if number == 3:
            key, entry = _entry(value)
            types[key] = read_type(entry or b"")
        elif number == 4:
            root = _expression(value)
        elif number == 5:
            for inner, pair in _fields(value):
                if inner == 4:
                    key, offset = _entry(pair)
                    positions[key] = offset or 0
    if root == _NOTHING:
        raise WireError("the checked expression is cut short or corrupt")
    return Checked(root, types, positions)


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: (number, integer or bytes); fixed-size numbers come as their bytes."""
    index, end = 0, len(data)
    while index < end:
        tag = data[index]
        index += 1
        if tag > 127:
            tag, index = _long_varint(data, index, tag)
        kind = tag & 7
        if kind == _BYTES:
            size = data[index]
            index += 1
            if size > 127:
                size, index = _long_varint(data, index, size)
            if index + size > end:
                raise WireError("the checked expression is cut short or corrupt")
            yield tag >> 3, data[index : index + size]
            index += size
        elif kind == _VARINT:
            value = data[index]
            index += 1
            if value > 127:
                value, index = _long_varint(data, index, value)
            yield tag >> 3, value
        elif kind == _FIXED64:
            yield tag >> 3, data[index : index + 8]
            index += 8
        elif kind == _FIXED32:
            yield tag >> 3, data[index : index + 4]
            index += 4
        else:
            raise WireError("the checked expression is cut short or corrupt")


def _long_varint(data: bytes, index: int, first: int) -> tuple[int, int]:
    value, shift = first & 127, 7
    while True:
        byte = data[index]
        index += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, index
        shift += 7


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= _SIGN else value


def _entry(data: bytes) -> tuple[int, Any]:
    """A map entry with an integer key. An absent value is None."""
    if len(data) == 4 and data[0] == 8 and data[2] == 16 and data[1] < 128 and data[3] < 128:
        return data[1], data[3]
    if len(data) < 128 and data[0] == 8 and data[1] < 128 and data[2:3] == b"\x12" and data[3] == len(data) - 4:
        return data[1], data[4:]
    key: int = 0
    value: Any = None
    for number, part in _fields(data):
        if number == 1:
            key = part
        else:
            value = part
    return key, value


@lru_cache(maxsize=1024)
def read_type(data: bytes) -> str:
    """A type in the grammar of `scanner.core.views`: `string`, `list(int)`, `map(string,dyn)`, a message's name."""
    for number, value in _fields(data):
        if number == 1:
            return "dyn"
        if number == 2:
            return "null"
        if number == 3:
            return _PRIMITIVES.get(value, "other")
        if number == 4:
            return f"wrapper({_PRIMITIVES.get(value, 'other')})"
        if number == 5:
            return _WELL_KNOWN.get(value, "other")
        if number == 6:
            inner = [part for _, part in _fields(value)]
            return f"list({read_type(inner[0]) if inner else 'dyn'})"
        if number == 7:
            sides = dict(_fields(value))
            return f"map({read_type(sides.get(1, b''))},{read_type(sides.get(2, b''))})"
        if number == 9:
            return str(value.decode())
        if number == 11:
            return "type"
        if number == 14:
            return "abstract"
        return "other"
    return "dyn"


def _expression(data: bytes) -> Raw:
    identity, kind, body = 0, 0, b""
    for number, value in _fields(data):
        if number == 2:
            identity = value
        else:
            kind, body = number, value
    reader = _READERS.get(kind)
    return reader(identity, body) if reader else ("other", identity, kind)


def _constant(identity: int, body: bytes) -> Raw:
    for number, value in _fields(body):
        if number == 1:
            return "const", identity, "null", None
        if number == 2:
            return "const", identity, "bool", bool(value)
        if number == 3:
            return "const", identity, "int", _signed(value)
        if number == 4:
            return "const", identity, "uint", value
        if number == 5:
            return "const", identity, "double", struct.unpack("<d", value)[0]
        if number == 6:
            return "const", identity, "string", value.decode()
        if number == 7:
            return "const", identity, "bytes", value
    return "other", identity, 3


def _identifier(identity: int, body: bytes) -> Raw:
    return "ident", identity, b"".join(value for number, value in _fields(body) if number == 1).decode()


def _select(identity: int, body: bytes) -> Raw:
    operand = _NOTHING
    field, test = "", False
    for number, value in _fields(body):
        if number == 1:
            operand = _expression(value)
        elif number == 2:
            field = value.decode()
        elif number == 3:
            test = bool(value)
    return "select", identity, operand, field, test


def _call(identity: int, body: bytes) -> Raw:
    target: Raw | None = None
    function = ""
    arguments: list[Raw] = []
    for number, value in _fields(body):
        if number == 1:
            target = _expression(value)
        elif number == 2:
            function = value.decode()
        elif number == 3:
            arguments.append(_expression(value))
    return "call", identity, target, function, tuple(arguments)


def _list(identity: int, body: bytes) -> Raw:
    elements, optional = [], False
    for number, value in _fields(body):
        if number == 1:
            elements.append(_expression(value))
        else:
            optional = True
    return "list", identity, tuple(elements), optional


def _struct(identity: int, body: bytes) -> Raw:
    name, entries = "", []
    for number, value in _fields(body):
        if number == 1:
            name = value.decode()
        elif number == 2:
            key: Any = None
            item = _NOTHING
            optional = False
            for inner, part in _fields(value):
                if inner == 2:
                    key = part.decode()
                elif inner == 3:
                    key = _expression(part)
                elif inner == 4:
                    item = _expression(part)
                elif inner == 5:
                    optional = bool(part)
            entries.append((key, item, optional))
    return "map", identity, name, tuple(entries)


def _comprehension(identity: int, body: bytes) -> Raw:
    """(kind, id, variable, range, accumulator, initial, condition, step, result, second variable)."""
    parts: dict[int, Any] = {}
    for number, value in _fields(body):
        parts[number] = value.decode() if number in {1, 3, 8} else _expression(value)
    middle = [parts.get(number, _NOTHING) for number in (4, 5, 6, 7)]
    return (
        "comprehension",
        identity,
        parts.get(1, ""),
        parts.get(2, _NOTHING),
        parts.get(3, ""),
        *middle,
        parts.get(8, ""),
    )


_READERS = {
    3: _constant,
    4: _identifier,
    5: _select,
    6: _call,
    7: _list,
    8: _struct,
    9: _comprehension,
}
