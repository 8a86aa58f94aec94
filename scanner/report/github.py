"""The github format: workflow commands, the worst first, within what GitHub shows of one step."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.core.location import Location
from scanner.core.result import Finding, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line, printable
from scanner.report.view import View, prepare, standing, unsaid, where

MOST_OF_A_KIND = 10
"""Annotations of one level that GitHub keeps for a step; it drops the others without a word."""
_COMMANDS = {"critical": "error", "high": "error", "medium": "warning", "low": "warning", "info": "warning"}


def render(report: Report, options: RenderOptions) -> str:
    """At most ten errors and ten warnings, then one line that says how many more there are."""
    view = prepare(report, options)
    shown = {"error": 0, "warning": 0}
    lines: list[str] = []
    left = 0
    for command, line in _commands(view):
        if shown[command] < MOST_OF_A_KIND:
            shown[command] += 1
            lines.append(line)
        else:
            left += 1
    if left:
        lines.append(f"::notice title=groundrule::{left} more, not shown here: see the summary or another format")
    if not lines:
        counts = view.summary
        lines.append(f"groundrule: nothing to annotate ({counts.rules} rules, {counts.passed} passed)")
    return "\n".join(lines) + "\n"


def _commands(view: View) -> Iterator[tuple[str, str]]:
    """Each annotation as (command, line): failures, and what makes them incomplete with at most half of the room
    before them; then what is unknown, and notices."""
    incomplete = list(_incomplete(view))
    yield from incomplete[: MOST_OF_A_KIND // 2]
    for finding in view.worst_first():
        command = _COMMANDS[finding.severity] if finding.status == "open" else "warning"
        yield command, _finding(command, finding)
    yield from incomplete[MOST_OF_A_KIND // 2 :]
    for finding in view.outcome("unknown"):
        yield "warning", _finding("warning", finding)
    for notice in view.report.notices:
        message = notice.message + (f" (next: {notice.hint})" if notice.hint else "")
        yield "warning", _command("warning", notice.location, "notice", message)


def _incomplete(view: View) -> Iterator[tuple[str, str]]:
    for entry in view.report.not_scanned:
        message = f"not scanned: {entry.reason}" + (f" (next: {entry.hint})" if entry.hint else "")
        location = Location(entry.path, entry.line, entry.column)
        yield "error", _command("error", location, "not scanned", message)
    for finding in view.outcome("error"):
        yield "error", _finding("error", finding)


def _finding(command: str, finding: Finding) -> str:
    word = finding.severity if finding.outcome == "fail" else finding.outcome
    beside = ", ".join(part for part in (unsaid(finding), standing(finding)) if part)
    message = f"{finding.message} ({beside})" if beside else finding.message
    return _command(command, where(finding), f"{word}: {finding.rule.id}", message)


def _command(command: str, location: Location | None, title: str, message: str) -> str:
    properties: list[tuple[str, object]] = []
    if location and location.path:
        properties.append(("file", location.path))
        if location.line:
            properties.append(("line", location.line))
            properties.append(("endLine", max(location.end_line, location.line)))
        # GitHub takes columns only for a region on one line.
        if location.column and location.end_line == location.line:
            properties += [("col", location.column), ("endColumn", location.end_column)]
    properties.append(("title", title))
    attributes = ",".join(f"{name}={_property(str(value))}" for name, value in properties)
    return f"::{command} {attributes}::{_data(one_line(message))}"


def _data(text: str) -> str:
    # A path may hold any byte: what a terminal or a log would act upon is made visible.
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
