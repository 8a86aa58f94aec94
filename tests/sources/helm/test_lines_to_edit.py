"""The line to edit for a finding, in files of values, templates and helpers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.helm.charts import chart_yaml, judge, lines, place, pod

CONTAINER = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "name" . }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: main
          image: app:1.0.0
"""
NAME = '{{ define "name" }}{{ .Values.nameOverride | default .Chart.Name }}{{ end }}\n'


def chart(template: str, values: str = "", helpers: str = "") -> dict[str, str | bytes]:
    return {
        "top/Chart.yaml": chart_yaml("top"),
        "top/values.yaml": values,
        "top/templates/x.yaml": template,
        "top/templates/_helpers.tpl": helpers,
    }


VALUES = (
    "tag: latest\nimage: app:latest\nrepository: app\nempty: ''\nglobal:\n  tag: edge\nraw: 'app:{{ .Values.tag }}'\n"
)


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        ("app:latest", "templates/x.yaml:9:7"),
        ('"app:{{ .Values.tag }}"', "values.yaml:1:6"),
        ("{{ .Values.repository }}:{{ .Values.tag }}", "values.yaml:1:6"),
        ("{{ .Values.image }}", "values.yaml:2:8"),
        ("{{ .Values.image | quote }}", "values.yaml:2:8"),
        ("{{ .Values.repository }}:latest", "templates/x.yaml:9:7"),
        ('"{{ .Values.repository }}:latest"', "templates/x.yaml:9:7"),
        ("{{ .Values.repository }}", "values.yaml:3:13"),
        ("registry:5000/{{ .Values.repository }}", "values.yaml:3:13"),
        ('{{ printf "%s:%s" .Values.repository .Values.tag }}', "values.yaml:1:6"),
        ('app:{{ .Values.empty | default "latest" }}', "values.yaml:4:8"),
        ("app:{{ .Values.empty | default .Values.tag }}", "values.yaml:1:6"),
        ("app:{{ .Values.global.tag }}", "values.yaml:6:8"),
        ("{{ tpl .Values.raw . }}", "values.yaml:1:6"),
        ('{{ include "image" . }}', "templates/_helpers.tpl:2:1"),
        ('{{ include "tagged" . }}', "values.yaml:1:6"),
        ("{{ with .Values.repository }}{{ . }}:latest{{ end }}", "templates/x.yaml:9:7"),
    ],
)
def test_an_image(image: str, wanted: str, tmp_path: Path) -> None:
    helpers = '{{ define "image" -}}\n{{ .Values.repository }}:latest\n{{- end }}\n'
    helpers += '{{ define "tagged" }}app:{{ .Values.tag }}{{ end }}\n'
    report = judge(tmp_path, chart(pod(image, "false"), VALUES, helpers))
    assert lines(report) == [f"top/{wanted} image-not-pinned top"]


def test_what_tpl_renders_of_a_file_of_values(tmp_path: Path) -> None:
    values = "level: debug\nconfig:\n  A_LEVEL: '{{ .Values.level }}'\n  B_PASSWORD: Xk4-live-Zq9w\n  C: '{{ .Values.level }}'\n"
    template = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: top
data:
  {{- tpl (toYaml .Values.config) . | nindent 2 }}
"""
    report = judge(tmp_path, chart(template, values), "secret-in-config-map")
    assert lines(report) == ["top/values.yaml:4:15 secret-in-config-map top"]
    (finding,) = report.findings
    assert [(place(each.location), each.role) for each in finding.related] == [
        ("top/templates/x.yaml:6:3", "template"),
        ("top:9:0", "rendered"),
    ]


def test_a_whole_manifest_in_a_file_of_values(tmp_path: Path) -> None:
    values = "extra:\n  - apiVersion: v1\n    kind: Pod\n    metadata:\n      name: '{{ .Release.Name }}-extra'\n"
    values += (
        "    spec:\n      hostNetwork: true\n      containers:\n        - name: main\n          image: app:latest\n"
    )
    template = "{{ range .Values.extra }}\n---\n{{ tpl (toYaml .) $ }}\n{{ end }}"
    report = judge(tmp_path, chart(template, values), "host-network", "image-not-pinned", "memory-limit-missing")
    assert lines(report) == [
        "top/values.yaml:7:20 host-network release-name-extra",
        "top/values.yaml:9:11 memory-limit-missing release-name-extra",
        "top/values.yaml:10:18 image-not-pinned release-name-extra",
    ]


@pytest.mark.parametrize("values", ["replicas: 2\n", "replicas: 2\nnameOverride: shop\n"])
def test_what_is_about_the_whole_stands_at_the_templates_name(values: str, tmp_path: Path) -> None:
    report = judge(tmp_path, chart(CONTAINER, values, NAME), "workload-without-network-policy")
    assert [place(each.location) for each in report.findings] == ["top/templates/x.yaml:4:3"]


def test_the_name_in_a_helper_that_writes_the_whole_manifest(tmp_path: Path) -> None:
    helpers = NAME + '{{ define "workload" }}\n' + CONTAINER + "{{ end }}\n"
    report = judge(
        tmp_path, chart('{{ include "workload" . }}\n', "replicas: 2\n", helpers), "workload-without-network-policy"
    )
    assert [place(each.location) for each in report.findings] == ["top/templates/x.yaml:1:1"]


RESOURCES = CONTAINER + "          {{- with .Values.resources }}\n          resources:\n"
RESOURCES += "            {{- toYaml . | nindent 12 }}\n          {{- end }}\n"
BY_KEY = (
    CONTAINER
    + "          resources:\n            limits:\n              memory: {{ .Values.resources.limits.memory }}\n"
)


@pytest.mark.parametrize(
    ("template", "values", "wanted"),
    [
        (RESOURCES, "replicas: 2\nresources: {}\n", "values.yaml:2:1"),
        (RESOURCES, "replicas: 2\nresources:\n  requests:\n    memory: 1Gi\n", "values.yaml:2:1"),
        (RESOURCES, "replicas: 2\nresources:\n  limits:\n    cpu: 1\n", "values.yaml:3:3"),
        (RESOURCES, "replicas: 2\n", "templates/x.yaml:10:11"),
        (CONTAINER, "replicas: 2\n", "templates/x.yaml:10:11"),
        (BY_KEY, "replicas: 2\nresources:\n  limits:\n    memory: 0\n", "values.yaml:4:13"),
    ],
)
def test_a_limit_that_is_missing(template: str, values: str, wanted: str, tmp_path: Path) -> None:
    report = judge(tmp_path, chart(template, values, NAME), "memory-limit-missing")
    assert [place(each.location) for each in report.findings] == [f"top/{wanted}"]


PROBES = (
    RESOURCES
    + """\
          ports:
            - containerPort: 80
          livenessProbe:
            tcpSocket: {port: 80}
          {{- if .Values.readiness.enabled }}
          readinessProbe:
            httpGet: {port: 80}
          {{- end }}
          {{- if and .Values.debug (not .Values.readiness.enabled) }}
          workingDir: /
          {{- end }}
