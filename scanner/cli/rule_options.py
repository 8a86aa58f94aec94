"""The options that choose the rules of a command, and the words that options take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scanner.scan import Options

_OPTIONS = (
    click.option(
        "--select",
        multiple=True,
        metavar="RULE",
        envvar="GROUNDRULE_SELECT",
        help="Only these rules: ids, family:NAME or framework:NAME; repeatable, or with commas.",
    ),
    click.option(
        "--ignore", multiple=True, metavar="RULE", envvar="GROUNDRULE_IGNORE", help="Not these rules; as --select."
    ),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="GROUNDRULE_CONFIG",
        help="Read this configuration and no other.",
    ),
    click.option(
        "--rules",
        "rule_folders",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A folder with rules of your own; repeatable.",
    ),
)


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command, which gets `select`, `ignore`, `config` and `rule_folders`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(
    config: Path | None, select: Iterable[str], ignore: Iterable[str], rule_folders: Iterable[Path]
) -> Options:
    """What a scan is told by these options alone."""
    from scanner.scan import Options

    return Options(config=config, select=words(select), ignore=words(ignore), rule_folders=tuple(rule_folders))


def words(given: Iterable[str]) -> tuple[str, ...]:
    """The words of options that are repeated or separated by commas, each once."""
    return tuple(dict.fromkeys(word.strip() for each in given for word in each.split(",") if word.strip()))
