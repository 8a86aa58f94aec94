"""`groundrule completion`: what a shell needs to complete the command line."""

from __future__ import annotations

import click

_HINTS = {
    "bash": 'eval "$(groundrule completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(groundrule completion zsh)" in ~/.zshrc',
    "fish": "groundrule completion fish > ~/.config/fish/completions/groundrule.fish",
}


@click.command("completion", epilog="  ".join(f"{shell}: {hint}." for shell, hint in _HINTS.items()))
@click.argument("shell", type=click.Choice(list(_HINTS)))
def command(shell: str) -> int:
    """Print the completion script of SHELL."""
    from click.shell_completion import get_completion_class

    from scanner.cli.app import app

    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover - the choice is of click's own shells
        raise click.UsageError(f"click knows no completion for {shell}")
    click.echo(kind(app, {}, "groundrule", "_GROUNDRULE_COMPLETE").source())
    return 0
