"""The IAM policy with the least rights that collecting some types needs, and the roles that carry it, as templates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from scanner.aws.declaration import Detail, RegionFrom, ResourceType, closure
from scanner.aws.models import action_of

MANAGED_POLICY_SIZE = 6144
"""Characters that IAM allows in a managed policy; white space does not count."""
ALWAYS = ("ec2:DescribeRegions",)
"""Asked in every run: which regions are enabled. (`sts:GetCallerIdentity` needs no right.)"""
ORGANIZATION = ("organizations:ListAccounts",)
"""Asked besides where all accounts of an Organization are."""
_VERSION = "2012-10-17"

Document = dict[str, Any]


class Role(NamedTuple):
    """A role that may collect: its name, who may assume it (an account's id or an ARN) and with which external id.

    `organization_role`: the name of the role of all accounts of the Organization that it goes on to; '' for none.
    """

    name: str = "groundrule"
    trusted: str = ""
    external_id: str = ""
    partition: str = "aws"
    organization_role: str = ""


def needed_actions(
    types: Iterable[str], table: Mapping[str, ResourceType], options: Iterable[str] = ()
) -> tuple[str, ...]:
    """The IAM actions of all calls that collecting `types` makes, sorted. `options`: see `Detail.option`.

    Of the parents of a type only the list is asked for.
    """
    wanted, chosen = frozenset(types), frozenset(options)
    found = set(ALWAYS)
    for name in closure(tuple(wanted), table):
        kind = table[name]
        if kind.call:
            found.update(kind.iam or (action_of(kind.service, kind.operation),))
        if kind.region_from is not None and kind.region_from.call:
            found.update(_actions(kind, kind.region_from))
        if name in wanted:
            for detail in kind.details:
                if not detail.option or detail.option in chosen:
                    found.update(_actions(kind, detail))
    return tuple(sorted(found, key=str.lower))


def _actions(kind: ResourceType, call: Detail | RegionFrom) -> tuple[str, ...]:
    return call.iam or (action_of(*kind.call_of(call)),)


def policy_document(actions: Iterable[str]) -> Document:
    """A policy that allows `actions` on everything: lists cannot be allowed for less."""
    return {
        "Version": _VERSION,
        "Statement": [{"Sid": "GroundruleReads", "Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


def size(document: Document) -> int:
    """The characters of a policy as IAM counts them."""
    return len("".join(json.dumps(document).split()))


def managed_policies(actions: tuple[str, ...]) -> list[Document]:
    """As few policies as hold `actions`, each small enough for a managed policy."""
    room = MANAGED_POLICY_SIZE - size(policy_document(()))
    parts: list[list[str]] = [[]]
    used = 0
    for action in actions:
        length = len(action) + 3  # its quotes and a comma
        if used + length > room:
            parts.append([])
            used = 0
        parts[-1].append(action)
        used += length
    return [policy_document(part) for part in parts]


def organization_document(role: Role) -> Document:
    """What the role that goes through an Organization needs besides: to list its accounts, and to assume one role."""
    assume: Document = {
        "Sid": "GroundruleAssumes",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": f"arn:{role.partition}:iam::*:role/{role.organization_role}",
    }
    if role.external_id:
        assume["Condition"] = {"StringEquals": {"sts:ExternalId": role.external_id}}
    listing = {"Sid": "GroundruleLists", "Effect": "Allow", "Action": list(ORGANIZATION), "Resource": "*"}
    return {"Version": _VERSION, "Statement": [listing, assume]}


def trust_document(role: Role) -> Document:
    """Who may assume a role: `trusted`, and only with the external id where there is one."""
    principal = role.trusted
    if not principal.startswith("arn:"):
        principal = f"arn:{role.partition}:iam::{principal}:root"
    statement: Document = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if role.external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": role.external_id}}
    return {"Version": _VERSION, "Statement": [statement]}


def as_json(actions: tuple[str, ...], role: Role) -> str:
    """One policy; where there is more to say, an object of documents by what they are for."""
    documents = {"permissions": policy_document(actions)}
    if role.trusted:
        documents["trust"] = trust_document(role)
    if role.organization_role:
        documents["organization"] = organization_document(role)
    return json.dumps(documents if len(documents) > 1 else documents["permissions"], indent=2) + "\n"


def as_cloudformation(actions: tuple[str, ...], role: Role) -> str:
    """A template of the policies and, where somebody is trusted, of the role: as a stack, or a stack set for all
    accounts of an Organization."""
    import yaml

    resources: Document = {}
    for index, document in enumerate(_policies(actions, role), 1):
        properties: Document = {"Description": "What groundrule reads", "PolicyDocument": document}
        resources[f"Policy{index}"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
    outputs = {}
    if role.trusted:
        resources["Role"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": role.name,
                "Description": "Read by groundrule",
                "AssumeRolePolicyDocument": trust_document(role),
                "ManagedPolicyArns": [{"Ref": name} for name in resources],
            },
        }
        outputs["RoleArn"] = {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}
    template: Document = {"AWSTemplateFormatVersion": "2010-09-09", "Description": "Rights for groundrule"}
    template["Resources"] = resources
    if outputs:
        template["Outputs"] = outputs
    return yaml.dump(template, Dumper=_plain_dumper(), sort_keys=False, width=120)


def _plain_dumper() -> Any:
    import yaml

    class Plain(yaml.SafeDumper):
        """Without anchors, which CloudFormation does not take."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    return Plain


def as_permission_set(actions: tuple[str, ...], role: Role, instance: str) -> str:
    """A template of a permission set of IAM Identity Center (`instance`: its ARN) for people who run groundrule."""
    import yaml

    policy = policy_document(actions)
    if role.organization_role:
        policy["Statement"] += organization_document(role)["Statement"]
    properties = {
        "InstanceArn": instance,
        "Name": role.name,
        "Description": "What groundrule reads",
        "SessionDuration": "PT2H",
        "InlinePolicy": policy,
    }
    template: Document = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Rights for people who run groundrule",
        "Resources": {"PermissionSet": {"Type": "AWS::SSO::PermissionSet", "Properties": properties}},
    }
    return yaml.dump(template, Dumper=_plain_dumper(), sort_keys=False, width=120)


