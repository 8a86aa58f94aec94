"""What each template of a chart sees as `.`: Chart, Release, Capabilities, Files, Values, Subcharts, Template."""

from __future__ import annotations

import posixpath
from typing import Any, NamedTuple

from scanner.helm.capabilities import Capabilities
from scanner.helm.chart import Chart, ChartFile
from scanner.helm.files_object import Files
from scanner.helm.metadata import ChartObject
from scanner.helm.values_methods import Values
from scanner.template.kinds import Map, as_values


class Renderable(NamedTuple):
    """A template file, with the context of its chart, which all templates of the chart share and may change."""

    name: str
    file: ChartFile
    context: Values
    base_path: str


def release(name: str, namespace: str) -> dict[str, Any]:
    """`.Release` of a first installation."""
    return {
        "Name": name,
        "Namespace": namespace,
        "IsUpgrade": False,
        "IsInstall": True,
        "Revision": 1,
        "Service": "Helm",
    }


def renderables(
    chart: Chart, values: Values, released: dict[str, Any], capabilities: Capabilities, *, traced: bool
) -> dict[str, Renderable]:
    """Every template of a chart and its subcharts by its name, `chart/charts/sub/templates/x.yaml`."""
    found: dict[str, Renderable] = {}
    shared = {"Release": released, "Capabilities": capabilities}
    _add(chart, values, shared, found, traced)
    return found


def _add(
    chart: Chart, values: Values, shared: dict[str, Any], found: dict[str, Renderable], traced: bool
) -> dict[str, Any]:
    subcharts: dict[str, Any] = {}
    context = Map(
        {
            "Chart": ChartObject(chart.metadata, chart.is_root),
            "Files": Files(chart.files, traced),
            **shared,
            "Values": values,
            "Subcharts": subcharts,
        }
    )
    for subchart in chart.dependencies:
        part = values.get(subchart.name)
        below = as_values(part) if isinstance(part, Map) else Values()
        subcharts[subchart.name] = _add(subchart, below, shared, found, traced)
    path = chart.full_path
    for file in chart.templates:
        if chart.metadata.type.lower() == "library" and not posixpath.basename(file.name).startswith("_"):
            continue
        name = posixpath.normpath(f"{path}/{file.name}")
        found[name] = Renderable(name, file, as_values(context), f"{path}/templates")
    return context


def in_order(names: dict[str, Renderable]) -> list[str]:
    """The names as Helm parses and executes them: the deepest first, then from the last letter of the alphabet."""
    return sorted(names, key=lambda name: (name.count("/"), name), reverse=True)
