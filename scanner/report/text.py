"""The text format, for people: each finding with its snippet and its remedy, a summary, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from scanner.core.location import Location
from scanner.core.result import SEVERITIES, Finding, NotScanned, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.snippet import SnippetLine, snippet
from scanner.report.summary import Summary
from scanner.report.view import View, prepare, remedy, resource_label, where

# A line is a list of pieces, each with the name of its style ('' for none).
Piece = tuple[str, str]
Line = list[Piece]

STYLES = {
    "critical": "bold white on red",
    "critical mark": "bold red",
    "high mark": "bold red",
    "medium mark": "bold yellow",
    "low mark": "bold cyan",
    "info mark": "bold blue",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "bold cyan",
    "info": "bold blue",
    "bad": "bold red",
    "good": "bold green",
    "place": "bold",
    "rule": "magenta",
    "quiet": "dim",
    "heading": "bold underline",
}


def render(report: Report, options: RenderOptions) -> str:
    """The report for a terminal. Without colour, and where there is nothing to tell, rich is not imported."""
    view = prepare(report, options)
    lines = [_inert(line) for line in _lines(view)]
    eventful = report.findings or report.not_scanned or report.notices
    return _coloured(lines) if options.colour and eventful else _plain(lines)


def _inert(line: Line) -> Line:
    """`line`, unless it begins as a workflow command does: GitHub's runner obeys those in any log, and a path may."""
    if "".join(text for _, text in line).lstrip().startswith("::"):
        return [("", "./"), *line]
    return line


def _plain(lines: list[Line]) -> str:
    return "".join("".join(text for _, text in line).rstrip() + "\n" for line in lines)


def _coloured(lines: list[Line]) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(definition) for name, definition in STYLES.items()}
    rendered = []
    for line in lines:
        pieces = [
            styles[name].render(text, color_system=ColorSystem.STANDARD) if name and text else text
            for name, text in line
        ]
        rendered.append("".join(pieces).rstrip() + "\n")
    return "".join(rendered)


def _lines(view: View) -> Iterator[Line]:
    failures = view.failures()
    for path, group in groupby(failures, key=lambda finding: where(finding).path):
        findings = list(group)
        yield [("heading", one_line(path)), ("quiet", f"  {_count(len(findings), 'finding')}")]
        yield []
        for place, there in groupby(findings, key=lambda finding: finding.location):
            shown = snippet(view, place)
            for finding in there:
                yield from _finding(view, finding, shown)
                yield []
    yield from _others(view)
    yield from _not_scanned(view)
    yield from _notices(view)
    yield from _summary(view)
    yield from _next(view, failures)


def _finding(view: View, finding: Finding, shown: list[SnippetLine]) -> Iterator[Line]:
    rule = finding.rule
    status = "" if finding.status == "open" else f" ({finding.status})"
    yield [
        ("place", f"{_place(where(finding))}:"),
        ("", " "),
        (finding.severity, finding.severity),
        ("quiet", status),
        ("", f": {one_line(finding.message)} "),
        ("rule", f"[{rule.id}]"),
    ]
    yield [("quiet", f"  in {one_line(resource_label(finding.resource, finding.key))}")]
    gutter = len(str(shown[-1].number)) if shown else 0
    for number, text, mark in shown:
        yield [("quiet", f"  {number:>{gutter}} | "), ("", text)]
        carets = mark.lstrip()
        indent = mark[: len(mark) - len(carets)]
        yield [("quiet", f"  {'':>{gutter}} | "), ("", indent), (f"{finding.severity} mark", carets)]
    for place, role in finding.related:
        yield [("quiet", f"  {role}: {_place(place)}")]
    if finding.values_sets:
        yield [("quiet", f"  values: {', '.join(one_line(name) for name in finding.values_sets)}")]
    if finding.waiver:
        until = f" until {one_line(finding.waiver.expires)}" if finding.waiver.expires else ""
        owner = f" ({one_line(finding.waiver.owner)})" if finding.waiver.owner else ""
        yield [("", f"  accepted{until}: {one_line(finding.waiver.reason)}{owner}")]
    yield from _wrapped("fix: ", remedy(rule, finding.target), view.options.width)


def _wrapped(label: str, text: str, width: int) -> Iterator[Line]:
    """`text` folded to `width`, indented, with `label` before its first line."""
    if not text:
        return
    for number, line in enumerate(_folded(text, max(width - 2 - len(label), 40))):
        yield [("", "  "), ("good", label) if number == 0 else ("", " " * len(label)), ("", line)]


@lru_cache(256)
def _folded(text: str, width: int) -> list[str]:
    """The lines of `text`; many findings share a remedy, and folding takes long."""
    import textwrap

    return textwrap.wrap(one_line(text), width, break_on_hyphens=False)


