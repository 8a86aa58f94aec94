"""Versions as values of templates, with the methods that Go shows; semver and semverCompare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from scanner.template import semantic_version
from scanner.template.errors import FunctionError
from scanner.template.function import Function
from scanner.template.kinds import Struct, Uint64
from scanner.template.semantic_version import Version, VersionError, parse_version

_OVERFLOW = (1 << 64) - 1


class VersionValue(Struct):
    """A semver.Version, which is what the methods that make another version return."""

    go_type = "semver.Version"
    fields: ClassVar[dict[str, str]] = {
        name: name for name in ("major", "minor", "patch", "pre", "metadata", "original")
    }
    unexported: ClassVar[frozenset[str]] = frozenset(fields)

    def __init__(self, version: Version) -> None:
        self.version = version
        self.major, self.minor, self.patch = map(Uint64, version[:3])
        self.pre, self.metadata, self.original = version[3:]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VersionValue) or type(other) is not type(self):
            return False
        return self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def copied(self) -> VersionValue:
        """All its fields are unexported: a copy is version 0.0.0."""
        return type(self)(Version(0, 0, 0, "", "", ""))

    def go_string(self) -> str:
        """As it prints: three numbers, pre-release and metadata."""
        return str(self.version)

    def shown_fields(self) -> Iterable[tuple[str, Any]]:
        """The unexported fields, which fmt prints under verbs that are not for text."""
        major, minor, patch, *texts = self.version
        numbers = ("major", Uint64(major)), ("minor", Uint64(minor)), ("patch", Uint64(patch))
        return *numbers, *zip(("pre", "metadata", "original"), texts, strict=True)

    def go_json(self) -> str:
        """The text that JSON has for it."""
        return str(self.version)


class VersionPointer(VersionValue):
    """A *semver.Version, which `semver` returns: it has some methods more."""

    is_pointer = True


def _checked(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except VersionError as error:
        raise FunctionError(str(error)) from None


def semver(text: str) -> VersionPointer:
    """A version as a value with methods."""
    return VersionPointer(_checked(parse_version, text))


def semver_compare(constraint: str, version: str) -> bool:
    """Whether a version fits a constraint."""
    return bool(_checked(semantic_version.satisfies, version, constraint))


def _changed(value: VersionValue, **parts: Any) -> VersionValue:
    """Another version, whose original keeps the `v` of this one's."""
    version = value.version._replace(**parts)
    prefix = "v" if value.version.original.startswith("v") else ""
    return VersionValue(version._replace(original=f"{prefix}{version}"))


def _increased(name: str, value: VersionValue, **parts: int) -> VersionValue:
    if getattr(value.version, name) == _OVERFLOW:
        raise FunctionError(f"{name} version increment would overflow uint64")
    return _changed(value, **parts, prerelease="", metadata="")


def _next_patch(value: VersionValue) -> VersionValue:
    if value.version.prerelease:
        return _changed(value, prerelease="", metadata="")
    return _increased("patch", value, patch=value.version.patch + 1)


def _next_minor(value: VersionValue) -> VersionValue:
    return _increased("minor", value, minor=value.version.minor + 1, patch=0)


def _next_major(value: VersionValue) -> VersionValue:
    return _increased("major", value, major=value.version.major + 1, minor=0, patch=0)


def _with_prerelease(value: VersionValue, text: str) -> VersionValue:
    _checked(semantic_version.check_prerelease, text)
    return _changed(value, prerelease=str(text))


def _with_metadata(value: VersionValue, text: str) -> VersionValue:
    _checked(semantic_version.check_metadata, text)
    return _changed(value, metadata=str(text))


def _compare(value: VersionPointer, other: VersionPointer | None) -> int:
    if other is None:
        raise FunctionError("runtime error: invalid memory address or nil pointer dereference")
    return value.version.compare(other.version)


def _equal(value: VersionPointer, other: VersionPointer | None) -> bool:
    return other is not None and _compare(value, other) == 0


def _methods(*rows: tuple[str, str, Callable[..., Any]]) -> dict[str, Function]:
    return {row[0]: Function(*row) for row in rows}


VersionValue.methods = _methods(
    ("Major", "", lambda value: value.major),
    ("Minor", "", lambda value: value.minor),
    ("Patch", "", lambda value: value.patch),
    ("Prerelease", "", lambda value: value.pre),
    ("Metadata", "", lambda value: value.metadata),
    ("String", "", VersionValue.go_string),
    ("Value", "", VersionValue.go_string),
    ("MarshalText", "", lambda value: value.go_string().encode()),
    ("MarshalJSON", "", lambda value: f'"{value.go_string()}"'.encode()),
    ("IncPatch", "", _next_patch),
    ("IncMinor", "", _next_minor),
    ("IncMajor", "", _next_major),
    ("SetPrerelease", "string", _with_prerelease),
    ("SetMetadata", "string", _with_metadata),
)
VersionPointer.methods = VersionValue.methods | _methods(
    ("Original", "", lambda value: value.original),
    ("Compare", "*semver.Version", _compare),
    ("Equal", "*semver.Version", _equal),
    ("LessThan", "*semver.Version", lambda value, other: _compare(value, other) < 0),
    ("LessThanEqual", "*semver.Version", lambda value, other: _compare(value, other) <= 0),
    ("GreaterThan", "*semver.Version", lambda value, other: _compare(value, other) > 0),
    ("GreaterThanEqual", "*semver.Version", lambda value, other: _compare(value, other) >= 0),
)
