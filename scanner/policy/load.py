"""Finds rule files in folders and turns them into rules, by way of the cache."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from scanner.core.errors import RuleError, RuleErrors
from scanner.core.location import Location
from scanner.policy.cache import Cache, shipped
from scanner.policy.rule import Rule

CASES = ".test.yaml"
"""How the name of a rule's case file ends."""
Files = list[tuple[str, bytes]]
"""Paths inside a folder, with `/`, and what the files hold; sorted."""


def builtin_folder() -> Path:
    """The folder of the rules that groundrule brings: in the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def rule_files(folder: Path) -> Files:
    """The rule files below a folder. Raises RuleErrors for what cannot be read and for files that would be missed."""
    files: Files = []
    errors: list[RuleError] = []

    def unreadable(error: OSError) -> None:
        errors.append(RuleError(f"the folder cannot be read: {error.strerror}", Location(str(error.filename))))

    if not folder.is_dir():
        raise RuleErrors([RuleError("the folder of rules does not exist", Location(shown(folder)))])
    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or name.endswith(CASES):
                continue
            if name.endswith(".yml"):
                errors.append(
                    RuleError("rule files end in .yaml", Location(shown(path)), f"rename it to {path.stem}.yaml")
                )
            elif name.endswith(".yaml"):
                try:
                    if path.exists() and not path.is_file():
                        raise OSError(0, "not a regular file")
                    files.append((path.relative_to(folder).as_posix(), path.read_bytes()))
                except OSError as error:
                    errors.append(RuleError(f"the file cannot be read: {error.strerror}", Location(shown(path))))
    if errors:
        raise RuleErrors(errors)
    if not files:
        raise RuleErrors([RuleError("the folder holds no rule (*.yaml)", Location(shown(folder)))])
    return sorted(files)


def shown(path: Path) -> str:
    """A path as people are shown it: relative to the current folder where it lies below it, with `/`."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix() or "."
    except ValueError:
        return path.as_posix()


def load_folder(folder: Path, cache: Cache, *, builtin: bool) -> list[Rule]:
    """The rules of one folder: the wheel's own as they were compiled with it, others from the cache where it has them.

    Raises RuleErrors with every error of every file."""
    rules = shipped() if builtin else None
    if rules is None:
        files = rule_files(folder)
        key = cache.key(files, builtin=builtin)
        rules = cache.load(key)
        if rules is None:
            rules = compile_files(files, folder, builtin=builtin)
            cache.store(key, rules)
    prefix = shown(folder)
    for rule in rules:  # nobody else has them yet
        rule.path = f"{prefix}/{rule.path}"
    return rules


def compile_files(files: Files, folder: Path, *, builtin: bool) -> list[Rule]:
    """Reads and checks rule files; the paths of the rules are relative to the folder. Raises RuleErrors."""
    from scanner.policy.language import rule_language
    from scanner.policy.rule_file import read_rule

    rules: list[Rule] = []
    errors: list[RuleError] = []
    prefix = shown(folder)
    language = rule_language()
    for path, data in files:
        family = path.rpartition("/")[0] if builtin else ""
        if builtin and not family:
            family = Path(prefix).name
        rule, found = read_rule(data, f"{prefix}/{path}", family, language)
        errors.extend(found)
        if rule is not None:
            rule.path = path
            rules.append(rule)
    if errors:
        raise RuleErrors(errors)
    return rules


def check_unique(folders: Sequence[list[Rule]]) -> list[Rule]:
    """All rules, sorted by id. Raises RuleErrors where an id, or a former one, belongs to two rules: both places."""
    owners: dict[str, Rule] = {}
    errors: list[RuleError] = []
    rules = [rule for each in folders for rule in each]
    for rule in rules:
        for name in (rule.info.id, *rule.info.aliases):
            other = owners.setdefault(name, rule)
            if other is not rule:
                former = "" if name == rule.info.id == other.info.id else " (or former id)"
                errors.append(
                    RuleError(
                        f"the rule id{former} '{name}' is taken: {other.path} has it too",
                        Location(rule.path, 1, 1),
                        "give one of the two another id",
                    )
                )
    if errors:
        raise RuleErrors(errors)
    return sorted(rules, key=lambda rule: rule.info.id)
