"""Comments in templates and in files of values that accept findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.helm.charts import archive, chart_yaml, judge, lines, pod

IGNORE = "groundrule: ignore[image-not-pinned] it is built here"
CHART: dict[str, str | bytes] = {
    "top/Chart.yaml": chart_yaml("top"),
    "top/values.yaml": "tag: latest\nhostNetwork: false\n",
    "top/templates/pod.yaml": pod(),
}


@pytest.mark.parametrize(
    "values",
    [
        f"tag: latest # {IGNORE}\n",
        f"# {IGNORE}\ntag: latest\n",
        f"# {IGNORE}\n# and soon it is gone\ntag: latest\n",
    ],
)
def test_in_values(values: str, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/values.yaml": values + "hostNetwork: true\n"})
    assert sorted(each.split(" ", 1)[1] for each in lines(report)) == [
        "host-network top",
        "image-not-pinned top suppressed",
    ]
    assert report.notices == []


@pytest.mark.parametrize(
    ("comment", "behind"),
    [
        (f"      # {IGNORE}\n", ""),
        (f"      {{{{/* {IGNORE} */}}}}\n", ""),
        (f"      {{{{- /* {IGNORE} */}}}}\n", ""),
        (f"      {{{{- /* # {IGNORE} */}}}}\n", ""),
        ("", f" # {IGNORE}"),
        ("", f" {{{{/* {IGNORE} */}}}}"),
    ],
)
@pytest.mark.parametrize("image", ["app:latest", "app:{{ .Values.tag }}"])
def test_in_a_template(comment: str, behind: str, image: str, tmp_path: Path) -> None:
    template = pod(image).replace("      image:", f"{comment}      image:").replace(image, image + behind)
    report = judge(tmp_path, CHART | {"top/templates/pod.yaml": template})
    assert [each.status for each in report.findings] == ["suppressed"]
    assert report.findings[0].waiver is not None
    assert report.findings[0].waiver.reason == "it is built here"
    assert report.notices == []


def test_in_a_set_of_values(tmp_path: Path) -> None:
    sets = "charts:\n  - {path: top, default_values: false, values_sets: [{name: a, files: [a.yaml]}]}\n"
    files = CHART | {"a.yaml": f"tag: edge # {IGNORE}\n", ".groundrule.yaml": sets}
    assert lines(judge(tmp_path, files)) == ["a.yaml:1:6 image-not-pinned top [a] suppressed"]


def test_in_an_own_subchart_and_not_in_other_peoples(tmp_path: Path) -> None:
    inner = {"values.yaml": f"tag: latest # {IGNORE}\n", "templates/pod.yaml": pod(network="false")}
    files: dict[str, str | bytes] = {
        "top/Chart.yaml": chart_yaml(
            "top", "dependencies:\n  - {name: theirs, version: 1.0.0, repository: https://a.example}\n"
        ),
        "top/charts/theirs.tgz": archive("theirs", inner | {"Chart.yaml": chart_yaml("theirs")}),
        "top/charts/own/Chart.yaml": chart_yaml("own"),
        **{f"top/charts/own/{name}": text for name, text in inner.items()},
    }
    assert lines(judge(tmp_path, files)) == [
        "top/Chart.yaml:6:6 image-not-pinned theirs",
        "top/charts/own/values.yaml:1:6 image-not-pinned own suppressed",
    ]


def test_one_that_no_finding_needs(tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/values.yaml": f"tag: 1.0.0 # {IGNORE}\nhostNetwork: false\n"})
    assert [each.message for each in report.notices] == ["the suppression of image-not-pinned is not used"]


def test_one_that_only_one_set_needs(tmp_path: Path) -> None:
    files = CHART | {
        "top/values.yaml": f"tag: latest # {IGNORE}\nhostNetwork: false\n",
        "a.yaml": "tag: 1.0.0\n",
        ".groundrule.yaml": "charts:\n  - {path: top, values_sets: [{name: a, files: [a.yaml]}]}\n",
    }
    report = judge(tmp_path, files)
    assert lines(report) == ["top/values.yaml:1:6 image-not-pinned top [default] suppressed"]
    assert report.notices == []
