"""Where paths lead once links are followed; folders on the way are looked at once."""

from __future__ import annotations

import os
import stat


class RealPaths:
    """The real paths of the files of one run, most of which lie in folders that were met before."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def real(self, path: str) -> str:
        """As `os.path.realpath` for an absolute path. Raises OSError and ValueError as that does."""
        folder, name = os.path.split(path)
        if name in ("", ".", ".."):
            return os.path.realpath(path)
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = self._real_folder(folder)
        return _below(known, name)

    def _real_folder(self, path: str) -> str:
        outer, name = os.path.split(path)
        known = self._folders.get(outer)
        return os.path.realpath(path) if known is None or name in ("", ".", "..") else _below(known, name)


def _below(folder: str, name: str) -> str:
    path = os.path.join(folder, name)  # noqa: PTH118
    try:
        is_link = stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return path
    return os.path.realpath(path) if is_link else path


def lies_in(real: str, folder: str) -> bool:
    """Whether a real path is a real folder or lies below it."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)
