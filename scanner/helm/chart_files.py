"""Loads a chart from its folder or archive, with its subcharts, as Helm's loader does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from scanner.core.location import Location
from scanner.helm.archive import unpack
from scanner.helm.chart import CHART_FILE, REQUIREMENTS_FILE, SCHEMA_FILE, VALUES_FILE, Chart, ChartFile
from scanner.helm.chart_folder import read_folder
from scanner.helm.errors import HelmError
from scanner.helm.metadata import InvalidMetadataError, validate
from scanner.helm.metadata_files import place_of, read_lock, read_metadata

MAX_NESTING = 32
"""Charts within charts."""
MAX_TOTAL_BYTES = 512 * 1024 * 1024
"""All files of a chart and its subcharts, unpacked."""


class LoadOptions(NamedTuple):
    """How charts are read.

    `root` is the folder that no link may lead out of (None: links are followed anywhere, as Helm does). `display` makes
    the path that people see. `follow_siblings` takes a dependency that is missing in `charts/` from the `file://` path
    that its entry names. `traced` gives values and metadata their origins.
    """

    root: Path | None = None
    display: Callable[[Path], str] = str
    follow_siblings: bool = False
    traced: bool = True


class _Budget:
    """What is left of a load's limits: bytes, and levels of charts."""

    def __init__(self) -> None:
        self.bytes = MAX_TOTAL_BYTES

    def take(self, files: list[ChartFile]) -> None:
        self.bytes -= sum(len(file.data) for file in files)
        if self.bytes < 0:
            raise HelmError(f"the chart and its subcharts have more than {MAX_TOTAL_BYTES:,} bytes")


def load_chart(path: Path, options: LoadOptions | None = None) -> Chart:
    """The chart in the folder or archive `path`, with the charts in `charts/` as its `dependencies`, by name.

    Raises HelmError with the message that Helm prints for a chart that does not load, and the file where it knows one.
    """
    options = options or LoadOptions()
    chart = _load(path, options, _Budget())
    if options.follow_siblings:
        from scanner.helm.sibling_charts import add_siblings

        add_siblings(chart, options)
    return chart


def _load(path: Path, options: LoadOptions, budget: _Budget) -> Chart:
    shown = options.display(path)
    if path.is_dir():
        files, warnings = read_folder(path, options.root, options.display)
        budget.take(files)
        chart = _assemble(Chart(shown, path), files, options, budget, 0)
        chart.warnings[:0] = warnings
        return chart
    if not path.exists():
        raise HelmError(f'path "{shown}" not found')
    data = _archive_bytes(path, shown)
    try:
        return _load_archive(data, shown, options, budget, 0)
    except HelmError as error:
        if error.message != "gzip: invalid header":
            raise
        message = f"file '{shown}' does not appear to be a valid chart file (details: {error.message})"
        raise HelmError(message, Location(shown)) from error


def _archive_bytes(path: Path, shown: str) -> bytes:
    from scanner.helm.content_type import is_gzip, sniffed

    try:
        with path.open("rb") as file:
            head = file.read(512)
            if not is_gzip(head):
                raise HelmError(_not_an_archive(shown, sniffed(head.ljust(512, b"\0"))), Location(shown))
            return head + file.read()
    except OSError as error:
        raise HelmError(f"file '{shown}' cannot be read: {error.strerror}", Location(shown)) from error


def _not_an_archive(shown: str, content_type: str) -> str:
    if shown.endswith((".yml", ".yaml")):
        return f"file '{shown}' seems to be a YAML file, but expected a gzipped archive"
    return f"file '{shown}' does not appear to be a gzipped archive; got '{content_type}'"


def _load_archive(data: bytes, shown: str, options: LoadOptions, budget: _Budget, level: int) -> Chart:
    packed = unpack(data)
    files = [ChartFile(name, content, f"{shown}!/{top}/{name}") for top, name, content in packed]
    budget.take(files)
    top = next((file.top for file in packed if file.name == CHART_FILE), packed[0].top)
    return _assemble(Chart(f"{shown}!/{top}", None, shown), files, options, budget, level)


def _assemble(chart: Chart, files: list[ChartFile], options: LoadOptions, budget: _Budget, level: int) -> Chart:
    """Fills `chart` from its files: Chart.yaml first, the others in their order, subcharts at the end."""
    if level > MAX_NESTING:
        raise HelmError(f"charts within charts go more than {MAX_NESTING} levels deep", Location(chart.path))
    for file in files:
        if file.name == CHART_FILE:
            chart.declarations[CHART_FILE] = file
            read_metadata(chart.metadata, file, options.traced)
            chart.metadata.api_version = chart.metadata.api_version or "v1"
    subcharts: dict[str, list[ChartFile]] = {}
    for file in files:
        _sort_in(chart, file, options, subcharts)
    if not chart.declarations:
        raise HelmError(f"{CHART_FILE} file is missing", Location(chart.path), f"give the chart a {CHART_FILE}")
    _validated(chart)
    for name in sorted(subcharts):
        if name[0] in "_.":
            continue
        subchart = _subchart(chart, name, subcharts[name], options, budget, level + 1)
        subchart.parent = chart
        chart.dependencies.append(subchart)
        chart.warnings += subchart.warnings
    return chart


