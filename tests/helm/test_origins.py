"""Where values in a rendered text come from: by the line and route in the file of values."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.render import RenderOptions, render
from scanner.helm.values_files import RenderValues, user_values
from scanner.template.text import pieces_of
from tests.conftest import write_files

CHART = 'apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: "7.7"\n'

VALUES = """\
flag: true
never: false
count: 3
ratio: 1.5
text: hello
nothing: null
empty: ""
list: [true, 5, x]
items:
  - enabled: true
    name: q
map:
  key: false
  deep:
    er: true
template: "{{ .Values.flag }}"
"""

HELPERS = """\
{{- define "flag" }}{{ .flag }}{{ end }}
{{- define "context" }}{{ .Values.flag }}{{ end }}
{{- define "second" }}{{ index . 1 }}{{ end }}
{{- define "yaml" }}key: {{ .Values.flag }}
inner:
  count: {{ .Values.count }}
{{ end }}
"""

CASES = [
    # a scalar of each kind, as it is and through functions
    ("{{ .Values.flag }}", "true", "1 flag"),
    ("{{ .Values.count }}", "3", "3 count"),
    ("{{ .Values.ratio }}", "1.5", "4 ratio"),
    ("{{ .Values.text }}", "hello", "5 text"),
    ("{{ .Values.flag | quote }}", '"true"', "1 flag"),
    ("{{ .Values.flag | toString | quote }}", '"true"', "1 flag"),
    ("{{ .Values.count | int }}", "3", "3 count"),
    ("{{ .Values.count | int64 | toString }}", "3", "3 count"),
    ("{{ add .Values.count 1 }}", "4", "3 count"),
    ("{{ .Values.count | int | max 1 }}", "3", "3 count"),
    ('{{ printf "%d" (int .Values.count) }}', "3", "3 count"),
    ('{{ printf "%v" .Values.flag }}', "true", "1 flag"),
    ("{{ .Values.text | upper }}", "HELLO", "5 text"),
    ("{{ .Values.text | trunc 2 }}", "he", "5 text"),
    ("{{ .Values.text | b64enc }}", "aGVsbG8=", "5 text"),
    ("{{ .Values.text | sha256sum | trunc 4 }}", "2cf2", "5 text"),
    ("{{ toYaml .Values.flag }}", "true", "1 flag"),
    ("{{ toYaml .Values.nothing }}", "null", "6 nothing"),
    ('{{ required "no" .Values.flag }}', "true", "1 flag"),
    # what is decided by a value, or put in its place
    ("{{ .Values.flag | default false }}", "true", "1 flag"),
    ("{{ .Values.never | default true }}", "true", "2 never"),
    ("{{ default 7 .Values.count }}", "3", "3 count"),
    ('{{ .Values.empty | default "d" }}', "d", "7 empty"),
    ("{{ .Values.absent | default 5 }}", "5", ""),
    ("{{ coalesce .Values.never .Values.nothing .Values.flag }}", "true", "1 flag"),
    ("{{ not .Values.never }}", "true", "2 never"),
    ("{{ and .Values.flag (not .Values.never) }}", "true", "1 flag"),
    ("{{ and .Values.flag .Values.never }}", "false", "2 never"),
    ("{{ or .Values.never .Values.flag }}", "true", "1 flag"),
    ('{{ eq .Values.text "hello" }}', "true", "5 text"),
    ('{{ ternary "yes" "no" .Values.flag }}', "yes", "1 flag"),
    ('{{ .Values.flag | ternary "yes" "no" }}', "yes", "1 flag"),
    ('{{ hasKey .Values.map "key" }}', "true", "12 map"),
    ("{{ len .Values.list }}", "3", "8 list"),
    ("{{ if .Values.flag }}on{{ end }}", "on", ""),
    # variables
    ("{{ $x := .Values.flag }}{{ $x }}", "true", "1 flag"),
    ("{{ $x := not .Values.flag }}{{ $x }}", "false", "1 flag"),
    ("{{ $x := .Values }}{{ $x.flag }}", "true", "1 flag"),
    ("{{ $x := .Values.never }}{{ $x = .Values.flag }}{{ $x }}", "true", "1 flag"),
    ("{{ $x := .Values.flag | default false }}{{ $y := $x }}{{ $y }}", "true", "1 flag"),
    # other templates
    ('{{ include "context" . }}', "true", "1 flag"),
    ('{{ template "context" . }}', "true", "1 flag"),
    ('{{ include "flag" (dict "flag" .Values.flag) }}', "true", "1 flag"),
    ('{{ include "flag" (dict "flag" (not .Values.flag)) }}', "false", "1 flag"),
    ('{{ include "flag" (dict "flag" (.Values.never | default true)) }}', "true", "2 never"),
    ('{{ include "flag" (dict "flag" .Values.count) }}', "3", "3 count"),
    ('{{ include "second" (list 1 .Values.flag) }}', "true", "1 flag"),
    ("{{ tpl .Values.template . }}", "true", "1 flag"),
    ('{{ tpl "{{ .Values.flag }}" . }}', "true", "1 flag"),
    ('{{ (include "yaml" . | fromYaml).key }}', "true", "1 flag"),
    ('{{ (include "yaml" . | fromYaml).inner.count }}', "3", "3 count"),
    ('{{ $y := include "yaml" . | fromYaml }}{{ $y.key }}', "true", "1 flag"),
    ('{{ toYaml (include "yaml" . | fromYaml) }}', "key: true", "1 flag"),
    # loops and with
    ("{{ range .Values.list }}{{ . }}\n{{ end }}", "true", "8 list.0"),
    ("{{ range .Values.list }}{{ . }}\n{{ end }}", "5", "8 list.1"),
    ("{{ range $i, $e := .Values.list }}{{ $i }}={{ $e }}\n{{ end }}", "true", "8 list.0"),
    ("{{ range $k, $v := .Values.map }}{{ $k }}={{ $v }}\n{{ end }}", "false", "13 map.key"),
    ("{{ range $k, $v := .Values.map }}{{ $k }}={{ $v }}\n{{ end }}", "key", "13 map.key"),
    ("{{ range .Values.items }}{{ .enabled }}{{ end }}", "true", "10 items.0.enabled"),
    ("{{ range .Values.items }}{{ not .enabled }}{{ end }}", "false", "10 items.0.enabled"),
    ("{{ range .Values.items }}{{ toYaml . }}{{ end }}", "enabled: true", "10 items.0.enabled"),
    ("{{ with .Values.flag }}{{ . }}{{ end }}", "true", "1 flag"),
    ("{{ with .Values.map }}{{ .key }}{{ end }}", "false", "13 map.key"),
    ("{{ with $x := .Values.flag }}{{ $x }}{{ end }}", "true", "1 flag"),
    # collections
    ("{{ toYaml .Values.map | nindent 2 }}", "key: false", "13 map.key"),
    ("{{ toYaml .Values.list | indent 2 }}", "- true", "8 list.0"),
    ("{{ toJson .Values.map }}", '"key":false', "13 map.key"),
    ('{{ get .Values.map "key" }}', "false", "13 map.key"),
    ('{{ index .Values.map "deep" "er" }}', "true", "15 map.deep.er"),
    ('{{ dig "deep" "er" false .Values.map }}', "true", "15 map.deep.er"),
    ('{{ .Values.map | dig "deep" "er" false }}', "true", "15 map.deep.er"),
    ("{{ index .Values.list 0 }}", "true", "8 list.0"),
    ("{{ (index .Values.items 0).enabled }}", "true", "10 items.0.enabled"),
    ("{{ (first .Values.items).enabled }}", "true", "10 items.0.enabled"),
    ("{{ first .Values.list }}", "true", "8 list.0"),
    ("{{ .Values.list | last }}", "x", "8 list.2"),
    ("{{ ((.Values.map).deep).er }}", "true", "15 map.deep.er"),
    ("{{ (.Values.map | default dict).key }}", "false", "13 map.key"),
    ("{{ (merge (dict) .Values.map).key }}", "false", "13 map.key"),
    ('{{ toYaml (merge (dict "q" 1) .Values.map) }}', "key: false", "13 map.key"),
    ('{{ toYaml (mergeOverwrite (dict "key" true) .Values.map) }}', "key: false", "13 map.key"),
    ('{{ toYaml (omit .Values.map "deep") }}', "key: false", "13 map.key"),
    ('{{ toYaml (pick .Values.map "key") }}', "key: false", "13 map.key"),
    ("{{ (deepCopy .Values.map).key }}", "false", "13 map.key"),
    ('{{ $m := dict "a" .Values.flag }}{{ $m.a }}', "true", "1 flag"),
    ('{{ $m := dict }}{{ $_ := set $m "a" .Values.flag }}{{ $m.a }}', "true", "1 flag"),
    ("{{ list .Values.flag | toYaml }}", "- true", "1 flag"),
    ("{{ concat .Values.list (list 1) | toYaml }}", "- true", "8 list.0"),
    ("{{ append .Values.list 1 | toYaml }}", "- true", "8 list.0"),
    ("{{ rest .Values.list | toYaml }}", "- 5", "8 list.1"),
    ('{{ .Values.list | join "," }}', "true", "8 list.0"),
    # a value of Chart.yaml, which is the fourth line there
    ("{{ .Chart.AppVersion }}", "7.7", "4 appVersion"),
    ("{{ .Values.empty | default .Chart.AppVersion }}", "7.7", "4 appVersion"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    templates = {f"templates/{number}.yaml": f"#{{{{/**/}}}}{case[0]}" for number, case in enumerate(CASES)}
    files = {"Chart.yaml": CHART, "values.yaml": VALUES, "templates/_helpers.tpl": HELPERS}
    return write_files(tmp_path_factory.mktemp("chart"), files | templates)


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    """What each template writes, as a comment so that it may be anything."""
    from scanner.helm.capabilities import capabilities
    from scanner.helm.coalesce import coalesce_values
    from scanner.helm.contexts import release, renderables
    from scanner.helm.render import execute_templates

    chart = load_chart(folder, LoadOptions())
    values = coalesce_values(chart, user_values(RenderValues()), lambda _: None)
    context = renderables(chart, values, release("r", "n"), capabilities(), traced=True)
    return execute_templates(context, RenderOptions(deterministic=True))[0]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_origin(number: int, texts: dict[str, str]) -> None:
    _, written, expected = CASES[number]
    text = texts[f"c/templates/{number}.yaml"]
    assert origins(text, written) == ([expected] if expected else [])


def origins(text: str, written: str) -> list[str]:
    """`LINE ROUTE` for each origin in the first place where `written` stands."""
    start = str(text).index(written)
    found, at = [], 0
    for length, _, origin in pieces_of(text):
        if origin is not None and at < start + len(written) and at + length > start:
            found.append(f"{origin.location().line} {'.'.join(map(str, origin.route))}")
        at += length
    return list(dict.fromkeys(found))


def test_files_of_values_win_over_the_charts_own(folder: Path, tmp_path: Path) -> None:
    more = write_files(tmp_path, {"more.yaml": "# mine\nflag: false\nmap:\n  key: true\n"}) / "more.yaml"
    parts = {
        "templates/x.yaml": "flag: {{ .Values.flag }}\ncount: {{ .Values.count }}\nmap: {{ toJson .Values.map }}\n"
    }
    chart = write_files(tmp_path / "chart", {"Chart.yaml": CHART, "values.yaml": VALUES} | parts)
    values = user_values(RenderValues(files=(str(more),), set=("count=9",)), display=lambda path: path.name)
    options = LoadOptions(display=lambda path: path.name)
    (manifest,) = render(load_chart(chart, options), values, RenderOptions()).manifests
    found = [
        (origin.source.path, ".".join(origin.route))
        for _, _, origin in pieces_of(manifest.text)
        if origin is not None and origin.route != ("map",)
    ]
    assert list(dict.fromkeys(found)) == [
        ("more.yaml", "flag"),
        ("--set count=9", "count"),
        ("chart/values.yaml", "map.deep"),
        ("chart/values.yaml", "map.deep.er"),
        ("more.yaml", "map.key"),
    ]


BLOCK = """\
# values
config: |
  # first
  a: 1

  b: {{ .Release.Name }}
