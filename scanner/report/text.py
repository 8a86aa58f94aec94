"""The text format, for people: each finding with its snippet and its remedy, a summary, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from scanner.core.location import Location
from scanner.core.patterns import late
from scanner.core.result import SEVERITIES, Finding, NotScanned, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.snippet import SnippetLine, snippet
from scanner.report.summary import Summary, counted
from scanner.report.view import WITHOUT_VERDICT, View, prepare, remedy, resource_label, standing, where

Paint = Callable[[str, str], str]
"""Takes the name of a style and a text, and returns the text in that style."""

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


_OUTCOME_STYLES = {"error": "bad", "unknown": "medium", "pass": "good"}
_MOST_TAGS = 8
_ESCAPE = late(r"\x1b\[[0-9;]*m")


def render(report: Report, options: RenderOptions) -> str:
    """The report for a terminal. Without colour, and where there is nothing to tell, rich is not imported."""
    view = prepare(report, options)
    eventful = report.findings or report.not_scanned or report.notices
    paint = _coloured() if options.colour and eventful else _plain
    return "".join([f"{_inert(line).rstrip()}\n" for line in _lines(view, paint)])


def _inert(line: str) -> str:
    """`line`, unless it begins as a workflow command does: GitHub's runner obeys those in any log, and a path may."""
    if "::" in line and _ESCAPE.sub("", line).lstrip().startswith("::"):
        return f"./{line}"
    return line


def _plain(_style: str, text: str) -> str:
    return text


def _coloured() -> Paint:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(definition) for name, definition in STYLES.items()}

    def paint(style: str, text: str) -> str:
        return styles[style].render(text, color_system=ColorSystem.STANDARD) if text else text

    return paint


def _lines(view: View, paint: Paint) -> Iterator[str]:
    failures = view.failures()
    remedies = _Remedies(view, paint)
    for path, group in groupby(failures, key=lambda finding: where(finding).path):
        findings = list(group)
        yield paint("heading", one_line(path)) + paint("quiet", f"  {counted(len(findings), 'finding')}")
        yield ""
        for location, there in groupby(findings, key=where):
            place = paint("place", f"{_place(location)}:")
            shown = snippet(view, location)
            marked: dict[str, list[str]] = {}
            for finding in there:
                if finding.severity not in marked:
                    marked[finding.severity] = list(_marked(shown, finding.severity, paint))
                yield from _said(finding, place, paint)
                yield from marked[finding.severity]
                yield from _beside(finding, paint)
                yield from remedies.of(finding)
                yield ""
    yield from _others(view, paint)
    yield from _not_scanned(view, paint)
    yield from _notices(view, paint)
    yield from _summary(view, paint)
    yield from _next(view, failures, paint)


def _said(finding: Finding, place: str, paint: Paint) -> Iterator[str]:
    said = standing(finding)
    status = paint("quiet", f" ({said})") if said else ""
    severity, rule = paint(finding.severity, finding.severity), paint("rule", f"[{finding.rule.id}]")
    yield f"{place} {severity}{status}: {one_line(finding.message)} {rule}"
    yield paint("quiet", f"  in {one_line(resource_label(finding.resource, finding.key))}")
    resource = finding.resource
    if resource.account and resource.id:
        yield paint("quiet", f"  arn: {one_line(resource.id)}")
    if resource.account and resource.tags:
        tags = ", ".join(f"{key}={value}" for key, value in sorted(resource.tags.items())[:_MOST_TAGS])
        yield paint("quiet", f"  tags: {one_line(tags)}")


def _marked(shown: Sequence[SnippetLine], severity: str, paint: Paint) -> Iterator[str]:
    """The lines of a snippet, each with its marks below."""
    gutter = len(str(shown[-1].number)) if shown else 0
    below = paint("quiet", f"  {'':>{gutter}} | ")
    for number, text, mark in shown:
        yield paint("quiet", f"  {number:>{gutter}} | ") + text
        carets = mark.lstrip()
        yield below + mark[: len(mark) - len(carets)] + paint(f"{severity} mark", carets)


def _beside(finding: Finding, paint: Paint) -> Iterator[str]:
    """What belongs to a finding beside its place."""
    for related, role in finding.related:
        yield paint("quiet", f"  {role}: {_place(related)}")
    if finding.values_sets:
        yield paint("quiet", f"  values: {', '.join(one_line(name) for name in finding.values_sets)}")
    if finding.waiver:
        until = f" until {one_line(finding.waiver.expires)}" if finding.waiver.expires else ""
        owner = f" ({one_line(finding.waiver.owner)})" if finding.waiver.owner else ""
        yield f"  accepted{until}: {one_line(finding.waiver.reason)}{owner}"


