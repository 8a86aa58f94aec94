"""Functions on texts: the pieces that they keep, the same characters with and without tracing, and their bounds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.template.errors import FunctionError
from scanner.template.functions import casing, encodings, hashes, paths, patterns, string_lists, strings, urls
from scanner.template.kinds import Float, Items, StringList, StringMap
from scanner.template.text import (
    Piece,
    Text,
    concat,
    cut,
    cutter,
    from_origin,
    indented,
    line_pieces,
    parts,
    pieces_of,
    spliced,
)
from scanner.template.utf8 import decoded, encoded

MODULES = (strings, string_lists, casing, encodings, hashes, paths, patterns, urls)
TABLE = {function.name: function for module in MODULES for function in module.FUNCTIONS}


def call(name: str, *arguments: Any) -> Any:
    return TABLE[name].call(*arguments)


def traced(*words: tuple[str, str]) -> Text:
    """A text of words, each with its origin."""
    return Text("".join(word for word, _ in words), [(len(word), None, origin) for word, origin in words if word])


def shown(text: str) -> list[tuple[str, Any]]:
    """The pieces of a text as (characters, origin)."""
    result = []
    at = 0
    for length, _, origin in pieces_of(text):
        assert length > 0
        result.append((str(text)[at : at + length], origin))
        at += length
    assert at == len(text)
    return result


AB = traced(("one ", "A"), ("two", "B"))
LINES = traced(("x: 1\n", "A"), ("y:\n  z", "B"), (": 2\n", "C"))

PIECES: list[tuple[str, tuple[Any, ...], list[tuple[str, Any]]]] = [
    ("indent", (2, LINES), [("  x: 1\n", "A"), ("  y:\n    z", "B"), (": 2\n  ", "C")]),
    ("nindent", (2, LINES), [("\n", None), ("  x: 1\n", "A"), ("  y:\n    z", "B"), (": 2\n  ", "C")]),
    ("indent", (0, AB), [("one ", "A"), ("two", "B")]),
    ("indent", (3, traced(("a\n", "A"), ("\n", "B"))), [("   a\n", "A"), ("   \n   ", "B")]),
    ("trim", (traced((" \n", "A"), ("b ", "B")),), [("b", "B")]),
    ("trim", (traced(("  ", "A")),), []),
    ("trimAll", ("o", traced(("oa", "A"), ("bo", "B"))), [("a", "A"), ("b", "B")]),
    ("trimPrefix", ("one", AB), [(" ", "A"), ("two", "B")]),
    ("trimSuffix", ("wo", AB), [("one ", "A"), ("t", "B")]),
    ("trimSuffix", ("x", AB), [("one ", "A"), ("two", "B")]),
    ("trunc", (5, AB), [("one ", "A"), ("t", "B")]),
    ("trunc", (-4, AB), [(" ", "A"), ("two", "B")]),
    ("trunc", (2, traced(("é", "A"), ("b", "B"))), [("é", "A")]),
    ("trunc", (2, traced(("b", "A"), ("é", "B"))), [("b", "A"), ("\udcc3", "B")]),
    ("substr", (2, 5, AB), [("e ", "A"), ("t", "B")]),
    ("abbrev", (6, AB), [("one", "A"), ("...", "A")]),
    ("abbrevboth", (5, 8, traced(("0123456789", "A"), ("abcdefghij", "B"))), [("...", "A"), ("56...", "A")]),
    ("repeat", (2, AB), [("one ", "A"), ("two", "B"), ("one ", "A"), ("two", "B")]),
    ("repeat", (3, traced(("-", "A"))), [("---", "A")]),
    ("replace", ("o", "0", AB), [("0", "A"), ("ne ", "A"), ("tw", "B"), ("0", "B")]),
    ("replace", ("e t", "-", AB), [("on-", "A"), ("wo", "B")]),
    ("replace", ("o", traced(("O", "N")), "o-o"), [("O", "N"), ("-", None), ("O", "N")]),
    ("quote", (AB,), [('"', None), ("one ", "A"), ("two", "B"), ('"', None)]),
    ("quote", (traced(('a"', "A")), 1), [('"', None), ('a\\"', "A"), ('"', None), (" ", None), ('"1"', None)]),
    ("squote", (AB,), [("'", None), ("one ", "A"), ("two", "B"), ("'", None)]),
    ("cat", (AB, "x"), [("one ", "A"), ("two", "B"), (" ", None), ("x", None)]),
    ("cat", (Float(1.5, "F"), AB), [("1.5", "F"), (" ", None), ("one ", "A"), ("two", "B")]),
    ("upper", (AB,), [("ONE ", "A"), ("TWO", "B")]),
    ("title", (traced(("it", "A"), ("'s é", "B")),), [("It", "A"), ("'S É", "B")]),
    ("untitle", (traced(("Ab", "A"), (" CD", "B")),), [("ab", "A"), (" cD", "B")]),
    ("swapcase", (traced(("aB", "A"), ("c", "B")),), [("Ab", "A"), ("C", "B")]),
    ("nospace", (AB,), [("one", "A"), ("two", "B")]),
    ("initials", (AB,), [("o", "A"), ("t", "B")]),
    ("wrap", (3, AB), [("one", "A"), ("\n", "A"), ("two", "B")]),
    (
        "wrapWith",
        (2, "|", AB),
        [("on", "A"), ("|", None), ("e", "A"), ("|", "A"), ("tw", "B"), ("|", None), ("o", "B")],
    ),
    ("plural", (AB, "x", 1), [("one ", "A"), ("two", "B")]),
    ("toString", (Float(2.0, "F"),), [("2", "F")]),
    ("camelcase", (AB,), [("OneTwo", "A")]),
    ("b64enc", (AB,), [("b25lIHR3bw==", "A")]),
    ("sha1sum", (traced(("x", "B")),), [("11f6ad8ec52a2984abaafd7c3b516503785c2072", "B")]),
    ("join", (", ", StringList((from_origin("a", "A"), "b"))), [("a", "A"), (", ", None), ("b", None)]),
    ("join", ("-", Items([True, "x"], None, ["T", None])), [("true", "T"), ("-", None), ("x", None)]),
    ("regexReplaceAll", ("([a-z]+) ([a-z]+)", AB, "<$2>"), [("<", "A"), ("two", "B"), (">", "A")]),
    ("regexReplaceAll", ("n", AB, "é"), [("o", "A"), ("é", "A"), ("e ", "A"), ("two", "B")]),
    ("regexReplaceAllLiteral", ("w", traced(("é", "A"), ("wé", "B")), "$1"), [("é", "A"), ("$1", "B"), ("é", "B")]),
    ("regexFind", ("e..", AB), [("e ", "A"), ("t", "B")]),
    ("regexQuoteMeta", (traced(("a.", "A"), ("b", "B")),), [("a", "A"), ("\\", None), (".", "A"), ("b", "B")]),
    ("base", (traced(("a/b", "A"), ("c/", "B")),), [("b", "A"), ("c", "B")]),
    ("dir", (traced(("a/b", "A"), ("/c", "B")),), [("a/b", "A")]),
    ("ext", (traced(("a.b", "A"), (".c", "B")),), [(".c", "B")]),
    ("clean", (traced(("a/./", "A"), ("b", "B")),), [("a/b", "A")]),
    (
        "urlJoin",
        ({"scheme": "http", "host": from_origin("h", "H")},),
        [("http", None), (":", None), ("//", None), ("h", "H")],
    ),
]


def joined(words: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Neighbours of one origin as one."""
    result: list[tuple[str, Any]] = []
    for characters, origin in words:
        if result and result[-1][1] == origin:
            result[-1] = (result[-1][0] + characters, origin)
        else:
            result.append((characters, origin))
    return result


