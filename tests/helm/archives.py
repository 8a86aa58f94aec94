"""Chart archives for tests: well-behaved and hostile ones, written block by block."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from typing import Any

CHART = b"apiVersion: v2\nname: top\nversion: 1.0.0\n"
PROBE = ("top/templates/zz-probe.yaml", b'{{ dict "chart" .Chart "files" .Files "subcharts" .Subcharts | toJson }}\n')

Member = tuple[str, bytes] | tuple[str, bytes, dict[str, Any]]


def tar(*members: Member, form: int = tarfile.USTAR_FORMAT, **headers: dict[str, str]) -> bytes:
    """A tar file. A member is (name, content) and, where wanted, attributes of its TarInfo."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, **headers) as archive:  # type: ignore[call-overload]
        for name, content, *attributes in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in (attributes[0] if attributes else {}).items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def tgz(*members: Member, **options: Any) -> bytes:
    """The same, compressed, with a good chart's files in front."""
    return packed(tar(("top/Chart.yaml", CHART), PROBE, *members, **options))


def packed(data: bytes) -> bytes:
    """Compressed, without a time."""
    return gzip.compress(data, 6, mtime=0)


def header(
    name: bytes, size: bytes = b"00000000000\0", kind: bytes = b"0", magic: bytes = b"ustar\x0000", **more: bytes
) -> bytes:
    """One block of a tar file, with a right checksum."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108] = more.get("mode", b"0000644\0")
    block[124 : 124 + len(size)] = size
    block[136:148] = b"00000000000\0"
    block[156:157] = kind
    block[257 : 257 + len(magic)] = magic
    prefix = more.get("prefix", b"")
    block[345 : 345 + len(prefix)] = prefix
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def content(data: bytes) -> bytes:
    """Content, filled up to a block."""
    return data + b"\0" * (-len(data) % 512)


END = b"\0" * 1024
_GOOD = header(b"top/Chart.yaml", b"%011o\0" % len(CHART)) + content(CHART)
_GOOD += header(PROBE[0].encode(), b"%011o\0" % len(PROBE[1])) + content(PROBE[1])
_NESTED = packed(tar(("a/Chart.yaml", CHART.replace(b"top", b"a")), ("a/LICENSE", b"x")))
_LONG = "top/" + "d" * 90 + "/" + "e" * 80 + "/f.txt"


def raw(*blocks: bytes, end: bytes = END) -> bytes:
    """A chart's good files, and blocks behind them."""
    return packed(_GOOD + b"".join(blocks) + end)


