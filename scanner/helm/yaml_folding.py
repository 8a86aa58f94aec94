"""Writes scalars in go-yaml v2's styles, folded at 80 columns."""

from __future__ import annotations

import re

from scanner.core.patterns import late
from scanner.helm.yaml_quoting import BREAK

WIDTH = 80

_ESCAPED = late(r'[\x00-\x1f"\\\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U00010000-\U0010ffff]')
_SHORT = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
    "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip
_BOM = "\ufeff"


def plain(text: str, column: int, indent: int) -> str:
    """A plain scalar that begins at `column`; lines that go on are indented by `indent`."""
    if column + len(text) <= WIDTH or " " not in text:
        return text
    return _folded(text, column, indent, len(text))


def _folded(text: str, column: int, indent: int, last: int) -> str:
    """`text` with line breaks for those single blanks behind which a line would be too long, but for one at `last`."""
    line_start = -column
    breaks = []
    at = text.find(" ")
    while at >= 0:
        if at - line_start > WIDTH and text[at - 1 : at] != " " and text[at + 1 : at + 2] != " " and 0 < at < last:
            breaks.append(at)
            line_start = at + 1 - indent
        at = text.find(" ", at + 1)
    if not breaks:
        return text
    parts, before = [], 0
    for at in breaks:
        parts.append(text[before:at])
        before = at + 1
    parts.append(text[before:])
    return ("\n" + " " * indent).join(parts)


def single_quoted(text: str, column: int, indent: int, *, fold: bool = True) -> str:
    """A scalar in single quotes, the first at `column`."""
    if BREAK.search(text):
        return _single_quoted_lines(text, column, indent, WIDTH if fold else 1 << 60)
    doubled = text.replace("'", "''")
    if not fold or column + 1 + len(doubled) <= WIDTH or " " not in doubled:
        return f"'{doubled}'"
    return f"'{_folded(doubled, column + 1, indent, len(doubled) - 1)}'"


def _single_quoted_lines(text: str, column: int, indent: int, width: int) -> str:
    """With line separators inside, which stay, and after which the next line is indented."""
    pad = " " * indent
    parts = ["'"]
    column += 1
    after_break = False
    for at, character in enumerate(text):
        if BREAK.match(character):
            if character == "\n" and not after_break:
                parts.append("\n")
            parts.append(character)
            column, after_break = 0, True
            continue
        if after_break:
            parts.append(pad)
            column, after_break = indent, False
        if character == " " and column > width and 0 < at < len(text) - 1 and " " not in (text[at - 1], text[at + 1]):
            parts.append("\n" + pad)
            column = indent
        else:
            parts.append("''" if character == "'" else character)
            column += len(parts[-1])
    parts.append("'")
    return "".join(parts)


def escape(character: str) -> str:
    """A character in double quotes: `\\t`, `\\x01`, `\\uFEFF`, `\\U0001F600`."""
    short = _SHORT.get(character)
    if short:
        return short
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _escape_match(match: re.Match[str]) -> str:
    return escape(match[0])


def double_quoted(text: str, column: int, indent: int, *, fold: bool = True) -> str:
    """A scalar in double quotes, the first at `column`. A text that begins with a byte order mark is escaped whole."""
    if text[:1] == _BOM:
        return f'"{"".join(map(escape, text))}"'
    escaped = _ESCAPED.sub(_escape_match, text)
    if not fold or column + 1 + len(escaped) <= WIDTH or " " not in text:
        return f'"{escaped}"'
    pad = "\n" + " " * indent
    parts = ['"']
    column += 1
    last = len(text) - 1
    after_space = False
    for at, character in enumerate(text):
        if character == " ":
            if not after_space and column > WIDTH and 0 < at < last:
                parts.append(pad)
                column = indent
                if text[at + 1] == " ":
                    parts.append("\\")
                    column += 1
            else:
                parts.append(" ")
                column += 1
            after_space = True
            continue
        after_space = False
        part = escape(character) if _ESCAPED.match(character) else character
        parts.append(part)
        column += len(part)
    parts.append('"')
    return "".join(parts)


def literal_header(text: str) -> str:
    """`|` with its hints: 2 where the text begins with a blank or break, - or + for how it ends."""
    hint = "2" if text[0] == " " or BREAK.match(text) else ""
    if not BREAK.match(text[-1]):
        return f"|{hint}-"
    if len(text) == 1 or BREAK.match(text[-2]):
        return f"|{hint}+"
    return f"|{hint}"


def literal_indents(text: str) -> list[int]:
    """The offsets in `text` at which a line of a literal block begins, that is not empty."""
    starts = []
    fresh = True
    for match in _LINES.finditer(text):
        if match[1]:
            if fresh:
                starts.append(match.start())
            fresh = False
        if match[2]:
            fresh = True
    return starts


_LINES = late("([^\r\n\x85\u2028\u2029]*)([\r\n\x85\u2028\u2029]?)")
