"""Reads gzip and tar as a bounded stream, with the errors of Go's compress/gzip and archive/tar."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

BLOCK = 512
_PIECE = 256 * 1024
_SPECIAL_LIMIT = 1 << 20
_HEADER_ERROR = "archive/tar: invalid tar header"
_NO_DATA = frozenset(b"123456")
"""Types without content: links, devices, folders and pipes."""
_FOLDER_BITS = 0o40000


class ArchiveError(Exception):
    """An archive that cannot be read; the text is Go's."""


class Gunzip:
    """The content of a gzip file, some bytes at a time, never more than `limit` in all."""

    def __init__(self, data: bytes, limit: int) -> None:
        self.rest = data
        self.limit = limit
        self.ready = b""
        self.at = 0
        self.done = False
        self._begin_member()

    def _begin_member(self) -> None:
        self.rest = self.rest[_header_length(self.rest) :]
        self.inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self.checksum, self.size = 0, 0

    def read(self, length: int) -> bytes:
        """The next `length` bytes; fewer only at the end. Raises ArchiveError."""
        parts = []
        while length > 0:
            if self.at == len(self.ready):
                self.ready, self.at = self._more(), 0
                if not self.ready:
                    break
            part = self.ready[self.at : self.at + length]
            parts.append(part)
            self.at += len(part)
            length -= len(part)
        return b"".join(parts)

    def skip(self, length: int) -> None:
        """Passes over bytes. Raises ArchiveError where there are fewer."""
        while length > 0:
            passed = len(self.read(min(length, _PIECE)))
            if not passed:
                raise ArchiveError("unexpected EOF")
            length -= passed

    def _more(self) -> bytes:
        while not self.done:
            if self.inflate.eof:
                self._end_member()
                continue
            try:
                data = self.inflate.decompress(self.rest, _PIECE)
            except zlib.error as error:
                raise ArchiveError(f"flate: corrupt input ({error})") from error
            self.rest = self.inflate.unused_data if self.inflate.eof else self.inflate.unconsumed_tail
            if data:
                self.checksum = zlib.crc32(data, self.checksum)
                self.size += len(data)
                self.limit -= len(data)
                if self.limit < 0:
                    raise ArchiveError("the archive is too large")
                return data
            if not self.inflate.eof and not self.rest:
                raise ArchiveError("unexpected EOF")
        return b""

    def _end_member(self) -> None:
        """Checks the trailer, and begins the next member where there is one."""
        trailer, self.rest = self.rest[:8], self.rest[8:]
        if len(trailer) < 8:
            raise ArchiveError("unexpected EOF")
        expected = int.from_bytes(trailer[:4], "little"), int.from_bytes(trailer[4:], "little")
        if expected != (self.checksum, self.size & 0xFFFFFFFF):
            raise ArchiveError("gzip: invalid checksum")
        if self.rest:
            self._begin_member()
        else:
            self.done = True


