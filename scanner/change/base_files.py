"""Which files of the base a scan needs: those of what the change touches, and all that these read."""

import os
from collections.abc import Iterable, Set
from pathlib import Path, PurePosixPath

from scanner.change.base_tree import BaseTree
from scanner.change.touched import Touched, settings_files, siblings
from scanner.config import CONFIGURATIONS, Config
from scanner.discovery import CHART_FOLDERS, as_utf8, display_path, may_be_manifest
from scanner.sources.compose.sniff import is_compose_name, looks_like_compose
from scanner.sources.kubernetes.kustomize import FILE_NAMES

_SETTINGS = CONFIGURATIONS | {".gitignore"}
_DOCUMENTS = (".yaml", ".yml", ".json")
_ROUNDS = 20


def write_settings(tree: BaseTree) -> None:
    """The configurations and ignore files of the base."""
    tree.write(lambda path: PurePosixPath(path).name in _SETTINGS)


def write_configured(tree: BaseTree, config: Config, more: Iterable[Path]) -> None:
    """What a configuration of the base names: rules, values, files of projects, the baseline; and `more` files."""
    named = [*config.rule_folders, *settings_files(config), *more]
    named += [config.baseline] if config.baseline is not None else []
    _write_below(tree, {_shown(path, tree) for path in named})


def touched_in_base(tree: BaseTree, now: Touched, names: frozenset[str]) -> Touched:
    """What has to be scanned of the base: what `now` names, and what the changed files were part of then."""
    folders = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    charts = (_charts(tree) & folders) | now.charts
    of_charts = _folders_of_charts(tree)
    compose, manifests = set(now.compose), now.manifests
    documents = [name for name in names if name.lower().endswith(_DOCUMENTS)]
    for path, raw in tree.read(documents):
        data = as_utf8(raw)
        if _lies_in_any(path, of_charts):
            continue
        if may_be_manifest(PurePosixPath(path).name, data):
            manifests = True
        if is_compose_name(PurePosixPath(path).name) or looks_like_compose(data):
            compose.add(path)
    manifests = manifests or any(PurePosixPath(name).name in FILE_NAMES for name in names if name in tree.entries)
    return Touched(frozenset(charts), frozenset(compose), manifests, now.snapshots, now.everything)


def write_touched(tree: BaseTree, wanted: Touched) -> None:
    """The files of what has to be scanned of the base."""
    _write_charts(tree, wanted.charts)
    if wanted.manifests:
        of_charts = _folders_of_charts(tree)
        tree.write(lambda path: _is_document(path) and not _lies_in_any(path, of_charts))
    if wanted.compose:
        _write_compose(tree, wanted.compose)


def _write_charts(tree: BaseTree, charts: frozenset[str]) -> None:
    """Charts as a whole, then those that they take from beside them, then what links in them lead to."""
    known: set[str] = set()
    waiting = set(charts)
    for _ in range(_ROUNDS):
        new = waiting - known
        if not new:
            break
        _write_below(tree, new)
        known |= new
        waiting |= {name for chart in new for name in siblings(tree.folder / chart, tree.folder)}
        waiting |= {name for link in tree.links if _lies_in_any(link, new) for name in tree.passed(link)}


def _write_compose(tree: BaseTree, files: frozenset[str]) -> None:
    """Compose files, all beside them, and whatever they name, at any depth."""
    folders = {str(PurePosixPath(path).parent) for path in files}
    tree.write(lambda path: str(PurePosixPath(path).parent) in folders)
    variables = {str(PurePosixPath(folder) / ".env") for folder in folders}
    texts = b"\n".join(data for _, data in tree.read({*files, *variables}))
    seen: set[str] = set(files)
    for _ in range(_ROUNDS):
        named = [
            path
            for path in tree.entries
            if path not in seen and (os.fsencode(PurePosixPath(path).name) in texts or _is_implied(path, folders))
        ]
        if not named:
            break
        seen.update(named)
        chosen = frozenset(named)
        tree.write(chosen.__contains__)
        more = [path for path in named if path.lower().endswith(_DOCUMENTS)]
        texts = b"\n".join(data for _, data in tree.read(more))
        folders = {str(PurePosixPath(path).parent) for path in more}


def _is_implied(path: str, folders: set[str]) -> bool:
    """Whether a file below one of some folders is read without being named, or named with a variable."""
    name = PurePosixPath(path).name.lower()
    implied = "dockerfile" in name or name in (".dockerignore", "containerfile") or ".env" in name
    return implied and any(str(parent) in folders for parent in PurePosixPath(path).parents)


def _write_below(tree: BaseTree, names: Iterable[str]) -> None:
    wanted = {each for name in names for each in tree.passed(name)}
    everything = "." in wanted
    tree.write(lambda path: everything or path in wanted or _lies_in_any(path, wanted))


def _lies_in_any(path: str, folders: Set[str]) -> bool:
    end = path.rfind("/")
    while end > 0:
        if path[:end] in folders:
            return True
        end = path.rfind("/", 0, end)
    return False


def _charts(tree: BaseTree) -> frozenset[str]:
    """The folders that are charts; `.` for the root."""
    return frozenset(
        str(PurePosixPath(path).parent) for path in tree.entries if path.rpartition("/")[2] == "Chart.yaml"
    )


def _folders_of_charts(tree: BaseTree) -> frozenset[str]:
    """The folders in charts in which a document is no input by itself."""
    return frozenset(f"{chart}/{name}" if chart != "." else name for chart in _charts(tree) for name in CHART_FOLDERS)


def _is_document(path: str) -> bool:
    return path.lower().endswith(_DOCUMENTS) or PurePosixPath(path).name in FILE_NAMES


def _shown(path: Path, tree: BaseTree) -> str:
    return display_path(Path(os.path.normpath(path)), tree.folder)
