"""Standard output: the document of a command, whole, as UTF-8 whatever the terminal's encoding."""

from __future__ import annotations

import sys


def write_document(text: str) -> None:
    """Writes `text` with its line breaks as they are."""
    sys.stdout.flush()
    rest = memoryview(text.encode("utf-8", "replace"))
    while rest:
        # Where Python runs unbuffered, one write takes only what the pipe has room for.
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()
