"""Versions and ranges of versions as Helm reads them: the semantics of Masterminds/semver 3.5.0."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from scanner.core.patterns import late

VERSION_LIMIT = 256
"""The longest version, in bytes."""

CONSTRAINT_LIMIT = 512
"""The longest constraint, in bytes."""

GROUP_LIMIT = 32
"""The most alternatives (`||`) of a constraint."""

_UINT64 = 1 << 64
_SPACE = r"[\t\n\f\r ]"
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = late(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?")

_WILDCARDS = frozenset(("", "x", "X", "*"))


class VersionError(ValueError):
    """A version or a constraint that cannot be read; its text is the one that Helm prints."""


class Version(NamedTuple):
    """A semantic version. `original` is the text that was read, which may have a `v` and fewer than three numbers.

    What orders versions is `compare`, not the order of tuples.
    """

    major: int
    minor: int = 0
    patch: int = 0
    prerelease: str = ""
    metadata: str = ""
    original: str = ""

    def __str__(self) -> str:
        prerelease = f"-{self.prerelease}" if self.prerelease else ""
        metadata = f"+{self.metadata}" if self.metadata else ""
        return f"{self.major}.{self.minor}.{self.patch}{prerelease}{metadata}"

    @property
    def precedence(self) -> tuple[object, ...]:
        """What orders versions: metadata does not count, and a pre-release comes before its release."""
        return self.major, self.minor, self.patch, not self.prerelease, _identifier_keys(self.prerelease)

    def compare(self, other: Version) -> int:
        """-1, 0 or 1: whether this one comes before the other, is equal to it, or comes after it."""
        mine, others = self.precedence, other.precedence
        return (mine > others) - (mine < others)


def _identifier_keys(prerelease: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers by value and before words; what does not fit 64 bits is a word."""
    keys = []
    for part in prerelease.split("."):
        number = int(part) if part.isdigit() and part.isascii() else _UINT64
        keys.append((0, number, "") if number < _UINT64 else (1, 0, part))
    return tuple(keys)


def parse_version(text: str) -> Version:
    """A version as Helm accepts it: `v` in front, one or two numbers and leading zeros are allowed.

    Raises VersionError.
    """
    if _longer(text, VERSION_LIMIT):
        raise VersionError(f"version string is too long (max {VERSION_LIMIT} bytes)")
    match = _VERSION.fullmatch(text)
    if match is None:
        raise VersionError("invalid semantic version")
    major, minor, patch = (_segment(match[index] or "0") for index in (1, 2, 3))
    prerelease, metadata = match[4] or "", match[5] or ""
    check_prerelease(prerelease)
    return Version(major, minor, patch, prerelease, metadata, text)


def _segment(digits: str) -> int:
    number = int(digits)
    if number >= _UINT64:
        reason = f'strconv.ParseUint: parsing "{digits}": value out of range'
        raise VersionError(f"error parsing version segment: {reason}")
    return number


def check_prerelease(text: str) -> None:
    """Raises VersionError for what is no pre-release. The empty one is none, which is right."""
    for part in text.split(".") if text else ():
        if not _is_identifier(part):
            raise VersionError("invalid prerelease string")
        if len(part) > 1 and part[0] == "0" and part.isdigit():
            raise VersionError("version segment starts with 0")


def check_metadata(text: str) -> None:
    """Raises VersionError for what is no build metadata; the empty text is right."""
    if text and not all(_is_identifier(part) for part in text.split(".")):
        raise VersionError("invalid metadata string")


def _is_identifier(text: str) -> bool:
    return text.isascii() and (text.replace("-", "0").isalnum())


def _longer(text: str, limit: int) -> bool:
    if text.isascii() or len(text) > limit:
        return len(text) > limit
    return len(text.encode("utf-8", "surrogateescape")) > limit


# Atomic groups and possessive quantifiers: each part of a constraint is followed by a character that it cannot hold,
# so going back never helps, and hostile texts stay linear.
_NUMBER = r"[0-9|xX*]+"
_RANGE_VERSION = rf"(?>v?{_NUMBER}(?:\.{_NUMBER})?(?:\.{_NUMBER})?(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?)"
_COMPARATOR = rf"(?:[!<>]=|=[<>]|~>|[=<>~^])?{_SPACE}*+{_RANGE_VERSION}"
_SEPARATOR = rf"(?:{_SPACE}++(?:,{_SPACE}*+)?|,{_SPACE}*+)"


@cache
def _group_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_SPACE}*+{_COMPARATOR}(?:{_SEPARATOR}{_COMPARATOR})*+{_SPACE}*+")


@cache
def _comparator_pattern() -> re.Pattern[str]:
    numbers = rf"v?({_NUMBER})(\.{_NUMBER})?(\.{_NUMBER})?"
    return re.compile(rf"([=!<>~^]*){_SPACE}*+({numbers}(-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?)")


@cache
def _hyphen_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_SPACE}*+({_RANGE_VERSION}){_SPACE}++-{_SPACE}++({_RANGE_VERSION}){_SPACE}*+")


Wildcard = Literal["", "all", "minor", "patch"]
"""The first part of a constraint's version that is missing or a wildcard."""


