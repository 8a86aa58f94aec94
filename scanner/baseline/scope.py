"""The baseline of a scan: loaded, compared, and what the scan can tell of the entries that it did not meet."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from scanner.baseline.apply import Compared, Scope, apply_baseline
from scanner.baseline.file import Entry, read_baseline
from scanner.baseline.matching import Known
from scanner.choose import Choice, is_foreign
from scanner.core.result import Report
from scanner.discovery import chart_around, display_path


class Baseline(NamedTuple):
    """The file, and its entries; none where a baseline is written for the first time."""

    file: Path
    entries: list[Entry]


def load_baseline(file: Path, root: Path, *, must_exist: bool) -> Baseline:
    """Raises ConfigurationError and ConfigurationErrors for what is no baseline."""
    wanted = must_exist or file.exists()
    return Baseline(file, read_baseline(file, shown(file, root)) if wanted else [])


def compare_with_baseline(report: Report, baseline: Baseline, targets: Sequence[Path], choice: Choice) -> Compared:
    """Judges `report` by the baseline. `targets` are the real paths of what was scanned as a whole, and so may tell
    what is fixed."""
    former = {alias: rule.info.id for rule in choice.ruleset.all for alias in rule.info.aliases}
    return apply_baseline(report, baseline.entries, former, scope_of(report, targets, choice))


def shown(file: Path, root: Path) -> str:
    """The file's path in outputs."""
    return display_path(Path(os.path.abspath(file)), root)  # noqa: PTH100 - links stay


def scope_of(report: Report, targets: Sequence[Path], choice: Choice) -> Scope:
    """A finding that is gone is gone for good where its rule was judged, its path scanned, and all there was read."""
    root = Path(report.root)
    judged = {rule.id for rule in report.rules}
    known_rules = {rule.info.id for rule in choice.ruleset.all}
    unread = [_whole(entry.path, root) for entry in report.not_scanned]
    failed = {finding.location.path for finding in report.findings if finding.outcome == "error"}
    places = {place for entry in report.scanned for place in entry.places}

    def in_scope(known: Known) -> bool:
        rule, kind, namespace = known.key[:3]
        if rule not in judged:
            # A rule that is no more, not one that was left out, or one of another scanner (tool/rule) that did not run.
            return rule not in known_rules and not is_foreign(rule)
        if kind.startswith("AWS::"):
            return namespace in places
        path = root / known.path
        inside = any(path == target or target in path.parents for target in targets)
        return inside and known.path not in failed and not any(_lies_in(known.path, place) for place in unread)

    return in_scope


def _whole(path: str, root: Path) -> str:
    """The chart whose file could not be read, else the file itself."""
    chart = chart_around(root / path, root)
    return display_path(chart, root) if chart is not None else path


def _lies_in(path: str, place: str) -> bool:
    return place == "." or path == place or path.startswith(f"{place}/")
