"""A project exactly as Compose resolves it: `groundrule render`."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from scanner.sources.compose.context import Context
from scanner.sources.compose.files import Files
from scanner.sources.compose.resolve import resolve
from scanner.sources.compose.tree import plain

_SCIENTIFIC = 1e21


def render_project(
    files: Sequence[Path | str], profiles: Collection[str] = (), environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The project of exactly these files as plain values: name, services, networks, volumes, secrets, configs, x-*.

    `.env` beside the first file is read, env_files are not, a variable without a value is empty, relative paths stay
    relative. Raises SourceError for what Compose refuses: the first mistake, with its place.
    """
    cwd = os.getcwd()  # noqa: PTH109
    context = Context(Files(None), strict=True, cwd=cwd)
    absolute = [os.path.normpath(os.path.join(cwd, file)) for file in files]  # noqa: PTH118
    resolved = resolve(absolute, profiles, environment or {}, (), context)
    return {key: _printed(plain(node)) for key, node in sorted(resolved.tree.value.items())}


def _printed(value: Any) -> Any:
    """Numbers as Go prints them: without a fraction where they have none."""
    if isinstance(value, dict):
        return {key: _printed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_printed(child) for child in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _SCIENTIFIC else value
