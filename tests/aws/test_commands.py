"""`groundrule aws collect` and `groundrule aws scan`, from the command line to the exit status."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.snapshot import open_snapshot
from tests.aws.conftest import ACCOUNT
from tests.aws.servers import Reply, in_front_of, json_error, target, xml_error
from tests.conftest import Command

Client = Callable[..., Any]


@pytest.fixture
def aws(groundrule: Command, moto: str, tmp_path: Path) -> Callable[..., Any]:
    """`aws("collect", ...)` in an empty folder, against moto or `url`, in one region."""

    def run(name: str, *arguments: object, url: str = moto) -> Any:
        return groundrule("aws", name, "--endpoint-url", url, "--region", "us-east-1", *arguments, cwd=tmp_path)

    return run


def names(path: Path) -> list[str]:
    return [record["name"] for _, records in open_snapshot(path).sections() for record in records]


def test_collect(aws: Callable[..., Any], client: Client, tmp_path: Path) -> None:
    client("s3").create_bucket(Bucket="one")
    ran = aws("collect", "-o", "a.json.gz", "--type", "AWS::S3::Bucket,AWS::ECS::Cluster")
    assert (ran.status, ran.out) == (0, "")
    calls = "collected 1 resource of 1 account with "
    assert ran.err.startswith(calls)
    assert ran.err.endswith(" calls in a.json.gz\n")
    assert names(tmp_path / "a.json.gz") == ["one"]
    assert open_snapshot(tmp_path / "a.json.gz").header.types == ("AWS::ECS::Cluster", "AWS::S3::Bucket")


def test_collect_what_some_rules_need(aws: Callable[..., Any], tmp_path: Path) -> None:
    ran = aws("collect", "-o", "a.json.gz", "--select", "s3-bucket-public-access-not-blocked")
    assert ran.status == 0
    assert "AWS::S3::Bucket" in open_snapshot(tmp_path / "a.json.gz").header.types
    assert "AWS::RDS::DBInstance" not in open_snapshot(tmp_path / "a.json.gz").header.types


def test_collect_tells_what_it_could_not_and_goes_on_from_there(
    aws: Callable[..., Any], moto: str, client: Client, tmp_path: Path
) -> None:
    client("ecs").create_cluster(clusterName="alpha")
    with in_front_of(moto, target("ListClusters", json_error("AccessDeniedException"))) as proxy:
        ran = aws("collect", "-o", "a.json.gz", "--type", "AWS::ECS::Cluster,AWS::ECS::Service", url=proxy.url)
    assert ran.status == 3
    assert ran.err.splitlines()[1:] == [
        f"not collected: account {ACCOUNT}, us-east-1: 2 types, AWS::ECS::Cluster and others: "
        "access is denied: ecs:ListClusters",
        "  help: groundrule aws policy prints the rights that are needed",
        "  help: groundrule aws collect --resume a.json.gz goes on from here",
        "not everything was collected",
    ]
    ran = aws("collect", "--resume", "a.json.gz")
    assert ran.status == 0
    assert names(tmp_path / "a.json.gz") == ["alpha"]


def test_collect_with_a_budget(aws: Callable[..., Any], client: Client, tmp_path: Path) -> None:
    client("s3").create_bucket(Bucket="one")
    ran = aws("collect", "-o", "a.json.gz", "--type", "AWS::S3::Bucket", "--max-calls", "5")
    assert ran.status == 3
    assert "collected 1 resource of 1 account with 5 calls in a.json.gz\n" in ran.err
    assert "AWS::S3::Bucket: the budget of 5 calls is used up\n" in ran.err
    ran = aws("collect", "-o", "a.json.gz", "--type", "AWS::S3::Bucket", "--max-calls", "1")
    assert ran.status == 3
    assert "the budget of 1 calls is used up" in ran.err


def test_a_dry_run(aws: Callable[..., Any], client: Client, tmp_path: Path) -> None:
    types = "AWS::ECS::Cluster,AWS::ECS::Service,AWS::CE::AnomalyMonitor"
    ran = aws("collect", "--dry-run", "--type", types)
    assert ran.status == 0
    lines = {line.split()[0]: line.split(None, 1)[1] for line in ran.out.splitlines()}
    assert lines["ecs:ListClusters"] == "1"
    assert lines["ecs:ListServices"] == "0  one for each AWS::ECS::Cluster"
    assert lines["ecs:DescribeClusters"] == "0  one for each 100 AWS::ECS::Cluster"
    assert lines["ce:GetAnomalyMonitors"] == "1"
    assert ran.out.splitlines()[-2:] == [
        "at least 2 calls in 1 account and 1 region; a list of many pages takes one call for each page",
        "Cost Explorer: at least $0.01, at $0.01 a call",
    ]
    client("ecs").create_cluster(clusterName="alpha")
    assert aws("collect", "-o", "a.json.gz", "--type", "AWS::ECS::Cluster,AWS::ECS::Service").status == 0
    ran = aws("collect", "--dry-run", "--resume", "a.json.gz")
    assert ran.out.splitlines()[-2:] == [
        "about 3 calls in 1 account and 1 region; a list of many pages takes one call for each page",
        "Cost Explorer: $0.00",
    ]
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".gz"] == ["a.json.gz"]


def test_an_interrupt(aws: Callable[..., Any], moto: str, client: Client, tmp_path: Path) -> None:
    client("s3").create_bucket(Bucket="one")
    once = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        if headers.get("x-amz-target", "").endswith(".ListClusters") and not once.is_set():
            once.set()
            os.kill(os.getpid(), signal.SIGINT)
        return None

    with in_front_of(moto, rule) as proxy:
        ran = aws("collect", "-o", "a.json.gz", "--type", "AWS::ECS::Cluster,AWS::S3::Bucket", url=proxy.url)
    assert ran.status == 3
    assert "interrupted" in ran.err
    names(tmp_path / "a.json.gz")
    states = {section.reason for section, _ in open_snapshot(tmp_path / "a.json.gz").sections()}
    assert "interrupted" in states
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "error: there is no file for the snapshot\n  help: give one: -o FILE.json.gz\n"),
        (
            ["-o", "none/a.gz"],
            2,
            "error: the folder of none/a.gz does not exist\n  help: make the folder first\n",
        ),
        (
            ["-o", "a.gz", "--type", "AWS::S3::Buckt"],
            2,
            "error: there is no resource type 'AWS::S3::Buckt'\n  help: did you mean 'AWS::S3::Bucket'?\n",
        ),
        (
            ["--resume", "foreign.txt"],
            3,
            "error: foreign.txt is no snapshot of groundrule\n  help: groundrule aws collect makes one\n",
        ),
        (
            ["--resume", "newer.txt"],
            3,
            "error: newer.txt is a snapshot of a newer groundrule (9.9)\n"
            "  help: update groundrule, or collect again with this one\n",
        ),
        (
            ["-o", "a.gz", "--profile", "mine", "--type", "AWS::S3::Bucket"],
            2,
            "error: there is no AWS profile 'mine'\n  help: aws configure list-profiles shows those that there are\n",
        ),
        (["-o", "a.gz", "--rate", "-1"], 2, "error: Invalid value for '--rate': -1.0 is not in the range x>=0."),
    ],
)
def test_wrong_commands(
    arguments: list[str], status: int, message: str, aws: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "foreign.txt").write_text("services: {}\n")
    (tmp_path / "newer.txt").write_text('{"groundrule_snapshot":2,"groundrule":"9.9"}\n')
    ran = aws("collect", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.startswith(message)


def test_no_credentials(aws: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    for command in (("collect", "-o", "a.gz"), ("scan",)):
        ran = aws(*command)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith("error: ")
        assert "credentials" in ran.err
        assert len(ran.err.splitlines()) == 2


def test_boto3_is_missing(aws: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = aws("collect", "-o", "a.gz")
    assert (ran.status, ran.err) == (2, "error: boto3 is not installed\n  help: pip install 'groundrule[aws]'\n")


def test_a_live_scan_gives_what_its_snapshot_gives(
    groundrule: Command, aws: Callable[..., Any], client: Client, tmp_path: Path
) -> None:
    client("s3").create_bucket(Bucket="one")
    rules = ["--select", "s3-bucket-public-access-not-blocked", "-f", "json"]
    live = aws("scan", *rules, "--save-snapshot", "a.json.gz")
    saved = groundrule("aws", "scan", "--snapshot", "a.json.gz", *rules, cwd=tmp_path)
    scanned = groundrule("scan", "a.json.gz", *rules, cwd=tmp_path)
    assert live.status == saved.status == scanned.status == 1
    assert saved.out == scanned.out
    found, same = json.loads(live.out), json.loads(saved.out)
    assert found["results"]
    assert found["results"] == same["results"]
    assert found["summary"] == same["summary"]
    assert [each["path"] for each in found["scanned"]] == ["AWS"]
    assert json.loads(aws("scan", *rules).out)["results"] == found["results"]


def test_numbers_of_accounts_are_masked_in_what_a_live_scan_says(
    aws: Callable[..., Any], moto: str, client: Client
) -> None:
    client("s3").create_bucket(Bucket=f"logs{ACCOUNT}x")

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("AccessDenied", "", 403) if not body and path.partition("?")[0] == "/" else None

    with in_front_of(moto, rule) as proxy:
        denied = aws("scan", "--select", "s3-bucket-public-access-not-blocked", "--mask-accounts", url=proxy.url)
    found = aws("scan", "--select", "s3-bucket-public-access-not-blocked", "--mask-accounts")
    assert (denied.status, found.status) == (3, 1)
    assert "not collected: account xxxxxxxx9012, " in denied.err
    for ran in (denied, found):
        assert ACCOUNT not in ran.out + ran.err
    assert "logsxxxxxxxx9012x" in found.out


def test_a_live_scan_is_configured_by_the_current_folder(
    aws: Callable[..., Any], client: Client, tmp_path: Path
) -> None:
    client("s3").create_bucket(Bucket="one")
    rule = "s3-bucket-public-access-not-blocked"
    assert aws("scan", "--select", rule).status == 1
    (tmp_path / ".groundrule.yaml").write_text(f"rules: {{{rule}: {{severity: info}}}}\nfail_on: low\n")
    ran = aws("scan", "--select", rule)
    assert ran.status == 0
    assert "info" in ran.out


def test_a_snapshot_is_judged_without_calls(groundrule: Command, tmp_path: Path) -> None:
    ran = groundrule("aws", "scan", "--snapshot", "a.gz", "--region", "us-east-1", cwd=tmp_path)
    assert (ran.status, ran.err) == (
        2,
        "error: a snapshot is judged without any call: --region says nothing\n  help: leave it out\n",
    )
