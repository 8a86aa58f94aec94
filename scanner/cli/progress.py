"""A progress bar on standard error, for scans that take longer than a second on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_PATIENCE = 1.0
"""Seconds until a bar appears: most scans end before."""

Step = Callable[[int, int], None]
"""Called with the number of files done and the number of all."""


@contextmanager
def progress() -> Iterator[Step]:
    """A function to call after each file; the bar, if any, is gone at the end."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    began = time.monotonic()
    bar: Any = None
    task: Any = None

    def step(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - began < _PATIENCE:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            bar = Progress(
                TextColumn("scanning"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            task = bar.add_task("scan", total=total)
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield step
    finally:
        if bar is not None:
            bar.stop()
