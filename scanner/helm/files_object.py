"""`.Files`: the files of a chart that are neither templates nor values, for templates to read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any, ClassVar

from scanner.helm.chart import ChartFile
from scanner.helm.glob import GlobError, compiled
from scanner.helm.origin import LineOrigin, ValueOrigin, ValuesSource, line_pieces
from scanner.template.function import Function
from scanner.template.kinds import Map, NilBytes, StringList, declare
from scanner.template.text import Text

SOURCE_KIND = "asset"
"""The kind of a ValuesSource that is one of a chart's `.Files`."""


class Files(dict[str, bytes]):
    """Go's engine.files: names to contents. A name that is not there has no content."""

    zero: ClassVar[bytes] = NilBytes()
    methods: ClassVar[dict[str, Any]] = {}

    def __init__(self, files: Iterable[ChartFile] = (), traced: bool = False) -> None:
        self.sources = {file.name: file for file in files}
        super().__init__((name, file.data) for name, file in self.sources.items())
        self.traced = traced

    def text(self, name: str) -> str:
        """The content of a file as text, each line with its place."""
        file = self.sources.get(name)
        if file is None:
            return ""
        return traced_text(file) if self.traced else file.text


def traced_text(file: ChartFile) -> str:
    """The text of a file, with a piece for each line that leads to its place in the file."""
    source = ValuesSource(file.path, SOURCE_KIND)
    source.text = file.text
    return Text(file.text, line_pieces(file.text, LineOrigin(ValueOrigin(source), 1)))


def _get(files: Files, name: str) -> str:
    return files.text(name)


def _get_bytes(files: Files, name: str) -> bytes:
    return files.get(name, b"")


def _glob(files: Files, pattern: str) -> Files:
    """The files whose names fit; all of them for a pattern that does not compile, as in Helm."""
    try:
        fits = compiled(pattern)
    except GlobError:
        fits = compiled("**")
    return Files((file for name, file in files.sources.items() if fits(name)), files.traced)


def _lines(files: Files, name: str) -> list[str]:
    from scanner.template.text import cut

    text = files.text(name)
    lines = StringList()
    at = 0
    for line in str(text).removesuffix("\n").split("\n") if text else ():
        lines.append(cut(text, at, at + len(line)))
        at += len(line) + 1
    return lines


def _as_config(files: Files) -> str:
    return _yaml({name: files.text(name) for name in files})


def _as_secrets(files: Files) -> str:
    import base64

    from scanner.template.text import derived

    return _yaml({name: derived(base64.b64encode(files[name]).decode(), files.text(name)) for name in files})


def _yaml(texts: dict[str, str]) -> str:
    """The texts under the base names of their files; of two that have the same, the last by name stays. Empty where
    one cannot be YAML."""
    from scanner.helm.yaml_emitter import to_yaml
    from scanner.template.go_json import MarshalError
    from scanner.template.text import first_origin

    values = {posixpath.basename(name): texts[name] for name in sorted(texts)}
    origins = {key: origin for key, text in values.items() if (origin := first_origin(text)[1])}
    try:
        return to_yaml(Map(values, None, origins))
    except MarshalError:
        return ""


Files.methods = {
    "Get": Function("Get", "string", _get),
    "GetBytes": Function("GetBytes", "string", _get_bytes),
    "Glob": Function("Glob", "string", _glob),
    "Lines": Function("Lines", "string", _lines),
    "AsConfig": Function("AsConfig", "", _as_config),
    "AsSecrets": Function("AsSecrets", "", _as_secrets),
}
declare(Files, "engine.files", "map")
