"""Pages that are sessions: their files are written, their commands run in order, their outputs are those printed.

`--update-goldens` writes the outputs anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command

PAGES = ["quick-start.md"]
BLOCK = re.compile(r"^```(yaml|console|sh)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_page(groundrule: Command, tmp_path: Path, pytestconfig: pytest.Config, name: str) -> None:
    page = ROOT / "docs" / name
    text = page.read_text(encoding="utf-8")
    (tmp_path / ".git").mkdir()

    def tried(block: re.Match[str]) -> str:
        language, file, content = block.groups()
        if language == "yaml" and file:
            (tmp_path / file).write_text(content, encoding="utf-8")
        if language == "sh":
            for command in re.findall(r"^groundrule (.*)$", content, re.MULTILINE):
                assert groundrule(*command.split(), cwd=tmp_path).status == 0, command
        if language != "console":
            return block[0]
        command, _, _ = content.partition("\n")
        program, *arguments = command.removeprefix("$ ").split()
        assert program == "groundrule", command
        ran = groundrule(*arguments, cwd=tmp_path)
        assert ran.status in (0, 1), ran.err
        return f"```console\n{command}\n{ran.out}```"

    wanted = BLOCK.sub(tried, text)
    if pytestconfig.getoption("--update-goldens"):
        page.write_text(wanted, encoding="utf-8", newline="\n")
        text = wanted
    assert text == wanted
