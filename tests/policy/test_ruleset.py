"""Rule sets: folders, ids that clash, selection, and settings with their errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.core.errors import ConfigurationError, ConfigurationErrors, RuleErrors
from scanner.core.location import Location
from scanner.policy.judge import judge
from scanner.policy.load import builtin_folder
from scanner.policy.ruleset import Overrides, RuleSet, load_ruleset
from scanner.policy.setting import RuleSetting
from tests.policy.rules import subject, write_rule

LIMIT = "parameters: {least: {type: int, default: 2}}\ncompliant: container.pids_limit >= parameters.least\n"
PLACE = Location(".groundrule.yaml", 3, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_rule(tmp_path, "one", LIMIT + "aliases: [uno]\n", targets="compose, kubernetes")
    write_rule(tmp_path, "two", "controls: [{framework: cis, control: '1'}]\n", family="exposure")
    write_rule(tmp_path, "three", view="workload", targets="kubernetes")
    write_rule(tmp_path / "deep", "four", view="port")
    (tmp_path / "one.test.yaml").write_text("[]")
    return tmp_path


def load(folder: Path, **options: Any) -> RuleSet:
    return load_ruleset([folder], builtin=False, overrides=Overrides(**options))


def ids(ruleset: RuleSet) -> list[str]:
    return [rule.info.id for rule in ruleset.rules]


def test_rules_are_sorted_by_id(folder: Path) -> None:
    assert ids(load(folder)) == ["four", "one", "three", "two"]


def test_paths_lead_to_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    ruleset = load(folder)
    assert ruleset.find("four").path == f"{folder.name}/deep/four.yaml"


def test_an_id_twice_names_both_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_rule(tmp_path / "a", "same")
    write_rule(tmp_path / "b", "same")
    write_rule(tmp_path / "b", "other", "aliases: [same]\n")
    with pytest.raises(RuleErrors) as caught:
        load_ruleset([tmp_path / "a", tmp_path / "b"], builtin=False)
    assert [str(error) for error in caught.value.errors] == [
        "b/other.yaml:1:1: the rule id (or former id) 'same' is taken: a/same.yaml has it too",
        "b/same.yaml:1:1: the rule id 'same' is taken: a/same.yaml has it too",
    ]


def test_a_users_rule_cannot_take_the_id_of_a_built_in_one(tmp_path: Path) -> None:
    own = min(path.stem for path in builtin_folder().rglob("*.yaml") if not path.name.endswith(".test.yaml"))
    write_rule(tmp_path, own)
    with pytest.raises(RuleErrors, match=f"'{own}' is taken"):
        load_ruleset([tmp_path])


def test_the_errors_of_all_files_come_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_rule(tmp_path / "a", "one", "compliant: container.imge != ''\n")
    write_rule(tmp_path / "a", "two", "compliant: container.nme != ''\n")
    with pytest.raises(RuleErrors) as caught:
        load_ruleset([tmp_path / "a", tmp_path / "none"], builtin=False)
    assert [str(error).split("\n")[0] for error in caught.value.errors] == [
        "a/one.yaml:10:21: compliant: container has no attribute 'imge'",
        "a/two.yaml:10:21: compliant: container has no attribute 'nme'",
        "none: the folder of rules does not exist",
    ]


def test_folders_that_hold_no_rule_or_files_that_would_be_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    write_rule(tmp_path / "a", "one").rename(tmp_path / "a" / "one.yml")
    with pytest.raises(RuleErrors) as caught:
        load_ruleset([tmp_path / "empty", tmp_path / "a"], builtin=False)
    assert [(str(error), error.hint) for error in caught.value.errors] == [
        ("empty: the folder holds no rule (*.yaml)", ""),
        ("a/one.yml: rule files end in .yaml", "rename it to one.yaml"),
    ]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"select": (("one", None),)}, ["one"]),
        ({"select": (("uno", None),)}, ["one"]),
        ({"select": (("family:hardening", None),)}, ["four", "one", "three"]),
        ({"select": (("framework:cis", None), ("three", None))}, ["three", "two"]),
        ({"ignore": (("family:hardening", None),)}, ["two"]),
        ({"select": (("family:hardening", None),), "ignore": (("one", None),)}, ["four", "three"]),
        ({"rules": {"one": RuleSetting(enabled=False)}}, ["four", "three", "two"]),
        ({"rules": {"uno": RuleSetting(enabled=False)}}, ["four", "three", "two"]),
        ({"rules": {"family:hardening": RuleSetting(enabled=False)}}, ["two"]),
        (
            {"rules": {"family:hardening": RuleSetting(enabled=False), "one": RuleSetting(enabled=True)}},
            ["one", "two"],
        ),
        ({"rules": {"one": RuleSetting(enabled=False)}, "select": (("one", None),)}, ["one"]),
        ({"rules": {"one": RuleSetting(enabled=False)}, "select": (("family:hardening", None),)}, ["four", "three"]),
    ],
)
def test_selection(folder: Path, options: dict[str, Any], wanted: list[str]) -> None:
    assert ids(load(folder, **options)) == wanted


@pytest.mark.parametrize(
    ("selector", "message", "hint"),
    [
        ("tow", "there is no rule 'tow'", "did you mean 'two'?"),
        ("zzzzzz", "there is no rule 'zzzzzz'", "`groundrule rules list` shows the rules"),
        ("family:hardning", "no rule has the family 'hardning'", "did you mean 'hardening'?"),
        ("framework:cis-docker", "no rule has the framework 'cis-docker'", ""),
        ("tag:x", "'tag:x' selects nothing", "write a rule's id, family:NAME or framework:NAME"),
    ],
)
def test_what_selects_nothing_is_an_error(folder: Path, selector: str, message: str, hint: str) -> None:
    for options in ({"select": ((selector, PLACE),)}, {"ignore": ((selector, PLACE),)}):
        with pytest.raises(ConfigurationErrors) as caught:
            load(folder, **options)
        (error,) = caught.value.errors
        assert (error.message, error.hint, error.location) == (message, hint, PLACE)


@pytest.mark.parametrize(
    ("setting", "message", "hint"),
    [
        (RuleSetting(severity="hihg"), "the severity 'hihg' is not one of: critical, high, medium, low, info", "did you mean 'high'?"),
        (RuleSetting(parameters={"leats": 1}), "the rule one has no parameter 'leats'", "did you mean 'least'?"),
        (RuleSetting(parameters={"zz": 1}), "the rule one has no parameter 'zz'", "it has: least"),
        (RuleSetting(parameters={"least": "x"}), "the parameter least of one: expected an int, got a text", ""),
    ],
)  # fmt: skip
def test_wrong_settings(folder: Path, setting: RuleSetting, message: str, hint: str) -> None:
    with pytest.raises(ConfigurationErrors) as caught:
        load(folder, rules={"one": setting, "nothing-like-it": RuleSetting()})
    first, second = caught.value.errors
    assert (first.message, first.hint) == (message, hint)
    assert second.message == "there is no rule 'nothing-like-it'"


def test_settings_make_variants(folder: Path) -> None:
    ruleset = load(folder, rules={"one": RuleSetting(severity="high", parameters={"least": 3})})
    rule = ruleset.find("one")
    assert (rule.info.severity, rule.values) == ("high", {"least": 3})
    loose, off = RuleSetting(parameters={"least": 0}), RuleSetting(enabled=False)
    variant = ruleset.configured("uno", [loose])
    assert variant is not None
    assert variant is ruleset.configured("one", [loose])
    assert (variant.info.severity, variant.values) == ("high", {"least": 0})
    assert ruleset.configured("one", [loose, off]) is None
    assert ruleset.configured("one", []) is not None
    one, other = judge(rule, subject(pids_limit=1)), judge(variant, subject(pids_limit=1))
    assert one is not None
    assert other is not None
    assert (one.outcome, other.outcome) == ("fail", "pass")


def test_settings_for_paths_are_checked_before_they_are_used(folder: Path) -> None:
    with pytest.raises(ConfigurationErrors, match="no parameter 'x'"):
        load(folder).check({"one": RuleSetting(parameters={"x": 1})})


def test_a_rule_that_is_not_there(folder: Path) -> None:
    ruleset = load(folder)
    assert ruleset.get("tow") is None
    with pytest.raises(ConfigurationError, match="there is no rule 'tow'"):
        ruleset.find("tow")
