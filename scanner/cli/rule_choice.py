"""The rules as the current folder's configuration chooses them, for commands that scan nothing."""

from __future__ import annotations

from pathlib import Path

from scanner.choose import Choice, choose_rules
from scanner.config import find_root, load_config


def rule_choice(config: Path | None) -> Choice:
    """The rules of groundrule and of the configuration: `config`, or the one found upwards."""
    here = Path.cwd()
    return choose_rules(load_config(here, find_root([here]), config))
