"""Start-up: which modules a command may import, since imports are most of the time of a short run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, write_files

HEAVY = {
    "cel_expr_python",
    "difflib",
    "gzip",
    "google.protobuf",
    "html",
    "importlib.metadata",
    "json.tool",
    "jsonschema",
    "re2",
    "rich",
    "sarif_om",
    "subprocess",
    "tempfile",
    "tomllib",
}
NEVER = {
    "scanner.aws.snapshot",
    "scanner.policy.cel.check",
    "scanner.policy.cel.lower",
    "scanner.policy.cel.wire",
    "scanner.policy.rule_file",
    "scanner.policy.schema",
    "scanner.report.line_hash",
}
"""What no scan of a repository needs whose rules are compiled."""
ONLY_FOR = {
    "compose.yaml": {"scanner.sources.compose.project", "scanner.normalize.compose"},
    "manifest.yaml": {"scanner.sources.kubernetes.manifests", "scanner.normalize.kubernetes"},
}
COMPOSE = "services:\n  web:\n    image: nginx:latest\n    ports: ['127.0.0.1:80:80']\n"
MANIFEST = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"


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
@pytest.mark.parametrize("name", ONLY_FOR)
def test_a_scan_imports_only_what_it_needs(tmp_path: Path, name: str, form: str) -> None:
    write_files(tmp_path, {"compose.yaml": COMPOSE, "manifest.yaml": MANIFEST})
    imported(tmp_path, "scan", name)  # compiles the rules, unless they are cached
    modules = imported(tmp_path, "scan", name, "--format", form)  # for -f click itself imports difflib
    assert modules >= {"scanner.scan", *ONLY_FOR[name]}
    others = set().union(*(each for other, each in ONLY_FOR.items() if other != name))
    of_formats = {"scanner.report.json_results"} if form != "json" else set()
    assert sorted(modules & (HEAVY | NEVER | others | of_formats)) == []
    commands = {name for name in modules if name.startswith("scanner.cli.")}
    assert commands <= {
        f"scanner.cli.{name}"
        for name in ("app", "complain", "helm_options", "rule_options", "scan", "output", "progress")
    }


def test_named_tuples_are_declared_quickly(tmp_path: Path) -> None:
    """NamedTuple compiles each annotation that is a text, which doubles the time that a declaration takes.

    Modules that import names for typing only have to put up with it."""
    write_files(tmp_path, {"compose.yaml": COMPOSE})
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
