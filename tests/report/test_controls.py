"""How controls stand: every finding counts once for each control of its rule, and what is unknown is no success."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scanner.core.location import Location
from scanner.core.result import Finding, RuleInfo
from scanner.report.controls import ControlStanding, controls
from tests.report.sample import COMPOSE, PINNED, SECRETS, WEB, clean, finding


def control(number: str, framework: str = "cis", version: str = "1.0") -> dict[str, str]:
    return {"framework": framework, "version": version, "control": number}


IMAGES = PINNED._replace(controls=(control("2.10"), control("2.9"), control("CC6.1", "soc2", "2017")))
KEYS = SECRETS._replace(controls=(control("2.9"),))


def found(rule: RuleInfo, **changes: Any) -> Finding:
    return finding(rule, "said", WEB, Location(COMPOSE, 3, 12, 3, 24))._replace(**changes)


def standings(findings: list[Finding], rules: list[RuleInfo]) -> list[ControlStanding]:
    return controls(replace(clean(), findings=findings, rules=rules))


def test_counts_and_order() -> None:
    findings = [
        found(IMAGES),
        found(IMAGES, status="suppressed"),
        found(IMAGES, status="baselined"),
        found(KEYS, outcome="unknown"),
        found(KEYS, outcome="error"),
        found(KEYS, outcome="pass"),
    ]
    assert standings(findings, [IMAGES, KEYS]) == [
        ControlStanding("cis", "1.0", "2.9", (IMAGES, KEYS), failed=1, accepted=2, unknown=2),
        ControlStanding("cis", "1.0", "2.10", (IMAGES,), failed=1, accepted=2, unknown=0),
        ControlStanding("soc2", "2017", "CC6.1", (IMAGES,), failed=1, accepted=2, unknown=0),
    ]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ([{}, {"outcome": "unknown"}], "failed"),
        ([{"status": "suppressed"}, {"outcome": "unknown"}], "not judged"),
        ([{"outcome": "error"}], "not judged"),
        ([{"status": "baselined"}], "accepted"),
        ([{"outcome": "pass"}], "no finding"),
        ([], "no finding"),
    ],
)
def test_verdicts(changes: list[dict[str, Any]], verdict: str) -> None:
    (standing,) = standings([found(KEYS, **each) for each in changes], [KEYS])
    assert standing.verdict == verdict


def test_rules_of_other_scanners_count_although_the_run_did_not_ask_them() -> None:
    foreign = KEYS._replace(id="trivy/KSV-1")
    assert [each.rules for each in standings([found(foreign)], [KEYS])] == [(KEYS, foreign)]
    assert standings([found(PINNED._replace(controls=()))], []) == []
