"""What another scanner found, before it becomes part of the report: plain records, and the findings made of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scanner.core.document import Comment, SourceText
from scanner.core.location import Location
from scanner.core.result import Finding, NotScanned, Outcome, ResourceRef, RuleInfo, Scanned, Waiver
from scanner.core.secrets import find_secrets

TARGET = "repository"
RESOURCE_TYPE = "file"
_LARGEST_FILE = 10_000_000
_MOST_LINES = 50
_SHORTEST_PIECE = 8
_COMMENT = re.compile(r"(#+|//+)[ \t]*groundrule[ \t]*:")


@dataclass(slots=True)
class ForeignResult:
    """One result. `rule` has the id `<tool>/<its id>` and the tool as family; `waiver` is set where the tool, or a
    comment for it, suppresses the result. `name` names what it is about, '' for the file; `last_line` is the end of
    the block that begins at `location`, 0 where the location is all."""

    rule: RuleInfo
    message: str
    location: Location
    name: str = ""
    waiver: Waiver | None = None
    outcome: Outcome = "fail"
    last_line: int = 0


@dataclass(slots=True)
class ForeignResults:
    """What one other scanner says. `secrets` are texts that it holds for secrets, to be masked everywhere."""

    tool: str
    source: str
    results: list[ForeignResult] = field(default_factory=list)
    not_scanned: list[NotScanned] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    scanned: list[Scanned] = field(default_factory=list)


class FileText:
    """The text of a file that another scanner names, with the comments that may be about its results."""

    index = 0

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.source = SourceText(text)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Comments for groundrule, whatever the language: `#` or `//`, spelt with `#`."""
        found = []
        for number, line in enumerate(self.source.lines, 1):
            match = _COMMENT.search(line)
            if match:
                text = "#" + line[match.end(1) :].rstrip().removesuffix("*/").rstrip()
                found.append(Comment(number, match.start() + 1, text, alone=not line[: match.start()].strip()))
        return tuple(found)


Reader = Callable[[str], FileText | None]
"""From the path of a file in results to its text; None for what is no text file there."""


def reader(root: Path) -> Reader:
    """Reads the files below `root` by their path in results, each once; None for what is no text file there."""
    real = root.resolve()

    @cache
    def read(path: str) -> FileText | None:
        try:
            file = (real / path).resolve()
            if not file.is_relative_to(real) or not file.is_file() or file.stat().st_size > _LARGEST_FILE:
                return None
            return FileText(path, file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            return None  # the location is shown as the tool says it, only without its text

    return read


def findings_of(foreign: ForeignResults, read: Reader) -> Iterator[Finding]:
    """The findings, with identities that hold no line: the text that a result is about stands for its place."""
    counts: dict[tuple[str, ...], int] = {}
    for result in sorted(foreign.results, key=lambda each: (each.location, each.rule.id, each.message)):
        name = result.name or result.location.path.rpartition("/")[2]
        content = _content(read(result.location.path), result.location)
        identity = (result.rule.id, RESOURCE_TYPE, "", name, content or result.message)
        occurrence = counts[identity] = counts.get(identity, -1) + 1
        yield Finding(
            rule=result.rule,
            outcome=result.outcome,
            severity=result.rule.severity,
            message=result.message,
            target=TARGET,
            resource=ResourceRef(RESOURCE_TYPE, name),
            key="",
            location=result.location,
            status="suppressed" if result.waiver else "open",
            waiver=result.waiver,
            identity=(*identity, occurrence),
            unknown_kind="variable" if result.outcome == "unknown" else "",
            last_line=result.last_line,
        )


def secrets_at(text: FileText | None, locations: Iterable[Location], *, whole: bool) -> set[str]:
    """The secrets at `locations` of a file: what looks like one, and with `whole` all that a region holds."""
    found: set[str] = set()
    if text is None:
        return found
    lines = text.source.lines
    for place in locations:
        for number in range(place.line, min(max(place.end_line, place.line), place.line + _MOST_LINES) + 1):
            if not 1 <= number <= len(lines):
                continue
            line = lines[number - 1]
            found.update(line[secret.start : secret.end] for secret in find_secrets(line))
            if whole:
                found.update(_part(line, number, place))
    return found


def _part(line: str, number: int, place: Location) -> Iterator[str]:
    """What of a line lies in a region. Short pieces are left out unless the columns tell them: masked everywhere, a
    brace would make a report that nobody can read."""
    on_one_line = place.end_line in (0, place.line)
    if on_one_line and place.end_column > place.column:
        yield line[place.column - 1 : place.end_column - 1]
        return
    first = place.column - 1 if number == place.line else 0
    last = place.end_column - 1 if number == place.end_line and not on_one_line else 0
    piece = line[first : last if last > first else len(line)].strip()
    if len(piece) >= _SHORTEST_PIECE:
        yield piece


def _content(text: FileText | None, place: Location) -> str:
    if text is None or not place.line:
        return ""
    last = min(max(place.end_line, place.line), place.line + _MOST_LINES)
    lines = text.source.lines[place.line - 1 : last]
    words = " ".join(" ".join(lines).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if words else ""
