"""The html format: one file for people. It holds no script and loads nothing, and says so to the browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from scanner import __version__
from scanner.core.location import Location
from scanner.core.result import Finding, Report, RuleInfo
from scanner.report.controls import ControlStanding, controls
from scanner.report.moment import moment_of
from scanner.report.options import RenderOptions
from scanner.report.printable import one_line
from scanner.report.snippet import snippet
from scanner.report.summary import counted
from scanner.report.view import (
    WITHOUT_VERDICT,
    View,
    every_rule,
    prepare,
    remedy,
    resource_label,
    severity_rank,
    standing,
    where,
)

_STYLE = Path(__file__).with_name("html_page.css")
_VERDICTS = {"failed": "failed", "not judged": "open-question", "accepted": "accepted", "no finding": "quiet"}
"""How a control's verdict is painted."""

_NO_CHARACTER = re.compile(
    f"[\ufdd0-\ufdef{''.join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))}]"
)
"""What Unicode keeps for itself: no character of any text, and an error in a page."""


class _Section(NamedTuple):
    """A part of the page: its anchor, its heading with the number of what it lists, and its lines."""

    anchor: str
    heading: str
    lines: Iterable[str]


def render(report: Report, options: RenderOptions) -> str:
    """What was not scanned, the findings by severity, what could not be judged, the controls, the rules, the inputs.

    A file of its own: a snippet or a name can add nothing to it, and it links to nothing outside.
    """
    return "".join(f"{line}\n" for line in _page(prepare(report, options)))


def _page(view: View) -> Iterator[str]:
    style = "\n" + _STYLE.read_text(encoding="utf-8")
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    kind, verdict = _verdict(view)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>groundrule: {verdict}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>"
    yield "<header>"
    yield "<h1>groundrule</h1>"
    yield f'<p class="verdict {kind}">{verdict}</p>'
    yield f'<p class="quiet">groundrule {__version__}, as of {moment_of(view.report):%Y-%m-%d %H:%M} UTC</p>'
    yield "</header>"
    yield "<main>"
    yield from _counts(view)
    sections = [section for section in _sections(view) if section is not None]
    links = " · ".join(f'<a href="#{anchor}">{heading}</a>' for anchor, heading, _ in sections)
    yield f"<nav>{links}</nav>"
    for anchor, heading, lines in sections:
        yield f'<section id="{anchor}">'
        yield f"<h2>{heading}</h2>"
        yield from lines
        yield "</section>"
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _sections(view: View) -> Iterator[_Section | None]:
    yield _not_scanned(view)
    yield _findings(view)
    for outcome, heading in WITHOUT_VERDICT.items():
        yield _others(view, outcome, heading)
    yield _notices(view)
    yield _controls(view)
    yield _rules(view)
    yield _inputs(view)


def _verdict(view: View) -> tuple[str, str]:
    """The class of the page's first sentence, and the sentence."""
    counts = view.summary
    if counts.failed:
        severities = ", ".join(f"{number:,} {name}" for name, number in counts.open.items() if number)
        return "failed", f"{counted(counts.failed, 'open finding')}: {severities}"
    if counts.not_scanned or counts.errors or counts.unknown:
        return "open-question", "No open findings, but not everything could be judged"
    return "good", "No open findings"


def _counts(view: View) -> Iterator[str]:
    counts = view.summary
    names = ("inputs", "resources", "rules", "passed", "suppressed", "baselined", "unknown", "errors", "not_scanned")
    heads = [name.replace("_", " ") for name in names]
    yield from _table(heads, [[f"{getattr(counts, name):,}" for name in names]], numbers=range(len(names)))


def _not_scanned(view: View) -> _Section | None:
    rows = []
    for entry in view.report.not_scanned:
        within = ", ".join(_text(part) for part in (entry.source, entry.values) if part)
        place = _place(Location(entry.path, entry.line, entry.column))
        rows.append([f"{place} ({within})" if within else place, _text(entry.reason), _text(entry.hint)])
    return _tabled("Not scanned", "not-scanned", ("where", "why", "next"), rows)


def _findings(view: View) -> _Section | None:
    failures = view.worst_first()
    if not failures:
        return None
    return _Section("findings", _heading("Findings", len(failures)), _articles(view, failures))


def _articles(view: View, failures: list[Finding]) -> Iterator[str]:
    yield "<fieldset>"
    yield "<legend>Show</legend>"
    for severity in sorted({finding.severity for finding in failures}, key=severity_rank):
        yield f'<label><input type="checkbox" id="show-{severity}" checked> {severity}</label>'
    yield "</fieldset>"
    anchors: set[str] = set()
    for finding in failures:
        anchor = finding.fingerprint
        yield from _finding(view, finding, "" if anchor in anchors else anchor)
        anchors.add(anchor)


def _finding(view: View, finding: Finding, anchor: str) -> Iterator[str]:
    said = standing(finding)
    status = f' <span class="quiet">({said})</span>' if said else ""
    named = f' id="{anchor}"' if anchor else ""
    yield f'<article class="{finding.severity}"{named}>'
    yield f'<h3><span class="severity">{finding.severity}</span>{_text(finding.message)}{status}</h3>'
    label = _text(resource_label(finding.resource, finding.key))
    yield f'<p>{_place(where(finding))} <span class="quiet">in {label}</span></p>'
    yield from _snippet(view, finding)
    for name, value in _beside(finding):
        yield f'<p><span class="quiet">{name}:</span> {value}</p>'
    if text := remedy(finding.rule, finding.target):
        yield f"<p><strong>Fix:</strong> {_prose(text)}</p>"
    yield f'<p class="quiet">{_rule_link(finding.rule)}</p>'
    yield "</article>"


