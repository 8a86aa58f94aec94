"""`groundrule checkov`: the environment of its own that Checkov lives in."""

from __future__ import annotations

import click

from scanner.cli.complain import say


@click.group("checkov")
def command() -> None:
    """Checkov, for `groundrule scan --with checkov`: it needs other versions of packages than groundrule."""


@command.command("install")
def install() -> None:
    """Install Checkov into an environment of its own in the user's cache, every package by its hash.

    The folder is that of $GROUNDRULE_CHECKOV where that is set.
    """
    from scanner.foreign import checkov_install

    program = checkov_install.install()
    say(f"Checkov is installed: {program}")


@command.command("path")
def path() -> int:
    """Print which Checkov `--with checkov` runs; status 1 where there is none."""
    from scanner.foreign.checkov_install import installed

    program = installed()
    if program is None:
        say("Checkov is not installed: run `groundrule checkov install`")
        return 1
    click.echo(program)
    return 0
