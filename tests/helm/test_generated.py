"""What a chart draws by chance at each installation is no secret of the repository; what it holds is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.scan import Options, scan
from scanner.template.kinds import CHANCE
from scanner.template.text import pieces_of
from tests.conftest import write_files
from tests.template.probing import render_probe

CHART = "apiVersion: v2\nname: app\nversion: 1.0.0\n"
VALUES = 'password: ""\nuser: admin\nstored: hunter2-Xy93kQ\n'
SECRET = """\
{{- $ca := genCA "ca" 365 }}
{{- $cert := genSignedCert "app" nil (list "app") 365 $ca }}
{{- $password := .Values.password | default (randAlphaNum 24) }}
apiVersion: v1
kind: Secret
metadata:
  name: app
data:
  password: {{ $password | b64enc | quote }}
  tls.key: {{ $cert.Key | b64enc }}
  token: {{ uuidv4 | replace "-" "" | upper | b64enc }}
  htpasswd: {{ htpasswd .Values.user $password | b64enc }}
  stored-password: {{ .Values.stored | b64enc }}
stringData:
  {{- toYaml (dict "api-key" (randAlphaNum 32)) | nindent 2 }}
  url: {{ printf "postgres://%s:%s@db/app" .Values.user $password }}
  admin-password: Kx82jfQpa71
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
        - name: app
          image: app:1
          env:
            - name: DB_PASSWORD
              value: {{ $password }}
            - name: ADMIN_PASSWORD
              value: {{ .Values.stored }}
"""


def test_only_what_the_repository_holds_is_reported(tmp_path: Path) -> None:
    files = {"app/Chart.yaml": CHART, "app/values.yaml": VALUES, "app/templates/secret.yaml": SECRET}
    folder = write_files(tmp_path, files)
    report = scan([folder], Options(select=("secret-in-manifest", "secret-in-environment"))).report
    found = sorted((each.rule.id, each.key, f"{each.location.path}:{each.location.line}") for each in report.findings)
    assert found == [
        ("secret-in-environment", "app/ADMIN_PASSWORD", "app/values.yaml:3"),
        ("secret-in-manifest", "secret admin-password", "app/templates/secret.yaml:17"),
        ("secret-in-manifest", "secret stored-password", "app/values.yaml:3"),
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{{ randAlphaNum 8 }}",
        "{{ randAlpha 8 | b64enc }}",
        "{{ randNumeric 8 | quote }}",
        "{{ randAscii 8 | toJson }}",
        "{{ randBytes 8 }}",
        "{{ randInt 1 9 }}",
        "{{ uuidv4 | upper }}",
        '{{ genPrivateKey "ecdsa" }}',
        '{{ (genCA "ca" 10).Cert }}',
        '{{ (genSelfSignedCert "a" nil nil 10).Key | b64enc }}',
        "{{ randAlphaNum 8 | bcrypt }}",
        '{{ htpasswd "me" (randAlphaNum 8) | b64enc }}',
        '{{ derivePassword 1 "long" (randAlphaNum 8) "me" "site" }}',
        '{{ print "a" (randAlphaNum 8) | sha256sum }}',
        '{{ "" | default (randAlphaNum 8) }}',
        '{{ toYaml (dict "a" (randAlphaNum 8)) }}',
        '{{ $x := dict }}{{ $_ := set $x "a" (randAlphaNum 8) }}{{ $x.a }}',
    ],
)
def test_drawn(template: str) -> None:
    assert CHANCE in origins(template)


@pytest.mark.parametrize(
    "template",
    ['{{ derivePassword 1 "long" "secret" "me" "site" }}', '{{ htpasswd "me" "secret" }}', '{{ "a" | b64enc }}'],
)
def test_made_of_what_is_written(template: str) -> None:
    assert CHANCE not in origins(template)


def origins(template: str) -> set[Any]:
    text, error = render_probe(template)
    assert not error
    return {piece[2] for piece in pieces_of(text)}


def test_plain_runs_are_not_marked() -> None:
    assert type(render_probe("{{ randAlphaNum 8 }}", traced=False)[0]) is str
