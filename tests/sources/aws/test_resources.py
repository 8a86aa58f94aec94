"""Records as resources: what is not known, what was not kept, and where a resource stands."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.aws.snapshot import Section
from scanner.core.unknown import Unknown
from scanner.sources.aws.resources import resource_of, stand_in, unknown_section

DENIED = {"kind": "denied", "action": "rds:ListTags", "reason": "access is denied: rds:ListTags"}


def record(**changes: Any) -> Any:
    return {
        "type": "AWS::RDS::DBInstance",
        "id": "shop",
        "name": "shop",
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:shop",
        "account": "123456789012",
        "region": "eu-west-1",
        "tags": {"team": "shop"},
        "properties": {"MultiAZ": True},
        "unknown": {},
        "secrets": [],
        **changes,
    }


def test_a_resource() -> None:
    found = resource_of(record(), "2026-07-01T06:00:00Z")
    assert found.attributes == {
        "MultiAZ": True,
        "Tags": {"team": "shop"},
        "secrets": [],
        "type": "AWS::RDS::DBInstance",
        "name": "shop",
        "id": "shop",
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:shop",
        "account": "123456789012",
        "region": "eu-west-1",
        "collected": "2026-07-01T06:00:00Z",
    }
    assert (found.id, found.account, found.region) == (found.attributes["arn"], "123456789012", "eu-west-1")
    assert found.tags == {"team": "shop"}


def test_null_is_absent_and_texts_that_were_not_kept_are_unknown() -> None:
    properties = {
        "KmsKeyId": None,
        "Endpoint": {"Address": None, "Port": 5432},
        "Texts": [{"$secret": "password"}, {"$value": "checked"}, None, "plain"],
    }
    attributes = resource_of(record(properties=properties), "").attributes
    assert "KmsKeyId" not in attributes
    assert attributes["Endpoint"] == {"Port": 5432}
    first, second, plain = attributes["Texts"]
    assert first == second
    assert isinstance(first, Unknown)
    assert first.kind == "variable"
    assert plain == "plain"


def test_what_could_not_be_read_is_unknown() -> None:
    attributes = resource_of(record(unknown={"MultiAZ": DENIED}, properties={}), "").attributes
    assert attributes["MultiAZ"] == Unknown("access is denied: rds:ListTags", "denied")
    assert attributes["Tags"] == {"team": "shop"}
    every = resource_of(record(unknown={"*": {**DENIED, "kind": "failed"}}, tags={}), "").attributes
    assert every["MultiAZ"] is True
    assert every["StorageEncrypted"] == Unknown("access is denied: rds:ListTags", "failed")
    assert isinstance(every["Tags"], Unknown)
    assert isinstance(every["secrets"], Unknown)


def test_the_action_is_named_where_the_reason_does_not() -> None:
    fact = {"kind": "failed", "action": "rds:ListTags", "reason": "no answer within the time limit"}
    attributes = resource_of(record(unknown={"MultiAZ": fact}), "").attributes
    assert attributes["MultiAZ"].reason == "no answer within the time limit (rds:ListTags)"


def test_secrets_are_unknown_where_they_could_not_be_looked_for() -> None:
    machine = record(type="AWS::EC2::Instance", unknown={"UserData": DENIED})
    assert isinstance(resource_of(machine, "").attributes["secrets"], Unknown)
    assert resource_of({**machine, "unknown": {"Monitoring": DENIED}}, "").attributes["secrets"] == []


@pytest.mark.parametrize(
    ("name", "arn", "identity", "path"),
    [
        ("shop", "arn:aws:rds:::db:shop", "shop", "shop"),
        ("web/api", "arn:aws:ecs:::service/web/api", "arn:aws:ecs:::service/web/api", "web/api"),
        # The name is a tag's, which several may share.
        ("main", "arn:aws:ec2:::vpc/vpc-1", "vpc-1", "vpc-1"),
        ("alias/key", "arn:aws:kms:::key/1-2", "1-2", "1-2"),
        ("../../etc", "arn:x/../../etc", "x", "etc"),
        ("", "", "", "_"),
    ],
)
def test_paths_are_stable_and_lead_nowhere_else(name: str, arn: str, identity: str, path: str) -> None:
    found = resource_of(record(name=name, arn=arn, id=identity), "")
    place = found.origin.locate(("MultiAZ",)).location
    assert place.path == f"aws/123456789012/eu-west-1/AWS-RDS-DBInstance/{path}"
    assert place.line == 0


def test_sections() -> None:
    def section(**changes: Any) -> Section:
        return Section("AWS::RDS::DBInstance", "1", "eu-west-1", **changes)

    assert unknown_section(section()) is None
    denied = unknown_section(section(state="unknown", kind="denied", action="rds:Describe", reason="access is denied"))
    assert denied == Unknown("access is denied (rds:Describe)", "denied")
    left = unknown_section(section(state="not_collected", reason="the budget of calls is used up"))
    assert left == Unknown("AWS::RDS::DBInstance was not collected: the budget of calls is used up", "failed")


def test_what_could_not_be_listed_stands_for_itself() -> None:
    unknown = Unknown("access is denied", "denied")
    found = stand_in("AWS::RDS::DBInstance", "1", "eu-west-1", unknown)
    assert found.name == "1/eu-west-1"
    assert found.attributes["MultiAZ"] == unknown
    assert found.attributes["Tags"] == unknown
    assert found.attributes["account"] == "1"
