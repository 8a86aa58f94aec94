"""How large the result of one function may be: charts are untrusted, and `repeat` is cheap to write."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError
from scanner.template.kinds import IntList, Items, Lists, Map, StringList, StringMap
from scanner.template.text import Text

MAX_LENGTH = 10_000_000
"""Characters of one string."""
MAX_ITEMS = 1_000_000
"""Items of one list that a function makes, or places of one string that it changes."""


def check_length(length: int) -> None:
    """Raises FunctionError for a string of more than MAX_LENGTH characters."""
    if length > MAX_LENGTH:
        raise FunctionError(f"the result is longer than {MAX_LENGTH:,} characters, which no setting changes")


def check_items(count: int) -> None:
    """Raises FunctionError for more than MAX_ITEMS items."""
    if count > MAX_ITEMS:
        raise FunctionError(f"the result has more than {MAX_ITEMS:,} items, which no setting changes")


SMALL = 200
"""The characters or items of a value that is not weighed."""

WEIGHED = frozenset((str, Text, list, Items, StringList, IntList, Lists, dict, Map, StringMap))
"""The classes of results that count as output, lest a template fills the memory with values."""

PIECE = 64
ITEM, _NUMBER, _ENTRY = 8, 40, 64

STATEMENT = 500
"""What a parsed action takes, roughly."""

LEAST = _ENTRY
"""What a value weighs at least, with all that it holds."""


def weight(value: Any) -> int:
    """What a string, list or map takes in memory, in bytes, roughly: its own part of it, not that of what it holds."""
    if isinstance(value, str):
        pieces = len(value.pieces) * PIECE if type(value) is Text else 0
        return len(value) * (1 if value.isascii() else 4) + pieces
    return len(value) * (_ENTRY if isinstance(value, dict) else _NUMBER if isinstance(value, IntList) else ITEM)


def weight_of_all(value: Any) -> int:
    """The same of a value with all that it holds."""
    total = 0
    pending = [value]
    seen: set[int] = set()
    while pending:
        container = pending.pop()
        if id(container) in seen:
            continue
        seen.add(id(container))
        items = container.values() if isinstance(container, dict) else container if isinstance(container, list) else ()
        total += _ENTRY * (len(items) + 1)
        pending += [item for item in items if isinstance(item, (dict, list))]
    return total


MAX_PARTS = 250_000
"""Keys, values and marks between them in one document that is written."""


def check_parts(count: int) -> None:
    """Raises FunctionError for a document of more than `MAX_PARTS`: values that share their parts multiply."""
    if count > MAX_PARTS:
        raise FunctionError(f"the document would have more than {MAX_PARTS:,} parts, which no setting changes")
