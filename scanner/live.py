"""What a live scan asks AWS for: the resource types that the rules of a run need, and no others."""

from __future__ import annotations

from pathlib import Path

from scanner.aws.types import resource_types
from scanner.choose import Choice

TARGET = "aws"
_TYPES_OF_VIEWS = ("AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::ECS::TaskDefinition")
"""The types that the views of containers and workloads are made of."""


def needed_types(choice: Choice) -> tuple[str, ...]:
    """The declared types that the rules of `choice` judge, sorted; all of them where no rule judges AWS."""
    table = resource_types()
    rules = [rule for rule in choice.rules if TARGET in rule.targets]
    needed = {name for rule in rules for name in rule.types}
    if any(rule.view for rule in rules):
        needed.update(_TYPES_OF_VIEWS)
    return tuple(name for name in table if name in needed or not rules)


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
