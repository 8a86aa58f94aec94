"""`groundrule inspect`: what rules see."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("inspect")
@click.argument("path")
@click.option("--config", type=click.Path(path_type=Path), envvar="GROUNDRULE_CONFIG", help="Read this configuration.")
def command(path: str, config: Path | None) -> int:
    """Print the resources and views that rules see in PATH (`-`: standard input), with routes and locations.

    Secrets are masked. The exit status is 3 where something could not be read.
    """
    import json

    from scanner.cli.output import write_document
    from scanner.exit_status import CLEAN, INCOMPLETE
    from scanner.inspection import inspect
    from scanner.report.masking import Masker

    found, secrets = inspect([Path(path)], config, sys.stdin.buffer.read if path == "-" else None)
    write_document(json.dumps(Masker(secrets).mask_value(found), indent=2, ensure_ascii=False) + "\n")
    return INCOMPLETE if found["not_scanned"] else CLEAN
