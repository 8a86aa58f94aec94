"""The values of a user: files of values and `--set` arguments, merged in Helm's order."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.origin import ValuesSource
from scanner.helm.set_grammar import SetError, read_set, read_set_json, read_set_literal, typed
from scanner.template.kinds import Map, Values, entry_origin, put

LARGEST_FILE = 64 << 20
"""The most bytes that a file of values, or of `--set-file`, may have."""

_SCHEMES = ("http://", "https://", "oci://")


class RenderValues(NamedTuple):
    """Where the values of one rendering come from: paths of files, and the texts of the arguments."""

    files: tuple[str, ...] = ()
    json: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    set_files: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()


def user_values(
    wanted: RenderValues, *, traced: bool = True, display: Callable[[Path], str] = str, standard_input: bool = False
) -> Values:
    """The files, later ones over earlier ones, then `--set-json`, `--set`, `--set-string`, `--set-file` and
    `--set-literal`, each in its order. `-` is standard input, where that is allowed. Raises HelmError.
    """
    values = Values()
    for path in wanted.files:
        values = _merged(values, _file_values(path, traced, display, standard_input))
    steps: list[tuple[str, tuple[str, ...], Callable[[str, Any, ValuesSource | None], None]]] = [
        ("--set-json", wanted.json, read_set_json),
        ("--set", wanted.set, lambda text, into, source: read_set(text, into, typed, source)),
        ("--set-string", wanted.strings, lambda text, into, source: read_set(text, into, str, source)),
        ("--set-file", wanted.set_files, lambda text, into, source: read_set(text, into, _file_text, source)),
        ("--set-literal", wanted.literals, read_set_literal),
    ]
    for option, arguments, apply in steps:
        for text in arguments:
            try:
                apply(text, values, ValuesSource(f"{option} {text}", "set") if traced else None)
            except SetError as error:
                reason = f" {text}" if option == "--set-json" else f": {error}"
                raise HelmError(f"failed parsing {option} data{reason}") from None
    return values


def _file_values(path: str, traced: bool, display: Callable[[Path], str], standard_input: bool) -> Values:
    from scanner.helm.yaml_values import ValuesError, read_values

    shown = path if path.strip() == "-" else display(Path(path))
    # A path that a person gave is told as it was given.
    said = shown if os.path.isabs(path) else path  # noqa: PTH117
    from_input = path.strip() == "-" and standard_input
    data = sys.stdin.buffer.read(LARGEST_FILE) if from_input else read_bytes(path, said, shown)
    try:
        return read_values(data, ValuesSource(shown, "file"), traced=traced)
    except ValuesError as error:
        raise HelmError(f"failed to parse {said}: {error.message}", error.location) from None


def read_bytes(path: str, said: str = "", shown: str = "") -> bytes:
    """A file that an option names. Raises HelmError with Go's text of what is wrong with it, in which `said` stands
    for the path, at the place `shown`."""
    said, shown = said or path, shown or path
    if path.startswith(_SCHEMES):
        raise HelmError(f"{path} is not fetched", hint="download the file and name it by its path")
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - Path would drop a trailing slash
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        action = "read" if isinstance(error, IsADirectoryError) else "open"
        raise HelmError(f"{action} {said}: {_reason(error)}", Location(shown)) from None
    except ValueError:
        raise HelmError(f"open {said}: invalid argument") from None
    if len(data) > LARGEST_FILE:
        raise HelmError(f"{said} is larger than {LARGEST_FILE >> 20} MiB", Location(shown))
    return data


def _file_text(path: str) -> str:
    try:
        return read_bytes(path).decode("utf-8", "surrogateescape")
    except HelmError as error:
        raise SetError(error.message) from None


def _reason(error: OSError) -> str:
    text = os.strerror(error.errno or 0)
    return text[:1].lower() + text[1:]


def _merged(under: Values, over: Values) -> Values:
    """A new table of both, where tables merge and everything else of `over` wins, nulls too."""
    merged = Values(under, under.origin, dict(under.origins))
    _lay(merged, over)
    return merged


def _lay(result: Map, over: dict[str, Any]) -> Map:
    for key, value in over.items():
        present = result.get(key)
        if isinstance(value, dict) and isinstance(present, dict):
            merged = Map(present, getattr(present, "origin", None), dict(getattr(present, "origins", ())))
            put(result, key, _lay(merged, value), entry_origin(result, key))
        else:
            put(result, key, value, entry_origin(over, key))
    return result