container: |-   # one
    - name: side
      image: "side:{{ .Values.tag }}"
folded: >
  one
  two
tag: 1
"""


def test_lines_of_a_text_are_those_of_its_block(tmp_path: Path) -> None:
    template = """\
config: |
  {{- tpl .Values.config . | nindent 2 }}
containers:
  {{- tpl .Values.container . | nindent 2 }}
folded: {{ .Values.folded | quote }}
encoded: {{ .Values.config | b64enc }}
file: |
{{ .Files.Get "file.txt" | indent 2 }}
"""
    files = {"Chart.yaml": CHART, "values.yaml": BLOCK, "templates/x.yaml": template, "file.txt": "one\n  two\n"}
    chart = load_chart(write_files(tmp_path, files), LoadOptions(display=lambda path: path.name))
    (manifest,) = render(chart, user_values(RenderValues()), RenderOptions()).manifests
    at, found = 0, {}
    for length, _, origin in pieces_of(manifest.text):
        if origin is not None:
            found.setdefault(str(manifest.text)[at : at + length].strip(), str(origin.location()).rpartition("/")[2])
        at += length
    assert found.pop("") is not None
    assert found == {
        "# first": "values.yaml:3:3",
        "a: 1": "values.yaml:4:3",
        "b:": "values.yaml:6:3",
        "- name: side": "values.yaml:8:5",
        'image: "side:': "values.yaml:9:7",
        "1": "values.yaml:13:6",
        '"': "values.yaml:9:7",
        "one two\\n": "values.yaml:10:1",
        "IyBmaXJzdAphOiAxCgpiOiB7eyAuUmVsZWFzZS5OYW1lIH19Cg==": "values.yaml:2:1",
        "one": "file.txt:1:1",
        "two": "file.txt:2:3",
    }
