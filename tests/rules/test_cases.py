"""Every case and example of every rule comes out as it says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from scanner.authoring.cases import cases_of, check_case, check_examples, rules_of
from scanner.policy.load import builtin_folder
from scanner.policy.rule import Rule

FOLDER = builtin_folder()
IDS = sorted(path.stem for path in FOLDER.rglob("*.yaml") if not path.name.endswith(".test.yaml"))


@cache
def rules() -> dict[str, Rule]:
    return {rule.info.id: rule for rule in rules_of(FOLDER)}


@pytest.mark.parametrize("rule_id", IDS)
def test_cases(rule_id: str) -> None:
    rule = rules()[rule_id]
    cases, failures = cases_of(rule, FOLDER)
    for case in cases:
        failures += check_case(case)
    assert [str(failure) for failure in failures] == []


@pytest.mark.parametrize("rule_id", IDS)
def test_examples(rule_id: str) -> None:
    found = [str(failure) for failures in check_examples(rules()[rule_id]) for failure in failures]
    assert found == []


def test_every_case_file_has_its_rule() -> None:
    stems = {path.name.removesuffix(".test.yaml"): path for path in FOLDER.rglob("*.test.yaml")}
    assert sorted(stems) == IDS
    assert all(path.with_name(f"{stem}.yaml").is_file() for stem, path in stems.items())


def test_the_cases_are_counted() -> None:
    """A folder that is not found, or a loader that skips files, must not look like success."""
    counts = [len(cases_of(rule, FOLDER)[0]) for rule in rules().values()]
    assert len(counts) == len(IDS) >= 90
    assert sum(counts) >= 280
    assert min(counts) >= 2
    assert Path(FOLDER).name == "rules"
