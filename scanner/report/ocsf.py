"""The ocsf format: events of the Open Cybersecurity Schema Framework, class Compliance Finding (2003), version 1.5."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from scanner import __version__
from scanner.core.result import Finding, Report, ResourceRef, Severity
from scanner.report.asff import partition_of
from scanner.report.json_text import array_text
from scanner.report.moment import moment_of
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.view import View, prepare, remedy, resource_label, where

VERSION = "1.5.0"
_SEVERITIES: dict[Severity, tuple[int, str]] = {
    "critical": (5, "Critical"),
    "high": (4, "High"),
    "medium": (3, "Medium"),
    "low": (2, "Low"),
    "info": (1, "Informational"),
}
_COMPLIANCE = {"pass": (1, "Pass"), "fail": (3, "Fail"), "unknown": (0, "Unknown"), "error": (0, "Unknown")}
_STATUSES = {"open": (1, "New"), "suppressed": (3, "Suppressed"), "baselined": (3, "Suppressed")}


def render(report: Report, options: RenderOptions) -> str:
    """A JSON array of events, one a line."""
    return array_text(list(_events(prepare(report, options))))


def _events(view: View) -> Iterator[dict[str, Any]]:
    time = int(moment_of(view.report).timestamp() * 1000)
    for outcome in ("fail", "error", "unknown", "pass"):
        for finding in view.failures() if outcome == "fail" else view.outcome(outcome):
            yield _event(finding, time)
    for entry in view.report.not_scanned:
        yield _beside("not-scanned", entry.path, f"not scanned: {entry.path}: {entry.reason}", entry.hint, time)
    for notice in view.report.notices:
        place = str(notice.location) if notice.location else ""
        yield _beside("notice", place, notice.message, notice.hint, time)


def _head(time: int, severity: tuple[int, str], status: tuple[int, str], rule: str, cloud: bool) -> dict[str, Any]:
    product = {"name": "groundrule", "vendor_name": "groundrule", "version": __version__}
    metadata: dict[str, Any] = {"version": VERSION, "product": product, "event_code": rule}
    if cloud:
        metadata["profiles"] = ["cloud"]
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200301,
        "type_name": "Compliance Finding: Create",
        "time": time,
        "severity_id": severity[0],
        "severity": severity[1],
        "status_id": status[0],
        "status": status[1],
        "metadata": metadata,
    }


def _event(finding: Finding, time: int) -> dict[str, Any]:
    rule, resource = finding.rule, finding.resource
    severity = _SEVERITIES[finding.severity if finding.outcome == "fail" else "info"]
    text = one_line(finding.message or rule.title)
    event = {
        **_head(time, severity, _STATUSES[finding.status], rule.id, bool(resource.account)),
        "message": text,
        "finding_info": {
            "uid": finding.fingerprint or rule.id,
            "title": one_line(rule.title),
            "desc": one_line(rule.rationale or rule.title),
            "types": [rule.family],
            "created_time": time,
        },
        "compliance": _compliance(finding),
        "resources": [_resource(finding)],
    }
    if advice := remedy(rule, finding.target):
        event["remediation"] = {"desc": one_line(advice)}
    if resource.account:
        event["cloud"] = _cloud(resource)
    return event


def _compliance(finding: Finding) -> dict[str, Any]:
    status, name = _COMPLIANCE[finding.outcome]
    controls = finding.rule.controls
    found: dict[str, Any] = {
        "control": finding.rule.id,
        "standards": list(dict.fromkeys(f"{each['framework']} {each.get('version', '')}".strip() for each in controls)),
        "requirements": [f"{each['framework']}/{each['control']}" for each in controls],
        "status_id": status,
        "status": name,
    }
    if finding.outcome in ("unknown", "error"):
        found["status_details"] = [one_line(finding.message)]
    return found


def _resource(finding: Finding) -> dict[str, Any]:
    resource = finding.resource
    found: dict[str, Any] = {
        "uid": resource.id or resource_label(resource, finding.key),
        "name": resource.name,
        "type": resource.type,
        "labels": [f"{key}:{value}" for key, value in sorted(resource.tags.items())],
    }
    if resource.namespace:
        found["namespace"] = resource.namespace
    if resource.account:
        found |= {"region": resource.region, "cloud_partition": partition_of(resource)}
    else:
        found["data"] = {"location": str(where(finding))}
    return {key: value for key, value in found.items() if value not in ("", [])}


def _cloud(resource: ResourceRef) -> dict[str, Any]:
    account = {"uid": resource.account, "type_id": 10, "type": "AWS Account"}
    return {"provider": "AWS", "region": resource.region, "account": account}


def _beside(kind: str, place: str, text: str, hint: str, time: int) -> dict[str, Any]:
    """What was not scanned, and notices: events of their own, since nothing else says that something is missing."""
    text = one_line(text)
    identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    event = {
        **_head(time, _SEVERITIES["info"], _STATUSES["open"], kind, cloud=False),
        "message": text,
        "finding_info": {
            "uid": f"{kind}/{identity}",
            "title": "Not everything could be judged" if kind == "not-scanned" else "Notice",
            "desc": text,
            "types": [kind],
            "created_time": time,
        },
        "compliance": {
            "control": kind,
            "standards": [],
            "requirements": [],
            "status_id": 0,
            "status": "Unknown",
            "status_details": [text],
        },
        "resources": [{"uid": one_line(place) or "scan", "type": "input"}],
    }
    if hint:
        event["remediation"] = {"desc": one_line(hint)}
    return event
