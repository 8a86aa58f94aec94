"""The one language of rules: the declared functions and shapes beside the views."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.policy.cel.environment import Language


@cache
def rule_language() -> Language:
    """The language that rule files are written in. The CEL runtime is only set up when something is checked."""
    from scanner.policy.cel.environment import Language
    from scanner.policy.functions import FUNCTIONS, SHAPES

    return Language(tuple(FUNCTIONS.values()), tuple(SHAPES.values()))
