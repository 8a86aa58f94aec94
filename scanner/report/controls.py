"""How each control of each framework stands: what failed it, what was accepted, and what could not be judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from scanner.core.result import Finding, Report, RuleInfo
from scanner.report.view import every_rule


class ControlStanding(NamedTuple):
    """One control, with the rules of the run that check it and how many of their findings stand how.

    `unknown` counts what could not be judged, for want of a fact or since the rule failed.
    """

    framework: str
    version: str
    control: str
    rules: tuple[RuleInfo, ...]
    failed: int
    accepted: int
    unknown: int

    @property
    def verdict(self) -> str:
        """`failed`, `not judged`, `accepted` or `no finding`; which is no proof, where nothing was there to judge."""
        if self.failed:
            return "failed"
        if self.unknown:
            return "not judged"
        return "accepted" if self.accepted else "no finding"


def controls(report: Report) -> list[ControlStanding]:
    """The controls that the rules of a run name, by framework, version and number (2.9 before 2.10)."""
    rules: dict[tuple[str, str, str], dict[str, RuleInfo]] = {}
    for rule in every_rule(report):
        for control in rule.controls:
            name = (str(control.get("framework", "")), str(control.get("version", "")), str(control.get("control", "")))
            if name[0] and name[2]:
                rules.setdefault(name, {})[rule.id] = rule
    counts = _counts(report.findings)
    standings = []
    for name, checking in rules.items():
        sums = [
            sum(counts.get(rule, {}).get(kind, 0) for rule in checking) for kind in ("failed", "accepted", "unknown")
        ]
        standings.append(ControlStanding(*name, tuple(checking.values()), *sums))
    return sorted(standings, key=lambda each: (each.framework, each.version, _natural(each.control)))


def _counts(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """By rule, how many of its findings are failures that are open, accepted ones, and unknown."""
    counts: dict[str, dict[str, int]] = {}
    for finding in findings:
        if finding.outcome == "pass":
            continue
        kind = "unknown" if finding.outcome != "fail" else "failed" if finding.status == "open" else "accepted"
        of_rule = counts.setdefault(finding.rule.id, {})
        of_rule[kind] = of_rule.get(kind, 0) + 1
    return counts


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A key that orders numbers inside a name by their value."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d{1,9}|\D+", name)]
