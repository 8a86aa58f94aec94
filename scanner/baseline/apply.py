"""Baselines: which findings of a scan were there when the baseline was written, and what of it nothing needs now."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scanner.baseline.file import Entry, Section
from scanner.baseline.matching import Key, Known, Moved, match
from scanner.core.location import Location
from scanner.core.result import Finding, Notice, Report, Status
from scanner.report.masking import Masker

_MOST_NOTICES = 20
_DIGITS = 16
_ANYTHING: tuple[str, ...] = ()


class Compared(NamedTuple):
    """A report beside a baseline.

    `pairs` are entries of the old baseline, and what they are in one that is written now; `added` what the old one has
    not. Of the entries that no finding met, `stale` are those that nothing needs any more, `kept` those about which
    this scan says nothing.
    """

    pairs: list[tuple[Entry, Entry]]
    added: list[Entry]
    kept: list[Entry]
    stale: list[Entry]


Scope = Callable[[Known], bool]
"""Whether a finding that is gone is gone for good, since the scan would have found it."""


def apply_baseline(report: Report, entries: Sequence[Entry], aliases: Mapping[str, str], in_scope: Scope) -> Compared:
    """Makes the open failures and the unknowns that `entries` hold baselined, and tells what is new.

    `aliases` leads from former ids of rules to theirs. `report.findings` is replaced.
    """
    entries = [entry._replace(known=_renamed(entry.known, aliases)) for entry in entries]
    identify = Identifier(report)
    found = [identify(finding) for finding in report.findings]
    findings = list(report.findings)
    moved = moves_in(report.root)
    left = dict.fromkeys(range(len(entries)))
    met: dict[int, Entry] = {}
    for section, wanted, status, with_content in _STEPS:
        theirs = [number for number in left if entries[number].section == section]
        ours = [number for number, finding in enumerate(findings) if wanted(finding)]
        known = [entries[number].known for number in theirs]
        if not with_content:
            known = [entry._replace(contents=_ANYTHING) for entry in known]
        for mine, other in match(known, [found[number] for number in ours], moved).items():
            left.pop(theirs[other])
            met[ours[mine]] = entries[theirs[other]]
            finding = findings[ours[mine]]
            findings[ours[mine]] = finding._replace(status=status, state="unchanged")
    for number, finding in enumerate(findings):
        if not finding.state and finding.outcome in ("fail", "unknown"):
            findings[number] = finding._replace(state="new")
    report.findings = findings
    compared = Compared([], [], [], [])
    for number, finding in enumerate(findings):
        now = _section(finding)
        if now is None:
            continue
        if number in met:
            was = met[number]
            # What is not known only now stays accepted as the failure that it was.
            compared.pairs.append(
                (was, Entry("open" if was.section == "open" and now == "unknown" else now, found[number]))
            )
        else:
            compared.added.append(Entry(now, found[number]))
    for entry in map(entries.__getitem__, left):
        (compared.stale if in_scope(entry.known) else compared.kept).append(entry)
    return compared


class Identifier:
    """Turns the findings of a report into what is compared: names and values without the secrets of the report."""

    def __init__(self, report: Report, secrets: frozenset[str] | None = None) -> None:
        """`secrets` are those of several reports that are compared, else the report's own."""
        names = {finding.location.path for finding in report.findings}
        for finding in report.findings:
            names.update((finding.resource.name, finding.resource.namespace))
        self._masker = Masker(report.secrets if secrets is None else secrets, names)

    def __call__(self, finding: Finding) -> Known:
        """The finding as it is compared."""
        name = self._masker.mask_name
        rule, kind, space, own, item = map(str, finding.identity[:5])
        # The name of a project is that of its folder, unless it says otherwise: it moves with its files.
        own = "" if kind == "compose/project" else own
        key: Key = (rule, kind, name(space), name(own), name(item))
        return Known(key, self._contents(finding), name(finding.location.path))

    def _contents(self, finding: Finding) -> tuple[str, ...]:
        trace = finding.trace
        if finding.outcome != "fail" or trace is None or not trace.content:
            return _ANYTHING
        # A digest would tell a guess of a secret from another; and what is secret here may not be known as one then.
        if self._masker.mask(trace.content) != trace.content:
            return _ANYTHING
        return tuple(_digest(text) for text in dict.fromkeys((trace.content, trace.stable)))


def moves_in(root: str) -> Moved:
    """Whether a finding may have moved: inside one folder or one chart, or from a file that is gone."""
    gone = cache(lambda path: not os.path.lexists(os.path.join(root, path)))  # noqa: PTH118
    folder = cache(lambda path: _folder(path, root))
    return lambda old, new: gone(old) or folder(old) == folder(new)


def stale_notices(stale: Sequence[Entry], display: str) -> list[Notice]:
    """What a scan says of the entries that no finding needs, the first of them one by one."""
    hint = "groundrule baseline write drops what is fixed"
    notices = [
        Notice(f"the baseline holds what is fixed: {described(entry)}", Location(display, entry.line), hint)
        for entry in stale[:_MOST_NOTICES]
    ]
    more = len(stale) - len(notices)
    if more:
        notices.append(Notice(f"the baseline holds {more:,} more findings that are fixed", Location(display), hint))
    return notices


def described(entry: Entry) -> str:
    """An entry for people."""
    rule, kind, namespace, name, item = entry.known.key
    full = f"{namespace}/{name}" if namespace else name
    about = f"{kind} {full}".strip() + (f": {item}" if item and item != name else "")
    note = "" if entry.section == "open" else f", {entry.section}"
    return f"{rule} of {about} ({entry.known.path}{note})"


def _renamed(known: Known, aliases: Mapping[str, str]) -> Known:
    rule = aliases.get(known.key[0], known.key[0])
    return known._replace(key=(rule, *known.key[1:]))


def _section(finding: Finding) -> Section | None:
    if finding.outcome == "unknown":
        return "unknown"
    if finding.outcome != "fail":
        return None
    return "waived" if finding.status == "suppressed" else "open"


def _is_open(finding: Finding) -> bool:
    return finding.outcome == "fail" and finding.status == "open"


def _is_suppressed(finding: Finding) -> bool:
    return finding.outcome == "fail" and finding.status == "suppressed" and not finding.state


def _is_unknown(finding: Finding) -> bool:
    return finding.outcome == "unknown" and finding.status == "open"


def _folder(path: str, root: str) -> Path:
    """The chart that a path belongs to, else its folder."""
    from scanner.discovery import chart_around

    place = Path(root) / path
    return chart_around(place, Path(root)) or place.parent


_STEPS: tuple[tuple[Section, Callable[[Finding], bool], Status, bool], ...] = (
    ("open", _is_open, "baselined", True),
    ("unknown", _is_unknown, "baselined", True),
    # What was accepted as a failure is accepted where nobody can tell any more.
    ("open", _is_unknown, "baselined", False),
    ("waived", _is_suppressed, "suppressed", True),
    ("open", _is_suppressed, "suppressed", True),
)
"""Which section meets which findings, what they become, and whether the value that the rule points to counts."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