NAMES = """
abbrev abbrevboth adler32sum b32dec b32enc b64dec b64enc base camelcase cat clean contains dir ext hasPrefix hasSuffix
indent initials isAbs join kebabcase lower mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll
mustRegexReplaceAllLiteral mustRegexSplit nindent nospace osBase osClean osDir osExt osIsAbs plural quote regexFind
regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace sha1sum
sha256sum sha512sum snakecase sortAlpha split splitList splitn squote substr swapcase title toString toStrings trim
trimAll trimPrefix trimSuffix trimall trunc untitle upper urlJoin urlParse wrap wrapWith
""".split()


def test_names() -> None:
    assert sorted(TABLE) == sorted(NAMES)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"), PIECES, ids=lambda item: item if isinstance(item, str) else ""
)
def test_pieces(name: str, arguments: tuple[Any, ...], expected: list[tuple[str, Any]]) -> None:
    assert joined(shown(call(name, *arguments))) == joined(expected)


def test_parts_of_a_split() -> None:
    text = traced(("a,b", "A"), ("c,d", "B"))
    expected = [[("a", "A")], [("b", "A"), ("c", "B")], [("d", "B")]]
    assert [shown(part) for part in call("splitList", ",", text)] == expected
    assert [shown(part) for part in call("split", ",", text).values()] == expected
    assert shown(call("splitn", ",", 2, text)["_1"]) == [("b", "A"), ("c,d", "B")]
    assert [shown(part) for part in call("regexSplit", ",", text, -1)] == expected
    assert [shown(part) for part in call("regexFindAll", "b.", text, -1)] == [expected[1]]


