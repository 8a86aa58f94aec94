"""Results of other scanners in the one report: collected before the scan, judged by the same waivers, told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scanner.choose import is_foreign
from scanner.config import Config
from scanner.core.result import Finding, Report, Scanned
from scanner.discovery import display_path, is_left_out
from scanner.gitignore import IgnoreFiles
from scanner.suppress import Suppressions

if TYPE_CHECKING:
    from scanner.foreign.checkov import LeavesOut
    from scanner.foreign.results import ForeignResults, Reader


class Others(NamedTuple):
    """Which other scanners a run has: SARIF files to merge, and whether Checkov runs."""

    sarif_files: tuple[Path, ...] = ()
    checkov: bool = False

    def __bool__(self) -> bool:
        return bool(self.sarif_files or self.checkov)


class Merged:
    """The results of other scanners in one run, without those that the configuration ignores."""

    def __init__(
        self, others: Others, targets: Sequence[Path], config: Config, root: Path, *, ignoring: bool = True
    ) -> None:
        from scanner.foreign.results import reader

        ignored = {word for word, _ in config.ignore if is_foreign(word)}
        self.read = reader(root)
        self.results = _collect(others, targets, config, root, self.read, ignoring=ignoring)
        for each in self.results:
            each.results = [one for one in each.results if not ignored & {one.rule.id, f"tool:{each.tool}"}]

    def meant(self, word: str) -> frozenset[str]:
        """The ids of rules that a foreign selector means here; itself, where no result has it."""
        if word.startswith("tool:"):
            tool = word.removeprefix("tool:")
            return frozenset(one.rule.id for each in self.results if each.tool == tool for one in each.results) | {word}
        return frozenset([word])

    def ran(self, words: Iterable[str]) -> frozenset[str]:
        """Those of `words`, foreign selectors, whose tool ran: one that nothing needed is not used."""
        tools = {each.tool for each in self.results}
        return frozenset(word for word in words if word.removeprefix("tool:").partition("/")[0] in tools)

    def scanned(self) -> list[Scanned]:
        """What the other scanners looked at."""
        return [entry for each in self.results for entry in each.scanned]

    def add_to(self, report: Report, suppressions: Suppressions, *, trusted: bool) -> None:
        """Adds what the others found, waived as the configuration and comments say, without what is told already.

        What a tool suppresses by itself counts where the files are `trusted`: they told the tool to.
        """
        from scanner.evaluate import order
        from scanner.foreign.results import findings_of
        from scanner.foreign.same_rules import without_duplicates

        findings: list[Finding] = []
        for each in self.results:
            found = list(findings_of(each, self.read))
            if not trusted:
                found = [finding._replace(status="open", waiver=None) for finding in found]
            texts = map(self.read, dict.fromkeys(finding.location.path for finding in found))
            suppressions.add_comments(text for text in texts if text is not None)
            findings += [
                finding if finding.status == "suppressed" else suppressions.apply(finding) for finding in found
            ]
            report.not_scanned += each.not_scanned
            report.secrets |= each.secrets
        findings, folded = without_duplicates(report.findings, findings)
        report.notices += folded
        report.findings = sorted([*report.findings, *findings], key=order)
        infos = {finding.rule.id: finding.rule for finding in findings}
        report.rules = sorted([*report.rules, *infos.values()], key=lambda info: info.id)


def _collect(
    others: Others, targets: Sequence[Path], config: Config, root: Path, read: Reader, *, ignoring: bool
) -> list[ForeignResults]:
    found: list[ForeignResults] = []
    if others.sarif_files:
        from scanner.foreign.sarif_file import read_sarif

        for file in others.sarif_files:
            for each in read_sarif(file, root, read):
                each.scanned.append(Scanned(each.source, each.tool, len(each.results)))
                found.append(each)
    if others.checkov:
        from scanner.foreign.checkov import run_checkov

        folders = [Path(target).resolve() for target in targets] or [Path.cwd()]
        each = run_checkov(folders, root.resolve(), _leaves_out(config, root.resolve(), ignoring=ignoring), read)
        each.scanned = [entry._replace(path=display_path(Path(entry.path), root)) for entry in each.scanned]
        found.append(each)
    return found


def _leaves_out(config: Config, root: Path, *, ignoring: bool) -> LeavesOut:
    """What a scan leaves out: by its name, by the configuration, and with `ignoring` by git's ignore files."""
    files = IgnoreFiles(root) if ignoring else None

    def leaves_out(path: str, is_folder: bool) -> bool:
        if is_left_out(path) or config.excludes(path):
            return True
        return files is not None and files.ignores(display_path(Path(path), root), is_folder=is_folder)

    return leaves_out
