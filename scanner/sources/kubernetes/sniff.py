"""Tells before parsing whether a file can hold a Kubernetes manifest."""

from __future__ import annotations

import codecs

from scanner.core.patterns import late

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ESCAPES = late(rb"\\(?:[xuU][0-9a-fA-F]{2}|\r?\n)")


def looks_like_manifest(data: bytes) -> bool:
    """False only where no document of `data` can have the keys apiVersion and kind.

    It never misses a manifest, in whatever quotes, style or encoding its keys stand, and may take other files for
    one: the words anywhere are enough, and so is an escape in double quotes, which could spell them.
    """
    if data.startswith(_UTF32):  # before UTF-16, whose mark it begins with
        data = data.decode("utf-32", "replace").encode()
    elif data.startswith(_UTF16):
        data = data.decode("utf-16", "replace").encode()
    if b"apiVersion" in data and b"kind" in data:
        return True
    return b"\\" in data and _ESCAPES.search(data) is not None
