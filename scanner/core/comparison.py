"""What became of findings between two scans."""

from typing import Any, NamedTuple

Result = dict[str, Any]
"""One entry of `results` of the json format."""


class Incomparable(NamedTuple):
    """A finding of which one of the two scans does not know whether it holds.

    `result` is the newer of its results. `ordinary` is one that waits for a variable without a value.
    """

    result: Result
    reason: str
    ordinary: bool = False


class Comparison(NamedTuple):
    """The open findings of two scans, by what became of them; each list by severity, then as in the results.

    `accepted` are those that were open and are now suppressed or baselined. `notes` are for people: why the two scans
    may differ although nothing changed.
    """

    new: list[Result]
    fixed: list[Result]
    unchanged: list[Result]
    accepted: list[Result]
    incomparable: list[Incomparable]
    notes: list[str]
