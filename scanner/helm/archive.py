"""Chart archives (.tgz): their files, within Helm's limits and with its checks of names."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from typing import NamedTuple

from scanner.core.patterns import late
from scanner.helm.errors import HelmError

MAX_CHART_BYTES = 100 * 1024 * 1024
"""The content of all files of an archive."""
MAX_FILE_BYTES = 5 * 1024 * 1024
"""One file, in an archive or in a folder."""
MAX_FILES = 100_000
"""Files of a chart, and entries of an archive."""
BOM = b"\xef\xbb\xbf"

_DRIVE = late("[a-zA-Z]:/")
_TOO_LARGE = f"decompressed chart is larger than the maximum file size {MAX_CHART_BYTES}"
_STREAM_BYTES = MAX_CHART_BYTES + 64 * 1024 * 1024
_KEPT_BYTES = 64 * 1024 * 1024


class Packed(NamedTuple):
    """A file of an archive: the folder that it is in at the top, its name below that, and its content."""

    top: str
    name: str
    data: bytes


def unpack(data: bytes) -> list[Packed]:
    """The files of a chart's archive, in its order. The same archive (charts vendor the same ones) is read once.

    Raises HelmError with Helm's message for what it refuses: absolute names, names that lead out, too much data.
    """
    files = _kept.get(data)
    if files is None:
        files = _read(data)
        _keep(data, files)
    else:
        _kept.move_to_end(data)
    return files


_kept: OrderedDict[bytes, list[Packed]] = OrderedDict()
_sizes: dict[bytes, int] = {}


def _keep(data: bytes, files: list[Packed]) -> None:
    size = len(data) + sum(len(file.data) for file in files)
    if size > _KEPT_BYTES // 4:
        return
    _kept[data], _sizes[data] = files, size
    while sum(_sizes.values()) > _KEPT_BYTES:
        oldest, _ = _kept.popitem(last=False)
        del _sizes[oldest]


def _read(data: bytes) -> list[Packed]:
    from scanner.helm.tar_stream import ArchiveError

    try:
        return _read_stream(data)
    except ArchiveError as error:
        message = str(error)
        raise HelmError(_TOO_LARGE if message == "the archive is too large" else message) from error


def _read_stream(data: bytes) -> list[Packed]:
    from scanner.helm.tar_stream import Gunzip, entries

    stream = Gunzip(data, _STREAM_BYTES)
    files: list[Packed] = []
    remaining = MAX_CHART_BYTES
    for count, entry in enumerate(entries(stream)):
        if count >= MAX_FILES:
            raise HelmError(f"the chart archive has more than {MAX_FILES:,} entries")
        if entry.is_folder:
            continue
        top, name = _checked_name(entry.name)
        if entry.size > remaining:
            raise HelmError(_TOO_LARGE)
        if entry.size > MAX_FILE_BYTES:
            from scanner.template.printing import quote

            raise HelmError(
                f"decompressed chart file {quote(entry.name)} is larger than the maximum file size {MAX_FILE_BYTES}"
            )
        content = stream.read(entry.size) if entry.has_data else b""
        if entry.has_data and len(content) < entry.size:
            raise HelmError("unexpected EOF")
        remaining -= len(content)
        if len(content) < entry.size or remaining <= 0:
            raise HelmError(_TOO_LARGE)
        files.append(Packed(top, name, content.removeprefix(BOM)))
    if not files:
        raise HelmError("no files in chart archive")
    return files


def _checked_name(name: str) -> tuple[str, str]:
    """The first folder and the rest of a name, with `/`. Raises HelmError for a name that leads elsewhere."""
    delimiter = "\\" if "\\" in name else "/"
    top, _, rest = name.partition(delimiter)
    rest = rest.replace(delimiter, "/")
    if rest.startswith("/"):
        raise HelmError("chart illegally contains absolute paths")
    rest = posixpath.normpath(rest) if rest else "."
    if rest == ".":
        from scanner.template.printing import quote

        raise HelmError(f"chart illegally contains content outside the base directory: {quote(name)}")
    if rest.startswith(".."):
        raise HelmError("chart illegally references parent directory")
    if _DRIVE.match(rest):
        raise HelmError("chart contains illegally named files")
    if top == "Chart.yaml":
        raise HelmError("chart yaml not in base directory")
    return top, rest