def link(kind: bytes, target: str) -> dict[str, Any]:
    """Attributes of a link."""
    return {"type": kind, "linkname": target, "size": 0}


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "good": lambda: tgz(("top/README.md", b"x")),
    "folders too": lambda: tgz(("top", b"", {"type": tarfile.DIRTYPE}), ("top/a/", b"", {"type": tarfile.DIRTYPE})),
    "another root": lambda: packed(tar(("other/Chart.yaml", CHART), ("other/templates/zz-probe.yaml", PROBE[1]))),
    "two roots": lambda: tgz(("other/README.md", b"x")),
    "no root": lambda: packed(tar(("Chart.yaml", CHART))),
    "a file without a folder": lambda: tgz(("README.md", b"x")),
    "Chart.yaml as folder": lambda: packed(tar(("Chart.yaml/a", CHART))),
    "dot in front": lambda: packed(tar(("./top/Chart.yaml", CHART))),
    "dot as root": lambda: packed(tar(("./Chart.yaml", CHART), ("./templates/zz-probe.yaml", PROBE[1]))),
    "absolute": lambda: tgz(("top//etc/passwd", b"x")),
    "absolute from the root": lambda: packed(tar(("top/Chart.yaml", CHART), PROBE, ("/etc/passwd", b"x"))),
    "parent": lambda: tgz(("top/../../etc/passwd", b"x")),
    "parent inside": lambda: tgz(("top/a/../b.txt", b"x")),
    "parent to itself": lambda: tgz(("top/a/..", b"x")),
    "dots in front of a name": lambda: tgz(("top/..a", b"x")),
    "drive": lambda: tgz(("top/c:/x", b"x")),
    "drive without slash": lambda: tgz(("top/c:x", b"x")),
    "backslashes": lambda: tgz(("top\\a\\b.txt", b"x")),
    "backslashes and parent": lambda: tgz(("top\\..\\..\\b.txt", b"x")),
    "backslashes and slashes": lambda: tgz(("top/a\\b.txt", b"x")),
    "backslash in front": lambda: tgz(("\\top\\a", b"x")),
    "only slashes": lambda: tgz(("top///", b"x")),
    "a symbolic link": lambda: tgz(("top/README.md", b"", link(tarfile.SYMTYPE, "/etc/passwd"))),
    "a link as template": lambda: tgz(("top/templates/a.yaml", b"", link(tarfile.SYMTYPE, "../Chart.yaml"))),
    "a hard link": lambda: tgz(("top/README.md", b"", link(tarfile.LNKTYPE, "top/Chart.yaml"))),
    "a device": lambda: tgz(("top/dev", b"", {"type": tarfile.CHRTYPE})),
    "a pipe": lambda: tgz(("top/fifo", b"", {"type": tarfile.FIFOTYPE})),
    "a link with a size": lambda: raw(header(b"top/x", b"00000000005\0", b"2")),
    "a file twice": lambda: tgz(
        ("top/README.md", b"x"),
        ("top/README.md", b"y"),
        ("top/templates/a.yaml", b"a: 1"),
        ("top/templates/a.yaml", b"a: 2"),
    ),
    "Chart.yaml twice": lambda: tgz(("top/Chart.yaml", CHART.replace(b"top", b"neu"))),
    "values twice": lambda: tgz(("top/values.yaml", b"a: 1"), ("top/values.yaml", b"b: 1")),
    "byte order marks": lambda: packed(
        tar(("top/Chart.yaml", b"\xef\xbb\xbf" + CHART), PROBE, ("top/values.yaml", b"\xef\xbb\xbfa: 1"))
    ),
    "helmignore": lambda: tgz(
        ("top/.helmignore", b"*.md"), ("top/README.md", b"x"), ("top/templates/.x.yaml", b"a: 1")
    ),
    "subchart": lambda: tgz(("top/charts/a-1.tgz", _NESTED)),
    "subchart that is bad": lambda: tgz(("top/charts/a-1.tgz", packed(tar(("a/x", b""))))),
    "subchart with a parent name": lambda: tgz(("top/charts/a-1.tgz", packed(tar(("a/../../x", b""))))),
    "empty": lambda: packed(END),
    "empty file": lambda: b"",
    "no gzip": lambda: b"hello, this is no archive\n" * 2,
    "no gzip, long": lambda: b"hello, this is no archive\n" * 40,
    "a zip": lambda: b"PK\x03\x04" + b"x" * 600,
    "html": lambda: b"<!DOCTYPE html> x" + b"x" * 600,
    "a gzip of text": lambda: packed(b"hello"),
    "a gzip of a block of text": lambda: packed(b"hello" * 200),
    "only a gzip header": lambda: b"\x1f\x8b\x08",
    "another method": lambda: b"\x1f\x8b\x07" + b"\0" * 600,
    "cut in the header": lambda: tgz()[:12],
    "cut in the middle": lambda: tgz()[:-40],
    "cut in the trailer": lambda: packed(tar(("top/Chart.yaml", CHART), PROBE)[:1024])[:-3],
    "a wrong checksum": lambda: raw(end=b"")[:-8] + b"\0" * 8,
    "a wrong checksum behind the end": lambda: raw()[:-8] + b"\0" * 8,
    "two members": lambda: packed(_GOOD[:700]) + packed(_GOOD[700:] + END),
    "bytes behind": lambda: raw() + b"garbage",
    "no end": lambda: raw(end=b""),
    "one block of end": lambda: raw(end=b"\0" * 512),
    "half a block": lambda: raw(end=b"\0" * 100),
    "a block behind zeros": lambda: raw(end=b"\0" * 512 + b"x" * 512),
    "a bad header": lambda: raw(b"x" * 512),
    "a bad checksum": lambda: raw(header(b"top/x")[:150] + b"9" + header(b"top/x")[151:]),
    "cut in a file": lambda: raw(header(b"top/x", b"00000002000\0") + b"x" * 100, end=b""),
    "padding missing": lambda: raw(header(b"top/x", b"00000000005\0") + b"hello", end=b""),
    "a size that is no number": lambda: raw(header(b"top/x", b"0000000009x\0")),
    "a negative size": lambda: raw(header(b"top/x", b"\xff" * 12)),
    "a size in binary": lambda: raw(header(b"top/x", b"\x80" + b"\0" * 10 + b"\x05"), content(b"hello")),
    "a huge size in binary": lambda: raw(header(b"top/x", b"\x80" + b"\x7f" * 11)),
    "a size over the limit of files": lambda: raw(header(b"top/x", b"%011o\0" % (5 * 1024 * 1024 + 1))),
    "a size over the limit of charts": lambda: raw(header(b"top/x", b"%011o\0" % (100 * 1024 * 1024 + 1))),
    "a file of the largest size": lambda: raw(
        header(b"top/x", b"%011o\0" % (5 * 1024 * 1024)), b"\0" * 5 * 1024 * 1024
    ),
    "many large files": lambda: raw(*[header(b"top/x", b"%011o\0" % (5 << 20)) + b"\0" * (5 << 20)] * 20),
    "old format": lambda: raw(header(b"top/x", b"%011o\0" % 1, b"\0", b""), content(b"x")),
    "old folder": lambda: raw(header(b"top/x/", b"00000000000\0", b"\0", b"")),
    "a folder by its mode": lambda: raw(header(b"top/x", mode=b"0040755\0")),
    "a name with a prefix": lambda: raw(header(b"x.txt", prefix=b"top/sub")),
    "GNU long name": lambda: tgz((_LONG, b"x"), form=tarfile.GNU_FORMAT),
    "PAX long name": lambda: tgz((_LONG + "ä", b"x"), form=tarfile.PAX_FORMAT),
    "PAX global": lambda: packed(
        tar(("top/Chart.yaml", CHART), PROBE, form=tarfile.PAX_FORMAT, pax_headers={"comment": "abc"})
    ),
    "PAX size": lambda: raw(
        header(b"x", b"%011o\0" % 10, b"x"), content(b"10 size=5\n"), header(b"top/x"), content(b"hello")
    ),
    "PAX broken": lambda: raw(header(b"x", b"%011o\0" % 10, b"x"), content(b"99 size=5\n")),
    "PAX without equals": lambda: raw(header(b"x", b"%011o\0" % 10, b"x"), content(b"10 size-5\n")),
    "PAX too long": lambda: raw(header(b"x", b"%011o\0" % (2 << 20), b"x"), b"x" * (2 << 20)),
    "a name in Latin 1": lambda: raw(header(b"top/\xe4.txt")),
    "a null byte in a name": lambda: raw(header(b"top/a\0b.txt")),
    "gzip header with a name": lambda: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"name\0" + raw()[10:],
    "gzip header with all": lambda: (
        b"\x1f\x8b\x08\x1c" + b"\0" * 6 + b"\x02\0ab" + b"name\0" + b"comment\0" + raw()[10:]
    ),
    "gzip header with a bad sum": lambda: b"\x1f\x8b\x08\x02" + b"\0" * 6 + b"ab" + raw()[10:],
    "corrupt data": lambda: raw()[:40] + b"\xff" * 40 + raw()[80:],
}
