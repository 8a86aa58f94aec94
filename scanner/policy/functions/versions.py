"""Semantic versions: their parts, their order, and ranges of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from scanner.core.views import Attribute, View
from scanner.policy.function import Function

VERSION = View(
    "version",
    "The parts of a semantic version.",
    {
        "major": Attribute("major", "int", "the first number"),
        "minor": Attribute("minor", "int", "the second number, 0 where it is not written"),
        "patch": Attribute("patch", "int", "the third number, 0 where it is not written"),
        "prerelease": Attribute("prerelease", "string", "what follows a hyphen: rc.1, alpine"),
        "build": Attribute("build", "string", "what follows a plus sign"),
    },
    subject=False,
)

_LONGEST = 128
_RANGE_LIMIT = 64
Key = tuple[int, int, int, tuple[tuple[int, int, str], ...]]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    number = r"\d{1,18}"
    return re.compile(
        {
            "version": rf"v?({number})(?:\.({number}))?(?:\.({number}))?"
            r"(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?\Z",
            "comparator": r"\s*(>=|<=|!=|==|>|<|=|\^|~>|~)?\s*(\S+)\s*,?",
            "wildcard": rf"v?(?:({number})\.)?(?:({number})\.)?[xX*](?:\.[xX*])*\Z",
            "precision": rf"v?{number}(?:\.{number})*",
        }[name],
        re.ASCII,
    )


def parse_version(text: str) -> dict[str, Any]:
    """The parts of a version: `v1.2.3-rc.1+build`; the leading v, the minor and the patch number may be missing."""
    match = _pattern("version").match(text.strip()) if len(text) <= _LONGEST else None
    if match is None or any(not part for part in (match[4] or "x").split(".")):
        raise ValueError("a version is written like 1.2.3 or 1.2.3-rc.1")
    return {
        "major": int(match[1]),
        "minor": int(match[2] or 0),
        "patch": int(match[3] or 0),
        "prerelease": match[4] or "",
        "build": match[5] or "",
    }


def is_version(text: str) -> bool:
    """Whether `parse_version` takes the text."""
    try:
        parse_version(text)
    except ValueError:
        return False
    return True


def version_precision(text: str) -> int:
    """How many numbers a tag's version has: 3 for `1.25.3-alpine`, 1 for `16`, 0 for `latest`."""
    match = _pattern("precision").match(text)
    if match is None or text[match.end() : match.end() + 1] not in ("", "-", "_", "+", "."):
        return 0
    return match[0].count(".") + 1


def _key(version: dict[str, Any]) -> Key:
    identifiers: list[tuple[int, int, str]] = []
    if version["prerelease"]:
        parts = version["prerelease"].split(".")
        identifiers.extend((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    else:
        identifiers.append((2, 0, ""))  # a release comes after all of its pre-releases
    return version["major"], version["minor"], version["patch"], tuple(identifiers)


def version_compare(first: str, second: str) -> int:
    """-1, 0 or 1: the order of two versions after semver.org (build metadata does not count)."""
    left, right = _key(parse_version(first)), _key(parse_version(second))
    return (left > right) - (left < right)


def version_satisfies(text: str, constraint: str) -> bool:
    """Whether a version lies in a range: `>=1.2 <2`, `^1.4`, `~1.4`, `1.x`, `1.2 - 1.5`, with `||` for or.

    A pre-release counts by its place in the order.
    """
    key = _key(parse_version(text))
    alternatives = constraint.split("||")
    if len(constraint) > _LONGEST * 4 or len(alternatives) > _RANGE_LIMIT:
        raise ValueError("the version range is too long")
    return any(all(low <= key < high for low, high in _ranges(part)) for part in alternatives)


_LOWEST: Key = (-1, 0, 0, ())
_HIGHEST: Key = (10**19, 0, 0, ())


def _ranges(text: str) -> list[tuple[Key, Key]]:
    """The half-open ranges that all have to hold."""
    text = text.strip()
    if not text:
        raise ValueError("a version range is written like >=1.2 <2")
    low, hyphen, high = text.partition(" - ")
    if hyphen:
        return [(_bounds(low)[0], _HIGHEST), (_LOWEST, _bounds(high)[1])]
    ranges: list[tuple[Key, Key]] = []
    position = 0
    while position < len(text):
        match = _pattern("comparator").match(text, position)
        if match is None:
            raise ValueError("a version range is written like >=1.2 <2")
        ranges.append(_comparator(match[1] or "=", match[2].rstrip(",")))
        position = match.end()
    return ranges


def _comparator(operator: str, text: str) -> tuple[Key, Key]:
    low, high = _bounds(text)
    match operator:
        case ">=":
            return low, _HIGHEST
        case ">":
            return high, _HIGHEST
        case "<":
            return _LOWEST, low
        case "<=":
            return _LOWEST, high
        case "^":
            return low, _caret(text, low)
        case "~" | "~>":
            return low, _floor(low[0], low[1] + 1, 0) if "." in text else _floor(low[0] + 1, 0, 0)
        case "!=":
            raise ValueError("a version range has no !=")
    return low, high


def _bounds(text: str) -> tuple[Key, Key]:
    """The first version that `text` means, and the first after them: `1.2` means all of 1.2."""
    text = text.strip()
    wildcard = _pattern("wildcard").match(text)
    if wildcard is not None:
        if wildcard[1] is None:
            return _LOWEST, _HIGHEST
        major = int(wildcard[1])
        if wildcard[2] is None:
            return _floor(major, 0, 0), _floor(major + 1, 0, 0)
        return _floor(major, int(wildcard[2]), 0), _floor(major, int(wildcard[2]) + 1, 0)
    version = parse_version(text)
    key = _key(version)
    if version["prerelease"] or text.count(".") >= 2:
        return key, (*key[:3], (*key[3], (-1, 0, "")))
    if "." in text:
        return key, _floor(key[0], key[1] + 1, 0)
    return key, _floor(key[0] + 1, 0, 0)


def _caret(text: str, low: Key) -> Key:
    if low[0] or "." not in text:
        return _floor(low[0] + 1, 0, 0)
    if low[1] or text.count(".") < 2:
        return _floor(0, low[1] + 1, 0)
    return _floor(0, 0, low[2] + 1)


def _floor(major: int, minor: int, patch: int) -> Key:
    """Below every pre-release of a version."""
    return major, minor, patch, ()


FUNCTIONS = (
    Function("parse_version", ("string",), "version", parse_version),
    Function("is_version", ("string",), "bool", is_version),
    Function("version_precision", ("string",), "int", version_precision),
    Function("version_compare", ("string", "string"), "int", version_compare),
    Function("version_satisfies", ("string", "string"), "bool", version_satisfies),
)
