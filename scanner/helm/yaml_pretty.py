"""Writes YAML as Helm's toYamlPretty does: go-yaml v3 with an indent of two, straight from the values, without JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from scanner.helm.key_order import newer_order
from scanner.helm.yaml_emitter import Writer
from scanner.helm.yaml_quoting import DOUBLE, LITERAL, KeyStyle, key_style, style
from scanner.helm.yaml_scalars import Memo
from scanner.template.errors import FunctionError
from scanner.template.float_text import shortest
from scanner.template.go_json import MarshalError
from scanner.template.kinds import Struct, go_type
from scanner.template.utf8 import encoded

_OLD_BOOLEANS = frozenset("y Y yes Yes YES on On ON n N no No NO off Off OFF".split())
_STRAY = re.compile("[\ud800-\udfff]")
_LINE = 70
_INFINITE = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}


def to_yaml_pretty(value: Any) -> str:
    """The value as YAML, without the last line break: sequences are indented, lines are not folded, numbers are as Go
    prints them. A Text where any part of it has an origin. Raises MarshalError and, for functions, FunctionError."""
    writer = _PrettyWriter()
    try:
        writer.value(value, 0, 0, getattr(value, "origin", None))
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
        return newer_order(keys)

    def arriving(self, text: str) -> str:
        return text

    def check_key(self, key: str) -> None:
        pass

    def text(self, value: str, column: int, indent: int, origin: Any) -> None:
        if not value.isascii() and _STRAY.search(value):
            value = _binary(value)
            self.parts.append("!!binary ")
            self.origins.append(origin)
            if "\n" in value:
                self.literal(value, indent, origin)
                return
        super().text(value, column, indent, origin)

    def scalar(self, value: Any, column: int, indent: int, origin: Any) -> None:
        if isinstance(value, bytes) and value:
            self.sequence(list(value), indent if column else 0, below=bool(column))
            return
        super().scalar(value, column, indent, origin)

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
        if isinstance(value, (list, bytes)):
            return "[]"
        raise FunctionError(f"cannot marshal type: {go_type(value)}")

    def plain_struct(self, value: Any) -> Any:
        """Fields under Go's names in small letters; a struct that has a text for JSON is that text."""
        whole = getattr(value, "go_json", None)
        if whole is not None:
            return whole()
        entries = {name.lower(): value.field(name) for name in value.fields if name[:1].isupper()}
        return {name: self.plain_struct(item) if isinstance(item, Struct) else item for name, item in entries.items()}


def _binary(text: str) -> str:
    """Base64 in lines of 70 characters, each ended where there are several."""
    import base64

    whole = base64.b64encode(encoded(text)).decode("ascii")
    if len(whole) < _LINE:
        return whole
    return "".join(f"{whole[at : at + _LINE]}\n" for at in range(0, len(whole), _LINE))
