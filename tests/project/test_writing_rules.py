"""The rule of docs/writing-rules.md works as the page says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import Command

PAGE = (Path(__file__).parents[2] / "docs" / "writing-rules.md").read_text(encoding="utf-8")
FILES = re.compile(r"^```yaml (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_rule_and_its_cases(groundrule: Command, tmp_path: Path) -> None:
    files = FILES.findall(PAGE)
    assert [name for name, _ in files] == [
        "policies/cost/team-label-missing.yaml",
        "policies/cost/team-label-missing.test.yaml",
        "policies/logging/vpc-without-flow-log.yaml",
        "policies/logging/vpc-without-flow-log.test.yaml",
    ]
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = groundrule("rules", "test", "policies", cwd=tmp_path)
    assert ran == (0, "2 rules, 11 cases and examples, 0 failures\n", "")
    (tmp_path / "compose.yaml").write_text("services:\n  web:\n    image: nginx:1.27.2\n")
    ran = groundrule("scan", "--rules", "policies", "--select", "team-label-missing", "-f", "github", cwd=tmp_path)
    assert ran.status == 1
    assert "file=compose.yaml,line=2," in ran.out
