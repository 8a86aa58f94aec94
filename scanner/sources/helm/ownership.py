"""Whose file a line is: what the scanned repository's people can edit, and what to edit where it is not theirs."""

from __future__ import annotations

from typing import Any

from scanner.core.location import Location
from scanner.helm.chart import Chart, dependency_location
from scanner.helm.origin import ValueOrigin

_REMOTE = ("http://", "https://", "oci://", "@", "alias:")


class Ownership:
    """The charts of one rendering, by the names of their templates and values."""

    def __init__(self, root: Chart) -> None:
        self._foreign: dict[str, tuple[Chart, str]] = {}
        self._folders: tuple[str, ...] = ()
        self._find(root, None)

    def _find(self, chart: Chart, above: tuple[Chart, str] | None) -> None:
        for subchart in chart.dependencies:
            foreign = above
            if foreign is None and _is_foreign(subchart):
                foreign = (chart, subchart.name)
            if foreign is not None:
                self._foreign[subchart.full_path] = foreign
                self._folders += (f"{subchart.path}/",)
            self._find(subchart, foreign)

    def instead_of(self, template: str) -> Location | None:
        """For a template (`umbrella/charts/redis/templates/x.yaml`) of somebody else's chart the dependency's line in
        the Chart.yaml that asks for it; None for an own template."""
        if not self._foreign:
            return None
        chart = template
        while "/" in chart:
            chart = chart.rpartition("/")[0]
            foreign = self._foreign.get(chart)
            if foreign is not None:
                return dependency_location(*foreign)
        return None

    def is_own(self, origin: Any) -> bool:
        """Whether a value stands in a file that the repository's people edit; what a flag gave has no file."""
        return (
            isinstance(origin, ValueOrigin)
            and origin.source.kind != "set"
            and not origin.source.path.startswith(self._folders)
        )


def _is_foreign(chart: Chart) -> bool:
    """An archive, or a folder under charts/ whose entry names a remote repository."""
    if chart.archive:
        return True
    parent = chart.parent
    for entry in (parent.metadata.dependencies or ()) if parent else ():
        if chart.name in (entry.alias, entry.name):
            return bool(entry.repository.startswith(_REMOTE))
    return False
