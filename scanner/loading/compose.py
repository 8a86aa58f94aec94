"""Loads Compose projects: those that the configuration names, then those that the files found form."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scanner.config import Project
from scanner.core.errors import ConfigurationError, SourceError
from scanner.core.location import Location
from scanner.core.real_paths import RealPaths
from scanner.core.resource import Resource, Subject
from scanner.core.result import NotScanned, Scanned
from scanner.discovery import Found, display_path
from scanner.gitignore import git_ignores
from scanner.loading.batch import Batch, Loader
from scanner.normalize.compose import project_subjects
from scanner.sources.compose.discover import ProjectFiles, discover
from scanner.sources.compose.project import load_project
from scanner.sources.compose.sniff import is_compose_name


def projects(loader: Loader, files: Mapping[Path, bool]) -> Iterator[Batch]:
    """A batch for each project. `files` are the Compose files found; true for those that the command line named."""
    left = dict(files)
    real_paths = RealPaths()
    for project in loader.config.projects:
        if any(path in files for path in project.files) and _is_wanted(loader, project.files):
            left = {path: explicit for path, explicit in left.items() if path not in project.files}
            yield from _named(loader, project, real_paths)
    for found in _formed(loader, left, real_paths):
        yield from _batch(loader, found.files, (), (), real_paths, base=found.base)


def _formed(loader: Loader, files: Mapping[Path, bool], real_paths: RealPaths) -> list[ProjectFiles]:
    """The projects of the files found. The neighbours of a file that was named tell what it is laid over, but are not
    scanned for their own sake."""
    around = {
        neighbour
        for folder in {path.parent for path, explicit in files.items() if explicit}
        for neighbour in folder.iterdir()
        if is_compose_name(neighbour.name) and neighbour.is_file()
    }
    formed = [
        project
        for project in discover({*files, *around}, root=loader.found.root, real_paths=real_paths)
        if any(path in files for path in project.files if project.base is None or path not in project.base)
        and _is_wanted(loader, project.files)
    ]
    covered = {path for project in formed for path in project.files}
    alone = [ProjectFiles((path,)) for path, explicit in files.items() if explicit and path not in covered]
    return sorted([*formed, *alone], key=lambda project: (project.base is not None, project.files))


def _is_wanted(loader: Loader, files: Sequence[Path]) -> bool:
    only = loader.found.only_compose
    return only is None or any(path in only for path in files)


def _named(loader: Loader, project: Project, real_paths: RealPaths) -> Iterator[Batch]:
    """A project that the configuration names."""
    for path in (*project.files, *project.env_files):
        if not path.is_file():
            raise ConfigurationError(
                f"the project's file {display_path(path, loader.found.root)} does not exist",
                project.location,
                "correct projects",
            )
    profiles = project.profiles if project.profiles is not None else ()
    yield from _batch(loader, project.files, profiles, project.env_files, real_paths)


def _batch(
    loader: Loader,
    files: Sequence[Path],
    profiles: Sequence[str],
    env_files: Sequence[Path],
    real_paths: RealPaths,
    base: tuple[Path, ...] | None = None,
) -> Iterator[Batch]:
    found = loader.found
    try:
        project = load_project(files, root=found.root, profiles=profiles, env_files=env_files, real_paths=real_paths)
    except SourceError as error:
        place = error.location or Location(display_path(files[0], found.root))
        found.not_scanned.append(
            NotScanned(place.path, error.message, error.hint, place.line, place.column, source="compose")
        )
        return
    found.not_scanned.extend(project.not_scanned)
    loader.notices.extend(project.notices)

    _mark_ignored(project.resources, found)
    _mark_secret_files(project.resources, files[0].parent, found)

    def each(views: frozenset[str]) -> Iterator[tuple[Resource, Iterable[Subject]]]:
        yield from by_resource(project_subjects(project.resources, views), project.resources)

    services = sum(resource.type == "compose/service" for resource in project.resources)
    own = [display_path(path, found.root) for path in files if base is None or path not in base]
    scanned = [Scanned(path, "compose", services if path == own[0] else 0) for path in own]
    yield Batch("compose", scanned, project.documents, each, complete=True, project=tuple(files), base=base)


def _ignores(found: Found, display: str) -> bool:
    """Whether git ignores a file, where ignore files count: otherwise what is there is taken for tracked."""
    return found.ignoring and git_ignores(found.root, display)


def _mark_ignored(resources: Sequence[Resource], found: Found) -> None:
    """Notes at the variables that stand in files of their own whether git ignores the file."""
    known: dict[str, bool] = {}
    for resource in resources:
        for key in ("x_env_file_entries", "x_variable_file_entries"):
            for entry in resource.attributes.get(key, ()):
                path = entry["path"]
                if path not in known:
                    known[path] = _ignores(found, path)
                entry["ignored"] = known[path]


def _mark_secret_files(resources: Sequence[Resource], folder: Path, found: Found) -> None:
    """Notes the files that the project's secrets come from, where `root` is a repository: whether they are there, and
    whether git would take them."""
    root = found.root
    if not (root / ".git").exists():
        return
    for resource in resources:
        secrets = resource.attributes.get("secrets") if resource.type == "compose/project" else None
        entries = []
        for name, secret in (secrets or {}).items():
            file = secret.get("file") if isinstance(secret, dict) else None
            if not isinstance(file, str):
                continue
            path = Path(os.path.normpath(folder / file))
            shown = display_path(path, root)
            inside = path.is_relative_to(root)
            there = inside and path.is_file() and path.stat().st_size > 0
            tracked = there and not _ignores(found, shown)
            entries.append({"name": name, "path": shown, "exists": there, "tracked": tracked})
        if entries:
            resource.attributes["x_file_secrets"] = entries


def by_resource(subjects: Iterable[Subject], resources: Sequence[Resource]) -> Iterator[tuple[Resource, list[Subject]]]:
    """The subjects grouped by their resource, in the order of the resources; those without subjects too."""
    grouped: dict[int, list[Subject]] = {id(resource): [] for resource in resources}
    for subject in subjects:
        grouped[id(subject.resource)].append(subject)
    for resource in resources:
        yield resource, grouped[id(resource)]
