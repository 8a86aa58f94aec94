"""Trees, how their nodes print themselves, and where errors are said to be."""

from __future__ import annotations

import pytest

from scanner.template.errors import TemplateError
from scanner.template.functions import function_table
from scanner.template.nodes import Block, Statement
from scanner.template.parser import Parsed, parse
from scanner.template.run import Run, execute
from scanner.template.source import Source
from scanner.template.templates import Templates


def parsed(text: str) -> Parsed:
    return parse("t", text, {*function_table(), "and", "or", "call"}, {}, 1_000_000)


def shown(block: Block) -> str:
    """A block with what each action is and where it begins."""
    parts = []
    for node in block.nodes:
        if not isinstance(node, Statement):
            parts.append(f"{node[1]}:{node[0]!r}")
            continue
        text = f"{node.base}:{node.action.kind}"
        if node.action.name:
            text += f" {node.action.name!r}"
        if node.action.pipeline:
            text += f" <{node.action.pipeline}>"
        if node.slots:
            text += f" {list(node.slots)}"
        if node.body:
            text += f" ({shown(node.body)})"
        if node.otherwise:
            text += f" else ({shown(node.otherwise)})"
        parts.append(text)
    return ", ".join(parts)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", ""),
        ("a", "0:'a'"),
        ("a {{- .x -}}\n b", "0:'a', 2:pipeline <.x>, 14:'b'"),
        ("{{/* {{ x }} */}}a", "17:'a'"),
        ("a{{/**/}}b", "0:'a', 9:'b'"),
        ("{{ f := 1 }}", None),
        ("{{$x:=1}}{{$x}}", "0:pipeline <$x := 1> [1], 9:pipeline <$x> [1]"),
        (
            "{{$.a}}{{$x := .b}}{{$x = $x.c}}",
            "0:pipeline <$.a> [0], 7:pipeline <$x := .b> [1], 19:pipeline <$x = $x.c> [1, 1]",
        ),
        (
            "{{if .a}}1{{else if .b}}2{{else}}3{{end}}4",
            "0:if <.a> (9:'1') else (10:else if <.b> (24:'2') else (33:'3')), 41:'4'",
        ),
        (
            "{{range $i, $v := .l}}{{$i}}{{else}}x{{end}}",
            "0:range <$i, $v := .l> [1, 2] (22:pipeline <$i> [1]) else (36:'x')",
        ),
        ("{{with .a}}{{.}}{{end}}", "0:with <.a> (11:pipeline <.>)"),
        ('{{template "x" .a.b}}', "0:template 'x' <.a.b>"),
        ('{{ print  "a" ( dict "b"  .c.d ) | indent 2 }}', '0:pipeline <print "a" (dict "b" .c.d) | indent 2>'),
        ("{{ (index . 0x1F).a.b `raw` 'c' nil true }}", "0:pipeline <(index . 0x1F).a.b `raw` 'c' nil true>"),
        ("{{range .l}}{{break}}{{continue}}{{end}}", "0:range <.l> (12:break, 21:continue)"),
    ],
)
def test_trees(text: str, tree: str | None) -> None:
    if tree is None:
        with pytest.raises(TemplateError):
            parsed(text)
    else:
        assert shown(parsed(text).tree.block) == tree


