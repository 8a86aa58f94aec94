"""What must hold for every rule: names, words, controls, and a way out for each target."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.policy.load import builtin_folder

FOLDER = builtin_folder()
FILES = sorted(path for path in FOLDER.rglob("*.yaml") if not path.name.endswith(".test.yaml"))
CONTROLS = {
    "aws-fsbp": ("1.0.0", re.compile(r"[A-Z][A-Za-z0-9]+\.\d+")),
    "cis-aws": ("7.0.0", re.compile(r"[1-6](\.\d+){1,2}")),
    "cis-docker": ("1.6", re.compile(r"5\.\d+")),
    "cis-kubernetes": ("1.8", re.compile(r"5\.[1-7]\.\d+")),
    "nsa-kubernetes": ("1.2", re.compile(r"[A-Z][\w -]+")),
    "pss-baseline": ("latest", re.compile(r"[a-z][A-Za-z_]+")),
    "pss-restricted": ("latest", re.compile(r"[a-z][A-Za-z_]+")),
    "soc2": ("2017", re.compile(r"CC[1-9]\.\d{1,2}|A1\.[1-3]")),
}
PSS_BASELINE = {
    "appArmorProfile", "capabilities_baseline", "hostNamespaces", "hostPathVolumes", "hostPorts", "privileged",
    "procMount", "seLinuxOptions", "seccompProfile_baseline", "sysctls", "windowsHostProcess",
}  # fmt: skip
PSS_RESTRICTED = {
    "allowPrivilegeEscalation", "capabilities_restricted", "runAsNonRoot", "runAsUser", "seccompProfile_restricted",
}  # fmt: skip
# Matters of taste, which nearly every file has: they inform, and stop nobody.
ADVICE = {
    "cpu-limit-missing", "ephemeral-storage-limit-missing", "image-without-digest", "log-size-unlimited",
    "pids-limit-missing", "user-not-set", "writable-root-filesystem",
}  # fmt: skip


def load(path: Path) -> dict[str, Any]:
    rule: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return rule


RULES = {path: load(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_names(path: Path) -> None:
    rule = RULES[path]
    assert (rule["family"], rule["id"]) == (path.parent.name, path.stem)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule["id"])
    assert rule["title"][0].isupper()
    assert not rule["title"].endswith(".")
    assert len(rule["title"]) <= 72


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_remedy_for_each_target(path: Path) -> None:
    rule = RULES[path]
    remedy, targets = rule["remediation"], rule["targets"]
    if isinstance(remedy, str):
        assert len(targets) == 1
        remedy = {targets[0]: remedy}
    assert sorted(remedy) == sorted(targets)
    for text in (*remedy.values(), rule["rationale"]):
        assert re.match(r"[A-Z`]", text)
        assert text.strip().endswith((".", "`"))
        assert "\n" not in text.strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_controls_are_of_known_frameworks(path: Path) -> None:
    for control in RULES[path].get("controls", []):
        version, pattern = CONTROLS[control["framework"]]
        assert control["version"] == version
        assert pattern.fullmatch(control["control"])
        if control["framework"] == "pss-baseline":
            assert control["control"] in PSS_BASELINE
        if control["framework"] == "pss-restricted":
            assert control["control"] in PSS_RESTRICTED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_parameter_is_used(path: Path) -> None:
    rule = RULES[path]
    text = " ".join(str(rule.get(key, "")) for key in ("when", "compliant", "message", "variables"))
    for name in rule.get("parameters", {}):
        assert f"parameters.{name}" in text
    for name in rule.get("variables", {}):
        assert re.search(rf"\b{name}\b", text)


def test_titles_and_messages_are_unique() -> None:
    for key in ("id", "title", "message", "rationale"):
        counts = Counter(str(rule[key]) for rule in RULES.values())
        assert [text for text, count in counts.items() if count > 1] == []


def test_the_families_of_the_mission_are_covered() -> None:
    count = Counter(rule["family"] for rule in RULES.values())
    for family in (
        "pinned-images", "network-policies", "resource-limits", "multi-az", "secrets-in-env", "health-checks",
    ):  # fmt: skip
        assert count[family] >= 4
    assert count["hardening"] >= 15


def test_one_rule_serves_compose_and_kubernetes() -> None:
    both = [rule["id"] for rule in RULES.values() if {"compose", "kubernetes"} <= set(rule["targets"])]
    assert len(both) >= 20


def test_advice_stops_nobody() -> None:
    assert {rule["id"] for rule in RULES.values() if rule["id"] in ADVICE and rule["severity"] == "info"} == ADVICE


def test_lists_that_rules_share_are_equal() -> None:
    """A rule that leaves something to another one names exactly what that one judges."""
    shared = {
        "databases", "mutable_tags", "tool_profiles",
        "production_tags", "non_production_tags", "critical_tags", "spot_able_tags",
    }  # fmt: skip
    lists: dict[str, set[tuple[str, ...]]] = {}
    for rule in RULES.values():
        for name, parameter in rule.get("parameters", {}).items():
            if name in shared:
                lists.setdefault(name, set()).add(tuple(parameter["default"]))
    assert set(lists) == shared
    assert {name for name, values in lists.items() if len(values) > 1} == set()
    by_id = {rule["id"]: rule for rule in RULES.values()}

    def default(rule_id: str, name: str) -> list[str]:
        found: list[str] = by_id[rule_id]["parameters"][name]["default"]
        return found

    databases = default("database-port-published", "databases")
    assert default("port-published-on-all-addresses", "judged_elsewhere") == databases
    assert default("host-port", "judged_elsewhere") == databases
    equal_to_root = default("capability-equal-to-root", "capabilities")
    assert default("capability-beyond-default", "judged_elsewhere") == equal_to_root
    folders = default("sensitive-host-path", "folders")
    assert default("host-path-volume", "judged_elsewhere") == folders
    assert default("sensitive-host-path-read", "folders") == folders
    assert default("sensitive-host-path-read", "harmless") == default("sensitive-host-path", "harmless")
