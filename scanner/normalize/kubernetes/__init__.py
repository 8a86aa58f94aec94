"""Kubernetes resources as subjects of views, and the relations between them."""

from __future__ import annotations

from scanner.normalize.kubernetes.facts import Facts
from scanner.normalize.kubernetes.pods import Options
from scanner.normalize.kubernetes.subjects import subjects

__all__ = ["Facts", "Options", "subjects"]
