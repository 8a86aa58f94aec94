"""docs/pre-commit.md: its configuration is one, its hooks exist, its command works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.conftest import ROOT, Command, write_files

PAGE = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")


def test_the_configuration(tmp_path: Path) -> None:
    match = re.search(r"^```yaml \S+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert match
    write_files(tmp_path, {".pre-commit-config.yaml": match[1]})
    pre_commit = Path(sys.executable).with_name("pre-commit")
    done = subprocess.run([pre_commit, "validate-config"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in yaml.safe_load(match[1])["repos"][0]["hooks"]} < known
    assert set(re.findall(r"^\| `([\w-]+)`", PAGE, re.MULTILINE)) == known


def test_the_command(groundrule: Command, tmp_path: Path) -> None:
    (command,) = re.findall(r"^groundrule (scan .*)$", PAGE, re.MULTILINE)
    files = {
        "compose.yaml": "services:\n  web:\n    image: nginx\n",
        "other/compose.yaml": "services:\n  web:\n    image: nginx\n",
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "tag: latest\n",
        "charts/web/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: 'nginx:{{ .Values.tag }}'}]\n",
        ".git/HEAD": "",
    }
    write_files(tmp_path, files)
    ran = groundrule(*command.split(), cwd=tmp_path)
    assert ran.status == 1
    assert "compose.yaml:3:12: high" in ran.out
    assert "charts/web/values.yaml:1:6: high" in ran.out
    assert "other/" not in ran.out