def as_terraform(actions: tuple[str, ...], role: Role) -> str:
    """The same as `as_cloudformation`, for Terraform's AWS provider."""
    blocks = []
    documents = _policies(actions, role)
    for index, document in enumerate(documents, 1):
        name = role.name if len(documents) == 1 else f"{role.name}-{index}"
        blocks.append(
            f'resource "aws_iam_policy" "groundrule_{index}" {{\n'
            f"  name        = {json.dumps(name)}\n"
            '  description = "What groundrule reads"\n'
            f"  policy      = {_encoded(document)}\n}}\n"
        )
    if role.trusted:
        blocks.append(
            'resource "aws_iam_role" "groundrule" {\n'
            f"  name               = {json.dumps(role.name)}\n"
            f"  assume_role_policy = {_encoded(trust_document(role))}\n}}\n"
        )
        blocks += [
            f'resource "aws_iam_role_policy_attachment" "groundrule_{index}" {{\n'
            "  role       = aws_iam_role.groundrule.name\n"
            f"  policy_arn = aws_iam_policy.groundrule_{index}.arn\n}}\n"
            for index in range(1, len(documents) + 1)
        ]
    return "\n".join(blocks)


def _policies(actions: tuple[str, ...], role: Role) -> list[Document]:
    documents = managed_policies(actions)
    return [*documents, organization_document(role)] if role.organization_role else documents


def _encoded(document: Document) -> str:
    """`jsonencode(...)` of a document, indented as Terraform's formatter does; its texts hold nothing to escape."""
    text = json.dumps(document, indent=2).replace("${", "$${").replace("%{", "%%{")
    return f"jsonencode({text})".replace("\n", "\n  ")
