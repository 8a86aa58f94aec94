"""Every subject of whole manifests: values, keys, routes and places."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.core.pod_templates import POD_TEMPLATES
from scanner.core.views import VIEWS
from scanner.normalize.kubernetes import Options, subjects
from scanner.sources.kubernetes.manifests import load_manifests
from tests.normalize.kubernetes.support import ALL_VIEWS, printed

FOLDER = Path(__file__).with_name("golden")
INPUTS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".json"))
OPTIONS = Options({"example.com/Worker": "spec.pod", "example.com/Runner": "spec.podSpec"})


def _subjects(path: Path) -> str:
    found = load_manifests(path.read_bytes(), path.name, OPTIONS.pod_templates)
    blocks = [printed(one) for resource in found.resources for one in subjects(resource, ALL_VIEWS, OPTIONS)]
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_golden(path: Path, request: pytest.FixtureRequest) -> None:
    golden = path.with_name(path.name + ".txt")
    text = _subjects(path)
    if request.config.getoption("--update-goldens"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_goldens_cover_every_kind_and_view() -> None:
    text = "".join(path.with_name(path.name + ".txt").read_text(encoding="utf-8") for path in INPUTS)
    kinds = {kind.split("/")[1] for kind in POD_TEMPLATES}
    assert {kind for kind in kinds if f"/{kind} " not in text} == set()
    of_compose = {"dependency", "network", "compose_project", "file_secret", "kubernetes_namespace"}
    views = {name for name, view in VIEWS.items() if view.subject} - of_compose
    assert {view for view in views if f" {view} [" not in text} == set()
