"""Versions and constraints as a library. What Helm says of many more pairs is in probes/semver.jsonl."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scanner.template.semantic_version import (
    Version,
    VersionError,
    parse_constraint,
    parse_version,
    satisfies,
)
from tests.conftest import cpu_below


@pytest.mark.parametrize(
    ("text", "version", "shown"),
    [
        ("1", (1, 0, 0, "", ""), "1.0.0"),
        ("v1.2", (1, 2, 0, "", ""), "1.2.0"),
        ("01.002.3", (1, 2, 3, "", ""), "1.2.3"),
        ("v1.2.3-beta.1+b.5", (1, 2, 3, "beta.1", "b.5"), "1.2.3-beta.1+b.5"),
        ("18446744073709551615.0.0", (2**64 - 1, 0, 0, "", ""), "18446744073709551615.0.0"),
    ],
)
def test_versions(text: str, version: tuple[object, ...], shown: str) -> None:
    parsed = parse_version(text)
    assert parsed == (*version, text)
    assert str(parsed) == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid semantic version"),
        ("V1", "invalid semantic version"),
        ("1.2.3.4", "invalid semantic version"),
        ("1.2.3\n", "invalid semantic version"),
        ("1.2.3-é", "invalid semantic version"),
        ("\u0661.2.3", "invalid semantic version"),
        ("1.2.3-01", "version segment starts with 0"),
        (
            "1.18446744073709551616",
            'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
        ),
        ("1.2.3-" + "a" * 251, "version string is too long (max 256 bytes)"),
        ("é" * 129, "version string is too long (max 256 bytes)"),
    ],
)
def test_versions_that_are_none(text: str, message: str) -> None:
    with pytest.raises(VersionError) as caught:
        parse_version(text)
    assert str(caught.value) == message


def test_order() -> None:
    ordered = "1.0.0-1 1.0.0-10 1.0.0-A 1.0.0-a 1.0.0-a.1 1.0.0-a.b 1.0.0-b 1.0.0 1.0.1 1.1.0 2.0.0".split()
    versions = [parse_version(text) for text in ordered]
    assert [low.compare(high) for low, high in pairwise(versions)] == [-1] * (len(ordered) - 1)
    assert [high.compare(low) for low, high in pairwise(versions)] == [1] * (len(ordered) - 1)
    assert parse_version("1.0.0+a").compare(parse_version("1+b")) == 0


@pytest.mark.parametrize(
    ("constraint", "accepted", "refused"),
    [
        (">=1.22.0-0", "1.22.0 v1.37.0 1.22.17-gke.100 1.22.0-0", "1.21.9 1.21.9-eks"),
        (">= 1.16.x", "1.16.0 1.20.1", "1.15.9 1.20.0-rc.1"),
        ("^1.2", "1.2.0 1.9.9", "1.1.9 2.0.0 1.3.0-beta"),
        ("^0.2.3", "0.2.3 0.2.9", "0.3.0 1.2.3"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("~1.2", "1.2.0 1.2.9", "1.3.0 1.1.9"),
        ("~1", "1.0.0 1.9.0", "2.0.0"),
        ("1.2.x", "1.2.0 1.2.9", "1.3.0"),
        ("1.2", "1.2.9", "1.3.0"),
        ("*", "0.0.0 9.9.9", "1.0.0-rc.1"),
        (">1.2", "1.3.0 2.0.0", "1.2.3"),
        ("<=1.2", "1.2.9 1.0.0", "1.3.0"),
        ("!=1.2.x", "1.3.0 2.2.0", "1.2.5"),
        ("1.2 - 1.4", "1.2.0 1.4.9", "1.5.0 1.1.9"),
        (">=1.0, <2.0 || ^3-0", "1.5.0 3.1.0-rc.1", "2.5.0 1.5.0-rc.1"),
        ("=>1.0 =<1.5", "1.0.0 1.5.0", "1.6.0"),
        ("~0", "0.0.0 0.9.0", "1.0.0"),
    ],
)
def test_constraints(constraint: str, accepted: str, refused: str) -> None:
    parsed = parse_constraint(constraint)
    assert [text for text in accepted.split() if not parsed.check(parse_version(text))] == []
    assert [text for text in refused.split() if parsed.check(parse_version(text))] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'improper constraint: ""'),
        ("1 || a", 'improper constraint: " a"'),
        (">= 1.0 ,, 2", 'improper constraint: ">= 1.0 ,, 2"'),
        ("1\u2028", 'improper constraint: "1\\u2028"'),
        ("1\v", 'improper constraint: "1\\v"'),
        ("1|2", "constraint parser error"),
        ("1.2.3-01", "constraint parser error"),
        ("1" + " " * 512, "constraint string is too long (max 512 bytes)"),
        ("||".join("1" * 33), "too many constraint groups (max 32)"),
    ],
)
def test_constraints_that_are_none(text: str, message: str) -> None:
    with pytest.raises(VersionError) as caught:
        parse_constraint(text)
    assert str(caught.value) == message


def test_the_constraint_is_read_first() -> None:
    with pytest.raises(VersionError, match="improper constraint"):
        satisfies("no version", "no constraint")
    assert satisfies("1.2.3", "^1")


@pytest.mark.parametrize("text", ["1 " * 255 + "!", "1" + " " * 510 + "!", "1 - " * 127 + "!", "," * 512, "x" * 512])
def test_hostile_constraints_are_quick(text: str) -> None:
    with cpu_below(1), pytest.raises(VersionError):
        parse_constraint(text)


def test_versions_are_values() -> None:
    assert Version(1, 2, 3) == Version(1, 2, 3)
    assert str(Version(1, 2, 3, "a", "b")) == "1.2.3-a+b"
