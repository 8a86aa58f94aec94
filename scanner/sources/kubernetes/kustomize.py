"""What Kustomize makes of a tree: which files are patches, and which kustomizations change what their resources say."""

import posixpath
from collections.abc import Iterator, Mapping, Set
from typing import Any, NamedTuple

from scanner.core.document import Document
from scanner.core.errors import SourceError
from scanner.core.result import NotScanned
from scanner.core.route import Route
from scanner.core.scalars import KUBERNETES
from scanner.core.yaml_reader import iter_yaml

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FILES = (".yaml", ".yml", ".json")
_API_GROUP = "kustomize.config.k8s.io/"
_SOURCE = "kustomize"

_PATCH_KEYS = ("patches", "patchesStrategicMerge", "patchesJson6902")
_CONFIGURATION_KEYS = ("transformers", "generators", "replacements")
"""Files behind these keys configure Kustomize itself, although some look like manifests. Each of these keys makes an
overlay, which is told: behind other keys, which change no result, a manifest could hide."""

_CHANGING_KEYS = (
    *_PATCH_KEYS,
    "components",
    "bases",
    "images",
    "replicas",
    "replacements",
    "vars",
    "transformers",
    "generators",
    "configMapGenerator",
    "secretGenerator",
    "helmCharts",
    "helmChartInflationGenerator",
)
"""What makes the built manifests differ from the files in more than names, namespace, labels and annotations."""


class KustomizePlan(NamedTuple):
    """`patches`: files that are never judged as manifests. `not_scanned`: the kustomizations whose result the files
    alone do not show, each with the command that does."""

    patches: frozenset[str]
    not_scanned: tuple[NotScanned, ...]


def is_kustomization(path: str) -> bool:
    """The file has one of the names that Kustomize looks for."""
    return posixpath.basename(path) in FILE_NAMES


def kustomize_kind(value: Any, path: str) -> str:
    """Kustomization or Component, '' for any other document."""
    if not isinstance(value, dict):
        return ""
    version, kind = value.get("apiVersion"), value.get("kind")
    if isinstance(version, str) and version.startswith(_API_GROUP):
        return kind if isinstance(kind, str) else "Kustomization"
    # Kustomize fills in both where they are absent.
    return "Kustomization" if is_kustomization(path) and (version is None or kind is None) else ""


def kustomize_plan(files: Mapping[str, bytes], left_out: Set[str] = frozenset()) -> KustomizePlan:
    """Reads the kustomization files of a tree (display path to content) together. No scan looks into folders that
    are called as in `left_out`, or out of the tree.

    A kustomization is an overlay where it stands on others or changes what its resources say (patches, images,
    replicas, generators, ...): its result is in `not_scanned`. A component is only a part of the overlays that name
    it: it has an entry of its own where none of them is in the tree. What cannot be read has an entry too.
    """
    patches: set[str] = set()
    resources: set[str] = set()
    used_components: set[str] = set()
    entries: list[tuple[str, str, NotScanned]] = []
    folders = {posixpath.dirname(path) for path in files}
    for path in sorted(files):
        try:
            documents = list(iter_yaml(files[path], path, KUBERNETES, duplicate_keys="last"))
        except SourceError as error:
            line, column = (error.location.line, error.location.column) if error.location else (0, 0)
            entries.append((path, "", NotScanned(path, error.message, error.hint, line, column, source=_SOURCE)))
            continue
        for document in documents:
            value = document.value
            if not isinstance(value, dict):
                continue
            folder = posixpath.dirname(path)
            patches |= {_join(folder, name) for name in _patch_files(value)}
            resources |= {_join(folder, name) for name in _texts(value.get("resources"))}
            used_components |= {_join(folder, name) for name in _texts(value.get("components"))}
            entries += [(path, "", entry) for entry in _out_of_sight(document, value, folder, left_out)]
            route = _overlay_route(value, folder, folders)
            if route is not None:
                kind = kustomize_kind(value, path) or "Kustomization"
                entries.append((path, kind, _entry(document, route, kind, folder)))
    kept = [
        entry
        for path, kind, entry in entries
        if not (kind == "Component" and posixpath.dirname(path) in used_components)
    ]
    return KustomizePlan(frozenset(patches - resources), tuple(kept))


def _entry(document: Document, route: Route, kind: str, folder: str) -> NotScanned:
    place = document.locate(route).location
    key = route[0]
    hint = f"kustomize build {folder or '.'} | groundrule scan -"
    if kind == "Component":
        reason = f"a component of Kustomize ({key}): only an overlay that names it shows its result"
        hint = "kustomize build OVERLAY | groundrule scan -, for an overlay that names this component"
    else:
        reason = f"an overlay of Kustomize ({key}): its result differs from the files that it builds on"
    return NotScanned(document.path, reason, hint, place.line, place.column, source=_SOURCE)


def _out_of_sight(document: Document, value: dict[str, Any], folder: str, left_out: Set[str]) -> Iterator[NotScanned]:
    """The resources that no scan of the tree looks at. Their builder takes them all the same."""
    resources = value.get("resources")
    for index, name in enumerate(resources if isinstance(resources, list) else ()):
        if not isinstance(name, str) or not name.lower().endswith(_FILES) or "://" in name:
            continue
        steps = _join(folder, name).split("/")
        where = next((step for step in steps if step in left_out), "")
        if where or steps[0] in ("", ".."):
            reason = f"the resource {name} is not judged: " + (f"{where} is left out" if where else "it lies elsewhere")
            place = document.locate(("resources", index)).location
            hint = "move it to where it is scanned"
            yield NotScanned(document.path, reason, hint, place.line, place.column, source=_SOURCE)


def _overlay_route(value: dict[str, Any], folder: str, folders: set[str]) -> Route | None:
    """The first key, in the order of the file, that makes a kustomization an overlay; None for a plain one."""
    for key, content in value.items():
        if key in _CHANGING_KEYS and content:
            return (key,)
        if key == "resources" and isinstance(content, list):
            for index, name in enumerate(content):
                if isinstance(name, str) and _is_folder(name, folder, folders):
                    return (key, index)
    return None


def _is_folder(name: str, folder: str, folders: set[str]) -> bool:
    """The resource is another kustomization: a folder of the tree, or something that is no YAML or JSON file, such as
    a repository's address."""
    if _join(folder, name) in folders or "://" in name or "?ref=" in name:
        return True
    return not name.lower().endswith(_FILES)


def _patch_files(value: dict[str, Any]) -> Iterator[str]:
    for key in (*_PATCH_KEYS, *_CONFIGURATION_KEYS):
        content = value.get(key)
        for entry in content if isinstance(content, list) else ():
            name = entry.get("path") if isinstance(entry, dict) else entry
            # A patch may stand here itself, as a text of several lines, instead of a file's name.
            if isinstance(name, str) and "\n" not in name and "://" not in name:
                yield name


def _texts(content: Any) -> Iterator[str]:
    yield from (name for name in (content if isinstance(content, list) else ()) if isinstance(name, str))


def _join(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name)) if (folder or name) else "."
