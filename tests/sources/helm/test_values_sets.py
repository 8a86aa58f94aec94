"""Sets of values: each is rendered and judged on its own, and what several lead to is one finding."""

from __future__ import annotations

import json
from pathlib import Path

from scanner.config import ValuesSet
from scanner.loading import HelmFlags
from tests.conftest import Command, write_files
from tests.sources.helm.charts import RULES, chart_yaml, judge, lines, pod

CHART: dict[str, str | bytes] = {
    "top/Chart.yaml": chart_yaml("top"),
    "top/values.yaml": "tag: latest\nhostNetwork: false\n",
    "top/templates/pod.yaml": pod(name="{{ .Release.Name }}-top"),
    "production.yaml": "hostNetwork: true\n",
    "staging.yaml": "tag: edge\n",
    ".groundrule.yaml": """\
charts:
  - path: top
    values_sets:
      - {name: staging, files: [staging.yaml], namespace: staging, release_name: stage}
      - {name: production, files: [production.yaml], namespace: production, release_name: shop}
""",
}


def test_one_result_names_the_sets(tmp_path: Path) -> None:
    report = judge(tmp_path, CHART)
    assert lines(report) == [
        "production.yaml:1:14 host-network shop-top [production]",
        "staging.yaml:1:6 image-not-pinned stage-top [staging]",
        "top/values.yaml:1:6 image-not-pinned release-name-top [default, production]",
    ]
    assert [(each.path, each.kind, each.resources) for each in report.scanned] == [("top", "helm", 1)]


def test_without_the_charts_own_values(tmp_path: Path) -> None:
    alone = str(CHART[".groundrule.yaml"]).replace("path: top", "path: top\n    default_values: false")
    assert lines(judge(tmp_path, CHART | {".groundrule.yaml": alone})) == [
        "production.yaml:1:14 host-network shop-top [production]",
        "staging.yaml:1:6 image-not-pinned stage-top [staging]",
        "top/values.yaml:1:6 image-not-pinned shop-top [production]",
    ]


def test_the_command_lines_values_replace_the_sets(tmp_path: Path) -> None:
    flags = HelmFlags(ValuesSet("default", (), ("tag=1.0.0", "hostNetwork=true")))
    assert lines(judge(tmp_path, CHART, flags=flags)) == ["top/templates/pod.yaml:6:3 host-network release-name-top"]


def test_ci_values(tmp_path: Path) -> None:
    files = CHART | {
        ".groundrule.yaml": "",
        "top/ci/network-values.yaml": "hostNetwork: true\n",
        "top/ci/other.yaml": "tag: stable\n",
    }
    ci = "ci/network-values.yaml"
    assert lines(judge(tmp_path, files)) == ["top/values.yaml:1:6 image-not-pinned release-name-top"]
    assert lines(judge(tmp_path, files, flags=HelmFlags(ci_values=True))) == [
        f"top/ci/network-values.yaml:1:14 host-network release-name-top [{ci}]",
        f"top/values.yaml:1:6 image-not-pinned release-name-top [default, {ci}]",
    ]


RANGE = "{{ range $name, $on := .Values.pods }}{{ if $on }}\n---\n" + pod(
    "app", "true", "{{ $.Release.Name }}-{{ $name }}"
)
RANGE += "{{ end }}{{ end }}\n"


def test_resources_of_one_line_are_told_apart(tmp_path: Path) -> None:
    """What only one set switches on is no finding of the other."""
    files = CHART | {
        "top/values.yaml": "pods: {api: true, worker: true}\n",
        "top/templates/pod.yaml": RANGE,
        "production.yaml": "pods: {api: false}\n",
        "staging.yaml": "{}\n",
    }
    assert lines(judge(tmp_path, files, "host-network")) == [
        "top/templates/pod.yaml:8:3 host-network release-name-api [default, staging]",
        "top/templates/pod.yaml:8:3 host-network release-name-worker [default, staging, production]",
    ]


