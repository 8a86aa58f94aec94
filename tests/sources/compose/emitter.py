"""Generated projects written as YAML: block and flow style, plain and quoted scalars, tags, anchors, merge keys."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from random import Random
from typing import Any

_PLAIN = re.compile(r"[a-zA-Z./$][a-zA-Z0-9_./${}=-]*\Z")
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])


@dataclass(frozen=True)
class Tagged:
    """A value behind a tag (`!reset`, `!override`) or an anchor (`&name`)."""

    tag: str
    value: Any


@dataclass(frozen=True)
class Raw:
    """A scalar or an alias exactly as it stands in the file."""

    text: str


def document(value: dict[str, Any], random: Random) -> str:
    """The YAML of one file."""
    return "\n".join(_block(value, 0, random)) + "\n"


def _block(value: dict[str, Any], indent: int, random: Random) -> list[str]:
    pad = "  " * indent
    lines: list[str] = []
    for key, child in value.items():
        head = f"{pad}{_key(key)}:"
        if isinstance(child, Tagged):
            head, child = f"{head} {child.tag}", child.value
        if isinstance(child, dict) and child and random.random() < 0.8:
            lines += [head, *_block(child, indent + 1, random)]
        elif isinstance(child, list) and child and random.random() < 0.4:
            lines += [head, *(f"{pad}  - {_flow(item)}" for item in child)]
        else:
            lines.append(f"{head} {_flow(child)}")
        if random.random() < 0.02:
            lines.append(f"{pad}# a comment")
    return lines


def _key(key: str) -> str:
    return key if key == "<<" or (_PLAIN.match(key) and key.lower() not in _WORDS) else json.dumps(key)


def _flow(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Tagged):
        return f"{value.tag} {_flow(value.value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow_key(key)}: {_flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(child) for child in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _flow_key(key: str) -> str:
    return key if key == "<<" else json.dumps(key)
