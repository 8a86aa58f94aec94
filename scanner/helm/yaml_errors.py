"""Errors of YAML in the words of go-yaml v2, which counts lines in its own way."""

from __future__ import annotations

import re
from typing import Any

import yaml

from scanner.template.utf8 import encoded

MAX_DEPTH = 500
"""Levels of a document. Go allows 10,000; nothing that is meant to be read comes near."""


class YamlError(Exception):
    """YAML that cannot be read. `message` is go-yaml's or encoding/json's text, such as `yaml: line 3: did not find
    expected key`; `line` and `column` (1-based; 0 where it has no place) are the true ones, which go-yaml may miss."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class ParseError(YamlError):
    """An error that go-yaml's parser finds: nothing behind it is looked at."""


def at(message: str, mark: Any) -> YamlError:
    """An error of go-yaml's decoder, which names no line, with the place of `mark`."""
    return YamlError(f"yaml: {message}", mark.line + 1, mark.column + 1)


def _notices_late(error: yaml.MarkedYAMLError, text: str) -> bool:
    """Behind what should be a key only comments stand: go-yaml sees that at the end, on a line of its own."""
    mark, key = error.problem_mark, error.context_mark
    if mark is None or key is None or mark.index < len(text) or not mark.column:
        return False
    return all(line.lstrip(" \t")[:1] in ("", "#") for line in text[key.index :].split("\n")[1:])


def from_libyaml(error: yaml.MarkedYAMLError, text: str) -> YamlError:
    """The error of go-yaml's parser for the same place of the text.

    go-yaml counts lines from 0 and adds one for the scanner's errors alone; a line that comes to 0 is not named.
    """
    problem_line = error.problem_mark.line if error.problem_mark else 0
    context_line = error.context_mark.line if error.context_mark else 0
    line = context_line
    if problem_line:
        line = problem_line + isinstance(error, yaml.scanner.ScannerError)
    where = f"line {line}: " if line else ""
    mark = error.problem_mark or error.context_mark
    if error.problem == "could not find expected ':'" and _notices_late(error, text):
        where = f"line {line + 1}: "
    problem = error.problem or "unknown problem parsing YAML content"
    if "nesting level" in problem:
        problem = f"exceeded max depth of {MAX_DEPTH}"
    if mark is None:
        return YamlError(f"yaml: {where}{problem}")
    return YamlError(f"yaml: {where}{problem}", mark.line + 1, mark.column + 1)


_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def unreadable_character(text: str) -> YamlError | None:
    """The error for the first character that YAML does not allow, or byte that is no UTF-8; None without one."""
    match = _CONTROL.search(text)
    if match is None:
        return None
    at = match.start()
    message = "control characters are not allowed"
    if "\udc80" <= match[0] <= "\udcff":
        message = _bad_bytes(encoded(text[at : at + 8]))
    line = text.count("\n", 0, at)
    return YamlError(f"yaml: {message}", line + 1, at - text.rfind("\n", 0, at))


def _bad_bytes(data: bytes) -> str:
    first = data[0]
    width = 2 if first & 0xE0 == 0xC0 else 3 if first & 0xF0 == 0xE0 else 4 if first & 0xF8 == 0xF0 else 0
    if not width:
        return "invalid leading UTF-8 octet"
    if len(data) < width:
        return "incomplete UTF-8 octet sequence"
    if any(byte & 0xC0 != 0x80 for byte in data[1:width]):
        return "invalid trailing UTF-8 octet"
    value = first & (0x7F >> width)
    for byte in data[1:width]:
        value = value << 6 | byte & 0x3F
    if value < (0, 0, 0x80, 0x800, 0x10000)[width]:
        return "invalid length of a UTF-8 sequence"
    return "invalid Unicode character"
