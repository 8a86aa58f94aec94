"""Charts that do not load or render: Helm's message at the line to look at, and the next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.exit_status import exit_status
from scanner.scan import Options, scan
from tests.conftest import Command, write_files
from tests.sources.helm.charts import archive, chart_yaml, judge, lines, missed, pod

CHART: dict[str, str | bytes] = {
    "top/Chart.yaml": chart_yaml("top"),
    "top/values.yaml": "tag: latest\nhostNetwork: false\n",
    "top/templates/pod.yaml": pod(),
}
VALUES_HINT = "correct the chart, or give it the values that it asks for under charts in .groundrule.yaml"


def test_a_dependency_that_is_missing(tmp_path: Path) -> None:
    entry = "dependencies:\n  - {name: redis, version: 1.x.x, repository: https://charts.example.com}\n"
    report = judge(tmp_path, CHART | {"top/Chart.yaml": chart_yaml("top", entry)})
    ((at, reason, hint, values),) = missed(report)
    assert reason.endswith("found in Chart.yaml, but missing in charts/ directory: redis")
    assert (at, hint, values) == ("top/Chart.yaml:6:6", "helm dependency build top", "")
    assert lines(report) == []


@pytest.mark.parametrize(
    ("template", "line", "column", "reason"),
    [
        (
            'a: b\nc: {{ required "a password is needed" .Values.password }}\n',
            2,
            7,
            "execution error at (top/templates/x.yaml:2:6): a password is needed",
        ),
        (
            '{{ if .Values.tag }}\n  {{ fail "choose a tag" }}\n{{ end }}\n',
            2,
            6,
            "execution error at (top/templates/x.yaml:2:5): choose a tag",
        ),
        ("a: {{ .Values.a.b.c }}\n", 1, 14, None),
        ("a: b\n{{ if }}\n", 2, 0, "parse error at (top/templates/x.yaml:2): missing value for if"),
        ("a: {{ nope }}\n", 1, 0, 'parse error at (top/templates/x.yaml:1): function "nope" not defined'),
        ("a: {{ .Values.tag\n", 2, 0, None),
    ],
)
def test_a_template_that_fails(template: str, line: int, column: int, reason: str | None, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/templates/x.yaml": template})
    ((at, said, hint, values),) = missed(report)
    assert (hint, values) == (VALUES_HINT, "")
    assert at == f"top/templates/x.yaml:{line}:{column}"
    assert "top/templates/x.yaml" in said
    assert reason is None or said == reason


def test_a_helper_that_fails(tmp_path: Path) -> None:
    files = CHART | {
        "top/templates/_helpers.tpl": '{{ define "check" }}\n{{ required "set password" .Values.password }}{{ end }}\n',
        "top/templates/x.yaml": 'a: b\nc: {{ include "check" . }}\n',
    }
    ((at, said, _, _),) = missed(judge(tmp_path, files))
    assert (at, said) == (
        "top/templates/x.yaml:2:7",
        "execution error at (top/templates/x.yaml:2:6): set password",
    )


def test_output_that_is_no_yaml(tmp_path: Path) -> None:
    template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n bad: indentation\n"
    report = judge(tmp_path, CHART | {"top/values.yaml": "name: a\n", "top/templates/x.yaml": template})
    ((at, said, _, _),) = missed(report)
    assert "YAML parse error on top/templates/x.yaml" in said
    assert at.startswith("top/templates/x.yaml:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("top/values.yaml", "a: b\n  c: d\n"),
        ("top/values.yaml", "- a list\n"),
        ("top/Chart.yaml", "apiVersion: v2\nname: top\n"),
        ("top/values.schema.json", '{"required": ["password"]}'),
        ("top/Chart.yaml", 'apiVersion: v2\nname: top\nversion: 1.0.0\nkubeVersion: ">99"\n'),
    ],
)
def test_files_that_are_wrong(file: str, text: str, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {file: text})
    ((at, said, hint, _),) = missed(report)
    assert at.startswith("top")
    assert said
    assert hint


def test_one_set_fails_and_the_others_are_judged(tmp_path: Path) -> None:
    sets = "charts:\n  - path: top\n    values_sets:\n"
    sets += "      - {name: good, set: [password=a]}\n      - {name: bad, set: [tag=1]}\n"
    files = CHART | {
        ".groundrule.yaml": sets.replace("path: top", "path: top\n    default_values: false"),
        "top/templates/x.yaml": '{{ required "set password" .Values.password | quote | printf "# %s" }}\n',
    }
    report = judge(tmp_path, files)
    assert [(at, values) for at, _, _, values in missed(report)] == [("top/templates/x.yaml:1:4", "bad")]
    assert lines(report) == ["top/values.yaml:1:6 image-not-pinned top [good]"]


def test_the_exit_status_says_so(groundrule: Command, tmp_path: Path) -> None:
    files = CHART | {"top/templates/x.yaml": '{{ fail "no" }}', "top/values.yaml": "tag: 1.0.0\nhostNetwork: false\n"}
    ran = groundrule("scan", ".", "--select", "image-not-pinned", cwd=write_files(tmp_path, files))
    assert ran.status == 3
    assert "top/templates/x.yaml:1:4" in ran.out
    assert "execution error at (top/templates/x.yaml:1:3): no" in ran.out
    assert groundrule("scan", ".", "--allow-incomplete", "--select", "image-not-pinned", cwd=tmp_path).status == 0


def test_a_library_chart(tmp_path: Path) -> None:
    files = CHART | {"top/Chart.yaml": chart_yaml("top", kind="library")}
    report = judge(tmp_path, files)
    assert (lines(report), missed(report)) == ([], [])
    assert [each.message for each in report.notices] == [
        "a library chart: what it defines is judged where other charts use it"
    ]


def test_an_archive_on_the_command_line(tmp_path: Path) -> None:
    files = {str(name).removeprefix("top/"): str(text) for name, text in CHART.items()}
    write_files(tmp_path, {"top-1.0.0.tgz": archive("top", files), ".git/HEAD": ""})
    assert scan([tmp_path], Options()).report.scanned == []
    report = scan([tmp_path / "top-1.0.0.tgz"], Options(select=("image-not-pinned",))).report
    assert lines(report) == ["top-1.0.0.tgz!/top/values.yaml:1:6 image-not-pinned top"]
    assert [(each.path, each.kind) for each in report.scanned] == [("top-1.0.0.tgz", "helm")]


def test_a_broken_archive(tmp_path: Path) -> None:
    write_files(tmp_path, {"top-1.0.0.tgz": b"no archive", ".git/HEAD": ""})
    report = scan([tmp_path / "top-1.0.0.tgz"], Options()).report
    ((at, said, _, _),) = missed(report)
    assert at == "top-1.0.0.tgz:0:0"
    assert said


def test_a_chart_in_a_folder_that_git_ignores(tmp_path: Path) -> None:
    files = {f"vendor/{name}": text for name, text in CHART.items()} | {".gitignore": "vendor/\n"}
    report = judge(tmp_path, files)
    assert lines(report) == []
    assert report.scanned == []
    asked = scan([tmp_path / "vendor" / "top"], Options(select=("image-not-pinned",))).report
    assert lines(asked) == ["vendor/top/values.yaml:1:6 image-not-pinned top"]


def test_charts_folder_that_git_ignores(tmp_path: Path) -> None:
    """Downloaded dependencies are usually ignored; the chart is rendered with them all the same."""
    entry = "dependencies:\n  - {name: redis, version: 1.0.0, repository: https://a.example}\n"
    inner = {"Chart.yaml": chart_yaml("redis"), "templates/pod.yaml": pod("redis", "true")}
    files = CHART | {
        ".gitignore": "charts/\n",
        "top/Chart.yaml": chart_yaml("top", entry),
        "top/charts/redis-1.0.0.tgz": archive("redis", inner),
    }
    assert lines(judge(tmp_path, files, "host-network")) == ["top/Chart.yaml:6:6 host-network redis"]


def test_a_failure_wins_over_nothing_else(tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {"top/templates/x.yaml": '{{ fail "no" }}'})
    assert exit_status(report, "low", strict=False, allow_incomplete=False) == 3


def test_a_file_of_values_that_is_missing(tmp_path: Path) -> None:
    """The folder of the repository is nobody's business: in another clone the message is the same."""
    sets = "charts: [{path: top, default_values: false, values_sets: [{name: a, files: [env/a.yaml]}]}]\n"
    report = judge(tmp_path, CHART | {".groundrule.yaml": sets})
    assert missed(report) == [
        ("env/a.yaml:0:0", "open env/a.yaml: no such file or directory", VALUES_HINT, "a"),
    ]