def test_parts_of_a_url() -> None:
    url = traced(("https://", "S"), ("user@example.org", "H"), (":80", "P"), ("/a%20b?q", "R"))
    found = call("urlParse", url)
    assert {name: shown(value) for name, value in found.items() if value} == {
        "scheme": [("https", "S")],
        "host": [("example.org", "H"), (":80", "P")],
        "hostname": [("example.org", "H")],
        "path": [("/a b", "R")],
        "query": [("q", "R")],
        "userinfo": [("user", "H")],
    }


def test_lists_keep_their_kind() -> None:
    words = StringList(("b", "a"))
    assert call("toStrings", words) is words
    assert call("sortAlpha", words) is words
    assert words == ["a", "b"]
    assert type(call("split", ",", "a")) is StringMap


CHARACTERS = st.sampled_from("abAB12 \n\t,.-_/\"'\\:@$%éßǆΣİ日😀\u2028\ufffd\udcff\udcc3\udca9")


def normal(text: str) -> str:
    return decoded(encoded(text))


@st.composite
def texts(draw: st.DrawFn) -> Text:
    words = draw(st.lists(st.text(CHARACTERS, min_size=1, max_size=8), max_size=6))
    whole = normal("".join(words))
    pieces: list[Piece] = []
    rest = len(whole)
    for number, word in enumerate(words):
        length = min(len(word), rest)
        if length:
            pieces.append((length, None, number))
        rest -= length
    return Text(whole, pieces)


SEPARATORS = st.sampled_from(["", ",", "a", " ", "\n", "é", "ab", "-", "."])
PATTERNS = st.sampled_from(["", "a", "(a)(.)?", "[^a]+", "\\s*", "\\b", "\\B", "é|.", "(?P<n>[a-z]+)", "$", "^."])
TEMPLATES = st.sampled_from(["", "x", "$1", "<$0>", "${n}-", "é$2"])
NUMBERS = st.integers(-3, 30)


def argument(name: str, kind: str, place: int) -> st.SearchStrategy[Any]:
    if kind == "int":
        return NUMBERS
    if kind == "map":
        keys = st.sampled_from(["scheme", "host", "path", "query", "opaque", "fragment", "userinfo"])
        return st.dictionaries(keys, texts(), max_size=4)
    if kind == "any":
        value = st.one_of(texts(), st.sampled_from([None, 1, True, 1e6]))
        return st.one_of(value, st.lists(value, max_size=3))
    if "egex" in name and place == 0 and name != "regexQuoteMeta":
        return PATTERNS
    if "egexReplace" in name and place == 2:
        return TEMPLATES
    if place == 0 and name in ("trimAll", "trimPrefix", "trimSuffix", "split", "splitList", "splitn", "replace"):
        return SEPARATORS
    return texts()


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, list[Any]]:
    name = draw(st.sampled_from(sorted(TABLE)))
    arguments: list[Any] = []
    for place, kind in enumerate(TABLE[name].parameters.split()):
        count = draw(st.integers(0, 3)) if kind.startswith("...") else 1
        arguments += [draw(argument(name, kind.removeprefix("..."), place)) for _ in range(count)]
    return name, arguments


def plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def outcome(name: str, arguments: list[Any]) -> Any:
    try:
        return call(name, *arguments)
    except FunctionError as error:
        return error


