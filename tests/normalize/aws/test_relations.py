"""The relations of AWS resources: declared where rules are checked, found by a function, read from what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.relations import OF_PLACES, RELATIONS
from scanner.core.resource import Resource
from scanner.core.resource_shapes import resource_shape, resource_views
from scanner.core.unknown import Unknown
from scanner.normalize.aws.inventory import Inventory, NotKnownError, value
from scanner.normalize.aws.relations import needed, related, relations
from scanner.normalize.aws.subjects import TYPES_OF_VIEWS, needed_for
from scanner.sources.aws.resources import AwsOrigin

DENIED = Unknown("access is denied: ec2:DescribeFlowLogs", "denied")


def test_what_is_declared_is_found_and_the_other_way_round() -> None:
    declared = {(kind, name) for tables in (RELATIONS, OF_PLACES) for kind, table in tables.items() for name in table}
    assert declared == set(relations())


@pytest.mark.parametrize("key", sorted(relations()), ids="/".join)
def test_what_a_relation_reads_exists(key: tuple[str, str]) -> None:
    relation = relations()[key]
    assert relation.find.__code__.co_argcount == 2
    assert resource_shape(relation.type) is not None
    for kind, names in relation.needs.items():
        shape = resource_shape(kind)
        assert shape is not None, f"{kind} is no type that is collected"
        assert [name for name in names if name not in shape] == []


@pytest.mark.parametrize("kind", sorted(OF_PLACES))
@pytest.mark.parametrize("each", ["region", "account"])
def test_relations_of_places_become_attributes(kind: str, each: str) -> None:
    views = {view.name: view for view in resource_views((kind,), each)}
    whole = list(views.values())[-1]
    assert set(views[whole.attributes["related"].type].attributes) == set(OF_PLACES[kind])
    assert not set(OF_PLACES[kind]) & set(RELATIONS.get(kind, {})), "one name, one meaning"


@pytest.mark.parametrize("kind", sorted(RELATIONS))
def test_relations_become_attributes(kind: str) -> None:
    views = {view.name: view for view in resource_views((kind,))}
    own = list(views.values())[-1]
    assert set(views[own.attributes["related"].type].attributes) == set(RELATIONS[kind])


def test_the_types_of_views_are_collected() -> None:
    kinds = {kind for types in TYPES_OF_VIEWS.values() for kind in types}
    assert [kind for kind in sorted(kinds) if resource_shape(kind) is None] == []
    for kind, names in needed_for(frozenset({"container"}), frozenset()).items():
        assert names <= set(resource_shape(kind) or ())


def resource(kind: str, name: str, account: str = "1", region: str = "eu-west-1", **attributes: Any) -> Resource:
    own = {"id": name, "Tags": {}, **attributes}
    return Resource(kind, name, own, AwsOrigin("x"), "aws", "", f"arn:{name}", account=account, region=region)


def inventory(*resources: Resource, **wanted: str) -> Inventory:
    found = Inventory({kind: frozenset({"Of", "All"}) for kind in ("A", "B")})
    for each in resources:
        found.cover(each.type, each.account, each.region, None)
        found.add(each)
    return found


def names(found: list[Resource]) -> list[str]:
    return [each.name for each in found]


def test_near_is_the_same_account_and_region() -> None:
    here, there, other = (
        resource("A", "here"),
        resource("A", "there", region="us-east-1"),
        resource("A", "other", account="2"),
    )
    found = inventory(here, there, other, resource("A", "global", region="global"))
    asking = resource("B", "b")
    assert names(found.near("A", asking)) == ["here", "global"]
    assert names(found.in_account("A", asking)) == ["here", "there", "global"]
    assert names(found.near("A", resource("B", "b", region="global"))) == ["here", "there", "global"]
    assert found.with_arn("A", "arn:other") is not None
    assert found.with_arn("A", "arn:nobody") is None


def test_those_with_a_property() -> None:
    found = inventory(
        resource("A", "one", Of="x"), resource("A", "two", Of="y", All=["x", "z"]), resource("A", "far", "2", Of="x")
    )
    asking = resource("B", "b")
    assert names(found.near_with("A", asking, "Of", "x")) == ["one"]
    assert names(found.near_with("A", asking, "All", "z")) == ["two"]
    assert names(found.near_with("A", asking, "Of", "nothing")) == []


def test_nothing_is_said_from_half_of_the_facts() -> None:
    found = inventory(resource("A", "one", Of="x"), resource("A", "far", account="2", Of=DENIED))
    asking = resource("B", "b")
    assert names(found.near_with("A", asking, "Of", "x")) == ["one"]
    with pytest.raises(NotKnownError, match="access is denied"):
        found.near_with("A", resource("B", "b", account="2"), "Of", "x")
    with pytest.raises(NotKnownError, match="B was not collected in 1/eu-west-1"):
        found.near("B", asking)
    with pytest.raises(NotKnownError, match="A was not collected in 3"):
        found.in_account("A", resource("B", "b", account="3"))
    found.cover("A", "1", "us-east-1", DENIED)
    assert names(found.near("A", asking)) == ["one"]
    with pytest.raises(NotKnownError, match="access is denied"):
        found.in_account("A", asking)
    found.cover("B", "1", "*", DENIED)
    with pytest.raises(NotKnownError, match="access is denied"):
        found.near("B", asking)
    with pytest.raises(NotKnownError, match="access is denied"):
        value(resource("A", "x", Of=DENIED), "Of")


def test_an_unknown_relation_is_unknown_and_an_absent_one_absent() -> None:
    network = resource("AWS::EC2::VPC", "main", id="vpc-1")
    found = Inventory(needed([("AWS::EC2::VPC", "flow_logs")]))
    found.cover("AWS::EC2::FlowLog", "1", "eu-west-1", DENIED)
    assert related(network, ["flow_logs"], found) == {"flow_logs": DENIED}
    found.cover("AWS::EC2::FlowLog", "1", "eu-west-1", None)
    found.cover("AWS::EC2::Subnet", "1", "eu-west-1", None)
    assert related(network, ["flow_logs"], found) == {"flow_logs": []}


def test_near_by_finds_by_what_a_function_says() -> None:
    def keys(each: Resource) -> list[Any]:
        return list(value(each, "All", ()))

    one, two = resource("A", "one", All=["x", "y"]), resource("A", "two", All=["y", "y"])
    asking = resource("B", "b")
    found = inventory(one, two, resource("A", "far", region="us-east-1", All=["x"]))
    assert names(found.near_by("A", asking, keys, "x")) == ["one"]
    assert names(found.near_by("A", asking, keys, "y")) == ["one", "two"]
    assert names(found.near_by("A", resource("B", "b", region="global"), keys, "x")) == ["one", "far"]
    with pytest.raises(NotKnownError):
        inventory(one, resource("A", "hidden", All=DENIED)).near_by("A", asking, keys, "x")
    with pytest.raises(NotKnownError):
        found.near_by("A", resource("B", "b", account="2"), keys, "x")
