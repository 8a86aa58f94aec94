"""Room for deeply nested templates: a thread with a large stack, and Python's recursion limit to match."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_FRAMES = 150_000
_STACK_BYTES = 512 << 20
_SMALLEST_STACK = 64 << 20


def with_deep_stack(call: Callable[[], Result]) -> Result:
    """What `call` returns or raises; meanwhile Python calls may be nested 150,000 deep.

    Templates that include each other a thousand deep, which Helm allows, need several Python calls for each level.
    Calls from Python to Python take no stack of the machine, but those through C do, hence the large one; only the part
    that is used takes memory.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # noqa: BLE001 (raised again in the thread that waits)
            errors.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size()
    if limit >= _FRAMES:
        return call()
    sys.setrecursionlimit(_FRAMES)
    try:
        _started(run).join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(size)
    if errors:
        raise errors[0]
    return results[0]


def _started(run: Callable[[], None]) -> threading.Thread:
    """A running thread with as much stack as the system grants."""
    size = _STACK_BYTES
    while True:
        threading.stack_size(size)
        thread = threading.Thread(target=run, name="templates", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            if size <= _SMALLEST_STACK:
                raise
            size //= 2
        else:
            return thread
