"""Public projects: each one comes out as compose-config prints it, or is refused as compose-config refuses it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.sources.compose.comparison import Outcome, difference, ours, without_nulls

CASES = 172
REFUSED = 7


@pytest.fixture(scope="module")
def table(compose_corpus: Path) -> list[dict[str, str]]:
    with (compose_corpus / "cases.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_corpus_is_whole(table: list[dict[str, str]]) -> None:
    assert (len(table), sum(row["exit"] != "0" for row in table)) == (CASES, REFUSED)


@pytest.mark.parametrize("part", range(4))
def test_corpus(part: int, table: list[dict[str, str]], compose_corpus: Path) -> None:
    """In four parts, for tests that run side by side."""
    different = {}
    for row in table[part::4]:
        found = difference(ours(compose_corpus / "projects", [row["file"]]), golden(compose_corpus, row))
        if found:
            different[row["file"]] = found
    assert different == {}


def golden(corpus: Path, row: dict[str, str]) -> Outcome:
    """What compose-config printed."""
    if row["exit"] != "0":
        return Outcome(None, row["error"])
    name = Path(row["golden"]).with_suffix(".json").name
    project: dict[str, Any] = json.loads((corpus / "golden" / name).read_text(encoding="utf-8"))
    return Outcome(without_nulls(project))
