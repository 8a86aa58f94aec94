"""Checksums of texts."""

from __future__ import annotations

from scanner.template.function import Function
from scanner.template.text import derived
from scanner.template.utf8 import encoded


def sha1sum(text: str) -> str:
    """The SHA-1 in hexadecimal."""
    from hashlib import sha1

    return derived(sha1(encoded(text), usedforsecurity=False).hexdigest(), text)


def sha256sum(text: str) -> str:
    """The SHA-256 in hexadecimal."""
    from hashlib import sha256

    return derived(sha256(encoded(text)).hexdigest(), text)


def sha512sum(text: str) -> str:
    """The SHA-512 in hexadecimal."""
    from hashlib import sha512

    return derived(sha512(encoded(text)).hexdigest(), text)


def adler32sum(text: str) -> str:
    """The Adler-32 in decimal."""
    from zlib import adler32

    return derived(str(adler32(encoded(text))), text)


FUNCTIONS = (
    Function("adler32sum", "string", adler32sum),
    Function("sha1sum", "string", sha1sum),
    Function("sha256sum", "string", sha256sum),
    Function("sha512sum", "string", sha512sum),
)
