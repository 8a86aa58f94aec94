"""Whose credentials, which accounts, which regions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from scanner.aws.accounts import Access, find_accounts, home_region
from scanner.aws.budget import Budget
from scanner.aws.clients import Network
from scanner.core.errors import SourceError
from tests.aws.conftest import ACCOUNT, take
from tests.aws.kinds import CLUSTER, QUEUE
from tests.aws.servers import Reply, in_front_of, json_error, target, xml_error

Client = Callable[..., Any]
OTHER = "111122223333"


def assume_role_answer(seconds: float, number: int) -> Reply:
    ends = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Reply(
        200,
        f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials><AccessKeyId>ASIAROLE{number:08}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
        <SessionToken>t{number}</SessionToken><Expiration>{ends}</Expiration></Credentials>
        <AssumedRoleUser><AssumedRoleId>A:groundrule</AssumedRoleId>
        <Arn>arn:aws:sts::{ACCOUNT}:assumed-role/scan/groundrule</Arn></AssumedRoleUser>
        </AssumeRoleResult></AssumeRoleResponse>""",
        {"Content-Type": "text/xml"},
    )


def test_a_role_with_an_external_id_whose_credentials_are_renewed(moto: str, tmp_path: Path) -> None:
    asked: list[dict[str, list[str]]] = []
    tokens: set[str] = set()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        form = parse_qs(body.decode())
        if form.get("Action") == ["AssumeRole"]:
            asked.append(form)
            return assume_role_answer(1, len(asked))  # so that they have to be renewed for each call
        tokens.add(headers.get("x-amz-security-token", ""))
        return None

    role = f"arn:aws:iam::{ACCOUNT}:role/scan"
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (CLUSTER,), tmp_path / "a.gz", role_arn=role, external_id="our-id")
    assert taken.collected.complete
    assert {each["RoleArn"][0] for each in asked} == {role}
    assert {each["ExternalId"][0] for each in asked} == {"our-id"}
    assert {each["RoleSessionName"][0] for each in asked} == {"groundrule"}
    assert len(asked) > 2
    assert "" not in tokens
    assert len(tokens) > 2


def test_a_role_that_may_not_be_assumed(moto: str, tmp_path: Path) -> None:
    message = "User: arn:aws:iam::1:user/me is not authorized to perform: sts:AssumeRole on resource: r"

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("AccessDenied", message, 403) if b"Action=AssumeRole" in body else None

    with in_front_of(moto, rule) as proxy, pytest.raises(SourceError) as raised:
        take(proxy.url, (CLUSTER,), tmp_path / "a.gz", role_arn=f"arn:aws:iam::{ACCOUNT}:role/scan")
    assert str(raised.value) == "AWS cannot be asked: access is denied: sts:AssumeRole"
    assert raised.value.hint.startswith("the role's trust policy")


def test_credentials_that_can_no_longer_be_renewed(moto: str, client: Client, tmp_path: Path) -> None:
    client("ecs").create_cluster(clusterName="alpha")
    renewals = 0

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        nonlocal renewals
        if b"Action=AssumeRole" not in body:
            return None
        renewals += 1
        return assume_role_answer(1, renewals) if renewals < 4 else xml_error("AccessDenied", "", 403)

    role = f"arn:aws:iam::{ACCOUNT}:role/scan"
    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (CLUSTER, QUEUE), tmp_path / "a.gz", role_arn=role)
    assert taken.sections
    reasons = {each["reason"] for each in taken.sections.values() if each["state"] == "unknown"}
    assert reasons == {"access is denied: sts:AssumeRole"}


def organization(client: Client, names: tuple[str, ...]) -> dict[str, str]:
    """An Organization with these member accounts: name → number."""
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    for name in names:
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")
    return {each["Name"]: each["Id"] for each in organizations.list_accounts()["Accounts"]}


