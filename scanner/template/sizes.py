"""How large the result of one function may be: charts are untrusted, and `repeat` is cheap to write."""

from __future__ import annotations

from scanner.template.errors import FunctionError

MAX_LENGTH = 50_000_000
"""Characters of one string."""
MAX_ITEMS = 1_000_000
"""Items of one list that a function makes, or places of one string that it changes."""


def check_length(length: int) -> None:
    """Raises FunctionError for a string of more than MAX_LENGTH characters."""
    if length > MAX_LENGTH:
        raise FunctionError(f"the result is longer than the limit of {MAX_LENGTH} characters")


def check_items(count: int) -> None:
    """Raises FunctionError for more than MAX_ITEMS items."""
    if count > MAX_ITEMS:
        raise FunctionError(f"the result has more than the limit of {MAX_ITEMS} items")


MAX_PARTS = 1_000_000
"""Keys, values and marks between them in one document that is written."""


def check_parts(count: int) -> None:
    """Raises FunctionError for a document of more than `MAX_PARTS`: values that share their parts multiply."""
    if count > MAX_PARTS:
        raise FunctionError(f"the document would have more than {MAX_PARTS:,} parts")
