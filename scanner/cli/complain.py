"""Says on standard error what went wrong, where, and what to do next."""

from __future__ import annotations

import sys

import click

from scanner.core.errors import (
    ConfigurationErrors,
    GroundruleError,
    RuleErrors,
    SourceError,
)
from scanner.exit_status import BUG, INCOMPLETE, USAGE


def say(text: str) -> None:
    """One line for people. A byte of a chart or a name that is no UTF-8 shows as U+FFFD."""
    # In UTF-16 each half of a pair that stands for such a byte is one mistake.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    sys.stderr.write(f"{whole}\n")


def complain(error: GroundruleError) -> int:
    """Every error with its place and hint; the result is the exit status."""
    errors = error.errors if isinstance(error, RuleErrors | ConfigurationErrors) else [error]
    for each in errors:
        say(f"error: {each}")
        if each.hint:
            say(f"  help: {each.hint}")
    if len(errors) > 1:
        say(f"{len(errors)} errors")
    return INCOMPLETE if isinstance(error, SourceError) else USAGE


def usage(error: click.ClickException) -> int:
    """A command line that cannot be carried out as given."""
    if type(error).__name__ == "NoArgsIsHelpError":  # which click has only since 8.2
        say(error.format_message())
        return USAGE
    say(f"error: {error.format_message()}")
    context = getattr(error, "ctx", None)
    if context is not None:
        say(f"  help: {context.command_path} --help shows what it takes")
    return USAGE


def bug(error: Exception, *, debug: bool) -> int:
    """An error of groundrule itself."""
    if debug:
        import traceback

        traceback.print_exception(error)
    # The text of an unexpected error may hold what was scanned, secrets too: only its kind and place are shown.
    say(f"error: a bug in groundrule: {type(error).__name__} in {_place(error)}")
    say("  help: run it again with --debug for the traceback, and report it without what is private in it")
    return BUG


def _place(error: Exception) -> str:
    trace, place = error.__traceback__, "an unknown place"
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("scanner."):
            place = f"{name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
