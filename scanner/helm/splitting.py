"""Splits what a template file renders into its documents, as Helm does."""

from __future__ import annotations

from scanner.template.functions.strings import SPACE
from scanner.template.text import parts

_BLANK = "\t\n\f\r "


def split_documents(text: str) -> list[str]:
    """The documents of a rendered file, trimmed, each with its pieces; empty ones are left out.

    Every `---` at the start of a line parts two documents, whatever stands behind it on that line, and in a block of
    text too. One that follows another with nothing but white space between them does not.
    """
    plain = str(text)
    first = len(plain) - len(plain.lstrip(SPACE))
    last = len(plain.rstrip(SPACE))
    spans = []
    for start, stop in _spans(plain, first, last):
        if start == stop:
            continue
        while start < stop and plain[start] in SPACE:
            start += 1
        while start < stop and plain[stop - 1] in SPACE:
            stop -= 1
        spans.append((start, stop))
    return parts(text, spans)


def _spans(text: str, first: int, last: int) -> list[tuple[int, int]]:
    if last <= first:
        return []
    spans = []
    at = first
    if text.startswith("---", first, last):
        at = _behind(text, first + 3, last)
    while True:
        found = text.find("\n---", at, last)
        if found < 0:
            break
        stop = found
        while stop > at and text[stop - 1] in _BLANK:
            stop -= 1
        spans.append((at, stop))
        at = _behind(text, found + 4, last)
    spans.append((at, last))
    return spans


def _behind(text: str, at: int, last: int) -> int:
    while at < last and text[at] in _BLANK:
        at += 1
    return at
