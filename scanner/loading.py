"""Loads what discovery found: one batch of resources after another, each with the way to its subjects."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scanner.config import Config, ValuesSet
from scanner.core.pod_templates import template_route
from scanner.core.resource import Resource, Subject
from scanner.core.result import Notice, NotScanned, Scanned
from scanner.core.route import Route
from scanner.discovery import NEITHER, NEITHER_HINT, Found, candidates, display_path
from scanner.sources.kubernetes.kustomize import FILE_NAMES, kustomize_plan
from scanner.suppress import Commented
from scanner.traces import NO_VERSIONS, Versions

if TYPE_CHECKING:
    from scanner.policy.rule import Rule
    from scanner.sources.kubernetes.manifests import ManifestFile

STDIN = "-"
NO_MANIFEST = NotScanned(
    STDIN, "no Kubernetes manifest on standard input", "pipe manifests into it; give Compose files by their paths"
)
Subjects = Callable[[frozenset[str]], Iterator[tuple[Resource, Iterable[Subject]]]]


@dataclass(slots=True)
class Batch:
    """The resources of one input. `complete` says that its subjects hold their relations already.

    `project` are the files of a Compose project; `base` those of the project that it is laid over, whose findings are
    not to be repeated, None where it stands alone.
    """

    target: str
    scanned: list[Scanned]
    documents: Sequence[Commented]
    subjects: Subjects
    complete: bool = False
    project: tuple[Path, ...] = ()
    base: tuple[Path, ...] | None = None
    values_set: str = ""
    """The set of values that a chart was rendered with, where there are several."""
    release: tuple[str, str] = ("", "")
    """The name and namespace of the release that a chart was rendered for."""
    versions: Versions = NO_VERSIONS
    """The versions of a chart and of those in it."""


class HelmFlags(NamedTuple):
    """What the command line says of charts. `values` replaces all other sets of values; `profile` are the fields of
    every set that flags give; `binary` is a Helm to render with."""

    values: ValuesSet | None = None
    profile: Mapping[str, Any] = {}
    ci_values: bool = False
    binary: Path | None = None


NO_HELM_FLAGS = HelmFlags()


@dataclass(slots=True)
class Loader:
    """The state of loading. `stdin` are the bytes of standard input, None where it is not read; `rules` those that will
    judge, so that nothing is worked out that none of them reads (None: all of it)."""

    found: Found
    stdin: bytes | None
    step: Callable[[int, int], None]
    helm: HelmFlags = NO_HELM_FLAGS
    rules: Sequence[Rule] | None = None
    notices: list[Notice] = field(default_factory=list)
    facts: Any = None
    collected: str = ""
    """When the latest snapshot of accounts was collected."""

    @property
    def config(self) -> Config:
        """The configuration of the run."""
        return self.found.config

    def pod_template(self, resource: Resource) -> Route | None:
        """Where the pod template of a Kubernetes object stands."""
        if resource.target != "kubernetes":
            return None
        return template_route(resource.type, self.config.pod_templates)

    def relations(self, subject: Subject) -> dict[str, Any]:
        """The relation attributes of a Kubernetes subject, once everything is loaded."""
        return self.facts.relations(subject) if self.facts is not None else {}

    def closing(self, views: frozenset[str]) -> Iterator[tuple[Resource, Iterable[Subject]]]:
        """Subjects that exist only once everything is loaded: the namespaces."""
        if self.facts is not None and "kubernetes_namespace" in views:
            for subject in self.facts.namespace_subjects():
                yield subject.resource, (subject,)


def load(loader: Loader) -> Iterator[Batch]:
    """Every input of the scan, one after another; what cannot be read goes to `found.not_scanned`."""
    if loader.stdin is not None:
        file = _read_manifests(loader, loader.stdin, STDIN)
        yield from _manifests(loader, STDIN, file, must_be=True)
    found = loader.found
    patches = _kustomize(found)
    compose: dict[Path, bool] = {}
    for candidate in candidates(found, loader.step):
        if candidate.display in patches:
            continue
        is_manifest = False
        if candidate.manifest:
            file = _read_manifests(loader, candidate.data, candidate.display)
            is_manifest = file.is_manifest
            must_be = candidate.explicit and not candidate.compose
            yield from _manifests(loader, candidate.display, file, must_be=must_be)
        if candidate.compose and not is_manifest:
            compose[candidate.path] = candidate.explicit
    if compose:
        from scanner.loading_compose import projects

        yield from projects(loader, compose)
    if found.charts:
        from scanner.loading_helm import charts

        yield from charts(loader)
    if found.snapshots:
        from scanner.loading_aws import snapshots

        yield from snapshots(loader)


def _read_manifests(loader: Loader, data: bytes, display: str) -> ManifestFile:
    from scanner.sources.kubernetes.manifests import load_manifests

    return load_manifests(data, display, loader.config.pod_templates)


def _manifests(loader: Loader, display: str, file: ManifestFile, *, must_be: bool) -> Iterator[Batch]:
    """The manifests of a file, if it holds any; `must_be` says that it was given as one."""
    from scanner.normalize.kubernetes import Facts, Options, subjects

    found, config = loader.found, loader.config
    if file.is_manifest:
        found.not_scanned.extend(file.not_scanned)
    elif must_be and not file.kustomize:
        found.not_scanned.extend(
            file.not_scanned or [NO_MANIFEST if display == STDIN else NotScanned(display, NEITHER, NEITHER_HINT)]
        )
    if not file.is_manifest or not file.resources:
        return
    if loader.facts is None:
        loader.facts = Facts(Options(config.pod_templates))
    for resource in file.resources:
        loader.facts.add(resource)
    options = Options(config.pod_templates)

    def each(views: frozenset[str]) -> Iterator[tuple[Resource, Iterable[Subject]]]:
        for resource in file.resources:
            yield resource, subjects(resource, views, options)

    yield Batch("kubernetes", [Scanned(display, "kubernetes", len(file.resources))], file.documents, each)


def _kustomize(found: Found) -> frozenset[str]:
    """The files that Kustomize patches with, which are no manifests; overlays go to `found.not_scanned`."""
    files: dict[str, bytes] = {}
    own: set[str] = set()
    for folder, names in found.folders.items():
        for name in FILE_NAMES:
            if name in names or os.path.isfile(os.path.join(folder, name)):  # noqa: PTH113, PTH118
                path = folder / name
                try:
                    files[display_path(path, found.root)] = path.read_bytes()
                except OSError:
                    continue  # candidates() says so
                if name in names:
                    own.add(display_path(path, found.root))
    if not files:
        return frozenset()
    plan = kustomize_plan(files)
    found.not_scanned.extend(entry for entry in plan.not_scanned if entry.path in own)
    return plan.patches
