"""Every rule against its cases and examples; and every attribute of every case, made unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.authoring.aws_cases import write_account
from scanner.authoring.cases import Case, cases_of, check_folder, rules_of
from scanner.choose import Choice
from scanner.config import Config
from scanner.core.resource import Subject
from scanner.core.unknown import Unknown
from scanner.discovery import walk
from scanner.loading import Loader, load
from scanner.policy.judge import judge
from scanner.policy.load import builtin_folder
from scanner.policy.rule import Rule
from scanner.policy.ruleset import RuleSet
from tests.conftest import write_files

RULES = {rule.info.id: rule for rule in rules_of(builtin_folder())}


def test_every_rule_does_what_its_cases_and_examples_say() -> None:
    result = check_folder(builtin_folder())
    assert [str(failure) for failure in result.failures] == []
    assert result.rules == len(RULES)


def subjects_of(case: Case, folder: Path) -> Iterator[Subject]:
    """The subjects that the case's rule judges, relations included."""
    rule = case.rule
    if case.target == "aws":
        folder.mkdir()
        write_account(folder, rule, case.files, case.denied)
    else:
        write_files(folder, dict(case.files))
    loader = Loader(walk([folder], folder, Config(), nested=False), None, lambda *_: None, rules=(rule,))
    choice = Choice(RuleSet([rule]), Config())
    kept = []
    for batch in load(loader):
        for resource, subjects in batch.subjects(choice.views(batch.target)):
            kept += [subject for subject in subjects if resource.target in rule.targets]
            if resource.type in rule.types and resource.each == rule.each:
                kept.append(Subject("", resource, "", resource.attributes, lambda _: ()))
    for _, subjects in loader.closing(choice.views("kubernetes")):
        kept += subjects
    for subject in kept:
        if subject.view == rule.view:
            if subject.resource.target == "kubernetes" and subject.view != "kubernetes_namespace":
                subject.values = {**subject.values, **loader.relations(subject)}
            yield subject


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_is_not_known_is_never_decided_otherwise(rule: Rule, tmp_path: Path) -> None:
    """With an attribute unknown, the outcome is unknown, or what it is with the attribute."""
    cases, _ = cases_of(rule, builtin_folder())
    assert cases
    reached = 0
    for number, case in enumerate(cases):
        for subject in subjects_of(case, tmp_path / str(number)):
            expected = outcome(rule, subject, subject.values)
            for name in rule.reads:
                changed = {**subject.values, name: Unknown("it was taken away")}
                actual = outcome(rule, subject, changed)
                assert actual in (expected, "unknown"), (case.name, name, expected, actual)
                reached += 1
    assert reached


def outcome(rule: Rule, subject: Subject, values: dict[str, Any]) -> str:
    judgement = judge(rule, Subject(subject.view, subject.resource, subject.key, values, subject.route_of))
    return judgement.outcome if judgement else "none"
