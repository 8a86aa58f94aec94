"""Which Compose files form which projects."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from scanner.core.errors import SourceError
from scanner.core.patterns import late
from scanner.core.real_paths import RealPaths
from scanner.sources.compose.dotenv import mapping, parse
from scanner.sources.compose.files import Files
from scanner.sources.compose.sniff import has_include, is_compose_name, looks_like_compose

__all__ = ["ProjectFiles", "discover", "is_compose_name", "looks_like_compose"]

DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
"""As Compose looks for them, the first that is there counts."""

_COMPLETE = ("image", "build", "extends", "provider")


class ProjectFiles(NamedTuple):
    """The files of one project, in the order in which they are laid over each other.

    `base` are the files of the project that this one is laid over: it is in the list too, before this one, and a
    finding that it has already need not be repeated.
    """

    files: tuple[Path, ...]
    base: tuple[Path, ...] | None = None


class _Folder:
    def __init__(self, path: Path, files: dict[str, Path], reader: Files) -> None:
        self.path = path
        self.files = files
        self.reader = reader
        self.contents: dict[Path, Mapping[str, Any]] = {}

    def content(self, path: Path) -> Mapping[str, Any]:
        """The top level of a file; empty where it cannot be read: loading it says why."""
        if path not in self.contents:
            found: dict[str, Any] = {}
            try:
                for document in self.reader.documents(os.path.abspath(path)):  # noqa: PTH100
                    if isinstance(document.value, dict):
                        found |= document.value
            except SourceError:
                found = {}
            self.contents[path] = found
        return self.contents[path]


def discover(files: Iterable[Path], *, root: Path | str, real_paths: RealPaths | None = None) -> list[ProjectFiles]:
    """The projects that Compose files (of one folder or of many) form, in the order of their first files.

    In each folder the default file and its override are one project, or what COMPOSE_FILE in `.env` names. A file that
    has a service without image, build and extends is laid over the default one. Any other file is a project of its
    own, unless another one includes it, or all its services are extended. A default file, which Compose runs in its
    folder all the same, is so only for a file of a folder around it, or one that includes it as it is.
    """
    reader = Files(str(root), real_paths)
    grouped: dict[Path, dict[str, Path]] = {}
    for path in sorted(set(files)):
        grouped.setdefault(path.parent, {})[path.name] = path
    folders = [_Folder(folder, names, reader) for folder, names in grouped.items()]
    used = _used_elsewhere(folders)
    return [project for folder in folders for project in _projects(folder, used)]


def _projects(folder: _Folder, used: frozenset[str]) -> list[ProjectFiles]:
    found: list[ProjectFiles] = []
    taken: set[Path] = set()
    named = named_by_env(folder.path, folder.reader)
    default = next((folder.files[name] for name in DEFAULTS if name in folder.files), None)
    override = next((folder.files[name] for name in OVERRIDES if name in folder.files), None)
    base: tuple[Path, ...] | None = None
    if named:
        base = named
        taken.update(named)
        found.append(ProjectFiles(named))
    if default is not None and default not in taken and _key(default) not in used:
        own = (default, override) if override is not None and override not in taken else (default,)
        found.append(ProjectFiles(own))
        taken.update(own)
        base = base or own
    for path in folder.files.values():
        if path in taken or _key(path) in used:
            continue
        if base is not None and path != base[0] and _is_overlay(folder, path):
            found.append(ProjectFiles((base[0], path), base))
        else:
            found.append(ProjectFiles((path,)))
    return found


def _key(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100


def named_by_env(folder: Path, reader: Files) -> tuple[Path, ...]:
    """The files that COMPOSE_FILE in the folder's `.env` names, be they there or not."""
    path = os.path.join(os.path.abspath(folder), ".env")  # noqa: PTH100, PTH118
    if not reader.exists(path):
        return ()
    try:
        data = reader.data(path)
        if b"COMPOSE_FILE" not in data:
            return ()
        variables = mapping(parse(reader.text(path), lambda _name: None, path=reader.display(path)))
    except SourceError:
        return ()  # loading the project reads it again, and says why
    value = variables.get("COMPOSE_FILE")
    if not isinstance(value, str) or not value:
        return ()
    separator = variables.get("COMPOSE_PATH_SEPARATOR") or ":"
    names = value.split(str(separator))
    paths = (Path(os.path.normpath(folder / name)) for name in names if name and name != "-")
    return tuple(dict.fromkeys(paths))


