"""What lies in crds/: Helm installs it, so it is judged like any manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.helm.charts import archive, chart_yaml, judge, lines, missed, pod

CRD = """\
# a type
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec: {group: example.com}
"""
CHART: dict[str, str | bytes] = {"top/Chart.yaml": chart_yaml("top")}
POD = pod("app:latest", "true", "agent")
FOUND = ["top/crds/pod.yaml:6:16 host-network agent", "top/crds/pod.yaml:9:14 image-not-pinned agent"]


@pytest.mark.parametrize("more", ["", "\n---\n" + CRD])
def test_a_manifest_is_judged(more: str, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/crds/pod.yaml": POD + more, "top/crds/type.yaml": CRD})
    assert lines(report) == FOUND
    assert (report.scanned[0].path, report.scanned[0].kind, report.scanned[0].resources) == ("top", "helm", 1)


ODD = "apiVersion: v1\nkind: Pod\nmetadata: {name: odd}\nspec: {hostNetwork: true, containers: [{name: a, image: 'a:1'}]}\n"


@pytest.mark.parametrize(
    "text",
    [
        CRD + "--- {" + ODD.strip().replace("\n", ", ") + "}\n",
        ODD.replace("kind", "kind: CustomResourceDefinition\nkind"),
        ODD.replace("kind:", "? kind\n:"),
        ODD.replace("kind", '"kind"'),
        ODD.replace("kind: Pod", "kind: &kind Pod"),
        ODD.replace("\n", "\r\n"),
    ],
)
def test_what_is_no_definition_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/crds/odd.yaml": text}, "host-network")
    assert [line.partition(" ")[2] for line in lines(report)] == ["host-network odd"]


def test_definitions_alone_are_not_read(tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/crds/type.yaml": CRD.replace("group: example.com", "broken: [")})
    assert (lines(report), missed(report)) == ([], [])


def test_a_comment_accepts(tmp_path: Path) -> None:
    comment = "  # groundrule: ignore[host-network] it is the network's agent\n"
    report = judge(tmp_path, CHART | {"top/crds/pod.yaml": POD.replace("  hostNetwork", f"{comment}  hostNetwork")})
    assert lines(report) == [
        "top/crds/pod.yaml:7:16 host-network agent suppressed",
        "top/crds/pod.yaml:10:14 image-not-pinned agent",
    ]


def test_in_an_archive_the_line_that_asks_for_it(tmp_path: Path) -> None:
    entry = "dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example.com\n"
    packed = archive(
        "cache", {"Chart.yaml": chart_yaml("cache"), "crds/pod.yaml": POD, "crds/broken.yaml": "kind: [\n"}
    )
    report = judge(tmp_path, {"top/Chart.yaml": chart_yaml("top", entry), "top/charts/cache-1.0.0.tgz": packed})
    assert lines(report) == ["top/Chart.yaml:6:5 host-network agent", "top/Chart.yaml:6:5 image-not-pinned agent"]
    assert [each[0] for each in missed(report)] == ["top/Chart.yaml:6:5"]
