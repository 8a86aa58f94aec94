"""Alerts: failures as code scanning wants them, one for a rule and a line, each with a tight region and a line hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from scanner.core.location import Location, Related, Span
from scanner.core.result import Finding, Severity
from scanner.report.files import SourceFile
from scanner.report.view import View, severity_rank, where


class Tight(NamedTuple):
    """A region on one line, and the region that it was cut from (None where it was not)."""

    region: Span
    context: Span | None


@dataclass(frozen=True, slots=True)
class Alert:
    """The failures of one rule that stand on one line: at least one finding, the worst first. `context` is the wider
    region, or the whole line with its (masked) text as `snippet`; None where there is nothing wider."""

    findings: tuple[Finding, ...]
    severity: Severity
    uri: str
    region: Span
    context: Span | None
    snippet: str
    line_hash: str

    @property
    def first(self) -> Finding:
        """The finding whose message, fingerprint and related places come first."""
        return self.findings[0]

    @property
    def related(self) -> list[Related]:
        """The related places in files; what a chart renders to is none."""
        return [related for related in self.first.related if related.role != "rendered"]


def alerts(view: View) -> list[Alert]:
    """The alerts of a report, the worst first, then by place. Open and accepted failures are never merged, nor those of
    two resources that are in no file."""
    groups: dict[tuple[str, str, int, bool, str], list[Finding]] = {}
    for finding in view.failures():
        place, resource = path_uri(where(finding).path), finding.resource
        line, identity = max(finding.location.line, 1), resource.id if resource.account else ""
        groups.setdefault((finding.rule.id, place, line, finding.status == "open", identity), []).append(finding)
    # Built in the order of the report, by path, so that each file is read once.
    built = [_alert(view, uri, findings) for (_, uri, _, _, _), findings in groups.items()]
    return sorted(
        built, key=lambda alert: (severity_rank(alert.severity), alert.uri, alert.region, alert.first.rule.id)
    )


def path_uri(path: str) -> str:
    """A path as a relative URI reference, percent-encoded, without a leading `/`: for one absolute URI, or one result
    without a location, code scanning refuses a whole file."""
    try:
        encoded = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "surrogatepass")
    return quote(encoded.removeprefix(b"./").lstrip(b"/"))


def tight_region(location: Location, file: SourceFile | None) -> Tight:
    """The part of a region on its first line: a change of that line alone then shows the alert in a pull request."""
    line = max(location.line, 1)
    text = (file.line(line) if file else None) or ""
    indent = len(text) - len(text.lstrip())
    start = location.column or indent + 1
    if location.end_line == line and location.end_column >= start:
        return Tight(Span(line, start, line, location.end_column), None)
    end = max(len(text.rstrip()) + 1, start) if text else start + 1
    context = None
    if location.end_line > line and location.end_column:
        context = Span(line, start, location.end_line, location.end_column)
    return Tight(Span(line, start, line, end), context)


def _alert(view: View, uri: str, findings: list[Finding]) -> Alert:
    findings.sort(key=lambda finding: severity_rank(finding.severity))
    first = findings[0]
    file = view.file(first.location.path)
    region, context = tight_region(first.location, file)
    text = (file.line(region.line) if file else None) or ""
    snippet = ""
    if context is None and len(text) <= _LONGEST_SNIPPET and (region.column > 1 or region.end_column <= len(text)):
        context = Span(region.line, 1, region.line, len(text) + 1) if text else None
        snippet = view.masker.mask(text)
    line_hash = file.hashes.line(region.line) if file else ""
    own_hash = _own_hash(first, uri)
    return Alert(tuple(findings), first.severity, uri, region, context, snippet, line_hash or own_hash)


_LONGEST_SNIPPET = 400


def _own_hash(finding: Finding, uri: str) -> str:
    """Stands in for the line hash of what is in no file, so that the alert keeps its identity."""
    identity = "\0".join((finding.rule.id, uri, finding.fingerprint))
    return f"{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:1"
