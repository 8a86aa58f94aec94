"""The rules as the current folder's configuration chooses them, for commands that scan nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scanner.choose import Choice, choose_rules
from scanner.config import find_root, load_config


def rule_choice(config: Path | None, folders: Sequence[Path] = ()) -> Choice:
    """The rules of groundrule, of the configuration (`config`, or the one found upwards) and of `folders`."""
    here = Path.cwd()
    found = load_config(here, find_root([here]), config)
    more = tuple(folder.resolve() for folder in folders)
    return choose_rules(found._replace(rule_folders=found.rule_folders + more))
