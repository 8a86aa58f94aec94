"""What lies in a chart's `crds/`: Helm installs all of it, as it is; only definitions of types need no judgement."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.core.location import Location, Place
from scanner.core.patterns import late
from scanner.core.route import Route
from scanner.helm.chart import ChartFile
from scanner.sources.helm.ownership import Ownership
from scanner.sources.kubernetes.manifests import ManifestFile, load_manifests

DEFINITION = "CustomResourceDefinition"
_TYPE = f"/{DEFINITION}"
_TOP = late(rb"(?m)^[^\s#].*$")
_OF_A_DEFINITION = late(rb"---[ \t\r]*|(?:apiVersion|metadata|spec|status):.*|kind: CustomResourceDefinition[ \t\r]*")


def crd_manifests(
    name: str, file: ChartFile, ownership: Ownership, pod_templates: Mapping[str, str] | None = None
) -> ManifestFile:
    """The manifests of a file in `crds/` but for definitions of types. `name` is the one that `# Source:` shows.

    In somebody else's chart they stand at the line that asks for the chart.
    """
    if _holds_definitions_only(file.data):
        return ManifestFile()
    found = load_manifests(file.data, file.path, pod_templates)
    found.resources = [resource for resource in found.resources if not resource.type.endswith(_TYPE)]
    found.not_scanned = [entry._replace(source="helm") for entry in found.not_scanned]
    place = ownership.instead_of(name)
    if place is not None:
        found.documents = []
        for resource in found.resources:
            resource.origin = _Instead(place)
        found.not_scanned = [
            entry._replace(path=place.path, line=place.line, column=place.column) for entry in found.not_scanned
        ]
    return found


class _Instead:
    """The origin of what stands in somebody else's chart."""

    def __init__(self, location: Location) -> None:
        self.place = Place(location, exists=False)

    def locate(self, route: Route) -> Place:  # noqa: ARG002 - the protocol's
        """The same place for every route."""
        return self.place


def _holds_definitions_only(data: bytes) -> bool:
    """By a look at the keys at the top, since definitions are long; False as well where that does not tell."""
    return all(_OF_A_DEFINITION.fullmatch(line) for line in _TOP.findall(data))
