"""Start-up: which modules a command may import, since imports are most of the time of a short run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, write_files

HEAVY = (
    "cel_expr_python",
    "google.protobuf",
    "re2",
    "sarif_om",
    "jsonschema",
    "rich",
    "importlib.metadata",
    "json.tool",
)


def imported(folder: Path, *arguments: str) -> set[str]:
    code = (
        "import sys; from scanner.cli import run; run(sys.argv[1:]);"
        "sys.stderr.write('\\n'.join(sys.modules)); sys.stdout.close()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=folder, timeout=60
    )
    return set(run.stderr.split("\n"))


def test_version_imports_next_to_nothing(tmp_path: Path) -> None:
    modules = imported(tmp_path, "--version")
    assert "scanner.cli.app" in modules
    assert {name for name in modules if name.startswith(("scanner.", "yaml")) and not name.startswith("scanner.cli")} <= {
        "scanner.core", "scanner.core.errors", "scanner.core.location", "scanner.core.result", "scanner.exit_status"
    }  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_scan_imports_no_heavy_library(tmp_path: Path, form: str) -> None:
    write_files(tmp_path, {"compose.yaml": "services:\n  web:\n    image: nginx:latest\n"})
    imported(tmp_path, "scan")  # compiles the rules, unless they are cached
    modules = imported(tmp_path, "scan", "-f", form)
    assert "scanner.scan" in modules
    assert [name for name in HEAVY if name in modules] == []
    commands = {name for name in modules if name.startswith("scanner.cli.")}
    assert commands <= {
        f"scanner.cli.{name}" for name in ("app", "complain", "helm_options", "scan", "output", "progress")
    }


def test_named_tuples_are_declared_quickly(tmp_path: Path) -> None:
    """NamedTuple compiles each annotation that is a text, which doubles the time that a declaration takes.

    Modules that import names for typing only have to put up with it."""
    write_files(tmp_path, {"compose.yaml": "services:\n  web:\n    image: nginx:latest\n"})
    names_itself = {"scanner.sources.compose.spec"}
    slow = set()
    for name in imported(tmp_path, "scan") - names_itself:
        path = ROOT / f"{name.replace('.', '/')}.py"
        if name.startswith("scanner.") and path.exists():
            source = path.read_text("utf-8")
            postponed = "from __future__ import annotations" in source and "TYPE_CHECKING" not in source
            if postponed and "(NamedTuple):" in source:
                slow.add(name)
    assert slow == set()
