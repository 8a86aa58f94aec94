"""What cannot be had: denied, throttled, expired, hanging, opted out, interrupted. All of it is told, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.budget import Budget
from scanner.aws.clients import Network
from scanner.aws.errors import CredentialsError
from scanner.aws.types import resource_types
from scanner.core.errors import SourceError, UsageError
from scanner.core.unknown import Unknown
from scanner.sources.aws.resources import resource_of
from tests.aws.conftest import ACCOUNT, REGIONS, take
from tests.aws.kinds import BUCKET, CLUSTER, FUNCTION, QUEUE, SERVICE, TABLE
from tests.aws.servers import Reply, bucket_of, hanging, in_front_of, json_error, target, xml_error

Client = Callable[..., Any]
DENIED = f"User: arn:aws:sts::{ACCOUNT}:assumed-role/scan/me is not authorized to perform: "


def fill(client: Client) -> None:
    client("s3").create_bucket(Bucket="one")
    client("s3").create_bucket(Bucket="two", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client("ecs").create_cluster(clusterName="alpha")
    client("sqs", "eu-central-1").create_queue(QueueName="queue")


def test_a_denied_detail_is_unknown_for_its_property(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        if "/one?policy" in path:
            return xml_error("AccessDenied", f"{DENIED}s3:GetBucketPolicy on resource: arn:aws:s3:::one", 403)
        return None

    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (BUCKET,), tmp_path / "a.gz")
    one = taken.records["one"]
    reason = "access is denied: s3:GetBucketPolicy"
    assert one["unknown"] == {"BucketPolicy": {"kind": "denied", "action": "s3:GetBucketPolicy", "reason": reason}}
    assert "BucketPolicy" not in one["properties"]
    assert one["properties"]["Tags"] is None
    assert taken.records["two"]["unknown"] == {}
    assert taken.collected.unknown == {reason: 1}
    assert not taken.collected.complete
    assert not taken.collected.incomplete


def test_tags_that_are_denied_are_not_absent(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    client("s3").put_bucket_tagging(Bucket="one", Tagging={"TagSet": [{"Key": "stage", "Value": "prod"}]})

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("AccessDenied", "", 403) if "/one?tagging" in path else None

    kind = replace(BUCKET, keep=("Name", "BucketPolicy"))
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (kind,), tmp_path / "a.gz")
    assert taken.records["one"]["unknown"]["Tags"]["action"] == "s3:GetBucketTagging"
    assert taken.records["two"]["unknown"] == {}
    (one,) = (resource_of(each, "") for each in taken.records.values() if each["name"] == "one")
    assert isinstance(one.attributes["Tags"], Unknown)
    assert one.attributes["Tags"].kind == "denied"


def test_a_region_that_is_not_told(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("AccessDenied", "", 403) if "/two?location" in path else None

    kind = replace(BUCKET, keep=("Name", "BucketPolicy", "Tags"))
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (kind,), tmp_path / "a.gz")
    two = taken.records["two"]
    assert two["unknown"]["Region"]["action"] == "s3:GetBucketLocation"
    assert two["region"] == "us-east-1"
    assert two["properties"] == {"BucketName": "two", "BucketPolicy": None, "Tags": None}


def test_a_denied_list_call_is_unknown_for_the_type_and_its_children(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    message = f"{DENIED}ecs:ListClusters with an explicit deny in a service control policy"
    with in_front_of(moto, target("ListClusters", json_error("AccessDeniedException", 400, message))) as proxy:
        taken = take(proxy.url, (CLUSTER, SERVICE, QUEUE), tmp_path / "a.gz")
    reason = "access is denied: ecs:ListClusters (by an explicit deny in service control policy)"
    unknown = {"state": "unknown", "kind": "denied", "action": "ecs:ListClusters", "reason": reason, "count": 0}
    for region in REGIONS:
        assert taken.sections["AWS::ECS::Cluster", region] == unknown
        assert taken.sections["AWS::ECS::Service", region] == unknown
        assert taken.sections["AWS::SQS::Queue", region]["state"] == "complete"


def test_a_failing_merge_is_unknown_for_all_that_it_tells(moto: str, client: Client, tmp_path: Path) -> None:
    client("dynamodb").create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    with in_front_of(moto, target("DescribeTable", json_error("AccessDeniedException"))) as proxy:
        taken = take(proxy.url, (TABLE,), tmp_path / "a.gz")
    record = taken.records["t"]
    assert record["properties"] == {"TableName": "t"}
    assert record["unknown"]["Tags"]["action"] == "dynamodb:DescribeTable"  # the ARN for its call was to come of it
    with in_front_of(moto, target("DescribeClusters", json_error("AccessDeniedException"))) as proxy:
        client("ecs").create_cluster(clusterName="alpha")
        taken = take(proxy.url, (CLUSTER,), tmp_path / "a.gz")
    record = taken.records["alpha"]
    assert sorted(record["properties"]) == ["ClusterArn"]
    assert {"ClusterName", "Settings", "Status", "Tags"} < set(record["unknown"])
    assert {each["action"] for each in record["unknown"].values()} == {"ecs:DescribeClusters"}


def test_what_a_call_waits_for_may_be_unknown(moto: str, tmp_path: Path) -> None:
    kind = resource_types()["AWS::GuardDuty::Detector"]

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return json_error("AccessDeniedException", 403) if path.startswith("/detector") else None

    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (kind,), tmp_path / "a.gz", regions=("us-east-1",))
    (record,) = taken.records.values()
    assert record["properties"] == {}
    assert {"Id", "Enable", "Features"} <= set(record["unknown"])
    assert {fact["action"] for fact in record["unknown"].values()} == {"guardduty:ListDetectors"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("OptInRequired", "the region is not enabled for this account (OptInRequired)"),
        (
            "SubscriptionRequiredException",
            "the account has not subscribed to this service (SubscriptionRequiredException)",
        ),
        (
            "UnrecognizedClientException",
            "the credentials are not accepted here (UnrecognizedClientException): "
            "the region may not be enabled for this account",
        ),
        ("SomethingElse", "dynamodb:ListTables failed: SomethingElse: because password=***"),
    ],
)
def test_other_errors_of_a_list_call(code: str, reason: str, moto: str, tmp_path: Path) -> None:
    error = json_error(code, 400, "because password=Tr0ub4dor-3")
    with in_front_of(moto, target("ListTables", error)) as proxy:
        taken = take(proxy.url, (TABLE,), tmp_path / "a.gz", regions=("us-east-1",))
    assert taken.sections["AWS::DynamoDB::Table", "us-east-1"] == {
        "state": "unknown",
        "kind": "failed",
        "action": "dynamodb:ListTables",
        "reason": reason,
        "count": 0,
    }


def test_a_token_that_expires_in_the_middle_ends_the_account_and_not_what_was_collected(
    moto: str, client: Client, tmp_path: Path
) -> None:
    fill(client)
    client("sqs").create_queue(QueueName="other")
    expired = threading.Event()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        operation = headers.get("x-amz-target", "")
        if operation.endswith("ListClusters"):
            expired.set()
        return json_error("ExpiredTokenException") if expired.is_set() and operation else None

    path = tmp_path / "a.gz"
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (BUCKET, CLUSTER, SERVICE, TABLE), path)
    states = {key: (each["state"], each["reason"]) for key, each in taken.sections.items()}
    for region in REGIONS:
        for name in ("AWS::ECS::Cluster", "AWS::ECS::Service"):
            assert states[name, region] == ("unknown", "the credentials have expired")
    again = take(moto, (BUCKET, CLUSTER, SERVICE, TABLE), tmp_path / "b.gz", resume=path)
    assert again.collected.complete
    assert sorted(again.records) == ["alpha", "one", "two"]
    whole = take(moto, (BUCKET, CLUSTER, SERVICE, TABLE), tmp_path / "c.gz")
    assert again.lines[1:] == whole.lines[1:]


def test_throttling_loses_nothing(moto: str, client: Client, tmp_path: Path) -> None:
    for number in range(9):
        client("s3").create_bucket(Bucket=f"bucket-{number}")
        client("sqs").create_queue(QueueName=f"queue-{number}")
    whole = take(moto, (BUCKET, QUEUE, CLUSTER, SERVICE, FUNCTION), tmp_path / "a.gz")
    with in_front_of(moto, bucket_of(20)) as proxy:
        taken = take(proxy.url, (BUCKET, QUEUE, CLUSTER, SERVICE, FUNCTION), tmp_path / "b.gz")
    assert proxy.seen["answered"] > 0
    assert taken.collected.complete, (taken.collected.incomplete, taken.collected.unknown)
    assert taken.lines[1:] == whole.lines[1:]


@pytest.mark.usefixtures("fast_retries")
def test_throttling_in_the_words_of_another_protocol_loses_nothing(moto: str, client: Client, tmp_path: Path) -> None:
    client("route53").create_hosted_zone(Name="example.org", CallerReference="1")
    client("iam").create_user(UserName="one")
    types = (CLUSTER, resource_types()["AWS::Route53::HostedZone"], resource_types()["AWS::IAM::User"])
    whole = take(moto, types, tmp_path / "a.gz")
    refused: set[tuple[str, bytes]] = set()
    lock = threading.Lock()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        call = path, headers.get("x-amz-target", "").encode() + body
        with lock:
            if call in refused:
                return None
            refused.add(call)
        return xml_error("Throttling") if "x-amz-target" in headers else json_error("ThrottlingException")

    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, types, tmp_path / "b.gz")
    assert proxy.seen["answered"] > 5
    assert taken.collected.complete, (taken.collected.incomplete, taken.collected.unknown)
    assert taken.lines[1:] == whole.lines[1:]


@pytest.mark.usefixtures("fast_retries")
def test_throttling_until_the_attempts_run_out_is_told(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    network = Network(attempts=3)
    with in_front_of(moto, target("ListClusters", json_error("ThrottlingException"))) as proxy:
        network = network._replace(endpoint=proxy.url)
        taken = take(proxy.url, (CLUSTER, QUEUE), tmp_path / "a.gz", network=network)
    section = taken.sections["AWS::ECS::Cluster", "us-east-1"]
    assert section["reason"] == "ecs:ListClusters was throttled until the attempts ran out (ThrottlingException)"
    assert (section["state"], section["kind"]) == ("unknown", "failed")
    assert proxy.seen["answered"] == 2 * 3
    assert taken.sections["AWS::SQS::Queue", "eu-central-1"]["count"] == 1


@pytest.mark.usefixtures("fast_retries")
def test_a_server_error_is_tried_again_a_few_times(moto: str, tmp_path: Path) -> None:
    page = Reply(500, "<html>no such operation</html>", {"Content-Type": "text/html"})
    for answer, times in ((json_error("InternalFailure", 500), 3), (page, 1)):
        with in_front_of(moto, target("ListClusters", answer)) as proxy:
            taken = take(proxy.url, (CLUSTER,), tmp_path / "a.gz", regions=("us-east-1",))
        reason = taken.sections["AWS::ECS::Cluster", "us-east-1"]["reason"]
        assert reason == f"ecs:ListClusters failed: {'HTTP 500' if answer is page else 'InternalFailure'}"
        assert proxy.seen["answered"] == times


def test_an_endpoint_that_hangs_at_once(tmp_path: Path) -> None:
    with hanging() as url, pytest.raises(SourceError) as raised:
        take(url, (CLUSTER,), tmp_path / "a.gz", network=Network(url, 1, 0.3))
    assert str(raised.value) == "AWS cannot be asked: no answer from 127.0.0.1 within the time limit"
    assert raised.value.hint == "check the network, --endpoint-url and --region"
    assert not (tmp_path / "a.gz").exists()


def test_an_endpoint_that_hangs_in_the_middle(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    going = threading.Event()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        if "x-amz-target" in headers:
            going.wait(10)
        return None

    with in_front_of(moto, rule) as proxy:
        taken = take(
            proxy.url, (BUCKET, CLUSTER, SERVICE, TABLE), tmp_path / "a.gz", network=Network(proxy.url, 1, 0.3)
        )
        going.set()
    assert sorted(taken.records) == ["one", "two"]
    section = taken.sections["AWS::ECS::Cluster", "us-east-1"]
    assert (section["state"], section["reason"]) == ("unknown", "no answer from 127.0.0.1 within the time limit")


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^AWS cannot be asked: no connection to 127.0.0.1$"):
        take("http://127.0.0.1:9", (CLUSTER,), tmp_path / "a.gz")


def test_a_proxy_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://me:Tr0ub4dor@127.0.0.1:9")
    with pytest.raises(SourceError) as raised:
        take("http://aws.test", (CLUSTER,), tmp_path / "a.gz")
    assert str(raised.value) == "AWS cannot be asked: the proxy for 127.0.0.1 cannot be reached"
    assert raised.value.hint == "correct HTTPS_PROXY and NO_PROXY"


def test_a_clock_that_is_wrong(moto: str, tmp_path: Path) -> None:
    message = "Signature expired: 20250102T030405Z is now earlier than 20250102T033405Z"
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1800))

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("SignatureDoesNotMatch", message, 403, {"Date": now})

    with in_front_of(moto, rule) as proxy, pytest.raises(SourceError) as raised:
        take(proxy.url, (CLUSTER,), tmp_path / "a.gz")
    assert str(raised.value).startswith("AWS cannot be asked: the clock of this machine ")
    assert raised.value.hint == "set the clock of this machine"


def test_there_are_no_credentials(moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(CredentialsError, match=r"^there are no AWS credentials$"):
        take(moto, (CLUSTER,), tmp_path / "a.gz")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    with pytest.raises(CredentialsError):
        take(moto, (CLUSTER,), tmp_path / "a.gz")
    with pytest.raises(CredentialsError, match=r"^there is no AWS profile 'mine'$"):
        take(moto, (CLUSTER,), tmp_path / "a.gz", profile="mine")


def test_a_wrong_region(moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as raised:
        take(moto, (CLUSTER,), tmp_path / "a.gz", regions=("eu-cental-1x",))
    assert str(raised.value) == "there is no AWS region 'eu-cental-1x'"
    assert raised.value.hint == "did you mean 'eu-central-1'?"
    with pytest.raises(UsageError, match=r"^there is no region eu-central-9 in this partition$"):
        take(moto, (CLUSTER,), tmp_path / "a.gz", regions=("eu-central-9",))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "nowhere")
    with pytest.raises(UsageError, match=r"^there is no AWS region 'nowhere' \(from the settings of this machine\)$"):
        take(moto, (CLUSTER,), tmp_path / "a.gz", regions=())


def test_a_region_that_is_not_enabled(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    regions = client("ec2").describe_regions(AllRegions=True)["Regions"]
    off = next(each["RegionName"] for each in regions if each["OptInStatus"] == "not-opted-in")
    taken = take(moto, (CLUSTER,), tmp_path / "a.gz", regions=(off, "us-east-1"))
    section = taken.sections["AWS::ECS::Cluster", off]
    assert (section["state"], section["reason"]) == ("unknown", f"the region {off} is not enabled for this account")
    assert taken.sections["AWS::ECS::Cluster", "us-east-1"]["count"] == 1
    assert taken.budget.calls["ecs:ListClusters"] == 1


def test_the_budget_of_calls(moto: str, client: Client, tmp_path: Path) -> None:
    for number in range(6):
        client("s3").create_bucket(Bucket=f"bucket-{number}")
    types = (BUCKET, CLUSTER, QUEUE)
    path = tmp_path / "a.gz"
    taken = take(moto, types, path, budget=Budget(most=9))
    assert taken.budget.total == 9
    left_out = {key: each["reason"] for key, each in taken.sections.items() if each["state"] == "not_collected"}
    assert set(left_out.values()) == {"the budget of 9 calls is used up"}
    assert len(taken.records) == 6  # listed, though not all is known of them
    assert any(
        fact["reason"] == "not collected: the budget of 9 calls is used up"
        for record in taken.records.values()
        for fact in record["unknown"].values()
    )
    again = take(moto, types, path, resume=path)
    assert again.collected.complete
    assert again.lines[1:] == take(moto, types, tmp_path / "b.gz").lines[1:]


def test_an_interrupt_keeps_what_was_collected(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    budget = Budget()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        if headers.get("x-amz-target", "").endswith("ListTables"):
            budget.stop("interrupted")
        return None

    path = tmp_path / "a.gz"
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (BUCKET, CLUSTER, QUEUE, TABLE), path, budget=budget)
    states = {each["state"] for each in taken.sections.values()}
    assert "not_collected" in states
    assert {each["reason"] for each in taken.sections.values() if each["state"] == "not_collected"} == {"interrupted"}
    again = take(moto, (BUCKET, CLUSTER, QUEUE, TABLE), tmp_path / "b.gz", resume=path)
    assert again.collected.complete
    assert {"alpha", "one", "two"} < set(again.records)


def test_resuming_asks_only_for_what_is_missing(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    path = tmp_path / "a.gz"
    with in_front_of(moto, target("ListClusters", json_error("AccessDeniedException"))) as proxy:
        take(proxy.url, (BUCKET, CLUSTER, SERVICE, QUEUE), path)
    again = take(moto, (BUCKET, CLUSTER, SERVICE, QUEUE), path, resume=path)
    assert sorted(again.budget.calls) == [
        "ec2:DescribeRegions",
        "ecs:DescribeClusters",
        "ecs:ListClusters",
        "ecs:ListServices",
        "sts:GetCallerIdentity",
    ]
    assert again.collected.complete
    assert {"alpha", "one", "two"} <= set(again.records)


def test_resuming_asks_again_for_facts_that_were_denied(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    path = tmp_path / "a.gz"

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("AccessDenied", "", 403) if "/one?policy" in path else None

    with in_front_of(moto, rule) as proxy:
        assert not take(proxy.url, (BUCKET, QUEUE), path).collected.complete
    again = take(moto, (BUCKET, QUEUE), path, resume=path)
    assert again.collected.complete
    assert again.records["one"]["properties"]["BucketPolicy"] is None
    assert "sqs:ListQueues" not in again.budget.calls


def test_resuming_forgets_nothing_that_it_does_not_ask_for(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    path = tmp_path / "a.gz"
    regions = ("ap-east-1", "us-east-1")  # the first is one that nobody has enabled
    with in_front_of(moto, target("ListTables", json_error("AccessDeniedException"))) as proxy:
        before = take(proxy.url, (BUCKET, CLUSTER, TABLE), path, regions=regions)
    client("s3", "eu-central-1").delete_bucket(Bucket="two")
    again = take(moto, (BUCKET, CLUSTER), path, resume=path, regions=regions, where_enabled=True)
    assert again.sections["AWS::ECS::Cluster", "ap-east-1"] == before.sections["AWS::ECS::Cluster", "ap-east-1"]
    assert again.sections["AWS::DynamoDB::Table", "us-east-1"] == before.sections["AWS::DynamoDB::Table", "us-east-1"]
    assert not again.collected.complete
    assert "ecs:ListClusters" not in again.budget.calls


def test_an_answer_that_no_declaration_expects_is_unknown_and_ends_nothing(
    moto: str, client: Client, tmp_path: Path
) -> None:
    fill(client)
    wrong_path = replace(CLUSTER, items="starts_with(`1`, clusterArns)", details=())
    wrong_arn = replace(QUEUE, arn="arn:{nothing}", details=())
    sometimes = replace(BUCKET.details[0], when="starts_with(`1`, Name)")
    wrong_condition = replace(BUCKET, details=(sometimes,))
    taken = take(moto, (wrong_path, wrong_arn, wrong_condition), tmp_path / "a.gz", regions=("eu-central-1",))
    cluster, queue = (taken.sections[name, "eu-central-1"] for name in ("AWS::ECS::Cluster", "AWS::SQS::Queue"))
    assert (cluster["state"], cluster["action"]) == ("unknown", "ecs:ListClusters")
    assert cluster["reason"] == "a bug in groundrule: JMESPathTypeError around ecs:ListClusters"
    assert (queue["state"], queue["count"]) == ("unknown", 0)
    assert queue["reason"] == "a bug in groundrule: KeyError around sqs:ListQueues"
    bug = "a bug in groundrule: JMESPathTypeError around s3:GetBucketPolicy"
    assert taken.records["two"]["unknown"]["BucketPolicy"]["reason"] == bug


def test_resuming_from_a_file_that_is_cut_off(moto: str, client: Client, tmp_path: Path) -> None:
    fill(client)
    path, half = tmp_path / "a.gz", tmp_path / "half.json"
    whole = take(moto, (BUCKET, CLUSTER), path)
    text = whole.text
    half.write_text(text[: text.index('"name":"one"')])
    again = take(moto, (BUCKET, CLUSTER), tmp_path / "b.gz", resume=half)
    assert again.lines[1:] == whole.lines[1:]
    assert again.collected.notices == [f"{half} is cut off after 2 records: the rest is collected again"]
    assert "ecs:ListClusters" not in again.budget.calls
