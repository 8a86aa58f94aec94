"""Public charts: each one comes out as Helm renders it, or fails with Helm's message."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.helm.corpus import Case, compared, read_cases, rendered

OTHERWISE = {
    ("wiremind+wiremind-helm-charts/charts/chartreuse", "default"): "prints the time of the rendering, and has no mask",
}
"""The cases that cannot come out as they did for Helm, and why."""

SAMPLE = 24


@pytest.fixture(scope="module")
def cases(helm_corpus: Path) -> list[Case]:
    return read_cases(helm_corpus)


def test_corpus_is_whole(cases: list[Case]) -> None:
    """A case that fails for a remote schema is as its twin without schemas: 5 of 32 render."""
    causes = Counter(case.cause for case in cases)
    assert (len(cases), causes) == (992, {"": 906, "chart": 76, "dependencies": 5, "library": 5})


def test_a_sample_renders_as_in_helm(cases: list[Case], helm_corpus: Path) -> None:
    different = differences([case for case in cases if not case.exit][::SAMPLE], helm_corpus)
    assert different == {}


def test_some_of_what_fails_fails_with_the_message_of_helm(cases: list[Case], helm_corpus: Path) -> None:
    assert differences([case for case in cases if case.exit][::3], helm_corpus) == {}


@pytest.mark.long
def test_what_fails_fails_with_the_message_of_helm(cases: list[Case], helm_corpus: Path) -> None:
    assert differences([case for case in cases if case.exit], helm_corpus) == {}


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_every_chart_renders_as_in_helm(part: int, cases: list[Case], helm_corpus: Path) -> None:
    """In four parts, for tests that run side by side."""
    different = differences([case for case in cases if not case.exit][part::4], helm_corpus)
    assert different.keys() - {f"{chart} {name}" for chart, name in OTHERWISE} == set(), different


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_tracing_changes_no_byte(part: int, cases: list[Case], helm_corpus: Path) -> None:
    different = []
    for case in cases[part::4]:
        traced, plain = (rendered(helm_corpus, case, traced=traced, deterministic=True) for traced in (True, False))
        if traced != plain:
            different.append(f"{case.chart} {case.name}")
    assert different == []


def differences(cases: list[Case], corpus: Path) -> dict[str, str]:
    """The cases that differ, each with how."""
    found = {}
    for case in cases:
        difference = compared(corpus, case, rendered(corpus, case))
        if difference:
            found[f"{case.chart} {case.name}"] = difference
    return found
