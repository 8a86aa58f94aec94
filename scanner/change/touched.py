"""Which charts, Compose projects and manifests the changed files of a repository lead to."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from scanner.config import FILE_NAME, MISNAMED, PROJECT_FILE, Config
from scanner.discovery import SNIFFED_BYTES, Found, as_utf8, chart_around, display_path, may_be_manifest
from scanner.sources.compose.sniff import is_compose_name, looks_like_compose
from scanner.sources.kubernetes.kustomize import FILE_NAMES

_SIBLING = re.compile(rb"file://([^\"'\s#,}\]]+)")
_VARIABLES = re.compile(r"(?:.*\.)?env(?:\..*)?", re.IGNORECASE)
_BUILD = re.compile(r"(?:.*\.)?dockerfile(?:\..*)?|containerfile|\.dockerignore", re.IGNORECASE)
_DOCUMENTS = (".yaml", ".yml", ".json")
_CONFIGURATIONS = frozenset({FILE_NAME, MISNAMED})
_FOR_ALL_BELOW = _CONFIGURATIONS | {".gitignore"}
_MOST_DEPENDENCIES = 1000


class Touched(NamedTuple):
    """What has to be scanned. `charts` and `compose` are display paths, of charts' folders or archives and of Compose
    files; `manifests` are all plain manifests, which may be related to each other, or none of them."""

    charts: frozenset[str] = frozenset()
    compose: frozenset[str] = frozenset()
    manifests: bool = False
    snapshots: frozenset[str] = frozenset()
    everything: bool = False
    """The configuration of all of it changed."""

    def __bool__(self) -> bool:
        return bool(self.charts or self.compose or self.manifests)


def touched(found: Found, names: Iterable[str], values: Iterable[Path] = (), *, configured: bool = True) -> Touched:
    """What the changed files `names` (display paths; those of files that are gone, too) lead to in what was found.

    `values` are the files of values that the command line gives to every chart. Without `configured`, a change of the
    configuration changes nothing.
    """
    changed = with_linked(found, frozenset(names))
    if configured and _configures_all(found, changed):
        everything = frozenset(display_path(path, found.root) for path in found.charts)
        return Touched(everything, frozenset(dict(_compose_files(found))), True, everything=True)
    charts = _charts(found, changed, frozenset(display_path(path, found.root) for path in values))
    snapshots = changed & {display_path(path, found.root) for path in found.snapshots}
    manifests = any(_is_manifest(found.root, name) or _was_chart(found, name) for name in changed)
    return Touched(charts, _compose(found, changed), manifests, snapshots)


def narrow(found: Found, wanted: Touched, names: Set[str]) -> None:
    """Leaves in `found` what `wanted` names, and what could not be found of the files `names`. Compose files in the
    folder of a touched one stay: which files form which projects is seen in all of them."""
    found.charts = {path for path in found.charts if display_path(path, found.root) in wanted.charts}
    found.not_scanned = [entry for entry in found.not_scanned if entry.path in names]
    found.snapshots = {path for path in found.snapshots if display_path(path, found.root) in wanted.snapshots}
    folders = {str(PurePosixPath(path).parent) for path in wanted.compose}
    kept: dict[Path, dict[str, bool]] = {}
    for folder, files in found.folders.items():
        display = display_path(folder, found.root)
        for name, explicit in files.items():
            data = _read(folder / name)
            is_compose = _is_compose(name, data)
            # What is none by its look stays among manifests: reading it says why it is none.
            is_manifest = not is_compose or may_be_manifest(name, data)
            if (is_compose and display in folders) or (is_manifest and wanted.manifests):
                kept.setdefault(folder, {})[name] = explicit
    found.folders = kept
    found.only_compose = frozenset(found.root / path for path in wanted.compose)


def siblings(chart: Path, root: Path) -> Iterator[str]:
    """The display paths of the folders that a chart, and the charts in it, name by `file://`."""
    waiting = [chart]
    count = 0
    while waiting and count < _MOST_DEPENDENCIES:
        folder = waiting.pop()
        count += 1
        for name in ("Chart.yaml", "requirements.yaml"):
            data = _read(folder / name)
            for match in _SIBLING.finditer(data) if b"file://" in data else ():
                place = os.path.normpath(folder / os.fsdecode(match[1]))
                yield display_path(Path(place), root)
        if (folder / "charts").is_dir():
            waiting += sorted(inner for inner in (folder / "charts").iterdir() if _is_chart(inner))


def settings_files(config: Config) -> Iterator[Path]:
    """The files that a configuration names and that charts and projects are judged with."""
    for chart in config.charts:
        for each in chart.values_sets:
            yield from each.files
    for project in config.projects:
        yield from (*project.files, *project.env_files)


def with_linked(found: Found, changed: frozenset[str]) -> frozenset[str]:
    """The changed files, the links that lead to them, and what changed links lead to."""
    more = set()
    for link in found.links:
        real = display_path(Path(os.path.realpath(found.root / link)), found.root)
        if any(name == real or name.startswith(f"{real}/") for name in changed):
            more.add(link)
        if link in changed:
            more.add(real)
            more.update(_below(found, real))
    return changed | more


def _below(found: Found, folder: str) -> Iterator[str]:
    """The files found in a folder, at any depth."""
    for path, files in found.folders.items():
        display = display_path(path, found.root)
        if folder in (".", display) or display.startswith(f"{folder}/"):
            yield from (name if display == "." else f"{display}/{name}" for name in files)


def _configures_all(found: Found, changed: frozenset[str]) -> bool:
    """Whether the change concerns how everything is judged: the configuration, own rules, the baseline."""
    root, config = found.root, found.config
    baseline = display_path(config.baseline, root) if config.baseline is not None else ""
    read = {*config.files, PROJECT_FILE}
    folders = [display_path(folder, root) for folder in config.rule_folders]
    return any(
        name == baseline
        or PurePosixPath(name).name in _CONFIGURATIONS
        or (name in read and _names_groundrule(root / name))
        or any(name.startswith(f"{folder}/") for folder in folders)
        for name in changed
    )


def _names_groundrule(file: Path) -> bool:
    return b"groundrule" in _read(file)


def _charts(found: Found, changed: frozenset[str], values: frozenset[str]) -> frozenset[str]:
    root = found.root
    shown = {display_path(path, root): path for path in found.charts}
    if not changed.isdisjoint(values):
        return frozenset(shown)
    configured = {
        display_path(entry.path, root)
        for entry in found.config.charts
        for each in entry.values_sets
        if any(display_path(Path(os.path.normpath(file)), root) in changed for file in each.files)
    }
    folders = _folders_of(changed)
    direct = {chart for chart in shown if chart in folders or _within(chart, changed)} | (configured & set(shown))
    # One that is gone has changed, too.
    charts = {name for name in folders if _is_chart(root / name) or str(PurePosixPath(name) / "Chart.yaml") in changed}
    return frozenset(direct | _dependents(found, shown, charts))


def _within(path: str, changed: frozenset[str]) -> bool:
    """Whether a path changed, or lies in one that did as a whole: a submodule, a folder behind a link."""
    return path in changed or any(str(parent) in changed for parent in PurePosixPath(path).parents)


def _folders_of(names: Iterable[str]) -> set[str]:
    """Every folder that some of the files lie in, at any depth; `.` for the root."""
    return {str(parent) for name in names for parent in PurePosixPath(name).parents}


def _is_chart(folder: Path) -> bool:
    return (folder / "Chart.yaml").is_file()


def _dependents(found: Found, shown: Mapping[str, Path], changed_charts: set[str]) -> set[str]:
    """The charts that take a changed chart, or one that takes it, from a `file://` path."""
    if not changed_charts:
        return set()
    wanted: dict[str, set[str]] = {}
    for chart, path in shown.items():
        if path.is_dir():
            wanted[chart] = set(siblings(path, found.root))
    # A chart that is taken may be one that no scan starts at: a library beside others, or inside one.
    more = [name for names in wanted.values() for name in names if name not in wanted]
    while more and len(wanted) < _MOST_DEPENDENCIES:
        name = more.pop()
        if name not in wanted:
            wanted[name] = set(siblings(found.root / name, found.root))
            more += [other for other in wanted[name] if other not in wanted]
    reached = set(changed_charts)
    grew = True
    while grew:
        users = {chart for chart, names in wanted.items() if not names.isdisjoint(reached)} - reached
        grew = bool(users)
        reached |= users
    return reached & set(shown)


def _compose(found: Found, changed: frozenset[str]) -> frozenset[str]:
    """The Compose files that changed, those that lie beside one that is gone, those that name a changed file, and
    those that name such a Compose file."""
    if not changed:
        return frozenset()
    # Names of files may stand in variables.
    files = {path: data + _variables(found.root / path) for path, data in _compose_files(found)}
    reached = {path for path in files if _is_touched(path, files[path], changed)}
    reached |= files.keys() & set(_named_by_variables(found.root, changed))
    gone = {name for name in changed if is_compose_name(PurePosixPath(name).name)}
    folders = {PurePosixPath(name).parent for name in gone}
    reached |= {path for path in files if PurePosixPath(path).parent in folders}
    grew = True
    while grew:
        names = {os.fsencode(PurePosixPath(path).name) for path in reached}
        users = {path for path, data in files.items() if path not in reached and _names_any(data, names)}
        grew = bool(users)
        reached |= users
    for project in found.config.projects:
        paths = {display_path(Path(os.path.normpath(file)), found.root) for file in project.files}
        others = {display_path(Path(os.path.normpath(file)), found.root) for file in project.env_files}
        if not paths.isdisjoint(reached) or not (paths | others).isdisjoint(changed):
            reached |= paths
    return frozenset(reached)


def _named_by_variables(root: Path, changed: frozenset[str]) -> Iterator[str]:
    """The Compose files that a changed `.env` names."""
    folders = [root / PurePosixPath(name).parent for name in changed if PurePosixPath(name).name == ".env"]
    if folders:
        from scanner.sources.compose.discover import named_by_env
        from scanner.sources.compose.files import Files

        for folder in folders:
            yield from (display_path(file, root) for file in named_by_env(folder, Files(str(root))))


def _variables(file: Path) -> bytes:
    """The `.env` beside a Compose file."""
    return b"\n" + _read(file.parent / ".env")


def _names_any(data: bytes, names: Iterable[bytes]) -> bool:
    return any(name in data for name in names) if b"include" in data or b"extends" in data else False


def _is_touched(path: str, data: bytes, changed: frozenset[str]) -> bool:
    """Whether a Compose file is one of the changed files, or reads one: by its name in the text, or unnamed."""
    if _within(path, changed):
        return True
    folder = PurePosixPath(path).parent
    for name in changed:
        other = PurePosixPath(name)
        if os.fsencode(other.name) in data:
            return True
        below = folder in other.parents
        if other.name in _FOR_ALL_BELOW and other.parent in (folder, *folder.parents):
            return True
        if _VARIABLES.fullmatch(other.name) and (other.parent == folder or (below and b"env_file" in data)):
            return True
        # A build that names no Dockerfile reads the one in its context, and names the context's folder.
        if _BUILD.fullmatch(other.name) and b"build" in data and (below or os.fsencode(other.parent.name) in data):
            return True
    return False


def _compose_files(found: Found) -> Iterator[tuple[str, bytes]]:
    for folder, files in found.folders.items():
        for name in files:
            data = _read(folder / name)
            if _is_compose(name, data):
                yield display_path(folder / name, found.root), data


def _is_compose(name: str, data: bytes) -> bool:
    """Whether a file is loaded as Compose, should it be no manifest: that shows only when it is read."""
    return is_compose_name(name) or looks_like_compose(data)


def _is_manifest(root: Path, name: str) -> bool:
    """Whether a changed file is a plain manifest, says how Kustomize treats some, or cannot be told; files of charts
    are none of it."""
    path = root / name
    if path.name in FILE_NAMES or path.is_dir():
        return True
    if not path.name.lower().endswith(_DOCUMENTS) or in_chart(path, root):
        return False
    data = _read(path)
    return (
        may_be_manifest(path.name, data)
        or b"\0" in data
        or (not data and _is_unreadable(path))
        or _is_part_of_kustomization(path, root)
    )


def _is_part_of_kustomization(path: Path, root: Path) -> bool:
    """Whether a file lies in the folder of a kustomization, or below it: it may be a patch, whatever it looks like."""
    folders = (folder for folder in path.parents if folder.is_relative_to(root))
    return any((folder / name).is_file() for folder in folders for name in FILE_NAMES)


def _is_unreadable(path: Path) -> bool:
    return path.is_file() and not os.access(path, os.R_OK)


def _was_chart(found: Found, name: str) -> bool:
    """Whether a changed file made its folder a chart, which it is no more: what is left is files like any other."""
    file = PurePosixPath(name)
    gone = file.name == "Chart.yaml" and not os.path.lexists(found.root / name)
    return gone and any(_below(found, str(file.parent)))


def in_chart(path: Path, root: Path) -> bool:
    """Whether a file belongs to a chart, and so is no manifest by itself."""
    return chart_around(path, root) is not None


def _read(file: Path) -> bytes:
    """The beginning of a file in UTF-8, b"" where it cannot be read: the scan says why."""
    try:
        if not file.is_file():
            return b""
        with file.open("rb") as stream:
            return as_utf8(stream.read(SNIFFED_BYTES))
    except (OSError, ValueError):
        return b""
