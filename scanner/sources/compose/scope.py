"""Where a group of files is read: the folders that its paths start from, and its variables."""

from typing import NamedTuple

from scanner.sources.compose.context import Context
from scanner.sources.compose.environment import Environment
from scanner.sources.compose.paths import joined


class Scope(NamedTuple):
    """Where a group of files is read.

    `folder` is what relative paths of its values are seen from, `loader` where `include` and `extends` look for files;
    either may be relative to the context's `cwd`. `included` are the files on the way here.
    """

    context: Context
    folder: str
    loader: str
    environment: Environment
    included: tuple[str, ...] = ()
    resolve_paths: bool = False

    def absolute(self, path: str) -> str:
        """A file of this scope as an absolute path."""
        return joined(self.context.cwd, joined(self.loader, path))
