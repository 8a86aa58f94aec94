"""The commands of docs/baseline.md, in their order, on a repository that begins with groundrule."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.conftest import Command, write_files

PAGE = (Path(__file__).parents[2] / "docs" / "baseline.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMPOSE = "services:\n  web:\n    image: web:latest\n    privileged: true\n"


def test_the_page(groundrule: Command, tmp_path: Path) -> None:
    commands = [shlex.split(line)[1:] for kind, text in BLOCKS for line in text.splitlines() if not kind]
    assert [command[:2] for command in commands] == [["baseline", "write"], ["scan", "--show-suppressed"]] + [
        ["baseline", "write"]
    ] * 2
    (configuration,) = [text for kind, text in BLOCKS if kind == "yaml"]
    write_files(tmp_path, {".git/HEAD": "", "compose.yaml": COMPOSE})
    assert groundrule("scan", cwd=tmp_path).status == 1
    assert groundrule(*commands[0], cwd=tmp_path).status == 0
    write_files(tmp_path, {".groundrule.yaml": configuration})
    ran = groundrule(*commands[1], cwd=tmp_path)
    assert ran.status == 0
    assert "image-not-pinned" in ran.out
    write_files(tmp_path, {"compose.yaml": COMPOSE.replace("    privileged: true\n", "    network_mode: host\n")})
    for command, said in ((commands[2], "would be written"), (commands[3], "is written")):
        ran = groundrule(*command, cwd=tmp_path)
        assert ran.status == 0
        assert "- privileged-container of compose/service web" in ran.out
        assert said in ran.out
    assert "+ host-network" in groundrule(*commands[2], cwd=tmp_path).out
    assert groundrule("scan", cwd=tmp_path).status == 1
    write_files(tmp_path, {"compose.yaml": COMPOSE.replace("web:latest", "api:latest")})
    assert "image-not-pinned" in groundrule("scan", "--select", "image-not-pinned", cwd=tmp_path).out


def test_the_page_is_found() -> None:
    usage = (Path(__file__).parents[2] / "docs" / "usage.md").read_text(encoding="utf-8")
    assert "(baseline.md)" in usage
