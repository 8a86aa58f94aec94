"""JSON as text that both people and line-based tools can compare: the items of long lists have a line each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any


def array_text(items: Sequence[Any]) -> str:
    """A JSON array with a line for each item, ASCII only, ending in a line break."""
    return "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in items) + "\n]\n" if items else "[]\n"


def json_text(value: Any, item_lists: frozenset[str], indent: str = "") -> str:
    """`value` indented by two spaces; each item of a list whose key is in `item_lists` is on one line. Such a list may
    be an iterator, so that its items need not exist all at once.

    ASCII only: whatever a scanned file holds, the output can be written to any stream and shown on any terminal.
    """
    inner = indent + "  "
    if isinstance(value, dict) and value:
        members = []
        for key, item in value.items():
            if key in item_lists and isinstance(item, list | Iterator):
                lines = ",\n".join([f"{inner}  {json.dumps(entry)}" for entry in item])
                text = f"[\n{lines}\n{inner}]" if lines else "[]"
            else:
                text = json_text(item, item_lists, inner)
            members.append(f"{inner}{json.dumps(key)}: {text}")
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value and not all(isinstance(item, str | int) for item in value):
        items = ",\n".join(inner + json_text(item, item_lists, inner) for item in value)
        return f"[\n{items}\n{indent}]"
    return json.dumps(value)
