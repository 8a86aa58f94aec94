"""Functions that encode and decode: base64 and base32."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64

from scanner.template.function import Function
from scanner.template.text import derived
from scanner.template.utf8 import decoded, encoded


def b64enc(text: str) -> str:
    """The standard base64, padded."""
    return derived(b2a_base64(encoded(text), newline=False).decode("ascii"), text)


def b32enc(text: str) -> str:
    """The standard base32, padded."""
    from base64 import b32encode

    return derived(b32encode(encoded(text)).decode("ascii"), text)


_ALPHABET_64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def b64dec(text: str) -> str:
    """What standard base64 says; for a text that is none, Go's message about it. New lines in it do not count."""
    data = encoded(text)
    fault = base64_fault(data)
    if fault is not None:
        return derived(f"illegal base64 data at input byte {fault}", text)
    return derived(decoded(a2b_base64(data)), text)


def base64_fault(data: bytes) -> int | None:
    """The offset that Go names for wrong base64; None for right base64."""
    codes = data.translate(None, b"\r\n")
    size = len(codes) - len(codes.lstrip(_ALPHABET_64))
    rest = size % 4
    if size == len(codes):
        # The missing characters are told at the place of the last group, counted back from the end.
        return len(data) - rest if rest else None
    offsets = [at for at, byte in enumerate(data) if byte not in b"\r\n"]
    if codes[size] != 0x3D or rest < 2:
        return offsets[size]
    if rest == 2:
        if size + 1 == len(codes):
            return len(data)
        if codes[size + 1] != 0x3D:
            return offsets[size + 1] - 1
        size += 1
    return offsets[size + 1] if size + 1 < len(codes) else None


_ALPHABET_32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def b32dec(text: str) -> str:
    """What standard base32 says; for a text that is none, Go's message about it. New lines in it do not count."""
    from base64 import b32decode

    codes = encoded(text).translate(None, b"\r\n")
    size = len(codes) - len(codes.lstrip(_ALPHABET_32))
    fault = _base32_fault(codes, size)
    if fault is not None:
        return derived(f"illegal base32 data at input byte {fault}", text)
    return derived(decoded(b32decode(codes[:size] + b"=" * (-size % 8))), text)


def _base32_fault(codes: bytes, size: int) -> int | None:
    """The offset that Go names for wrong base32 whose first `size` characters are right; None for right base32.

    What stands behind a complete padding does not count, as long as it is short.
    """
    used = size % 8
    if size == len(codes):
        return size - used if used else None
    after = len(codes) - size - 1
    if codes[size] != 0x3D or used < 2 or after >= 8:
        return size
    if after + used < 7:
        return len(codes)
    for index in range(7 - used):
        if codes[size + 1 + index] != 0x3D:
            return size + index
    return size if used in (3, 6) else None


FUNCTIONS = (
    Function("b32dec", "string", b32dec),
    Function("b32enc", "string", b32enc),
    Function("b64dec", "string", b64dec),
    Function("b64enc", "string", b64enc),
)
