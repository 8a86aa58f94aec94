"""What a change touches: its files, old names and new, and the lines that are new in them."""

import os
import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from scanner.change.git import Git
from scanner.core.errors import UsageError

MOST_FILES = 100_000
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_DIFF = ("diff", "-M", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
_LINK, _SUBMODULE = "120000", "160000"


Ranges = tuple[tuple[int, int], ...]
"""Lines of a file, as first and last."""


class Changed(NamedTuple):
    """A file of the change. `old` is its name in the base, '' for a new file; `new` its name now, '' for one that is
    gone. `lines` are the ranges of new lines, first and last; None stands for all. Where lines only went, the range is
    empty: from the line below to the line above."""

    old: str
    new: str
    lines: Ranges | None = None
    is_submodule: bool = False


class _Entry(NamedTuple):
    """A file as `git diff --raw` tells it: the letter of its status (`U` is one with a conflict), its mode now, or in
    the base where it is gone, and its names as in `Changed`."""

    kind: str
    mode: str
    old: str
    new: str


class Changes:
    """The files of a change, and what they lead to."""

    def __init__(self, files: tuple[Changed, ...]) -> None:
        self.files = files

    @cached_property
    def names(self) -> frozenset[str]:
        """The old and the new names."""
        return frozenset(name for file in self.files for name in (file.old, file.new) if name)

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Old name → new name, where they differ."""
        return {file.old: file.new for file in self.files if file.old and file.new and file.old != file.new}

    @cached_property
    def gone(self) -> frozenset[str]:
        """The old names under which nothing stands now."""
        return frozenset(file.old for file in self.files if file.old and file.old != file.new)

    @cached_property
    def _by_name(self) -> Mapping[str, Changed]:
        return {file.new: file for file in self.files if file.new}

    def first_line(self, path: str, first: int, last: int, *, removed: bool = False) -> int:
        """The first new line of a path from one line to another, or, with `removed`, the line below one that went
        between them; 0 where there is none."""
        file = self._by_name.get(path) or self._submodule(path)
        if file is None:
            return 0
        if file.lines is None:
            return max(first, 1)
        ranges = (each for each in file.lines if removed or each[0] <= each[1])
        return next((max(start, first) for start, end in ranges if start <= last and end >= first), 0)

    def _submodule(self, path: str) -> Changed | None:
        return next((file for file in self.submodules if path.startswith(f"{file.new}/")), None)

    @cached_property
    def submodules(self) -> tuple[Changed, ...]:
        """The submodules that the change sets to another commit, whose files no diff shows."""
        return tuple(file for file in self.files if file.is_submodule and file.new)


def changes_since(git: Git, commit: str) -> Changes:
    """What the work tree, with what is staged and what is not tracked yet, has that `commit` has not, and the reverse.

    Raises UsageError where git fails or a change has too many files.
    """
    entries = _entries(git.demand(*_DIFF, "--raw", "-z", "--abbrev=40", commit, "--"))
    merged = [entry for entry in entries if entry.kind != "U"]
    files = []
    for entry, lines in zip(merged, _new_lines(git, commit, merged), strict=True):
        is_submodule = entry.mode == _SUBMODULE
        files.append(Changed(entry.old, entry.new, None if is_submodule else lines, is_submodule))
    known = {file.new for file in files}
    files += [Changed(entry.old, entry.new) for entry in entries if entry.kind == "U" and entry.new not in known]
    listed = os.fsdecode(git.demand("ls-files", "--others", "--exclude-standard", "-z"))
    files += [Changed("", name) for name in listed.split("\0") if name and not name.endswith("/")]
    if len(files) > MOST_FILES:
        raise UsageError(f"the change has more than {MOST_FILES:,} files", hint="scan without --diff-base")
    return Changes(tuple(files))


def links(git: Git) -> list[str]:
    """The links that git tracks."""
    listed = os.fsdecode(git.demand("ls-files", "-s", "-z"))
    return [entry.partition("\t")[2] for entry in listed.split("\0") if entry.startswith(_LINK)]


def _entries(raw: bytes) -> list[_Entry]:
    parts = iter(os.fsdecode(raw).split("\0"))
    entries = []
    for head in parts:
        if not head:
            continue
        old_mode, new_mode, _, _, status = head.removeprefix(":").split(" ")
        name = next(parts)
        kind = status[0]
        mode = old_mode if kind == "D" else new_mode
        old, new = {"A": ("", name), "D": (name, "")}.get(kind, (name, name))
        if kind in "RC":
            new = next(parts)
            old = old if kind == "R" else ""
        entries.append(_Entry(kind, mode, old, new))
    return entries


def _new_lines(git: Git, commit: str, entries: list[_Entry]) -> list[Ranges | None]:
    """The new lines of each file; None for all of them."""
    everything: list[Ranges | None] = [None] * len(entries)
    if not entries:
        return everything
    try:
        patch = git.demand(*_DIFF, "-p", "-U0", "--text", "--src-prefix=a/", "--dst-prefix=b/", commit, "--")
    except UsageError:
        return everything  # too long a patch: all lines of its files count
    found: list[list[tuple[int, int]]] = []
    for line in patch.split(b"\n"):
        if line.startswith(b"diff --git "):
            found.append([])
        elif found and (match := _HUNK.match(line)):
            first, count = int(match[1]), int(match[2] or 1)
            # Of lines that only went, git names the one above.
            found[-1].append((first, first + count - 1) if count else (first + 1, first))
    # A file that became a link, or a link that became a file, goes and comes in the patch.
    if len(found) != len(entries) + sum(entry.kind == "T" for entry in entries):
        return everything  # a file changed between the two calls
    ranges = iter(found)
    lines: list[Ranges | None] = []
    for entry in entries:
        new = tuple(next(ranges))
        if entry.kind == "T":
            next(ranges)
        lines.append(None if entry.kind in "AT" else new)
    return lines
