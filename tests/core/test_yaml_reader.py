"""Documents: values, routes to spans, comments, and what is refused with which words at which line."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.core.document import Comment
from scanner.core.errors import SourceError
from scanner.core.location import Span
from scanner.core.route import Route
from scanner.core.scalars import COMPOSE, KUBERNETES, Scalars
from scanner.core.yaml_reader import MAX_BYTES, MAX_DEPTH, iter_yaml, read_yaml

SAMPLE = """\
# top
base: &base {image: "nginx:1.25", yes: no}
services:
  web:  # trailing
    <<: *base
    ports:
      - "80:80"
      - target: 81   # inner
        mode: host
    command: |
      # not a comment
      run
    'größe': 0o17
"""


def sample() -> list[str]:
    return SAMPLE.splitlines()


def test_values() -> None:
    (document,) = read_yaml(SAMPLE, "f.yaml", COMPOSE)
    assert document.value == {
        "base": {"image": "nginx:1.25", "yes": "no"},
        "services": {
            "web": {
                "image": "nginx:1.25",
                "yes": "no",
                "ports": ["80:80", {"target": 81, "mode": "host"}],
                "command": "# not a comment\nrun\n",
                "größe": 15,
            }
        },
    }


WEB: Route = ("services", "web")


@pytest.mark.parametrize(
    ("route", "span"),
    [
        (("base",), Span(2, 7, 2, 43)),  # the anchor belongs to the value
        (("base", "image"), Span(2, 21, 2, 33)),
        ((*WEB, "image"), Span(2, 21, 2, 33)),
        ((*WEB, "ports"), Span(7, 7, 9, 19)),
        ((*WEB, "ports", 0), Span(7, 9, 7, 16)),
        ((*WEB, "ports", 1), Span(8, 9, 9, 19)),
        ((*WEB, "ports", 1, "mode"), Span(9, 15, 9, 19)),
        ((*WEB, "größe"), Span(13, 14, 13, 18)),
        ((*WEB, "nothing"), None),
        ((*WEB, "ports", 2), None),
        ((*WEB, "image", "deeper"), None),
    ],
)
def test_spans(route: Route, span: Span | None) -> None:
    assert read_yaml(SAMPLE, "f.yaml", COMPOSE)[0].span(route) == span


@pytest.mark.parametrize(
    ("route", "expected", "exists"),
    [
        ((*WEB, "image"), (2, 21, 2, 33), True),
        ((*WEB, "ports"), (6, 5, 6, 10), True),  # a collection: its key
        ((*WEB, "ports", 1), (8, 9, 8, 19), True),  # a list item: its first entry
        ((*WEB, "command"), (10, 5, 10, 12), True),  # a block scalar: its key
        ((*WEB, "healthcheck"), (4, 3, 4, 6), False),  # absent: the parent's key
        ((*WEB, "ports", 1, "published"), (8, 9, 8, 19), False),
        (("networks",), (2, 1, 2, 5), False),  # absent at the top: the first key
        ((), (2, 1, 2, 5), True),
    ],
)
def test_the_tightest_place(route: Route, expected: tuple[int, ...], exists: bool) -> None:
    place = read_yaml(SAMPLE, "f.yaml", COMPOSE)[0].locate(route)
    assert (place.location, place.exists) == (("f.yaml", *expected), exists)


def test_key_spans() -> None:
    (document,) = read_yaml(SAMPLE, "f.yaml", COMPOSE)
    assert document.key_span((*WEB, "größe")) == Span(13, 5, 13, 12)
    assert document.key_span((*WEB, "ports", 0)) is None
    assert document.key_span(()) is None


def test_comments_are_told_from_text() -> None:
    (document,) = read_yaml(SAMPLE, "f.yaml", COMPOSE)
    assert document.comments == (
        Comment(1, 1, "# top", True),
        Comment(4, 9, "# trailing", False),
        Comment(8, 22, "# inner", False),
    )


def test_comments_inside_quoted_and_plain_text() -> None:
    text = "a: 'x # y'\nb: x#y # z\nc: \"\n  # no\n  \"\n"
    assert read_yaml(text, "f", COMPOSE)[0].comments == (Comment(2, 8, "# z", False),)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
        lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"],
)
def test_encodings_and_line_ends_change_nothing(encode, newline: str) -> None:  # type: ignore[no-untyped-def]
    (document,) = read_yaml(encode(SAMPLE.replace("\n", newline)), "f.yaml", COMPOSE)
    (plain,) = read_yaml(SAMPLE, "f.yaml", COMPOSE)
    assert document.value == plain.value
    assert document.span((*WEB, "größe")) == Span(13, 14, 13, 18)
    assert document.comments == plain.comments


def test_documents_of_one_file() -> None:
    documents = read_yaml("# a\na: 1\n---\n# only a comment\n---\nb: 2 # b\n...\n---\nnull\n", "f", KUBERNETES)
    assert [(document.index, document.value, document.span(())) for document in documents] == [
        (0, {"a": 1}, Span(2, 1, 2, 5)),
        (2, {"b": 2}, Span(6, 1, 6, 5)),
        (3, None, Span(9, 1, 9, 5)),
    ]
    assert [document.comments for document in documents] == [
        (Comment(1, 1, "# a", True),),
        # an empty document is left out, and its comments belong to the next
        (Comment(4, 1, "# only a comment", True), Comment(6, 6, "# b", False)),
        (),
    ]


def test_documents_before_a_broken_one_are_had() -> None:
    documents = iter_yaml("a: 1\n---\nb: 2\n---\n}", "f", KUBERNETES)
    assert next(documents).value == {"a": 1}
    assert next(documents).value == {"b": 2}
    with pytest.raises(SourceError) as caught:
        next(documents)
    assert caught.value.location == ("f", 5, 1, 0, 0)


MERGES = [
    ("a: &a {x: 1, y: 1}\nb: {y: 2, <<: *a}", {"y": 2, "x": 1}),
    ("a: &a {x: 1}\nc: &c {x: 2, z: 3}\nb: {<<: [*a, *c]}", {"x": 1, "z": 3}),
    ("b: {'<<': 1}", {"<<": 1}),
    ("b: {<<: {x: 1}, x: 2}", {"x": 2}),
]


@pytest.mark.parametrize(("text", "expected"), MERGES)
def test_merge_keys(text: str, expected: dict[str, int]) -> None:
    assert read_yaml(text, "f", COMPOSE)[0].value["b"] == expected


def test_a_mapping_of_nothing_but_a_merge_key_has_positions() -> None:
    (document,) = read_yaml("a: &a {x: 1}\nb:\n  <<: *a\n", "f", COMPOSE)
    assert document.value["b"] == {"x": 1}
    assert document.span(("b", "x")) == Span(1, 11, 1, 12)
    assert document.key_span(("b", "x")) == Span(1, 8, 1, 9)


def test_an_anchor_on_a_key_can_be_used() -> None:
    assert read_yaml("&k key: 1\nother: *k", "f", COMPOSE)[0].value == {"key": 1, "other": "key"}


def test_custom_tags_are_kept() -> None:
    (document,) = read_yaml("a: !reset null\nb: !override [1]\nc: {d: !x 5}", "f", COMPOSE)
    assert document.value == {"a": None, "b": [1], "c": {"d": 5}}
    assert [document.tag(route) for route in (("a",), ("b",), ("c", "d"), ("c",))] == ["!reset", "!override", "!x", ""]


def test_keys_that_are_no_strings_are_named() -> None:
    (document,) = read_yaml("8080: a\n'80': b\ntrue: c\n", "f", COMPOSE)
    assert document.value == {"8080": "a", "80": "b", "true": "c"}
    assert document.non_string_keys == (("8080", Span(1, 1, 1, 5)), ("true", Span(3, 1, 3, 5)))


def chain(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


REFUSED = [
    ("a: [1", 2, "not valid YAML: did not find expected ',' or ']' while parsing a flow sequence"),
    ("a: 1\nb: 2\na: 3", 3, "the key 'a' stands here a second time (first in line 1)"),
    ("a: &a [*a]", 1, "the anchor 'a' contains itself"),
    ("a: &a {b: {c: *a}}", 1, "the anchor 'a' contains itself"),
    ("x: 1\ny: *q", 2, "no anchor stands before this alias"),
    ("a:\n\tb: 1", 2, "not valid YAML: found character that cannot start any token while scanning for the next token"),
    ("a: 1\nb: \x01", 2, "not valid YAML: control characters are not allowed"),
    ("a: 1\nb: \0", 2, "binary data, not YAML"),
    ("[" * 1000, 1, f"nested more than {MAX_DEPTH} levels deep"),
    ("- " * 1000 + "x", 1, f"nested more than {MAX_DEPTH} levels deep"),
    ("? [a]\n: 1", 1, "a key must be a text, not a collection"),
    ("a: !!int x", 1, "this is no int, although its tag says so"),
    ("<<: 5", 1, "a merge key (<<) needs a mapping or a list of mappings"),
    (chain(9), 6, "aliases expand to more than 1,000,000 values"),
]


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[message[:40] for _, _, message in REFUSED])
def test_refusals_name_the_line(text: str, line: int, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_yaml(text.encode(), "f.yaml", COMPOSE)
    assert caught.value.message == message
    assert caught.value.location is not None
    assert (caught.value.location.path, caught.value.location.line) == ("f.yaml", line)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(SourceError) as caught:
        read_yaml(b"a: 1\nb: \xff", "f.yaml", COMPOSE)
    assert str(caught.value) == "f.yaml:2: not UTF-8 text (byte 0xff)"


def test_a_file_over_the_limit() -> None:
    with pytest.raises(SourceError, match=r"f: the file has 10,000,001 bytes; the limit is 10,000,000"):
        read_yaml(b"#" * (MAX_BYTES + 1), "f", COMPOSE)


def test_the_last_of_two_keys_counts_where_the_format_says_so() -> None:
    (document,) = read_yaml("a: 1\na: 2", "f", KUBERNETES, duplicate_keys="last")
    assert document.value == {"a": 2}
    assert document.span(("a",)) == Span(2, 4, 2, 5)


SCALARS = [
    (COMPOSE, "yes", "yes"),
    (KUBERNETES, "yes", True),
    (KUBERNETES, "off", False),
    (COMPOSE, "22:22", "22:22"),
    (COMPOSE, "~", None),
    (COMPOSE, "", None),
    (COMPOSE, "0x1F", 31),
    (COMPOSE, "0b101", 5),
    (COMPOSE, "017", 15),
    (COMPOSE, "08", 8.0),
    (COMPOSE, "1_000", 1000),
    (COMPOSE, "-12", -12),
    (COMPOSE, "1.", 1.0),
    (COMPOSE, ".5", 0.5),
    (COMPOSE, "1e3", 1000.0),
    (COMPOSE, "-.inf", -math.inf),
    (COMPOSE, "18446744073709551615", 2**64 - 1),
    (COMPOSE, "18446744073709551616", 18446744073709551616.0),
    (COMPOSE, "1e999", "1e999"),
    (COMPOSE, "1.2.3", "1.2.3"),
    (COMPOSE, "9" * 5000, "9" * 5000),
    (COMPOSE, "2021-01-01x", "2021-01-01x"),
]


@pytest.mark.parametrize(("scalars", "text", "value"), SCALARS, ids=[f"{s.name}-{t[:20]}" for s, t, _ in SCALARS])
def test_plain_scalars(scalars: Scalars, text: str, value: object) -> None:
    read = read_yaml(f"a: {text}", "f", scalars)[0].value["a"]
    assert (type(read), read) == (type(value), value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8"), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_json_is_read_as_json_reads_it(value: object) -> None:
    import json

    text = json.dumps([value], ensure_ascii=True)
    documents = read_yaml(text, "f", KUBERNETES)
    assert [document.value for document in documents] == [[value]]


def test_surrogate_pairs_of_json() -> None:
    text = '{"a": "x\\ud83d\\ude00y", "b": "\\\\ud83d\\\\ude00", "c": "\\\\\\ud83d\\ude00"}'
    assert read_yaml(text, "f", KUBERNETES)[0].value == {
        "a": "x\U0001f600y",
        "b": "\\ud83d\\ude00",
        "c": "\\\U0001f600",
    }
