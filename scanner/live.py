"""What a live scan asks AWS for: the resource types that the rules of a run need, and no others."""

from __future__ import annotations

from pathlib import Path

from scanner.aws.types import resource_types
from scanner.choose import Choice
from scanner.loading_aws import needs_of


def needed_types(choice: Choice) -> tuple[str, ...]:
    """The declared types that the rules of `choice` judge, sorted; all of them where no rule judges AWS."""
    table = resource_types()
    needed = needs_of(choice.rules).types
    return tuple(name for name in table if name in needed or not needed)


def chosen_types(
    config: Path | None, select: tuple[str, ...], ignore: tuple[str, ...], folders: tuple[Path, ...]
) -> tuple[str, ...]:
    """The types that the rules need which the current folder's configuration and the flags choose.

    Raises ConfigurationErrors and RuleErrors.
    """
    from scanner.choose import choose_rules
    from scanner.config import find_root, load_config

    here = Path.cwd()
    found = load_config(here, find_root([here]), config)
    found = found._replace(
        select=tuple((word, None) for word in select) or found.select,
        ignore=found.ignore + tuple((word, None) for word in ignore),
        rule_folders=found.rule_folders + tuple(folder.resolve() for folder in folders),
    )
    return needed_types(choose_rules(found))
