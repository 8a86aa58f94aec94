"""Values that are not known, wholly or in part, and why: in a rule they never read as a pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UnknownKind = Literal["variable", "denied", "failed"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that could not be had.

    `kind`: `variable` (a variable without a value here: ordinary), `denied` or `failed` (exit status 3).
    `reason` completes the sentence "unknown, since ..."; it never holds a secret.
    """

    reason: str
    kind: UnknownKind = "variable"


@dataclass(frozen=True, slots=True)
class PartialText:
    """A string of which only some pieces are known: `${REGISTRY}/api:1.4` is (Unknown, "/api:1.4")."""

    parts: tuple[str | Unknown, ...]

    @property
    def unknown(self) -> Unknown:
        """The first piece that is not known."""
        return next(part for part in self.parts if isinstance(part, Unknown))
