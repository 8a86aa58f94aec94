"""Reads plain YAML values into Go structs, as sigs.k8s.io/yaml and encoding/json do together."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar, NamedTuple

from scanner.core.patterns import late
from scanner.template.kinds import NilList, NilMap, NilStrings, StringList, StringMap, Struct, declare, entry_origin
from scanner.template.text import from_origin

_TIME = late(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z\Z", re.ASCII)
"""What is surely a time of RFC 3339."""
_FOLDED = str.maketrans({"\u017f": "s", "\u212a": "k"})


class NilTexts(NilMap):
    """A nil map[string]string."""

    zero = ""


declare(NilTexts, "map[string]string", "map")
_VIEWS = {"strings": (StringList, NilStrings), "texts": (StringMap, NilTexts), "any": (list, NilList)}


class Member(NamedTuple):
    """A field of a struct: its name in JSON and in Go, the attribute that holds it, and what it takes.

    `kind` is string, bool, strings ([]string), texts (map[string]string), any ([]interface {}), time, or a Record
    class for a slice of pointers to it.
    """

    json: str
    go: str
    attribute: str
    kind: Any
    omit_empty: bool = True
    view: Any = None
    """The list classes that stand for a slice of records: one for items, one for nil."""

    def views(self) -> tuple[Any, Any]:
        """The classes of Go's type for a slice or map, and for a nil one; (None, None) for the other kinds."""
        if self.view is not None:
            found: tuple[Any, Any] = self.view
            return found
        return _VIEWS.get(self.kind, (None, None))


class Record(Struct):
    """A struct that is read from YAML. Subclasses declare `members`; a record starts with Go's zero values, where None
    is a nil slice or map."""

    members: ClassVar[tuple[Member, ...]] = ()
    by_name: ClassVar[dict[str, Member]] = {}
    views: ClassVar[dict[str, tuple[str, Any, Any]]] = {}

    def __init_subclass__(cls) -> None:
        # Slices and maps are shown to templates through attributes of their own, which have Go's types.
        cls.views = {f"go_{member.attribute}": (member.attribute, *member.views()) for member in cls.members}
        cls.views = {name: view for name, view in cls.views.items() if view[1] is not None}
        shown = {view[0]: name for name, view in cls.views.items()}
        cls.fields = {member.go: shown.get(member.attribute, member.attribute) for member in cls.members}
        cls.by_name = {_folded(member.json): member for member in cls.members}

    def __init__(self) -> None:
        for member in self.members:
            setattr(self, member.attribute, _ZEROS.get(member.kind))

    def __getattr__(self, name: str) -> Any:
        if name not in self.views:
            raise AttributeError(name)
        attribute, view, nil = self.views[name]
        value = getattr(self, attribute)
        return nil() if value is None else view(value)

    def json_fields(self) -> list[tuple[str, Any]]:
        """What encoding/json writes of it: names and values in order, without the empty ones that may be omitted."""
        found = [(member, getattr(self, member.attribute)) for member in self.members]
        return [(member.json, value) for member, value in found if value or not member.omit_empty]


_ZEROS: dict[Any, Any] = {"string": "", "bool": False, "time": ""}
_GO_TYPES = {
    "string": "string",
    "bool": "bool",
    "strings": "[]string",
    "texts": "map[string]string",
    "any": "[]interface {}",
    "time": "time.Time",
}