def test_definitions() -> None:
    found = parsed('a{{define "x"}}b{{end}}{{block "y" .c}}d{{end}}')
    assert shown(found.tree.block) == "0:'a', 23:block 'y' <.c>"
    assert {name: shown(tree.block) for name, tree in found.definitions.items()} == {"x": "15:'b'", "y": "39:'d'"}
    assert not found.definitions["x"].is_empty()
    assert parsed(' {{/* c */}}\n{{define "x"}}b{{end}}').tree.is_empty()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n{{ f }}", 't:2: function "f" not defined'),
        ("{{ $x\n\n| quote }}", 't:3: undefined variable "$x"'),
        ("{{ if .a }}\n\n", "t:3: unexpected EOF"),
        ("\n{{ end }}", "t:2: unexpected {{end}}"),
        ("{{ if .a\n\n", "t:3: unclosed action started at t:1"),
        ('{{ if .a\n\n "x', "t:3: unterminated quoted string in action started at t:1"),
        ("{{if .a}}\n{{/* b", "t:2: unclosed comment in action started at t:1"),
        ("{{if .a}}{{.}}\n{{/* b", "t:2: unclosed comment"),
        ("{{ .a\n.b .c\n| 1 }}", "t:3: non executable command in pipeline stage 2"),
        ('{{ "a\nb" }}', "t:1: unterminated quoted string"),
        ('{{ quote "a very long string" "b" ) }}', "t:1: unexpected right paren"),
        ('{{ "a very long string"foo }}', 't:1: unexpected "foo" in operand'),
        ('{{ foo"a very long string" }}', "t:1: bad character U+0022 '\"'"),
        ('{{ .a"a very long string" }}', "t:1: bad character U+0022 '\"'"),
        ('{{ (.a)"a very long string" }}', 't:1: unexpected "\\"a very lo"... in operand'),
        ("{{ template foo }}", 't:1: unexpected "foo" in template clause'),
        ("{{ if .a }}{{ else with .b }}", "t:1: unexpected <with> in input"),
        (
            '{{ define "x" }}a{{ end }}\n{{ define "x" }}b{{ end }}',
            't:2: template: multiple definition of template "x"',
        ),
        ("{{" + "(" * 10001 + "1" + ")" * 10001 + "}}", "t:1: max expression depth exceeded"),
    ],
)
def test_errors(text: str, message: str) -> None:
    import sys

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        with pytest.raises(TemplateError) as raised:
            parsed(text)
    finally:
        sys.setrecursionlimit(limit)
    assert raised.value.message == f"template: {message}"
    assert (raised.value.name, raised.value.line) == ("t", int(message.split(":")[1]))


def test_texts_that_are_parsed_once_name_their_own_files() -> None:
    templates = Templates(function_table())
    text = 'x{{define "x"}}{{trunc 1 .}}{{end}}'
    one, two = Source("one", text), Source("two", "\n" + text.replace('"x"', '"y"'))
    three = Source("three", text)
    for source in (one, two, three):
        templates.parse(source)
    assert templates.names() == ["one", "three", "two", "x", "y"]
    for name, message in (
        ("x", 'template: three:1:25: executing "x" at <.>: wrong type for value; expected string; got int'),
        ("y", 'template: two:2:25: executing "y" at <.>: wrong type for value; expected string; got int'),
    ):
        with pytest.raises(TemplateError) as raised:
            execute(Run(templates), name, 1)
        assert raised.value.message == message


def test_an_empty_template_replaces_none() -> None:
    templates = Templates(function_table())
    for name, text in (("a", '{{define "x"}}1{{end}}'), ("b", '{{define "x"}} {{/* */}}{{end}}'), ("a", " ")):
        templates.parse(Source(name, text))
    assert execute(Run(templates), "x", None) == "1"
    assert execute(Run(templates), "a", None) == ""
    copy = templates.clone()
    copy.parse(Source("c", '{{define "x"}}2{{end}}'))
    assert execute(Run(copy), "x", None) == "2"
    assert execute(Run(templates), "x", None) == "1"
    assert "c" not in templates


@pytest.mark.parametrize(
    ("action", "output"),
    [
        (b'"caf\xe9"', "caf\ufffd"),
        (b'"\xef\xbba\\t\\xe9"', "\ufffd\ufffda\t\udce9"),
        (b"`caf\xe9`", "caf\udce9"),
        (b"'\xe9'", "65533"),
    ],
)
def test_bytes_that_are_no_utf_8_in_constants(action: bytes, output: str) -> None:
    """Go replaces them, except in raw strings; an escape writes the byte that it names."""
    templates = Templates(function_table())
    templates.parse(Source("t", (b"{{ " + action + b" }}").decode("utf-8", "surrogateescape")))
    assert execute(Run(templates), "t", None) == output
