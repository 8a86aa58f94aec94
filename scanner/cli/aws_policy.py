"""`groundrule aws policy`: the rights that collecting needs, as a policy or as a template that grants them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from scanner.cli.aws_options import AwsFlags, require_boto3
from scanner.cli.complain import say
from scanner.cli.output import write_document
from scanner.cli.rule_options import options_of, rule_options
from scanner.core.errors import UsageError
from scanner.exit_status import CLEAN

_FORMATS = ("json", "cloudformation", "terraform", "permission-set")
_TRUSTED = re.compile(r"\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:[A-Za-z0-9+=,.@_/-]+")
_ROLE_NAME = re.compile(r"[A-Za-z0-9+=,.@_-]{1,64}")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9+=,.@:/_-]{2,1224}")
_INSTANCE = re.compile(r"arn:aws[a-z-]*:sso:::instance/[a-z0-9.-]+")


@click.command("policy")
@click.option(
    "-f", "--format", "form", type=click.Choice(_FORMATS), default="json", show_default=True, help="What to print."
)
@click.option("--role-name", default="groundrule", show_default=True, metavar="NAME", help="The name of the role.")
@click.option("--trust", default="", metavar="PRINCIPAL", help="Who may assume the role: an account's id or an ARN.")
@click.option("--external-id", default="", metavar="ID", help="Only with this external id.")
@click.option(
    "--organization-role",
    default="",
    metavar="NAME",
    help="The right to list the accounts of the Organization, and to assume their role of this name.",
)
@click.option("--identity-center", default="", metavar="ARN", help="The instance of IAM Identity Center.")
@click.option(
    "--partition", type=click.Choice(["aws", "aws-cn", "aws-us-gov"]), default="aws", show_default=True,
    help="The partition of the accounts.",
)  # fmt: skip
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only for this type; repeatable.")
@click.option("--all-types", is_flag=True, help="For every type that can be collected.")
@click.option("--read-parameters", is_flag=True, help="As in groundrule aws collect.")
@rule_options
def command(
    form: str,
    role_name: str,
    trust: str,
    external_id: str,
    organization_role: str,
    identity_center: str,
    partition: str,
    types: Sequence[str],
    all_types: bool,
    read_parameters: bool,
    select: Sequence[str],
    ignore: Sequence[str],
    config: Path | None,
    rule_folders: Sequence[Path],
) -> int:
    """Print the IAM policy with the least rights that the chosen rules need: every action lists or reads.

    With --trust the role that carries it, too. For an Organization deploy the role of its accounts as a stack set
    (--role-name NAME --trust ACCOUNT --external-id ID), and give the account that scans --organization-role NAME.
    """
    require_boto3()
    from scanner.aws.iam_policy import (
        MANAGED_POLICY_SIZE,
        Role,
        as_cloudformation,
        as_json,
        as_permission_set,
        as_terraform,
        needed_actions,
        policy_document,
        size,
    )
    from scanner.aws.types import resource_types
    from scanner.needed_types import needed_types

    _check(trust, _TRUSTED, "--trust takes the id of an account, or the ARN of a role or user")
    _check(external_id, _EXTERNAL_ID, "--external-id takes 2 to 1224 letters, digits and +=,.@:/_-")
    for name in (role_name, organization_role):
        _check(name, _ROLE_NAME, "the name of a role has letters, digits and +=,.@_-, at most 64 of them")
    _check(identity_center, _INSTANCE, "--identity-center takes arn:aws:sso:::instance/...")
    table = resource_types()
    flags = AwsFlags("", "", "", "", (), "", 0, 0, 0, False, tuple(types), read_parameters)
    chosen = tuple(table) if all_types else flags.named_types(table)
    chosen = chosen or needed_types(options_of(config, select, ignore, rule_folders))
    actions = needed_actions(chosen, table, flags.options())
    role = Role(role_name, trust, external_id, partition, organization_role)
    if form == "permission-set":
        if not identity_center:
            raise UsageError("a permission set belongs to an instance", hint="give --identity-center ARN")
        write_document(as_permission_set(actions, role, identity_center))
    elif form == "json":
        write_document(as_json(actions, role))
        length = size(policy_document(actions))
        if length > MANAGED_POLICY_SIZE:
            say(f"note: the policy has {length} characters, and a managed policy {MANAGED_POLICY_SIZE} at most:")
            say("  help: put it inside of the role, or print it with -f cloudformation or -f terraform, in parts")
    else:
        write_document((as_cloudformation if form == "cloudformation" else as_terraform)(actions, role))
    return CLEAN


def _check(given: str, form: re.Pattern[str], complaint: str) -> None:
    if given and not form.fullmatch(given):
        raise UsageError(f"{complaint}: {given!r}", hint="groundrule aws policy --help shows the options")
