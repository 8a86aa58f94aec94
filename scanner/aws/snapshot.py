"""Snapshots of accounts: one gzip file of JSON lines, read and written as a stream, a section at a time.

The lines: a header; then for each type, account and region (in this order, sorted) a section line and its records,
sorted by id; an end line with the number of records. `snapshot.schema.json` describes them. The header is a gzip member
of its own, so that two snapshots of the same facts differ in nothing but the header.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal, TypedDict

from scanner.core.errors import SourceError, UsageError

VERSION = 1
_LONGEST_LINE = 64 * 1024 * 1024
_MAGIC = b"\x1f\x8b"
_FIRST = '{"groundrule_snapshot":'

State = Literal["complete", "unknown", "not_collected"]
Kind = Literal["", "denied", "failed"]


class SnapshotError(SourceError):
    """A snapshot that cannot be read to its end; what was read before holds."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a snapshot is: `accounts` as {"id", "name", "partition", "state", "reason"}, `complete` if every section is.

    `collected` is the time (UTC, RFC 3339) at which collecting began.
    """

    groundrule: str
    collected: str
    accounts: tuple[dict[str, str], ...]
    regions: tuple[str, ...]
    types: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Section:
    """What is known of one type in one account and region.

    `state`: `complete` (all resources are here, maybe none), `unknown` (the list call failed: `kind`, `action`,
    `reason`), `not_collected` (interrupted or out of budget: `reason`). The last two may still have some records.
    `region` is `global` for what has no region, `*` where no region of the account could be asked.
    """

    type: str
    account: str
    region: str
    state: State = "complete"
    kind: Kind = ""
    action: str = ""
    reason: str = ""
    count: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What sections are sorted by."""
        return self.type, self.account, self.region


class UnknownFact(TypedDict):
    """Why a property of a record is not known."""

    kind: Literal["denied", "failed"]
    action: str
    reason: str


class Verdict(TypedDict):
    """A secret that was seen in a property when it was collected, and was not kept."""

    path: str
    kind: str


class Record(TypedDict):
    """One resource. A property that is null was asked for and is not configured.

    `unknown`: property → why it is not known; the property `*` stands for every one that is not in `properties`. In
    `properties`, {"$secret": kind} stands for a text that was judged a secret, {"$value": "checked"} for one that was
    judged none but is not kept.
    """

    type: str
    id: str
    name: str
    arn: str
    account: str
    region: str
    tags: dict[str, str]
    properties: dict[str, Any]
    unknown: dict[str, UnknownFact]
    secrets: list[Verdict]


def record_line(record: Record) -> bytes:
    """The line of a record: keys sorted, without a line break at its end."""
    return _line(record)


def _line(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _first(header: Header) -> bytes:
    return f"{_FIRST}{VERSION},".encode() + _line(asdict(header))[1:]


def write_snapshot(path: Path, header: Header, sections: Iterable[tuple[Section, Iterable[bytes]]]) -> int:
    """Writes sections in their order with the lines of their records; the result is the number of records.

    The file is only replaced when the new one is whole. Raises UsageError where it cannot be written.
    """
    import gzip
    import os
    import tempfile

    count = 0
    try:
        number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(number, "wb") as file:
                with gzip.GzipFile("", "wb", 6, file, 0) as stream:
                    # The version stands first: a file tells by its first bytes what it is.
                    stream.write(_first(header) + b"\n")
                with gzip.GzipFile("", "wb", 6, file, 0) as stream:
                    for section, lines in sections:
                        stream.write(_line({"section": asdict(section)}) + b"\n")
                        for line in lines:
                            stream.write(line + b"\n")
                            count += 1
                    stream.write(_line({"end": {"records": count}}) + b"\n")
            os.replace(name, path)  # noqa: PTH105 - the name is no Path
        except BaseException:
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - the same
            raise
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="give another file with -o") from error
    return count