def _sort_in(chart: Chart, file: ChartFile, options: LoadOptions, subcharts: dict[str, list[ChartFile]]) -> None:
    name = file.name
    if name.startswith("templates/"):
        chart.templates.append(file)
    elif name.startswith("charts/"):
        if name.endswith(".prov"):
            chart.files.append(file)
        else:
            inside = name.removeprefix("charts/")
            subcharts.setdefault(inside.partition("/")[0], []).append(ChartFile(inside, file.data, file.path))
    elif name in _SPECIAL_FILES:
        _SPECIAL_FILES[name](chart, file, options)
    else:
        chart.files.append(file)


def _take_values(chart: Chart, file: ChartFile, options: LoadOptions) -> None:
    from scanner.helm.origin import ValuesSource
    from scanner.helm.yaml_values import ValuesError, read_values

    chart.values_file = file
    try:
        chart.values = read_values(file.data, ValuesSource(file.path, "default", chart.name), traced=options.traced)
    except ValuesError as error:
        raise HelmError(f"cannot load {VALUES_FILE}: {error.message}", error.location, error.hint) from error


def _take_schema(chart: Chart, file: ChartFile, _: LoadOptions) -> None:
    chart.schema = file


def _take_lock(chart: Chart, file: ChartFile, _: LoadOptions) -> None:
    chart.lock = read_lock(file)
    if file.name == "requirements.lock":
        _as_old_format(
            chart,
            file,
            'Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to '
            "Chart.lock.",
        )


def _take_requirements(chart: Chart, file: ChartFile, options: LoadOptions) -> None:
    _as_old_format(
        chart,
        file,
        'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to '
        "Chart.yaml.",
    )
    read_metadata(chart.metadata, file, options.traced)
    chart.declarations[REQUIREMENTS_FILE] = file


def _as_old_format(chart: Chart, file: ChartFile, warning: str) -> None:
    """A file of apiVersion v1 is one of the chart's `.Files` too; with v2 Helm warns of it."""
    if chart.metadata.api_version == "v1":
        chart.files.append(file)
    else:
        chart.warnings.append(warning)


def _take_nothing(chart: Chart, file: ChartFile, options: LoadOptions) -> None:
    """Chart.yaml has been read before all else."""


_SPECIAL_FILES: dict[str, Callable[[Chart, ChartFile, LoadOptions], None]] = {
    CHART_FILE: _take_nothing,
    "Chart.lock": _take_lock,
    VALUES_FILE: _take_values,
    SCHEMA_FILE: _take_schema,
    REQUIREMENTS_FILE: _take_requirements,
    "requirements.lock": _take_lock,
}


def _validated(chart: Chart) -> None:
    try:
        validate(chart.metadata)
    except InvalidMetadataError as error:
        names = [CHART_FILE, REQUIREMENTS_FILE]
        if error.route[:1] == ("dependencies",):
            names.reverse()
        file = next(chart.declarations[name] for name in names if name in chart.declarations)
        raise HelmError(error.message, place_of(file, error.route), error.hint) from error


def _subchart(
    chart: Chart, name: str, files: list[ChartFile], options: LoadOptions, budget: _Budget, level: int
) -> Chart:
    """What lies under `name` in charts/. Raises HelmError, which names both charts."""
    is_archive = name.endswith(".tgz")
    if is_archive and files[0].name != name:
        raise HelmError(
            f"error unpacking subchart tar in {chart.name}: expected {name}, got {files[0].name}",
            Location(files[0].path),
        )
    try:
        if is_archive:
            return _load_archive(files[0].data, files[0].path, options, budget, level)
        inside = [ChartFile(file.name.partition("/")[2], file.data, file.path) for file in files if "/" in file.name]
        folder = chart.folder / "charts" / name if chart.folder else None
        path = f"charts/{name}" if chart.path == "." else f"{chart.path}/charts/{name}"
        subchart = Chart(path, folder, chart.archive)
        return _assemble(subchart, inside, options, budget, level)
    except HelmError as error:
        place = error.location or Location(files[0].path)
        message = f"error unpacking subchart {name} in {chart.name}: {error.message}"
        raise HelmError(message, place, error.hint) from error
