"""The csv format: one row for each result, input that was not scanned and notice, after RFC 4180."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from scanner.core.result import Finding, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.view import View, prepare, remedy

COLUMNS = (
    "outcome",
    "status",
    "severity",
    "rule",
    "family",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "target",
    "resource_type",
    "namespace",
    "resource",
    "id",
    "account",
    "region",
    "tags",
    "key",
    "message",
    "remediation",
    "controls",
    "waiver_reason",
    "waiver_owner",
    "waiver_expires",
    "fingerprint",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet read a cell as a formula, the full-width forms included."""


def render(report: Report, options: RenderOptions) -> str:
    """A header and the rows, each ended by CR LF."""
    view = prepare(report, options)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(view):
        writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    return buffer.getvalue()


def _rows(view: View) -> Iterator[dict[str, object]]:
    for entry in view.report.not_scanned:
        yield {
            "outcome": "not-scanned",
            "path": entry.path,
            "line": entry.line or "",
            "column": entry.column or "",
            "resource": ", ".join(part for part in (entry.source, entry.values) if part),
            "message": entry.reason,
            "remediation": entry.hint,
        }
    for outcome in ("error", "fail", "unknown", "pass"):
        for finding in view.failures() if outcome == "fail" else view.outcome(outcome):
            yield _finding(finding)
    for notice in view.report.notices:
        location = notice.location
        yield {
            "outcome": "notice",
            "path": location.path if location else "",
            "line": (location and location.line) or "",
            "column": (location and location.column) or "",
            "message": notice.message,
            "remediation": notice.hint,
        }


def _finding(finding: Finding) -> dict[str, object]:
    location, resource, waiver = finding.location, finding.resource, finding.waiver
    return {
        "outcome": finding.outcome,
        "status": finding.status,
        "severity": finding.severity,
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "path": location.path,
        "line": location.line or "",
        "column": location.column or "",
        "end_line": location.end_line or "",
        "end_column": location.end_column or "",
        "target": finding.target,
        "resource_type": resource.type,
        "namespace": resource.namespace,
        "resource": resource.name,
        "id": resource.id,
        "account": resource.account,
        "region": resource.region,
        "tags": "; ".join(f"{key}={value}" for key, value in sorted(resource.tags.items())),
        "key": finding.key,
        "message": finding.message,
        "remediation": remedy(finding.rule, finding.target) if finding.outcome == "fail" else "",
        "controls": "; ".join(
            " ".join(str(control[part]) for part in ("framework", "version", "control") if control.get(part))
            for control in finding.rule.controls
        ),
        "waiver_reason": waiver.reason if waiver else "",
        "waiver_owner": waiver.owner if waiver else "",
        "waiver_expires": waiver.expires if waiver else "",
        "fingerprint": finding.fingerprint,
    }


def _cell(value: object) -> str:
    """`value` on one line, and never a formula: an apostrophe makes it text."""
    text = str(value)
    guarded = text.lstrip(" \u00a0").startswith(_FORMULA)
    text = one_line(text)
    return f"'{text}" if guarded or text.startswith(_FORMULA) else text
