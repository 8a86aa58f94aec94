"""Plain scalars against what sigs.k8s.io/yaml made of the same texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.core.scalars import KUBERNETES

TABLE = json.loads(Path(__file__).with_name("scalars.json").read_text())
"""Text, and the value that YAMLToJSON gave it. Infinities and NaN, which JSON cannot hold, are left out."""


def _kind(value: Any) -> str:
    # JSON does not tell 1 from 1.0: Go prints both as 1.
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize(("text", "value"), TABLE)
def test_reference(text: str, value: Any) -> None:
    resolved = KUBERNETES.resolve(text)
    assert _kind(resolved) == _kind(value)
    assert resolved == value or float(resolved) == float(value)  # type: ignore[arg-type]
