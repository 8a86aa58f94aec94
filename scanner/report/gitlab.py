"""The gitlab format: a Code Quality report, with what was not judged among the issues, since it has no other place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from scanner.core.location import Location
from scanner.core.result import Finding, Report, Severity
from scanner.report.json_text import array_text
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.view import View, prepare, unsaid, where

SEVERITIES: dict[Severity, str] = {
    "critical": "blocker",
    "high": "critical",
    "medium": "major",
    "low": "minor",
    "info": "info",
}


def render(report: Report, options: RenderOptions) -> str:
    """A JSON array of issues, one a line, each fingerprint once."""
    return array_text(list(_unique(_issues(prepare(report, options)))))


def _unique(issues: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """GitLab keeps one issue of each fingerprint: further ones get a number."""
    seen: dict[str, int] = {}
    for issue in issues:
        identity = issue["fingerprint"]
        number = seen[identity] = seen.get(identity, 0) + 1
        yield {**issue, "fingerprint": _digest(identity, str(number))} if number > 1 else issue


def _issues(view: View) -> Iterator[dict[str, Any]]:
    for entry in view.report.not_scanned:
        text = f"Not scanned: {entry.reason}" + (f" (next: {entry.hint})" if entry.hint else "")
        identity = _digest("not-scanned", entry.path, entry.source, entry.values)
        yield _issue("not-scanned", text, "critical", Location(entry.path, entry.line), identity)
    for finding in view.outcome("error"):
        yield _finding(finding, "not evaluated: ", "critical")
    for finding in view.failures():
        prefix = "" if finding.status == "open" else f"{finding.status}: "
        yield _finding(finding, prefix, SEVERITIES[finding.severity] if finding.status == "open" else "info")
    for finding in view.outcome("unknown"):
        yield _finding(finding, "unknown: ", "info")
    for notice in view.report.notices:
        text = notice.message + (f" (next: {notice.hint})" if notice.hint else "")
        yield _issue("notice", text, "info", notice.location or Location("."), _digest("notice", notice.message))


def _finding(finding: Finding, prefix: str, severity: str) -> dict[str, Any]:
    label = unsaid(finding)
    text = f"{prefix}{finding.message} ({label})" if label else f"{prefix}{finding.message}"
    location = where(finding)
    identity = finding.fingerprint or _digest(finding.rule.id, text, location.path)
    return _issue(finding.rule.id, text, severity, location, _digest(finding.outcome, identity))


def _issue(name: str, text: str, severity: str, location: Location, identity: str) -> dict[str, Any]:
    return {
        "description": one_line(text),
        "check_name": name,
        "fingerprint": identity,
        "severity": severity,
        "location": {"path": location.path.removeprefix("./"), "lines": {"begin": max(location.line, 1)}},
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
