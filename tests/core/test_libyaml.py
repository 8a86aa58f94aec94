"""The YAML library: imported in one place, without compiling what nobody uses, and whole all the same."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.core.libyaml import yaml

ROOT = Path(__file__).parents[2]
IMPORT = """
import re, sys
from re import _compiler
patterns, compile = [], _compiler.compile
_compiler.compile = lambda pattern, flags: patterns.append(pattern) or compile(pattern, flags)
true = re.compile
from scanner.core.libyaml import yaml
assert re.compile is true
print(patterns)
"""


def test_its_import_compiles_no_pattern() -> None:
    run = subprocess.run([sys.executable, "-c", IMPORT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_its_own_readers_work() -> None:
    text = "[2020-01-02, 1.5, 0x10, yes, ~, a]"
    assert yaml.load(text, yaml.SafeLoader) == [datetime.date(2020, 1, 2), 1.5, 16, True, None, "a"]
    with pytest.raises(yaml.reader.ReaderError):
        yaml.load("\x01", yaml.SafeLoader)


def test_nothing_else_imports_it_at_once() -> None:
    imports = re.compile(r"^(?:import|from) yaml\b", re.MULTILINE)
    found = [path.name for path in (ROOT / "scanner").rglob("*.py") if imports.search(path.read_text("utf-8"))]
    assert found == []
