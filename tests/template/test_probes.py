"""Tables of templates with what Helm makes of them, written by `helm-probe` and never by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scanner.helm.capabilities import BuildInfo, Capabilities, parse_kube_version
from tests.conftest import find_tool
from tests.template.probing import render_probe

UNSTABLE = 'toYaml (dict "a10" 1 "a2" 2 "A" 3'
"""go-yaml's order of keys is cyclic for these: Helm writes one of five orders, by chance, and so may we."""

PROBES = Path(__file__).with_name("probes")
TABLES = sorted(PROBES.glob("*.jsonl"))


def read(table: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in table.read_text(encoding="utf-8").split("\n") if line]


def differences(rows: list[dict[str, Any]], *, traced: bool, profile: Capabilities | None = None) -> list[str]:
    found = []
    for number, row in enumerate(rows, 1):
        output, error = render_probe(row["t"], row.get("v", ""), traced=traced, profile=profile)
        # JSON cannot carry bytes that are no text: helm-probe writes the replacement character for each.
        output = output.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if (output, error) != (row["o"], row.get("e") or ""):
            found.append(f"{number}: {row['t']!r}\n  Helm: {row['o']!r} {row.get('e')!r}\n  ours: {output!r} {error!r}")
    return found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_probes(table: Path, pytestconfig: pytest.Config) -> None:
    rows = read(table)
    if pytestconfig.getoption("--update-goldens"):
        rows = rewritten(table, rows)
    assert "\n".join(differences(rows, traced=True)) == ""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_without_tracing(table: Path) -> None:
    assert "\n".join(differences(read(table), traced=False)) == ""


def rewritten(table: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    program = find_tool("helm-probe")
    if program is None:
        pytest.fail("helm-probe is not installed: see CONTRIBUTING.md")
    questions = "".join(json.dumps({"t": row["t"], "v": row.get("v", "")}) + "\n" for row in rows)
    answers = subprocess.run([program], input=questions, capture_output=True, text=True, check=True).stdout
    for row, answer in zip(rows, map(json.loads, answers.rstrip("\n").split("\n")), strict=True):
        row["o"] = answer["o"]
        row.pop("e", None)
        if answer.get("e"):
            row["e"] = answer["e"]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return rows


def test_the_corpus_of_expressions(corpus: Path) -> None:
    """The expressions and values files that came with Helm's results."""
    folder = corpus / "helm-semantics"
    values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    rows = [
        {"t": row["template"], "v": values[str(row["values"])], "o": row["output"], "e": row["error"]}
        for row in read(folder / "expressions.jsonl")
    ]
    assert len(rows) == 178
    # They were made by a Helm without the version variables of a release.
    plain = Capabilities(parse_kube_version("v1.20.0"), helm_version=BuildInfo("v3.22"))
    for traced in (True, False):
        found = [text for text in differences(rows, traced=traced, profile=plain) if UNSTABLE not in text]
        assert "\n".join(found) == ""
    (row,) = [row for row in rows if UNSTABLE in row["t"]]
    assert sorted(render_probe(row["t"])[0].split("\n")) == sorted(row["o"].split("\n"))


def test_the_corpus_of_values_files(corpus: Path) -> None:
    rows = read(corpus / "helm-semantics" / "yaml-values.jsonl")
    assert len(rows) == 25
    assert "\n".join(differences(rows, traced=True)) == ""
