"""The exit status of a scan: the whole policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.core.result import SEVERITIES, Finding, Report

if TYPE_CHECKING:
    from scanner.core.comparison import Comparison

CLEAN, FINDINGS, USAGE, INCOMPLETE, BUG = range(5)


def exit_status(report: Report, fail_on: str, *, strict: bool, allow_incomplete: bool) -> int:
    """FINDINGS for open failures at or over `fail_on` (`never` for none), else INCOMPLETE where something was not
    scanned or could not be judged, else CLEAN."""
    failing = _failing(fail_on)
    open_findings = [finding for finding in report.findings if finding.status == "open"]
    if any(finding.outcome == "fail" and finding.severity in failing for finding in open_findings):
        return FINDINGS
    incomplete = report.not_scanned or any(_undecided(finding, strict=strict) for finding in open_findings)
    return INCOMPLETE if incomplete and not allow_incomplete else CLEAN


def _undecided(finding: Finding, *, strict: bool) -> bool:
    """An error, or an unknown; a variable that has no value here is ordinary unless `strict`."""
    return finding.outcome == "error" or (
        finding.outcome == "unknown" and (strict or finding.unknown_kind in ("denied", "failed"))
    )


def comparison_status(comparison: Comparison, fail_on: str, *, allow_incomplete: bool) -> int:
    """FINDINGS for new findings at or over `fail_on`, else INCOMPLETE where something cannot be compared but what waits
    for a variable, else CLEAN."""
    failing = _failing(fail_on)
    if any(result["severity"] in failing for result in comparison.new):
        return FINDINGS
    incomplete = any(not each.ordinary for each in comparison.incomparable)
    return INCOMPLETE if incomplete and not allow_incomplete else CLEAN


def _failing(fail_on: str) -> tuple[str, ...]:
    return SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
