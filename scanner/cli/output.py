"""Standard output: the document of a command, whole, as UTF-8 whatever the terminal's encoding."""

from __future__ import annotations

import sys

from scanner.core.errors import UsageError


def write_document(text: str) -> None:
    """Writes `text` with its line breaks as they are."""
    write_bytes(text.encode("utf-8", "replace"))


def write_bytes(data: bytes) -> None:
    """Writes bytes as they are."""
    try:
        sys.stdout.flush()
        rest = memoryview(data)
        while rest:
            # Where Python runs unbuffered, one write takes only what the pipe has room for.
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(
            f"standard output cannot be written: {error.strerror}", hint="write to a file with -o FORMAT=FILE"
        ) from error
