"""What YAML scalars are in JSON, as values and as keys, with a tag and without one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scanner.helm.go_decoding import float32_text
from scanner.helm.yaml_errors import at
from scanner.helm.yaml_scalars import Memo, is_timestamp, resolve

CORE_TAG = "tag:yaml.org,2002:"

MERGE: Any = object()
"""What a plain `<<` is as a key."""


class NotJson(Exception):  # noqa: N818 - it is caught where the words for it are found
    """A value or key that YAML allows and JSON does not."""


def _json_value(text: str) -> object:
    value = resolve(text)
    if value is text or value is None or value is True or value is False:
        return value
    number = float(value)
    if not math.isfinite(number):
        raise NotJson
    return number


def key_text(value: Any) -> str:
    """The key that a scalar becomes in JSON. Raises NotJson for null, and for integers that need 64 bits unsigned."""
    if isinstance(value, str):
        return value
    if value is None or value is MERGE:
        raise NotJson
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if value >> 63 > 0:
            raise NotJson
        return str(value)
    if math.isfinite(value):
        text = float32_text(value)
        return {"+Inf": ".inf", "-Inf": "-.inf"}.get(text, text)
    return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"


def _plain_key(text: str) -> object:
    return MERGE if text == "<<" else key_text(resolve(text))


VALUES = Memo(_json_value)
"""Plain scalars as values: every number is a float."""
KEYS = Memo(_plain_key)
"""Plain scalars as keys: text, or MERGE."""


class Lenient(dict[str, Any]):
    """What plain scalars are, with a stand-in for those that JSON cannot hold."""

    def __init__(self, strict: Mapping[str, Any], stand_in: Any) -> None:
        super().__init__()
        self.strict = strict
        self.stand_in = stand_in

    def __missing__(self, text: str) -> Any:
        try:
            return self.strict[text]
        except NotJson:
            return self.stand_in


def tagged(event: Any) -> Any:
    """The value of a scalar with an explicit tag, before JSON. Raises YamlError where the tag does not fit."""
    text, tag = event.value, event.tag
    if not tag.startswith(CORE_TAG):
        return text
    name = tag.removeprefix(CORE_TAG)
    if name == "str":
        return text
    if name == "binary":
        return _binary(event)
    if name not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = resolve(text)
    kind = _tag_of(value, text, name)
    if name == kind:
        return value
    if name == "float" and kind == "int" and not value >> 63 > 0:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    raise at(f"cannot decode !!{kind} `{text}` as a !!{name}", event.start_mark)


def _tag_of(value: Any, text: str, wanted: str) -> str:
    if value is text:
        return "timestamp" if wanted == "timestamp" and is_timestamp(text) else "str"
    return {bool: "bool", int: "int", float: "float"}.get(type(value), "null")


def _binary(event: Any) -> str:
    import base64
    import binascii

    compact = event.value.replace("\n", "").replace("\r", "")
    try:
        data = base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        raise at("!!binary value contains invalid base64 data", event.start_mark) from None
    return go_replaced(data)


def go_replaced(data: bytes) -> str:
    """Bytes as the text that encoding/json makes of them: each byte that is no valid UTF-8 is U+FFFD."""
    text = data.decode("utf-8", "surrogateescape")
    return "".join("\ufffd" if "\udc80" <= character <= "\udcff" else character for character in text)