def is_snapshot(path: Path) -> bool:
    """Whether a file begins as a snapshot does, of whatever version, compressed or not."""
    try:
        with _opened(path) as stream:
            return stream.read(64).decode("utf-8", "replace").startswith(_FIRST)
    except (OSError, EOFError, zlib.error):
        return False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot file: `sections` reads it from its beginning each time that it is called."""

    path: Path
    header: Header
    display: str

    def sections(self) -> Iterator[tuple[Section, Iterator[Record]]]:
        """Each section with its records; those that are not read are skipped. Raises SnapshotError."""
        lines = _lines(self.path, self.display)
        next(lines)
        yield from _Reading(lines, self.display).sections()


class _Reading:
    """One pass over a snapshot's lines."""

    def __init__(self, lines: Iterator[dict[str, Any]], display: str) -> None:
        self.lines = lines
        self.display = display
        self.count = 0
        self.line: dict[str, Any] | None = None

    def sections(self) -> Iterator[tuple[Section, Iterator[Record]]]:
        """See `Snapshot.sections`."""
        self._advance()
        while self.line is not None and "section" in self.line:
            section = self._section(self.line["section"])
            self._advance()
            records = self._records()
            yield section, records
            for _ in records:
                pass
        end = self.line.get("end") if self.line is not None else None
        if not isinstance(end, dict):
            raise self._broken()
        if end.get("records") != self.count:
            raise SnapshotError(
                f"{self.display} holds {self.count} records, but says {end.get('records')}", hint=_AGAIN
            )

    def _advance(self) -> None:
        self.line = next(self.lines, None)

    def _records(self) -> Iterator[Record]:
        while self.line is not None and "properties" in self.line:
            record = self.line
            if not _is_record(record):
                raise self._broken()
            self.count += 1
            yield record  # type: ignore[misc]
            self._advance()

    def _section(self, found: Any) -> Section:
        known = {name: found[name] for name in _SECTION_FIELDS if name in found} if isinstance(found, dict) else {}
        try:
            section = Section(**known)
        except TypeError as error:
            raise self._broken() from error
        texts = (section.type, section.account, section.region, section.kind, section.action, section.reason)
        if not all(isinstance(each, str) for each in texts) or section.state not in _STATES:
            raise self._broken()
        return section

    def _broken(self) -> SnapshotError:
        if self.line is None:
            return SnapshotError(f"{self.display} is cut off after {self.count} records", hint=_AGAIN)
        return SnapshotError(f"{self.display} is damaged after {self.count} records", hint=_AGAIN)


_AGAIN = "collect it again, or go on from it with groundrule aws collect --resume"
_SECTION_FIELDS = tuple(Section.__dataclass_fields__)
_STATES = ("complete", "unknown", "not_collected")
_TEXTS = ("type", "id", "name", "arn", "account", "region")


def _is_record(line: dict[str, Any]) -> bool:
    return (
        all(isinstance(line.get(name), str) for name in _TEXTS)
        and all(isinstance(line.get(name), dict) for name in ("tags", "properties", "unknown"))
        and all(isinstance(fact, dict) for fact in line["unknown"].values())
        and isinstance(line.get("secrets"), list)
    )


def open_snapshot(path: Path, display: str = "") -> Snapshot:
    """The snapshot at `path`, called `display` in messages.

    Raises SnapshotError where it is none, is damaged at its beginning or is of a newer version.
    """
    display = display or str(path)
    first = next(_lines(path, display), None)
    if first is None or not isinstance(first.get("groundrule_snapshot"), int):
        raise SnapshotError(f"{display} is no snapshot of groundrule", hint="groundrule aws collect makes one")
    if first["groundrule_snapshot"] > VERSION:
        maker = first.get("groundrule")
        raise SnapshotError(
            f"{display} is a snapshot of a newer groundrule"
            + (f" ({maker})" if isinstance(maker, str) and len(maker) < 40 else ""),
            hint="update groundrule, or collect again with this one",
        )
    try:
        header = Header(
            groundrule=str(first["groundrule"]),
            collected=str(first["collected"]),
            accounts=tuple({str(key): str(value) for key, value in each.items()} for each in first["accounts"]),
            regions=tuple(map(str, first["regions"])),
            types=tuple(map(str, first["types"])),
            complete=bool(first["complete"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SnapshotError(f"{display} is damaged in its first line", hint=_AGAIN) from error
    return Snapshot(path, header, display)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's text, unpacked where it is packed."""
    import gzip

    with path.open("rb") as file:
        packed = file.read(2) == _MAGIC
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                yield stream  # type: ignore[misc]
        else:
            yield file


def _lines(path: Path, display: str) -> Iterator[dict[str, Any]]:
    """Each line's object. A line that is cut off ends it; one that is no object raises SnapshotError."""
    count = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(_LONGEST_LINE):
                if not line.endswith(b"\n"):
                    return
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise _foreign(display, count) from error
                if not isinstance(value, dict):
                    raise _foreign(display, count)
                yield value
                count += 1
    except EOFError:
        return
    except zlib.error as error:
        raise _foreign(display, count) from error
    except OSError as error:
        if error.errno is None:  # gzip's own
            raise _foreign(display, count) from error
        raise SnapshotError(f"{display} cannot be read: {error.strerror}", hint="give another file") from error


def _foreign(display: str, count: int) -> SnapshotError:
    if not count:
        return SnapshotError(f"{display} is no snapshot of groundrule", hint="groundrule aws collect makes one")
    return SnapshotError(f"{display} is damaged at line {count + 1}", hint=_AGAIN)
