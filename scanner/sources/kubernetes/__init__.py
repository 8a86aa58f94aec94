"""Kubernetes manifests as resources, and what Kustomize makes of a tree of them."""

from __future__ import annotations

from scanner.sources.kubernetes.kustomize import KustomizePlan, is_kustomization, kustomize_plan
from scanner.sources.kubernetes.manifests import ManifestFile, load_manifests
from scanner.sources.kubernetes.sniff import looks_like_manifest

__all__ = [
    "KustomizePlan",
    "ManifestFile",
    "is_kustomization",
    "kustomize_plan",
    "load_manifests",
    "looks_like_manifest",
]
