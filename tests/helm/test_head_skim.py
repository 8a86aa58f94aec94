"""The head of a large document is what it is when the document is read whole."""

from __future__ import annotations

from pathlib import Path

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
        "spec: &x {a: 1}\n",
        "spec: *x\n",
        "spec:\n  - *x\n",
        "spec: !!binary x\n",
        "spec:\n  a: .inf\n",
        "spec:\n  ~: 1\n",
        "spec:\n  : 1\n",
        "spec:\n  ? a\n  : b\n",
        "spec:\n  [a]: b\n",
        "spec:\n  9223372036854775808: b\n",
        'spec: "a\\/b"\n',
        "spec:\n  <<: {a: 1}\n",
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


@pytest.mark.parametrize("part", range(2))
def test_documents_of_public_charts(part: int, helm_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skimmed = compared = 0
    for golden in sorted((helm_corpus / "golden").glob("*crds*.yaml"))[part::2]:
        for document in golden.read_text(encoding="utf-8", errors="surrogateescape").split("\n---\n")[:40]:
            compared += 1
            skimmed += head_of(document) is not None
            found = []
            for large in (0, 1 << 40):
                monkeypatch.setattr(heads, "_LARGE", large)
                try:
                    found.append(heads.read_head(document))
                except YamlError as error:
                    found.append((error.message, error.line, error.column))
            assert found[0] == found[1]
    assert compared > 20
    assert skimmed > compared / 2
