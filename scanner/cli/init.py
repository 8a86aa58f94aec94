"""`groundrule init`: a first configuration."""

from __future__ import annotations

from pathlib import Path

import click

_TEMPLATE = """\
# The configuration of groundrule; every key may be left out. `groundrule rules schema config` prints its schema.

# The lowest severity that fails a run: critical, high, medium, low, info or never.
fail_on: low

# Files and folders to leave out. What .gitignore names is left out anyway.
exclude: []

# Settings of single rules, by id or family:NAME.
rules: {}
  # image-not-pinned: {severity: medium}
  # family:multi-az: {enabled: false}

# A development stack may be judged less strictly.
overrides: []
  # - paths: [dev/**]
  #   ignore: [family:resource-limits]

# Findings that somebody has accepted.
waivers: []
  # - rule: privileged-container
  #   paths: [deploy/agent.yaml]
  #   resource: node-agent
  #   reason: it reads the kernel log
  #   owner: platform team
  #   expires: 2027-01-31
"""


@click.command("init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, exists=True, path_type=Path))
def command(folder: Path) -> int:
    """Write a first .groundrule.yaml into FOLDER, the current one where none is given."""
    from scanner.cli.complain import say
    from scanner.config import FILE_NAME
    from scanner.core.errors import UsageError

    file = folder / FILE_NAME
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(_TEMPLATE)
    except FileExistsError as error:
        raise UsageError(f"{file} is there already", hint="edit it, or remove it first") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    say(f"wrote {file}; next: groundrule scan {'' if folder == Path() else folder}".rstrip())
    return 0
