"""The files of a chart's folder: links followed, .helmignore applied, Helm's limits kept."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from scanner.core.location import Location
from scanner.helm.archive import BOM, MAX_FILE_BYTES, MAX_FILES
from scanner.helm.chart import ChartFile
from scanner.helm.errors import HelmError
from scanner.helm.ignore import DEFAULT_RULES, IGNORE_FILE, Rules, is_ignored, read_rules

MAX_DEPTH = 100
"""Folders within folders."""
MAX_TOTAL_BYTES = 512 * 1024 * 1024


def read_folder(folder: Path, root: Path | None, display: Callable[[Path], str]) -> tuple[list[ChartFile], list[str]]:
    """The files that are not ignored, in the order of a walk by names, and Helm's notes about links.

    With `root`, a link that leads out of it is an error. Raises HelmError.
    """
    walk = _Walk(folder, root, display)
    walk.folder("", str(folder), ())
    return walk.files, walk.notes


class _Walk:
    """One walk over a folder."""

    def __init__(self, folder: Path, root: Path | None, display: Callable[[Path], str]) -> None:
        self.top = folder
        self.display = display
        shown = display(folder).replace(os.sep, "/").rstrip("/")
        self.prefix = "" if shown in ("", ".") else f"{shown}/"
        self.root = os.path.realpath(root) if root is not None else None
        self.files: list[ChartFile] = []
        self.notes: list[str] = []
        self.bytes = 0
        self.seen = 0
        self.rules = self.read_rules()

    def read_rules(self) -> Rules:
        path = self.top / IGNORE_FILE
        if not path.exists():
            return DEFAULT_RULES
        self.check_inside(str(path), os.path.realpath(path))
        if not path.is_file():
            kind = "a directory" if path.is_dir() else "no regular file"
            raise HelmError(f"read {self.display(path)}: is {kind}", Location(self.display(path)))
        return read_rules(path.read_bytes(), self.display(path))

    def shown(self, path: str) -> str:
        return self.display(Path(path))

    def folder(self, prefix: str, path: str, links: tuple[str, ...]) -> None:
        """`prefix` is the name inside the chart with `/` at its end; `links` are the targets of links on the way."""
        if prefix.count("/") > MAX_DEPTH:
            raise HelmError(f"folders within folders go more than {MAX_DEPTH} levels deep", Location(self.shown(path)))
        try:
            with os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            raise HelmError(f"open {self.shown(path)}: {_reason(error)}", Location(self.shown(path))) from error
        for entry in entries:
            self.seen += 1
            if self.seen > MAX_FILES:
                raise HelmError(f"the chart has more than {MAX_FILES:,} files", Location(self.shown(str(self.top))))
            self.entry(prefix + entry.name, entry, links)

    def entry(self, name: str, entry: os.DirEntry[str], links: tuple[str, ...]) -> None:
        base_name = entry.name
        try:
            if entry.is_symlink():
                target = self.target(entry.path, links)
                if Path(target).is_dir():
                    links = (*links, target)
                base_name = Path(target).name
            status = entry.stat()
        except OSError as error:
            raise HelmError(f"lstat {self.shown(entry.path)}: {_reason(error)}") from error
        is_folder = stat.S_ISDIR(status.st_mode)
        if is_ignored(self.rules, name, is_folder):
            return
        if is_folder:
            self.folder(f"{name}/", entry.path, links)
        else:
            self.file(name, entry.path, base_name, status)

    def target(self, path: str, links: tuple[str, ...]) -> str:
        """Where a link leads. Raises HelmError where that is nowhere, in a circle, or out of the root."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            where = self.shown(error.filename or path)
            reason = (
                f"lstat {where}: {_reason(error)}" if error.errno != errno.ELOOP else "EvalSymlinks: too many links"
            )
            message = f"error evaluating symlink {self.shown(path)}: {reason}"
            raise HelmError(message, Location(self.shown(path)), "remove the link, or make its target") from error
        self.notes.append(
            f"found symbolic link in path: {self.shown(path)} resolves to {target}. Contents of linked file included "
            "and used"
        )
        self.check_inside(path, target)
        if target in links or _is_within(os.path.realpath(Path(path).parent), target):
            raise HelmError(
                f"error evaluating symlink {self.shown(path)}: EvalSymlinks: too many links",
                Location(self.shown(path)),
                "remove the link: it leads to a folder that contains it",
            )
        return target

    def check_inside(self, path: str, target: str) -> None:
        if self.root is not None and not _is_within(target, self.root):
            raise HelmError(
                "the link leads out of what is scanned, and is not followed",
                Location(self.shown(path)),
                "copy the file into the chart, or scan a folder that holds both",
            )

    def file(self, name: str, path: str, base_name: str, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise HelmError(
                f"cannot load irregular file {self.shown(path)} as it has file mode type bits set",
                Location(self.shown(path)),
            )
        if status.st_size > MAX_FILE_BYTES:
            from scanner.template.printing import quote

            raise HelmError(
                f"chart file {quote(base_name)} is larger than the maximum file size {MAX_FILE_BYTES}",
                Location(self.shown(path)),
                "add it to .helmignore, or make it smaller",
            )
        try:
            data = _content(path, status.st_size)
        except OSError as error:
            message = f"error reading {name}: open {self.shown(path)}: {_reason(error)}"
            raise HelmError(message, Location(self.shown(path))) from error
        self.bytes += len(data)
        if self.bytes > MAX_TOTAL_BYTES:
            raise HelmError(f"the chart has more than {MAX_TOTAL_BYTES:,} bytes", Location(self.shown(str(self.top))))
        self.files.append(ChartFile(name, data.removeprefix(BOM), self.prefix + name))


def _content(path: str, size: int) -> bytes:
    """A file that had `size` bytes a moment ago."""
    number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        data = os.read(number, size + 1)
        while size < len(data) <= MAX_FILE_BYTES and (more := os.read(number, MAX_FILE_BYTES)):  # it has grown
            data += more
        return data
    finally:
        os.close(number)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _reason(error: OSError) -> str:
    """The system's text as Go prints it."""
    return (error.strerror or str(error)).lower()
