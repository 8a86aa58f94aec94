"""What of a resource and of a finding stays the same from run to run: values without versions, and digests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.unknown import PartialText, Unknown

_GAP = "${}"
"""Stands for the part of a text that is not known."""


class Versions:
    """The versions of a chart and of the charts in it, as they stand in names and values that templates make."""

    def __init__(self, versions: Iterable[str]) -> None:
        self._versions = frozenset(version for version in versions if "." in version)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Labels and names take neither `+` nor, some of them, `.`.
        spelt = {spelling for version in self._versions for spelling in (version, version.replace("+", "_"))}
        spelt |= {version.replace(".", "-") for version in spelt}
        words = "|".join(re.escape(word) for word in sorted(spelt, key=lambda word: (-len(word), word)))
        return re.compile(rf"(?<![0-9A-Za-z.])(v?)(?:{words})(?![0-9A-Za-z]|\.[0-9])")

    def without(self, text: str) -> str:
        """`text` with a sign in the place of each version."""
        return self._pattern.sub(r"\1{version}", text) if self._versions and text else text


NO_VERSIONS = Versions(())


def content_of(subject: Subject, attribute: str) -> str:
    """The single value of a dotted attribute as a text, however its file writes it; '' where there is none."""
    value: Any = subject.values
    for step in attribute.split(".") if attribute else ():
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, PartialText):
        return "".join(part if isinstance(part, str) else _GAP for part in value.parts)
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else ""


def resource_digest(resource: Resource, versions: Versions) -> str:
    """The same for a resource that differs in its place, the order of its keys and the versions of its chart only.

    '' for a Compose project: what changes in one of its services is no change of the others.
    """
    if resource.type == "compose/project":
        return ""
    import hashlib

    text = json.dumps(resource.attributes, sort_keys=True, default=_plain)
    return hashlib.sha256(versions.without(text).encode()).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, PartialText):
        return list(value.parts)
    return ["unknown", value.kind] if isinstance(value, Unknown) else type(value).__name__