class DecodeError(ValueError):
    """A value that does not fit its field; the text is encoding/json's. `route` leads to the value."""

    def __init__(self, message: str, route: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.route = route


def decode_into(record: Record, value: object) -> None:
    """Sets the fields of `record` that `value` (a parsed document) has, over those that it holds already.

    Numbers and booleans become text where the field is one. Raises DecodeError for the first value that does not fit,
    after everything else has been set.
    """
    if value is None:
        return
    _Decoder().whole(record, value)


class _Decoder:
    """Keeps the first error, as encoding/json does, and the place in the structs."""

    def __init__(self) -> None:
        self.error: DecodeError | None = None
        self.struct = ""
        self.path: tuple[str, ...] = ()
        self.route: tuple[str | int, ...] = ()
        self.origin: Any = None

    def whole(self, record: Record, value: object) -> None:
        if isinstance(value, dict):
            self.record(record, value)
        else:
            self.misfit(value, record.go_type)
        if self.error is not None:
            raise self.error

    def misfit(self, value: object, go_type: str) -> None:
        if self.error is None:
            place = f"Go struct field {self.struct}.{'.'.join(self.path)}" if self.struct else "Go value"
            message = f"json: cannot unmarshal {_json_kind(value)} into {place} of type {go_type}"
            self.error = DecodeError(message, self.route)

    def record(self, record: Record, value: dict[Any, Any]) -> None:
        outer = self.struct, self.path, self.route
        for key, item in sorted(value.items(), key=lambda entry: str(entry[0]).encode("utf-8", "surrogateescape")):
            member = record.by_name.get(_folded(str(key)))
            if member is None:
                continue
            self.struct = record.go_type.removeprefix("chart.")
            self.path = (*outer[1], member.json)
            self.route = (*outer[2], key)
            self.origin = entry_origin(value, key)
            setattr(record, member.attribute, self.member(member.kind, getattr(record, member.attribute), item))
        self.struct, self.path, self.route = outer

    def member(self, kind: Any, old: Any, value: Any) -> Any:
        """The new value of a field; `old` where the value does not fit."""
        if kind == "string":
            return self.string(old, value)
        if kind == "bool":
            if isinstance(value, bool):
                return value
            if value is not None:
                self.misfit(value, "bool")
            return old
        if kind == "texts":
            return self.texts(old, value)
        if kind == "time":
            return self.time(old, value)
        return self.items(kind, old, value)

    def string(self, old: str, value: object) -> str:
        if value is None:
            return old
        text = scalar_text(value)
        if text is None:
            self.misfit(value, "string")
            return old
        return text if self.origin is None or isinstance(value, str) else from_origin(text, self.origin)

    def texts(self, old: dict[str, str] | None, value: object) -> dict[str, str] | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            self.misfit(value, _GO_TYPES["texts"])
            return old
        texts = dict(old or ())
        for key in sorted(value, key=str):
            self.origin = entry_origin(value, key)
            texts[str(key)] = self.string("", value[key])
        return texts

    def time(self, old: str, value: object) -> str:
        if value is None:
            return old
        problem = "" if isinstance(value, str) else "Time.UnmarshalJSON: input is not a JSON string"
        if isinstance(value, str) and not _TIME.match(value):
            from scanner.template.layout_reading import LayoutError, parse_civil

            try:
                parse_civil("2006-01-02T15:04:05Z07:00", value)
            except LayoutError as error:
                problem = str(error)
        if problem:
            raise DecodeError(problem, self.route)  # what reads itself ends everything
        return str(value)

    def items(self, kind: Any, old: list[Any] | None, value: object) -> list[Any] | None:
        if value is None:
            return None
        of_records = isinstance(kind, type)
        if not isinstance(value, list):
            self.misfit(value, f"[]*{kind.go_type}" if of_records else _GO_TYPES[kind])
            return old
        kept = list(old or ())
        items: list[Any] = []
        route = self.route
        for index, item in enumerate(value):
            self.route = (*route, index)
            self.origin = entry_origin(value, index)
            before = kept[index] if index < len(kept) else None
            if of_records:
                items.append(self.element(kind, before, item))
            elif kind == "strings":
                items.append(self.string(before or "", item))
            else:
                items.append(plain_json(item))
        self.route = route
        return items

    def element(self, kind: type[Record], before: Record | None, value: object) -> Record | None:
        """An element is read over the one that stood there before."""
        if value is None:
            return None
        record = before or kind()
        if isinstance(value, dict):
            self.record(record, value)
        else:
            self.misfit(value, record.go_type)
        return record


def scalar_text(value: object) -> str | None:
    """The text that a scalar becomes where a string is wanted; None for what is no scalar."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float32_text(value)
    return None


def float32_text(value: float) -> str:
    """A number with the fewest digits that keep it apart from other float32s, as Go's `%g` prints it."""
    from scanner.template.float_text import format_float

    single = _float32(value)
    if not math.isfinite(single):
        return format_float(single, "g", None)
    for precision in range(9):
        shorter = float(f"{single:.{precision}e}")
        if _float32(shorter) == single:
            break
    return format_float(shorter, "g", None)


def _float32(value: float) -> float:
    import struct

    try:
        single: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return single


def plain_json(value: Any) -> Any:
    """A value that no type is declared for: numbers become float64, keys text."""
    if isinstance(value, dict):
        return {str(key): plain_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _folded(name: str) -> str:
    return name.translate(_FOLDED).lower()


def _json_kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else "number"
