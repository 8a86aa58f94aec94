"""Whose line it is: own subcharts are edited where they are, other people's through their parent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.helm.charts import archive, below, chart_yaml, judge, lines, pod

CACHE = {
    "Chart.yaml": chart_yaml("cache"),
    "values.yaml": "tag: latest\nhostNetwork: true\n",
    "templates/pod.yaml": pod(),
}
IMAGE_7 = "image-not-pinned cache"
NETWORK = "host-network cache"


def parent(entry: str = "", values: str = "") -> dict[str, str | bytes]:
    dependencies = f"dependencies:\n  - name: cache\n    version: 1.0.0\n{entry}" if entry else ""
    return {"top/Chart.yaml": chart_yaml("top", dependencies), "top/values.yaml": values}


OWN = [f"top/charts/cache/values.yaml:1:6 {IMAGE_7}", f"top/charts/cache/values.yaml:2:14 {NETWORK}"]
OTHERS = [f"top/Chart.yaml:6:5 {NETWORK}", f"top/Chart.yaml:6:5 {IMAGE_7}"]


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("", OWN),
        ('    repository: ""\n', OWN),
        ("    repository: file://charts/cache\n", OWN),
        ("    repository: https://charts.example.com\n", OTHERS),
        ("    repository: oci://registry.example.com/charts\n", OTHERS),
        ('    repository: "@stable"\n', OTHERS),
        ('    repository: "alias:stable"\n', OTHERS),
    ],
)
def test_a_folder_is_own_unless_its_entry_names_a_repository(entry: str, wanted: list[str], tmp_path: Path) -> None:
    report = judge(tmp_path, parent(entry) | below("top/charts/cache", CACHE))
    assert sorted(lines(report)) == sorted(wanted)
    assert report.not_scanned == []


@pytest.mark.parametrize(
    "entry",
    ["    repository: https://charts.example.com\n", "    repository: file://../cache\n", '    repository: ""\n'],
)
def test_an_archive_is_never_own(entry: str, tmp_path: Path) -> None:
    files = parent(entry) | {"top/charts/cache-1.0.0.tgz": archive("cache", CACHE)}
    assert sorted(lines(judge(tmp_path, files))) == sorted(OTHERS)


def test_an_archive_that_nothing_asks_for(tmp_path: Path) -> None:
    files = parent() | {"top/charts/cache-1.0.0.tgz": archive("cache", CACHE)}
    assert sorted(lines(judge(tmp_path, files))) == [f"top/Chart.yaml:0:0 {NETWORK}", f"top/Chart.yaml:0:0 {IMAGE_7}"]


def test_a_requirements_file_asks_for_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "top/Chart.yaml": "apiVersion: v1\nname: top\nversion: 1.0.0\n",
        "top/requirements.yaml": "dependencies:\n  - version: 1.0.0\n    name: cache\n    repository: https://a.example\n",
        "top/charts/cache-1.0.0.tgz": archive("cache", CACHE),
    }
    report = judge(tmp_path, files)
    assert sorted(lines(report)) == [f"top/requirements.yaml:2:5 {NETWORK}", f"top/requirements.yaml:2:5 {IMAGE_7}"]


@pytest.mark.parametrize("packed", [True, False])
def test_what_the_parent_overrides_is_edited_there(packed: bool, tmp_path: Path) -> None:
    values = "cache:\n  hostNetwork: false\n  tag: stable\n"
    files = parent("    repository: https://charts.example.com\n", values)
    files |= {"top/charts/cache-1.0.0.tgz": archive("cache", CACHE)} if packed else below("top/charts/cache", CACHE)
    report = judge(tmp_path, files)
    assert lines(report) == [f"top/values.yaml:3:8 {IMAGE_7}"]
    (finding,) = report.findings
    assert [(each.location.path, each.location.line, each.role) for each in finding.related] == [
        ("top/Chart.yaml", 6, "template"),
        ("top", 11, "rendered"),
    ]


def test_what_the_parent_overrides_of_an_own_subchart(tmp_path: Path) -> None:
    good = CACHE | {"values.yaml": "tag: 7.4.1\nhostNetwork: false\n"}
    report = judge(tmp_path, parent("", "cache:\n  tag: latest\n") | below("top/charts/cache", good))
    assert lines(report) == [f"top/values.yaml:2:8 {IMAGE_7}"]


def test_an_alias(tmp_path: Path) -> None:
    entries = """\
dependencies:
  - name: cache
    version: 1.0.0
    repository: https://charts.example.com
    alias: sessions
  - name: cache
    version: 1.0.0
    repository: https://charts.example.com
    alias: pages
"""
    files = {
        "top/Chart.yaml": chart_yaml("top", entries),
        "top/values.yaml": "pages:\n  tag: edge\n  hostNetwork: false\n",
        "top/charts/cache-1.0.0.tgz": archive("cache", CACHE),
    }
    assert lines(judge(tmp_path, files)) == [
        "top/Chart.yaml:6:5 host-network sessions",
        "top/Chart.yaml:6:5 image-not-pinned sessions",
        "top/values.yaml:2:8 image-not-pinned pages",
    ]


def test_a_chart_inside_of_another_ones_archive(tmp_path: Path) -> None:
    inner = {f"charts/inner/{name}": text for name, text in CACHE.items()}
    inner["charts/inner/Chart.yaml"] = chart_yaml("inner")
    outer = inner | {"Chart.yaml": chart_yaml("cache"), "values.yaml": "inner:\n  hostNetwork: false\n"}
    files = parent("    repository: https://charts.example.com\n") | {"top/charts/cache.tgz": archive("cache", outer)}
    assert lines(judge(tmp_path, files)) == ["top/Chart.yaml:6:5 image-not-pinned inner"]


def test_a_sibling_that_charts_does_not_hold(tmp_path: Path) -> None:
    files = parent("    repository: file://../cache\n") | below("cache", CACHE)
    report = judge(tmp_path, files)
    assert lines(report) == [f"cache/values.yaml:1:6 {IMAGE_7}", f"cache/values.yaml:2:14 {NETWORK}"]
    assert report.not_scanned == []


def test_a_helper_of_other_people_called_by_an_own_template(tmp_path: Path) -> None:
    library = {
        "Chart.yaml": chart_yaml("common", kind="library"),
        "templates/_image.tpl": '{{ define "common.image" }}app:latest{{ end }}',
    }
    files = {
        "top/Chart.yaml": chart_yaml(
            "top", "dependencies:\n  - {name: common, version: 1.0.0, repository: https://a.example}\n"
        ),
        "top/templates/pod.yaml": pod('{{ include "common.image" . }}', "false"),
        "top/charts/common-1.0.0.tgz": archive("common", library),
    }
    assert lines(judge(tmp_path, files)) == ["top/templates/pod.yaml:9:7 image-not-pinned top"]
