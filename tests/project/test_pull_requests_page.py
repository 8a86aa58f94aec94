"""The commands of docs/pull-requests.md, on a clone of a repository with a change."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.conftest import Command
from tests.diff.repository import Repository, git, start

PAGE = (Path(__file__).parents[2] / "docs" / "pull-requests.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMPOSE = "services:\n  web:\n    image: web:latest\n"
FILES: dict[str, str | bytes | None] = {
    "compose.yaml": COMPOSE,
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/templates/_helpers.tpl": '{{ define "image" }}shop:latest{{ end }}\n',
    "charts/shop/templates/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: app\n"
        '      image: {{ include "image" . }}\n'
    ),
}


def test_the_page(groundrule: Command, tmp_path: Path) -> None:
    commands = [[shlex.split(line) for line in block.splitlines()] for block in BLOCKS]
    (plain,), (fetch, reported), (untrusted,), (hints,) = commands
    origin = start(tmp_path / "origin", groundrule, FILES)
    git(tmp_path, "clone", "-q", f"file://{origin.root}", "full")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{origin.root}", "shallow")
    clone, shallow = Repository(tmp_path / "full", groundrule), Repository(tmp_path / "shallow", groundrule)
    for each in (clone, shallow):
        each.commit(
            {"compose.yaml": f"{COMPOSE}  api:\n    image: api:latest # groundrule: ignore[image-not-pinned] me\n"}
        )
    ran = groundrule(*plain[1:], cwd=clone.root)
    assert ran.status == 1
    assert "image api:latest has no fixed version" not in ran.out
    ran = groundrule(*untrusted[1:], cwd=clone.root)
    assert "compose.yaml:5:12: high: image api:latest has no fixed version" in ran.out
    assert "web:latest" not in ran.out
    git(shallow.root, *fetch[1:])
    ran = groundrule(*reported[1:], cwd=shallow.root)
    assert ran.status == 1
    assert "::" in ran.out
    assert '"baselineState": "new"' in (shallow.root / "results.sarif").read_text()
    ran = groundrule(*hints[1:], cwd=clone.root)
    assert "charts/shop/templates/_helpers.tpl:1:" in ran.out
    assert "Scanned 2 inputs (1 compose, 1 helm)" in ran.out
