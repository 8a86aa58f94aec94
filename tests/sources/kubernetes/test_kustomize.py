"""What a tree of kustomizations says of the files beside it."""

from __future__ import annotations

import pytest

from scanner.core.result import NotScanned
from scanner.sources.kubernetes.kustomize import is_kustomization, kustomize_plan

BASE = b"resources:\n  - deployment.yaml\n  - service.yaml\nnamespace: shop\ncommonLabels: {app: web}\n"
OVERLAY = b"""\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
  - ingress.yaml
patches:
  - path: replicas.yaml
    target: {kind: Deployment}
  - patch: |
      - op: remove
        path: /spec
    target: {kind: Service}
patchesStrategicMerge:
  - memory.yaml
  - |
    apiVersion: v1
    kind: Pod
patchesJson6902:
  - path: ../json/ops.json
    target: {kind: Deployment}
"""


def _not_scanned(path: str, key: str, folder: str, line: int, column: int) -> NotScanned:
    return NotScanned(
        path,
        f"an overlay of Kustomize ({key}): its result differs from the files that it builds on",
        f"kustomize build {folder} | groundrule scan -",
        line,
        column,
        source="kustomize",
    )


def test_a_base_and_its_overlay() -> None:
    plan = kustomize_plan({"base/kustomization.yaml": BASE, "overlays/prod/kustomization.yml": OVERLAY})
    assert plan.patches == {
        "overlays/prod/replicas.yaml",
        "overlays/prod/memory.yaml",
        "overlays/json/ops.json",
    }
    path = "overlays/prod/kustomization.yml"
    assert plan.not_scanned == (_not_scanned(path, "resources", "overlays/prod", 4, 5),)


@pytest.mark.parametrize(
    ("text", "key", "line", "column"),
    [
        ("bases: [../base]", "bases", 1, 1),
        ("resources: [../base]", "resources", 1, 13),
        ("resources: [a.yaml, 'https://example.com/repo//deploy?ref=v1']", "resources", 1, 21),
        ("resources: [a.yaml]\nimages:\n  - {name: a, newTag: b}\n", "images", 2, 1),
        ("resources: [a.yaml]\nreplicas: [{name: a, count: 2}]", "replicas", 2, 1),
        ("components: [../c]", "components", 1, 1),
        ("patches: [{patch: '[]'}]", "patches", 1, 1),
        ("secretGenerator: [{name: a, literals: [b=c]}]", "secretGenerator", 1, 1),
        ("helmCharts: [{name: a}]", "helmCharts", 1, 1),
        ("transformers: [t.yaml]", "transformers", 1, 1),
    ],
)
def test_what_makes_an_overlay(text: str, key: str, line: int, column: int) -> None:
    plan = kustomize_plan({"k/kustomization.yaml": text.encode()})
    assert plan.not_scanned == (_not_scanned("k/kustomization.yaml", key, "k", line, column),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "resources: []\n",
        "resources: [a.yaml, b.yml, c.json]\nnamePrefix: x-\nnamespace: n\ncommonAnnotations: {a: b}\n",
        "patches: []\nimages: null\n",
        "text",
        "resources: text\n",
    ],
)
def test_what_makes_none(text: str) -> None:
    plan = kustomize_plan({"kustomization.yaml": text.encode()})
    assert (plan.not_scanned, plan.patches) == ((), frozenset())


def test_at_the_root() -> None:
    plan = kustomize_plan({"kustomization.yaml": b"resources: [base]\npatches: [{path: p.yaml}]\n"})
    assert plan.patches == {"p.yaml"}
    assert plan.not_scanned[0].hint == "kustomize build . | groundrule scan -"


def test_components() -> None:
    component = b"kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches: [{path: p.yaml}]\n"
    overlay = b"resources: [../base]\ncomponents: [../part]\n"
    used = {"base/kustomization.yaml": BASE, "part/kustomization.yaml": component, "prod/kustomization.yaml": overlay}
    plan = kustomize_plan(used)
    assert [entry.path for entry in plan.not_scanned] == ["prod/kustomization.yaml"]
    assert plan.patches == {"part/p.yaml"}
    (entry,) = kustomize_plan({"part/kustomization.yaml": component}).not_scanned
    assert entry == NotScanned(
        "part/kustomization.yaml",
        "a component of Kustomize (patches): only an overlay that names it shows its result",
        "kustomize build OVERLAY | groundrule scan -, for an overlay that names this component",
        3,
        1,
        source="kustomize",
    )


def test_a_resource_of_another_kustomization_is_judged() -> None:
    files = {
        "a/kustomization.yaml": b"patches: [{path: ../b/whole.yaml}]\n",
        "b/kustomization.yaml": b"resources: [whole.yaml]\n",
    }
    assert kustomize_plan(files).patches == frozenset()


def test_configuration_that_looks_like_manifests_is_left_out() -> None:
    text = b"transformers: [t.yaml]\ngenerators: [g.yaml]\nreplacements: [{path: r.yaml}]\n"
    plan = kustomize_plan({"k/kustomization.yaml": text})
    assert plan.patches == {"k/t.yaml", "k/g.yaml", "k/r.yaml"}
    assert [entry.path for entry in plan.not_scanned] == ["k/kustomization.yaml"]


def test_what_changes_no_result_hides_no_manifest() -> None:
    text = b"configurations: [c.yaml]\ncrds: [d.yaml]\nvalidators: [v.yaml]\n"
    assert kustomize_plan({"k/kustomization.yaml": text}) == (frozenset(), ())


@pytest.mark.parametrize(
    "text",
    [
        "resources: {a: b}\npatches: text\ncomponents: 5\nbases: [5, [a], null]\n",
        "patches: [5, [a], {path: 5}, {path: {a: b}}, null]\n",
        "- a\n",
    ],
)
def test_wrong_types_are_no_error(text: str) -> None:
    assert kustomize_plan({"kustomization.yaml": text.encode()}).patches == frozenset()


def test_what_cannot_be_read_is_named() -> None:
    (entry,) = kustomize_plan({"k/kustomization.yaml": b"resources: [\n"}).not_scanned
    assert (entry.path, entry.line, entry.source) == ("k/kustomization.yaml", 2, "kustomize")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("kustomization.yaml", True), ("a/kustomization.yml", True), ("Kustomization", True), ("a/kustom.yaml", False)],
)
def test_names(path: str, expected: bool) -> None:
    assert is_kustomization(path) is expected


def test_resources_that_no_scan_looks_at_are_told() -> None:
    text = b"resources:\n- node_modules/a/pod.yaml\n- ../../pod.yaml\n- /etc/pod.yaml\n- ../pod.yaml\n- pod.yaml\n"
    plan = kustomize_plan({"k/kustomization.yaml": text}, frozenset({"node_modules"}))
    assert [(entry.line, entry.column, entry.reason) for entry in plan.not_scanned] == [
        (2, 3, "the resource node_modules/a/pod.yaml is not judged: node_modules is left out"),
        (3, 3, "the resource ../../pod.yaml is not judged: it lies elsewhere"),
        (4, 3, "the resource /etc/pod.yaml is not judged: it lies elsewhere"),
    ]
