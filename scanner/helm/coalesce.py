"""Coalescing: the values of a user, of a chart and of its subcharts become one tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scanner.helm.errors import HelmError
from scanner.template.kinds import Map, Values, copied, entry_origin, put, remove

if TYPE_CHECKING:
    from scanner.helm.chart import Chart

Warn = Callable[[str], None]
"""What is called with each of Helm's warnings."""

Removed = dict[tuple[Any, str], Any]
"""Entries that nulls took out: (origin of the table that had it, its key) → origin of the null. A table that was laid
over another has the origins of both."""

GLOBAL = "global"


def coalesce_values(chart: Chart, values: dict[str, Any], warn: Warn, removed: Removed | None = None) -> Values:
    """`values` over the chart's own, and these over its subcharts'; nulls of `values` delete the chart's entries, which
    are noted in `removed`.

    `values` is not changed. Raises HelmError where the parent has something else than a table for a subchart.
    """
    top = Values(copied(values), getattr(values, "origin", None), dict(getattr(values, "origins", ())))
    _coalesce(chart, top, "", {} if removed is None else removed, warn)
    return top


def merge_values(chart: Chart, values: dict[str, Any], warn: Warn) -> Values:
    """The same, with all nulls kept."""
    top = Values(copied(values), getattr(values, "origin", None), dict(getattr(values, "origins", ())))
    _coalesce(chart, top, "", None, warn)
    return top


def merge_tables(destination: dict[str, Any], source: dict[str, Any], warn: Warn) -> dict[str, Any]:
    """Fills `destination` from `source`, whose tables become part of it; nulls are kept."""
    _coalesce_tables(destination, source, "", None, warn)
    return destination


def table(values: dict[str, Any], path: str) -> dict[str, Any]:
    """The table at a dotted path. Raises KeyError with the key that is none."""
    for key in path.split("."):
        values = values.get(key)  # type: ignore[assignment]
        if not isinstance(values, dict):
            raise KeyError(key)
    return values


def _coalesce(chart: Chart, values: dict[str, Any], prefix: str, removed: Removed | None, warn: Warn) -> None:
    """Without `removed`, all nulls are kept."""
    _coalesce_own(chart, values, prefix, removed, warn)
    below = _joined(prefix, chart.name)
    for subchart in chart.dependencies:
        name = subchart.name
        if name not in values:
            put(values, name, Map())
        part = values[name]
        if not isinstance(part, dict):
            from scanner.template.printing import sprintf

            raise HelmError(sprintf("type mismatch on %s: %t", name, part))
        if not isinstance(part, Map):
            # a table of plain values: the chart's context will need the class
            values[name] = part = Map(part)
        _coalesce_globals(part, values, below, warn)
        _coalesce(subchart, part, below, removed, warn)


def _coalesce_own(chart: Chart, values: dict[str, Any], prefix: str, removed: Removed | None, warn: Warn) -> None:
    """Lays `values` over the chart's own defaults."""
    below = _joined(prefix, chart.name)
    names = {subchart.name for subchart in chart.dependencies}
    defaults = chart.values
    for key, default in defaults.items():
        if key not in values:
            put(values, key, copied(default), entry_origin(defaults, key))
            continue
        value = values[key]
        if value is None and removed is not None:
            _remove(values, defaults, key, removed)
        elif isinstance(value, dict):
            if isinstance(default, dict):
                _coalesce_tables(value, copied(default), _joined(below, key), None if key in names else removed, warn)
            elif default is not None:
                warn(f"warning: skipped value for {below}.{key}: Not a table.")


def _coalesce_globals(values: dict[str, Any], parent: dict[str, Any], prefix: str, warn: Warn) -> None:
    """Copies the parent's globals into those of a subchart, whose own stay where the parent has none."""
    own, shared = values.get(GLOBAL, _ABSENT), parent.get(GLOBAL, _ABSENT)
    if own is _ABSENT:
        own = Map()
    elif not isinstance(own, dict):
        warn("warning: skipping globals because destination global is not a table.")
        return
    if shared is _ABSENT:
        shared = Map()
    elif not isinstance(shared, dict):
        warn("warning: skipping globals because source global is not a table.")
        return
    for key, value in shared.items():
        if isinstance(value, dict):
            # A shallow copy, as in Helm: what a subchart adds inside a table of the globals reaches its siblings.
            table_copy = _shallow(value)
            if key in own:
                present = own[key]
                if not isinstance(present, dict):
                    from scanner.template.printing import quote

                    warn(f"Conflict: cannot merge map onto non-map for {quote(key)}. Skipping.")
                    continue
                _coalesce_tables(table_copy, present, _joined(prefix, key), None, warn)
            put(own, key, table_copy, entry_origin(shared, key))
        elif isinstance(own.get(key), dict):
            warn(f"key {key} is table. Skipping")
        else:
            put(own, key, value, entry_origin(shared, key))
    put(values, GLOBAL, own, entry_origin(values, GLOBAL) or entry_origin(parent, GLOBAL))


def _coalesce_tables(
    destination: dict[str, Any], source: dict[str, Any], prefix: str, removed: Removed | None, warn: Warn
) -> None:
    """Fills a table from another. With `removed`, a null over a value deletes it; a null over nothing stays."""
    present = {key for key, value in source.items() if value is not None}
    for key, value in destination.items():
        if value is None:
            put(source, key, None)
    for key, value in source.items():
        if key not in destination:
            put(destination, key, value, entry_origin(source, key))
            continue
        own = destination[key]
        if own is None and removed is not None and key in present:
            _remove(destination, source, key, removed)
        elif isinstance(value, dict):
            if isinstance(own, dict):
                _coalesce_tables(own, value, _joined(prefix, key), removed, warn)
            else:
                warn(f"warning: cannot overwrite table with non table for {_joined(prefix, key)} ({_printed(value)})")
        elif isinstance(own, dict) and value is not None:
            warn(
                f"warning: destination for {_joined(prefix, key)} is a table."
                f" Ignoring non-table value ({_printed(value)})"
            )


def _remove(destination: dict[str, Any], source: dict[str, Any], key: str, removed: Removed) -> None:
    """Takes an entry out of a table that lies over another; the null's origin stays at its place."""
    origin = entry_origin(destination, key)
    remove(destination, key)
    if origin is None:
        return
    for each in (destination, source):
        if isinstance(each, Map):
            removed[each.origin, key] = origin
    if isinstance(destination, Map):
        destination.origins[key] = origin


_ABSENT: Any = object()


def _shallow(value: dict[str, Any]) -> Map:
    if isinstance(value, Map):
        return Map(value, value.origin, dict(value.origins))
    return Map(value)


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key


def _printed(value: Any) -> str:
    from scanner.template.printing import format_value

    return format_value(value)
