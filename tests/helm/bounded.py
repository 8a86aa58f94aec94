"""The command line in a process of its own, with a bound of memory and of processor time."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from typing import NamedTuple

MEMORY = 2 << 30
SECONDS = 60
"""Bytes of address space, and seconds of processor time, that a command may take before the system stops it."""


class Bounded(NamedTuple):
    """How a command ended: its exit status (negative where a signal ended it), all that it printed, and the most memory
    that it had at once, in MB."""

    status: int
    text: str
    megabytes: int


def run_bounded(arguments: list[str], place: Path) -> Bounded:
    """Runs `groundrule` with these arguments in `place`, where its output is kept too.

    The process is forked from one that has imported the program, which is much quicker than starting Python.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scanner.scan", "scanner.cli.app", "scanner.loading.helm", "scanner.helm.render"])
    process = context.Process(target=_limited, args=(arguments, str(place)))
    process.start()
    process.join()
    shown = [(place / name).read_bytes().decode("utf-8", "replace") for name in ("out", "err")]
    peak = (place / "peak").read_text() if (place / "peak").exists() else "0"
    return Bounded(process.exitcode or 0, "".join(shown), int(peak))


def _limited(arguments: list[str], place: str) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.chdir(place)
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    from scanner.cli import run

    status = run(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    Path("peak").write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10))
    os._exit(status)
