"""The files of a scan that declare resources of AWS accounts, by what tags say of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scanner.core.location import Location, Related
from scanner.core.resource import Resource
from scanner.core.yaml_reader import MAX_BYTES
from scanner.discovery import Found, display_path
from scanner.sources.aws.resources import AwsOrigin
from scanner.sources.aws.templates import LOGICAL_ID, Templates

_FILE = "git_file"
"""The tag in which Yor leaves the path of the file, for Terraform and others."""


class Declarations:
    """Where in the files of a scan the resources of its accounts are declared. The files are read when the first tag
    asks for them; without files there is nothing to tell."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._templates: Templates | None = None

    def attach(self, resource: Resource) -> None:
        """Tells the origin of `resource` what declares it, if that is known."""
        if not self._found.folders or not isinstance(resource.origin, AwsOrigin):
            return
        if LOGICAL_ID in resource.tags:
            if self._templates is None:
                self._templates = Templates(_files(self._found))
            declaration = self._templates.declaration(resource.type, resource.tags)
            if declaration is not None:
                resource.origin.declared = declaration.related
        elif _FILE in resource.tags:
            self._named(resource.origin, resource.tags[_FILE])

    def _named(self, origin: AwsOrigin, name: str) -> None:
        root = self._found.root
        try:
            real = os.path.realpath(root / name)
        except (OSError, ValueError):  # a text that is no path
            return
        if display_path(Path(real), root) == name and os.path.isfile(real):  # noqa: PTH113 - for any text
            place = Related(Location(name), "declaration")
            origin.declared = lambda _: place


def _files(found: Found) -> Iterator[tuple[str, bytes]]:
    """The files that may be templates; what cannot be read is told by those who read it first."""
    for folder, names in found.folders.items():
        for name in sorted(names):
            path = folder / name
            try:
                with path.open("rb") as file:
                    data = file.read(MAX_BYTES + 1)
            except OSError:
                continue
            if len(data) <= MAX_BYTES:
                yield display_path(path, found.root), data
