"""Loading manifests: which documents count, what resources they become, and where their parts are found."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest

from scanner.core.result import NotScanned
from scanner.core.route import parse_route
from scanner.sources.kubernetes.manifests import ManifestFile, load_manifests

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i}]}\n"


def _load(text: str, path: str = "m.yaml", **more: Any) -> ManifestFile:
    return load_manifests(text.encode(), path, **more)


def _told(found: ManifestFile) -> list[tuple[str, str, str]]:
    return [(one.type, one.namespace, one.name) for one in found.resources]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (POD, [("v1/Pod", "", "p")]),
        ("---\n" + POD + "---\n# nothing\n---\n" + POD, [("v1/Pod", "", "p")] * 2),
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: ns, generateName: d-}\n"
            "spec: {template: {spec: {containers: [{name: c}]}}}\n",
            [("apps/v1/Deployment", "ns", "d-")],
        ),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: null}\n", [("v1/Service", "", "")]),
        ("apiVersion: v1\nkind: Service\nmetadata: text\n", [("v1/Service", "", "")]),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: 5, namespace: [a]}\n", [("v1/Service", "", "")]),
        ('{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "j"}}', [("v1/Service", "", "j")]),
        ("{apiVersion: v1, kind: Service, metadata: {name: f}}", [("v1/Service", "", "f")]),
        ("\"apiVersion\": v1\n'kind': Service\n", [("v1/Service", "", "")]),
        # The last one counts where a key stands twice, as for kubectl.
        ("apiVersion: v1\nkind: Pod\nkind: Service\n", [("v1/Service", "", "")]),
        ("apiVersion: v1\r\nkind: Service\r\nmetadata: {name: crlf}\r\n", [("v1/Service", "", "crlf")]),
        # A mix: only what is a manifest is judged.
        ("services: {}\n---\n" + POD, [("v1/Pod", "", "p")]),
    ],
)
def test_resources(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = _load(text)
    assert (_told(found), found.not_scanned, found.is_manifest, found.kustomize) == (expected, [], True, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "services: {web: {image: a}}\n",
        "- apiVersion: v1\n  kind: Pod\n",
        "apiVersion: v2\nname: chart\n",
        "kind: Pod\n",
        "apiVersion: 1\nkind: Pod\n",
        "apiVersion: ''\nkind: Pod\n",
        "apiVersion: v1\nkind: [Pod]\n",
        "text",
        "null",
    ],
)
def test_what_is_no_manifest_is_left_alone(text: str) -> None:
    found = _load(text)
    assert (found.resources, found.not_scanned, found.is_manifest) == ([], [], False)


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)],
)
def test_encodings(encoding: str, bom: bytes) -> None:
    found = load_manifests(bom + POD.encode(encoding), "m.yaml")
    assert _told(found) == [("v1/Pod", "", "p")]


LIST = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata: {name: a}
  - apiVersion: v1
    kind: List
    items:
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: b
          namespace: ns
---
apiVersion: v1
kind: SecretList
items:
  - metadata:
      name: c
  - {apiVersion: v1, kind: Secret, metadata: {name: d}}
"""


def test_lists() -> None:
    found = _load(LIST)
    assert _told(found) == [
        ("v1/Service", "", "a"),
        ("v1/ConfigMap", "ns", "b"),
        ("v1/Secret", "", "c"),
        ("v1/Secret", "", "d"),
    ]
    assert found.not_scanned == []
    places = [str(one.origin.locate(parse_route("metadata.name")).location) for one in found.resources]
    assert places == ["m.yaml:6:22", "m.yaml:13:17", "m.yaml:20:13", "m.yaml:21:53"]
    absent = found.resources[1].origin.locate(parse_route("data.key"))
    assert (str(absent.location), absent.exists) == ("m.yaml:10:9", False)


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("apiVersion: v1\nkind: List\nitems: text\n", "List: items is no list", (3, 8)),
        ("apiVersion: v1\nkind: List\nitems:\n  - text\n", "an item of the List is no manifest", (4, 5)),
        ("apiVersion: v1\nkind: List\nitems:\n  - {kind: Pod}\n", "an item of the List is no manifest", (4, 6)),
        ("apiVersion: v1\nkind: List\nitems: [null]\n", "an item of the List is no manifest", (3, 9)),
    ],
)
def test_broken_lists(text: str, reason: str, place: tuple[int, int]) -> None:
    found = _load(text)
    assert found.is_manifest
    assert [(one.reason, (one.line, one.column), one.path) for one in found.not_scanned] == [(reason, place, "m.yaml")]


