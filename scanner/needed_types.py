"""Which resource types of AWS have to be collected for the rules of a run, and no others."""

from __future__ import annotations

from pathlib import Path

from scanner.aws.types import resource_types
from scanner.choose import choose_rules
from scanner.config import find_root, load_config
from scanner.loading.aws import needs_of
from scanner.scan import Options, with_flags


def needed_types(options: Options) -> tuple[str, ...]:
    """The declared types that the rules need which the current folder's configuration and the flags choose, sorted;
    all of them where no rule judges AWS.

    Raises UsageError, ConfigurationErrors and RuleErrors.
    """
    here = Path.cwd()
    config = with_flags(load_config(here, find_root([here]), options.config), options)
    needed = needs_of(choose_rules(config, cached=options.cached).rules).types
    return tuple(name for name in resource_types() if name in needed or not needed)
