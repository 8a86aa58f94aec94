"""What is not known never reads as a pass: each fact of each case, taken away, leaves the outcome or makes it unknown."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

import scanner.evaluate
from scanner.authoring.cases import cases_of, rules_of, run
from scanner.core.resource import Subject
from scanner.core.unknown import PartialText, Unknown
from scanner.policy.judge import Judgement, judge
from scanner.policy.load import builtin_folder
from scanner.policy.rule import Rule

FOLDER = builtin_folder()
IDS = sorted(path.stem for path in FOLDER.rglob("*.yaml") if not path.name.endswith(".test.yaml"))
GONE = Unknown("it was taken away", "denied")


@cache
def rules() -> dict[str, Rule]:
    return {rule.info.id: rule for rule in rules_of(FOLDER)}


def judged(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Rule, Subject]]:
    """Every subject that the rule's cases lead to, with the rule as the case configures it."""
    seen: list[tuple[Rule, Subject]] = []

    def record(configured: Rule, subject: Subject) -> Judgement | None:
        values = copy.deepcopy(subject.values)
        seen.append((configured, Subject(subject.view, subject.resource, subject.key, values, subject.route_of)))
        return judge(configured, subject)

    monkeypatch.setattr(scanner.evaluate, "judge", record)
    for case in cases_of(rule, FOLDER)[0]:
        run(rule, case.target, case.files, case.parameters, case.denied)
    return seen


def without_one(values: Any) -> Iterator[Any]:
    """Copies of `values`, each with one thing in it unknown: an attribute, an item, or half of a text."""
    if isinstance(values, dict):
        items: Any = values.items()
    elif isinstance(values, list):
        items = enumerate(values)
    else:
        return
    for key, value in items:
        replacements = [GONE, *without_one(value)]
        if isinstance(value, str) and len(value) > 1:
            half = len(value) // 2
            replacements += [PartialText((value[:half], GONE)), PartialText((GONE, value[half:]))]
        for replacement in replacements:
            changed = copy.copy(values)
            changed[key] = replacement
            yield changed


def outcome(rule: Rule, subject: Subject, values: dict[str, Any]) -> str:
    changed = Subject(subject.view, subject.resource, subject.key, values, subject.route_of)
    judgement = judge(rule, changed)
    return "none" if judgement is None else judgement.outcome


@pytest.mark.parametrize("rule_id", IDS)
def test_what_is_unknown_never_passes(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = rules()[rule_id]
    tried = 0
    for configured, subject in judged(rule, monkeypatch):
        read = {name: value for name, value in subject.values.items() if name in configured.reads}
        before = outcome(configured, subject, read)
        for changed in without_one(read):
            after = outcome(configured, subject, changed)
            assert after in (before, "unknown"), (before, changed)
            tried += 1
    assert tried > 0
