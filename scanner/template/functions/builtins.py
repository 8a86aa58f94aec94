"""The functions of text/template itself. `and`, `or` and `call` belong to the language; `slice` is sprig's."""

from __future__ import annotations

import re
from typing import Any

from scanner.template.byte_text import to_bytes
from scanner.template.casting import wrapped
from scanner.template.comparison import eq, ge, gt, le, lt, ne
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import StringMap, Struct, Uint8, go_type
from scanner.template.printable import is_printable
from scanner.template.printing import format_indirect, joined_operands, sprint, sprintf, sprintln
from scanner.template.text import spliced
from scanner.template.truth import is_true
from scanner.template.utf8 import byte_length, encoded, is_stray


def index(item: Any, *indexes: Any) -> Any:
    """`item[i][j]...` of maps, lists and bytes. A missing key gives the zero value."""
    if item is None:
        raise FunctionError("index of untyped nil")
    for key in indexes:
        if item is None:
            raise FunctionError("index of nil pointer")
        item = _element(item, key)
    return item


def _element(item: Any, key: Any) -> Any:
    if isinstance(item, dict):
        if not isinstance(key, str):
            expected = "value is nil; should be of type string" if key is None else ""
            raise FunctionError(expected or f"value has type {go_type(key)}; should be string")
        return item.get(key, "" if isinstance(item, StringMap) else getattr(item, "zero", None))
    if isinstance(item, str):
        return Uint8(ord(to_bytes(item)[_place(key, byte_length(item), "string")]))
    if isinstance(item, (list, bytes)):
        found = item[_place(key, len(item), "slice")]
        return Uint8(found) if isinstance(item, bytes) else found
    raise FunctionError(f"can't index item of type {_pointed_type(item)}")


def _place(key: Any, size: int, kind: str) -> int:
    if key is None:
        raise FunctionError("cannot index slice/array with nil")
    if not isinstance(key, int) or isinstance(key, bool):
        raise FunctionError(f"cannot index slice/array with type {go_type(key)}")
    place = wrapped(key)
    if not 0 <= place <= size:
        raise FunctionError(f"index out of range: {place}")
    if place == size:
        raise FunctionError(f"reflect: {kind} index out of range")
    return place


def _pointed_type(value: object) -> str:
    return value.go_type if isinstance(value, Struct) else go_type(value)


def length(item: Any) -> int:
    """How many bytes, items or entries. Go has another error for a nil that does not come from a field itself."""
    if isinstance(item, str):
        return byte_length(item)
    if isinstance(item, (list, dict, bytes)):
        return len(item)
    raise FunctionError("len of nil pointer" if item is None else f"len of type {_pointed_type(item)}")


def _shown(values: tuple[Any, ...]) -> str:
    """What the escaping functions escape: their arguments as an action prints them, set together as Sprint does."""
    return joined_operands((format_indirect(value), value is None or isinstance(value, str)) for value in values)


_HTML = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML_SPECIAL = "[\0\"'&<>]"


def html(*values: Any) -> str:
    """Escaped for HTML."""
    text = _shown(values)
    return spliced(text, [(match.start(), match.end(), _HTML[match[0]]) for match in re.finditer(_HTML_SPECIAL, text)])


_JS_SPECIAL = "[\0-\x1f\"'&<=>\\\\]|[^\0-\x7f]"


def js(*values: Any) -> str:
    """Escaped for a string of JavaScript."""
    text = _shown(values)
    return spliced(text, [(match.start(), match.end(), _js(match[0])) for match in re.finditer(_JS_SPECIAL, text)])


def _js(character: str) -> str:
    if character in "\\\"'":
        return "\\" + character
    code_point = ord(character)
    if code_point >= 0x80 and (is_stray(character) or is_printable(code_point)):
        return character
    return f"\\u{code_point:04X}"


_URL_SPECIAL = "[^A-Za-z0-9._~-]"


def urlquery(*values: Any) -> str:
    """Escaped for a value in the query of a URL."""
    text = _shown(values)
    return spliced(text, [(match.start(), match.end(), _url(match[0])) for match in re.finditer(_URL_SPECIAL, text)])


def _url(character: str) -> str:
    return "+" if character == " " else "".join(f"%{byte:02X}" for byte in encoded(character))


FUNCTIONS: tuple[Function, ...] = (
    Function("eq", "any ...any", eq),
    Function("ge", "any any", ge),
    Function("gt", "any any", gt),
    Function("html", "...any", html),
    Function("index", "any ...any", index),
    Function("js", "...any", js),
    Function("le", "any any", le),
    Function("len", "any", length),
    Function("lt", "any any", lt),
    Function("ne", "any any", ne),
    Function("not", "any", lambda value: not is_true(value)),
    Function("print", "...any", sprint),
    Function("printf", "string ...any", sprintf),
    Function("println", "...any", sprintln),
    Function("urlquery", "...any", urlquery),
)
