"""The README's first screen and tables are what groundrule really prints and holds (`--update-goldens` rewrites them)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.policy.ruleset import load_ruleset

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
FIRST = re.compile(r"(```console\n\$ groundrule (scan [^\n]*)\n)(.*?)(```)", re.DOTALL)
FAMILIES = re.compile(r"(\| family \| rules \| for example \|\n\|---\|---\|---\|\n)((?:\|[^\n]*\n|<!--[^\n]*\n)*)")


def printed(arguments: str) -> str:
    command = [Path(sys.executable).with_name("groundrule"), *arguments.split()]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def families() -> str:
    infos = [rule.info for rule in load_ruleset([]).all]
    rows = []
    for family in sorted({info.family for info in infos}):
        members = sorted(info.id for info in infos if info.family == family)
        examples = ", ".join(f"`{name}`" for name in members[:3])
        rows.append(f"| {family} | {len(members)} | {examples} |\n")
    return "".join(rows)


def counts(text: str) -> str:
    infos = [rule.info for rule in load_ruleset([]).all]
    for name, target in (("Compose files", "compose"), ("Kubernetes manifests", "kubernetes")):
        number = sum(target in info.targets for info in infos)
        text = re.sub(rf"(\| rules for {name} \| )[^|]*", rf"\g<1>{number} ", text)
    return text


def test_the_first_screen_and_the_tables(pytestconfig: pytest.Config) -> None:
    text = README.read_text(encoding="utf-8")
    wanted = FIRST.sub(lambda match: match[1] + printed(match[2]) + match[4], text)
    wanted = counts(FAMILIES.sub(lambda match: match[1] + families(), wanted))
    if pytestconfig.getoption("--update-goldens"):
        README.write_text(wanted, encoding="utf-8", newline="\n")
        text = wanted
    assert text == wanted
    assert "3 open findings: 2 high, 1 medium" in text
