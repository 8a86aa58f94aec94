"""What counts as true in a template, and what sprig calls empty."""

from __future__ import annotations

from scanner.template.kinds import Struct


def is_true(value: object) -> bool:
    """text/template's truth: not nil, not false, not zero, not of length zero. A struct is always true."""
    return isinstance(value, Struct) or bool(value)


def is_empty(value: object) -> bool:
    """sprig's `empty`: nil, false, zero, or of length zero. A struct never is."""
    return not is_true(value)
