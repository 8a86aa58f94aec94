"""Damaged charts: no traceback, no hang, and never a clean result for what was not rendered.

Public charts with files cut off at random points and with random bytes changed; seeded.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from scanner.core.result import Report
from scanner.exit_status import CLEAN, exit_status
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.errors import HelmError
from scanner.helm.render import RenderOptions as HelmOptions
from scanner.helm.render import render as render_chart
from scanner.helm.values_files import RenderValues, user_values
from scanner.report import FORMATS, RenderOptions, render
from scanner.scan import Options, scan
from scanner.template.deep_stack import with_deep_stack
from tests.conftest import is_long

SECONDS = 5
CHARTS, DAMAGES = 12, 5
LONG_CHARTS, LONG_DAMAGES = 100, 20
_LARGEST = 400_000
"""Bytes of a chart in the sample, with its subcharts: the size that a chart may have in two seconds on a slow machine."""

_LIKELY = {"values.yaml": 4, "Chart.yaml": 3, "values.schema.json": 4, ".helmignore": 3, "requirements.yaml": 2}
_TOKENS = (
    b"{{", b"}}", b"{{ end }}", b"{{ else }}", b"{{- if .Values.x }}", b"{{ range $k, $v := . }}", b"{{/*", b'"', b"'", b"`", b"(", b")", b"|", b"\t",
    b"\n- ", b": ", b"&a ", b"*a ", b"!!int ", b"<<: ", b"---\n", b"\0", b"\xff", b"{{ include \"x\" . }}", b"{{ fail \"x\" }}", b"$ref", b"[", b"\r",
)  # fmt: skip


def charts(corpus: Path) -> list[Path]:
    """The charts to take samples from, in an order that is always the same."""
    rows = (corpus / "cases.tsv").read_text("utf-8").splitlines()[1:]
    folders = [corpus / "charts" / name for name in dict.fromkeys(row.split("\t")[0] for row in rows)]
    return [folder for folder in folders if size(folder) < _LARGEST]


def size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*"))


def files_of(folder: Path) -> list[Path]:
    """The files of a chart that something reads, those more often that decide much."""
    found: list[Path] = []
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts
        is_read = file.name in _LIKELY or file.suffix == ".tgz" or "templates" in inside or "crds" in inside
        if is_read and file.is_file() and not file.is_symlink() and file.stat().st_size:
            found += [file] * _LIKELY.get(file.name, 1)
    return found


def damaged(data: bytes, choose: random.Random) -> bytes:
    """`data` cut off, with bytes changed, with a piece twice, a piece gone, or with something put in that means a lot."""
    changed = bytearray(data)
    kind = choose.randrange(5)
    at = choose.randrange(len(changed) + 1)
    if kind == 0:
        return data[:at]
    if kind == 1:
        for _ in range(choose.randint(1, 8)):
            changed[choose.randrange(len(changed))] = choose.randrange(256)
    elif kind == 2:
        changed[at:at] = changed[at : at + choose.randint(1, 200)]
    elif kind == 3:
        del changed[at : at + choose.randint(1, 200)]
    else:
        for _ in range(choose.randint(1, 3)):
            place = choose.randrange(len(changed) + 1)
            changed[place:place] = choose.choice(_TOKENS)
    return bytes(changed)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fails where what is inside takes more processor time."""

    def too_long(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"over {seconds} s")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def error_of(chart: Path) -> str:
    """Why the engine itself does not render a chart, or ''."""

    def rendered() -> None:
        render_chart(load_chart(chart, LoadOptions(follow_siblings=True)), user_values(RenderValues()), HelmOptions())

    try:
        with_deep_stack(rendered)
    except HelmError as error:
        return error.message
    return ""


def judge(chart: Path, name: str, *, every_format: bool) -> Report:
    """The report of a scan of one chart, which must name it or a file of it, and is not clean where it did not render."""
    with at_most(SECONDS):
        report = scan([chart], Options()).report
        error = error_of(chart)
    named = [entry.path for entry in (*report.scanned, *report.not_scanned)]
    # A folder whose Chart.yaml is gone is no chart: what lies in it is judged file by file.
    assert any(
        path.split("/")[0].removesuffix("!") == name or path == "Chart.yaml" or chart.is_dir() for path in named
    ), named
    if error:
        assert report.not_scanned, error
        assert exit_status(report, "never", strict=False, allow_incomplete=False) != CLEAN
    for form in FORMATS if every_format else ("text",):
        assert "Traceback" not in render(form, report, RenderOptions())
    return report


def packed(folder: Path, archive: Path) -> Path:
    """The archive of a chart."""
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(folder, folder.name)
    return archive


@pytest.mark.skipif(sys.platform == "win32", reason="the time limit needs a signal")
@pytest.mark.parametrize("seed", range(4))
def test_damaged_charts(seed: int, tmp_path: Path, pytestconfig: pytest.Config, helm_corpus: Path) -> None:
    each = int(pytestconfig.getoption("--damages") or 0)
    count, damages = (LONG_CHARTS, LONG_DAMAGES) if is_long(pytestconfig) else (CHARTS, DAMAGES)
    sample = charts(helm_corpus)
    if not each:
        sample = random.Random(0).sample(sample, count)
    for place, source in enumerate(sample[seed::4]):
        chart = tmp_path / str(place) / source.name
        shutil.copytree(source, chart, symlinks=True)
        for number in range(each or damages):
            choose = random.Random(f"{seed} {place} {number}")
            where = f"{source.parent.name}/{source.name} {seed} {place} {number}"
            damage(chart, choose, where, every_format=number == 0)
        shutil.rmtree(tmp_path / str(place))


def damage(chart: Path, choose: random.Random, where: str, *, every_format: bool) -> None:
    """Scans a chart with one of its files damaged, or its damaged archive, and makes it whole again."""
    if choose.random() < 0.1:
        judged = victim = packed(chart, chart.with_name("damaged-1.0.0.tgz"))
    else:
        judged, victim = chart, choose.choice(files_of(chart))
    data = victim.read_bytes()
    victim.write_bytes(damaged(data, choose))
    try:
        judge(judged, judged.name, every_format=every_format)
    except Exception as error:
        raise AssertionError(f"{where}: {os.path.relpath(victim, chart)}") from error
    victim.write_bytes(data)
