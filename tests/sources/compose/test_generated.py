"""Generated projects, resolved here and by compose-config: the same project, or refused by both.

`pytest tests/sources/compose/test_generated.py --compose-seed N` runs the project of one seed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sources.compose.comparison import Outcome, difference, ours, theirs, write_project
from tests.sources.compose.generator import Project, generate
from tests.sources.compose.reference import program

FEW = range(40)
MANY = range(1_000_000, 1_002_000)
TRIES = 10
"""Compose takes some maps in random order: what it gives in any of so many runs is right."""


@pytest.fixture(autouse=True)
def _reference() -> None:
    program()


@pytest.mark.go
def test_generated(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    seed = pytestconfig.getoption("--compose-seed", None)
    compare(FEW if seed is None else range(seed, seed + 1), tmp_path)


@pytest.mark.go
@pytest.mark.long
def test_many_generated(tmp_path: Path) -> None:
    refused = compare(MANY, tmp_path)
    assert 0.1 < refused / len(MANY) < 0.6, "projects are no mix of right and wrong ones any more"


def compare(seeds: range, folder: Path) -> int:
    """How many projects were refused by both sides. The first difference fails, with all that is needed to see why."""
    refused = 0
    for seed, project, place, reference in references(seeds, folder):
        mine = ours(place, project.arguments, project.profiles)
        found = difference(mine, reference)
        for _ in range(TRIES if found else 0):
            found = found and difference(mine, theirs(place, project.arguments, project.profiles))
        if found:
            pytest.fail(described(seed, project, found), pytrace=False)
        refused += mine.refused
    return refused


def references(seeds: range, folder: Path) -> Iterator[tuple[int, Project, Path, Outcome]]:
    """The projects with what compose-config makes of them; two of its processes run at a time."""

    def run(seed: int) -> tuple[int, Project, Path, Outcome]:
        project = generate(seed)
        place = write_project(folder / str(seed), project.files)
        return seed, project, place, theirs(place, project.arguments, project.profiles)

    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(seeds), 100):  # so that a failure does not wait for all
            yield from pool.map(run, seeds[start : start + 100])


def described(seed: int, project: Project, found: str) -> str:
    """A difference with the seed, the files and the arguments."""
    files = "".join(f"--- {name}\n{text}" for name, text in project.files.items())
    words = [*(f"-profile {name}" for name in project.profiles), *project.arguments]
    return f"seed {seed} (--compose-seed {seed}): compose-config {' '.join(words)}\n{files}\n{found}"


def test_the_same_seed_gives_the_same_project() -> None:
    assert generate(7) == generate(7)
    assert generate(7) != generate(8)
