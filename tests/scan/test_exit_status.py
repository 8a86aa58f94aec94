"""The exit status: the whole table."""

from __future__ import annotations

import pytest

from scanner.core.location import Location
from scanner.core.result import Finding, NotScanned, Outcome, Report, ResourceRef, RuleInfo, Severity, Status
from scanner.exit_status import exit_status


def finding(outcome: Outcome, severity: Severity = "low", status: Status = "open", unknown_kind: str = "") -> Finding:
    rule = RuleInfo("r", "t", "hardening", severity, "", {})
    return Finding(
        rule,
        outcome,
        severity,
        "m",
        "compose",
        ResourceRef("compose/service", "s"),
        "",
        Location("x"),
        status=status,
        unknown_kind=unknown_kind,
    )


LOW, HIGH, INFO = finding("fail", "low"), finding("fail", "high"), finding("fail", "info")
SUPPRESSED = finding("fail", "critical", "suppressed")
ERROR = finding("error")
VARIABLE, DENIED, FAILED = (finding("unknown", unknown_kind=kind) for kind in ("variable", "denied", "failed"))
WAIVED = finding("unknown", status="suppressed", unknown_kind="denied")
UNREAD = NotScanned("x", "why")


@pytest.mark.parametrize(
    ("findings", "not_scanned", "fail_on", "strict", "allow", "expected"),
    [
        ([], [], "low", False, False, 0),
        ([finding("pass")], [], "info", False, False, 0),
        ([LOW], [], "low", False, False, 1),
        ([LOW], [], "high", False, False, 0),
        ([HIGH], [], "high", False, False, 1),
        ([HIGH], [], "critical", False, False, 0),
        ([INFO], [], "low", False, False, 0),
        ([INFO], [], "info", False, False, 1),
        ([HIGH, LOW], [], "never", False, False, 0),
        ([SUPPRESSED], [], "low", False, False, 0),
        ([LOW], [UNREAD], "low", False, False, 1),
        ([LOW, ERROR], [], "low", False, True, 1),
        ([], [UNREAD], "low", False, False, 3),
        ([LOW], [UNREAD], "never", False, False, 3),
        ([], [UNREAD], "low", False, True, 0),
        ([ERROR], [], "low", False, False, 3),
        ([ERROR], [], "low", False, True, 0),
        ([DENIED], [], "low", False, False, 3),
        ([FAILED], [], "low", False, False, 3),
        ([WAIVED], [], "low", True, False, 0),
        ([VARIABLE], [], "low", False, False, 0),
        ([VARIABLE], [], "low", True, False, 3),
        ([VARIABLE], [], "low", True, True, 0),
    ],
)  # fmt: skip
def test_exit_status(
    findings: list[Finding], not_scanned: list[NotScanned], fail_on: str, strict: bool, allow: bool, expected: int
) -> None:
    report = Report(findings, [], not_scanned, [], [])
    assert exit_status(report, fail_on, strict=strict, allow_incomplete=allow) == expected
