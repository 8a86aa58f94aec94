"""The json format: stable results for programs, described by results.schema.json."""

from __future__ import annotations

from typing import Any

from scanner import __version__
from scanner.core.location import Location
from scanner.core.result import Finding, Report
from scanner.report.json_text import json_text
from scanner.report.options import RenderOptions
from scanner.report.view import View, prepare

_ITEM_LISTS = frozenset({"results", "scanned", "not_scanned", "notices"})


def render(report: Report, options: RenderOptions) -> str:
    """One result a line; passes only on request, suppressed and baselined findings always: they carry their status."""
    body = _body(prepare(report, options))
    return json_text({"tool": "groundrule", "version": __version__, **body}, _ITEM_LISTS) + "\n"


def _body(view: View) -> dict[str, Any]:
    report = view.report
    return {
        "summary": view.summary.as_dict(),
        "rules": sorted(rule.id for rule in report.rules),
        "results": (
            _result(finding) for finding in report.findings if finding.outcome != "pass" or view.options.show_passed
        ),
        "scanned": [
            {"path": entry.path, "kind": entry.kind, "resources": entry.resources, "places": list(entry.places)}
            for entry in report.scanned
        ],
        "not_scanned": [
            {
                "path": entry.path,
                "line": entry.line,
                "column": entry.column,
                "source": entry.source,
                "values": entry.values,
                "reason": entry.reason,
                "hint": entry.hint,
            }
            for entry in report.not_scanned
        ],
        "notices": [
            {
                "message": entry.message,
                "location": _location(entry.location) if entry.location else None,
                "hint": entry.hint,
            }
            for entry in report.notices
        ],
    }


def _location(location: Location) -> dict[str, Any]:
    return location._asdict()


def _result(finding: Finding) -> dict[str, Any]:
    rule, resource, waiver = finding.rule, finding.resource, finding.waiver
    return {
        "rule": rule.id,
        "family": rule.family,
        "severity": finding.severity,
        "controls": list(rule.controls),
        "outcome": finding.outcome,
        "unknown_kind": (finding.unknown_kind or "variable") if finding.outcome == "unknown" else "",
        "status": finding.status,
        "state": finding.state,
        "message": finding.message,
        "waiver": waiver and {"owner": waiver.owner, "reason": waiver.reason, "expires": waiver.expires},
        "target": finding.target,
        "values_sets": list(finding.values_sets),
        "resource": {
            "type": resource.type,
            "namespace": resource.namespace,
            "name": resource.name,
            "id": resource.id,
            "account": resource.account,
            "region": resource.region,
            "tags": dict(resource.tags),
        },
        "location": _location(finding.location),
        "related": [{"path": place.path, "line": place.line, "role": role} for place, role in finding.related],
        "fingerprint": finding.fingerprint,
        "fix": finding.fix,
    }
