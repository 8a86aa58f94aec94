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
MOST = 300
"""Charts that one chart takes from beside itself: where each asks for two others, they double with each level."""


def add_siblings(chart: Chart, options: LoadOptions) -> None:
    """Adds to `chart` and the charts below it what they miss and what lies in this repository.

    A path counts from the chart's folder, as for `helm dependency build`; a chart of another name or version does not
    count, and neither does one outside of `options.root`. What is still missing afterwards is not said here. Raises
    HelmError for a chart that was found and does not load, and for too many.
    """
    _add(chart, options, (), [])


def _add(chart: Chart, options: LoadOptions, above: tuple[Path, ...], found: list[Path]) -> None:
    """The same for a chart below others; `found` are all that have been taken."""
    for subchart in chart.dependencies:
        _add(subchart, options, above, found)
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
        found.append(place)
        if len(found) > MOST:
            raise HelmError(f"the chart takes more than {MOST} charts from beside itself")
        sibling = _sibling(chart, wanted, place, options)
        if sibling is not None:
            _add(sibling, options, (*above, folder), found)
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


def _sibling(chart: Chart, wanted: Dependency, place: Path, options: LoadOptions) -> Chart | None:
    from scanner.helm.chart_files import load_chart

    try:
        sibling = load_chart(place, options._replace(follow_siblings=False))
    except HelmError as error:
        message = f"error loading subchart {wanted.name} of {chart.name} from {wanted.repository}: {error.message}"
        raise HelmError(message, error.location or Location(chart.path), error.hint) from error
    if sibling.name != wanted.name or not _fits(sibling.metadata.version, wanted.version):
        return None
    return sibling


def _fits(version: str, constraint: str) -> bool:
    try:
        return satisfies(version, constraint)
    except VersionError:
        return False
