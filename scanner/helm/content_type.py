"""The kind of a file by its first bytes, as Go's net/http names it: for the message about what is no chart archive."""

from __future__ import annotations

import re

from scanner.core.patterns import late

_HTML = late(
    rb"[\t\n\f\r ]*(?:<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P|!--)[ >])",
    re.IGNORECASE,
)
_XML = late(rb"[\t\n\f\r ]*<\?xml")
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xfe\xff", "text/plain; charset=utf-16be"),
    (b"\xff\xfe", "text/plain; charset=utf-16le"),
    (b"\xef\xbb\xbf", "text/plain; charset=utf-8"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x00\x00\x02\x00", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"\x00\x01\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x1f\x8b\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07\x00", "application/x-rar-compressed"),
    (b"Rar!\x1a\x07\x01\x00", "application/x-rar-compressed"),
    (b"\x00asm", "application/wasm"),
)
_RIFF = {b"WEBPVP": "image/webp", b"AVI ": "video/avi", b"WAVE": "audio/wave"}
_BINARY = late(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")


def is_gzip(head: bytes) -> bool:
    """Whether a file begins as a gzip archive does."""
    return head.startswith(b"\x1f\x8b\x08")


def sniffed(head: bytes) -> str:
    """The content type of a file that begins with these 512 bytes."""
    if _HTML.match(head):
        return "text/html; charset=utf-8"
    if _XML.match(head):
        return "text/xml; charset=utf-8"
    for signature, content_type in _SIGNATURES:
        if head.startswith(signature):
            return content_type
    for form, content_type in _RIFF.items():
        if head[:4] == b"RIFF" and head[8:].startswith(form):
            return content_type
    if _is_mp4(head):
        return "video/mp4"
    if _BINARY.search(head.lstrip(b"\t\n\f\r ")):
        return "application/octet-stream"
    return "text/plain; charset=utf-8"


def _is_mp4(head: bytes) -> bool:
    size = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or size % 4 or not 12 <= size <= len(head):
        return False
    return any(head[at : at + 3] == b"mp4" for at in range(8, size, 4) if at != 12)
