"""The record of a chart: its metadata, files, values and subcharts, and where each lies on disk."""

from __future__ import annotations

import posixpath
from pathlib import Path

from scanner.core.location import Location
from scanner.helm.metadata import Lock, Metadata
from scanner.template.kinds import Values

CHART_FILE = "Chart.yaml"
REQUIREMENTS_FILE = "requirements.yaml"
VALUES_FILE = "values.yaml"
SCHEMA_FILE = "values.schema.json"


class ChartFile:
    """A file of a chart: `name` inside it with `/`, `data` without a byte order mark, `path` to show to people."""

    __slots__ = ("_text", "data", "name", "path")

    def __init__(self, name: str, data: bytes, path: str) -> None:
        self.name = name
        self.data = data
        self.path = path
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The content as text; bytes that are not UTF-8 are kept as surrogates (`surrogateescape`)."""
        if self._text is None:
            self._text = self.data.decode("utf-8", "surrogateescape")
        return self._text

    def __repr__(self) -> str:
        return f"ChartFile({self.name!r}, {len(self.data)} bytes, {self.path!r})"


class Chart:
    """A loaded chart. Whatever renders it works on a copy of this record, and changes neither files nor values.

    `path` is its folder to show to people; in an archive it is `parent/charts/x-1.2.tgz!/x`, and `archive` names the
    archive ('' for folders). `folder` is where it lies on disk, None inside an archive. `sibling` is true where it was
    taken from the `file://` repository that Chart.yaml names instead of `charts/`.
    """

    __slots__ = (
        "archive",
        "declarations",
        "dependencies",
        "files",
        "folder",
        "lock",
        "metadata",
        "parent",
        "path",
        "schema",
        "sibling",
        "templates",
        "values",
        "values_file",
        "warnings",
    )

    def __init__(self, path: str, folder: Path | None = None, archive: str = "") -> None:
        self.path = path
        self.folder = folder
        self.archive = archive
        self.sibling = False
        self.metadata = Metadata()
        self.lock: Lock | None = None
        self.templates: list[ChartFile] = []
        self.files: list[ChartFile] = []
        self.schema: ChartFile | None = None
        self.values_file: ChartFile | None = None
        self.values = Values()
        self.declarations: dict[str, ChartFile] = {}
        """Chart.yaml and requirements.yaml, by name."""
        self.dependencies: list[Chart] = []
        self.parent: Chart | None = None
        self.warnings: list[str] = []
        """What Helm writes to its standard error while it loads this chart and its subcharts, without time stamps."""

    @property
    def name(self) -> str:
        """The name in Chart.yaml, or the alias."""
        return self.metadata.name

    @property
    def is_root(self) -> bool:
        """Whether it is no subchart."""
        return self.parent is None

    @property
    def is_library(self) -> bool:
        """Whether only its `_` templates count."""
        return self.metadata.type == "library"

    @property
    def full_path(self) -> str:
        """`parent/charts/child`: the prefix of its templates' names."""
        return f"{self.parent.full_path}/charts/{self.name}" if self.parent else self.name

    @property
    def dotted_path(self) -> str:
        """`parent.child`, as messages about schemas name it."""
        return f"{self.parent.dotted_path}.{self.name}" if self.parent else self.name

    def crds(self) -> list[tuple[str, ChartFile]]:
        """The manifests in `crds/`, subcharts' after the own ones, each with the name that `# Source:` shows."""
        found = [(f"{self.full_path}/{file.name}", file) for file in self.files if _is_crd(file.name)]
        for subchart in self.dependencies:
            found += subchart.crds()
        return found

    def __repr__(self) -> str:
        return f"Chart({self.name!r}, {self.path!r})"


def _is_crd(name: str) -> bool:
    return name.startswith("crds/") and posixpath.splitext(name)[1].lower() in (".yaml", ".yml", ".json")


def dependency_location(chart: Chart, name: str) -> Location:
    """The line of `chart` that asks for the subchart `name` (a name or an alias): its entry in Chart.yaml or
    requirements.yaml; the file itself where no entry does."""
    for file_name in (REQUIREMENTS_FILE, CHART_FILE):
        file = chart.declarations.get(file_name)
        location = file and _entry_location(file, name)
        if location:
            return location
    return Location(chart.declarations[CHART_FILE].path)


def _entry_location(file: ChartFile, name: str) -> Location | None:
    from scanner.core.errors import SourceError
    from scanner.core.scalars import KUBERNETES
    from scanner.core.yaml_reader import read_yaml

    try:
        documents = read_yaml(file.text, file.path, KUBERNETES, "last")
    except SourceError:
        return None
    value = documents[0].value if documents else None
    entries = value.get("dependencies") if isinstance(value, dict) else None
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and name in (entry.get("alias"), entry.get("name")):
            return documents[0].locate(("dependencies", index)).location
    return None