def test_all_accounts_of_an_organization(moto: str, client: Client, tmp_path: Path) -> None:
    numbers = organization(client, ("dev", "prod", "bad"))
    client("ecs").create_cluster(clusterName="own")
    for name in ("dev", "prod"):
        role = f"arn:aws:iam::{numbers[name]}:role/scan"
        found = client("sts").assume_role(RoleArn=role, RoleSessionName="build")["Credentials"]
        keys = {
            "aws_access_key_id": found["AccessKeyId"],
            "aws_secret_access_key": found["SecretAccessKey"],
            "aws_session_token": found["SessionToken"],
        }
        client("ecs", **keys).create_cluster(clusterName=name)

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        is_bad = b"Action=AssumeRole" in body and numbers["bad"].encode() in body
        return xml_error("AccessDenied", "", 403) if is_bad else None

    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (CLUSTER,), tmp_path / "a.gz", organization_role="scan", external_id="ours")
    accounts = {each["name"]: each for each in taken.lines[0]["accounts"]}
    assert accounts["dev"] == {
        "id": numbers["dev"],
        "name": "dev",
        "partition": "aws",
        "state": "collected",
        "reason": "",
    }
    assert (accounts["bad"]["state"], accounts["bad"]["reason"]) == ("failed", "access is denied: sts:AssumeRole")
    assert {each["name"]: each["account"] for each in taken.records.values()} == {
        "own": ACCOUNT,
        "dev": numbers["dev"],
        "prod": numbers["prod"],
    }
    assert taken.sections["AWS::ECS::Cluster", "*"] == {
        "state": "unknown",
        "kind": "denied",
        "action": "sts:AssumeRole",
        "reason": "access is denied: sts:AssumeRole",
        "count": 0,
    }


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            json_error("AWSOrganizationsNotInUseException", 400, "no member"),
            "organizations:ListAccounts failed: AWSOrganizationsNotInUseException: no member",
        ),
        (json_error("AccessDeniedException"), "access is denied: organizations:ListAccounts"),
        (Reply(200, '{"Accounts":[]}', {"Content-Type": "application/x-amz-json-1.1"}), "it has no active account"),
    ],
)
def test_the_accounts_cannot_be_listed(answer: Reply, reason: str, moto: str, tmp_path: Path) -> None:
    with in_front_of(moto, target("ListAccounts", answer)) as proxy, pytest.raises(SourceError) as raised:
        take(proxy.url, (CLUSTER,), tmp_path / "a.gz", organization_role="scan")
    assert str(raised.value) == f"the accounts of the Organization cannot be listed: {reason}"


def found_regions(moto: str, *regions: str) -> dict[str, str]:
    (account,) = find_accounts(Access(regions=regions, network=Network(moto)), Budget())
    return {region: account.disabled[region].reason if region in account.disabled else "" for region in account.regions}


def test_all_enabled_regions_are_the_default(moto: str, client: Client) -> None:
    regions = client("ec2").describe_regions(AllRegions=True)["Regions"]
    enabled = {each["RegionName"] for each in regions if each["OptInStatus"] != "not-opted-in"}
    assert any(name.startswith("cn-") for name in enabled)  # moto lists those of all partitions
    assert set(found_regions(moto)) == {name for name in enabled if not name.startswith(("cn-", "us-gov-"))}
    assert "eu-central-1" in enabled


def test_regions_may_not_be_listed(moto: str) -> None:
    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("UnauthorizedOperation", "", 403) if b"DescribeRegions" in body else None

    with in_front_of(moto, rule) as proxy:
        (account,) = find_accounts(Access(network=Network(proxy.url)), Budget())
        assert {"eu-central-1", "us-east-1", "ap-east-1"} <= set(account.regions)
        assert re.fullmatch(
            rf"the enabled regions of account {ACCOUNT} are not known \(access is denied: ec2:DescribeRegions\): "
            r"all \d+ of the partition are asked",
            account.notices[0],
        )
        (account,) = find_accounts(Access(regions=("eu-central-1",), network=Network(proxy.url)), Budget())
        assert account.regions == ("eu-central-1",)
        assert account.notices == []


