"""Half-known strings: what the known pieces already decide. An unknown piece may be any string, the empty one too."""

from __future__ import annotations

from typing import Any, NoReturn

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.cel.signals import UnknownSignal


def _raise(*texts: Any) -> NoReturn:
    raise UnknownSignal(next(text.unknown for text in texts if isinstance(text, PartialText)))


def _first(text: str | PartialText) -> str:
    """The known start."""
    if isinstance(text, str):
        return text
    head = text.parts[0]
    return head if isinstance(head, str) else ""


def _last(text: str | PartialText) -> str:
    if isinstance(text, str):
        return text
    tail = text.parts[-1]
    return tail if isinstance(tail, str) else ""


def _pieces(text: str | PartialText) -> list[str]:
    return [text] if isinstance(text, str) else [part for part in text.parts if isinstance(part, str)]


def joined(*texts: str | PartialText) -> str | PartialText:
    """The texts one after the other; known neighbours become one piece."""
    parts: list[str | Unknown] = []
    for text in texts:
        for part in (text,) if isinstance(text, str) else text.parts:
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if any(isinstance(part, Unknown) for part in parts):
        return PartialText(tuple(parts))
    return "".join(part for part in parts if isinstance(part, str))


def partial_equal(one: Any, other: Any) -> bool:
    """False where the known pieces rule equality out; raises UnknownSignal otherwise. One side is a PartialText."""
    if not isinstance(one, str | PartialText) or not isinstance(other, str | PartialText):
        return False
    head, other_head, tail, other_tail = _first(one), _first(other), _last(one), _last(other)
    if not (head.startswith(other_head) or other_head.startswith(head)):
        return False
    if not (tail.endswith(other_tail) or other_tail.endswith(tail)):
        return False
    if isinstance(one, str) and isinstance(other, PartialText) and not _fits(other, one):
        return False
    if isinstance(other, str) and isinstance(one, PartialText) and not _fits(one, other):
        return False
    _raise(one, other)


def _fits(partial: PartialText, text: str) -> bool:
    """Whether some value of the unknown pieces makes `text`: start and end fit already."""
    pieces = list(partial.parts)
    start = len(_first(partial))
    end = len(text) - len(_last(partial))
    if start > end:
        return False
    for piece in pieces[1:-1]:
        if isinstance(piece, str):
            found = text.find(piece, start, end)
            if found < 0:
                return False
            start = found + len(piece)
    return True


def starts_with(text: str | PartialText, prefix: str | PartialText) -> bool:
    """`startsWith` where a side is half known."""
    head, wanted = _first(text), _first(prefix)
    if isinstance(prefix, str) and head.startswith(wanted):
        return True
    if not (head.startswith(wanted) or (isinstance(text, PartialText) and wanted.startswith(head))):
        return False
    if isinstance(text, str) and any(piece not in text for piece in _pieces(prefix)):
        return False
    _raise(text, prefix)


def ends_with(text: str | PartialText, suffix: str | PartialText) -> bool:
    """`endsWith` where a side is half known."""
    tail, wanted = _last(text), _last(suffix)
    if isinstance(suffix, str) and tail.endswith(wanted):
        return True
    if not (tail.endswith(wanted) or (isinstance(text, PartialText) and wanted.endswith(tail))):
        return False
    if isinstance(text, str) and any(piece not in text for piece in _pieces(suffix)):
        return False
    _raise(text, suffix)


def contains_text(text: str | PartialText, wanted: str | PartialText) -> bool:
    """`contains` where a side is half known."""
    if isinstance(wanted, str) and any(wanted in piece for piece in _pieces(text)):
        return True
    if isinstance(text, str) and any(piece not in text for piece in _pieces(wanted)):
        return False
    _raise(text, wanted)
