"""`groundrule scan`: options to plain values, the report to standard output and files, the exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from scanner.cli.complain import say
from scanner.cli.helm_options import helm_flags, helm_options
from scanner.cli.rule_options import rule_options, words
from scanner.core.errors import UsageError
from scanner.core.result import SEVERITIES
from scanner.exit_status import INCOMPLETE, exit_status
from scanner.report.formats import FORMATS

_LISTING_RULES = ("json", "sarif")
"""The formats that name the rules of a run, whether there is something to judge or not."""
_FAIL_ON = (*SEVERITIES, "never")


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    envvar="GROUNDRULE_FORMAT",
    help="What standard output gets.",
)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="Write a format to a file too; repeatable."
)
@click.option(
    "--fail-on",
    type=click.Choice(_FAIL_ON),
    envvar="GROUNDRULE_FAIL_ON",
    help="The lowest severity that makes the exit status 1.  [default: low]",
)
@rule_options
@click.option("--no-cache", is_flag=True, envvar="GROUNDRULE_NO_CACHE", help="Compile the rules anew and keep nothing.")
@click.option(
    "--strict/--no-strict",
    default=None,
    envvar="GROUNDRULE_STRICT",
    help="A variable without a value makes the exit status 3.",
)
@click.option(
    "--allow-incomplete/--no-allow-incomplete",
    default=None,
    envvar="GROUNDRULE_ALLOW_INCOMPLETE",
    help="What was not scanned or judged is a warning, not exit status 3.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="GROUNDRULE_BASELINE",
    help="Findings in this file are accepted for now; groundrule baseline write makes it.",
)
@click.option(
    "--diff-base",
    default="",
    metavar="REV",
    envvar="GROUNDRULE_DIFF_BASE",
    help="Only what the work tree changes since it parted from this commit or branch.",
)
@click.option(
    "--untrusted",
    is_flag=True,
    envvar="GROUNDRULE_UNTRUSTED",
    help="With --diff-base: configuration, rules, waivers and baseline are the base's.",
)
@click.option("--changed", is_flag=True, help="PATH are changed files: judge the charts and projects they belong to.")
@click.option("--show-suppressed", is_flag=True, help="List suppressed and baselined findings too.")
@click.option("--show-passed", is_flag=True, help="List what passed too.")
@helm_options
@click.option(
    "--merge",
    "merged",
    multiple=True,
    metavar="FILE.sarif",
    type=click.Path(path_type=Path),
    help="Take the results of another scanner into the report; repeatable.",
)
@click.option(
    "--with",
    "others",
    multiple=True,
    type=click.Choice(["checkov"]),
    help="Run another scanner too: Checkov judges Terraform, CloudFormation, Dockerfiles and workflows.",
)
@click.option(
    "--sarif-category",
    default="",
    metavar="NAME",
    envvar="GROUNDRULE_SARIF_CATEGORY",
    help="Tells several SARIF results of one commit apart.",
)
@click.option(
    "--mask-accounts",
    is_flag=True,
    envvar="GROUNDRULE_MASK_ACCOUNTS",
    help="Show only the last four digits of the numbers of AWS accounts.",
)
@click.option(
    "--colour",
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour in text.",
)
def command(
    paths: Sequence[str],
    form: str,
    outputs: Sequence[str],
    fail_on: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    config: Path | None,
    rule_folders: Sequence[Path],
    no_cache: bool,
    strict: bool | None,
    allow_incomplete: bool | None,
    baseline: Path | None,
    show_suppressed: bool,
    show_passed: bool,
    merged: Sequence[Path],
    others: Sequence[str],
    sarif_category: str,
    mask_accounts: bool,
    colour: str,
    diff_base: str = "",
    untrusted: bool = False,
    changed: bool = False,
    live: Path | None = None,
    **helm: Any,
) -> int:
    """Judge Compose projects, Helm charts, Kubernetes manifests and snapshots of AWS accounts by the rules.

    PATH is a file or a folder, the current folder where none is given; `-` reads manifests from standard input. Exit
    status: 0 clean, 1 findings at or over --fail-on, 2 usage, configuration or rule error, 3 something was not scanned
    or judged, 4 a bug in groundrule.
    """
    from scanner.cli.output import write_document
    from scanner.cli.progress import progress
    from scanner.merging import Others
    from scanner.report import RenderOptions, render
    from scanner.scan import Options, scan

    files = [_output(output) for output in outputs]
    if mask_accounts and "asff" in (form, *(name for name, _ in files)):
        raise UsageError("asff needs the numbers of accounts", hint="leave --mask-accounts out, or take ocsf")
    options = Options(
        config=config,
        select=words(select),
        ignore=words(ignore),
        rule_folders=tuple(rule_folders),
        fail_on=fail_on,
        strict=strict,
        allow_incomplete=allow_incomplete,
        cached=not no_cache,
        show_passed=show_passed,
        helm=helm_flags(**helm),
        stdin=sys.stdin.buffer.read if "-" in paths else None,
        live=live,
        others=Others(tuple(merged), "checkov" in others),
        baseline=baseline,
        lists_rules=not {form, *(name for name, _ in files)}.isdisjoint(_LISTING_RULES),
        change=_change(diff_base, paths, untrusted=untrusted, changed=changed),
    )
    with progress() as step:
        done = scan([Path(path) for path in paths] or ([] if live else [Path()]), options, step)
    settings = done.config
    wanted = RenderOptions(
        colour=_is_coloured(colour),
        width=_width(),
        show_suppressed=show_suppressed,
        show_passed=show_passed,
        sarif_category=sarif_category,
        fail_on=settings.fail_on,  # type: ignore[arg-type]
        mask_accounts=mask_accounts,
    )
    in_file = wanted._replace(colour=False, width=100)
    for name, file in files:
        _write(file, render(name, done.report, in_file))
    write_document(render(form, done.report, wanted))
    status = exit_status(
        done.report, settings.fail_on, strict=settings.strict, allow_incomplete=settings.allow_incomplete
    )
    if status == INCOMPLETE and form != "text":
        say("not everything was scanned or judged: see not_scanned, errors and unknowns in the result")
    return status


def _change(base: str, paths: Sequence[str], *, untrusted: bool, changed: bool) -> Any:
    """The Change that the options mean. Raises UsageError for what cannot be."""
    from scanner.scan import Change

    context = click.get_current_context()
    given = context.get_parameter_source("diff_base") in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
    if given and not base:
        raise UsageError("--diff-base is empty", hint="give a branch, a tag or a commit, as origin/main")
    if untrusted and not base:
        raise UsageError("--untrusted needs --diff-base", hint="say with which commit the change is compared")
    if changed and not paths:
        raise UsageError("--changed needs paths", hint="give the files that changed")
    return Change(base, untrusted, changed)


def _output(text: str) -> tuple[str, Path]:
    """`FORMAT=FILE`, checked before the scan begins."""
    name, sign, file = text.partition("=")
    if not sign or not file:
        raise UsageError(f"-o {text} names no file", hint="write FORMAT=FILE, such as -o sarif=results.sarif")
    if name not in FORMATS:
        from difflib import get_close_matches

        close = get_close_matches(name, FORMATS, n=1)
        raise UsageError(
            f"there is no format {name!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"one of {', '.join(FORMATS)}",
        )
    path = Path(file)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"the folder of {file} does not exist", hint="make the folder first")
    return name, path


def _write(file: Path, text: str) -> None:
    try:
        with file.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="give another file with -o") from error


def _is_coloured(colour: str) -> bool:
    import os

    if colour != "auto":
        return colour == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    if not sys.stdout.isatty():
        return 100
    import shutil

    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))
