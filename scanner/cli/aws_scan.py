"""`groundrule aws scan`: accounts judged by the rules, from a snapshot or as they are now."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.core import ParameterSource

from scanner.cli.aws_options import AWS_OPTIONS, AwsFlags, require_boto3, stopping, tell
from scanner.cli.rule_options import options_of
from scanner.cli.scan import command as scan_command
from scanner.core.errors import UsageError
from scanner.discovery import SNAPSHOT_ENDING
from scanner.exit_status import CLEAN

_LIVE = "aws-live.json.gz"
"""The name of the snapshot that a live scan judges."""

_OF_FILES = frozenset({"diff_base", "untrusted", "changed"})
"""Options of `groundrule scan` that say nothing of accounts."""


def _scan(snapshot: Path | None, save: Path | None, **given: Any) -> int:
    flags = AwsFlags(**{name: given.pop(name) for name in AwsFlags._fields})
    if snapshot is not None:
        _check_alone()
        _check_snapshot(snapshot)
        return _judge(given, paths=(str(snapshot),))
    require_boto3()
    from scanner.aws.collect import Request, collect
    from scanner.aws.types import resource_types
    from scanner.cli.progress import progress
    from scanner.needed_types import needed_types

    table = resource_types()
    rules = options_of(*(given[name] for name in ("config", "select", "ignore", "rule_folders")))
    types = flags.named_types(table) or needed_types(rules)
    budget = flags.budget()
    if flags.dry_run:
        from scanner.cli.aws_plan import print_plan

        print_plan(table, types, flags.access(), budget, flags.options())
        return CLEAN
    with TemporaryDirectory(prefix="groundrule-") as folder:
        file = save or Path(folder) / _LIVE
        request = Request(flags.access(), table, types, flags.options())
        with progress() as step:
            collected = collect(request, file, budget, step, stopping(budget))
        tell(collected, budget, save, mask_accounts=given["mask_accounts"])
        return _judge(given, live=file)


def _judge(given: dict[str, Any], **what: Any) -> int:
    callback: Any = scan_command.callback
    return int(callback(**{"paths": ()} | what, **given))


def _options() -> list[click.Parameter]:
    """The options for accounts and calls as click has them."""

    def nothing() -> None:
        """Carries the options."""

    for option in reversed(AWS_OPTIONS):
        option(nothing)
    return list(reversed(getattr(nothing, "__click_params__")))  # noqa: B009 - a function has no such attribute


def _check_alone() -> None:
    """Raises UsageError where an option for accounts and calls was given beside --snapshot."""
    context = click.get_current_context()
    for option in _options():
        name = str(option.name)
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"a snapshot is judged without any call: {option.opts[0]} says nothing", hint="leave it out"
            )


def _check_snapshot(path: Path) -> None:
    """Raises UsageError where --snapshot names what would be judged as something else."""
    from scanner.aws.snapshot import is_snapshot

    hint = "name a file that groundrule aws collect made"
    if path.is_dir():
        raise UsageError(f"{path} is a folder, and no snapshot of groundrule", hint=hint)
    if path.is_file() and not path.name.endswith(SNAPSHOT_ENDING) and not is_snapshot(path):
        raise UsageError(f"{path} is no snapshot of groundrule", hint=hint)


command = click.Command(
    "scan",
    callback=_scan,
    params=[
        click.Option(["--snapshot"], type=click.Path(path_type=Path), metavar="FILE", help="Judge this snapshot."),
        click.Option(
            ["--save-snapshot", "save"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Keep what is collected in this file.",
        ),
        *_options(),
        *(each for each in scan_command.params if isinstance(each, click.Option) and each.name not in _OF_FILES),
    ],
    help="""Judge AWS accounts by the rules: a snapshot, or the accounts as they are now, which are collected first.

    Only what the rules need is asked for. Exit status: as of groundrule scan; what could not be collected makes it 3.
    """,
)
