"""Errors of YAML in the words of go-yaml v2, which counts lines in its own way."""

from __future__ import annotations

from typing import Any

from scanner.core.libyaml import yaml
from scanner.core.patterns import late
from scanner.template.utf8 import encoded

MAX_DEPTH = 256
"""Levels of a document, as in `scanner.core.yaml_reader`. Go allows 10,000, which nothing that is read comes near."""


_SEEN_LATE = ("could not find expected ':'", "found unexpected end of stream")
"""Errors that belong to where the key or the quote begins."""
_WITHOUT_ITEMS = late(r"\[ *(?:[?:] [^],{}[]*)?\]|\{ *(?:[?:] [^],{}[]*)?\}")
_WITHOUT_VALUE = late(r"((?: *- )* *)(?:\S.*:|[-?])(?: +[&!]\S*)*(?: +#.*)?\s*")
_ENDS_PLAIN = late(r":(?:[ \t]|\r?\Z)|[ \t]#")


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


def _missing_colon(key: Any, mark: Any, text: str) -> str | None:
    """go-yaml's text where a key lacks its colon, if it says something else than libyaml; None if not.

    Behind plain text go-yaml sees it at the next line, also if that is a comment; behind anything else at the next
    token, and behind the end of a text that ends in a comment on a line of its own. Brackets without items (`{}`) are
    none of its keys, since it forgets that they could be one, but may be what a key above them waits for.
    """
    lines = text[key.index :].split("\n")
    first = lines[0][:1]
    if _WITHOUT_ITEMS.match(lines[0]) and not _awaits_value(text[: key.index], key.column):
        where = f"line {key.line}: " if key.line else ""
        return f"{where}did not find expected {_expected(text[: key.index], key.column)}"
    if first in "\"'&*![{" or _ENDS_PLAIN.search(lines[0]):
        only_comments = all(line.lstrip(" \t")[:1] in ("", "#") for line in lines[1:])
        late = mark.index >= len(text) and mark.column and only_comments
        return f"line {mark.line + 2}: could not find expected ':'" if late else None
    for number, line in enumerate(lines[1:], key.line + 1):
        content = line.lstrip(" \t")
        if content[:1] == "#":
            return f"line {number + 1}: could not find expected ':'"
        goes_on = len(line) - len(content) > key.column and not _ENDS_PLAIN.search(content)
        if content.strip() and not goes_on:
            return None
    return None


def _awaits_value(before: str, column: int) -> bool:
    """Whether the last line before a node in a column is a key or a `-` of that column, without a value."""
    lines = [line for line in before.split("\n")[:-1] if line.strip() and line.lstrip()[0] != "#"]
    found = _WITHOUT_VALUE.fullmatch(lines[-1]) if lines else None
    return found is not None and len(found[1]) == column


def _expected(before: str, column: int) -> str:
    """What goes on at a column: the items of a sequence, unless they stand below a key in that column, or keys."""
    items = False
    for line in reversed(before.split("\n")):
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        if not content or content[0] == "#" or indent > column:
            continue
        while indent < column and content.startswith("- "):
            inner = content[1:].lstrip(" ")
            indent += len(content) - len(inner)
            content = inner
        if indent == column and content[:2].rstrip() == "-":
            items = True
        else:
            return "key" if indent == column else "'-' indicator"
    return "'-' indicator" if items else "key"


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
    if error.problem in _SEEN_LATE and error.context_mark:
        mark = error.context_mark
    problem = error.problem or "unknown problem parsing YAML content"
    if problem == "could not find expected ':'" and error.context_mark and error.problem_mark:
        other = _missing_colon(error.context_mark, error.problem_mark, text)
        if other is not None:
            where, problem = "", other
    if "maximum nesting" in problem.lower():
        problem = f"exceeded max depth of {MAX_DEPTH}"
    if mark is None:
        return YamlError(f"yaml: {where}{problem}")
    return YamlError(f"yaml: {where}{problem}", mark.line + 1, mark.column + 1)


_CONTROL = late("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
