"""The junit format: a test case for each rule and resource, so that a CI server lists failures as it lists tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from scanner.core.result import Finding, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line, printable
from scanner.report.view import View, prepare, remedy, resource_label, where

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, even as a reference."""
_KINDS = ("failure", "error", "skipped")


@dataclass(slots=True)
class Case:
    """A test case: its name, and the (message, text) of each element in it by kind; none of them is a pass."""

    name: str
    line: int = 0
    elements: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, kind: str, message: str, text: str = "") -> None:
        """One more failure, error or reason for skipping."""
        self.elements.setdefault(kind, []).append((message, text))

    @property
    def kinds(self) -> list[str]:
        """What the case counts as: a verdict on one item of the resource outweighs others that were skipped."""
        return [kind for kind in self.elements if kind != "skipped"] or list(self.elements)


def render(report: Report, options: RenderOptions) -> str:
    """A suite for each file. What was scanned is a case that passes, so that a clean report is not empty."""
    view = prepare(report, options)
    suites = _suites(view)
    cases = [case for suite in suites.values() for case in suite.values()]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_attributes('groundrule', cases)}>"]
    for name, suite in suites.items():
        lines.append(f"  <testsuite {_attributes(name, suite.values())}>")
        lines += [line for case in suite.values() for line in _case(name, case)]
        lines.append("  </testsuite>")
    lines += _notices(view)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _suites(view: View) -> dict[str, dict[tuple[str, ...], Case]]:
    """File → identity of a case (rule and resource) → case."""
    suites: dict[str, dict[tuple[str, ...], Case]] = {}
    for scanned in view.report.scanned:
        name = f"scanned ({scanned.kind}, {scanned.resources} resource{'' if scanned.resources == 1 else 's'})"
        suites.setdefault(scanned.path, {})[(name,)] = Case(name)
    for outcome in ("fail", "error", "unknown", "pass"):
        for finding in view.failures() if outcome == "fail" else view.outcome(outcome):
            _add(suites, finding)
    for number, entry in enumerate(view.report.not_scanned):
        within = ", ".join(part for part in (entry.source, entry.values) if part)
        case = Case(f"scanned ({within})" if within else "scanned", entry.line)
        case.add("error", f"not scanned: {entry.reason}", entry.hint and f"next: {entry.hint}")
        suites.setdefault(entry.path, {})[("not-scanned", str(number))] = case
    return dict(sorted(suites.items()))


def _add(suites: dict[str, dict[tuple[str, ...], Case]], finding: Finding) -> None:
    resource = finding.resource
    identity = (finding.rule.id, finding.target, resource.type, resource.namespace, resource.name, resource.id)
    name = f"{finding.rule.id} ({resource_label(resource)})"
    case = suites.setdefault(where(finding).path, {}).setdefault(identity, Case(name, finding.location.line))
    place = str(where(finding))
    if finding.outcome == "fail" and finding.status == "open":
        fix = remedy(finding.rule, finding.target)
        text = f"{place}: {finding.message}" + (f"\nfix: {fix}" if fix else "")
        if resource.account and resource.id:
            text += f"\narn: {resource.id}"
        case.add("failure", f"{finding.severity}: {finding.message}", text)
    elif finding.outcome == "fail":
        reason = f": {finding.waiver.reason}" if finding.waiver else ""
        case.add("skipped", f"{finding.status}{reason}", f"{place}: {finding.message}")
    elif finding.outcome == "error":
        case.add("error", finding.message, place)
    elif finding.outcome == "unknown":
        case.add("skipped", f"unknown: {finding.message}", place)


def _case(suite: str, case: Case) -> Iterator[str]:
    line = f' line="{case.line}"' if case.line else ""
    head = f"    <testcase classname={_attribute(suite)} name={_attribute(case.name)} file={_attribute(suite)}{line}"
    if not case.elements:
        yield f"{head}/>"
        return
    yield f"{head}>"
    for kind in case.kinds:
        entries = case.elements[kind]
        rest = f" (and {len(entries) - 1} more)" if len(entries) > 1 else ""
        text = _text("\n".join(text for _, text in entries if text))
        yield f"      <{kind} message={_attribute(entries[0][0] + rest)}>{text}</{kind}>"
    if "skipped" not in case.kinds:
        lines = [f"{message}: {text}" for message, text in case.elements.get("skipped", [])]
        yield from [f"      <system-out>{_text(chr(10).join(lines))}</system-out>"] if lines else []
    yield "    </testcase>"


def _notices(view: View) -> Iterator[str]:
    """A suite without cases: nothing else in the format has a place for text of the whole run."""
    lines = [
        f"{f'{notice.location}: ' if notice.location else ''}{notice.message}"
        f"{f' (next: {notice.hint})' if notice.hint else ''}"
        for notice in view.report.notices
    ]
    if lines:
        yield f"  <testsuite {_attributes('notices', [])}>"
        yield f"    <system-out>{_text(chr(10).join(lines))}</system-out>"
        yield "  </testsuite>"


def _attributes(name: str, cases: Iterable[Case]) -> str:
    cases = list(cases)
    failures, errors, skipped = (sum(kind in case.kinds for case in cases) for kind in _KINDS)
    return f'name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="{errors}" skipped="{skipped}"'


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", one_line(text)))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", "\n".join(printable(line) for line in text.split("\n"))))