class Comparator(NamedTuple):
    """One operator with its version: `>= 1.2`."""

    operator: str
    bound: Version
    wildcard: Wildcard

    def accepts(self, version: Version) -> bool:
        """Whether the version fits, pre-releases being treated like any other version."""
        if self.operator == "!=":
            return not self._equals(version)
        if self.operator in ("", "="):
            return self._is_near(version) if self.wildcard else version.compare(self.bound) == 0
        if self.operator in ("~", "~>"):
            return self._is_near(version)
        if self.operator == "^":
            return self._is_compatible(version)
        return self._orders(version)

    def _equals(self, version: Version) -> bool:
        bound = self.bound
        if self.wildcard == "minor":
            return version.major == bound.major
        if self.wildcard == "patch":
            near = (version.major, version.minor) == (bound.major, bound.minor)
            return near and _identifier_keys(version.prerelease) == _identifier_keys(bound.prerelease)
        return version.compare(bound) == 0

    def _orders(self, version: Version) -> bool:
        bound = self.bound
        if self.operator == "<":
            return version.compare(bound) < 0
        if self.operator in (">=", "=>"):
            return version.compare(bound) >= 0
        # `>1.2` means above all of 1.2, and `<=1.2` all of it: the parts that are left out do not count.
        if self.operator == ">":
            if self.wildcard == "minor":
                return version.major > bound.major
            if self.wildcard == "patch":
                return (version.major, version.minor) > (bound.major, bound.minor)
            return version.compare(bound) > 0
        if self.wildcard == "minor":
            return version.major <= bound.major
        if self.wildcard:
            return (version.major, version.minor) <= (bound.major, bound.minor)
        return version.compare(bound) <= 0

    def _is_near(self, version: Version) -> bool:
        """`~1.2.3`: the same minor version, and not below."""
        bound = self.bound
        if version.compare(bound) < 0:
            return False
        if (bound.major, bound.minor, bound.patch) == (0, 0, 0) and self.wildcard in ("", "all"):
            return True
        return version.major == bound.major and (self.wildcard == "minor" or version.minor == bound.minor)

    def _is_compatible(self, version: Version) -> bool:
        """`^1.2.3`: the leftmost number that is not zero stays, and not below."""
        bound = self.bound
        if version.compare(bound) < 0 or version.major != bound.major:
            return False
        if bound.major > 0 or self.wildcard == "minor":
            return True
        if bound.minor > 0 or self.wildcard == "patch":
            return version.minor == bound.minor
        return version.minor == 0 and version.patch == bound.patch


class Constraint(NamedTuple):
    """A range of versions: any of its groups has to fit, with each of its comparators."""

    groups: tuple[tuple[Comparator, ...], ...]

    def check(self, version: Version) -> bool:
        """Whether the version lies in the range.

        A pre-release does so only in a group where some comparator names a pre-release.
        """
        for group in self.groups:
            if version.prerelease and not any(comparator.bound.prerelease for comparator in group):
                continue
            if all(comparator.accepts(version) for comparator in group):
                return True
        return False


@lru_cache(maxsize=1024)
def parse_constraint(text: str) -> Constraint:
    """A constraint: comparators separated by blanks or commas, `1.2 - 3.4`, `||`, wildcards.

    Raises VersionError.
    """
    if _longer(text, CONSTRAINT_LIMIT):
        raise VersionError(f"constraint string is too long (max {CONSTRAINT_LIMIT} bytes)")
    groups = _without_hyphens(text).split("||")
    if len(groups) > GROUP_LIMIT:
        raise VersionError(f"too many constraint groups (max {GROUP_LIMIT})")
    return Constraint(tuple(_group(group) for group in groups))


def _without_hyphens(text: str) -> str:
    for match in _hyphen_pattern().finditer(text):
        text = text.replace(match[0], f">= {match[1]}, <= {match[2]} ", 1)
    return text


def _group(text: str) -> tuple[Comparator, ...]:
    if _group_pattern().fullmatch(text) is None:
        from scanner.template.printing import quote

        raise VersionError(f"improper constraint: {quote(text)}")
    return tuple(_comparator(match) for match in _comparator_pattern().finditer(text))


def _comparator(match: re.Match[str]) -> Comparator:
    version, major, minor, patch = match[2], match[3], match[4] or "", match[5] or ""
    prerelease = match[6] or ""
    wildcard: Wildcard = ""
    if major in _WILDCARDS:
        wildcard, version = "all", f"0.0.0{prerelease}"
    elif minor[1:] in _WILDCARDS:
        wildcard, version = "minor", f"{major}.0.0{prerelease}"
    elif patch[1:] in _WILDCARDS:
        wildcard, version = "patch", f"{major}{minor}.0{prerelease}"
    try:
        return Comparator(match[1], parse_version(version), wildcard)
    except VersionError:
        raise VersionError("constraint parser error") from None


def satisfies(version: str, constraint: str) -> bool:
    """Whether a version lies in a range. Raises VersionError, for the constraint first."""
    accepted = parse_constraint(str(constraint))
    return accepted.check(parse_version(version))
