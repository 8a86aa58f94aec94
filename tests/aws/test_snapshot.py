"""Snapshots: the bytes that are written, and what is said of files that are none, cut off, damaged or newer."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.aws import snapshot
from scanner.aws.snapshot import Header, Record, Section, SnapshotError, is_snapshot, open_snapshot, record_line
from scanner.core.errors import UsageError

HEADER = Header(
    groundrule="1.0",
    collected="2025-01-02T03:04:05Z",
    accounts=({"id": "111111111111", "name": "main", "partition": "aws", "state": "collected"},),
    regions=("eu-central-1",),
    types=("AWS::S3::Bucket", "AWS::SQS::Queue"),
    complete=False,
)


def record(name: str) -> Record:
    return {
        "type": "AWS::S3::Bucket",
        "id": name,
        "name": name,
        "arn": f"arn:aws:s3:::{name}",
        "account": "111111111111",
        "region": "eu-central-1",
        "tags": {"stage": "prod"},
        "properties": {"BucketName": name, "BucketPolicy": None},
        "unknown": {"BucketEncryption": {"kind": "denied", "action": "s3:GetEncryptionConfiguration", "reason": "no"}},
        "secrets": [{"path": "Tags.x", "kind": "password"}],
    }


SECTIONS = [
    (Section("AWS::S3::Bucket", "111111111111", "eu-central-1", count=2), [record("a"), record("b")]),
    (Section("AWS::SQS::Queue", "111111111111", "eu-central-1", "unknown", "denied", "sqs:ListQueues", "no"), []),
]


def written(path: Path) -> Path:
    lines = [(section, [record_line(each) for each in records]) for section, records in SECTIONS]
    assert snapshot.write_snapshot(path, HEADER, lines) == 2
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json.gz")
    opened = open_snapshot(path)
    assert opened.header == HEADER
    for _ in range(2):
        assert [(section, list(records)) for section, records in opened.sections()] == SECTIONS
    assert [section for section, _ in opened.sections()] == [section for section, _ in SECTIONS]
    assert is_snapshot(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a.json.gz"]


def test_only_the_header_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(tmp_path / "a.json.gz").read_bytes()
    monkeypatch.setattr("time.time", lambda: 5.0)
    assert written(tmp_path / "b.json.gz").read_bytes() == first
    monkeypatch.setattr("tests.aws.test_snapshot.HEADER", HEADER.__class__(**{**_fields(HEADER), "groundrule": "2"}))
    other = written(tmp_path / "c.json.gz").read_bytes()
    assert other != first
    second = first.index(b"\x1f\x8b", 2)
    assert other.endswith(first[second:])


def _fields(header: Header) -> dict[str, Any]:
    return {name: getattr(header, name) for name in header.__dataclass_fields__}


def test_every_line_holds_to_the_schema(tmp_path: Path) -> None:
    schema = json.loads(Path(snapshot.__file__).with_name("snapshot.schema.json").read_text())
    lines = gzip.decompress(written(tmp_path / "a.json.gz").read_bytes()).splitlines()
    assert len(lines) == 6
    for line in lines:
        jsonschema.Draft202012Validator(schema).validate(json.loads(line))


def test_a_snapshot_may_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(gzip.decompress(written(tmp_path / "a.json.gz").read_bytes()))
    assert is_snapshot(path)
    assert [section for section, _ in open_snapshot(path).sections()] == [section for section, _ in SECTIONS]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x is no snapshot of groundrule"),
        (b"services: {}\n", "x is no snapshot of groundrule"),
        (b"[1]\n", "x is no snapshot of groundrule"),
        (b"\x1f\x8b\x08broken", "x is no snapshot of groundrule"),
        (gzip.compress(b"text", mtime=0), "x is no snapshot of groundrule"),
        (b'{"groundrule_snapshot":"1"}\n', "x is no snapshot of groundrule"),
        (b'{"groundrule_snapshot":1}\n', "x is damaged in its first line"),
        (b'{"groundrule_snapshot":2,"groundrule":"9.1"}\n', "x is a snapshot of a newer groundrule (9.1)"),
    ],
)
def test_foreign_files(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(SnapshotError) as raised:
        open_snapshot(path, "x")
    assert str(raised.value) == message
    assert raised.value.hint


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"x cannot be read: No such file or directory"):
        open_snapshot(tmp_path / "x", "x")
    assert not is_snapshot(tmp_path / "x")


def test_a_cut_off_file_gives_what_it_holds(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.json.gz").read_bytes()
    text = gzip.decompress(whole)
    path = tmp_path / "x"
    path.write_bytes(whole[:-40])
    with pytest.raises(SnapshotError, match=r"x is cut off after"):
        _read_names(path, [])
    for data in (gzip.compress(text[:-20]), text[:-20], text[: text.index(b'"end"') - 2]):
        path.write_bytes(data)
        names: list[str] = []
        with pytest.raises(SnapshotError, match=r"x is cut off after 2 records"):
            _read_names(path, names)
        assert names == ["a", "b"]


def _read_names(path: Path, names: list[str]) -> None:
    for _, records in open_snapshot(path, "x").sections():
        names += [each["name"] for each in records]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"end":{"records":2}', b'"end":{"records":3}', "x holds 2 records, but says 3"),
        (b'"tags":{"stage":"prod"}', b'"tags":[]', "x is damaged after 0 records"),
        (b'"state":"complete"', b'"state":"fine"', "x is damaged after 0 records"),
        (b'"account":"111111111111","arn"', b'"account":"111111111111,"arn"', "x is damaged at line 3"),
        (b'{"end"', b'{"start"', "x is damaged after 2 records"),
    ],
)
def test_damaged_files(old: bytes, new: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    text = gzip.decompress(written(tmp_path / "a.json.gz").read_bytes())
    assert old in text
    path.write_bytes(text.replace(old, new, 1))
    with pytest.raises(SnapshotError) as raised:
        list(open_snapshot(path, "x").sections())
    assert str(raised.value) == message


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file or directory"):
        written(tmp_path / "none" / "a.json.gz")
    path = tmp_path / "a.json.gz"
    path.write_text("old")

    def failing() -> Any:
        yield SECTIONS[0][0], [b"{}"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        snapshot.write_snapshot(path, HEADER, failing())
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json.gz"]


def test_snapshots_and_declarations_need_no_boto3() -> None:
    code = """
import sys
for name in ("boto3", "botocore", "jmespath"):
    sys.modules[name] = None
import scanner.aws.declaration, scanner.aws.snapshot, scanner.loading.aws, scanner.needed_types
from scanner.aws.types import resource_types
assert resource_types()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