def test_relations_are_those_of_one_rendering(tmp_path: Path) -> None:
    policy = """
---
{{ if .Values.policy }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all}
spec:
  podSelector: {}
  policyTypes: [Ingress]
{{ end }}
"""
    files = CHART | {
        "top/templates/pod.yaml": pod("app", "false") + policy,
        "top/values.yaml": "policy: true\n",
        "staging.yaml": "policy: false\n",
    }
    assert lines(judge(tmp_path, files, "workload-without-network-policy")) == [
        "top/templates/pod.yaml:4:3 workload-without-network-policy top [staging]"
    ]


def test_a_waiver_for_one_namespace_accepts_only_that(tmp_path: Path) -> None:
    waiver = "waivers:\n  - {rule: image-not-pinned, resource: staging/*, reason: only a test}\n"
    files = CHART | {".groundrule.yaml": f"{CHART['.groundrule.yaml']}{waiver}", "staging.yaml": "{}\n"}
    files["top/templates/pod.yaml"] = pod(name="top\n  namespace: {{ .Release.Namespace }}")
    assert lines(judge(tmp_path, files, "image-not-pinned")) == [
        "top/values.yaml:1:6 image-not-pinned top [default, production]",
        "top/values.yaml:1:6 image-not-pinned top [staging] suppressed",
    ]


def test_a_resource_whose_name_is_of_its_environment(tmp_path: Path) -> None:
    files = CHART | {
        "top/templates/pod.yaml": pod("app", "false", "{{ .Values.name }}"),
        "top/values.yaml": "name: app\n",
        "staging.yaml": "name: test-app\n",
        "production.yaml": "name: live-app\n",
    }
    assert lines(judge(tmp_path, files, "image-not-pinned")) == [
        "top/templates/pod.yaml:9:7 image-not-pinned app [default, staging, production]"
    ]


def test_warnings_are_told_once(tmp_path: Path) -> None:
    files = CHART | {"staging.yaml": "sub: 1\n", "top/charts/sub/Chart.yaml": chart_yaml("sub")}
    files["top/Chart.yaml"] = chart_yaml("top") + "deprecated: true\n"
    report = judge(tmp_path, files)
    assert [each.message for each in report.notices] == ["WARNING: This chart is deprecated"]
    assert [each.values for each in report.not_scanned] == ["staging"]


def test_the_options_of_the_command_line(groundrule: Command, tmp_path: Path) -> None:
    files = CHART | {".groundrule.yaml": "", "top/ci/edge-values.yaml": "tag: edge\n"}
    write_files(tmp_path, files | {".git/HEAD": ""})

    def found(*options: str) -> list[tuple[str, int, list[str]]]:
        ran = groundrule("scan", "top", "-f", "json", "--select", ",".join(RULES), *options, cwd=tmp_path)
        results = json.loads(ran.out)["results"]
        return [(each["location"]["path"], each["location"]["line"], each["values_sets"]) for each in results]

    assert found() == [("top/values.yaml", 1, [])]
    assert found("--ci-values") == [
        ("top/ci/edge-values.yaml", 1, ["ci/edge-values.yaml"]),
        ("top/values.yaml", 1, ["default"]),
    ]
    assert found("--values", "production.yaml") == [("production.yaml", 1, []), ("top/values.yaml", 1, [])]
    assert found("--values", "production.yaml", "--set", "tag=1.0.0") == [("production.yaml", 1, [])]
    assert found("--set", "tag=1.0.0,hostNetwork=true") == [("top/templates/pod.yaml", 6, [])]


def test_the_rendered_line_is_that_of_render(groundrule: Command, tmp_path: Path) -> None:
    report = judge(tmp_path, CHART | {".groundrule.yaml": "", "top/templates/a.yaml": pod("app", "true", "a") + "\n\n"})
    printed = groundrule("render", tmp_path / "top").out.split("\n")
    shown = {
        (each.rule.id, each.resource.name): printed[place.location.line - 1].strip()
        for each in report.findings
        for place in each.related
        if place.role == "rendered"
    }
    assert shown == {
        ("host-network", "a"): "hostNetwork: true",
        ("image-not-pinned", "a"): "image: app",
        ("image-not-pinned", "release-name-top"): 'image: "app:latest"',
    }
