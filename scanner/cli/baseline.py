"""`groundrule baseline`: write the findings that a repository has now to a file that scans accept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scanner.cli.app import Commands
from scanner.cli.complain import say
from scanner.cli.helm_options import helm_flags, helm_options
from scanner.cli.rule_options import rule_options, words
from scanner.core.errors import UsageError
from scanner.exit_status import CLEAN, INCOMPLETE

TABLE = {"write": ("scanner.cli.baseline", "Write the baseline anew, and say what changed in it.")}


class _Baseline(Commands):
    """The commands of this module, by their names."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        return write if cmd_name == "write" else None


command = _Baseline(
    TABLE, name="baseline", help="Accept the findings that there are, to judge only what is new.", no_args_is_help=True
)


@click.command("write")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="GROUNDRULE_BASELINE",
    help="The file.  [default: the configuration's, else .groundrule-baseline.json at the root]",
)
@click.option("--prune", is_flag=True, help="Only drop what is fixed: what is new stays open.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@rule_options
@click.option(
    "--merge", "merged", multiple=True, metavar="FILE.sarif", type=click.Path(path_type=Path), help="As for scan."
)
@click.option("--with", "others", multiple=True, type=click.Choice(["checkov"]), help="As for scan.")
@helm_options
def write(
    paths: Sequence[str],
    baseline: Path | None,
    prune: bool,
    dry_run: bool,
    config: Path | None,
    select: Sequence[str],
    ignore: Sequence[str],
    rule_folders: Sequence[Path],
    merged: Sequence[Path],
    others: Sequence[str],
    **helm: Any,
) -> int:
    """Write what the scan of PATH finds to the baseline.

    What is fixed leaves it; entries that this scan cannot tell of (of other paths, of rules that were not judged, of
    what could not be scanned) stay. Prints what was added (+) and removed (-). Exit status 3 where something was not
    scanned.
    """
    from scanner.baseline.apply import described
    from scanner.baseline.file import SECTIONS, baseline_text
    from scanner.cli.progress import progress
    from scanner.merging import Others
    from scanner.report.printable import one_line
    from scanner.scan import Options, scan

    targets = [Path(path) for path in paths] or [Path()]
    options = Options(
        config=config,
        select=words(select),
        ignore=words(ignore),
        rule_folders=tuple(rule_folders),
        helm=helm_flags(**helm),
        baseline=baseline,
        others=Others(tuple(merged), "checkov" in others),
        writes_baseline=True,
    )
    with progress() as step:
        done = scan(targets, options, step)
    compared, file = done.compared, done.config.baseline
    assert compared is not None  # noqa: S101 - a run that writes a baseline compares with it
    assert file is not None  # noqa: S101 - and has one
    added = [] if prune else compared.added
    entries = [*(new for _, new in compared.pairs), *compared.kept, *added]
    for sign, listed in (("+", added), ("-", compared.stale)):
        for line in sorted(described(entry) for entry in listed):
            click.echo(f"{sign} {one_line(line)}")
    for was, new in compared.pairs:
        if was.section != new.section:
            click.echo(f"~ {one_line(described(new))} was {was.section}")
    text = baseline_text(entries)
    is_first = not file.is_file()
    changed = is_first or file.read_bytes() != text.encode()
    if changed and not dry_run:
        _save(file, text)
    counts = Counter(entry.section for entry in entries)
    said = ", ".join(f"{counts[section]} {section}" for section in SECTIONS)
    what = "is up to date" if not changed else "would be written" if dry_run else "is written"
    click.echo(f"{file} {what}: {said}; {len(added)} added, {len(compared.stale)} removed")
    if is_first:
        say(f"next: write `baseline: {file.name}` into .groundrule.yaml, or give scans --baseline {file}")
    for entry in done.report.not_scanned:
        say(f"not scanned: {one_line(f'{entry.path}: {entry.reason}')}; what the baseline holds of it stays")
    return INCOMPLETE if done.report.not_scanned else CLEAN


def _save(file: Path, text: str) -> None:
    """Writes beside the file and puts it in its place: whatever happens, there is a whole baseline."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, prefix=f"{file.name}.", delete=False) as stream:
            stream.write(text.encode())
        written = Path(stream.name)
        written.chmod(file.stat().st_mode if file.exists() else 0o666 & ~_umask())
        written.replace(os.path.realpath(file))
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="give another file: --baseline") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
