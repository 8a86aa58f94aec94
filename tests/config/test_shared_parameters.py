"""Values of parameters for every rule that has one of that name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.choose import choose_rules
from scanner.config import load_config
from scanner.core.errors import ConfigurationErrors
from tests.conftest import write_files

RULE = """\
schema: 1
id: {name}
title: A rule
family: cost
severity: low
targets: [compose]
match: {{view: container}}
parameters:
  {parameter}: {{type: list, default: [a], description: names}}
compliant: size(parameters.{parameter}) > 0
message: "'x'"
rationale: Because.
remediation: Do it.
"""
RULES = {
    f"policies/cost/{name}.yaml": RULE.format(name=name, parameter=parameter)
    for name, parameter in (("first-rule", "owners"), ("second-rule", "owners"), ("third-rule", "teams"))
}


def values(folder: Path, configuration: str, **files: str) -> dict[str, object]:
    write_files(folder, {**RULES, ".groundrule.yaml": "rule_folders: [policies]\n" + configuration, **files})
    choice = choose_rules(load_config(folder, folder), cached=False)
    return {
        rule.info.id: rule.values for rule in choice.rules if rule.info.family == "cost" and "-rule" in rule.info.id
    }


def test_every_rule_with_the_parameter(tmp_path: Path) -> None:
    assert values(tmp_path, "parameters: {owners: [b]}\n") == {
        "first-rule": {"owners": ["b"]},
        "second-rule": {"owners": ["b"]},
        "third-rule": {"teams": ["a"]},
    }


def test_a_rule_of_its_own_wins(tmp_path: Path) -> None:
    found = values(tmp_path, "parameters: {owners: [b]}\nrules: {second-rule: {parameters: {owners: [c]}}}\n")
    assert (found["first-rule"], found["second-rule"]) == ({"owners": ["b"]}, {"owners": ["c"]})


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("parameters: {owner: [b]}\n", ".groundrule.yaml:2:14: no rule has a parameter 'owner'"),
        ("parameters: {owners: 3}\n", ".groundrule.yaml:2:14: "),
        ("parameters: [owners]\n", ".groundrule.yaml:2:1: parameters: expected a map, got a list"),
    ],
    ids=["name", "type", "form"],
)
def test_what_is_wrong(tmp_path: Path, configuration: str, message: str) -> None:
    with pytest.raises(ConfigurationErrors) as caught:
        values(tmp_path, configuration)
    assert message in str(caught.value)


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    write_files(
        tmp_path, {**RULES, ".groundrule.yaml": "rule_folders: [policies]\nparameters: {owners: [b], teams: [t]}\n"}
    )
    write_files(tmp_path, {"below/.groundrule.yaml": "parameters: {owners: [c]}\n", ".git/HEAD": ""})
    choice = choose_rules(load_config(tmp_path / "below", tmp_path), cached=False)
    found = {rule.info.id: rule.values for rule in choice.rules if rule.info.id.endswith("-rule")}
    assert found["first-rule"] == {"owners": ["c"]}
    assert found["third-rule"] == {"teams": ["t"]}
