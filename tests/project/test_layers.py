"""The layers of DESIGN: which package may import which, read from the syntax of every module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCANNER = ROOT / "scanner"
MODULES = sorted(SCANNER.rglob("*.py"))

ALLOWED = {
    "core": {"core"},
    "template": {"core", "template"},
    "helm": {"core", "template", "helm"},
    "aws": {"core", "aws"},
    "sources": {"core", "sources"},
    "sources.helm": {"core", "template", "helm", "sources", "sources.helm"},
    "sources.aws": {"core", "aws", "sources", "sources.aws"},
    "normalize": {"core", "normalize"},
    "policy": {"core", "policy"},
    "report": {"core", "report"},
    "foreign": {"core", "foreign"},
    # The scan layer: one module each, beside the packages that it ties together.
    "scan": {
        "core",
        "helm",
        "aws",
        "sources",
        "sources.helm",
        "sources.aws",
        "normalize",
        "policy",
        "report",
        "foreign",
        "scan",
    },
    "cli": {"core", "helm", "aws", "sources", "normalize", "policy", "report", "foreign", "scan", "cli"},
}
ONLY_IN = {
    "boto3": "scanner/aws/",
    "botocore": "scanner/aws/",
    "jmespath": "scanner/aws/",
    "cel_expr_python": "scanner/policy/cel/",
    "google.protobuf": "scanner/policy/cel/",
    "sarif_om": "scanner/report/sarif.py",
    "click": "scanner/cli/",
}
CORE_LIBRARIES = {"yaml"}


def layer_of(module: str) -> str:
    """`scanner.core.route` is core; modules directly in scanner/ are the scan layer."""
    parts = module.split(".")
    if parts[1:3] in (["sources", "helm"], ["sources", "aws"]):
        return f"sources.{parts[2]}"
    if len(parts) > 1 and parts[1] in ALLOWED and parts[1] != "scan":
        return parts[1]
    return "scan"


def imports_of(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            found.append((node.lineno, node.module or ""))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def violations(path: Path, root: Path = ROOT) -> list[str]:
    relative = path.relative_to(root).as_posix()
    layer = layer_of(relative.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    wrong = []
    for line, name in imports_of(path):
        top = name.split(".")[0]
        # `from scanner import __version__` is no layer
        named = top == "scanner" and name.count(".") and name != "scanner.__version__"
        if named and layer_of(name) not in ALLOWED[layer]:
            wrong.append(f"{relative}:{line}: {layer} imports {name}")
        for library, place in ONLY_IN.items():
            if (name == library or name.startswith(library + ".")) and not relative.startswith(place):
                wrong.append(f"{relative}:{line}: only {place} imports {library}")
        if layer == "core" and top not in {"scanner", "__future__"} | CORE_LIBRARIES and not is_standard(top):
            wrong.append(f"{relative}:{line}: core imports {name}")
    return wrong


def is_standard(name: str) -> bool:
    import sys

    return name in sys.stdlib_module_names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SCANNER).as_posix())
def test_imports_stay_in_their_layers(path: Path) -> None:
    assert violations(path) == []


def test_a_violation_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "scanner" / "core" / "bad.py"
    module.parent.mkdir(parents=True)
    module.write_text("import click\nfrom scanner.report import text\n")
    assert violations(module, tmp_path) == [
        "scanner/core/bad.py:1: only scanner/cli/ imports click",
        "scanner/core/bad.py:1: core imports click",
        "scanner/core/bad.py:2: core imports scanner.report",
        "scanner/core/bad.py:2: core imports scanner.report.text",
    ]


def prints_or_exits(path: Path) -> list[str]:
    names = {"print", "exit", "quit"}
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in names:
                found.append(f"line {node.lineno}: {node.func.id}()")
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func) in {"sys.exit", "os._exit"}:
                found.append(f"line {node.lineno}: {ast.unparse(node.func)}()")
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if "cli" not in path.relative_to(SCANNER).parts],
    ids=lambda path: path.relative_to(SCANNER).as_posix(),
)
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    assert prints_or_exits(path) == []


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 560} == {}


def test_no_utils() -> None:
    assert [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []
