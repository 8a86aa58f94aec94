"""`.gitignore` as git reads it: nested files, negation, anchors, folders only, `**`; the last matching line decides."""

import re
from pathlib import Path
from typing import NamedTuple

from scanner.core.globs import glob_pattern

MAX_BYTES = 1_000_000
_LONGEST_POINTER = 10_000


class _Line(NamedTuple):
    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool
    by_name: bool


class IgnoreFile(NamedTuple):
    """One ignore file. `folder` is the folder that it stands in, relative to the root of the scan, '' for the root."""

    folder: str
    lines: tuple[_Line, ...]
    quick: re.Pattern[str]

    def verdict(self, path: str, name: str, *, is_folder: bool) -> bool | None:
        """Whether `path` (relative to the scan's root) is ignored; None where no line says anything about it."""
        inner = path[len(self.folder) + 1 :] if self.folder else path
        if not self.quick.match(inner) and not self.quick.match(name):
            return None
        for line in reversed(self.lines):
            if line.folders_only and not is_folder:
                continue
            if line.pattern.match(name if line.by_name else inner):
                return not line.negated
        return None


def read_ignore_file(file: Path, folder: str) -> IgnoreFile | None:
    """The ignore file at `file`, None where it is absent, unreadable or says nothing.

    Of a file over `MAX_BYTES` nothing is obeyed, and a pipe or a device is not waited for.
    """
    try:
        if not file.is_file() or file.stat().st_size > MAX_BYTES:
            return None
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None
    return parse_ignore(text, folder)


def exclude_file(root: Path) -> Path:
    """Git's own ignore file of the repository in `root`; of a further work tree that of the repository."""
    place = root / ".git"
    try:
        if place.is_file() and place.stat().st_size < _LONGEST_POINTER:
            place = root / place.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            common = place / "commondir"
            if common.is_file() and common.stat().st_size < _LONGEST_POINTER:
                place /= common.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        place = root / ".git"
    return place / "info" / "exclude"


def parse_ignore(text: str, folder: str) -> IgnoreFile | None:
    """The lines of an ignore file; None where there are none."""
    lines = [line for raw in text.split("\n") if (line := _parse_line(raw.removesuffix("\r")))]
    if not lines:
        return None
    quick = re.compile("|".join(f"(?:{line.pattern.pattern})" for line in lines), re.DOTALL)
    return IgnoreFile(folder, tuple(lines), quick)


def is_ignored(files: tuple[IgnoreFile, ...], path: str, name: str, *, is_folder: bool) -> bool:
    """Whether one of `files` (outermost first) ignores `path`: the innermost that says anything decides."""
    for file in reversed(files):
        verdict = file.verdict(path, name, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


class IgnoreFiles:
    """The ignore files of the tree below `root`, each read once. Folders and paths are relative to it, with `/`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._around: dict[str, tuple[IgnoreFile, ...]] = {}
        own = read_ignore_file(exclude_file(root), "")
        self._of_git: tuple[IgnoreFile, ...] = (own,) if own else ()

    def above(self, folder: str) -> tuple[IgnoreFile, ...]:
        """The files that say something of `folder` ('' for the root), outermost first; git's own is the first."""
        return self._in(folder.rpartition("/")[0]) if folder else self._of_git

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether they ignore `path` itself; what lies in a folder that is ignored is ignored with it."""
        folder, _, name = path.rpartition("/")
        files = self._in(folder)
        return bool(files) and is_ignored(files, path, name, is_folder=is_folder)

    def _in(self, folder: str) -> tuple[IgnoreFile, ...]:
        files = self._of_git
        for place in ("", *_folders(folder)):
            known = self._around.get(place)
            if known is None:
                own = read_ignore_file(self._root / place / ".gitignore", place)
                known = self._around[place] = (*files, own) if own else files
            files = known
        return files


def _folders(path: str) -> list[str]:
    """`a`, `a/b` and `a/b/c` of `a/b/c`."""
    return [path[:end] for end in range(1, len(path) + 1) if end == len(path) or path[end] == "/"]


def git_ignores(root: Path, display: str) -> bool:
    """Whether git ignores the file `display` (relative to `root`, with `/`), by itself or by a folder above it.

    False where `root` is no repository.
    """
    if not (root / ".git").exists() or display.startswith(("/", "..")):
        return False
    files = IgnoreFiles(root)
    return any(files.ignores(place, is_folder=place != display) for place in _folders(display))


def _parse_line(raw: str) -> _Line | None:
    text = _strip_trailing_spaces(raw)
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    if negated:
        text = text[1:]
    folders_only = text.endswith("/")
    if folders_only:
        text = text[:-1]
    by_name = "/" not in text
    text = text.removeprefix("/")
    return _Line(glob_pattern(text), negated, folders_only, by_name) if text else None


def _strip_trailing_spaces(text: str) -> str:
    end = len(text)
    while end and text[end - 1] == " ":
        backslashes = len(text[: end - 1]) - len(text[: end - 1].rstrip("\\"))
        if backslashes % 2:
            break
        end -= 1
    return text[:end]
