"""Dependencies that are missing in charts/, taken from the `file://` repositories that Chart.yaml names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scanner.core.location import Location
from scanner.helm.chart import Chart
from scanner.helm.errors import HelmError
from scanner.helm.metadata import Dependency
from scanner.template.semantic_version import VersionError, satisfies

if TYPE_CHECKING:
    from scanner.helm.chart_files import LoadOptions

_SCHEME = "file://"


def add_siblings(chart: Chart, options: LoadOptions, above: tuple[Path, ...] = ()) -> None:
    """Adds to `chart` and the charts below it what they miss and what lies in this repository.

    A path counts from the chart's folder, as for `helm dependency build`; a chart of another name or version does not
    count, and neither does one outside of `options.root`. What is still missing afterwards is not said here. Raises
    HelmError for a chart that was found and does not load.
    """
    for subchart in chart.dependencies:
        add_siblings(subchart, options, above)
    if chart.folder is None:
        return
    present = {subchart.name for subchart in chart.dependencies}
    folder = chart.folder.resolve()
    for wanted in chart.metadata.dependencies or ():
        if wanted.name in present or not wanted.repository.startswith(_SCHEME):
            continue
        place = _sibling_place(folder, wanted, options.root)
        if place is None or place == folder or place in above:
            continue
        sibling = _sibling(chart, wanted, place, options, (*above, folder))
        if sibling is not None:
            sibling.parent, sibling.sibling = chart, True
            chart.dependencies.append(sibling)
            present.add(sibling.name)


def _sibling_place(folder: Path, wanted: Dependency, root: Path | None) -> Path | None:
    """Where the repository lies; None where that is no folder, or outside of `root`."""
    name = wanted.repository.removeprefix(_SCHEME)
    try:
        place = (folder / name).resolve()
        if not place.is_dir() or (root is not None and not place.is_relative_to(root.resolve())):
            return None
    except (OSError, ValueError):  # too long, or with a null byte
        return None
    return place


def _sibling(
    chart: Chart, wanted: Dependency, place: Path, options: LoadOptions, above: tuple[Path, ...]
) -> Chart | None:
    from scanner.helm.chart_files import load_chart

    try:
        sibling = load_chart(place, options._replace(follow_siblings=False))
    except HelmError as error:
        message = f"error loading subchart {wanted.name} of {chart.name} from {wanted.repository}: {error.message}"
        raise HelmError(message, error.location or Location(chart.path), error.hint) from error
    if sibling.name != wanted.name or not _fits(sibling.metadata.version, wanted.version):
        return None
    add_siblings(sibling, options, above)
    return sibling


def _fits(version: str, constraint: str) -> bool:
    try:
        return satisfies(version, constraint)
    except VersionError:
        return False
