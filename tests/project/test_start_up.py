"""What a scan need not import, it does not: start-up time is a feature, and modules are what it is made of."""

import subprocess
import sys

import pytest

COMPOSE = "services:\n  web:\n    image: nginx:1.27\n    ports: ['127.0.0.1:80:80']\n"
MANIFEST = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
NEVER = {
    "rich",
    "jsonschema",
    "cel_expr_python",
    "google.protobuf",
    "sarif_om",
    "importlib.metadata",
    "difflib",
    "html",
    "tomllib",
    "subprocess",
    "tempfile",
    "scanner.policy.cel.check",
    "scanner.policy.cel.lower",
    "scanner.policy.cel.wire",
    "scanner.policy.rule_file",
    "scanner.policy.schema",
    "scanner.report.json_results",
    "scanner.report.line_hash",
}
ONLY_FOR = {
    "compose.yaml": {"scanner.sources.compose.project", "scanner.normalize.compose"},
    "manifest.yaml": {"scanner.sources.kubernetes.manifests", "scanner.normalize.kubernetes"},
}
PROBE = """
import sys
sys.stdout.reconfigure(encoding="utf-8")
from scanner.cli import run
status = run(sys.argv[1:])
print("\\n--modules--", *sys.modules, sep="\\n")
sys.exit(status)
"""


def modules(*arguments, cwd):
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.partition("\n--modules--\n")[2].split())


@pytest.mark.parametrize("name", ONLY_FOR)
def test_scan(name, tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "manifest.yaml").write_text(MANIFEST)
    modules("scan", name, cwd=tmp_path)  # whoever works on the rules compiles them here, and keeps them
    imported = modules("scan", name, cwd=tmp_path)
    others = set().union(*(each for other, each in ONLY_FOR.items() if other != name))
    assert ONLY_FOR[name] <= imported
    assert sorted(imported & (NEVER | others)) == []


def test_version(tmp_path):
    imported = modules("--version", cwd=tmp_path)
    assert "scanner.cli.app" in imported
    assert sorted(imported & {*NEVER, "yaml", "scanner.scan", "scanner.config", "scanner.policy.rule"}) == []
