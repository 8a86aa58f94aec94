"""The counts of a run, shared by every format."""

from collections import Counter
from typing import Any, NamedTuple

from scanner.core.result import SEVERITIES, Report


class Summary(NamedTuple):
    """How much of everything. `open` counts open failures by severity, `unknown_kinds` the unknowns by kind."""

    open: dict[str, int]
    failed: int
    suppressed: int
    baselined: int
    errors: int
    unknown: int
    unknown_kinds: dict[str, int]
    passed: int
    rules: int
    inputs: int
    resources: int
    not_scanned: int
    notices: int

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain data, for json."""
        return self._asdict()


def counted(number: int, noun: str) -> str:
    """`1 finding`, `1,200 findings`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def summarise(report: Report) -> Summary:
    """Count what `report` holds; `failed` is the sum of `open`."""
    severities: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    errors = 0
    for finding in report.findings:
        if finding.outcome == "fail":
            statuses[finding.status] += 1
            if finding.status == "open":
                severities[finding.severity] += 1
        elif finding.outcome == "unknown":
            kinds[finding.unknown_kind or "variable"] += 1
        elif finding.outcome == "error":
            errors += 1
    return Summary(
        open={severity: severities[severity] for severity in SEVERITIES},
        failed=statuses["open"],
        suppressed=statuses["suppressed"],
        baselined=statuses["baselined"],
        errors=errors,
        unknown=kinds.total(),
        unknown_kinds=dict(sorted(kinds.items())),
        passed=report.passes,
        rules=len(report.rules),
        inputs=len(report.scanned),
        resources=sum(scanned.resources for scanned in report.scanned),
        not_scanned=len(report.not_scanned),
        notices=len(report.notices),
    )
