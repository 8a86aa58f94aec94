"""The head of a large document is what it is when the document is read whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from scanner.helm import heads
from scanner.helm.head_skim import head_of
from scanner.helm.yaml_errors import YamlError

HEAD = "apiVersion: v1\nkind: Thing\nmetadata:\n  name: a\n  annotations:\n    b: c\n"


def test_only_the_head_is_left() -> None:
    assert head_of(HEAD + "spec:\n  a: [1, 2]\n  b: |\n    text\nstatus: {}\n") == HEAD
    assert head_of("spec:\n- a\n- b: 1\n" + HEAD) == HEAD


@pytest.mark.parametrize(
    "rest",
    [
        "spec:\n  a: b: c\n",
        "spec:\n  a: [1\n",
        "spec: *x\n",
        "spec: &x a\nstatus: *x\n",
        "spec:\n  a: [b,\n    c: d, *x ]\n",
        "spec:\n  a: [b,\n  *x ]\n",
        'spec:\n  a: "b\n    c: d\\/e"\n',
        "spec:\n  a:\n    - ~: 1\n",
        "spec:\n  {a: b}: c\n",
        "spec:\n  a: [{: b}]\n",
        "spec:\n  a: {{ b }}\n",
        "spec:\n  a: {{b}}-c\n",
        "spec:\n  - a: [[b]: c]\n",
        "spec:\n  a: {b: c, [d]: e}\n",
        "spec:\n  a: {b: c,\n    [d,\n    e]: f}\n",
        "spec:\n  a: {null: b}\n",
        "spec:\n  a: {b, ~}\n",
        "spec:\n  a: [? null : b]\n",
        "spec:\n  a: [?]\n",
        "spec:\n  a: [b,*x]\n",
        "spec:\n  a: {b: c,!!int d: e}\n",
        "spec:\n  a: [!!int 'b']\n",
        'spec:\n  a: {"b":*x}\n',
        'spec:\n  a: {"b": [{"c": "\\/"}]}\n',
        'spec:\n  a: {"b": [{"c": 1}], d: *x}\n',
        "spec:\n  - a: |\n      [x]: y\n    b: {~: c}\n",
        "spec:\n  a: text, !has(x)\n  b:\n    a: text, !has(x)\n  ~: c\n",
        "spec:\n  - *x\n",
        "spec: !!binary x\n",
        "spec:\n  a: .inf\n",
        "spec:\n  ~: 1\n",
        "spec:\n  : 1\n",
        "spec:\n  [a]: b\n",
        "spec:\n  9223372036854775808: b\n",
        'spec: "a\\/b"\n',
        "kind: Other\n",
        "Kind: Other\n",
        "---\na: b\n",
        "spec:\n\ta: b\n",
        "- a\n",
        "spec\n",
        "spec: a\nmore text\n",
        '"quoted": a\n',
        "spec: \udcff\n",
    ],
)
def test_what_is_unsure_is_read_whole(rest: str) -> None:
    assert head_of(HEAD + rest) is None


@pytest.mark.parametrize(
    "rest",
    [
        "spec: &x {a: 1}\n",
        "spec:\n  ? a\n  : b\n",
        "spec:\n  <<: {a: 1}\n",
        "spec:\n  a: text, !has(x), **b\n",
        "spec:\n  a: |\n    [x]: y\n    ~: z\n\n    : {\n  b: c\n",
        'spec:\n  a: "text\n    : and !b, *c {"\n',
        "spec:\n  a: 'x\\/y'\n",
        "spec:\n  a: [b,\n    {c: d}]\n  e: .infinite\n",
        'spec:\n  a: {"b": [{"c": null}, {"d": "]: *x, !y, {~: z}"}]}\n',
        'spec: {"a": [{"<<": 1}],\n  "b": [1.5, [true]]}\n',
        "spec:\n  - a: |\n      [x]: y\n    b: {c: d}\n",
        "spec:\n  a: |-\n    {~: x}\n  b: >+\n    {[x]: y}\n",
        "spec:\n  a: text, !has(x)\n  b:\n    a: text, !has(x)\n",
        "spec:\n  a: [[b, null], {c: [~], d: {e: f}}, text, 'x']\n",
        "spec:\n  a:\n  - <<: {b: c}\n    d: *-is-text\n".replace("*-", "x*-"),
    ],
)
def test_what_reads_well_by_itself_is_left_out(rest: str) -> None:
    assert head_of(HEAD + rest) == HEAD
    assert head_of(rest + HEAD) == HEAD


LINES = r"""a: b
key: value, !has(x)
d: |
d: >-
text, ** more
- item
- a: b
- - c: d
x: [1, 2]
x: [1,
2, *y]
y: {a: b, c: {d: e}}
y: {a: b,
c: !d e}
"q": "text
more \/ text
end"
q: 'it''s \/
on'
? k
: v
~: n
null: n
b: &a c
b: *a
- *a
b: !!int x
b: !!str 3
<<: *a
<<: {a: 1}
.inf: x
x: .inf
[a]: b
[a
]: b
99999999999999999999: x
9223372036854775808
# comment, !x
it: a ',:' b
it: [a ,: b]
it: {: a}
it: {{ a }}
it: {a: b, [c]: d}
it: [[a, {b: c}], ~]
it: {null: a}
it: ["a", *a]
it: {"a":*a}
it: [a,!!int b]
a b: [x, !y
z]""".split("\n")


@pytest.mark.parametrize("seed", range(3))
def test_random_documents(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = random.Random(seed)
    skimmed = 0
    for _ in range(700):
        lines, indent = [choose.choice(["spec:", "spec:", "spec: |", "spec: ["])], 2
        for _ in range(choose.randint(1, 5)):
            indent = max(0, indent + choose.choice((-2, 0, 0, 0, 1, 2)))
            lines.append(" " * indent + choose.choice(LINES))
        document = HEAD + "\n".join(lines) + choose.choice(["\n", "\nstatus: {}\n", "]\n", "\n'"])
        skimmed += head_of(document) is not None
        small, whole = heads_of(document, monkeypatch)
        assert small == whole, document
    assert skimmed > 30


def heads_of(document: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The head, or the error, with and without skimming."""
    found: list[Any] = []
    for large in (0, 1 << 40):
        monkeypatch.setattr(heads, "_LARGE", large)
        try:
            found.append(heads.read_head(document))
        except YamlError as error:
            found.append((error.message, error.line, error.column))
    return found


@pytest.mark.parametrize("part", range(2))
def test_documents_of_public_charts(part: int, helm_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skimmed = compared = 0
    for golden in sorted((helm_corpus / "golden").glob("*crds*.yaml"))[part::2]:
        for document in golden.read_text(encoding="utf-8", errors="surrogateescape").split("\n---\n")[:40]:
            compared += 1
            skimmed += head_of(document) is not None
            small, whole = heads_of(document, monkeypatch)
            assert small == whole
    assert compared > 20
    assert skimmed > compared * 0.85