def _header_length(data: bytes) -> int:
    if len(data) < 10:
        raise ArchiveError("unexpected EOF" if data else "EOF")
    if data[:3] != b"\x1f\x8b\x08":
        raise ArchiveError("gzip: invalid header")
    flags, at = data[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (8, 16):  # a name and a comment, each up to a null byte
        if flags & flag:
            end = data.find(b"\0", at, at + 512)
            if end < 0:
                raise ArchiveError("gzip: invalid header" if len(data) > at + 512 else "unexpected EOF")
            at = end + 1
    if flags & 2:
        if int.from_bytes(data[at : at + 2], "little") != zlib.crc32(data[:at]) & 0xFFFF and len(data) >= at + 2:
            raise ArchiveError("gzip: invalid header")
        at += 2
    if at > len(data):
        raise ArchiveError("unexpected EOF")
    return at


class Entry(NamedTuple):
    """An entry of an archive: its name as written, its declared size, whether it is a folder, and whether it holds
    content at all."""

    name: str
    size: int
    is_folder: bool
    has_data: bool


def entries(stream: Gunzip) -> Iterator[Entry]:
    """The entries in order, folders too. After each one, the caller reads its content from `stream` as far as it wants,
    through `take`. Raises ArchiveError."""
    reader = _TarReader(stream)
    while True:
        entry = reader.next()
        if entry is None:
            return
        before = stream_position(stream)
        yield entry
        reader.passed(stream_position(stream) - before)


def stream_position(stream: Gunzip) -> int:
    """The number of bytes read so far, up to a constant of each stream."""
    return -stream.limit - (len(stream.ready) - stream.at)


class _TarReader:
    """Follows the blocks of an archive, and merges what extended headers say about the next entry."""

    def __init__(self, stream: Gunzip) -> None:
        self.stream = stream
        self.left = 0
        self.padding = 0

    def passed(self, length: int) -> None:
        self.left -= length

    def next(self) -> Entry | None:
        extended: dict[bytes, bytes] = {}
        long_name = b""
        while True:
            self.stream.skip(self.left)
            self.stream.read(self.padding)
            self.left = self.padding = 0
            block = self.header()
            if block is None:
                return None
            kind, size = block[156], _number(block[124:136])
            self.expect(kind, size)
            if kind == ord("x"):
                extended = self.records()
            elif kind == ord("g"):
                self.records()
            elif kind == ord("L"):
                long_name = _text(self.special())
            elif kind == ord("K"):
                self.special()
            else:
                return self.entry(block, kind, size, extended, long_name)

    def entry(self, block: bytes, kind: int, size: int, extended: dict[bytes, bytes], long_name: bytes) -> Entry:
        if kind == ord("S") or any(key.startswith(b"GNU.sparse") for key in extended):
            raise ArchiveError("archive/tar: sparse files are not supported")
        name = long_name or extended.get(b"path") or _name(block)
        if extended.get(b"size"):
            size = _decimal(extended[b"size"])
            self.expect(kind, size)
        bits = _number(block[100:108]) & ~0o7777
        is_folder = kind == ord("5") or bits == _FOLDER_BITS or (kind == 0 and name.endswith(b"/"))
        return Entry(name.decode("utf-8", "surrogateescape"), size, is_folder, kind not in _NO_DATA)

    def expect(self, kind: int, size: int) -> None:
        """Sets how much content and padding follow."""
        if kind in _NO_DATA:
            size = 0
        if size < 0:
            raise ArchiveError(_HEADER_ERROR)
        self.left, self.padding = size, -size % BLOCK

    def header(self) -> bytes | None:
        block = self.block()
        if block is None:
            return None
        if not any(block):
            block = self.block()
            if block is not None and any(block):
                raise ArchiveError(_HEADER_ERROR)
            return None
        stored = _number(block[148:156])
        rest = block[:148] + b" " * 8 + block[156:]
        total = sum(rest)
        if stored != total and stored != total - 256 * sum(byte > 127 for byte in rest):  # signed bytes do too
            raise ArchiveError(_HEADER_ERROR)
        return block

    def block(self) -> bytes | None:
        block = self.stream.read(BLOCK)
        if block and len(block) < BLOCK:
            raise ArchiveError("unexpected EOF")
        return block or None

    def special(self) -> bytes:
        if self.left > _SPECIAL_LIMIT:
            raise ArchiveError("archive/tar: header field too long")
        data = self.stream.read(self.left)
        if len(data) < self.left:
            raise ArchiveError("unexpected EOF")
        self.left = 0
        return data

    def records(self) -> dict[bytes, bytes]:
        """The records `LENGTH KEY=VALUE` of an extended header."""
        data = self.special()
        found: dict[bytes, bytes] = {}
        while data:
            digits, blank, _ = data.partition(b" ")
            length = int(digits) if blank and digits.isdigit() and len(digits) < 8 else 0
            record = data[len(digits) + 1 : length]
            key, equals, value = record[:-1].partition(b"=")
            if length > len(data) or not record.endswith(b"\n") or not equals or not key:
                raise ArchiveError(_HEADER_ERROR)
            if b"\0" in (value if key in (b"path", b"linkpath", b"uname", b"gname") else key):
                raise ArchiveError(_HEADER_ERROR)
            found[key] = value
            data = data[length:]
        return found


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _name(block: bytes) -> bytes:
    name = _text(block[:100])
    prefix = b""
    if block[257:263] == b"ustar\0":
        is_star = block[508:512] == b"tar\0"
        prefix = _text(block[345:476] if is_star else block[345:500])
    return prefix + b"/" + name if prefix else name


def _number(field: bytes) -> int:
    """Octal digits between blanks and null bytes, or a big-endian number whose first bit is set."""
    if field[0] & 0x80:
        number = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        if field[0] & 0x40:
            number -= 1 << (8 * len(field) - 1)
        if not -(1 << 63) <= number < 1 << 63:
            raise ArchiveError(_HEADER_ERROR)
        return number
    digits = _text(field.strip(b" \0"))
    if not digits:
        return 0
    if any(byte not in b"01234567" for byte in digits):
        raise ArchiveError(_HEADER_ERROR)
    return int(digits, 8)


def _decimal(digits: bytes) -> int:
    text = digits.decode("latin-1")
    sign = text[:1] in ("+", "-")
    if not text[sign:].isdecimal() or not text.isascii() or len(text) > 20:
        raise ArchiveError(_HEADER_ERROR)
    return int(text)
