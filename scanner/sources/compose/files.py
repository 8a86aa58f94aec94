"""Reading the files of a project: inside the root only when scanning, each once, and not without limit."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from scanner.core.document import Document
from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.core.real_paths import RealPaths, lies_in
from scanner.core.scalars import COMPOSE
from scanner.core.yaml_reader import MAX_BYTES, decode, read_yaml

MAX_FILES = 1_000


class OutsideError(SourceError):
    """A file that is not read because it lies outside the scanned folder."""


class Files:
    """The files of one project. `root` None is for rendering: any file, as Compose itself would read it.

    Display paths are relative to `root`, else to the current folder, with `/`. `real_paths` is shared by the projects
    of a run.
    """

    def __init__(self, root: str | None, real_paths: RealPaths | None = None) -> None:
        self.root = os.path.realpath(root) if root is not None else None
        self.base = os.path.abspath(root) if root is not None else os.getcwd()  # noqa: PTH100, PTH109 (no resolving)
        self.real_paths = real_paths or RealPaths()
        self.parsed: dict[str, list[Document]] = {}
        self.read: dict[str, bytes] = {}
        self.shown: dict[str, str] = {}

    def display(self, path: str) -> str:
        """`path` as reports show it."""
        shown = self.shown.get(path)
        if shown is None:
            shown = self.shown[path] = self._relative(path)
        return shown

    def _relative(self, path: str) -> str:
        for base in (self.base, self.root):
            if base is not None:
                relative = os.path.relpath(path, base)
                if relative != ".." and not relative.startswith(".." + os.sep):
                    return relative.replace(os.sep, "/")
        return path.replace(os.sep, "/")

    def data(self, path: str) -> bytes:
        """The bytes of a file. Raises SourceError, OutsideError for a file that a scan does not read."""
        known = self.read.get(path)
        if known is not None:
            return known
        shown = self.display(path)
        if len(self.read) >= MAX_FILES:
            raise SourceError(f"the project has more than {MAX_FILES:,} files", Location(shown), "split the project")
        self._check_inside(path, shown)
        try:
            status = os.stat(path)  # noqa: PTH116
            if self.root is not None and not stat.S_ISREG(status.st_mode):
                raise SourceError("cannot be read: not a regular file", Location(shown), "name a file")
            if status.st_size > MAX_BYTES:
                raise SourceError(f"the file has {status.st_size:,} bytes; the limit is {MAX_BYTES:,}", Location(shown))
            with open(path, "rb") as file:  # noqa: PTH123
                # A given size is a buffer to be filled: for a regular file, whose size is known, a large waste.
                data = file.read() if stat.S_ISREG(status.st_mode) else file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise SourceError(f"cannot be read: {reason}", Location(shown), "correct the path") from error
        self.read[path] = data
        return data

    def _check_inside(self, path: str, shown: str) -> None:
        if self.root is None:
            return
        try:
            real = self.real_paths.real(path)
        except (OSError, ValueError) as error:
            raise SourceError(f"cannot be read: {error}", Location(shown)) from error
        if not lies_in(real, self.root):
            raise OutsideError(
                "lies outside the scanned folder", Location(shown), "scan a folder that holds both, or copy it inside"
            )

    def text(self, path: str) -> str:
        """The text of a file. Raises SourceError."""
        return decode(self.data(path), self.display(path))

    def documents(self, path: str) -> Sequence[Document]:
        """The YAML documents of a file. Raises SourceError."""
        if path not in self.parsed:
            self.parsed[path] = read_yaml(self.data(path), self.display(path), COMPOSE)
        return self.parsed[path]

    def exists(self, path: str) -> bool:
        """Whether there is a file (not a folder) that may be read."""
        try:
            if not os.path.isfile(path):  # noqa: PTH113
                return False
            self._check_inside(path, path)
        except (SourceError, ValueError):
            return False
        return True
