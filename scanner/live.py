"""What a live scan asks AWS for: the resource types that the rules of a run need, and no others."""

from __future__ import annotations

from pathlib import Path

from scanner.aws.types import resource_types
from scanner.choose import Choice, choose_rules
from scanner.config import find_root, load_config
from scanner.loading.aws import needs_of
from scanner.scan import Options, with_flags


def needed_types(choice: Choice) -> tuple[str, ...]:
    """The declared types that the rules of `choice` judge, sorted; all of them where no rule judges AWS."""
    table = resource_types()
    needed = needs_of(choice.rules).types
    return tuple(name for name in table if name in needed or not needed)


def chosen_types(options: Options) -> tuple[str, ...]:
    """The types that the rules need which the current folder's configuration and the flags choose.

    Raises UsageError, ConfigurationErrors and RuleErrors.
    """
    here = Path.cwd()
    config = with_flags(load_config(here, find_root([here]), options.config), options)
    return needed_types(choose_rules(config, cached=options.cached))
