"""Where a character of a YAML scalar's value stands in the file, through quotes, folds and block indentation."""

from __future__ import annotations

import re

from scanner.core.document import Document
from scanner.core.location import Location
from scanner.core.route import Route

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_ESCAPE = re.compile(r"\\(?:x..|u....|U........|\r?\n[ \t]*|.)", re.DOTALL)


def character_location(document: Document, route: Route, offset: int) -> Location:
    """The place in the file of the character at `offset` (from 0) in the text at `route`.

    The character just past the end is where the text ends. The scalar's own place where the route holds no text.
    """
    mark = document.mark(route)
    value = document.value
    for step in route:
        value = value[step]
    if mark is None or not isinstance(value, str):
        return document.locate(route).location
    text = document.source.text
    begin, end = mark.start.index, mark.end.index
    begin = _PROPERTIES.match(text, begin, end).end()  # type: ignore[union-attr]
    index = _index(text[begin:end], value, offset) + begin
    line, column = _position(text, index)
    return Location(document.path, line, column, line, column + 1)


def _position(text: str, index: int) -> tuple[int, int]:
    """The 1-based line and column, lines split as libyaml splits them."""
    before = re.split("\r\n|[\n\r\x85\u2028\u2029]", text[:index])
    return len(before), len(before[-1]) + 1


def _index(raw: str, value: str, offset: int) -> int:
    """The index in the scalar's source of `value[offset]`: both are walked side by side."""
    style = raw[:1]
    position = 0
    if style in "|>" and style:
        newline = raw.find("\n")
        position = newline + 1 if newline >= 0 else len(raw)
    elif style in "\"'" and style:
        position = 1
    at = 0
    while position < len(raw):
        wide = 1
        character = raw[position]
        if style == "'" and raw.startswith("''", position):
            wide = 2
        elif style == '"' and character == "\\" and (escape := _ESCAPE.match(raw, position)):
            wide = escape.end() - position
            character = value[at : at + 1]
            if escape[0][1:2] in "\r\n":  # an escaped line break stands for nothing
                position += wide
                continue
        if at < len(value) and character == value[at]:
            if at == offset:
                return position
            position += wide
            at += 1
        elif character.isspace():
            position += 1
        elif at < len(value) and value[at].isspace():
            if at == offset:
                return position
            at += 1
        else:
            break
    return min(position, len(raw))
