"""Chart.yaml, requirements.yaml and Chart.lock: Helm's records of a chart, its dependencies and their lock."""

from __future__ import annotations

import posixpath
from typing import Any, ClassVar

from scanner.core.patterns import late
from scanner.helm.errors import HelmError
from scanner.helm.go_decoding import Member, Record
from scanner.helm.go_match import SPACES
from scanner.template.kinds import MISSING, NilList, Struct, declare
from scanner.template.printable import is_printable
from scanner.template.semantic_version import VersionError, parse_version
from scanner.template.text import derived

_ALIAS = late(r"[a-zA-Z0-9_-]+")


class Maintainer(Record):
    """Who looks after a chart."""

    go_type = "chart.Maintainer"
    is_pointer = True
    members = (
        Member("name", "Name", "name", "string"),
        Member("email", "Email", "email", "string"),
        Member("url", "URL", "url", "string"),
    )

    name: str
    email: str
    url: str


class MaintainerList(list[Any]):
    """A Go []*chart.Maintainer."""


class NilMaintainers(NilList):
    """A nil []*chart.Maintainer."""


class Dependency(Record):
    """A chart that another one asks for. `version` is a range, `condition` a list of paths in values."""

    go_type = "chart.Dependency"
    is_pointer = True
    members = (
        Member("name", "Name", "name", "string", omit_empty=False),
        Member("version", "Version", "version", "string"),
        Member("repository", "Repository", "repository", "string", omit_empty=False),
        Member("condition", "Condition", "condition", "string"),
        Member("tags", "Tags", "tags", "strings"),
        Member("enabled", "Enabled", "enabled", "bool"),
        Member("import-values", "ImportValues", "import_values", "any"),
        Member("alias", "Alias", "alias", "string"),
    )

    name: str
    version: str
    repository: str
    condition: str
    tags: list[str] | None
    enabled: bool
    import_values: list[Any] | None
    alias: str


class DependencyList(list[Any]):
    """A Go []*chart.Dependency."""


class NilDependencies(NilList):
    """A nil []*chart.Dependency."""


class Metadata(Record):
    """What Chart.yaml says of a chart. None is a nil slice or map."""

    go_type = "chart.Metadata"
    members = (
        Member("name", "Name", "name", "string"),
        Member("home", "Home", "home", "string"),
        Member("sources", "Sources", "sources", "strings"),
        Member("version", "Version", "version", "string"),
        Member("description", "Description", "description", "string"),
        Member("keywords", "Keywords", "keywords", "strings"),
        Member("maintainers", "Maintainers", "maintainers", Maintainer, view=(MaintainerList, NilMaintainers)),
        Member("icon", "Icon", "icon", "string"),
        Member("apiVersion", "APIVersion", "api_version", "string"),
        Member("condition", "Condition", "condition", "string"),
        Member("tags", "Tags", "tags", "string"),
        Member("appVersion", "AppVersion", "app_version", "string"),
        Member("deprecated", "Deprecated", "deprecated", "bool"),
        Member("annotations", "Annotations", "annotations", "texts"),
        Member("kubeVersion", "KubeVersion", "kube_version", "string"),
        Member("dependencies", "Dependencies", "dependencies", Dependency, view=(DependencyList, NilDependencies)),
        Member("type", "Type", "type", "string"),
    )

    name: str
    home: str
    sources: list[str] | None
    version: str
    description: str
    keywords: list[str] | None
    maintainers: list[Maintainer] | None
    icon: str
    api_version: str
    condition: str
    tags: str
    app_version: str
    deprecated: bool
    annotations: dict[str, str] | None
    kube_version: str
    dependencies: list[Dependency] | None
    type: str


class ChartObject(Struct):
    """What templates see as `.Chart`: the metadata, whose fields are its own, and whether the chart is the top one."""

    go_type = "struct { chart.Metadata; IsRoot bool }"
    fields: ClassVar[dict[str, str]] = {"Metadata": "metadata", "IsRoot": "is_root"}
    embedded = frozenset(("Metadata",))

    def __init__(self, metadata: Metadata, is_root: bool) -> None:
        self.metadata = metadata
        self.is_root = is_root

    def field(self, name: str) -> Any:
        """The value of a field, or MISSING."""
        value = super().field(name)
        return self.metadata.field(name) if value is MISSING else value

    def json_fields(self) -> list[tuple[str, Any]]:
        """The metadata under their names in JSON, and IsRoot."""
        return [*self.metadata.json_fields(), ("IsRoot", self.is_root)]


