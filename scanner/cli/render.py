"""`groundrule render`: a Compose project as Compose resolves it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click


@click.command("render")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--profile", "profiles", multiple=True, help="An active profile; repeatable.")
def command(files: Sequence[Path], profiles: Sequence[str]) -> int:
    """Print the Compose project of FILE... as JSON: exactly these files, later ones merged over earlier ones.

    `.env` is read, env_file is not, and variables without a value are empty. Values are printed as they are, secrets
    too. Fails where Compose fails, with exit status 3.
    """
    import json
    import os

    from scanner.cli.output import write_document
    from scanner.sources.compose.render import render_project

    project = render_project(list(files), list(profiles), dict(os.environ))
    write_document(json.dumps(project, indent=2, ensure_ascii=False) + "\n")
    return 0
