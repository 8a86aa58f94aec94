"""The commands: one table, each imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from scanner import __version__

COMMANDS = {
    "scan": ("scanner.cli.scan", "Judge Compose projects, charts, manifests and snapshots."),
    "compare": ("scanner.cli.compare", "Compare two results: what is new, fixed, unchanged."),
    "render": ("scanner.cli.render", "Print a Compose project as it is resolved, or a chart."),
    "baseline": ("scanner.cli.baseline", "Write the findings that are accepted for now to a file."),
    "aws": ("scanner.cli.aws", "Collect AWS accounts, scan them, print the policy for it."),
    "inspect": ("scanner.cli.inspect", "Print the resources and views that rules see, as JSON."),
    "explain": ("scanner.cli.explain", "Explain one rule: why, what to do, examples."),
    "rules": ("scanner.cli.rules", "List, show, test, start and document rules."),
    "checkov": ("scanner.cli.checkov", "Install Checkov beside groundrule, for scan --with checkov."),
    "init": ("scanner.cli.init", "Write a first .groundrule.yaml."),
    "completion": ("scanner.cli.completion", "Print the completion script of a shell."),
}
"""Name → the module whose `command` it is, and its line in the help."""


class ReaderGoneError(Exception):
    """Whoever read standard output has gone. click would make a plain BrokenPipeError the exit status 1."""


class Commands(click.Group):
    """A group whose members are imported late, and that suggests the nearest name for a wrong one."""

    def __init__(self, table: dict[str, tuple[str, str]], **settings: Any) -> None:
        super().__init__(**settings)
        self.table = table

    def invoke(self, ctx: click.Context) -> object:
        """As click does, but for a pipe that broke."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Imports the module of one command."""
        if cmd_name not in self.table:
            return None
        return import_module(self.table[cmd_name][0]).command  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """The table as it stands: help imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.table:
            from difflib import get_close_matches

            close = get_close_matches(name, self.table, n=1, cutoff=0.5)
            hint = f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(self.table)}"
            ctx.fail(f"there is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)


app = Commands(
    COMMANDS,
    name="groundrule",
    help="Compliance rules over Compose, Helm, Kubernetes and AWS accounts, to the exact line.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
click.version_option(__version__, "--version", message="groundrule %(version)s")(app)
click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a bug in groundrule.")(app)
