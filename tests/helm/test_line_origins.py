"""`groundrule render --show-origins`: where each line comes from, beside it."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Command, write_files

CHART = {
    "Chart.yaml": 'apiVersion: v2\nname: app\nversion: 1.0.0\nappVersion: "7"\n',
    "values.yaml": """\
image:
  repository: acme/app
  tag: ""
resources:
  limits:
    cpu: 1
env:
  - name: MODE
    value: "{{ .Release.Name }}-{{ .Values.mode }}"
mode: quick
""",
    "templates/_helpers.tpl": """\
{{- define "app.labels" -}}
app: {{ .Chart.Name }}
tier: web
{{- end }}
{{- define "app.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
""",
    "templates/app.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}

  template:
    spec:
      containers:
        - name: app
          image: {{ include "app.image" . | quote }}
          env:
            {{- tpl (toYaml .Values.env) . | nindent 12 }}
            - name: PASSWORD
              value: {{ randAlphaNum 8 }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
""",
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
    "charts/sub/values.yaml": "x: 1\n",
    "charts/sub/templates/x.yaml": "kind: X\nx: {{ .Values.x }}\nmode: {{ .Values.global.mode }}\n",
    "crds/crd.yaml": "kind: Crd\ny: {}\n",
}

EXPECTED = """\
---
# Source: app/crds/crd.yaml
kind: Crd  # crds/crd.yaml:1
y: {}      # crds/crd.yaml:2

---
# Source: app/templates/app.yaml
apiVersion: apps/v1                        # templates/app.yaml:1
kind: Deployment                           # templates/app.yaml:2
metadata:                                  # templates/app.yaml:3
  name: app                                # templates/app.yaml:4
  labels:                                  # templates/app.yaml:5
    app: app                               # templates/app.yaml:6 > templates/_helpers.tpl:2 <- Chart.yaml:2 name
    tier: web                              # templates/app.yaml:6 > templates/_helpers.tpl:3
spec:                                      # templates/app.yaml:7
  replicas: 3                              # templates/app.yaml:8 <- prod.yaml:1 replicas

  template:                                # templates/app.yaml:10
    spec:                                  # templates/app.yaml:11
      containers:                          # templates/app.yaml:12
        - name: app                        # templates/app.yaml:13
          image: "acme/app:7"              # templates/app.yaml:14 > templates/_helpers.tpl:6 <- values.yaml:2 image.repository, Chart.yaml:4 appVersion
          env:                             # templates/app.yaml:15
            - name: MODE                   # templates/app.yaml:16 <- values.yaml:8 env.0.name
              value: 'release-name-quick'  # templates/app.yaml:16 <- values.yaml:9 env.0.value, values.yaml:10 mode
            - name: PASSWORD               # templates/app.yaml:17
              value: 0rIGQHts              # templates/app.yaml:18 <- (drawn by chance)
          resources:                       # templates/app.yaml:19
            limits:                        # templates/app.yaml:20 <- values.yaml:5 resources.limits
              cpu: 1                       # templates/app.yaml:20 <- values.yaml:6 resources.limits.cpu
---
# Source: app/charts/sub/templates/x.yaml
kind: X     # charts/sub/templates/x.yaml:1
x: 2        # charts/sub/templates/x.yaml:2 <- --set sub.x=2
mode: slow  # charts/sub/templates/x.yaml:3 <- prod.yaml:3 global.mode
"""


def test_each_line_has_its_places(groundrule: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "app", CHART)
    write_files(tmp_path, {"prod.yaml": "replicas: 3\nglobal:\n  mode: slow\n"})
    options = ("-f", "prod.yaml", "--set", "sub.x=2", "--deterministic", "--include-crds", "--show-origins")
    ran = groundrule("render", "app", *options, cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == EXPECTED


def test_the_lines_are_those_of_the_rendering(groundrule: Command, tmp_path: Path) -> None:
    folder = write_files(tmp_path, CHART)
    plain = groundrule("render", folder, "--deterministic").out.split("\n")
    shown = groundrule("render", folder, "--deterministic", "--show-origins").out.split("\n")
    assert [line.partition("  # ")[0].rstrip() for line in shown] == [line.rstrip() for line in plain]


def test_a_compose_project_has_none(groundrule: Command, tmp_path: Path) -> None:
    ran = groundrule("render", write_files(tmp_path, {"compose.yaml": "{}"}) / "compose.yaml", "--show-origins")
    assert ran.status == 2
    assert "--show-origins is for charts" in ran.err
