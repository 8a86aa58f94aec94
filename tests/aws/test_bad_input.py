"""The bad inputs of the commands: one clear line and the right status each, nothing lost of what was collected."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.snapshot import open_snapshot
from tests.aws.servers import Reply, hanging, in_front_of, json_error, xml_error
from tests.conftest import Command
from tests.scan.snapshots import record, write

Client = Callable[..., Any]
FEW = ("--select", "dynamodb-table-without-pitr,dynamodb-table-deletable")


@contextmanager
def nothing(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield moto, {"AWS_ACCESS_KEY_ID": ""}


@contextmanager
def wrong_region(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield moto, {"AWS_REGION": "eu-cental-1x", "AWS_DEFAULT_REGION": "eu-cental-1x"}


@contextmanager
def wrong_clock(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1800))
    refused = xml_error("SignatureDoesNotMatch", "Signature expired", 403, {"Date": now})
    with in_front_of(moto, lambda *_: refused) as proxy:
        yield proxy.url, {}


@contextmanager
def no_proxy(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield "http://aws.test", {"HTTP_PROXY": "http://me:Tr0ub4dor@127.0.0.1:9"}


@contextmanager
def hangs(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    with hanging() as url:
        yield url, {}


@contextmanager
def expired(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    with in_front_of(moto, lambda *_: xml_error("ExpiredToken", "", 403)) as proxy:
        yield proxy.url, {}


@contextmanager
def nobody(moto: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield "http://127.0.0.1:9", {}


CASES: dict[str, tuple[Any, int, str, str]] = {
    "no credentials": (nothing, 2, "there are no AWS credentials", "set AWS_PROFILE or --profile"),
    "a wrong region": (wrong_region, 2, "there is no AWS region 'eu-cental-1x'", "did you mean 'eu-central-1'?"),
    "a wrong clock": (
        wrong_clock,
        3,
        "AWS cannot be asked: the clock of this machine ",
        "set the clock of this machine",
    ),
    "no proxy": (no_proxy, 3, "AWS cannot be asked: the proxy for 127.0.0.1 cannot be reached", "correct HTTPS_PROXY"),
    "it hangs": (hangs, 3, "AWS cannot be asked: no answer from 127.0.0.1 within the time limit", "check the network"),
    "nobody is there": (nobody, 3, "AWS cannot be asked: no connection to 127.0.0.1", "check the network"),
    "the token has expired": (expired, 3, "AWS cannot be asked: the credentials have expired", "sign in again"),
}


@pytest.mark.usefixtures("fast_retries")
@pytest.mark.parametrize(
    "command", [("collect", "-o", "a.json.gz"), ("scan", "--save-snapshot", "a.json.gz")], ids=lambda each: each[0]
)
@pytest.mark.parametrize("case", CASES)
def test_what_cannot_begin(
    moto: str, groundrule: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, command: tuple[str, ...]
) -> None:
    server, status, message, hint = CASES[case]
    (tmp_path / "a.json.gz").write_text("of the night before")
    limit = ("--timeout", "0.3") if case == "it hangs" else ()
    with server(moto) as (url, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
        ran = groundrule("aws", *command, "--endpoint-url", url, *FEW, *limit, cwd=tmp_path)
    assert (ran.status, ran.out) == (status, ""), ran.err
    first, second = ran.err.splitlines()
    assert first.startswith(f"error: {message}")
    assert second.startswith(f"  help: {hint}")
    assert "Tr0ub4dor" not in ran.err
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.json.gz", "of the night before")]


@pytest.mark.usefixtures("fast_retries")
def test_a_token_that_expires_while_an_account_is_scanned(
    moto: str, client: Client, groundrule: Command, tmp_path: Path
) -> None:
    key = [{"AttributeName": "id", "KeyType": "HASH"}]
    for name in ("one", "two"):
        client("dynamodb").create_table(
            TableName=name,
            KeySchema=key,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    expired = threading.Event()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        operation = headers.get("x-amz-target", "")
        if operation.endswith("DescribeContinuousBackups"):
            expired.set()
        return json_error("ExpiredTokenException") if operation.endswith("DescribeContinuousBackups") else None

    region = ("--region", "us-east-1")
    with in_front_of(moto, rule) as proxy:
        ran = groundrule(
            "aws",
            "scan",
            "--save-snapshot",
            "a.gz",
            "-f",
            "json",
            "--endpoint-url",
            proxy.url,
            *region,
            *FEW,
            cwd=tmp_path,
        )
    assert expired.is_set(), ran.err
    outcomes = {(each["rule"], each["outcome"]) for each in json.loads(ran.out)["results"]}
    assert ("dynamodb-table-without-pitr", "unknown") in outcomes
    assert ran.status in (1, 3)
    assert "the credentials have expired" in ran.err
    assert "groundrule aws collect --resume a.gz goes on from here" in ran.err
    assert {each["name"] for _, records in open_snapshot(tmp_path / "a.gz").sections() for each in records} == {
        "one",
        "two",
    }


BROKEN: dict[str, tuple[Callable[[bytes], bytes] | None, str]] = {
    "missing": (None, "no such file or folder"),
    "foreign": (lambda data: b"services: {}\n", "no snapshot of groundrule, or damaged at its beginning"),
    "empty": (lambda data: b"", "no snapshot of groundrule, or damaged at its beginning"),
    "cut off": (lambda data: data[: len(data) * 2 // 3], "night.json.gz is cut off after"),
    "damaged": (lambda data: data[:900] + bytes(20) + data[920:], "night.json.gz is damaged"),
    "newer": (
        lambda data: gzip.compress(
            gzip.decompress(data).replace(b'"groundrule_snapshot":1', b'"groundrule_snapshot":9')
        ),
        "night.json.gz is a snapshot of a newer groundrule",
    ),
}


@pytest.mark.parametrize("command", [("scan",), ("aws", "scan", "--snapshot")], ids=" ".join)
@pytest.mark.parametrize("case", BROKEN)
def test_snapshots_that_cannot_be_read(
    groundrule: Command, tmp_path: Path, case: str, command: tuple[str, ...]
) -> None:
    change, message = BROKEN[case]
    path = tmp_path / "night.json.gz"
    kind = "AWS::DynamoDB::Table"
    rows = [record(kind, f"{number * 7919**3:x}", DeletionProtectionEnabled=True) for number in range(40)]
    write(path, sorted(rows, key=lambda each: each["id"]))
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    ran = groundrule(*command, "night.json.gz", "--select", "dynamodb-table-deletable", "-f", "json", cwd=tmp_path)
    assert ran.status == 3
    (entry,) = json.loads(ran.out)["not_scanned"]
    assert entry["path"] == "night.json.gz"
    assert entry["reason"].startswith(message)
    assert entry["hint"]


@pytest.mark.parametrize(
    ("name", "message"), [("deploy", "deploy is a folder"), ("compose.yaml", "compose.yaml is no snap")]
)
def test_only_a_snapshot_is_judged_as_one(groundrule: Command, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "compose.yaml").write_text("services: {}\n", "utf-8")
    ran = groundrule("aws", "scan", "--snapshot", name, cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {message}")
    assert "help: name a file that groundrule aws collect made" in ran.err
