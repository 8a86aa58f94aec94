"""The runner against moto: what each kind of declaration brings into a snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scanner.aws.budget import Budget
from scanner.aws.declaration import READ_PARAMETERS
from scanner.aws.rows import Row
from tests.aws.conftest import ACCOUNT, take
from tests.aws.kinds import (
    BUCKET,
    CLUSTER,
    FUNCTION,
    INSTANCE,
    PARAMETER,
    PASSWORD_POLICY,
    QUEUE,
    SERVICE,
    TABLE,
    TASK,
    WEB_ACL,
)

Client = Callable[..., Any]


def test_a_global_list_with_regions_of_its_own(moto: str, client: Client, tmp_path: Path) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="one")
    s3.create_bucket(Bucket="two", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
    s3.put_bucket_tagging(Bucket="one", Tagging={"TagSet": [{"Key": "stage", "Value": "prod"}]})
    policy = {"Statement": [{"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
    s3.put_bucket_policy(Bucket="two", Policy=json.dumps(policy))
    taken = take(moto, (BUCKET,), tmp_path / "a.gz")
    assert taken.collected.complete
    assert list(taken.records) == ["two", "one"]  # not the one in a region that is not wanted
    one, two = taken.records["one"], taken.records["two"]
    created = one["properties"].pop("CreationDate")
    assert created.endswith("Z")
    assert one == {
        "type": "AWS::S3::Bucket",
        "id": "one",
        "name": "one",
        "arn": "arn:aws:s3:::one",
        "account": ACCOUNT,
        "region": "us-east-1",
        "tags": {"stage": "prod"},
        "properties": {
            "BucketName": "one",
            "BucketPolicy": None,
            "Tags": [{"Key": "stage", "Value": "prod"}],
        },
        "unknown": {},
        "secrets": [],
    }
    assert two["region"] == "eu-central-1"
    assert two["properties"]["BucketPolicy"] == policy
    assert {key: each["count"] for key, each in taken.sections.items()} == {
        ("AWS::S3::Bucket", "eu-central-1"): 1,
        ("AWS::S3::Bucket", "global"): 0,
        ("AWS::S3::Bucket", "us-east-1"): 1,
    }
    assert taken.budget.calls["s3:GetBucketPolicy"] == 2


def test_user_data_is_judged_and_not_kept(moto: str, client: Client, tmp_path: Path) -> None:
    ec2 = client("ec2", "eu-central-1")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for name, data in (("bad", "#!/bin/sh\nexport DB_PASSWORD=Tr0ub4dor-and-3\n"), ("good", "#!/bin/sh\necho hello\n")):
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, UserData=data, TagSpecifications=tags)
    taken = take(moto, (INSTANCE,), tmp_path / "a.gz")
    bad, good = taken.records["bad"], taken.records["good"]
    assert bad["properties"]["UserData"] == {"$secret": "password"}
    assert bad["secrets"] == [{"path": "UserData", "kind": "password"}]
    assert bad["tags"] == {"Name": "bad"}
    assert bad["arn"] == f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/{bad['id']}"
    assert sorted(bad["properties"]) == ["InstanceId", "MetadataOptions", "UserData"]
    assert good["properties"]["UserData"] == {"$value": "checked"}
    assert good["secrets"] == []
    assert "Tr0ub4dor" not in taken.text
    assert "hello" not in taken.text


def test_children_batches_and_names(moto: str, client: Client, tmp_path: Path) -> None:
    ecs = client("ecs")
    for name in ("alpha", "beta", "gamma"):
        ecs.create_cluster(clusterName=name, tags=[{"key": "team", "value": name}])
    environment = [{"name": "DB_PASSWORD", "value": "Tr0ub4dor-and-3"}, {"name": "PORT", "value": "8080"}]
    container = {
        "name": "web",
        "image": "web:1",
        "memory": 64,
        "environment": environment,
        "command": ["serve", "--token=ghp_" + "a1B2" * 9],
        "dockerLabels": {"com.example.tier": "front"},
    }
    ecs.register_task_definition(family="web", containerDefinitions=[container])
    ecs.create_service(cluster="beta", serviceName="web", taskDefinition="web", desiredCount=1)
    taken = take(moto, (CLUSTER, SERVICE, TASK), tmp_path / "a.gz")
    assert taken.collected.complete, taken.collected
    assert taken.budget.calls["ecs:DescribeClusters"] == 2
    assert taken.budget.calls["ecs:ListServices"] == 3
    assert taken.budget.calls["ecs:DescribeServices"] == 1
    assert taken.records["alpha"]["tags"] == {"team": "alpha"}
    assert taken.records["beta/web"]["properties"]["DesiredCount"] == 1
    task = taken.records["web:1"]
    definition = task["properties"]["ContainerDefinitions"][0]
    assert definition["Environment"] == [
        {"Name": "DB_PASSWORD", "Value": {"$secret": "password"}},
        {"Name": "PORT", "Value": {"$value": "checked"}},
    ]
    assert definition["Command"] == [{"$value": "checked"}, {"$secret": "GitHub token"}]
    assert definition["DockerLabels"] == {"com.example.tier": "front"}
    assert [each["path"] for each in task["secrets"]] == [
        "ContainerDefinitions[0].Command[1]",
        "ContainerDefinitions[0].Environment[0].Value",
    ]
    assert "Tr0ub4dor" not in taken.text
    assert "ghp_" not in taken.text


def test_only_what_is_wanted_is_asked(moto: str, client: Client, tmp_path: Path) -> None:
    client("ecs").create_cluster(clusterName="alpha")
    taken = take(moto, (CLUSTER, SERVICE, TASK), tmp_path / "a.gz", wanted=("AWS::ECS::Service",))
    assert sorted(taken.budget.calls.items()) == [
        ("ec2:DescribeRegions", 1),
        ("ecs:ListClusters", 2),
        ("ecs:ListServices", 1),
        ("sts:GetCallerIdentity", 1),
    ]
    assert sorted(taken.sections) == [("AWS::ECS::Service", "eu-central-1"), ("AWS::ECS::Service", "us-east-1")]


def test_variables_keep_their_names(moto: str, client: Client, tmp_path: Path) -> None:
    role = client("iam").create_role(RoleName="f", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    variables = {"api_token": "s3cr3t-t0ken-value", "url": "postgres://app:Tr0ub4dor@db/x", "lower": "case"}
    client("lambda").create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=role,
        Handler="a.b",
        Code={"ZipFile": b""},
        Environment={"Variables": variables},
        Description="calls https://me:hunter2222@example.com/x",
    )
    taken = take(moto, (FUNCTION,), tmp_path / "a.gz")
    function = taken.records["f"]
    assert function["properties"] == {
        "FunctionName": "f",
        "Description": "calls https://me:***@example.com/x",
        "Environment": {
            "Variables": {
                "api_token": {"$secret": "token"},
                "url": {"$secret": "password in a URL"},
                "lower": {"$value": "checked"},
            }
        },
    }
    assert [each["path"] for each in function["secrets"]] == [
        "Description",
        "Environment.Variables.api_token",
        "Environment.Variables.url",
    ]


def test_details_after_others_and_only_where_they_make_sense(moto: str, client: Client, tmp_path: Path) -> None:
    dynamodb = client("dynamodb")
    shape = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    }
    dynamodb.create_table(TableName="lazy", BillingMode="PAY_PER_REQUEST", Tags=[{"Key": "a", "Value": "b"}], **shape)
    dynamodb.create_table(
        TableName="fixed", ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}, **shape
    )
    taken = take(moto, (TABLE,), tmp_path / "a.gz")
    assert taken.records["lazy"]["tags"] == {"a": "b"}
    assert taken.records["lazy"]["properties"]["Backups"]["ContinuousBackupsStatus"] == "ENABLED"
    assert "Backups" not in taken.records["fixed"]["properties"]
    assert taken.records["lazy"]["arn"] == f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/lazy"


def test_parameters_are_read_only_where_the_user_says_so(moto: str, client: Client, tmp_path: Path) -> None:
    ssm = client("ssm")
    ssm.put_parameter(Name="/db/password", Value="Tr0ub4dor-and-3", Type="String")
    ssm.put_parameter(Name="/db/host", Value="db.example.com", Type="String")
    ssm.put_parameter(Name="/db/token", Value="never-read-this-1", Type="SecureString")
    taken = take(moto, (PARAMETER,), tmp_path / "a.gz")
    assert [each["properties"] for each in taken.records.values()] == [
        {"Name": "/db/host", "Type": "String"},
        {"Name": "/db/password", "Type": "String"},
        {"Name": "/db/token", "Type": "SecureString"},
    ]
    assert "ssm:GetParameters" not in taken.budget.calls
    taken = take(moto, (PARAMETER,), tmp_path / "a.gz", options=frozenset({READ_PARAMETERS}))
    assert [each["properties"].get("Value") for each in taken.records.values()] == [
        {"$value": "checked"},
        {"$secret": "password"},
        None,
    ]
    assert "Tr0ub4dor" not in taken.text
    assert "example.com" not in taken.text
    assert "never-read" not in taken.text


def test_an_arn_and_pages_from_the_answers(moto: str, client: Client, tmp_path: Path) -> None:
    sqs = client("sqs")
    for number in range(3):
        sqs.create_queue(QueueName=f"queue-{number}", Attributes={"SqsManagedSseEnabled": "true"})
    taken = take(moto, (QUEUE,), tmp_path / "a.gz")
    record = next(iter(taken.records.values()))
    assert record["arn"] == f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue-0"
    assert record["properties"]["Attributes"]["SqsManagedSseEnabled"] == "true"


def test_variants_of_a_list_call(moto: str, client: Client, tmp_path: Path) -> None:
    waf = client("wafv2")
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    for scope in ("REGIONAL", "CLOUDFRONT"):
        waf.create_web_acl(
            Name=scope.lower(), Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=metrics, Rules=[]
        )
    taken = take(moto, (WEB_ACL,), tmp_path / "a.gz")
    assert taken.collected.complete, taken.collected
    assert [(each["properties"]["Scope"], each["region"]) for each in taken.records.values()] == [
        ("CLOUDFRONT", "us-east-1"),
        ("REGIONAL", "us-east-1"),
    ]
    assert taken.budget.calls["wafv2:ListWebACLs"] == 3


def test_a_setting_of_the_account(moto: str, client: Client, tmp_path: Path) -> None:
    taken = take(moto, (PASSWORD_POLICY,), tmp_path / "a.gz")
    (record,) = taken.records.values()
    assert record["id"] == record["name"] == f"{ACCOUNT}/global"
    assert record["region"] == "global"
    assert record["properties"] == {"PasswordPolicy": None}
    client("iam").update_account_password_policy(MinimumPasswordLength=14)
    taken = take(moto, (PASSWORD_POLICY,), tmp_path / "a.gz")
    (record,) = taken.records.values()
    assert record["properties"]["PasswordPolicy"]["MinimumPasswordLength"] == 14


def test_two_runs_give_the_same_bytes_but_for_the_header(moto: str, client: Client, tmp_path: Path) -> None:
    for number in range(12):
        client("s3").create_bucket(Bucket=f"bucket-{number}")
        client("sqs").create_queue(QueueName=f"queue-{number}")
    bodies = []
    for name in ("a.gz", "b.gz"):
        data = take(moto, (BUCKET, QUEUE, FUNCTION), tmp_path / name).path.read_bytes()
        bodies.append(data[data.index(b"\x1f\x8b", 2) :])
    assert bodies[0] == bodies[1]


def test_an_empty_account(moto: str, tmp_path: Path) -> None:
    taken = take(moto, (BUCKET, CLUSTER, SERVICE, QUEUE), tmp_path / "a.gz", budget=Budget(rate=1000))
    assert taken.collected.complete
    assert taken.records == {}
    assert {each["state"] for each in taken.sections.values()} == {"complete"}
    assert len(taken.sections) == 7


def test_of_two_details_that_give_one_key_the_later_one_counts_whichever_answers_first() -> None:
    for order in ((0, 1), (1, 0)):
        row = Row({"Id": "x"}, "eu-central-1")
        for rank in order:
            row.merge({"Id": "y", "Mode": f"of detail {rank}"}, rank)
        assert row.data == {"Id": "y", "Mode": "of detail 1"}
