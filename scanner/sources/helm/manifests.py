"""The resources that a chart renders to, with origins that lead to the lines to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.core.document import Document
from scanner.core.resource import Resource
from scanner.core.result import NotScanned
from scanner.helm.manifests import Manifest
from scanner.helm.render import Rendered
from scanner.sources.helm.crds import DEFINITION, crd_manifests
from scanner.sources.helm.generated import is_drawn, replace_generated
from scanner.sources.helm.origin import RenderedManifest, RenderedOrigin
from scanner.sources.helm.ownership import Ownership
from scanner.sources.helm.switches import Switches
from scanner.sources.kubernetes.manifests import load_manifests


@dataclass(slots=True)
class ChartResources:
    """What one rendering of a chart holds. `definitions` counts the CustomResourceDefinitions, which no rule reads;
    `documents` are those that no template made."""

    resources: list[Resource] = field(default_factory=list)
    not_scanned: list[NotScanned] = field(default_factory=list)
    definitions: int = 0
    documents: list[Document] = field(default_factory=list)


def chart_resources(rendered: Rendered, pod_templates: Mapping[str, str]) -> ChartResources:
    """The resources of all manifests and hooks. What cannot be judged is in `not_scanned`, at its template's line."""
    found = ChartResources()
    ownership = Ownership(rendered.chart)
    switches = Switches(rendered.skipped, rendered.removed)
    line = 1
    for manifest in (*rendered.manifests, *rendered.hooks):
        if manifest.head.kind == DEFINITION:
            found.definitions += 1
        else:
            _add(found, manifest, rendered.chart.path, line + 2, ownership, switches, pod_templates)
        line += manifest.text.count("\n") + 3
    for name, file in rendered.crds:
        held = crd_manifests(name, file, ownership, pod_templates)
        found.resources += held.resources
        found.not_scanned += held.not_scanned
        found.documents += held.documents
    return found


def _add(
    found: ChartResources,
    manifest: Manifest,
    chart: str,
    first_line: int,
    ownership: Ownership,
    switches: Switches,
    pod_templates: Mapping[str, str],
) -> None:
    file = load_manifests(str(manifest.text), manifest.source, pod_templates)
    origins = {
        id(document): RenderedManifest(manifest.text, document, chart, first_line, ownership, switches)
        for document in file.documents
    }
    drawn = is_drawn(manifest.text)
    for resource in file.resources:
        document, base = resource.origin, ()
        if id(document) not in origins:
            document, base = document.document, document.base  # type: ignore[attr-defined]
        written = RenderedOrigin(origins[id(document)], base)
        if drawn:
            replace_generated(resource, written.manifest.document, base, written.manifest.pieces)
        resource.origin = written
        found.resources.append(resource)
    for entry in file.not_scanned:
        origin = next(iter(origins.values()), None)
        place = origin.at(entry.line, entry.column) if origin and entry.line else None
        found.not_scanned.append(
            entry._replace(
                path=place.path if place else chart,
                line=place.line if place else 0,
                column=place.column if place else 0,
                source="helm",
            )
        )
