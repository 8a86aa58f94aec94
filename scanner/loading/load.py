"""Loads every input of a scan: manifests here, the other kinds by the module of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.core.resource import Resource, Subject
from scanner.core.result import NotScanned, Scanned
from scanner.discovery import LEFT_OUT, NEITHER, NEITHER_HINT, Found, candidates, display_path
from scanner.loading.batch import Batch, Loader
from scanner.sources.kubernetes.kustomize import FILE_NAMES, kustomize_plan

if TYPE_CHECKING:
    from scanner.sources.kubernetes.manifests import ManifestFile

STDIN = "-"
NO_MANIFEST = NotScanned(
    STDIN, "no Kubernetes manifest on standard input", "pipe manifests into it; give Compose files by their paths"
)


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
        from scanner.loading.compose import projects

        yield from projects(loader, compose)
    if found.charts:
        from scanner.loading.helm import charts

        yield from charts(loader)
    if found.snapshots:
        from scanner.loading.aws import snapshots

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
    plan = kustomize_plan(files, LEFT_OUT)
    found.not_scanned.extend(entry for entry in plan.not_scanned if entry.path in own)
    return plan.patches
