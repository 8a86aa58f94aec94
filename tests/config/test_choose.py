"""The rules of a run, by what they match."""

from __future__ import annotations

from pathlib import Path

from scanner.choose import Choice, choose_rules
from scanner.config import Config
from scanner.policy.rule import Rule
from tests.policy.rules import write_rule


def chosen(folder: Path) -> Choice:
    return choose_rules(Config(rule_folders=(folder,), builtin_rules=False), cached=False)


def ids(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.info.id for rule in rules]


def test_rules_of_a_view_are_found_by_target(tmp_path: Path) -> None:
    write_rule(tmp_path, "one", targets="compose, kubernetes")
    write_rule(tmp_path, "two")
    write_rule(
        tmp_path, "three", "compliant: size(workload.network_policies) > 0\n", view="workload", targets="kubernetes"
    )
    write_rule(tmp_path, "four", view="port")
    choice = chosen(tmp_path)
    plan = choice.plan("/anywhere/compose.yaml")
    assert list(map(ids, plan.matching("container", "compose"))) == [["one", "two"], []]
    assert list(map(ids, plan.matching("container", "kubernetes"))) == [["one"], []]
    assert list(map(ids, plan.matching("workload", "kubernetes"))) == [[], ["three"]]
    assert plan.matching("mount", "compose") == ((), ())
    assert choice.views("compose") == {"container", "port"}
    assert choice.views("kubernetes") == {"container", "workload"}
    assert choice.views("aws") == frozenset()


def test_rules_of_a_type_are_found_by_target(tmp_path: Path) -> None:
    path = write_rule(tmp_path, "typed", targets="aws")
    path.write_text(path.read_text().replace("{view: container}", "{types: [v1/Secret, T]}"))
    choice = chosen(tmp_path)
    plan = choice.plan("/anywhere/account.json.gz")
    assert ids(plan.matching_type("T", "aws")) == ["typed"]
    assert ids(plan.matching_type("T", "compose")) == []
    assert ids(plan.matching_type("T", "aws", "region")) == []
    assert choice.views("aws") == frozenset()
