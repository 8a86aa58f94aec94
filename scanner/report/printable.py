"""Text from scanned files made harmless for terminals: one character for one, so that columns stay."""

from __future__ import annotations

import re

from scanner.core.patterns import late

# Controls, marks that change the direction of text, line separators of Unicode, and halves of surrogate pairs.
_HARMFUL = late("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BREAKS = late(r"[ \t]*[\r\n\x85\u2028\u2029]+[ \t]*")


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ␛ for escape
    return "\u2421" if code == 0x7F else "\ufffd"


def printable(text: str) -> str:
    """`text` with what could steer a terminal shown as a visible character; the length is unchanged."""
    return text if text.isprintable() else _HARMFUL.sub(_picture, text)


def one_line(text: str) -> str:
    """`text` on one line: line breaks and tabs become spaces, other controls visible."""
    if text.isprintable():
        return text.strip()
    return printable(_BREAKS.sub(" ", text.strip()).replace("\t", " "))