def check_cover(value: Any) -> None:
    if isinstance(value, str):
        shown(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            check_cover(item)


@settings(max_examples=250, deadline=None)
@given(calls())
def test_tracing_changes_no_character(case: tuple[str, list[Any]]) -> None:
    name, arguments = case
    without = outcome(name, plain(arguments))
    result = outcome(name, arguments)
    if isinstance(without, FunctionError):
        assert str(result) == str(without)
        return
    assert plain(result) == plain(without)
    check_cover(result)


@settings(max_examples=100, deadline=None)
@given(texts(), st.data())
def test_cuts_and_edits(text: Text, data: st.DataObject) -> None:
    marks = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    pieces = [sign for sign in pieces_of(text) for _ in range(sign[0])]
    for (start, stop), part, other in zip(spans, parts(text, spans), (cut(text, *span) for span in spans), strict=True):
        assert shown(part) == shown(other) == shown(cutter(text)(start, stop))
        assert str(part) == str(text)[start:stop]
        origins = [origin for word, origin in shown(part) for _ in word]
        assert origins == [piece[2] for piece in pieces[start:stop]]
    edits = [(start, stop, data.draw(st.one_of(st.text("xy", max_size=3), texts()))) for start, stop in spans]
    result = spliced(text, edits)
    shown(result)
    assert str(result) == str(spliced(str(text), [(start, stop, str(new)) for start, stop, new in edits]))


@settings(max_examples=100, deadline=None)
@given(texts(), st.integers(0, 4))
def test_an_indent_belongs_to_what_follows_it(text: Text, pad: int) -> None:
    expected: list[Any] = []
    lines = text.split("\n")
    owners = [origin for word, origin in shown(text) for _ in word]
    at = 0
    for line in lines:
        after = owners[at : at + 1] or owners[-1:]
        expected += after * pad + owners[at : at + len(line) + 1]
        at += len(line) + 1
    assert [origin for word, origin in shown(indented(text, pad)) for _ in word] == (expected or [None] * pad)


def test_many_pieces_take_linear_time() -> None:
    text = Text("ab\n" * 30_000, [(3, None, number) for number in range(30_000)])
    assert len(pieces_of(call("nindent", 4, text))) == 30_001
    assert len(call("splitList", "\n", text)) == 30_001
    assert len(pieces_of(call("replace", "b", "xy", text))) == 30_000
    assert len(pieces_of(call("trimSuffix", "\n", text))) == 30_000
    assert len(pieces_of(concat([text, text]))) == 60_000


def test_pieces_of_literal_text() -> None:
    assert line_pieces("a\n\nb", "S", 7) == [(2, ("S", 7), None), (1, ("S", 9), None), (1, ("S", 10), None)]
    assert line_pieces("", "S", 7) == []


LARGE = "x" * 1_000_000
TOO_LONG = "the result is longer than 10,000,000 characters, which no setting changes"
TOO_MANY = "the result has more than 1,000,000 items, which no setting changes"


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("repeat", (10**9, "a"), TOO_LONG),
        ("indent", (10**9, ""), TOO_LONG),
        ("nindent", (100, "\n" * 1_000_000), TOO_LONG),
        ("replace", ("x", LARGE, LARGE), TOO_LONG),
        ("replace", ("", LARGE, LARGE), TOO_LONG),
        ("join", (LARGE, StringList(["a"] * 100)), TOO_LONG),
        ("cat", (LARGE,) * 51, TOO_LONG),
        ("quote", (LARGE,) * 51, TOO_LONG),
        ("wrapWith", (1, LARGE, "y" * 3000), TOO_LONG),
        ("wrap", (1, "y " * 1_100_000), TOO_MANY),
        ("split", ("", "y" * 1_100_000), TOO_MANY),
        ("splitList", (",", "," * 2_000_000), TOO_MANY),
        ("regexReplaceAll", ("x{1000}", LARGE, "$0" * 51), TOO_LONG),
        ("regexFind", ("(?:a{1000}|b{1000}){1}" * 40, LARGE), "the regular expression and its text are too large"),
    ],
)
def test_bounds(name: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(FunctionError) as error:
        call(name, *arguments)
    assert str(error.value) == message


def test_expressions_take_linear_time() -> None:
    assert call("regexMatch", "(a*)*b", "a" * 100_000) is False
    assert call("regexMatch", "(x+x+)+y", LARGE) is False
