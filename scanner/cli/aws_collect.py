"""`groundrule aws collect`: accounts to a snapshot, or what that would take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scanner.cli.aws_options import AwsFlags, aws_options, require_boto3, stopping, tell
from scanner.cli.complain import say
from scanner.cli.rule_options import options_of, rule_options
from scanner.core.errors import UsageError
from scanner.exit_status import CLEAN, INCOMPLETE


@click.command("collect")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The snapshot to write: FILE.json.gz."
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Go on from this snapshot: only what it lacks is asked for. It is written anew without -o.",
)
@aws_options
@rule_options
@click.option("--allow-incomplete", is_flag=True, help="What was not collected is a warning, not exit status 3.")
def command(
    output: Path | None,
    resume: Path | None,
    select: Sequence[str],
    ignore: Sequence[str],
    config: Path | None,
    rule_folders: Sequence[Path],
    allow_incomplete: bool,
    **given: Any,
) -> int:
    """Collect what the rules need of AWS accounts to a snapshot, which groundrule scan judges as it does files.

    No secret is kept: what may hold one is judged at once. Exit status: 0 all is there, 2 usage, configuration or
    credentials, 3 something could not be collected (what could is kept), 4 a bug in groundrule.
    """
    require_boto3()
    from scanner.aws.collect import Request, collect
    from scanner.aws.snapshot import open_snapshot
    from scanner.aws.types import resource_types
    from scanner.cli.progress import progress
    from scanner.needed_types import needed_types

    flags = AwsFlags(**given)
    table = resource_types()
    output = _checked(output or resume, dry_run=flags.dry_run)
    earlier = open_snapshot(resume) if resume else None
    named = flags.named_types(table)
    if not named and earlier is not None and not (select or ignore):
        named = tuple(name for name in earlier.header.types if name in table)
    types = named or needed_types(options_of(config, select, ignore, rule_folders))
    access = flags.access(earlier.header.regions if earlier else ())
    budget = flags.budget()
    if flags.dry_run:
        from scanner.cli.aws_plan import print_plan

        print_plan(table, types, access, budget, flags.options(), earlier)
        return CLEAN
    request = Request(access, table, types, flags.options(), resume)
    with progress() as step:
        collected = collect(request, output, budget, step, stopping(budget))
    tell(collected, budget, output)
    if collected.complete or allow_incomplete:
        return CLEAN
    say("not everything was collected")
    return INCOMPLETE


def _checked(output: Path | None, *, dry_run: bool) -> Path:
    """The file to write, before any call is made."""
    if dry_run:
        return output or Path()
    if output is None:
        raise UsageError("there is no file for the snapshot", hint="give one: -o FILE.json.gz")
    if not output.absolute().parent.is_dir():
        raise UsageError(f"the folder of {output} does not exist", hint="make the folder first")
    if output.is_dir():
        raise UsageError(f"{output} is a folder", hint="give a file: -o FILE.json.gz")
    return output
