"""The command line: parses, dispatches, prints, and turns what went wrong into an exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

INTERRUPTED, BROKEN_PIPE = 130, 141
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""A scan makes many objects and hardly a cycle: looking for cycles as often as usual costs a quarter of its time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits with its status."""
    _open_what_is_closed()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    status = run(sys.argv[1:] if arguments is None else list(arguments))
    gc.freeze()  # what is left goes with the process: the interpreter need not look for cycles in it before it ends
    sys.exit(status)


def _open_what_is_closed() -> None:
    """Where a standard stream is closed, Python has None for it: reading it finds nothing, writing to it is lost."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def run(arguments: list[str]) -> int:
    """Runs one command; the result is the exit status."""
    import click

    from scanner.cli.app import ReaderGoneError, app
    from scanner.cli.complain import bug, complain, usage
    from scanner.core.errors import GroundruleError

    debug = "--debug" in arguments or bool(os.environ.get("GROUNDRULE_DEBUG"))
    try:
        status = app.main(
            args=[argument for argument in arguments if argument != "--debug"],
            prog_name="groundrule",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except click.ClickException as error:
        return usage(error)
    except GroundruleError as error:
        return complain(error)
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")  # below the line break that click writes
        return INTERRUPTED
    except (BrokenPipeError, ReaderGoneError):
        # The reader has gone: what is left in the buffer must not raise once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an exit status
        return bug(error, debug=debug)
    return status if isinstance(status, int) else 0
