"""Which subcharts take part: the versions, aliases, tags and conditions of Chart.yaml's dependencies."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from scanner.helm.chart import dependency_location
from scanner.helm.coalesce import Warn, coalesce_values, table
from scanner.helm.errors import HelmError

if TYPE_CHECKING:
    from scanner.helm.chart import Chart
    from scanner.helm.metadata import Dependency

MOST_CHARTS = 2000
"""How many charts a rendering may look at while it finds out which take part, each as often as it lies below one."""


def check_dependencies(chart: Chart) -> None:
    """Raises HelmError where a dependency of the chart itself is not in `charts/`."""
    present = {subchart.name for subchart in chart.dependencies}
    missing = [wanted.name for wanted in chart.metadata.dependencies or () if wanted.name not in present]
    if missing:
        raise HelmError(
            "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to "
            "fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: " + ", ".join(missing),
            dependency_location(chart, missing[0]),
        )


def private_copy(chart: Chart, parent: Chart | None = None) -> Chart:
    """The tree of charts anew, with its files shared, so that one rendering's dependencies do not change another's."""
    own = copy(chart)
    own.parent = parent
    own.metadata = copy(chart.metadata)
    if chart.metadata.dependencies is not None:
        own.metadata.dependencies = [copy(wanted) for wanted in chart.metadata.dependencies]
    own.dependencies = [private_copy(subchart, own) for subchart in chart.dependencies]
    return own


class _Budget:
    """How many charts may still be looked at: aliases make many of few, on every level."""

    def __init__(self) -> None:
        self.left = MOST_CHARTS

    def take(self, chart: Chart) -> None:
        """Counts a chart and what lies below. Raises HelmError for too many."""
        stack = [chart]
        while stack:
            stack += stack.pop().dependencies
            self.left -= 1
            if self.left < 0:
                raise HelmError("the chart has too many subcharts", dependency_location(chart, ""))


def enable_dependencies(
    chart: Chart, values: dict[str, Any], warn: Warn, path: str = "", budget: _Budget | None = None
) -> None:
    """Leaves the subcharts that take part, under their aliases; those in `charts/` that Chart.yaml does not name stay.

    Conditions and tags are looked up in `values` over the charts' defaults; `path` is where the chart's own values
    lie in them. An alias renames the dependency itself: charts that share it see the new name, as in Helm. Raises
    HelmError for too many subcharts.
    """
    budget = budget or _Budget()
    wanted = chart.metadata.dependencies
    if wanted is None:
        return
    subcharts = [subchart for subchart in chart.dependencies if not any(_meets(subchart, each) for each in wanted)]
    for each in wanted:
        found = next((subchart for subchart in chart.dependencies if _meets(subchart, each)), None)
        if found is not None:
            subcharts.append(_renamed(found, each.alias))
        if each.alias:
            each.name = each.alias
    _adopt(chart, subcharts)
    for each in wanted:
        each.enabled = True
    budget.take(chart)
    coalesced = coalesce_values(chart, values, warn)
    _apply_tags(wanted, coalesced, warn)
    _apply_conditions(wanted, coalesced, path, warn)
    disabled = {each.name for each in wanted if not each.enabled}
    kept = [subchart for subchart in chart.dependencies if subchart.name not in disabled]
    for subchart in kept:
        enable_dependencies(subchart, coalesced, warn, f"{path}{subchart.name}.", budget)
    chart.metadata.dependencies = [each for each in wanted if each.name not in disabled] or None
    _adopt(chart, kept)


def _meets(subchart: Chart, wanted: Dependency) -> bool:
    from scanner.template.semantic_version import VersionError, satisfies

    try:
        return subchart.name == wanted.name and satisfies(subchart.metadata.version, wanted.version)
    except VersionError:
        return False  # as for Helm, no chart has a version that cannot be read, and none meets such a range


def _renamed(subchart: Chart, alias: str) -> Chart:
    """A shallow copy: what lies below is shared with the other copies."""
    own = copy(subchart)
    own.metadata = copy(subchart.metadata)
    if alias:
        own.metadata.name = alias
    return own


def _adopt(chart: Chart, subcharts: list[Chart]) -> None:
    chart.dependencies = subcharts
    for subchart in subcharts:
        subchart.parent = chart


def _apply_tags(wanted: list[Dependency], values: dict[str, Any], warn: Warn) -> None:
    """A dependency is off where tags of it are false and none is true."""
    tags = values.get("tags")
    if not isinstance(tags, dict):
        return
    for each in wanted:
        seen = set()
        for tag in each.tags or ():
            if tag not in tags:
                continue
            if isinstance(tags[tag], bool):
                seen.add(tags[tag])
            else:
                warn(f"Warning: Tag '{tag}' for chart {each.name} returned non-bool value")
        each.enabled = seen != {False}


def _apply_conditions(wanted: list[Dependency], values: dict[str, Any], prefix: str, warn: Warn) -> None:
    """The first path of a condition that leads to a bool decides."""
    for each in wanted:
        for path in (each.condition or "").strip().split(","):
            if not path:
                continue
            found, value = _value_at(values, prefix + path)
            if found and isinstance(value, bool):
                each.enabled = value
                break
            if found:
                warn(f"Warning: Condition path '{path}' for chart {each.name} returned non-bool value")


def _value_at(values: dict[str, Any], path: str) -> tuple[bool, Any]:
    """Whether something else than a table lies at a path, and what."""
    above, _, key = path.rpartition(".")
    try:
        holder = table(values, above) if above or path.startswith(".") else values
    except KeyError:
        return False, None
    if key not in holder or isinstance(holder[key], dict):
        return False, None
    return True, holder[key]
