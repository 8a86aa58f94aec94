"""The head of a large document without building the rest, which libyaml checks alone: four of five megabytes of public
charts are definitions of custom resources."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from scanner.core.libyaml import CParser, yaml
from scanner.core.patterns import late
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_raw import raw_document

_HEAD = frozenset(("apiversion", "kind", "metadata"))
_TOP = late(r"\n([^ \t\n#-].*)")
_COMMENTS = late(r"(?:[ ]*(?:#.*)?\n)*")
_KEY = late(r"([A-Za-z]+):(?:\s|\Z)")
_ENTRY = late(r"( *)(?:- +)*[A-Za-z0-9_.$/-]+:(?:\s|\Z)")
_CONTENT = late("[^ ]")

_UNKNOWN = (
    r"(?m)^(?:---|\.\.\.|%)"  # a second document
    "|[\t\r\ufeff\x85\u2028\u2029]"
)
"""What lets nothing be said of a document."""
_UNSURE = (
    r"(?m)^ *(?:- +)*(?:[?\[{]|(?:~|null|Null|NULL)? *:(?:\s|$)|[\"']?[0-9]{19})"  # keys that are no plain text
    r"|[{,] *:|[?\[{,]\s*(?:[?\[{]|~|null|Null|NULL|[\"']?[0-9]{19})|[\]}]\s*:"  # and such keys in flow collections
    r"|(?:^|[:,\[{-]) +[&*!]\S|^[&*!]|[\[{,\]}\"'][:\s]*[&*!]\S"  # anchors, aliases, tags
    r"|<<|\\[/']|\.(?:inf|Inf|INF|nan|NaN|NAN)\b"
)
"""What go-yaml or JSON could see otherwise than libyaml, unless it stands in a text."""
_OPEN_FLOW = r"(?m)(?:^ *|[:?-] +)[\[{](?:[^\]}\n]*$|[^\]}\n]*[\[{])"
"""Flow collections of several lines, or nested ones: in the lines that follow, what looks like text is none."""
_OPEN_QUOTES = r"(?m)(?:^ *|[:?-] +)\"(?:[^\"\\\n]|\\.)*$"
"""Double quotes that go on: in the lines that follow, escapes are not what they are elsewhere."""
_BLOCK = late(r"[|>][-+]?\n")
_MOST_LINES = 100
"""Between a doubtful line and the entry that it belongs to."""
_SHORT = 1_000
"""Characters of a line that is remembered: definitions repeat their patterns and rules hundreds of times."""


@cache
def _pattern(text: str) -> Any:
    """A pattern of RE2's: what is looked for in megabytes its automaton finds several times quicker than `re`."""
    import re2

    return re2.compile(text)


def head_of(text: str) -> str | None:
    """The lines of apiVersion, kind and metadata of a document that libyaml accepts, and that holds nothing of which
    go-yaml or JSON could think otherwise; None for any other, which has to be read whole."""
    text = str(text)
    try:
        if _pattern(_UNKNOWN).search(text) is not None:
            return None
        if _pattern(_UNSURE).search(text) is not None and not _are_settled(text):
            return None
    except UnicodeEncodeError:  # bytes that are no text
        return None
    starts = [(match.start(), _KEY.match(match[1])) for match in _TOP.finditer("\n" + text)]
    names = [key[1].lower() for _, key in starts if key is not None]
    if (
        not starts
        or len(names) < len(starts)
        or len(set(names)) < len(names)
        or not _COMMENTS.fullmatch(text, 0, starts[0][0])
    ):
        return None
    parser = None
    try:
        parser = CParser(text)
        parser.raw_parse()
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    finally:
        if parser is not None:
            parser.dispose()
    ends = [start for start, _ in starts[1:]] + [len(text)]
    parts = zip(starts, ends, names, strict=True)
    return "".join(text[start:end] for (start, _), end, name in parts if name in _HEAD)


def _are_settled(text: str) -> bool:
    """Whether what stands around each doubtful place can be read by itself: the entry of its line, or the innermost one
    that the line belongs to. Where that is a part of a text and only looks like an entry, it does no harm."""
    if ("\\/" in text or "\\'" in text) and _pattern(_OPEN_QUOTES).search(text) is not None:
        return False
    doubts = sorted(doubt.start() for kind in (_UNSURE, _OPEN_FLOW) for doubt in _pattern(kind).finditer(text))
    end = 0
    room = len(text)
    for doubt in doubts:
        if doubt < end:
            continue
        entry = _entry(text, text.rfind("\n", 0, doubt) + 1)
        if entry is None:
            return False
        behind = re.compile(f"\n {{0,{len(entry[1])}}}[^ \n]").search(text, entry.end())
        end = behind.start() if behind else len(text)
        room -= end - entry.start()
        if room < 0:
            return False
        if not _is_settled(text, entry, end):
            return False
    return True


def _is_settled(text: str, entry: re.Match[str], end: int) -> bool:
    """Whether the entry that stands there until `end` holds nothing of which go-yaml or JSON could think otherwise."""
    if _BLOCK.match(text, entry.end()) and text[len(entry[1]) + entry.start()] != "-":
        return True
    if text[entry.end() : entry.end() + 1] in ("{", "[") and _is_json(text[entry.end() : end]):
        return True
    written = text[entry.start() : end]
    line = written.strip(" \n")
    return _reads_line(line) if len(line) < _SHORT and "\n" not in line else _reads(written)


def _is_json(text: str) -> bool:
    """Whether it is JSON without an escape that go-yaml does not know."""
    import json

    if "\\/" in text:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _reads(entry: str) -> bool:
    try:
        raw_document(entry)
    except YamlError:
        return False
    return True


@lru_cache(maxsize=1_000)
def _reads_line(entry: str) -> bool:
    return _reads(entry)


def _entry(text: str, start: int) -> re.Match[str] | None:
    """The beginning of the innermost entry to which the line at `start` belongs; None where none is near."""
    found = _ENTRY.match(text, start)
    indent = _indent(text, start)
    for _ in range(_MOST_LINES):
        if found is not None or start == 0:
            break
        start = text.rfind("\n", 0, start - 1) + 1
        if text[start] != "\n" and _indent(text, start) < indent:
            indent = _indent(text, start)
            found = _ENTRY.match(text, start)
    return found


def _indent(text: str, start: int) -> int:
    found = _CONTENT.search(text, start)
    return found.start() - start if found else 0
