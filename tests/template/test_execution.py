"""Where rendered text comes from, which branches were not taken, and how far a template may go."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.helm.functions import function_table
from scanner.template.deep_stack import with_deep_stack
from scanner.template.errors import FunctionError, LimitError, TemplateError
from scanner.template.kinds import Float, Items, Map
from scanner.template.limits import Limits
from scanner.template.run import Run, execute, execute_segments
from scanner.template.source import Source
from scanner.template.templates import Templates
from scanner.template.text import Text, from_origin
from tests.conftest import cpu_below


def traced(value: Any, route: str = "") -> Any:
    """A value with its route as its origin."""
    if isinstance(value, dict):
        routes = {key: f"{route}.{key}" for key in value}
        return Map({key: traced(each, routes[key]) for key, each in value.items()}, route, routes)
    if isinstance(value, list):
        routes = [f"{route}[{index}]" for index in range(len(value))]
        return Items([traced(each, at) for each, at in zip(value, routes, strict=True)], route, routes)
    if isinstance(value, str):
        return from_origin(value, route)
    return Float(value, route) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


VALUES = {
    "flag": True,
    "off": False,
    "nothing": None,
    "s": "str",
    "i": 3,
    "m": {"a": 1, "b": False},
    "l": ["x", True, None],
}


def run_of(text: str, limits: Limits | None = None) -> tuple[Run, Source]:
    templates = Templates(function_table())
    source = Source("t", text)
    templates.parse(source)
    return Run(templates, limits=limits), source


def pieces(text: str, values: Any = VALUES) -> str:
    """What a template writes, piece by piece: text@offset, and =origin where a piece has one."""
    run, source = run_of(text)
    result = execute(run, "t", Map({"Values": traced(values)}))
    assert type(result) is Text
    parts = []
    at = 0
    for length, position, origin in result.pieces:
        assert length > 0
        assert position is not None
        where = position[1] if position[0] is source else f"{position[0].name}:{position[1]}"
        parts.append(f"{result[at : at + length]}@{where}" + (f"={origin}" if origin is not None else ""))
        at += length
    assert at == len(result)
    return " ".join(parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab", "ab@0"),
        ("a{{ .Values.s }}b", "a@0 str@1=.s b@16"),
        ("{{ .Values.flag }}", "true@0=.flag"),
        ("{{ .Values.nothing }}", "<no value>@0=.nothing"),
        ("{{ .Values.i }}", "3@0=.i"),
        ("{{ .Values.m.b | quote }}", '"false"@0=.m.b'),
        ("{{ not .Values.off }}", "true@0=.off"),
        ("{{ default true .Values.off }}", "true@0=.off"),
        ("{{ .Values.flag | default false | toString }}", "true@0=.flag"),
        ('{{ index .Values.m "b" }}{{ get .Values.m "b" }}', "false@0=.m.b false@25=.m.b"),
        ("{{ (.Values.m).b }}", "false@0=.m.b"),
        ('{{ (index .Values "m").b }}', "false@0=.m.b"),
        ("{{ $x := .Values.flag }}{{ $x }}", "true@24=.flag"),
        ("{{ $x := .Values.flag | quote }}{{ $x }}", '"true"@32=.flag'),
        ("{{ $x := .Values.m }}{{ $x.b }}", "false@21=.m.b"),
        ("{{ $x := .Values.flag }}{{ $x = .Values.off }}{{ $x }}", "false@46=.off"),
        ("{{ with .Values.flag }}{{ . }}{{ end }}", "true@23=.flag"),
        ("{{ range .Values.l }}{{ . }},{{ end }}", "x@21=.l[0] ,@28 true@21=.l[1] ,@28 <no value>@21=.l[2] ,@28"),
        ("{{ range $k, $v := .Values.m }}{{ $k }}{{ $v }}{{ end }}", "a@31=.m.a 1@39=.m.a b@31=.m.b false@39=.m.b"),
        ('{{ with dict "f" .Values.flag "n" .Values.nothing }}{{ .f }}{{ end }}', "true@52=.flag"),
        ("{{ with list 1 .Values.flag }}{{ index . 1 }}{{ end }}", "true@30=.flag"),
        ('{{ $d := dict }}{{ $_ := set $d "f" .Values.flag }}{{ $d.f }}', "true@51=.flag"),
        ('{{ define "x" }}<{{ .f }}>{{ end }}{{ include "x" (dict "f" .Values.flag) }}', "<@16 true@17=.flag >@25"),
        ('{{ define "x" }}<{{ . }}>{{ end }}{{ template "x" .Values.s }}', "<@16 str@17=.s >@24"),
        (
            '{{ include "x" .Values.s | indent 2 }}{{ define "x" }}{{ . }}\n{{ . }}{{ end }}',
            "  str@54=.s \n@61   str@62=.s",
        ),
        ('{{ printf "%s-%s" .Values.s "z" }}', "str@0=.s -@0 z@0"),
        ('{{ tpl "a{{ .Values.s }}" . }}', "a@gotpl:0 str@gotpl:1=.s"),
        ('{{ 1 }}{{ true }}{{ "s" }}', "1@0 true@7 s@17"),
    ],
)
def test_pieces(text: str, expected: str) -> None:
    assert pieces(text) == expected


def test_a_position_in_a_traced_string_leads_on() -> None:
    run, _ = run_of("{{ tpl .Values.s . }}")
    result = execute(run, "t", Map({"Values": traced({"s": "ab{{ .Values.c }}", "c": "x"})}))
    assert isinstance(result, Text)
    assert str(result) == "abx"
    for _, position, _ in result.pieces:
        assert position is not None
        assert position[0].origin_text.pieces == ((17, None, ".s"),)


def test_without_tracing_texts_are_plain() -> None:
    templates = Templates(function_table())
    templates.parse(Source("t", "a{{ .Values.s }}{{ if .Values.off }}{{ end }}"))
    run = Run(templates, traced=False)
    result = execute(run, "t", {"Values": VALUES})
    assert type(result) is str
    assert result == "astr"
    assert not run.skipped


def test_segments() -> None:
    run, source = run_of(
        'a{{ include "x" .Values.s }}{{ define "x" }}b{{ . }}{{ end }}{{ if true }}c{{ template "x" 1 }}{{ end }}'
    )
    segments = execute_segments(run, "t", Map({"Values": traced(VALUES)}))
    assert [(str(text), position) for text, position in segments] == [
        ("a", (source, 0)),
        ("bstr", (source, 1)),
        ("c", (source, 74)),
        ("b1", (source, 75)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ if .Values.off }}{{ end }}", "0 .Values.off=.off"),
        ("{{ if .Values.flag }}{{ end }}", ""),
        ("{{ if and .Values.flag (not .Values.flag) }}{{ end }}", "0 .Values.flag=.flag .Values.flag=.flag"),
        ("{{ with .Values.m.zz }}{{ else }}{{ end }}", "0 .Values.m.zz=None"),
        ("{{ with .Values.m }}{{ if .b }}{{ end }}{{ end }}", "20 .b=.m.b"),
        ("{{ range .Values.zz }}{{ end }}", "0 .Values.zz=None"),
        ("{{ range $k, $v := .Values.m }}{{ if $v }}{{ end }}{{ end }}", "31 $v=.m.b"),
        ("{{ if eq 1 2 }}{{ end }}", ""),
    ],
)
def test_branches_not_taken(text: str, expected: str) -> None:
    run, source = run_of(text)
    execute(run, "t", Map({"Values": traced(VALUES)}))
    shown = []
    for skipped in run.skipped.values():
        assert skipped.position[0] is source
        reads = " ".join(f"{read.route}={read.origin}" for read in skipped.reads)
        shown.append(f"{skipped.position[1]} {reads}")
    assert ", ".join(shown) == expected


def test_errors_carry_their_place() -> None:
    run, _ = run_of('é\nü{{ include "x" . }}{{ define "x" }}\n{{ .Values.s.x }}{{ end }}')
    with pytest.raises(TemplateError) as raised:
        execute(run, "t", {"Values": {"s": "a"}})
    error = raised.value
    assert error.message == (
        'template: t:2:5: executing "t" at <include "x" .>: error calling include: '
        'template: t:3:10: executing "x" at <.Values.s.x>: can\'t evaluate field x in type interface {}'
    )
    assert (error.name, error.line, error.column) == ("t", 2, 5)
    with pytest.raises(FunctionError, match='template: no template "q" associated with template "gotpl"'):
        execute(run, "q", None)


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        ("{{ range 1000000000000 }}{{ end }}", Limits(steps=20_000), "the templates take more than 20,000 steps"),
        ("{{ range until 100000 }}x{{ end }}", Limits(seconds=0.0), "the templates take longer than 0 seconds"),
        ('{{ range until 100000 }}{{ "0123456789" }}{{ end }}', Limits(output_characters=1000), "the templates write more than 1,000 characters"),
        ("{{ range until 100000 }}0123456789{{ end }}", Limits(output_characters=1000), "the templates write more than 1,000 characters"),
        ('{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
         Limits(depth=50), "templates are nested more than 50 deep"),
    ],
)  # fmt: skip
def test_limits(text: str, limits: Limits, message: str) -> None:
    run, _ = run_of(text, limits)
    with cpu_below(5), pytest.raises(LimitError) as raised:
        execute(run, "t", None)
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
            "error calling include: rendering template has a nested reference name: a: unable to execute template",
        ),
        (
            '{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}',
            'template: t:1:28: executing "a" at <{{template "a" .}}>: exceeded maximum template depth (100000)',
        ),
    ],
)
def test_endless_recursion(text: str, end: str) -> None:
    run, _ = run_of(text)
    with pytest.raises(TemplateError) as raised:
        with_deep_stack(lambda: execute(run, "t", None))
    assert raised.value.message.endswith(end)


def test_deep_nesting_that_ends() -> None:
    cases = {
        '{{ define "a" }}{{ if . }}{{ include "a" (rest .) }}x{{ end }}{{ end }}{{ include "a" (until 1000) | len }}': "1000",
        "{{" + "(" * 5000 + "1" + ")" * 5000 + "}}": "1",
        "{{ if true }}" * 5000 + "x" + "{{ end }}" * 5000: "x",
        "{{ if false }}" + "{{ else if false }}" * 5000 + "{{ else }}y{{ end }}": "y",
    }
    for text, output in cases.items():
        assert with_deep_stack(lambda text=text: execute(run_of(text)[0], "t", None)) == output  # type: ignore[misc]


def test_without_a_deep_stack_nesting_is_a_limit() -> None:
    run, _ = run_of('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}')
    with pytest.raises(LimitError, match="the template is nested too deeply"):
        execute(run, "t", None)
