"""`groundrule render CHART`: the bytes and messages of `helm template`, recorded, for every option."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, write_files

RECORDED = json.loads(Path(__file__).with_name("render_results.json").read_text(encoding="utf-8"))


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return write_files(tmp_path / "demo", RECORDED["files"])


@pytest.mark.parametrize(
    "case", RECORDED["cases"], ids=lambda case: " ".join([case["name"] or "", *case["args"]])[:60] or "plain"
)
def test_as_recorded_from_helm(demo: Path, groundrule: Command, case: dict[str, Any]) -> None:
    name = [] if case["name"] is None else [f"--release-name={case['name']}"]
    ran = groundrule("render", ".", *case["args"], *name, cwd=demo)
    assert ran.out == case["out"]
    assert ran.status == (3 if case["error"] else 0)
    warnings, _, problem = ran.err.partition("error: ")
    assert sorted(line for line in warnings.split("\n") if line) == case["warnings"]
    # Ours begins with the place, and ends with what helps. Helm names the entries of a mapping in any order.
    problem = problem.split("\n  help: ")[0].removesuffix("\n")
    assert sorted(problem[-len(case["error"]) :].split("\n") if case["error"] else [problem]) == sorted(
        case["error"].split("\n")
    )


def test_an_archive(demo: Path, groundrule: Command, tmp_path: Path) -> None:
    archive = tmp_path / "demo-1.2.3.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in RECORDED["files"].items():
            entry = tarfile.TarInfo(f"demo/{name}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    assert groundrule("render", archive).out == groundrule("render", demo).out


def test_values_from_standard_input(demo: Path, groundrule: Command) -> None:
    ran = groundrule("render", demo, "-f", "-", "--show-only", "templates/b.yaml", stdin="replicas: 7\n")
    assert "replicas: 7" in ran.out


def test_the_same_text_twice_where_that_is_asked_for(tmp_path: Path, groundrule: Command) -> None:
    text = 'a: {{ randAlphaNum 20 }}\nb: {{ now | unixEpoch }}\nc: {{ (genCA "x" 1).Cert | sha256sum }}\n'
    chart = write_files(tmp_path, {"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "templates/a.yaml": text})
    first, second = (groundrule("render", chart, "--deterministic").out for _ in range(2))
    assert first == second != groundrule("render", chart).out


def test_bytes_that_are_no_text_come_out_as_they_are(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from scanner.cli import run

    files = {"Chart.yaml": b"apiVersion: v2\nname: c\nversion: 1.0.0\n", "crds/a.yaml": b"a: \xff\xfe\n"}
    chart = write_files(tmp_path, dict(files))
    assert run(["render", str(chart), "--include-crds"]) == 0
    assert capfdbinary.readouterr().out == b"---\n# Source: c/crds/a.yaml\na: \xff\xfe\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--profile", "x"], "error: --profile is for Compose projects\n  help: a chart takes --set and -f\n"),
        (["--set", "a"], 'error: failed parsing --set data: key "a" has no value\n'),
    ],
)
def test_options_that_do_not_fit(demo: Path, groundrule: Command, arguments: list[str], problem: str) -> None:
    ran = groundrule("render", demo, *arguments)
    assert (ran.out, ran.err) == ("", problem)


def test_options_of_charts_are_none_of_compose(tmp_path: Path, groundrule: Command) -> None:
    write_files(tmp_path, {"compose.yaml": "services: {a: {image: x}}\n"})
    ran = groundrule("render", tmp_path / "compose.yaml", "--set", "a=1")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"error: --set is for charts, and {tmp_path / 'compose.yaml'} is none\n")


@pytest.mark.parametrize("name", ["nope", "nope.tgz"])
def test_a_chart_that_is_not_there(tmp_path: Path, groundrule: Command, name: str) -> None:
    ran = groundrule("render", name, "--include-crds", cwd=tmp_path)
    assert (ran.status, ran.err) == (3, f'error: path "{name}" not found\n')


def test_a_folder_that_is_no_chart(tmp_path: Path, groundrule: Command) -> None:
    ran = groundrule("render", tmp_path, "--include-crds")
    assert ran.status == 3
    assert "Chart.yaml file is missing" in ran.err


def test_a_byte_that_is_no_text_in_an_error(tmp_path: Path, groundrule: Command) -> None:
    files = {
        "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "templates/a.yaml": '{{ "/w==" | b64dec | fail }}',
    }
    write_files(tmp_path, files)
    where = "templates/a.yaml:1:22: execution error at (c/templates/a.yaml:1:21): "
    assert groundrule("render", ".", cwd=tmp_path).err == f"error: {where}\N{REPLACEMENT CHARACTER}\n"
