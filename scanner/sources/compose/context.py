"""What all steps of resolving one project share: how strict they are, and what they met on the way."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NoReturn

from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.core.result import Notice, NotScanned
from scanner.core.unknown import Unknown
from scanner.sources.compose.files import Files
from scanner.sources.compose.tree import Node

MAX_VALUES = 200_000
"""Values that a scan builds for one project: an alias, a base, a range of ports count as what they stand for."""


class Context:
    """One run over one project.

    `strict` is Compose itself: the first mistake ends it. Else mistakes are collected, and the rest goes on. `cwd` is
    where relative paths start that Compose leaves to the process. `incomplete` tells that something was left out which
    may declare names; `included` are the models of included files, by all that they depend on.
    """

    def __init__(self, files: Files, *, strict: bool, cwd: str) -> None:
        self.files = files
        self.strict = strict
        self.cwd = cwd
        self.not_scanned: list[NotScanned] = []
        self.notices: list[Notice] = []
        self.seen: set[tuple[str, Location | None]] = set()
        self.included: dict[Hashable, Node] = {}
        self.incomplete = False
        self.spent = 0

    def spend(self, values: int) -> bool:
        """Counts values that are about to be built; False where a scan had better not build them."""
        if not self.strict and self.spent + values > MAX_VALUES:
            return False
        self.spent += values
        return True

    def reject(self, message: str, node: Node | None = None, hint: str = "", *, key: bool = False) -> Unknown:
        """Something that Compose refuses, at `node` (`key`: at its key).

        Strict: raises SourceError. Else it becomes an entry of `not_scanned`, and the result stands for the value.
        """
        location = node.location(prefer_value=not key) if node is not None else None
        return self.reject_at(message, location, hint)

    def reject_at(self, message: str, location: Location | None, hint: str = "") -> Unknown:
        """As `reject`, at a location."""
        if self.strict:
            raise SourceError(message, location, hint)
        if (message, location) not in self.seen:
            self.seen.add((message, location))
            place = location or Location("")
            self.not_scanned.append(NotScanned(place.path, message, hint, place.line, place.column, source="compose"))
        return Unknown(message, "failed")

    def refuse(self, message: str, node: Node | None = None, hint: str = "") -> NoReturn:
        """As `reject`, where nothing can be made of the rest."""
        raise SourceError(message, node.location() if node is not None else None, hint)

    def note(self, message: str, node: Node | None = None, hint: str = "", *, key: bool = False) -> None:
        """Something that Compose refuses, but that leaves everything known: strict raises, else it is a notice."""
        location = node.location(prefer_value=not key) if node is not None else None
        if self.strict:
            raise SourceError(message, location, hint)
        if (message, location) not in self.seen:
            self.seen.add((message, location))
            self.notices.append(Notice(message, location, hint))