class Lock(Record):
    """What Chart.lock says: the versions that were chosen."""

    go_type = "chart.Lock"
    is_pointer = True
    members = (
        Member("generated", "Generated", "generated", "time", omit_empty=False),
        Member("digest", "Digest", "digest", "string", omit_empty=False),
        Member(
            "dependencies",
            "Dependencies",
            "dependencies",
            Dependency,
            omit_empty=False,
            view=(DependencyList, NilDependencies),
        ),
    )

    generated: str
    digest: str
    dependencies: list[Dependency] | None


declare(MaintainerList, "[]*chart.Maintainer", "slice")
declare(NilMaintainers, "[]*chart.Maintainer", "slice")
declare(DependencyList, "[]*chart.Dependency", "slice")
declare(NilDependencies, "[]*chart.Dependency", "slice")


class InvalidMetadataError(HelmError):
    """Metadata that breaks a rule of Helm's; `route` leads to the entry that does, as far as there is one."""

    def __init__(self, problem: str, route: tuple[str | int, ...], hint: str = "") -> None:
        super().__init__(f"validation: {problem}", hint=hint)
        self.route = route


def validate(metadata: Metadata) -> None:
    """Cleans the texts of `metadata` as Helm does, and checks what it checks. Raises InvalidMetadataError."""
    for name in ("name", "description", "home", "icon", "condition", "tags", "app_version", "kube_version"):
        setattr(metadata, name, _clean(getattr(metadata, name)))
    metadata.sources = _clean_all(metadata.sources)
    metadata.keywords = _clean_all(metadata.keywords)
    _validate_identity(metadata)
    for index, maintainer in enumerate(metadata.maintainers or ()):
        if maintainer is None:
            raise InvalidMetadataError("maintainers must not contain empty or null nodes", ("maintainers", index))
        for name in ("name", "email", "url"):
            setattr(maintainer, name, _clean(getattr(maintainer, name)))
    _validate_dependencies(metadata.dependencies or ())


def _validate_identity(metadata: Metadata) -> None:
    if not metadata.api_version:
        raise InvalidMetadataError("chart.metadata.apiVersion is required", ())
    if not metadata.name:
        raise InvalidMetadataError("chart.metadata.name is required", ("name",), "give the chart a name")
    if metadata.name in (".", ".."):
        raise InvalidMetadataError(f"chart.metadata.name {_quoted(metadata.name)} is not allowed", ("name",))
    if metadata.name != posixpath.basename(metadata.name.rstrip("/")):
        raise InvalidMetadataError(f"chart.metadata.name {_quoted(metadata.name)} is invalid", ("name",))
    if not metadata.version:
        raise InvalidMetadataError("chart.metadata.version is required", ("version",), "give the chart a version")
    try:
        parse_version(metadata.version)
    except VersionError as error:
        raise InvalidMetadataError(
            f"chart.metadata.version {_quoted(metadata.version)} is invalid", ("version",), str(error)
        ) from error
    if metadata.type not in ("", "application", "library"):
        raise InvalidMetadataError("chart.metadata.type must be application or library", ("type",))


def _validate_dependencies(dependencies: Any) -> None:
    seen = set()
    for index, dependency in enumerate(dependencies):
        route = ("dependencies", index)
        if dependency is None:
            raise InvalidMetadataError("dependencies must not contain empty or null nodes", route)
        for name in ("name", "version", "repository", "condition"):
            setattr(dependency, name, _clean(getattr(dependency, name)))
        dependency.tags = _clean_all(dependency.tags)
        if dependency.alias and not _ALIAS.fullmatch(dependency.alias):
            raise InvalidMetadataError(
                f"dependency {_quoted(dependency.name)} has disallowed characters in the alias", (*route, "alias")
            )
        key = dependency.alias or dependency.name
        if key in seen:
            raise InvalidMetadataError(f"more than one dependency with name or alias {_quoted(key)}", route)
        seen.add(key)


def _clean_all(texts: list[str] | None) -> list[str] | None:
    return None if texts is None else [_clean(text) for text in texts]


def _clean(text: str) -> str:
    """White space becomes blanks, and what cannot be printed goes."""
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(
        " " if character in SPACES else character
        for character in text
        if character in SPACES or is_printable(ord(character))
    )
    return derived(kept, text)


def _quoted(text: str) -> str:
    from scanner.template.printing import quote

    return quote(text)
