"""The built wheel, installed in a fresh environment: it carries the rules, compiled, and scans."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:latest
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`groundrule` of a wheel built from this checkout."""
    scratch = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", scratch / "dist", ROOT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (wheel,) = (scratch / "dist").glob("*.whl")
    venv.create(scratch / "env", with_pip=True)
    binaries = scratch / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run(
        [binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return binaries / "groundrule"


def run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # No cache folder and no home: what the scan needs is in the wheel.
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd / "none"), "XDG_CACHE_HOME": str(cwd / "none")}
    return subprocess.run(
        [program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_scans_with_the_rules_that_it_carries(program: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MANIFEST)
    done = run(program, "scan", "-f", "json", "--select", "image-not-pinned", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    (result,) = json.loads(done.stdout)["results"]
    assert (result["rule"], result["location"]["path"], result["location"]["line"], result["location"]["column"]) == (
        "image-not-pinned",
        "pod.yaml",
        8,
        14,
    )
    assert not (tmp_path / "none").exists()


def test_its_rules_are_compiled_already(program: Path, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MANIFEST)
    probe = (
        "import sys; from scanner.cli import main; sys.argv = ['groundrule', 'scan', 'pod.yaml']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'cel_expr_python', 'google.protobuf', 'jsonschema', 'sarif_om', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [program.with_name("python"), "-I", "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_it_knows_every_rule_of_the_checkout(program: Path, tmp_path: Path) -> None:
    done = run(program, "rules", "list", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    ids = {path.stem for path in (ROOT / "rules").glob("*/*.yaml") if not path.stem.endswith(".test")}
    assert {identifier for identifier in ids if identifier not in done.stdout} == set()