def _snippet(view: View, finding: Finding) -> Iterator[str]:
    lines = snippet(view, where(finding))
    if not lines:
        return
    gutter = len(str(lines[-1].number))
    shown = []
    for number, text, mark in lines:
        shown.append(f'<span class="quiet">{number:>{gutter}} |</span> {_escaped(text)}')
        shown.append(f'<span class="quiet">{"":>{gutter}} |</span> <span class="mark">{mark}</span>')
    yield "<pre>" + "\n".join(shown) + "</pre>"


def _beside(finding: Finding) -> Iterator[tuple[str, str]]:
    """What belongs to a finding beside its place, by name."""
    resource = finding.resource
    if resource.account and resource.id:
        yield "ARN", _code(resource.id)
    if resource.account and resource.tags:
        yield "tags", ", ".join(_code(f"{key}={value}") for key, value in sorted(resource.tags.items()))
    for related, role in finding.related:
        yield role, _place(related)
    if finding.values_sets:
        yield "values", ", ".join(map(_code, finding.values_sets))
    if waiver := finding.waiver:
        until = f" until {_text(waiver.expires)}" if waiver.expires else ""
        owner = f" ({_text(waiver.owner)})" if waiver.owner else ""
        yield f"accepted{until}", f"{_text(waiver.reason)}{owner}"


def _others(view: View, outcome: str, heading: str) -> _Section | None:
    """What was judged without a verdict, or passed."""
    rows = [
        [
            _place(where(finding)),
            _text(finding.message),
            _text(resource_label(finding.resource, finding.key)),
            _rule_link(finding.rule),
        ]
        for finding in view.outcome(outcome)
    ]
    return _tabled(heading, outcome, ("where", "what", "resource", "rule"), rows)


def _notices(view: View) -> _Section | None:
    rows = [
        [_place(each.location) if each.location else "", _text(each.message), _text(each.hint)]
        for each in view.report.notices
    ]
    return _tabled("Notices", "notices", ("where", "what", "next"), rows)


def _controls(view: View) -> _Section | None:
    heads = ("framework", "control", "verdict", "open", "accepted", "not judged", "rules")
    rows = [_control(each) for each in controls(view.report)]
    return _tabled("Controls", "controls", heads, rows, numbers=(3, 4, 5), closed="all controls of the rules")


def _control(each: ControlStanding) -> list[str]:
    return [
        f"{_text(each.framework)} {_text(each.version)}".strip(),
        _text(each.control),
        f'<span class="{_VERDICTS[each.verdict]}">{each.verdict}</span>',
        *(f"{number:,}" for number in (each.failed, each.accepted, each.unknown)),
        ", ".join(map(_rule_link, each.rules)),
    ]


def _rules(view: View) -> _Section | None:
    """Why the rules of the report are there, whatever they found."""
    rows = [
        [
            f'<span id="{_anchor(rule)}">{_code(rule.id)}</span>',
            rule.severity,
            _text(rule.family),
            f"<strong>{_text(rule.title)}</strong><br>{_prose(rule.rationale)}",
        ]
        for rule in every_rule(view.report)
    ]
    heads = ("rule", "severity", "family", "why")
    return _tabled("Rules", "rules", heads, rows, closed="all rules that were asked")


def _inputs(view: View) -> _Section | None:
    rows = [[_code(each.path), _text(each.kind), f"{each.resources:,}"] for each in view.report.scanned]
    heads = ("path", "kind", "resources")
    return _tabled("Scanned", "scanned", heads, rows, numbers=(2,), closed="all inputs")


def _tabled(
    heading: str,
    anchor: str,
    heads: Iterable[str],
    rows: list[list[str]],
    numbers: Iterable[int] = (),
    closed: str = "",
) -> _Section | None:
    """A table as a section, None without rows. `closed` is what a reader opens to see it."""
    if not rows:
        return None
    before, after = ([f"<details><summary>{closed}</summary>"], ["</details>"]) if closed else ([], [])
    return _Section(anchor, _heading(heading, len(rows)), chain(before, _table(heads, rows, numbers), after))


def _heading(name: str, number: int) -> str:
    return f"{name} ({number:,})"


def _table(heads: Iterable[str], rows: Iterable[list[str]], numbers: Iterable[int]) -> Iterator[str]:
    """Rows of cells that are HTML already; `numbers` are the columns that hold numbers."""
    right = frozenset(numbers)

    def cells(tag: str, row: Iterable[str]) -> str:
        kinds = (' class="number"' if number in right else "" for number in count())
        return "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row, strict=False))

    yield "<table>"
    yield f"<thead><tr>{cells('th', heads)}</tr></thead>"
    yield "<tbody>"
    for row in rows:
        yield f"<tr>{cells('td', row)}</tr>"
    yield "</tbody>"
    yield "</table>"


def _text(text: str) -> str:
    """Text from anywhere as HTML that is nothing but text, on one line."""
    return _escaped(one_line(text))


def _escaped(text: str) -> str:
    return escape(_NO_CHARACTER.sub("\ufffd", text))


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _prose(text: str) -> str:
    """The words of a rule, in which backticks mean code."""
    pieces = re.split("`([^`]+)`", one_line(text))
    return "".join(_code(piece) if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))


def _place(location: Location) -> str:
    return _code(str(location))


def _rule_link(rule: RuleInfo) -> str:
    return f'<a href="#{_anchor(rule)}">{_code(rule.id)}</a>'


def _anchor(rule: RuleInfo) -> str:
    """The id of a rule's row; the id of another scanner's rule may hold what an attribute must not."""
    return "rule-" + re.sub(r"[^A-Za-z0-9.-]", "_", rule.id)