def _others(view: View) -> Iterator[Line]:
    """What was judged without a verdict, and what passed, one line each."""
    for outcome, heading, style in (
        ("error", "Rules that could not be evaluated", "bad"),
        ("unknown", "Unknown", "medium"),
        ("pass", "Passed", "good"),
    ):
        findings = view.outcome(outcome)
        if not findings:
            continue
        yield [("heading", heading)]
        for finding in findings:
            message = f"{one_line(finding.message)} " if finding.message else ""
            yield [
                ("place", f"{_place(where(finding))}:"),
                ("", " "),
                (style, outcome),
                ("", f": {message}"),
                ("quiet", f"({one_line(resource_label(finding.resource, finding.key))}) "),
                ("rule", f"[{finding.rule.id}]"),
            ]
        yield []


def _not_scanned(view: View) -> Iterator[Line]:
    if not view.report.not_scanned:
        return
    yield [("heading", "Not scanned")]
    for entry in view.report.not_scanned:
        yield [
            ("place", f"{_entry_place(entry)}:"),
            ("", " "),
            ("bad", "not scanned"),
            ("", f": {one_line(entry.reason)}"),
        ]
        yield from _wrapped("next: ", entry.hint, view.options.width)
    yield []


def _notices(view: View) -> Iterator[Line]:
    if not view.report.notices:
        return
    yield [("heading", "Notices")]
    for notice in view.report.notices:
        place = f"{_place(notice.location)}: " if notice.location else ""
        yield [("place", place), ("info", "notice"), ("", f": {one_line(notice.message)}")]
        yield from _wrapped("next: ", notice.hint, view.options.width)
    yield []


def _summary(view: View) -> Iterator[Line]:
    counts, options = view.summary, view.options
    if counts.failed:
        line: Line = [("bad", _count(counts.failed, "open finding")), ("", ": ")]
        for severity, number in counts.open.items():
            if number:
                line += [("", "" if len(line) == 2 else ", "), (severity, f"{number} {severity}")]
        yield [*line, ("", _threshold(counts, options))]
    elif counts.not_scanned or counts.errors or counts.unknown:
        yield [("medium", "No open findings, but not everything could be judged")]
    else:
        yield [("good", "No open findings")]
    accepted = [
        f"{number} {name}"
        for name, number in (("suppressed", counts.suppressed), ("baselined", counts.baselined))
        if number
    ]
    if accepted:
        yield [("", ", ".join(accepted)), ("quiet", "" if options.show_suppressed else " (see --show-suppressed)")]
    if counts.errors:
        yield [("bad", f"{_count(counts.errors, 'rule evaluation')} failed")]
    if counts.unknown:
        kinds = ", ".join(f"{number} {_UNKNOWN.get(kind, kind)}" for kind, number in counts.unknown_kinds.items())
        yield [("medium", f"{counts.unknown} unknown"), ("", f": {kinds}")]
    if counts.not_scanned:
        yield [("bad", f"{counts.not_scanned} not scanned")]
    if counts.notices:
        yield [("", _count(counts.notices, "notice"))]
    yield [("quiet", _scanned(view))]


_UNKNOWN = {
    "variable": "for want of a variable's value",
    "denied": "since access was denied",
    "failed": "since a request failed",
}


def _threshold(counts: Summary, options: RenderOptions) -> str:
    if options.fail_on == "never":
        return ""
    reached = sum(counts.open[severity] for severity in SEVERITIES[: SEVERITIES.index(options.fail_on) + 1])
    return "" if reached == counts.failed else f"; {reached} at or over --fail-on {options.fail_on}"


def _scanned(view: View) -> str:
    counts = view.summary
    kinds: dict[str, int] = {}
    for entry in view.report.scanned:
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    inputs = f" ({', '.join(f'{number} {kind}' for kind, number in sorted(kinds.items()))})" if kinds else ""
    return (
        f"Scanned {_count(counts.inputs, 'input')}{inputs} with {_count(counts.resources, 'resource')}; "
        f"{_count(counts.rules, 'rule')}, {counts.passed:,} passed"
    )


def _next(view: View, failures: list[Finding]) -> Iterator[Line]:
    """The next commands to run, for the worst finding first."""
    steps: list[tuple[str, str]] = []
    worst = next((finding for finding in view.worst_first() if finding.status == "open"), None)
    if worst and failures:
        steps.append((f"groundrule explain {worst.rule.id}", "why it matters and how to repair it"))
        if worst.location.line:
            comment = f"# groundrule: ignore[{worst.rule.id}] reason"
            steps.append((comment, "on the line or above it, to accept a finding"))
        else:
            steps.append(("waivers: in .groundrule.yaml", "to accept a finding, with reason, owner and expiry"))
    if view.report.not_scanned and not failures:
        steps.append(("groundrule scan --allow-incomplete", "to accept what could not be scanned"))
    if steps:
        width = max(len(command) for command, _ in steps)
        yield []
        yield [("heading", "What to do next")]
        for command, purpose in steps:
            yield [("", f"  {command:<{width}}  "), ("quiet", purpose)]


def _place(location: Location) -> str:
    path = one_line(location.path)
    return str(location if path == location.path else location._replace(path=path))


def _entry_place(entry: NotScanned) -> str:
    place = _place(Location(entry.path, entry.line, entry.column))
    within = ", ".join(one_line(part) for part in (entry.source, entry.values) if part)
    return f"{place} ({within})" if within else place


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
