"""The markdown format: the summary of a CI job, worst findings first, cut where the job summary would be refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.core.location import Location
from scanner.core.result import Finding, Report
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.summary import counted
from scanner.report.view import WITHOUT_VERDICT, View, prepare, remedy, resource_label, standing, where

MOST_BYTES = 1_000_000
"""GitHub refuses a summary over 1 MiB; this leaves room for the line that says what was cut."""
MARKS = {"critical": "🟥", "high": "🟧", "medium": "🟨", "low": "🟦", "info": "⬜"}
_SPECIAL = re.compile(
    r"[\\`*\[\]|~<>&@$]"  # marks of Markdown and HTML, mentions, formulas
    r"|\#(?=\d)|(?<!\w)_|_(?!\w)"  # references to issues, emphasis
    r"|:(?=//|[a-z_+-][\w+-]*:)|(?<=www)\."  # what would become a link or an emoji
)
_NOT_IN_CODE = re.compile("[`|]")


def render(report: Report, options: RenderOptions) -> str:
    """Counts, then tables: what was not scanned, failures, rules that failed, unknowns, passes, notices."""
    view = prepare(report, options)
    return _cut(list(_lines(view)))


def _cut(lines: list[str]) -> str:
    """As many whole lines as fit, and how many do not."""
    size = 0
    for number, line in enumerate(lines):
        size += len(line.encode("utf-8", "replace")) + 1
        if size > MOST_BYTES:
            left = sum(line.startswith("| ") for line in lines[number:])
            return (
                "\n".join([*lines[:number], "", f"**Cut here: {left:,} more rows are in the other formats.**"]) + "\n"
            )
    return "\n".join(lines) + "\n"


def _lines(view: View) -> Iterator[str]:
    counts = view.summary
    yield "# groundrule"
    yield ""
    if counts.failed:
        severities = ", ".join(f"{MARKS[name]} {number} {name}" for name, number in counts.open.items() if number)
        yield f"**{counted(counts.failed, 'open finding')}**: {severities}"
    elif counts.not_scanned or counts.errors or counts.unknown:
        yield "**No open findings, but not everything could be judged**"
    else:
        yield "**No open findings**"
    yield ""
    yield "| inputs | resources | rules | passed | suppressed | baselined | unknown | errors | not scanned |"
    yield "| --: | --: | --: | --: | --: | --: | --: | --: | --: |"
    numbers = (
        counts.inputs,
        counts.resources,
        counts.rules,
        counts.passed,
        counts.suppressed,
        counts.baselined,
        counts.unknown,
        counts.errors,
        counts.not_scanned,
    )
    yield f"| {' | '.join(map(str, numbers))} |"
    yield from _table("Not scanned", ("where", "why", "next"), _not_scanned(view))
    yield from _table("Findings", ("severity", "where", "what", "resource", "rule"), map(_row, view.worst_first()))
    yield from _remedies(view)
    for outcome, heading in WITHOUT_VERDICT.items():
        yield from _table(heading, ("where", "what", "resource", "rule"), map(_other, view.outcome(outcome)))
    yield from _table("Notices", ("where", "what", "next"), _notices(view))


def _table(heading: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == 0:
            yield ""
            yield f"## {heading}"
            yield ""
            yield f"| {' | '.join(columns)} |"
            yield f"|{' --- |' * len(columns)}"
        yield f"| {' | '.join(row)} |"


def _row(finding: Finding) -> tuple[str, ...]:
    said = standing(finding)
    status = f" ({said})" if said else ""
    waiver = f" — accepted: {plain(finding.waiver.reason)}" if finding.waiver else ""
    return (f"{MARKS[finding.severity]} {finding.severity}{status}", *_other(finding, waiver))


def _other(finding: Finding, note: str = "") -> tuple[str, ...]:
    label = resource_label(finding.resource, finding.key)
    return _place(where(finding)), plain(finding.message) + note, plain(label), code(finding.rule.id)


def _not_scanned(view: View) -> Iterator[tuple[str, ...]]:
    for entry in view.report.not_scanned:
        within = ", ".join(part for part in (entry.source, entry.values) if part)
        place = _place(Location(entry.path, entry.line, entry.column))
        yield f"{place} {plain(f'({within})')}" if within else place, plain(entry.reason), plain(entry.hint)


def _notices(view: View) -> Iterator[tuple[str, ...]]:
    for notice in view.report.notices:
        yield _place(notice.location) if notice.location else "", plain(notice.message), plain(notice.hint)


def _remedies(view: View) -> Iterator[str]:
    """How to repair each rule that failed, once for each target."""
    remedies: dict[tuple[str, str], str] = {}
    for finding in view.worst_first():
        if finding.status == "open" and (text := remedy(finding.rule, finding.target)):
            remedies.setdefault((finding.rule.id, text), "")
    if remedies:
        yield ""
        yield "## How to repair"
        yield ""
        for rule_id, text in remedies:
            yield f"- {code(rule_id)}: {_prose(text)}"


def plain(text: str) -> str:
    """`text` that Markdown, HTML and the mentions of a forge take for nothing but text, also in a table's cell."""
    return _SPECIAL.sub(_escaped, one_line(text))


def _prose(text: str) -> str:
    """The words of a rule file, in which backticks mean code."""
    pieces = re.split("(`[^`]+`)", one_line(text))
    return "".join(piece if number % 2 else _SPECIAL.sub(_escaped, piece) for number, piece in enumerate(pieces))


def _escaped(match: re.Match[str]) -> str:
    # References rather than backslashes: a backslash does not keep @name and #1 from becoming links.
    return f"&#{ord(match.group())};"


def code(text: str) -> str:
    """`text` in the font of code."""
    text = one_line(text)
    return f"<code>{plain(text)}</code>" if _NOT_IN_CODE.search(text) else f"`{text}`" if text else ""


def _place(location: Location) -> str:
    position = str(location)[len(location.path) :]
    text = one_line(location.path)
    return f"<code>{plain(text)}{position}</code>" if _NOT_IN_CODE.search(text) else f"`{text}{position}`"
