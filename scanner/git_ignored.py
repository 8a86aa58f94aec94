"""Which single files git ignores, for files that other files name."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from scanner.gitignore import is_ignored, read_ignore_file


def git_ignores(root: Path, display: str) -> bool:
    """Whether git ignores the file `display` (relative to `root`, with `/`), by itself or by a folder above it.

    False where `root` is no repository.
    """
    if not (root / ".git").exists() or display.startswith(("/", "..")):
        return False
    ignores = [read_ignore_file(root / ".git" / "info" / "exclude", "")]
    path = PurePosixPath(display)
    for inner in (*reversed(path.parents[:-1]), path):
        folder = "" if inner.parent == PurePosixPath(".") else str(inner.parent)
        ignores.append(read_ignore_file(root / folder / ".gitignore", folder))
        known = tuple(file for file in ignores if file)
        if known and is_ignored(known, str(inner), inner.name, is_folder=inner != path):
            return True
    return False
