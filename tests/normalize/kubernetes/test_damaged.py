"""Manifests cut off or with bytes changed at random: no exception, and nothing unread without a word."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scanner.normalize.kubernetes import Facts, subjects
from scanner.sources.kubernetes.kustomize import kustomize_plan
from scanner.sources.kubernetes.manifests import load_manifests
from scanner.sources.kubernetes.sniff import looks_like_manifest
from tests.normalize.kubernetes.support import ALL_VIEWS

FOLDER = Path(__file__).with_name("golden")
FILES = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in (".yaml", ".json")]
BYTES = b"\x00\t\n\r !\"#%&'*+,-./0:;<=>?@[\\]^`{|}~\x7f\x80\xc3\xff\xe2\x80\xa8"


def _damaged(chances: random.Random) -> bytes:
    data = bytearray(chances.choice(FILES))
    if chances.random() < 0.3:
        del data[chances.randrange(len(data)) :]
    for _ in range(chances.choice((0, 1, 1, 2, 5))):
        if data:
            data[chances.randrange(len(data))] = chances.choice(BYTES)
    return bytes(data)


def _sweep(seeds: range) -> None:
    for seed in seeds:
        data = _damaged(random.Random(seed))
        try:
            found = load_manifests(data, "m.yaml")
            if found.is_manifest:
                assert looks_like_manifest(data)
            facts = Facts()
            told = []
            for resource in found.resources:
                facts.add(resource)
                told += list(subjects(resource, ALL_VIEWS))
            for subject in told:
                facts.relations(subject)
                for attribute in ("", *subject.values):
                    place = subject.resource.origin.locate(subject.route_of(attribute)).location
                    assert place.line > 0
                    assert place.column > 0
            list(facts.namespace_subjects())
            kustomize_plan({"kustomization.yaml": data})
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def test_damaged() -> None:
    _sweep(range(300))


@pytest.mark.long
def test_damaged_at_length() -> None:
    _sweep(range(300, 10_000))
