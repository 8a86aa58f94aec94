"""What a chart makes anew at each installation: it stands in no file, so it is no secret of the repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.document import Document, Mark
from scanner.core.resource import Resource
from scanner.core.route import Route
from scanner.helm.pieces import Pieces
from scanner.template.kinds import CHANCE
from scanner.template.text import pieces_of

GENERATED = "<generated>"
"""Stands for a text that functions of chance drew; for rules a placeholder."""

_STORED = ("data", "stringData")


def is_drawn(text: str) -> bool:
    """Whether any of a rendered text was drawn by chance."""
    return any(piece[2] is CHANCE for piece in pieces_of(text))


def replace_generated(resource: Resource, document: Document, base: Route, pieces: Pieces) -> None:
    """Puts GENERATED in the place of each drawn text of a Secret, and of each variable with a drawn text."""
    node: Mark | None = document.root
    for step in base:
        node = node.items.get(step) if node is not None and node.items else None
    if node is None:
        return
    for holder, step, mark in _texts(resource.attributes, node, is_secret=resource.type == "v1/Secret"):
        drawn = (pieces.pieces[number][2] is CHANCE for number in pieces.within(mark.start.index, mark.end.index))
        if isinstance(holder[step], str) and any(drawn):
            holder[step] = GENERATED


def _texts(value: Any, node: Mark, *, is_secret: bool) -> Iterator[tuple[Any, Any, Mark]]:
    """The places in question: what holds each, its step there, and its mark."""
    for step, item in (node.items or {}).items():
        if isinstance(value, dict) and step not in value:
            continue
        inner = value[step]
        if isinstance(inner, (dict, list)) and item.items:
            if is_secret and step in _STORED and isinstance(inner, dict):
                yield from ((inner, key, mark) for key, mark in item.items.items() if key in inner)
            elif step == "env" and isinstance(inner, list):
                for number, variable in item.items.items():
                    held = inner[int(number)]
                    if isinstance(held, dict) and "value" in held and variable.items and "value" in variable.items:
                        yield held, "value", variable.items["value"]
            else:
                yield from _texts(inner, item, is_secret=False)
