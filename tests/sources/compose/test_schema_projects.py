"""The schema held to Compose's: odd values of every attribute are resolved alike, or refused by both; its names exist."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scanner.sources.compose import canonical, merge, paths, typed, unique
from scanner.sources.compose.schema import PROJECT
from scanner.sources.compose.spec import Spec
from tests.sources.compose.comparison import Outcome, difference, ours, theirs, write_project
from tests.sources.compose.reference import program
from tests.sources.compose.schema_projects import project


def compare(seeds: range, folder: Path) -> tuple[dict[int, str], int]:
    """The differences by seed, and how many projects both sides refused."""
    program()

    def reference(seed: int) -> tuple[int, Path, list[str], Outcome]:
        files, arguments = project(seed)
        place = write_project(folder / str(seed), files)
        return seed, place, arguments, theirs(place, arguments)

    different: dict[int, str] = {}
    refused = 0
    with ThreadPoolExecutor(2) as pool:
        for seed, place, arguments, expected in pool.map(reference, seeds):
            found = difference(ours(place, arguments), expected)  # in this thread: it changes the current folder
            if found:
                different[seed] = found
            refused += expected.refused
    return different, refused


@pytest.mark.go
def test_schema_projects(tmp_path: Path) -> None:
    assert compare(range(40), tmp_path)[0] == {}


@pytest.mark.go
@pytest.mark.long
def test_many_schema_projects(tmp_path: Path) -> None:
    different, refused = compare(range(1_000, 2_000), tmp_path)
    assert different == {}
    assert 100 < refused < 600, "projects are no mix of right and wrong ones any more"


def specs(spec: Spec, seen: set[int]) -> Iterator[Spec]:
    if id(spec) in seen:
        return
    seen.add(id(spec))
    yield spec
    for inner in (*(spec.fields or {}).values(), spec.entries, spec.items):
        if inner is not None:
            yield from specs(inner, seen)


def test_every_name_in_the_table_exists() -> None:
    used: dict[str, set[str]] = {
        "merge": set(),
        "unique": set(),
        "short": set(),
        "default": set(),
        "path": set(),
        "out": set(),
    }
    for spec in specs(PROJECT, set()):
        for step, names in used.items():
            names.add(getattr(spec, step))
    known = {
        "merge": merge.STRATEGIES,
        "unique": unique.INDEXES,
        "short": canonical.SHORT_FORMS,
        "default": canonical.DEFAULTS,
        "path": paths.RESOLVERS,
        "out": typed.OUTPUTS,
    }
    for step, names in used.items():
        assert names - {""} == known[step], step
