"""`groundrule compare`: what is new, fixed and unchanged between two results."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli.complain import say
from scanner.cli.output import write_document
from scanner.core.result import SEVERITIES
from scanner.exit_status import INCOMPLETE, comparison_status


@click.command("compare")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--fail-on",
    type=click.Choice((*SEVERITIES, "never")),
    default="low",
    show_default=True,
    envvar="GROUNDRULE_FAIL_ON",
    help="The lowest severity of a new finding that makes the exit status 1.",
)
@click.option(
    "--max-length",
    type=click.IntRange(300),
    default=4000,
    show_default=True,
    metavar="N",
    help="The most characters of markdown: what a chat or an issue takes.",
)
@click.option("--show-unchanged", is_flag=True, help="List in text what is unchanged too.")
@click.option(
    "--allow-incomplete/--no-allow-incomplete",
    default=False,
    envvar="GROUNDRULE_ALLOW_INCOMPLETE",
    help="What cannot be compared is a warning, not exit status 3.",
)
def command(
    old: Path, new: Path, form: str, fail_on: str, max_length: int, show_unchanged: bool, allow_incomplete: bool
) -> int:
    """Compare OLD and NEW, two files that groundrule scan -f json wrote; files packed with gzip are read too.

    A finding is the same where rule and resource are, wherever it stands. What one of the two scans could not judge is
    not comparable, never fixed. Exit status: 0 nothing new, 1 new open findings at or over --fail-on, 2 usage or a file
    that is no result, 3 something is not comparable.
    """
    from scanner.compare import compare, read_results
    from scanner.report.comparison import as_json, as_markdown, as_text

    comparison = compare(read_results(old), read_results(new))
    if form == "json":
        write_document(as_json(comparison))
    elif form == "markdown":
        write_document(as_markdown(comparison, max_length))
    else:
        write_document(as_text(comparison, show_unchanged=show_unchanged))
    status = comparison_status(comparison, fail_on, allow_incomplete=allow_incomplete)
    if status == INCOMPLETE and form != "text":
        say("not everything can be compared: see not_comparable in the result")
    return status
