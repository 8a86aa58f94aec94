"""Loads the manifests of a file: YAML or JSON, several documents, `List` kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scanner.core.document import Document
from scanner.core.errors import SourceError
from scanner.core.location import Place
from scanner.core.pod_templates import group_kind, missing_pod, template_route
from scanner.core.resource import Resource
from scanner.core.result import NotScanned
from scanner.core.route import Route
from scanner.core.scalars import KUBERNETES
from scanner.core.yaml_reader import iter_yaml
from scanner.sources.kubernetes.kustomize import kustomize_kind
from scanner.sources.kubernetes.sniff import looks_like_manifest

_SOURCE = "kubernetes"
_MAX_LIST_DEPTH = 8
_CONTAINERS: tuple[Route, ...] = (
    ("spec", "containers"),
    ("spec", "template", "spec", "containers"),
    ("spec", "jobTemplate", "spec", "template", "spec", "containers"),
    ("template", "spec", "containers"),
)


@dataclass(slots=True)
class ManifestFile:
    """What a file holds of Kubernetes.

    `is_manifest`: at least one document is a manifest, or the file cannot be read and looks like one. `kustomize` is
    the kind of a kustomization (Kustomization, Component), else ''.
    """

    resources: list[Resource] = field(default_factory=list)
    not_scanned: list[NotScanned] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    is_manifest: bool = False
    kustomize: str = ""


class _Item(NamedTuple):
    """An object inside a `List`: its routes start at the object."""

    document: Document
    base: Route

    def locate(self, route: Route) -> Place:
        """The place of `route` in the file."""
        return self.document.locate(self.base + route)


def load_manifests(data: bytes | str, path: str, pod_templates: Mapping[str, str] | None = None) -> ManifestFile:
    """The manifests of a file, resolved as kubectl reads it (a key twice: the last one counts).

    `path` is the display path. `pod_templates` names further kinds that run pods (`group/Kind` to a route). Never
    raises for what a file says: what cannot be read, and what lacks its pod, is in `not_scanned` with its line.
    Documents without apiVersion and kind are left alone, and so are Kustomize's own.
    """
    found = ManifestFile()
    try:
        for document in iter_yaml(data, path, KUBERNETES, duplicate_keys="last"):
            found.documents.append(document)
            _add(found, document.value, document, (), pod_templates or {})
    except SourceError as error:
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "replace")
        found.is_manifest = found.is_manifest or looks_like_manifest(raw)
        place = error.location
        line, column = (place.line, place.column) if place else (0, 0)
        found.not_scanned.append(NotScanned(path, error.message, error.hint, line, column, source=_SOURCE))
    if found.is_manifest:
        _add_halves(found)
    return found


def _add_halves(found: ManifestFile) -> None:
    """Documents beside manifests that have only one of the two keys of a manifest: the other was forgotten."""
    for document in found.documents:
        value = document.value
        if isinstance(value, dict) and ("apiVersion" in value) != ("kind" in value):
            has, lacks = ("kind", "apiVersion") if "kind" in value else ("apiVersion", "kind")
            reason = f"a document with {has} has no {lacks}: it is not judged"
            found.not_scanned.append(_not_scanned(document, (has,), reason, f"give it {lacks}"))


def _add(found: ManifestFile, value: Any, document: Document, base: Route, more: Mapping[str, str]) -> None:
    if not isinstance(value, dict):
        return
    version, kind = value.get("apiVersion"), value.get("kind")
    if not (isinstance(version, str) and isinstance(kind, str) and version and kind):
        if version is not None and kind is not None and _pods_of_unknown_kind(value) is not None:
            found.is_manifest = True
            reason = "apiVersion and kind of a manifest must be texts: it is not judged"
            found.not_scanned.append(_not_scanned(document, (*base, "kind"), reason, "write both as texts"))
        return
    kustomize = kustomize_kind(value, document.path)
    if kustomize:
        found.kustomize = kustomize
        return
    found.is_manifest = True
    items = value.get("items")
    if kind.endswith("List") and "items" in value:
        if len(base) >= 2 * _MAX_LIST_DEPTH or not isinstance(items, list | None):
            reason = "lists are nested too deep" if isinstance(items, list) else "items is no list"
            found.not_scanned.append(_not_scanned(document, (*base, "items"), f"{kind}: {reason}", ""))
            return
        for index, item in enumerate(items or ()):
            route = (*base, "items", index)
            before = len(found.resources) + len(found.not_scanned)
            _add(found, _typed(item, version, kind), document, route, more)
            empty_list = isinstance(item, dict) and str(item.get("kind")).endswith("List")
            if len(found.resources) + len(found.not_scanned) == before and not empty_list:
                found.not_scanned.append(
                    _not_scanned(
                        document, route, f"an item of the {kind} is no manifest", "give it apiVersion and kind"
                    )
                )
        return
    _add_resource(found, _resource(value, version, kind, document, base), document, base, more)


def _typed(item: Any, version: str, kind: str) -> Any:
    """An item of a typed list (`PodList`) may leave out its own kind, as the API server prints it."""
    if kind == "List" or not isinstance(item, dict) or "kind" in item:
        return item
    return {"apiVersion": version, "kind": kind.removesuffix("List"), **item}


def _resource(value: dict[str, Any], version: str, kind: str, document: Document, base: Route) -> Resource:
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = metadata.get("name", metadata.get("generateName"))
    namespace = metadata.get("namespace")
    return Resource(
        type=f"{version}/{kind}",
        name=name if isinstance(name, str) else "",
        attributes=value,
        origin=_Item(document, base) if base else document,
        target=_SOURCE,
        namespace=namespace if isinstance(namespace, str) else "",
    )


def _add_resource(
    found: ManifestFile, resource: Resource, document: Document, base: Route, more: Mapping[str, str]
) -> None:
    found.resources.append(resource)
    template = template_route(resource.type, more)
    lacking = missing_pod(resource.attributes, template) if template is not None else None
    unnamed = _pods_of_unknown_kind(resource.attributes) if template is None else None
    if unnamed is not None:
        known_as = group_kind(resource.type)
        found.not_scanned.append(
            _not_scanned(
                document,
                base + unnamed,
                f"{resource.type} is not known to run pods: the containers here are not judged",
                f"correct apiVersion and kind, or name {known_as} under pod_templates in .groundrule.yaml",
            )
        )
    if lacking is not None:
        kind = resource.type.rpartition("/")[2]
        reason = f"the {kind} {resource.name or 'without a name'} has no {lacking[-1]}".replace(
            "no spec", "no pod spec"
        )
        found.not_scanned.append(
            _not_scanned(
                document,
                base + lacking,
                f"{reason}: its pods cannot be judged",
                "if this is a patch, name it in a kustomization, or exclude it in .groundrule.yaml",
            )
        )


def _pods_of_unknown_kind(attributes: Any) -> Route | None:
    """Where an object of a kind that is not known to run pods holds containers with images all the same."""
    for route in _CONTAINERS:
        node = attributes
        for step in route:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, list) and any(isinstance(item, dict) and "image" in item for item in node):
            return route
    return None


def _not_scanned(document: Document, route: Route, reason: str, hint: str) -> NotScanned:
    place = document.locate(route).location
    return NotScanned(document.path, reason, hint, place.line, place.column, source=_SOURCE)