def _services(content: Mapping[str, Any]) -> dict[str, Any]:
    services = content.get("services")
    return services if isinstance(services, dict) else {}


def _is_overlay(folder: _Folder, path: Path) -> bool:
    services = _services(folder.content(path))
    return any(
        not isinstance(service, dict) or not any(key in service for key in _COMPLETE) for service in services.values()
    )


def _used_elsewhere(folders: Sequence[_Folder]) -> frozenset[str]:
    """The files that another file includes as a whole, or whose services others all extend."""
    included: set[str] = set()
    extended: dict[str, set[str]] = {}
    for folder in folders:
        for path in folder.files.values():
            try:
                data = folder.reader.data(_key(path))
            except SourceError:
                continue
            if has_include(data) or _EXTENDS_FILE.search(data):
                content = folder.content(path)
                included |= {
                    _key(file)
                    for file, changed in _includes(path, content)
                    if _key(file) != _key(path) and (not changed or _may_be_only_a_part(file, path))
                }
                for file, service in _extends(path, content):
                    if _key(file) != _key(path) and _may_be_only_a_part(file, path):
                        extended.setdefault(_key(file), set()).add(service)
    wholly = set(included)
    for folder in folders:
        for path in folder.files.values():
            services = extended.get(_key(path))
            if services is not None and services >= set(_services(folder.content(path))):
                wholly.add(_key(path))
    return frozenset(wholly - _circular(folders, wholly))


def _may_be_only_a_part(file: Path, user: Path) -> bool:
    """Whether nobody runs `file` by itself, since `user` takes it and says otherwise in places."""
    folder = os.path.dirname(_key(file))  # noqa: PTH120
    return file.name not in DEFAULTS or folder.startswith(os.path.dirname(_key(user)).rstrip(os.sep) + os.sep)  # noqa: PTH120


_EXTENDS_FILE = late(rb"extends")


def _circular(folders: Sequence[_Folder], wholly: set[str]) -> set[str]:
    """Files that only include each other: one of them has to be scanned, so all are."""
    users: dict[str, set[str]] = {}
    for folder in folders:
        for path in folder.files.values():
            for used, _ in _includes(path, folder.contents.get(path, {})):
                users.setdefault(_key(used), set()).add(_key(path))
    reached = {_key(path) for folder in folders for path in folder.files.values()} - wholly
    changed = True
    while changed:
        more = {file for file in wholly - reached if users.get(file, set()) & reached or file not in users}
        changed = bool(more)
        reached |= more
    return wholly - reached


def _includes(path: Path, content: Mapping[str, Any]) -> list[tuple[Path, bool]]:
    """The files that `path` includes, and whether others are laid over the file there."""
    entries = content.get("include")
    found: list[tuple[Path, bool]] = []
    for entry in entries if isinstance(entries, list) else ():
        value = entry.get("path") if isinstance(entry, dict) else entry
        names = value if isinstance(value, list) else [value]
        found += [(path.parent / name, len(names) > 1) for name in names if isinstance(name, str) and "$" not in name]
    return found


def _extends(path: Path, content: Mapping[str, Any]) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for service in _services(content).values():
        value = service.get("extends") if isinstance(service, dict) else None
        if isinstance(value, dict) and isinstance(value.get("file"), str) and isinstance(value.get("service"), str):
            found.append((path.parent / value["file"], value["service"]))
    return found