"""
)


@pytest.mark.parametrize("rest", ["", '          {{- include "context" . | nindent 10 }}\n', "          tty: true\n"])
def test_a_branch_that_a_value_switches_off(rest: str, tmp_path: Path) -> None:
    values = "replicas: 2\ndebug: false\nreadiness:\n  enabled: false\n"
    helpers = NAME + '{{ define "context" }}securityContext:\n  privileged: false{{ end }}\n'
    report = judge(tmp_path, chart(PROBES + rest, values, helpers), "readiness-probe-missing")
    assert lines(report) == ["top/values.yaml:4:3 readiness-probe-missing top"]
    (finding,) = report.findings
    assert [(place(each.location), each.role) for each in finding.related] == [
        ("top/templates/x.yaml:20:11", "template"),
        ("top:12:0", "rendered"),
    ]


AMOUNTS = (
    CONTAINER
    + """\
          resources:
            {{- with .Values.amounts }}
            {{- if or (.cpu).limit (.memory).limit }}
            limits:
              {{- with (.cpu).limit }}
              cpu: {{ . }}
              {{- end }}
              {{- with (.memory).limit }}
              memory: {{ . }}
              {{- end }}
            {{- end }}
            {{- end }}
            requests: {}
"""
)


@pytest.mark.parametrize(("rule", "line"), [("cpu-limit-missing", 4), ("memory-limit-missing", 6)])
def test_a_branch_that_one_of_several_values_switches_on(rule: str, line: int, tmp_path: Path) -> None:
    values = "replicas: 2\namounts:\n  cpu:\n    limit:\n  memory:\n    limit:\n"
    report = judge(tmp_path, chart(AMOUNTS, values, NAME), rule)
    assert [place(each.location) for each in report.findings] == [f"top/values.yaml:{line}:5"]


INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: top
spec:
  rules:
    {{- range .Values.hosts }}
    - host: {{ %s }}
      http:
        paths:
          - path: /
            backend:
              service:
                name: {{ .service }}
    {{- end }}
  {{- with .Values.tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
"""


@pytest.mark.parametrize("host", [".host", ".host | quote", "tpl .host $ | quote"])
def test_a_list_that_ranges_over_values(host: str, tmp_path: Path) -> None:
    values = "domain: a.example\nhosts:\n  - host: 'a.{{ .Values.domain }}'\n    service: a\n  - host: b\n    service: b\ntls: []\n"
    report = judge(tmp_path, chart(INGRESS % host, values), "dangling-ingress", "ingress-without-tls")
    assert lines(report) == ["top/values.yaml:2:1 dangling-ingress top", "top/values.yaml:7:1 ingress-without-tls top"]


def test_flags_have_no_line(tmp_path: Path) -> None:
    from scanner.config import ValuesSet
    from scanner.loading import HelmFlags

    flags = HelmFlags(ValuesSet("default", (), ("tag=latest", "hostNetwork=true")))
    files = chart(pod(), "tag: 1.0.0\nhostNetwork: false\n")
    assert lines(judge(tmp_path, files, flags=flags)) == [
        "top/templates/x.yaml:6:3 host-network top",
        "top/templates/x.yaml:9:7 image-not-pinned top",
    ]


def test_a_file_of_values_of_the_command_line(tmp_path: Path) -> None:
    from scanner.config import ValuesSet
    from scanner.loading import HelmFlags

    files = chart(pod(), "tag: 1.0.0\nhostNetwork: false\n") | {"mine.yaml": "# mine\ntag: latest\n"}
    report = judge(tmp_path, files, flags=HelmFlags(ValuesSet("default", (tmp_path / "mine.yaml",))))
    assert lines(report) == ["mine.yaml:2:6 image-not-pinned top"]
