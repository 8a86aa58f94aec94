"""What trails record, what is forwarded, and what networks and quotas say of their parts: also where half is known."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.resource import Resource
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory
from scanner.normalize.aws.relations import needed, related
from scanner.sources.aws.resources import AwsOrigin

DENIED = Unknown("access is denied", "denied")
TRAIL, VISIBLE = "AWS::CloudTrail::Trail", "Account::CloudTrail::Trails"
LISTENER, RULE = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule"


def resource(kind: str, name: str, arn: str = "", region: str = "eu-west-1", **attributes: Any) -> Resource:
    own = {"id": name, "Tags": {}, **attributes}
    return Resource(kind, name, own, AwsOrigin("x"), "aws", "", arn or f"arn:{name}", account="1", region=region)


def ask(asking: Resource, name: str, *others: Resource, denied: tuple[str, ...] = ()) -> Any:
    """The relation `name` of a resource among others; the types in `denied` could not be listed."""
    wanted = needed([(asking.type, name)])
    found = Inventory(wanted)
    for kind in wanted:
        found.cover(kind, "1", "eu-west-1", DENIED if kind in denied else None)
    for each in others:
        found.cover(each.type, "1", each.region, None)
        found.add(each)
    return related(asking, [name], found).get(name)


def fields(**equals: list[str]) -> dict[str, Any]:
    return {"FieldSelectors": [{"Field": key.replace("_", "."), "Equals": each} for key, each in equals.items()]}


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ({}, True),
        ({"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All"}]}, True),
        ({"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "ReadOnly"}]}, False),
        ({"EventSelectors": [{"IncludeManagementEvents": False, "ReadWriteType": "All"}]}, False),
        ({"AdvancedEventSelectors": [fields(eventCategory=["Management"])]}, True),
        ({"AdvancedEventSelectors": [fields(eventCategory=["Management"], readOnly=["false"])]}, False),
        ({"AdvancedEventSelectors": [fields(eventCategory=["Data"]), fields(eventCategory=["Management"])]}, True),
        ({"AdvancedEventSelectors": [{"FieldSelectors": DENIED}]}, DENIED),
        ({"EventSelectors": DENIED}, DENIED),
    ],
)
def test_what_a_trail_records(selectors: dict[str, Any], expected: Any) -> None:
    assert ask(resource(TRAIL, "audit", **selectors), "logs_management_events") == expected


def test_trails_that_are_seen_from_a_region() -> None:
    own, foreign = "arn:aws:cloudtrail:eu-west-1:1:trail/audit", "arn:aws:cloudtrail:us-east-1:2:trail/all"
    seen = resource(
        VISIBLE,
        "1/eu-west-1",
        Trails=[
            {"Arn": own, "TrailName": "audit", "IsMultiRegionTrail": False},
            {"Arn": foreign, "TrailName": "all", "IsMultiRegionTrail": True},
        ],
    )
    trail = resource(TRAIL, "audit", own)
    assert ask(trail, "multi_region_trails", seen) == ["all"]
    assert ask(trail, "other_management_trails", seen, trail) == [foreign]
    half = resource(VISIBLE, "1/eu-west-1", Trails=[DENIED])
    assert ask(trail, "multi_region_trails", half) == DENIED


def test_a_trail_that_is_off_or_elsewhere_records_nothing_for_another() -> None:
    trail = resource(TRAIL, "audit")
    others = (
        resource(TRAIL, "off", IsLogging=False, IsMultiRegionTrail=True),
        resource(TRAIL, "far", region="us-east-1", IsLogging=True, IsMultiRegionTrail=False),
        resource(TRAIL, "data", IsLogging=True, EventSelectors=[{"IncludeManagementEvents": False}]),
    )
    assert ask(trail, "other_management_trails", trail, *others) == []
    more = resource(TRAIL, "all", region="us-east-1", IsLogging=True, IsMultiRegionTrail=True)
    assert ask(trail, "other_management_trails", trail, *others, more) == ["all"]


def test_a_network_is_recorded_by_its_own_flow_log_or_by_those_of_all_subnets() -> None:
    network = resource("AWS::EC2::VPC", "vpc-1")
    subnets = [resource("AWS::EC2::Subnet", name, VpcId="vpc-1") for name in ("a", "b")]
    logs = [resource("AWS::EC2::FlowLog", f"fl-{of}", ResourceId=of) for of in ("a", "b", "vpc-1")]
    assert ask(network, "flow_logs", *subnets, logs[0]) == []
    assert ask(network, "flow_logs", *subnets, *logs[:2]) == ["fl-a", "fl-b"]
    assert ask(network, "flow_logs", *subnets, *logs) == ["fl-vpc-1"]
    assert ask(network, "flow_logs", logs[2], denied=("AWS::EC2::Subnet",)) == ["fl-vpc-1"]
    assert ask(network, "flow_logs", denied=("AWS::EC2::Subnet",)) == DENIED


def test_what_the_rules_of_a_listener_do() -> None:
    listener = resource(LISTENER, "web/HTTP:80", "arn:aws:elb:listener/app/web/1/2")
    place = "arn:aws:elb:listener-rule/app/web/1/2"
    rules = (
        resource(RULE, "default", f"{place}/1", IsDefault=True, Actions=[{"Type": "forward"}]),
        resource(RULE, "1", f"{place}/2", Actions=[{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}]),
        resource(RULE, "2", f"{place}/3", Actions=[{"Type": "redirect", "RedirectConfig": {"Host": "example.org"}}]),
        resource(RULE, "other", "arn:aws:elb:listener-rule/app/web/1/9/1", Actions=[{"Type": "forward"}]),
    )
    assert ask(listener, "rule_actions", *rules) == ["redirect", "redirect to HTTP"]


def test_a_quota_needs_only_what_it_counts() -> None:
    addresses = [resource("AWS::EC2::EIP", name) for name in ("a", "b")]
    quota = resource("Account::ServiceQuotas::Quota", "ec2/addresses", QuotaCode="L-0263D0A3")
    assert ask(quota, "used", *addresses, denied=("AWS::IAM::User", "AWS::EC2::VPC")) == 2
    assert ask(quota, "used", denied=("AWS::EC2::EIP",)) == DENIED
    other = resource("Account::ServiceQuotas::Quota", "vpc/rules", QuotaCode="L-0EA8095F")
    assert ask(other, "used", *addresses) is None


def test_buckets_count_in_all_regions() -> None:
    buckets = [resource("AWS::S3::Bucket", name, region=name) for name in ("eu-west-1", "us-east-1", "ap-south-1")]
    quota = resource("Account::ServiceQuotas::Quota", "s3/buckets", QuotaCode="L-DC2B2D3D", region="us-east-1")
    assert ask(quota, "used", *buckets) == 3
