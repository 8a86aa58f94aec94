"""The line of a change at which a variable in a Compose file gets its value."""

import re
from pathlib import Path, PurePosixPath

from scanner.change.changes import Changed, Changes
from scanner.core.location import Location
from scanner.core.result import Finding

_NAMES = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_VARIABLES = ".env"
_MAX_BYTES = 1_000_000


def variable_place(finding: Finding, root: Path, changes: Changes) -> Location | None:
    """The new line of `.env`, beside the Compose file or above it, that defines a variable on the finding's line."""
    place = finding.location
    if finding.target != "compose" or not place.line:
        return None
    folder = PurePosixPath(place.path).parent
    files = [file for file in changes.files if _counts(file, folder)]
    names = set(_NAMES.findall(_line(_lines(root / place.path), place.line))) if files else set()
    for file in files if names else ():
        lines = _lines(root / file.new)
        ranges = file.lines if file.lines is not None else ((1, len(lines)),)
        for first, last in ranges:
            for number in range(first, last + 1):
                text = _line(lines, number)
                name = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]", text)
                if name and name[1] in names:
                    start = name.start(1) + 1
                    return Location(file.new, number, start, number, max(len(text.rstrip()), start) + 1)
    return None


def _counts(file: Changed, folder: PurePosixPath) -> bool:
    path = PurePosixPath(file.new)
    return path.name == _VARIABLES and path.parent in (folder, *folder.parents)


def _lines(file: Path) -> list[str]:
    """The lines of a file; none where it is too large, a link, or gone."""
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return []
        return file.read_bytes().decode("utf-8-sig", "replace").split("\n")
    except OSError:
        return []


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
