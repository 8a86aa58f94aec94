"""The base of a change on disk: of its commit the files that a scan needs, in a private folder that goes afterwards."""

import os
import posixpath
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scanner.change.git import Blob, Git
from scanner.core.errors import UsageError
from scanner.gitignore import exclude_file

MOST_ENTRIES = 500_000
MAX_FILE = 20 * 1024 * 1024
"""Bytes; a larger file is left out, as no input is so large."""
MAX_TOTAL = 512 * 1024 * 1024
_FILE, _PROGRAM, _LINK = "100644", "100755", "120000"
_MISSING = -1
"""The size of a blob that a partial clone has left out."""
_LONGEST_LINK = 4096
_MOST_LINKS = 40
_FORBIDDEN = frozenset({"", ".", "..", ".git"})


class Entry(NamedTuple):
    """A file of a commit: its path, and its blob."""

    path: str
    mode: str
    blob: Blob


class BaseTree:
    """The files of a commit, of which some are written to `folder`."""

    def __init__(self, git: Git, commit: str, folder: Path) -> None:
        self.git = git
        self.folder = folder
        self.entries = {entry.path: entry for entry in _entries(git, commit)}
        self.links = [entry.path for entry in self.entries.values() if entry.mode == _LINK]
        self._targets: dict[str, str] | None = None
        self._written: set[str] = set()
        self._total = 0
        # Discovery and the rules over files that git ignores know a repository by this folder.
        (folder / ".git" / "info").mkdir(parents=True)
        exclude = exclude_file(git.root)
        if exclude.is_file():
            shutil.copyfile(exclude, folder / ".git" / "info" / "exclude")

    def write(self, wanted: Callable[[str], bool]) -> None:
        """Writes the files whose paths are `wanted`, and those that links among them lead to. Raises UsageError where
        they are too large together."""
        links = self._write(wanted)
        if links:
            self._write({name for link in links for name in self.passed(link)}.__contains__)

    def passed(self, path: str) -> Iterator[str]:
        """The links of the tree that `path` leads through, and where it leads to at last, if that is in the tree."""
        if self._targets is None:
            entries = [self.entries[link] for link in self.links]
            entries = [entry for entry in entries if 0 <= entry.blob.size <= _LONGEST_LINK]
            texts = self.git.blobs([entry.blob for entry in entries])
            self._targets = {entry.path: os.fsdecode(text) for entry, text in zip(entries, texts, strict=True)}
        for _ in range(_MOST_LINKS):
            link = next((name for name in _with_folders(path) if name in self._targets), None)
            if link is None:
                yield path
                return
            yield link
            path = posixpath.normpath(f"{posixpath.dirname(link) or '.'}/{self._targets[link]}{path[len(link) :]}")
            if self._targets[link].startswith("/") or path.startswith("../"):
                return

    def _write(self, wanted: Callable[[str], bool]) -> list[str]:
        """Writes some files; the result are the links among them."""
        chosen = [
            entry
            for path, entry in self.entries.items()
            if path not in self._written and wanted(path) and entry.blob.size <= MAX_FILE
        ]
        missing = next((entry.path for entry in chosen if entry.blob.size == _MISSING), None)
        if missing is not None:
            raise UsageError(
                f"this clone does not hold {missing} of the base, and nothing is fetched in a scan",
                hint="clone without --filter",
            )
        self._total += sum(entry.blob.size for entry in chosen)
        if self._total > MAX_TOTAL:
            raise UsageError(
                f"the base needs more than {MAX_TOTAL:,} bytes of files",
                hint="scan fewer paths, or without --diff-base",
            )
        links = []
        for entry, data in zip(chosen, self.git.blobs([entry.blob for entry in chosen]), strict=True):
            self._written.add(entry.path)
            if entry.mode == _LINK:
                links.append((entry.path, data))
            else:
                self._save(entry.path, data)
        # Links come last: no file is written through one.
        for path, data in links:
            self._save(path, data, link=True)
        return [path for path, _ in links]

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of those of `paths` that are files of the commit and not too large."""
        entries = [self.entries[path] for path in paths if path in self.entries]
        entries = [entry for entry in entries if entry.mode != _LINK and 0 <= entry.blob.size <= MAX_FILE]
        for entry, data in zip(entries, self.git.blobs([entry.blob for entry in entries]), strict=True):
            yield entry.path, data

    def _save(self, path: str, data: bytes, *, link: bool = False) -> None:
        """Writes one file. What the file system does not take is left out: then its findings count as new."""
        place = self.folder / path
        with suppress(OSError, ValueError):
            place.parent.mkdir(parents=True, exist_ok=True)
            # Nothing is written through a link, or twice, whatever a tree says.
            if os.path.realpath(place.parent) != str(place.parent) or os.path.lexists(place):
                return
            if link:
                place.symlink_to(os.fsdecode(data))
            else:
                place.write_bytes(data)


@contextmanager
def base_tree(git: Git, commit: str) -> Iterator[BaseTree]:
    """A base tree in a folder that only this user may enter, removed at the end."""
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="groundrule-base-")))
    try:
        yield BaseTree(git, commit, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _entries(git: Git, commit: str) -> Iterator[Entry]:
    listed = git.demand("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    if listed.count(b"\0") > MOST_ENTRIES:
        raise UsageError(f"the base has more than {MOST_ENTRIES:,} files", hint="scan without --diff-base")
    for line in os.fsdecode(listed).split("\0"):
        head, _, path = line.partition("\t")
        mode, _, rest = head.partition(" ")
        if mode in (_FILE, _PROGRAM, _LINK) and _is_inside(path):
            _, name, size = rest.split()
            yield Entry(path, mode, Blob(name, int(size) if size.isdigit() else _MISSING))


def _with_folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the outermost first, then the path itself."""
    end = path.find("/")
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _is_inside(path: str) -> bool:
    """Whether a path stays in its folder: a tree that no git writes may hold any. On Windows, `C:` and `\\` lead on."""
    parts = path.lower().split("/")
    odd = os.sep != "/" and any(sign in path for sign in "\\:")
    return _FORBIDDEN.isdisjoint(parts) and not odd
