"""The variables that a service takes from its env_files, each with its line."""

from __future__ import annotations

from scanner.core.errors import SourceError
from scanner.sources.compose.context import Context
from scanner.sources.compose.environment import Environment
from scanner.sources.compose.files import OutsideError
from scanner.sources.compose.interpolation import Known
from scanner.sources.compose.labels import read_entries
from scanner.sources.compose.paths import joined
from scanner.sources.compose.reading import Lookup
from scanner.sources.compose.tree import Node, implied, is_open

ATTRIBUTE = "x_env_file_entries"
"""Added to services: a list of {name, value, path}, one entry a variable; the last file that sets it counts."""


def with_env_files(service: Node, environment: Environment, context: Context) -> Node:
    """`service` with the contents of its env_files. What cannot be read goes to `context`."""
    files = service.get("env_file")
    if files is None or files.value.__class__ is not list:
        return service
    own = service.get("environment")
    variables = own.value if own is not None and own.value.__class__ is dict else {}
    found: dict[str, Node] = {}

    def lookup(name: str) -> Known | None:
        if name in environment:
            return environment[name]
        value = variables[name].value if name in variables else None
        if value is None and name in found:
            value = found[name].value["value"].value
        return value

    for item in files.value:
        path = item.get("path")
        if path is None:
            continue
        if is_open(path.value):
            context.reject("which env_file is read depends on a variable without a value", path)
            continue
        if isinstance(path.value, str):
            _read(item, path, lookup, found, context)
    entries = list(found.values())
    return service.replaced({**service.value, ATTRIBUTE: files.replaced(entries)}) if entries else service


def _read(item: Node, path: Node, lookup: Lookup, found: dict[str, Node], context: Context) -> None:
    kind = item.get("format")
    if kind is not None and kind.value not in ("", "raw"):
        context.reject("the format of an env_file is raw, or left out", kind)
        return
    required = item.get("required")
    absolute = joined(context.cwd, path.value)
    try:
        entries = read_entries(absolute, lookup, context, raw=kind is not None and kind.value == "raw")
    except OutsideError as error:
        context.reject(f"the env_file {path.value} {error.message}", path, error.hint)
        return
    except SourceError as error:
        if error.location is not None and error.location.line:
            context.reject_at(error.message, error.location, error.hint)
        elif required is None or required.value is not False or context.files.exists(absolute):
            hint = "create it where the scan runs, or mark it as required: false"
            context.reject(f"the env_file {path.value} {error.message}", path, hint)
        return
    shown = context.files.display(absolute)
    for entry in entries:
        if entry.value is not None:
            value = Node(entry.value, shown, entry.span)
            body = {"name": implied(entry.name), "value": value, "path": implied(shown)}
            found.pop(entry.name, None)
            found[entry.name] = Node(body, shown, entry.span)
