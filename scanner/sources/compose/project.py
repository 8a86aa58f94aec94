"""A project as a scan sees it: more than Compose would run, and what could not be known named."""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scanner.core.document import Document
from scanner.core.location import Location
from scanner.core.real_paths import RealPaths
from scanner.core.resource import Resource
from scanner.core.result import Notice, NotScanned
from scanner.sources.compose.context import Context
from scanner.sources.compose.dockerfiles import with_health_check
from scanner.sources.compose.env_files import with_env_files
from scanner.sources.compose.files import Files
from scanner.sources.compose.origin import TreeOrigin
from scanner.sources.compose.resolve import resolve
from scanner.sources.compose.tree import Node, plain
from scanner.sources.compose.written import with_variable_files, with_written

TARGET = "compose"
EVERY_PROFILE = ("*",)


class ComposeProject(NamedTuple):
    """`files` are the display paths of all files that were read, env files too; `documents` the YAML among them.

    `resources` are one `compose/project`, and one `compose/service` for each service, in the order of the files.
    """

    name: str
    files: tuple[str, ...]
    resources: list[Resource]
    not_scanned: list[NotScanned]
    notices: list[Notice]
    documents: list[Document]


def load_project(
    files: Sequence[Path | str],
    *,
    root: Path | str,
    profiles: Collection[str] = (),
    env_files: Sequence[Path | str] = (),
    environment: Mapping[str, str] | None = None,
    real_paths: RealPaths | None = None,
) -> ComposeProject:
    """The project of `files`, the first of which names its folder; nothing outside `root` is read, nothing fetched.

    Every service of every profile is there, unless `profiles` names some. A variable without a value leaves `Unknown`
    or `PartialText`. What is wrong or cannot be read is left out and listed in `not_scanned`; what Compose would
    refuse although all is known is a notice. Raises SourceError where the first file cannot be read at all.
    """
    absolute = [os.path.abspath(file) for file in files]  # noqa: PTH100 (links are looked at when a file is read)
    cwd = os.path.dirname(absolute[0])  # noqa: PTH120
    context = Context(Files(str(root), real_paths), strict=False, cwd=cwd)
    configured = [os.path.abspath(file) for file in env_files]  # noqa: PTH100
    resolved = resolve(absolute, profiles or EVERY_PROFILE, environment or {}, configured, context)
    services = resolved.tree.value["services"]
    if not services.value and not context.not_scanned:
        place = Location(context.files.display(absolute[0]))
        context.notices.append(Notice("the project has no services", place, "is the file complete?"))
    extended = {
        name: with_written(with_health_check(with_env_files(one, resolved.environment, context), context), context)
        for name, one in services.value.items()
    }
    tree = resolved.tree.replaced({**resolved.tree.value, "services": services.replaced(extended)})
    tree = with_variable_files(tree, configured, context)
    reader = context.files
    return ComposeProject(
        name=resolved.name,
        files=tuple(dict.fromkeys(reader.display(path) for path in reader.read)),
        resources=_resources(tree, resolved.name, reader.display(absolute[0])),
        not_scanned=context.not_scanned,
        notices=context.notices,
        documents=[document for documents in reader.parsed.values() for document in documents],
    )


def _resources(tree: Node, name: str, file: str) -> list[Resource]:
    attributes = plain(tree)
    found = [Resource("compose/project", name, attributes, TreeOrigin(tree, (), file), TARGET)]
    for service, body in attributes["services"].items():
        origin = TreeOrigin(tree, ("services", service), file)
        found.append(Resource("compose/service", service, body, origin, TARGET))
    return found
