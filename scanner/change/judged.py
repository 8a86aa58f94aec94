"""The findings of a change beside those of its base: which are new, which it touches, and at which line they are."""

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from scanner.baseline.apply import Identifier, moves_in
from scanner.baseline.matching import Known, match
from scanner.change.changes import Changes
from scanner.change.variable_lines import variable_place
from scanner.core.location import Location, Related
from scanner.core.result import Finding, Notice, NotScanned, Report

_COMPARED = ("fail", "unknown")
_LAST = 2**31


def compare_with_base(report: Report, before: Report | None, changes: Changes) -> None:
    """Makes what the base has as well, and the change does not touch, baselined; `before` is None where the base is
    not known. A finding that stays open is put on a line of the change, if one of its places is."""
    pairs = _pairs(report, before, changes, lambda finding: finding.status != "suppressed") if before else {}
    findings = []
    for number, finding in enumerate(report.findings):
        if finding.outcome not in _COMPARED:
            findings.append(finding)
            continue
        old = pairs.get(number)
        place = _changed_place(finding, changes)
        if old is None and not finding.rule.is_foreign:
            finding = finding._replace(state="new")
            place = place or variable_place(finding, Path(report.root), changes)
        elif place is not None or _resource_changed(finding, old):
            finding = finding._replace(state="updated" if old is not None else "new")
        else:
            status = "baselined" if finding.status == "open" else finding.status
            finding = finding._replace(state="unchanged", status=status)
        findings.append(_placed(finding, place) if place is not None else finding)
    report.findings = findings
    if before is not None:
        known = set(map(_reason, before.not_scanned))
        report.not_scanned = [
            entry for entry in report.not_scanned if _reason(entry) not in known or _is_touched(entry, changes)
        ]


def drop_foreign_suppressions(report: Report, before: Report, changes: Changes) -> None:
    """Opens what a comment or an annotation suppresses that is not suppressed so in the base as well; of other
    scanners, where the change touches what they found."""
    pairs = _pairs(report, before, changes, _is_commented, content=False)
    notices: list[Notice] = []
    findings = []
    for number, finding in enumerate(report.findings):
        untouched = finding.rule.is_foreign and _changed_place(finding, changes) is None
        if _is_commented(finding) and number not in pairs and not untouched:
            said = f"this suppression of {finding.rule.id} does not count: the base does not have it"
            notices.append(Notice(said, finding.location, "agree on it in the base first"))
            finding = finding._replace(status="open", waiver=None)
        findings.append(finding)
    report.findings = findings
    report.notices += dict.fromkeys(notices)


def only_in_folders(report: Report, names: Iterable[str]) -> None:
    """Of plain manifests, leaves what lies in the folders of the changed files: the others were read for what they
    say about these."""
    folders = {str(PurePosixPath(name).parent) for name in names}
    others = {
        entry.path
        for entry in report.scanned
        if entry.kind == "kubernetes" and str(PurePosixPath(entry.path).parent) not in folders
    }
    report.findings = [finding for finding in report.findings if finding.location.path not in others]
    report.scanned = [entry for entry in report.scanned if entry.path not in others]
    report.not_scanned = [
        entry
        for entry in report.not_scanned
        if entry.source not in ("kubernetes", "kustomize") or str(PurePosixPath(entry.path).parent) in folders
    ]


def _pairs(
    report: Report, before: Report, changes: Changes, wanted: Callable[[Finding], bool], *, content: bool = True
) -> dict[int, Finding]:
    """Index of a finding → the finding of the base that it is."""
    secrets = report.secrets | before.secrets
    identify = Identifier(report, secrets)
    identify_old = Identifier(before, secrets)
    then = [finding for finding in before.findings if finding.outcome in _COMPARED and wanted(finding)]
    now = [
        number
        for number, finding in enumerate(report.findings)
        if finding.outcome in _COMPARED and (content or wanted(finding))
    ]

    def known(finding: Finding, identifier: Identifier) -> Known:
        found = identifier(finding)
        found = found._replace(key=(f"{finding.outcome} {found.key[0]}", *found.key[1:]))
        return found if content else found._replace(contents=())

    old = [_renamed(known(finding, identify_old), changes) for finding in then]
    here = moves_in(report.root)
    found = match(
        old,
        [known(report.findings[number], identify) for number in now],
        lambda one, other: one in changes.gone or here(one, other),
    )
    return {now[mine]: then[other] for mine, other in found.items()}


def _renamed(known: Known, changes: Changes) -> Known:
    return known._replace(path=changes.renamed.get(known.path, known.path))


def _reason(entry: NotScanned) -> tuple[str, ...]:
    """What of an entry is the same in the base, wherever its line is."""
    return entry.path, entry.source, entry.values, entry.reason


def _is_touched(entry: NotScanned, changes: Changes) -> bool:
    """Whether the change is about what was not scanned in the base either. Of charts and projects only those are
    scanned that it touches: what stands in them now, nobody has looked at. Manifests are all read."""
    folder = PurePosixPath(entry.path).parent
    return (
        entry.path in changes.names
        or entry.source in ("helm", "compose")
        or (entry.source == "kustomize" and any(folder in PurePosixPath(name).parents for name in changes.names))
    )


def _is_commented(finding: Finding) -> bool:
    return (
        finding.status == "suppressed"
        and finding.waiver is not None
        and finding.waiver.kind in ("inline", "annotation")
    )


def _resource_changed(finding: Finding, old: Finding | None) -> bool:
    if old is None or finding.trace is None or old.trace is None:
        return False
    return finding.trace.resource != old.trace.resource


def _changed_place(finding: Finding, changes: Changes) -> Location | None:
    """The first place of a finding that is on a line of the change, at that line."""
    if finding.rule.is_foreign:
        return _touched_place(finding, changes)
    places = [finding.location, *(place for place, role in finding.related if role != "rendered")]
    for place in places:
        line = changes.first_line(place.path, place.line, max(place.line, place.end_line))
        if line:
            return place if line == place.line or not place.line else Location(place.path, line)
    return None


def _touched_place(finding: Finding, changes: Changes) -> Location | None:
    """The same of what another scanner found, which did not look at the base: all of its block counts, and a line that
    went from it; without a line, the whole file."""
    place = finding.location
    last = max(place.line, place.end_line, finding.last_line) if place.line else _LAST
    line = changes.first_line(place.path, max(place.line, 1), last, removed=True)
    if not line:
        return None
    return place if line == place.line or not place.line else Location(place.path, line)


def _placed(finding: Finding, place: Location) -> Finding:
    """`finding` at `place`; where it was is a related place then."""
    finding = finding._replace(in_change=True)
    if place == finding.location:
        return finding
    was = finding.location
    related = tuple(each for each in finding.related if each.location != place)
    if (was.path, was.line) != (place.path, place.line) and place.path != was.path:
        at_source = finding.target == "compose"
        role = (
            "declaration"
            if at_source
            else "values"
            if any(role == "template" for _, role in finding.related)
            else "template"
        )
        related = (Related(was, role), *related)
    elif place.line != was.line:
        related = (Related(was, "declaration"), *related)
    return finding._replace(location=place, related=related)
