"""The methods that `.Values` has in templates, as Go's chartutil.Values has them."""

from __future__ import annotations

from typing import Any

from scanner.helm.coalesce import table
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import Map, Values, as_map, as_values
from scanner.template.printing import quote

__all__ = ["Values"]
"""Who imports Values from here gets it with its methods."""


def _as_map(values: Values) -> dict[str, Any]:
    return as_map(values) if values else {}


def _table(values: Values, path: str) -> Values:
    try:
        found = table(values, path)
    except KeyError as error:
        raise FunctionError(f"{quote(error.args[0])} is not a table") from None
    if isinstance(found, Values):
        return found
    return as_values(found) if isinstance(found, Map) else Values(found)


def _path_value(values: Values, path: str) -> Any:
    if not path:
        raise FunctionError("YAML path cannot be empty")
    above, dot, key = path.rpartition(".")
    try:
        holder = table(values, above) if dot else values
    except KeyError:
        holder = {}
    if key not in holder or isinstance(holder[key], dict):
        raise FunctionError(f"{quote(key)} is not a value")
    return holder[key]


def _yaml(values: Values) -> str:
    from scanner.helm.yaml_emitter import to_yaml
    from scanner.template.go_json import MarshalError
    from scanner.template.text import concat

    try:
        return concat([to_yaml(values), "\n"])
    except MarshalError as error:
        raise FunctionError(str(error)) from None


def _encode(values: Values, writer: Any) -> None:
    """No template has an io.Writer to give."""


Values.methods.update(
    AsMap=Function("AsMap", "", _as_map),
    Table=Function("Table", "string", _table),
    PathValue=Function("PathValue", "string", _path_value),
    YAML=Function("YAML", "", _yaml),
    Encode=Function("Encode", "io.Writer", _encode),
)
