"""Every character of public charts' output comes from somewhere, and every line from the line that is named.

What is synthetic is the assembly's alone: `---`, `# Source: ...`, and the line ends between documents.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.origin import ValueOrigin
from scanner.helm.pieces import Pieces
from scanner.helm.render import RenderOptions, print_manifests, render
from scanner.helm.values_files import RenderValues, user_values
from scanner.template.kinds import CHANCE
from scanner.template.source import Source
from tests.helm.corpus import Case, read_cases
from tests.helm.corpus import rendered as printed

ASSEMBLY = re.compile(r"---\n# Source: [^\n]+\n|\n")
SAMPLE = 45


@pytest.fixture(scope="module")
def cases(helm_corpus: Path) -> list[Case]:
    return [case for case in read_cases(helm_corpus) if not case.exit]


def test_a_sample_is_traced_whole(cases: list[Case], helm_corpus: Path) -> None:
    counts: Counter[str] = Counter()
    for case in cases[::SAMPLE]:
        check(case, helm_corpus, counts)
    assert {kind for kind, count in counts.items() if count > 100} == {"template", "action", "values", "synthetic"}


def test_tracing_changes_no_byte_of_a_sample(cases: list[Case], helm_corpus: Path) -> None:
    for case in cases[7::SAMPLE]:
        traced, plain = (printed(helm_corpus, case, traced=traced, deterministic=True) for traced in (True, False))
        assert traced == plain, case


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_every_chart_is_traced_whole(part: int, cases: list[Case], helm_corpus: Path) -> None:
    for case in cases[part::4]:
        check(case, helm_corpus, Counter())


def check(case: Case, corpus: Path, counts: Counter[str]) -> None:
    """Asserts it of one case. `counts` says of how many lines which kind of place was named."""
    folder = corpus / "charts" / case.chart
    values = user_values(RenderValues(tuple(str(folder / name) for name in case.values)))
    skip_schema = case.name.endswith("+noschema")
    options = RenderOptions("release", "default", deterministic=True, skip_schema=skip_schema)
    output = print_manifests(render(load_chart(folder, LoadOptions()), values, options))
    pieces = Pieces(output)
    assert sum(piece[0] for piece in pieces.pieces) == len(output)
    for start, (length, position, origin) in zip(pieces.starts, pieces.pieces, strict=True):
        if position is None and origin is None:
            text = pieces.text[start : start + length]
            assert ASSEMBLY.fullmatch(text), (case, text)
        elif position is not None:
            # A string that `tpl` is given may be made up by the action, at the outer position.
            assert leads_somewhere(*position[:2]) or leads_somewhere(*position[2:]), (case, position)
        if origin is not None:
            check_origin(origin)
    check_lines(case, pieces, counts)


def leads_somewhere(source: Source, offset: int) -> bool:
    """Whether a position leads to a template file, or into a string of values."""
    while source.origin_text is not None:
        inner = Pieces(source.origin_text)
        _, position, origin = inner.pieces[inner.number(offset)]
        if origin is not None or position is None:
            return origin is not None
        source, offset = position[:2]
    return bool(source.path)


def check_origin(origin: Any) -> None:
    if origin is CHANCE:
        return
    assert isinstance(origin, ValueOrigin)
    place = origin.location()
    if origin.source.kind != "set" and Path(place.path).is_file():
        assert 0 < place.line <= line_count(place.path), origin


@functools.lru_cache(maxsize=64)
def line_count(path: str) -> int:
    return Path(path).read_bytes().count(b"\n") + 1


def check_lines(case: Case, pieces: Pieces, counts: Counter[str]) -> None:
    """What a line begins with stands literally in the line of the template that is named for it, unless an action or
    a value wrote it."""
    at = 0
    for line in pieces.text.split("\n"):
        start = at + len(line) - len(line.lstrip())
        stop = at + len(line)
        at = stop + 1
        if start == stop:
            continue
        number = pieces.number(start)
        length, position, origin = pieces.pieces[number]
        if origin is not None or position is None:
            counts["synthetic" if origin is None else "values"] += 1
            continue
        source, offset = position[:2]
        if source.text.startswith("{{", offset):
            counts["action"] += 1
            continue
        exact = pieces.offset_in(source, offset, number, start)
        written = pieces.text[start : min(pieces.starts[number] + length, stop)].rstrip()
        assert source.text.startswith(written, exact), (case, line, source.name, source.place(exact))
        counts["template"] += 1
