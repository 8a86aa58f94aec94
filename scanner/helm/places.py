"""Where a character of a rendered text was written: the place in a template, else in a file of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scanner.core.location import Location
from scanner.helm.chart import ChartFile
from scanner.template.run import Run
from scanner.template.source import Source
from scanner.template.text import Piece, Position, Text

Placed = tuple[Any, int, Any, int]
"""A position in what a template file writes: the innermost source and offset, as in any `Position`, then the file's own
source and the offset there of the text or action that wrote it."""


def placed(segments: Sequence[tuple[str, Position]], run: Run) -> str:
    """The text that the segments of a template file make. When the run is traced, its pieces have `Placed` positions.

    Raises LimitError where it is too long.
    """
    texts = [text for text, _ in segments]
    if sum(map(len, texts)) > run.limits.output_characters:
        run.too_long()
    joined = "".join(texts)
    if not run.traced:
        return joined
    pieces: list[Any] = []
    for text, outer in segments:
        if type(text) is Text:
            pieces += [(length, (*(position or outer), *outer), origin) for length, position, origin in text.pieces]
        elif text:
            pieces.append((len(text), (*outer, *outer), None))
    return Text(joined, pieces)


def copied_file(file: ChartFile) -> str:
    """A file that is printed as it is; the pieces have `Placed` positions."""
    source = Source(file.name, file.text, file.path)
    pieces: list[Any] = []
    at = 0
    for line in file.text.splitlines(keepends=True):
        pieces.append((len(line), (source, at, source, at), None))
        at += len(line)
    return Text(file.text, pieces)


def place_at(text: str, offset: int) -> Location | None:
    """The line to look at for the character at `offset` of a traced text; None where nobody knows it."""
    piece = _piece_at(text, offset)
    if piece is None:
        return None
    _, position, origin = piece
    if position is not None:
        found = template_place(*position[:2])
        if found is not None:
            return found
    return None if origin is None else origin.location()


def template_place(source: Any, offset: int) -> Location | None:
    """The place of an offset in a template; for a string that `tpl` rendered, where that string was written."""
    if source.path:
        return Location(source.path, *source.place(offset))
    return None if source.origin_text is None else place_at(source.origin_text, offset)


def _piece_at(text: str, offset: int) -> Piece | None:
    """The piece that holds a character; the last one behind the end."""
    if type(text) is not Text or not text.pieces:
        return None
    at = 0
    for piece in text.pieces:
        at += piece[0]
        if offset < at:
            break
    return piece
