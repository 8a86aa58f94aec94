"""Renders a chart with an installed Helm. Only what its output shows is known of where a line comes from."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scanner.core.location import Location
from scanner.helm.capabilities import API_VERSIONS, Capabilities, capabilities
from scanner.helm.chart import Chart
from scanner.helm.coalesce import coalesce_values
from scanner.helm.contexts import renderables
from scanner.helm.dependencies import enable_dependencies, private_copy
from scanner.helm.errors import HelmError
from scanner.helm.manifests import sort_manifests
from scanner.helm.render import Rendered, RenderOptions
from scanner.helm.splitting import split_documents
from scanner.helm.values_files import RenderValues
from scanner.template.kinds import Values
from scanner.template.source import Source
from scanner.template.text import Piece, Text, concat

SECONDS = 120
_SOURCE, _SEPARATOR = "# Source: ", "\n---\n"
_KEPT = ("PATH", "HOME", "SystemRoot", "TEMP", "TMP", "TMPDIR")


def render_with(
    binary: Path, chart: Chart, path: Path, given: RenderValues, values: Values, options: RenderOptions
) -> Rendered:
    """What the Helm at `binary` makes of the chart at `path`: the same record as our own rendering, with a place in the
    template for each line that stands there word for word. Raises HelmError with Helm's message.

    `values` are those that `given` names, for the names of subcharts.
    """
    profile = options.capabilities or capabilities()
    output, warnings = _run(binary, chart, path, given, options, profile)
    own = private_copy(chart)
    enable_dependencies(own, values, lambda _: None)
    found = renderables(own, coalesce_values(own, values, lambda _: None), {}, profile, traced=False)
    sources = {name: Source(name, each.file.text, each.file.path) for name, each in found.items()}
    files: dict[str, list[str]] = {}
    for name, document in _documents(output):
        source = sources.get(name)
        files.setdefault(name, []).extend((_SEPARATOR, _placed(document, source) if source else document))
    manifests, hooks = sort_manifests(((name, concat(texts)) for name, texts in files.items()), warnings.append)
    return Rendered(manifests, hooks, "", own.crds(), warnings, own)


def _run(
    binary: Path, chart: Chart, path: Path, given: RenderValues, options: RenderOptions, profile: Capabilities
) -> tuple[str, list[str]]:
    command = [str(binary.absolute()), "template", options.release_name, str(path), "--namespace", options.namespace]
    command += ["--kube-version", profile.kube_version.version]
    command += [argument for version in _more_versions(profile) for argument in ("--api-versions", version)]
    for file in given.files:
        command += ["--values", file]
    for text in given.set:
        command += ["--set", text]
    environment = {name: value for name in _KEPT if (value := os.environ.get(name)) is not None}
    try:
        done = subprocess.run(  # noqa: S603 - the program that the command line names, without a shell
            command, capture_output=True, timeout=SECONDS, check=False, env=environment, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise HelmError(f"{binary} cannot be run: {error.strerror}", hint="correct --helm-binary") from error
    except subprocess.TimeoutExpired as error:
        raise HelmError(f"{binary} takes longer than {SECONDS} seconds", Location(chart.path)) from error
    messages = done.stderr.decode("utf-8", "replace").splitlines()
    if done.returncode:
        reason = "\n".join(messages).partition("Error: ")[2].split("\n\n")[0].strip()
        raise HelmError(reason or f"{binary} ended with status {done.returncode}")
    return done.stdout.decode("utf-8", "surrogateescape"), messages


def _more_versions(profile: Capabilities) -> list[str]:
    """The API versions that a profile has beside Helm's own."""
    return [version for version in profile.api_versions if version not in API_VERSIONS]


def _documents(output: str) -> Iterator[tuple[str, str]]:
    """The documents of Helm's output, each with the name of its template."""
    for document in split_documents(output):
        if document.startswith(_SOURCE):
            head, _, text = document.partition("\n")
            yield head.removeprefix(_SOURCE), text


def _placed(document: str, source: Source) -> str:
    """The document, each line of it with its place in the template, where the same line stands there."""
    offsets: dict[str, list[int]] = {}
    at = 0
    for line in source.text.split("\n"):
        if line.strip():
            offsets.setdefault(_key(line), []).append(at + len(line) - len(line.lstrip()))
        at += len(line) + 1
    pieces: list[Piece] = []
    last = 0
    for line in document.split("\n"):
        places = offsets.get(line.strip()) or offsets.get(_key(line))
        # Lines that read alike come in the template's order.
        last = next((place for place in places or () if place >= last), places[0] if places else last)
        position: Any = (source, last, source, last)
        pieces.append((len(line) + 1, position, None))
    length, position, origin = pieces[-1]
    pieces[-1] = (length - 1, position, origin)
    return Text(document, [piece for piece in pieces if piece[0]])


def _key(line: str) -> str:
    """What a line of a template and of its output have in common: all of it, else its key."""
    line = line.strip()
    return line.split(":", 1)[0] + ":" if ":" in line else line
