"""Reads Chart.yaml, requirements.yaml and the lock files into their records, with Helm's errors and their places."""

from __future__ import annotations

from scanner.core.location import Location
from scanner.helm.chart import ChartFile
from scanner.helm.errors import HelmError
from scanner.helm.go_decoding import DecodeError, decode_into
from scanner.helm.metadata import Lock, Metadata
from scanner.helm.origin import ValuesSource
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_raw import raw_document

SOURCE_KIND = "chart"
"""The kind of a ValuesSource that is Chart.yaml or requirements.yaml."""


def read_metadata(metadata: Metadata, file: ChartFile, traced: bool) -> None:
    """Sets what the file says in `metadata`, over what stands there. Raises HelmError."""
    _decode(metadata, file, ValuesSource(file.path, SOURCE_KIND) if traced else None)


def read_lock(file: ChartFile) -> Lock | None:
    """The lock that a file holds; None for an empty one. Raises HelmError."""
    lock = Lock()
    return lock if _decode(lock, file, None) else None


def _decode(record: Metadata | Lock, file: ChartFile, source: ValuesSource | None) -> bool:
    """Whether there was anything to decode."""
    try:
        value = raw_document(file.text, source)
    except YamlError as error:
        message = f"cannot load {file.name}: error converting YAML to JSON: {error.message}"
        raise HelmError(message, Location(file.path, error.line, error.column)) from error
    try:
        decode_into(record, value)
    except DecodeError as error:
        message = f"cannot load {file.name}: error unmarshaling JSON: while decoding JSON: {error}"
        raise HelmError(message, place_of(file, error.route)) from error
    return value is not None


def place_of(file: ChartFile, route: tuple[str | int, ...]) -> Location:
    """The place of what `route` leads to in a metadata file, or of the nearest entry above it."""
    from scanner.core.errors import SourceError
    from scanner.core.scalars import KUBERNETES
    from scanner.core.yaml_reader import read_yaml

    try:
        documents = read_yaml(file.text, file.path, KUBERNETES, "last")
    except SourceError:
        return Location(file.path)
    return documents[0].locate(route).location if documents and route else Location(file.path)
