"""values.schema.json: checks the values of a chart and of its subcharts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scanner.core.location import Location
from scanner.helm.coalesce import Warn
from scanner.helm.errors import HelmError

if TYPE_CHECKING:
    from scanner.helm.chart import Chart
    from scanner.helm.json_schema.compiled import Schema

MAX_VALUES = 50_000
MAX_DEPTH = 256
"""How large a schema may be, and how deep."""

_REFUSED = "values don't meet the specifications of the schema(s) in the following chart(s):\n"


def check_values(chart: Chart, values: dict[str, Any], warn: Warn) -> None:
    """Raises HelmError where values break a schema, with everything that is wrong in any chart.

    References to schemas elsewhere are not followed: `warn` gets a line for each.
    """
    found: list[tuple[Chart, str]] = []
    _check(chart, values, warn, found)
    if found:
        first = found[0][0]
        place = Location(first.schema.path) if first.schema else None
        raise HelmError(_REFUSED + "".join(text for _, text in found), place)


def _check(chart: Chart, values: dict[str, Any], warn: Warn, found: list[tuple[Chart, str]]) -> None:
    if chart.schema is not None:
        problem = _problem(chart.schema.text, values, warn)
        if problem:
            found.append((chart, f"{chart.name}:\n{problem}"))
    for subchart in chart.dependencies:
        part = values.get(subchart.name)
        if part is None:
            continue
        if isinstance(part, dict):
            _check(subchart, part, warn, found)
        else:
            from scanner.template.kinds import go_type

            problem = f"invalid type for values: expected object (map), got {go_type(part)}\n"
            found.append((subchart, f"{subchart.name}:\n{problem}"))


def _problem(text: str, values: dict[str, Any], warn: Warn) -> str:
    from scanner.helm.json_schema.compiled import SchemaError
    from scanner.helm.json_schema.document import JsonError
    from scanner.helm.json_schema.validation import described, problems

    try:
        schema, warnings = _compiled(text)
        for warning in warnings:
            warn(warning)
        found = problems(schema, values)
    except (JsonError, SchemaError) as error:
        return str(error)
    if not found:
        return ""
    return described(schema.location, found).partition("\n")[2] + "\n"


def _check_size(document: Any) -> None:
    """Raises SchemaError for a schema that is larger or deeper than one for people."""
    from scanner.helm.json_schema.compiled import SchemaError

    pending = [(document, 1)]
    count = 0
    while pending:
        value, depth = pending.pop()
        count += 1
        if count > MAX_VALUES:
            raise SchemaError(f"the schema has more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise SchemaError(f"the schema is nested more than {MAX_DEPTH} levels deep")
        if isinstance(value, dict | list):
            pending += [(item, depth + 1) for item in (value.values() if isinstance(value, dict) else value)]


@lru_cache(maxsize=64)
def _compiled(text: str) -> tuple[Schema, list[str]]:
    """A schema, and what to say of it."""
    from scanner.helm.json_schema.compiler import Compiler
    from scanner.helm.json_schema.document import read_json
    from scanner.helm.json_schema.metaschemas import check_schema

    warnings: list[str] = []

    def warn(line: str) -> None:
        if line not in warnings:
            warnings.append(line)

    document = read_json(text.removeprefix("\ufeff"))
    _check_size(document)
    check_schema(document, warn)
    return Compiler(warn).compile(document), warnings
