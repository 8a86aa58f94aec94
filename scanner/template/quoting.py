"""Go's quoted strings and characters: strconv.Quote and its kin, which are %q."""

from __future__ import annotations

from scanner.core.patterns import late
from scanner.template.printable import is_printable
from scanner.template.text import Text, spliced
from scanner.template.utf8 import is_stray

_ODD = late(r"[^ !#-\[\]-~]")
_NOT_RAW = late("[\x00-\x08\x0a-\x1f`\x7f\udc80-\udcff\ufeff]")
_SHORT = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\\": r"\\"}


def quote(text: str, *, only_ascii: bool = False) -> str:
    """A string in double quotes with Go's escapes. Traced: each character keeps its piece, the quotes are inserted."""
    if type(text) is not Text:
        if _ODD.search(text) is None:
            return f'"{text}"'
        return '"' + _ODD.sub(lambda match: _escaped(match[0], '"', only_ascii), text) + '"'
    edits: list[tuple[int, int, str]] = [(0, 0, '"')]
    for match in _ODD.finditer(text):
        escape = _escaped(match[0], '"', only_ascii)
        if escape != match[0]:
            edits.append((match.start(), match.end(), escape))
    edits.append((len(text), len(text), '"'))
    return spliced(text, edits)


def quote_character(code_point: int, *, only_ascii: bool = False) -> str:
    """A character in single quotes: strconv.QuoteRune. What is no character is U+FFFD."""
    character = "\ufffd" if 0xD800 <= code_point < 0xE000 or not 0 <= code_point < 0x110000 else chr(code_point)
    return "'" + _escaped(character, "'", only_ascii) + "'"


def can_be_raw(text: str) -> bool:
    """Whether a string can stand between backquotes: strconv.CanBackquote."""
    return _NOT_RAW.search(text) is None


def _escaped(character: str, delimiter: str, only_ascii: bool) -> str:
    if character == delimiter:
        return "\\" + character
    short = _SHORT.get(character)
    if short is not None:
        return short
    code_point = ord(character)
    if code_point < 0x20 or code_point == 0x7F:
        return f"\\x{code_point:02x}"
    if is_stray(character):
        return f"\\x{code_point - 0xDC00:02x}"
    if is_printable(code_point) and (code_point < 0x80 or not only_ascii):
        return character
    return f"\\u{code_point:04x}" if code_point < 0x10000 else f"\\U{code_point:08x}"
