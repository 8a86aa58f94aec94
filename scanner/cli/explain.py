"""`groundrule explain`: one rule for people."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli.output import write_document


@click.command("explain")
@click.argument("rule")
@click.option("--config", type=click.Path(path_type=Path), envvar="GROUNDRULE_CONFIG", help="Read this configuration.")
def command(rule: str, config: Path | None) -> int:
    """Explain RULE: why it matters, what to do, parameters, examples."""
    from scanner.authoring.rule_pages import explanation
    from scanner.cli.rule_choice import rule_choice

    write_document(explanation(rule_choice(config).ruleset.find(rule)))
    return 0