class _Remedies:
    """The lines on how to repair a finding: the findings of a rule share them."""

    def __init__(self, view: View, paint: Paint) -> None:
        self._width = view.options.width
        self._paint = paint
        self._kept: dict[tuple[str, str], list[str]] = {}

    def of(self, finding: Finding) -> list[str]:
        """The lines for one finding."""
        key = (finding.rule.id, finding.target)
        lines = self._kept.get(key)
        if lines is None:
            text = remedy(finding.rule, finding.target)
            lines = self._kept[key] = list(_wrapped("fix: ", text, self._width, self._paint))
        return lines


def _wrapped(label: str, text: str, width: int, paint: Paint) -> Iterator[str]:
    """`text` folded to `width`, indented, with `label` before its first line."""
    if not text:
        return
    import textwrap

    folded = textwrap.wrap(one_line(text), max(width - 2 - len(label), 40), break_on_hyphens=False)
    for number, line in enumerate(folded):
        yield f"  {' ' * len(label) if number else paint('good', label)}{line}"


def _others(view: View, paint: Paint) -> Iterator[str]:
    """What was judged without a verdict, and what passed, one line each."""
    for outcome, heading in WITHOUT_VERDICT.items():
        findings = view.outcome(outcome)
        if not findings:
            continue
        yield paint("heading", heading)
        for finding in findings:
            place = paint("place", f"{_place(where(finding))}:")
            message = f"{one_line(finding.message)} " if finding.message else ""
            resource = paint("quiet", f"({one_line(resource_label(finding.resource, finding.key))}) ")
            rule = paint("rule", f"[{finding.rule.id}]")
            yield f"{place} {paint(_OUTCOME_STYLES[outcome], outcome)}: {message}{resource}{rule}"
        yield ""


def _not_scanned(view: View, paint: Paint) -> Iterator[str]:
    if not view.report.not_scanned:
        return
    yield paint("heading", "Not scanned")
    for entry in view.report.not_scanned:
        place = paint("place", f"{_entry_place(entry)}:")
        yield f"{place} {paint('bad', 'not scanned')}: {one_line(entry.reason)}"
        yield from _wrapped("next: ", entry.hint, view.options.width, paint)
    yield ""


def _notices(view: View, paint: Paint) -> Iterator[str]:
    if not view.report.notices:
        return
    yield paint("heading", "Notices")
    for notice in view.report.notices:
        place = paint("place", f"{_place(notice.location)}: ") if notice.location else ""
        yield f"{place}{paint('info', 'notice')}: {one_line(notice.message)}"
        yield from _wrapped("next: ", notice.hint, view.options.width, paint)
    yield ""


def _summary(view: View, paint: Paint) -> Iterator[str]:
    counts, options = view.summary, view.options
    if counts.failed:
        severities = ", ".join(
            paint(severity, f"{number} {severity}") for severity, number in counts.open.items() if number
        )
        yield f"{paint('bad', counted(counts.failed, 'open finding'))}: {severities}{_threshold(counts, options)}"
    elif counts.not_scanned or counts.errors or counts.unknown:
        yield paint("medium", "No open findings, but not everything could be judged")
    else:
        yield paint("good", "No open findings")
    accepted = [
        f"{number} {name}"
        for name, number in (("suppressed", counts.suppressed), ("baselined", counts.baselined))
        if number
    ]
    if accepted:
        yield ", ".join(accepted) + paint("quiet", "" if options.show_suppressed else " (see --show-suppressed)")
    if counts.errors:
        yield paint("bad", f"{counted(counts.errors, 'rule evaluation')} failed")
    if counts.unknown:
        kinds = ", ".join(f"{number} {_UNKNOWN.get(kind, kind)}" for kind, number in counts.unknown_kinds.items())
        yield f"{paint('medium', f'{counts.unknown} unknown')}: {kinds}"
    if counts.not_scanned:
        yield paint("bad", f"{counts.not_scanned} not scanned")
    if counts.notices:
        yield counted(counts.notices, "notice")
    yield paint("quiet", _scanned(view))


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
        f"Scanned {counted(counts.inputs, 'input')}{inputs} with {counted(counts.resources, 'resource')}; "
        f"{counted(counts.rules, 'rule')}, {counts.passed:,} passed"
    )


def _next(view: View, failures: list[Finding], paint: Paint) -> Iterator[str]:
    """The next commands to run, for the worst finding first."""
    steps: list[tuple[str, str]] = []
    worst = next((finding for finding in view.worst_first() if finding.status == "open"), None)
    if worst and failures:
        if not worst.rule.is_foreign:  # the rules of other scanners are theirs to explain
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
        yield ""
        yield paint("heading", "What to do next")
        for command, purpose in steps:
            yield f"  {command:<{width}}  {paint('quiet', purpose)}"


def _place(location: Location) -> str:
    path = one_line(location.path)
    return str(location if path == location.path else location._replace(path=path))


def _entry_place(entry: NotScanned) -> str:
    place = _place(Location(entry.path, entry.line, entry.column))
    within = ", ".join(one_line(part) for part in (entry.source, entry.values) if part)
    return f"{place} ({within})" if within else place
