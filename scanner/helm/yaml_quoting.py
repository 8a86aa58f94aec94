"""How go-yaml v2 writes a text: plain, in quotes, or as a literal block."""

from __future__ import annotations

from typing import NamedTuple

from scanner.core.patterns import late
from scanner.helm.yaml_scalars import Memo, is_text
from scanner.template.go_json import json_text
from scanner.template.utf8 import byte_length

PLAIN, SINGLE, DOUBLE, LITERAL = "plain", "single", "double", "literal"
_LONGEST_KEY = 128

_UNPRINTABLE = late(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\U00010000-\U0010ffff]")
"""Ranges of what is meant: `re` takes milliseconds to compile one of most characters."""
BREAK = late("[\r\n\x85\u2028\u2029]")
_BREAK_SPACE = late("[\r\n\x85\u2028\u2029] ")
_SPACE_BREAK = late(" [\r\n\x85\u2028\u2029]")
_INDICATOR = late(
    "---|\\.\\.\\.|[#,\\[\\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|\\Z)"  # at the start
    "|(?s:.+):(?:[ \t]|\\Z)|(?s:.*)[\0 \t\r\n\x85\u2028\u2029]#"
)
_SURELY_PLAIN = late(r"[A-Za-z/_$(][A-Za-z0-9_./$()=+-]{0,127}\Z")


def style(text: str) -> str:
    """The style of a text where it is a value."""
    if not text or not is_text(text):
        wanted = DOUBLE
    elif _SURELY_PLAIN.match(text):
        return PLAIN
    else:
        wanted = PLAIN
    if "\n" in text:
        wanted = LITERAL
    elif wanted is DOUBLE:
        return DOUBLE
    if _UNPRINTABLE.search(text) or _SPACE_BREAK.search(text):
        return DOUBLE
    if wanted is LITERAL:
        return DOUBLE if text[-1] == " " else LITERAL
    multiline = BREAK.search(text)
    if multiline or text[0] == " " or text[-1] == " " or _INDICATOR.match(text):
        return DOUBLE if multiline and _BREAK_SPACE.search(text) else SINGLE
    return PLAIN


class KeyStyle(NamedTuple):
    """How a key is written: with what style, and whether in front of a colon, instead of behind a question mark."""

    style: str
    simple: bool


def key_style(text: str) -> KeyStyle:
    """How a key is written."""
    if BREAK.search(text) or byte_length(text) > _LONGEST_KEY:
        return KeyStyle(style(text), False)
    return KeyStyle(style(text), True)


STYLES: dict[str, str] = Memo(style)  # type: ignore[assignment]
"""`style` of short texts, remembered."""
KEY_STYLES: dict[str, KeyStyle] = Memo(lambda text: key_style(json_text(text)))  # type: ignore[assignment]
"""The KeyStyle of keys, remembered."""
