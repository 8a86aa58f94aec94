"""Loading: from the files that discovery found to batches of resources, each with the way to its subjects."""

from __future__ import annotations

from scanner.loading.batch import NO_HELM_FLAGS, Batch, HelmFlags, Loader
from scanner.loading.load import load

__all__ = ["NO_HELM_FLAGS", "Batch", "HelmFlags", "Loader", "load"]
