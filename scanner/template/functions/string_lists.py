"""Functions between a text and a list of texts: split, join, sort."""

from __future__ import annotations

from typing import Any

from scanner.template.byte_text import from_bytes, has_stray, to_bytes
from scanner.template.function import Function
from scanner.template.functions.strings import joined, text_of
from scanner.template.kinds import Items, StringList, StringMap, entry_origin
from scanner.template.sizes import check_items
from scanner.template.text import Text, from_origin, parts
from scanner.template.utf8 import encoded


def texts_of(value: Any) -> StringList:
    """sprig's strslice: the items of a list that are not nil, as texts; a []string is itself; another value is one."""
    if isinstance(value, StringList):
        return value
    if value is None:
        return StringList()
    if isinstance(value, bytes):
        return StringList(map(str, value))
    if type(value) is Items and value.origins:
        return StringList(_item_text(value, index) for index, item in enumerate(value) if item is not None)
    if isinstance(value, list):
        return StringList(text_of(item) for item in value if item is not None)
    return StringList((text_of(value),))


def _item_text(items: Items, index: int) -> str:
    """An item as text; that of a boolean has its origin from the list."""
    item = items[index]
    text = text_of(item)
    origin = entry_origin(items, index) if isinstance(item, bool) else None
    return text if origin is None else from_origin(text, origin)


def join(separator: str, value: Any) -> str:
    """The texts of a list with `separator` between."""
    return joined(texts_of(value), separator)


def divide(text: str, separator: str, limit: int = -1) -> list[str]:
    """strings.SplitN: at most `limit` parts (any number for -1); an empty separator gives the characters."""
    if limit == 0:
        return []
    if has_stray(separator):
        return [from_bytes(part) for part in divide(to_bytes(text), to_bytes(separator), limit)]
    most = limit - 1 if limit > 0 else -1
    check_items(min(text.count(separator), most) if most >= 0 else text.count(separator))
    if not separator:
        count = len(text) if most < 0 else min(len(text), most)
        plain = [*str(text)[:count], *([str(text)[count:]] if count < len(text) else [])]
    else:
        plain = text.split(separator, most)
    if type(text) is not Text:
        return plain
    spans: list[tuple[int, int]] = []
    at = 0
    for part in plain:
        spans.append((at, at + len(part)))
        at += len(part) + len(separator)
    return parts(text, spans)


def split(separator: str, text: str) -> StringMap:
    """The parts by `_0`, `_1`, ..."""
    return _numbered(divide(text, separator))


def splitn(separator: str, limit: int, text: str) -> StringMap:
    """At most `limit` parts by `_0`, `_1`, ..."""
    return _numbered(divide(text, separator, limit))


def _numbered(texts: list[str]) -> StringMap:
    return StringMap((f"_{index}", text) for index, text in enumerate(texts))


def split_list(separator: str, text: str) -> StringList:
    """The parts as a list."""
    return StringList(divide(text, separator))


def sort_alpha(value: Any) -> StringList:
    """The texts of a list in the order of their bytes. A []string is sorted in place, as Go does it."""
    if not isinstance(value, list | bytes):
        return StringList((text_of(value),))
    texts = texts_of(value)
    texts.sort(key=None if all(map(str.isascii, texts)) else encoded)
    return texts


FUNCTIONS = (
    Function("join", "string any", join),
    Function("sortAlpha", "any", sort_alpha),
    Function("split", "string string", split),
    Function("splitList", "string string", split_list),
    Function("splitn", "string int string", splitn),
    Function("toStrings", "any", texts_of),
)
