"""TOML as Helm's toToml writes and fromToml reads it (BurntSushi/toml)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from scanner.core.patterns import late
from scanner.template.assembly import assembled, in_quotes
from scanner.template.errors import FunctionError
from scanner.template.float_text import shortest
from scanner.template.go_json import MAX_DEPTH, json_struct
from scanner.template.kinds import NILS, Items, Map, Struct, go_kind, go_type
from scanner.template.sizes import check_length, check_parts
from scanner.template.text import Text, derived

_BARE = late(r"[A-Za-z0-9_-]+\Z")
_ESCAPED = late('["\\\\\x00-\x1f\x7f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_LONG_KEY = late(
    r"""(?:^|[\[{,])[ \t]*+(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){1000}""", re.MULTILINE
)
_INFINITE = {"NaN": "nan", "+Inf": "inf", "-Inf": "-inf"}
_LOCAL = {
    "datetime-local": "2006-01-02T15:04:05.999999999",
    "date-local": "2006-01-02",
    "time-local": "15:04:05.999999999",
}
"""The zones of moments that were read without one, and the layouts that they are written in."""


class TomlError(Exception):
    """A value that TOML cannot have, or a text that is no TOML; the message is the library's."""


def to_toml(value: Any) -> str:
    """The value as TOML: keys sorted, tables behind plain values, indented by two. Nulls are left out.

    A Text where any part of it has an origin. Raises TomlError, and FunctionError where the library panics.
    """
    writer = _Writer()
    try:
        writer.entry((), _plain(value), getattr(value, "origin", None))
    except RecursionError:
        raise FunctionError("a cycle") from None
    return assembled(writer.parts, writer.origins)


class _Moment(NamedTuple):
    """A time.Time, which TOML has a form of its own for."""

    time: Any

    def __str__(self) -> str:
        return str(self.time.format(_LOCAL.get(self.time.place.name, "2006-01-02T15:04:05.999999999Z07:00")))


class _Fields(dict[str, Any]):
    """A struct as a table: its fields keep their order; `places` says at which field of the struct each stands."""

    def __init__(self, value: Struct) -> None:
        super().__init__()
        self.places: dict[str, int] = {}
        for place, name in enumerate(value.fields):
            inner = _Fields(value.field(name)) if name in value.embedded else {name: value.field(name)}
            found = {key: item for key, item in inner.items() if key[:1].isupper()}
            self.update(found)
            self.places.update(dict.fromkeys(found, place))


def _plain(value: Any) -> Any:
    while isinstance(value, Struct):
        if value.go_type == "time.Time":
            return _Moment(value)
        value = json_struct(value) if hasattr(value, "go_json") else _Fields(value)
    return value


def _is_nil(value: Any) -> bool:
    return value is None or isinstance(value, NILS)


class _Writer:
    """The parts so far, with the origin of each, and their length; `seen` are the lists without a null, by their id,
    which stand in many places or hold each other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.origins: list[Any] = []
        self.length = 0
        self.seen: dict[int, list[Any]] = {}

    def put(self, text: str, origin: Any) -> None:
        self.length += len(text)
        check_length(self.length)
        check_parts(len(self.parts))
        self.parts.append(text)
        self.origins.append(origin)

    def line(self, origin: Any) -> None:
        if self.parts:
            self.put("\n", origin)

    def entry(self, key: tuple[str, ...], value: Any, origin: Any) -> None:
        """A key with its value, or a table with its header; the whole document where the key is empty."""
        value = _plain(value)
        if len(key) > MAX_DEPTH:
            raise RecursionError
        if value is None and not key:
            raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
        if _is_nil(value) and (key or isinstance(value, dict)):
            return
        if isinstance(value, dict):
            if len(key) == 1:
                self.line(origin)
            if key:
                self.put(f"{_indent(key)}[{_dotted(key)}]", origin)
                self.line(origin)
            self.table(key, value)
        elif self.is_tables(value):
            self.tables(key, value, origin)
        elif key:
            self.put(f"{_indent(key)}{_key(key[-1])} = ", origin)
            self.element(value, origin)
            self.line(origin)
        else:
            self.element(value, origin)

    def tables(self, key: tuple[str, ...], value: list[Any], origin: Any) -> None:
        if not key:
            raise TomlError("toml: top-level values must be Go maps or structs")
        for index, item in enumerate(value):
            own = _item_origin(value, index, origin)
            self.line(own)
            self.put(f"{_indent(key)}[[{_dotted(key)}]]", own)
            self.line(own)
            self.table(key, _plain(item))

    def table(self, key: tuple[str, ...], value: dict[str, Any]) -> None:
        origins = value.origins if isinstance(value, Map) else {}
        for names in self.sorted_keys(value):
            for name in names:
                self.entry((*key, name), value[name], origins.get(name))

    def sorted_keys(self, value: dict[str, Any]) -> tuple[list[str], list[str]]:
        """The keys of plain values, and those of tables."""
        direct: list[str] = []
        below: list[str] = []
        for name in value if isinstance(value, _Fields) else sorted(map(str, value)):
            item = _plain(value[name])
            is_table = (isinstance(item, dict) and not _is_nil(item)) or self.is_tables(item)
            (below if is_table else direct).append(name)
        return direct, below

    def is_tables(self, value: Any) -> bool:
        """Whether it is a list of nothing but tables. Raises TomlError for a null in it, or in a list in it."""
        if not isinstance(value, list) or isinstance(value, NILS) or not value:
            return False
        inner = {} if id(value) in self.seen else {id(value): value}
        pending = list(inner.values())
        while pending:
            self.seen |= inner
            items = pending.pop()
            if any(_is_nil(item) for item in items):
                raise TomlError("toml: cannot encode array with nil element")
            inner = {id(item): item for item in items if isinstance(item, list) and id(item) not in self.seen}
            pending += inner.values()
        return all(isinstance(_plain(item), dict) for item in value)

    def element(self, value: Any, origin: Any, depth: int = 0) -> None:
        """A value within its line."""
        if depth > MAX_DEPTH:
            raise RecursionError
        value = _plain(value)
        if isinstance(value, str):
            quoted = f'"{_quoted(value)}"'
            self.put(in_quotes(quoted, value) if isinstance(value, Text) else quoted, origin)
        elif isinstance(value, dict):
            self.inline_table(value, origin, depth + 1)
        elif isinstance(value, (list, bytes)):
            self.put("[", origin)
            for index, item in enumerate(value):
                if index:
                    self.put(", ", origin)
                self.element(item, _item_origin(value, index, origin), depth + 1)
            self.put("]", origin)
        else:
            own = getattr(value, "origin", None)
            self.put(_scalar(value), origin if own is None else own)

    def inline_table(self, value: dict[str, Any], origin: Any, depth: int) -> None:
        origins = value.origins if isinstance(value, Map) else {}
        direct, below = self.sorted_keys(value)
        self.put("{", origin)
        for names, more in ((direct, bool(below)), (below, False)):
            for index, name in enumerate(names):
                if _is_nil(value[name]):
                    continue
                own = origins.get(name)
                self.put(f"{_key(name)} = ", own)
                self.element(value[name], own, depth)
                if isinstance(value, _Fields):
                    follows = value.places[name] != len(value) - 1  # so the library counts, rightly or not
                else:
                    follows = more or index < len(names) - 1
                if follows:
                    self.put(", ", own)
        self.put("}", origin)


def _item_origin(value: Any, index: int, default: Any) -> Any:
    if isinstance(value, Items) and index < len(value.origins):
        return value.origins[index]
    return default


def _indent(key: tuple[str, ...]) -> str:
    return "  " * (len(key) - 1)


def _dotted(key: tuple[str, ...]) -> str:
    return ".".join(map(_key, key))


def _key(name: str) -> str:
    return name if _BARE.match(name) else f'"{_quoted(name)}"'


def _quoted(text: str) -> str:
    return _ESCAPED.sub(lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}", text)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Moment):
        return str(value)
    if go_type(value) == "time.Duration":
        return f'"{value.go_string()}"'
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        text = shortest(value)
        return _INFINITE.get(text) or (text if "." in text or "e" in text else f"{text}.0")
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    raise TomlError(f"unsupported type: {go_kind(value)}")


def read_toml(text: str) -> dict[str, Any]:
    """The table that a text is: integers are int64; texts have the text's first origin.

    Raises TomlError; its words are those of Python's reader, behind the `toml: line 3: ` of Helm's.
    """
    import tomllib

    if _LONG_KEY.search(text):
        raise TomlError(f"toml: a key of more than {MAX_DEPTH} parts")
    try:
        table = tomllib.loads(str(text).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # the one of syntax, and that of a number with very many digits
        raise TomlError(_error_text(str(error))) from None
    result = _go_value(table, text)
    return dict(result)


def _error_text(message: str) -> str:
    match = re.match(r"(.*) \(at (?:line ([0-9]+), column [0-9]+|end of document)\)\Z", message, re.DOTALL)
    if match is None or match[2] is None:
        return f"toml: {message}"
    return f"toml: line {match[2]}: {match[1]}"


def _go_value(value: Any, text: str) -> Any:
    from scanner.template.kinds import Int64

    if isinstance(value, dict):
        return {derived(key, text): _go_value(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_go_value(item, text) for item in value]
    if isinstance(value, str):
        return derived(value, text)
    if isinstance(value, int) and not isinstance(value, bool):
        if not -(1 << 63) <= value < 1 << 63:
            raise TomlError(f"toml: {value} is out of range for int64")
        return Int64(value)
    if isinstance(value, float):
        return value
    return value if isinstance(value, bool) else _moment(value)


def _moment(value: Any) -> Any:
    """A date, a time or both, as a time.Time: in a zone that says so where none is written."""
    from scanner.template.go_time import UTC, fixed_zone, moment

    clock = (value.hour, value.minute, value.second, value.microsecond * 1000) if hasattr(value, "hour") else (0,) * 4
    if not hasattr(value, "year"):
        return moment(0, 1, 1, clock, _local("time-local"))
    if not hasattr(value, "hour"):
        return moment(value.year, value.month, value.day, clock, _local("date-local"))
    offset = value.utcoffset()
    if offset is None:
        place = _local("datetime-local")
    else:
        seconds = int(offset.total_seconds())
        place = fixed_zone("", seconds) if seconds else UTC
    return moment(value.year, value.month, value.day, clock, place)


def _local(name: str) -> Any:
    from scanner.template.go_time import fixed_zone

    return fixed_zone(name, 0)
