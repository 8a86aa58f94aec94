"""What --diff-base calls new is what two scans of everything tell apart, after random edits of public configurations."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from scanner.baseline.file import baseline_text
from scanner.core.result import Report
from scanner.scan import Change, Options, scan
from tests.baseline import edits
from tests.baseline.test_survives import charts
from tests.diff.repository import git

EDITED = (".yaml", ".yml", ".tpl", ".env")

_JUDGED = re.compile(r"(?i)(image|tag|user|privileged|memory|cpu|replica|host|readonly|capabilit|port)\w*:\s*\S")
"""Lines whose values rules read."""


def fill(folder: Path, compose: Path, helm: Path, seed: int, size: int) -> None:
    """Some Compose projects, charts and manifests of the corpora."""
    draw = random.Random(seed)
    for chart in draw.sample(charts(helm), 2 * size):
        edits.copy(chart, folder / "charts" / chart.relative_to(helm / "charts"))
    for project in draw.sample(sorted(path for path in (compose / "projects").glob("*/*") if path.is_dir()), 2 * size):
        edits.copy(project, folder / "compose" / project.relative_to(compose / "projects"))
    (folder / "k8s").mkdir()
    for manifest in draw.sample(sorted((helm / "golden").glob("*.yaml")), size):
        shutil.copy(manifest, folder / "k8s")


def edit(folder: Path, draw: random.Random) -> str:
    """One edit of one file: a line that goes or comes twice, another value, another name, or the file gone."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.suffix in EDITED and ".git" not in path.parts
    )
    kind = draw.choice(["drop", "twice", "value", "value", "value", "value", "move", "gone"])
    if kind == "value":
        files = [path for path in files if _JUDGED.search(path.read_text("utf-8", "surrogateescape"))] or files
    path = draw.choice(files)
    lines = path.read_text("utf-8", "surrogateescape").splitlines(keepends=True)
    if kind == "gone":
        path.unlink()
    elif kind == "move":
        path.rename(path.with_name(f"moved-{path.name}"))
    elif lines:
        number = draw.randrange(len(lines))
        if kind == "value":
            judged = [n for n, line in enumerate(lines) if _JUDGED.search(line)]
            number = draw.choice(judged or [number])
            value = draw.choice(["true", "0", "latest", "root", "nginx:latest", "{}"])
            lines[number] = re.sub(r":\s*\S.*", f": {value}", lines[number])
        else:
            lines[number] = "" if kind == "drop" else lines[number] * 2
        path.write_text("".join(lines), "utf-8", "surrogateescape")
    return f"{kind} {path.relative_to(folder)}"


def new(report: Report) -> Counter[str]:
    return Counter(
        f"{finding.rule.id} {finding.resource.type} {finding.resource.name} {finding.key}"
        for finding in report.findings
        if finding.outcome == "fail" and finding.state == "new"
    )


def compare(folder: Path, seed: int) -> int:
    """Edits a repository, and compares the two ways; returns how many findings are new."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "base")
    before = scan([folder], Options(writes_baseline=True)).compared
    assert before is not None
    draw = random.Random(seed)
    said = [edit(folder, draw) for _ in range(draw.choice([1, 3, 6, 12]))]
    git(folder, "add", "-A", "-f")
    whole = folder.parent / "known.json"
    whole.write_text(baseline_text(before.added))
    expected = new(scan([folder], Options(baseline=whole)).report)
    found = new(scan([folder], Options(change=Change("HEAD"))).report)
    assert found == expected, "\n".join(said)
    return expected.total()


def run(compose: Path, helm: Path, folder: Path, seeds: range, size: int) -> int:
    total = 0
    for seed in seeds:
        place = folder / str(seed) / "repository"
        place.mkdir(parents=True)
        fill(place, compose, helm, seed, size)
        total += compare(place, seed)
        shutil.rmtree(place.parent)
    return total


def test_some_edits(compose_corpus: Path, helm_corpus: Path, tmp_path: Path) -> None:
    run(compose_corpus, helm_corpus, tmp_path, range(3), 1)


@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 60, 12))
def test_many_edits(compose_corpus: Path, helm_corpus: Path, tmp_path: Path, start: int) -> None:
    assert run(compose_corpus, helm_corpus, tmp_path, range(1000 + start, 1012 + start), 3) > 0
