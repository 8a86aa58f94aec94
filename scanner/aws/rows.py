"""A row while it is collected: what its list call gave, what the details added, and what they could not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scanner.aws.errors import NotCollectedError, failure_of
from scanner.aws.snapshot import UnknownFact


@dataclass(slots=True)
class Row:
    """One resource in the making. `identity` and `name` are those of the list call, for its children.

    `data` and the keys of `unknown` have the API's names. `listed` is what the list call gave, kept for children.
    `ranks` tells of the keys that details gave which detail that was: where two give one key, the later one in the
    declaration wins, in whatever order the answers come.
    """

    data: dict[str, Any]
    region: str
    parent: Row | None = None
    identity: str = ""
    name: str = ""
    unknown: dict[str, UnknownFact] = field(default_factory=dict)
    listed: dict[str, Any] = field(default_factory=dict)

    ranks: dict[str, int] = field(default_factory=dict)

    def merge(self, found: dict[str, Any], rank: int) -> None:
        """Adds what the detail with this rank gave."""
        for key, value in found.items():
            if self.ranks.get(key, -1) <= rank:
                self.data[key] = value
                self.ranks[key] = rank

    def keep_listed(self) -> None:
        """Keeps what is there now for the parameters of the children's calls."""
        if not self.listed:
            self.listed = dict(self.data)

    def failed(self, key: str, problem: Exception, left_out: Callable[[str], None]) -> None:
        """Notes that `key` is not known because of `problem`; `left_out` hears why a call was not made."""
        if isinstance(problem, NotCollectedError):
            left_out(str(problem))
            self.unknown[key] = {"kind": "failed", "action": "", "reason": f"not collected: {problem}"}
            return
        failure = failure_of(problem, key)
        self.unknown[key] = {"kind": failure.kind, "action": failure.action, "reason": failure.reason}
