"""Go's strings are bytes: how those that are no valid UTF-8 are held in `str`.

A byte that belongs to no valid UTF-8 is the surrogate U+DC80 to U+DCFF (Python's `surrogateescape`), everywhere: in
templates, in values, in results of functions that cut bytes. Other surrogates do not occur. Where cut pieces come
together to a valid character again, `decoded(encoded(text))` makes it one; output that is encoded with `encoded` has
the right bytes in any case.
"""

from __future__ import annotations


def encoded(text: str) -> bytes:
    """The bytes of a string, as Go has them."""
    return text.encode("utf-8", "surrogateescape")


def decoded(data: bytes) -> str:
    """The string of these bytes."""
    return data.decode("utf-8", "surrogateescape")


def byte_length(text: str) -> int:
    """Go's len of a string."""
    return len(text) if text.isascii() else len(encoded(text))


def is_stray(character: str) -> bool:
    """Whether a character stands for a byte that is no valid UTF-8."""
    return "\udc80" <= character <= "\udcff"