@pytest.mark.parametrize(
    ("partition", "region", "home"),
    [("aws-cn", "cn-northwest-1", "cn-north-1"), ("aws-us-gov", "us-gov-east-1", "us-gov-west-1")],
)
def test_other_partitions(partition: str, region: str, home: str, moto: str) -> None:
    hosts: set[str] = set()

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("authorization", ""))
        assert scope is not None
        hosts.add(f"{scope[2]} {scope[1]}")
        if b"GetCallerIdentity" in body:
            answer = f"""<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:{partition}:iam::{OTHER}:user/me</Arn>
            <UserId>A</UserId><Account>{OTHER}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""
            return Reply(200, answer, {"Content-Type": "text/xml"})
        names = "".join(
            f"<item><regionName>{name}</regionName><optInStatus>opt-in-not-required</optInStatus></item>"
            for name in (region, home)
        )
        answer = f"<DescribeRegionsResponse><regionInfo>{names}</regionInfo></DescribeRegionsResponse>"
        return Reply(200, answer, {"Content-Type": "text/xml"})

    with in_front_of(moto, rule) as proxy:
        (account,) = find_accounts(Access(regions=(region,), network=Network(proxy.url)), Budget())
    assert (account.id, account.partition, account.home) == (OTHER, partition, home)
    assert home_region(partition) == home
    assert hosts == {f"sts {region}", f"ec2 {region}"}


def scoped(headers: dict[str, str]) -> str:
    """The region and the service for which a request is signed."""
    found = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("authorization", ""))
    return f"{found[1]} {found[2]}" if found else ""


def test_the_first_region_may_not_be_enabled(moto: str) -> None:
    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("InvalidClientTokenId", "no", 403) if scoped(headers).startswith("ap-east-1 ") else None

    with in_front_of(moto, rule) as proxy:
        (account,) = find_accounts(Access(regions=("ap-east-1", "us-east-1"), network=Network(proxy.url)), Budget())
    assert account.regions == ("ap-east-1", "us-east-1")
    assert list(account.disabled) == ["ap-east-1"]


def test_a_policy_may_forbid_the_home_region(moto: str) -> None:
    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        return xml_error("UnauthorizedOperation", "", 403) if scoped(headers) == "us-east-1 ec2" else None

    with in_front_of(moto, rule) as proxy:
        (account,) = find_accounts(Access(regions=("eu-central-1",), network=Network(proxy.url)), Budget())
    assert (account.regions, account.notices, account.failure) == (("eu-central-1",), [], None)


def test_regions_of_an_earlier_snapshot_are_asked_where_they_are_enabled(moto: str) -> None:
    wanted = ("ap-east-1", "eu-central-1")  # the first is one that nobody has enabled
    for where_enabled, regions in ((True, wanted[1:]), (False, wanted)):
        access = Access(regions=wanted, network=Network(moto), where_enabled=where_enabled)
        (account,) = find_accounts(access, Budget())
        assert account.regions == regions


def test_accounts_that_nobody_can_enter_are_named(moto: str, client: Client, tmp_path: Path) -> None:
    own = {"Id": ACCOUNT, "Name": "own", "Status": "ACTIVE"}
    gone = {"Id": OTHER, "Name": "gone", "Status": "SUSPENDED"}
    closing = {"Id": "444455556666", "Name": "c", "Status": "SUSPENDED", "State": "PENDING_CLOSURE"}
    pages = [{"Accounts": [own, gone], "NextToken": "more"}, {"Accounts": [closing]}]

    def rule(path: str, body: bytes, headers: dict[str, str]) -> Reply | None:
        if not headers.get("x-amz-target", "").endswith(".ListAccounts"):
            return None
        page = pages[1 if b"NextToken" in body else 0]
        return Reply(200, json.dumps(page), {"Content-Type": "application/x-amz-json-1.1"})

    with in_front_of(moto, rule) as proxy:
        taken = take(proxy.url, (CLUSTER,), tmp_path / "a.gz", organization_role="scan")
    assert [each["id"] for each in taken.lines[0]["accounts"]] == [ACCOUNT]
    assert taken.collected.notices == [
        f"account {OTHER} is suspended, and was not asked",
        "account 444455556666 is pending closure, and was not asked",
    ]


def test_a_profile(moto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "credentials"
    file.write_text(
        "[mine]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\nregion = eu-central-1\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    (account,) = find_accounts(Access(profile="mine", network=Network(moto)), Budget())
    assert account.id == ACCOUNT


def test_header_accounts_hold_to_the_schema(moto: str, tmp_path: Path) -> None:
    import jsonschema

    from scanner.aws import snapshot

    taken = take(moto, (CLUSTER,), tmp_path / "a.gz")
    schema = json.loads(Path(snapshot.__file__).with_name("snapshot.schema.json").read_text())
    for line in taken.lines:
        jsonschema.Draft202012Validator(schema).validate(line)
