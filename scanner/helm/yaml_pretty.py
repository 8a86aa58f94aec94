"""Writes YAML as Helm's toYamlPretty does: go-yaml v3 with an indent of two, straight from the values, without JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from scanner.core.patterns import late
from scanner.helm.key_order import newer_order
from scanner.helm.yaml_emitter import Writer
from scanner.helm.yaml_quoting import DOUBLE, LITERAL, KeyStyle, key_style, style
from scanner.helm.yaml_scalars import Memo
from scanner.template.errors import FunctionError
from scanner.template.float_text import shortest
from scanner.template.go_json import MAX_DEPTH, MarshalError
from scanner.template.kinds import Items, Map, Struct, go_type
from scanner.template.sizes import check_parts
from scanner.template.utf8 import encoded

_OLD_BOOLEANS = frozenset("y Y yes Yes YES on On ON n N no No NO off Off OFF".split())
_STRAY = late("[\ud800-\udfff]")
_LINE = 70
_INFINITE = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}


def to_yaml_pretty(value: Any) -> str:
    """The value as YAML, without the last line break: sequences are indented, lines are not folded, numbers are as Go
    prints them. A Text where any part of it has an origin. Raises MarshalError and, for functions, FunctionError."""
    writer = _PrettyWriter()
    try:
        writer.value(_reflected(value, _Count()), 0, 0, getattr(value, "origin", None))
    except RecursionError:
        raise MarshalError("a cycle") from None
    return writer.result()


def _style(text: str) -> str:
    """Tabs do no harm in a literal block."""
    found = style(text)
    if found is DOUBLE and "\n" in text and "\t" in text and style(text.replace("\t", "x")) is LITERAL:
        return LITERAL
    return found


class _PrettyWriter(Writer):
    styles: ClassVar[dict[str, str]] = Memo(_style)  # type: ignore[assignment]
    key_styles: ClassVar[dict[str, KeyStyle]] = Memo(key_style)  # type: ignore[assignment]
    folds: ClassVar[bool] = False
    item_indent: ClassVar[int] = 2

    def ordered(self, keys: Iterable[str]) -> list[str]:
        return list(keys) if isinstance(keys, _Fields) else newer_order(keys)

    def quoted_key(self, key: str, style: str) -> str:
        if not key.isascii() and _STRAY.search(key):
            return f"!!binary {_binary(key)}"
        return super().quoted_key(key, style)

    def arriving(self, text: str) -> str:
        return text

    def check_key(self, key: str) -> None:
        pass

    def text(self, value: str, column: int, indent: int, origin: Any) -> None:
        if isinstance(value, _Moment):
            self.parts.append(str(value))
            self.origins.append(origin)
            return
        if not value.isascii() and _STRAY.search(value):
            value = _binary(value)
            self.parts.append("!!binary ")
            self.origins.append(origin)
            if "\n" in value:
                self.literal(value, indent, origin)
                return
        super().text(value, column, indent, origin)

    def simple(self, value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            text = shortest(value)
            return _INFINITE.get(text, text)
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, dict):
            return "{}"
        if isinstance(value, list):
            return "[]"
        raise FunctionError(f"cannot marshal type: {go_type(value)}")


class _Fields(dict[str, Any]):
    """The fields of a struct, which stay in their order."""


class _Moment(str):
    """A point in time, which is written as it is."""

    __slots__ = ()


class _Count:
    """How many values were seen."""

    __slots__ = ("seen",)

    def __init__(self) -> None:
        self.seen = 0


def _reflected(value: Any, count: _Count, depth: int = 0) -> Any:
    """The value as go-yaml v3 sees it: structs are mappings of their fields under Go's names in small letters, or the
    text that they are in JSON; bytes are lists of numbers."""
    count.seen += 1
    check_parts(count.seen)
    if isinstance(value, Struct):
        whole = getattr(value, "go_json", None)
        if whole is not None:
            return _Moment(whole()) if value.go_type == "time.Time" else whole()
        fields = ((name.lower(), value.field(name)) for name in value.fields if name[:1].isupper())
        return _Fields((name, _reflected(item, count, depth + 1)) for name, item in fields)
    if isinstance(value, bytes):
        return list(value)
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        entries = {key: _reflected(item, count, depth + 1) for key, item in value.items()}
        return Map(entries, value.origin, value.origins) if isinstance(value, Map) else entries
    if isinstance(value, list):
        items = [_reflected(item, count, depth + 1) for item in value]
        return Items(items, value.origin, value.origins) if isinstance(value, Items) else items
    return value


def _binary(text: str) -> str:
    """Base64 in lines of 70 characters, each ended where there are several."""
    import base64

    whole = base64.b64encode(encoded(text)).decode("ascii")
    if len(whole) < _LINE:
        return whole
    return "".join(f"{whole[at : at + _LINE]}\n" for at in range(0, len(whole), _LINE))
