"""import-values: what a chart takes over from the values of its subcharts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scanner.helm.coalesce import Warn, merge_tables, merge_values, table
from scanner.template.kinds import Map, StringMap, copied

if TYPE_CHECKING:
    from scanner.helm.chart import Chart
    from scanner.helm.metadata import Dependency


def import_values(chart: Chart, warn: Warn) -> None:
    """Gives every chart with dependencies its whole values: its own, those of its subcharts, and what it imports from
    them, which ranks below both."""
    for subchart in chart.dependencies:
        import_values(subchart, warn)
    if chart.metadata.dependencies is None:
        return
    values = merge_values(chart, {}, warn)
    imported: dict[str, Any] = Map()
    for wanted in chart.metadata.dependencies:
        if wanted.import_values:
            for part in _imports(wanted, values, warn):
                merge_tables(imported, part, warn)
    if imported:
        # What was imported shares its tables with `values`: they must not grow into each other.
        values = copied(values)
        merge_tables(values, imported, warn)
    chart.values = values


def _imports(wanted: Dependency, values: dict[str, Any], warn: Warn) -> Iterator[dict[str, Any]]:
    """The tables that one dependency's entries name, where they are to lie; the entries get their long form."""
    from scanner.template.printing import format_value, quote

    entries: list[Any] = []
    for entry in wanted.import_values or ():
        if isinstance(entry, StringMap):
            continue  # the long form, by a copy of the chart under another alias: Helm drops it
        if isinstance(entry, dict):
            child, parent = format_value(entry.get("child")), format_value(entry.get("parent"))
            missing = f"Warning: ImportValues missing table from chart {wanted.name}: "
        elif isinstance(entry, str):
            child, parent = f"exports.{entry}", "."
            missing = "Warning: ImportValues missing table: "
        else:
            continue
        entries.append(StringMap(child=child, parent=parent))
        try:
            found = table(values, f"{wanted.name}.{child}")
        except KeyError as error:
            warn(f"{missing}{quote(error.args[0])} is not a table")
            continue
        # What is imported stays part of the subchart's values too, unless it is empty, as in Helm.
        yield _at(parent, found or Map())
    wanted.import_values = entries or None


def _at(path: str, found: dict[str, Any]) -> dict[str, Any]:
    """A table under a dotted path; `.` is the root."""
    if path == ".":
        return found
    for key in reversed(path.split(".")):
        found = Map({key: found})
    return found