def test_lists_in_lists_end_somewhere() -> None:
    value: dict[str, Any] = {"apiVersion": "v1", "kind": "Service"}
    for _ in range(60):
        value = {"apiVersion": "v1", "kind": "List", "items": [value]}
    found = _load(json.dumps(value))
    assert found.resources == []
    assert [one.reason for one in found.not_scanned] == ["List: lists are nested too deep"]


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n", "the Deployment d has no pod spec", (1, 1)),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  replicas: 2\n", "the Deployment d has no template", (4, 1)),
        ("apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n", "the Pod without a name has no containers", (3, 1)),
        ("apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    spec:\n      template: {}\n", "the CronJob c has no pod spec", (7, 7)),
    ],
)  # fmt: skip
def test_a_workload_without_its_pod_is_named(text: str, reason: str, place: tuple[int, int]) -> None:
    found = _load(text)
    assert len(found.resources) == 1
    assert found.not_scanned == [
        NotScanned(
            "m.yaml",
            f"{reason}: its pods cannot be judged",
            "if this is a patch, name it in a kustomization, or exclude it in .groundrule.yaml",
            *place,
            source="kubernetes",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {workloadRef: {name: d}}\n",
        # Of the wrong type is not absent: that is read as unknown.
        "apiVersion: v1\nkind: Pod\nspec: {containers: text}\n",
        "apiVersion: v1\nkind: Pod\nspec: text\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec: [a]\n",
        "apiVersion: example.com/v1\nkind: Deployment\n",
    ],
)
def test_a_pod_elsewhere_or_of_the_wrong_type_is_not_lacking(text: str) -> None:
    assert _load(text).not_scanned == []


def test_pod_templates_of_custom_kinds() -> None:
    text = "apiVersion: example.com/v1\nkind: Worker\nmetadata: {name: w}\nspec: {pod: {}}\n"
    assert _load(text).not_scanned == []
    (entry,) = _load(text, pod_templates={"example.com/Worker": "spec.pod"}).not_scanned
    assert (entry.reason, entry.line, entry.column) == ("the Worker w has no pod spec: its pods cannot be judged", 4, 8)


@pytest.mark.parametrize(
    ("text", "is_manifest", "line"),
    [
        ("apiVersion: v1\nkind: Pod\nspec: {containers: [\n", True, 4),
        ("apiVersion: v1\nkind: {{ .Values.kind }}\n", True, 2),
        ("a: [\n", False, 2),
        (POD + "---\na: [\n", True, 7),
        ("apiVersion: v1\nkind: Pod\nspec: &a\n  b: *a\n", True, 4),
    ],
)
def test_what_cannot_be_read_is_named(text: str, is_manifest: bool, line: int) -> None:
    found = _load(text)
    assert found.is_manifest is is_manifest
    assert [(one.path, one.line) for one in found.not_scanned] == [("m.yaml", line)]


def test_documents_before_a_broken_one_are_judged() -> None:
    assert _told(_load(POD + "---\na: [\n")) == [("v1/Pod", "", "p")]


def test_binary() -> None:
    found = load_manifests(b"apiVersion kind \xff\xfe\x00", "m.yaml")
    assert [one.reason for one in found.not_scanned] == ["not UTF-8 text (byte 0xff)"]
    assert found.is_manifest


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "any.yaml", "Kustomization"),
        ("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", "kustomization.yaml", "Component"),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", "flux.yaml", ""),
    ],
)
def test_kustomizations_are_no_manifests(text: str, path: str, kind: str) -> None:
    found = _load(text, path)
    assert (found.kustomize, found.is_manifest, len(found.resources)) == (kind, not kind, int(not kind))
