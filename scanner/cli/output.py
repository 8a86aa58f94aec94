"""Standard output: the document of a command, whole, as UTF-8 whatever the terminal's encoding."""

from __future__ import annotations

import sys


def write_document(text: str) -> None:
    """Writes `text` with its line breaks as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
