"""A baseline stays whole while files move, YAML is laid out anew, and the versions of charts rise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scanner.baseline.apply import described
from scanner.baseline.file import FILE_NAME, baseline_text
from scanner.scan import Options, scan
from tests.baseline import edits
from tests.conftest import write_files

Edit = Callable[[Path], object]
EDITS: dict[str, Edit] = {
    "moved": edits.move,
    "laid-out": lambda folder: edits.lay_out_files(folder, "*.y*ml"),
    "moved-and-laid-out": lambda folder: (edits.lay_out_files(folder, "*.y*ml"), edits.move(folder)),
}
CHART_EDITS: dict[str, Edit] = {
    "moved": edits.move,
    "values-laid-out": lambda folder: edits.lay_out_files(folder, "values.yaml"),
    "versions-raised": edits.raise_versions,
}


def survives(folder: Path, edit: Edit) -> tuple[int, list[str]]:
    """How many findings the inputs in `folder/inputs` have, and those that an edit adds to them or takes away."""
    write_files(folder, {".git/HEAD": ""})
    options = Options(writes_baseline=True)
    first = scan([folder], options).compared
    assert first is not None
    (folder / FILE_NAME).write_text(baseline_text(first.added))
    edit(folder / "inputs")
    then = scan([folder], options).compared
    assert then is not None
    changes = [f"+ {described(entry)}" for entry in then.added]
    changes += [f"- {described(entry)}" for entry in (*then.stale, *then.kept)]
    assert len(then.pairs) + len(then.stale) + len(then.kept) == len(first.added)
    return len(first.added), changes


def copies(sources: Iterable[Path], base: Path, folder: Path) -> Path:
    for source in sources:
        target = folder / "inputs" / source.relative_to(base)
        if source.is_dir():
            edits.copy(source, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def charts(corpus: Path) -> list[Path]:
    """The folders of the charts that are no part of others, in order."""
    base = corpus / "charts"
    found = sorted(path.parent for path in base.rglob("Chart.yaml"))
    return [path for path in found if not any((outer / "Chart.yaml").exists() for outer in path.parents)]


@pytest.mark.parametrize("edit", EDITS)
def test_compose(compose_corpus: Path, tmp_path: Path, edit: str) -> None:
    base = compose_corpus / "projects"
    count, changes = survives(copies(sorted(base.glob("*awesome*/*"))[:20], base, tmp_path), EDITS[edit])
    assert changes == []
    assert count > 100


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS)
def test_all_of_compose(compose_corpus: Path, tmp_path: Path, edit: str) -> None:
    base = compose_corpus / "projects"
    count, changes = survives(copies(sorted(base.iterdir()), base, tmp_path), EDITS[edit])
    assert changes == []
    assert count > 3000


@pytest.mark.parametrize("edit", EDITS)
def test_kubernetes(helm_corpus: Path, tmp_path: Path, edit: str) -> None:
    base = helm_corpus / "golden"
    count, changes = survives(copies(sorted(base.glob("*.yaml"))[::60], base, tmp_path), EDITS[edit])
    assert changes == []
    assert count > 100


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS)
def test_much_of_kubernetes(helm_corpus: Path, tmp_path: Path, edit: str) -> None:
    base = helm_corpus / "golden"
    count, changes = survives(copies(sorted(base.glob("*.yaml"))[::4], base, tmp_path), EDITS[edit])
    assert changes == []
    assert count > 1000


@pytest.mark.parametrize("edit", CHART_EDITS)
def test_charts(helm_corpus: Path, tmp_path: Path, edit: str) -> None:
    folder = copies(charts(helm_corpus)[::60], helm_corpus / "charts", tmp_path)
    count, changes = survives(folder, CHART_EDITS[edit])
    assert changes == []
    assert count > 100


@pytest.mark.long
@pytest.mark.parametrize("edit", CHART_EDITS)
def test_many_charts(helm_corpus: Path, tmp_path: Path, edit: str) -> None:
    folder = copies(charts(helm_corpus)[::4], helm_corpus / "charts", tmp_path)
    count, changes = survives(folder, CHART_EDITS[edit])
    assert changes == []
    assert count > 3000


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: 4.5.6\n",
    "templates/pod.yaml": (
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}\n'
        'spec:\n  containers:\n    - name: app-v{{ .Chart.AppVersion | replace "." "-" }}\n'
        '      image: "shop:{{ .Values.tag | default .Chart.AppVersion }}"\n'
    ),
    "values.yaml": 'tag: ""\n',
}
RISES = {
    "the chart's": ("version: 1.2.3", "version: 1.2.4"),
    "with metadata": ("version: 1.2.3", "version: 1.2.4+build.7"),
    "the application's": ("appVersion: 4.5.6", "appVersion: 4.6.0"),
}


@pytest.mark.parametrize("rise", RISES)
def test_a_version_in_names_and_values(tmp_path: Path, rise: str) -> None:
    write_files(tmp_path, {f"inputs/{name}": text for name, text in CHART.items()})

    def edit(folder: Path) -> None:
        text = (folder / "Chart.yaml").read_text()
        (folder / "Chart.yaml").write_text(text.replace(*RISES[rise]))

    count, changes = survives(tmp_path, edit)
    assert changes == []
    assert count > 5


def test_a_tag_that_equals_the_version_by_chance(tmp_path: Path) -> None:
    write_files(tmp_path, {f"inputs/{name}": text for name, text in CHART.items()})
    write_files(tmp_path, {"inputs/values.yaml": "tag: 1.2.3\n"})

    def edit(folder: Path) -> None:
        (folder / "Chart.yaml").write_text(CHART["Chart.yaml"].replace("1.2.3", "1.2.4"))

    assert survives(tmp_path, edit)[1] == []


def test_another_tag_is_another_finding(tmp_path: Path) -> None:
    write_files(tmp_path, {f"inputs/{name}": text for name, text in CHART.items()})

    def edit(folder: Path) -> None:
        (folder / "values.yaml").write_text("tag: latest\n")

    changes = survives(tmp_path, edit)[1]
    assert [line[:1] for line in changes if "image-without-digest" in line] == ["-"]
    assert [line[:1] for line in changes if "image-not-pinned" in line] == ["+"]


def test_an_identity_has_no_version() -> None:
    from scanner.traces import Versions

    versions = Versions(["1.2.3+x", "0.9", "7"])
    assert versions.without("a-1.2.3+x b-1.2.3_x 1-2-3_x v0.9 0.9.1 10.9 x0.9 0.9 7") == (
        "a-{version} b-{version} {version} v{version} 0.9.1 10.9 x0.9 {version} 7"
    )
