"""Tokens of single actions, and Go's messages for what is none."""

from __future__ import annotations

import pytest

from scanner.template.lexer import lex_action


def lexed(action: str) -> str:
    """The kinds and texts of an action's tokens, without its close token."""
    tokens, end = lex_action(action, 2)
    assert tokens[-1][0] == "close"
    assert end == len(action)
    for _, offset, text, is_apart in tokens:
        assert action.startswith(text, offset)
        assert is_apart == action[offset - 1].isspace() or action[offset - 1] == "-"
    return " ".join("_ " * is_apart + f"{kind}:{text}" for kind, _, text, is_apart in tokens[:-1])


@pytest.mark.parametrize(
    ("action", "tokens"),
    [
        ("{{}}", ""),
        ("{{ -}}", ""),
        ("{{\n-}}", ""),
        ("{{.}}", "dot:."),
        ("{{.a.b}}", "field:.a field:.b"),
        ("{{ .a }}", "_ field:.a"),
        ("{{ .a -}}", "_ field:.a"),
        ("{{ .a  -}}", "_ field:.a"),
        ("{{$}}", "variable:$"),
        ("{{$x.y}}", "variable:$x field:.y"),
        ("{{$x:=1}}", "variable:$x declare::= number:1"),
        ("{{$x =1}}", "variable:$x _ assign:= number:1"),
        ("{{f|g}}", "word:f pipe:| word:g"),
        ("{{(f).x}}", "left:( word:f right:) field:.x"),
        ("{{if true}}", "keyword:if _ bool:true"),
        ("{{nil}}", "nil:nil"),
        ("{{iffy}}", "word:iffy"),
        ("{{é_1}}", "word:é_1"),
        ("{{.日本}}", "field:.日本"),
        ('{{"a}}\\"b"}}', 'string:"a}}\\"b"'),
        ("{{`a}}\n`}}", "raw:`a}}\n`"),
        ("{{'}'}}", "character:'}'"),
        (
            "{{1 -2 +.5e-3 0x1p4 1_000 5.i}}",
            "number:1 _ number:-2 _ number:+.5e-3 _ number:0x1p4 _ number:1_000 _ number:5.i",
        ),
        ("{{1+2i}}", "complex:1+2i"),
        ("{{$a,$b}}", "variable:$a char:, variable:$b"),
        ("{{a }}", "word:a"),
        ("{{3-}}", None),
        ("{{- 3}}", "number:- _ number:3"),
    ],
)
def test_tokens(action: str, tokens: str | None) -> None:
    if tokens is None:
        assert lex_action(action, 2)[0][-1][0] == "error"
    else:
        assert lexed(action) == tokens


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{{", "unclosed action"),
        ("{{ a", "unclosed action"),
        ("{{(}}", "unclosed left paren"),
        ("{{)}}", "unexpected right paren"),
        ('{{"a\n"}}', "unterminated quoted string"),
        ('{{"a', "unterminated quoted string"),
        ('{{"a\\', "unterminated quoted string"),
        ("{{`a", "unterminated raw quoted string"),
        ("{{'a\n'}}", "unterminated character constant"),
        ("{{:}}", "expected :="),
        ("{{a-b}}", "bad character U+002D '-'"),
        ("{{.a-b}}", "bad character U+002D '-'"),
        ("{{$a$b}}", "bad character U+0024 '$'"),
        ("{{a²}}", "bad character U+00B2 '²'"),
        ("{{²}}", "unrecognized character in action: U+00B2 '²'"),
        ("{{\x01}}", "unrecognized character in action: U+0001"),
        ("{{ “a” }}", "unrecognized character in action: U+201C '“'"),
        ("{{1a}}", 'bad number syntax: "1a"'),
        ("{{0xg}}", 'bad number syntax: "0xg"'),
        ("{{1+2}}", 'bad number syntax: "1+2"'),
        ("{{1e+x}}", 'bad number syntax: "1e+x"'),
        ("{{.1x}}", 'bad number syntax: ".1x"'),
    ],
)
def test_errors(action: str, message: str) -> None:
    kind, _, text, _ = lex_action(action, 2)[0][-1]
    assert (kind, text) == ("error", message)
