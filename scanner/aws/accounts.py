"""Which accounts and regions a run asks, and with whose credentials."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scanner.aws.budget import Budget
from scanner.aws.clients import Clients, Network, new_session
from scanner.aws.declaration import GLOBAL
from scanner.aws.errors import (
    CredentialsError,
    FailedCallError,
    Failure,
    NotCollectedError,
    classify,
    credentials_reason,
)
from scanner.core.errors import SourceError, UsageError

_HOMES = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-eusc": "eusc-de-east-1",
}
"""The region of each partition in which its global services answer."""
_AT_ONCE = 8
_SESSION_NAME = "groundrule"


class Access(NamedTuple):
    """What the user says of accounts and regions; '' and () leave it to the machine's settings and the account.

    `where_enabled`: `regions` are those that some account had, so that one that another has not enabled is left out.
    """

    profile: str = ""
    role_arn: str = ""
    external_id: str = ""
    organization_role: str = ""
    regions: tuple[str, ...] = ()
    network: Network = Network()
    where_enabled: bool = False


@dataclass(slots=True)
class Account:
    """One account to ask. `failure`: why it cannot be asked at all. `disabled`: region → why not that one.

    `regions` are those to ask, without `global`, the disabled ones among them.
    """

    id: str
    partition: str
    clients: Clients
    name: str = ""
    regions: tuple[str, ...] = ()
    disabled: dict[str, Failure] = field(default_factory=dict)
    failure: Failure | None = None
    notices: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        """The region that answers for what is global."""
        return home_region(self.partition)

    def client_region(self, region: str) -> str:
        """The region whose endpoint is asked for what belongs to `region`."""
        return self.home if region == GLOBAL else region


def home_region(partition: str) -> str:
    """The region of a partition in which its global services answer."""
    return _HOMES.get(partition, "us-east-1")


def find_accounts(access: Access, budget: Budget) -> list[Account]:
    """The accounts that `access` means, by id, each with its regions.

    Raises CredentialsError and UsageError (settings that are wrong), SourceError where nothing at all can be asked.
    An account of an Organization that cannot be asked is in the result, with its failure.
    """
    lock = threading.Lock()
    session = _session(access.profile)
    own, first = _own(Clients(session, access.network, budget, lock), access, _first_regions(session, access))
    accounts = [own]
    if access.organization_role:
        accounts = _of_organization(own, access, first)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda account: _find_regions(account, access, first), accounts))
    _check_regions(accounts, access.regions)
    return sorted(accounts, key=lambda account: account.id)


def _session(profile: str) -> Any:
    from botocore.exceptions import BotoCoreError, ProfileNotFound

    try:
        session = new_session(profile)
        credentials = session.get_credentials()
    except ProfileNotFound as error:
        raise CredentialsError(
            f"there is no AWS profile {error.kwargs.get('profile', profile)!r}",
            hint="aws configure list-profiles shows those that there are",
        ) from error
    except BotoCoreError as error:
        raise CredentialsError(
            f"the AWS credentials cannot be had: {credentials_reason(error)}", hint=_SIGN_IN
        ) from error
    if credentials is None:
        raise CredentialsError("there are no AWS credentials", hint=_SIGN_IN)
    return session


_SIGN_IN = "set AWS_PROFILE or --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and its companions"


def _first_regions(session: Any, access: Access) -> tuple[str, ...]:
    """The region that is asked first, which also tells the partition, and the home region: the first may not be
    enabled. Raises UsageError for a name that is none."""
    configured = session.get_config_variable("region")
    known = {name for partition in session.get_available_partitions() for name in _regions_of(session, partition)}
    for region in access.regions or ((configured,) if configured else ()):
        if region not in known and not _is_shaped(session, region):
            where = "" if access.regions else " (from the settings of this machine)"
            raise UsageError(f"there is no AWS region {region!r}{where}", hint=_closest(region, known))
    first = (*access.regions, configured or home_region("aws"))[0]
    return tuple(dict.fromkeys((first, home_region(session.get_partition_for_region(first)))))


def _regions_of(session: Any, partition: str) -> list[str]:
    return session.get_available_regions("ec2", partition_name=partition)  # type: ignore[no-any-return]


def _is_shaped(session: Any, region: str) -> bool:
    """Whether the name has the form of a region, as that of one has which is newer than this botocore."""
    from botocore.exceptions import UnknownRegionError

    try:
        session.get_partition_for_region(region)
    except UnknownRegionError:
        return False
    return True


def _closest(region: str, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(region, sorted(known), n=1)
    return f"did you mean {close[0]!r}?" if close else "aws ec2 describe-regions shows those that there are"


def assumed(base: Clients, role_arn: str, external_id: str, region: str) -> Clients:
    """Clients with the credentials of a role, which are renewed before they expire."""
    from botocore.credentials import DeferredRefreshableCredentials

    arguments = {"RoleArn": role_arn, "RoleSessionName": _SESSION_NAME}
    if external_id:
        arguments["ExternalId"] = external_id

    def refresh() -> dict[str, str]:
        found = base.get("sts", region).assume_role(**arguments)["Credentials"]
        return {
            "access_key": found["AccessKeyId"],
            "secret_key": found["SecretAccessKey"],
            "token": found["SessionToken"],
            "expiry_time": found["Expiration"].isoformat(),
        }

    session = new_session(base.session.profile or "")
    session._credentials = DeferredRefreshableCredentials(refresh_using=refresh, method="assume-role")
    return Clients(session, base.network, base.budget, base.lock)


def _own(base: Clients, access: Access, regions: tuple[str, ...]) -> tuple[Account, str]:
    """The account of the credentials, or of the role that they assume, and the region that told it.

    Raises SourceError where none of `regions` does, for the reason of the first one.
    """
    failures = []
    for region in regions:
        clients = assumed(base, access.role_arn, access.external_id, region) if access.role_arn else base
        try:
            return _identify(clients, region), region
        except FailedCallError as error:
            failures.append(error.failure)
            if error.failure.reach == "account":
                break
    raise SourceError(f"AWS cannot be asked: {failures[0].reason}", hint=_next_step(failures[0]))


def _identify(clients: Clients, region: str) -> Account:
    """The account of the credentials. Raises FailedCallError where the service does not say."""
    try:
        found = clients.get("sts", region).get_caller_identity()
    except NotCollectedError as error:
        raise SourceError(f"no account was asked: {error}") from error
    except Exception as error:
        if _is_missing(error):
            raise CredentialsError("there are no AWS credentials", hint=_SIGN_IN) from error
        raise FailedCallError(classify(error, "sts:GetCallerIdentity")) from error
    return Account(id=str(found["Account"]), partition=str(found["Arn"]).split(":")[1], clients=clients)


def _is_missing(error: Exception) -> bool:
    return type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError")


def _next_step(failure: Failure) -> str:
    if "expired" in failure.reason:
        return "sign in again, or give credentials that are renewed (a profile, a role)"
    if "clock" in failure.reason:
        return "set the clock of this machine"
    if "proxy" in failure.reason:
        return "correct HTTPS_PROXY and NO_PROXY"
    if failure.kind == "denied":
        return "the role's trust policy has to allow these credentials (and ask for this external id)"
    if "not accepted" in failure.reason:
        return "check the credentials, and that --region lies in their partition"
    return "check the network, --endpoint-url and --region"


def _of_organization(own: Account, access: Access, region: str) -> list[Account]:
    """All active accounts of the Organization; ours is asked with the credentials that we have.

    `region` is the one whose STS gives the credentials. The others, which nobody can enter, are a notice of ours.
    """
    accounts = []
    for entry in _listed(own):
        number, name = str(entry["Id"]), str(entry.get("Name", ""))
        state = str(entry.get("State", entry.get("Status")))
        if state != "ACTIVE":
            own.notices.append(f"account {number} is {state.lower().replace('_', ' ')}, and was not asked")
            continue
        if number == own.id:
            own.name = name
            accounts.append(own)
            continue
        role = f"arn:{own.partition}:iam::{number}:role/{access.organization_role.strip('/')}"
        clients = assumed(own.clients, role, access.external_id, region)
        accounts.append(Account(number, own.partition, clients, name))
    if not accounts:
        raise SourceError(f"{_UNLISTED}: it has no active account", hint=f"give {_LISTING} to these credentials")
    return accounts


_LISTING = "organizations:ListAccounts"
_UNLISTED = "the accounts of the Organization cannot be listed"


def _listed(own: Account) -> list[dict[str, Any]]:
    try:
        pages = own.clients.get("organizations", own.home).get_paginator("list_accounts").paginate()
        return [entry for page in pages for entry in page.get("Accounts", [])]
    except NotCollectedError as error:
        raise SourceError(f"no account was asked: {error}") from error
    except Exception as error:
        failure = classify(error, _LISTING)
        raise SourceError(
            f"{_UNLISTED}: {failure.reason}",
            hint=f"give {_LISTING} to these credentials, of the management account or a delegated administrator",
        ) from error


def _find_regions(account: Account, access: Access, first: str) -> None:
    """Sets the account's regions, which are not enabled, and its failure if it cannot be asked at all."""
    wanted = access.regions
    try:
        found = _described(account, first)
    except NotCollectedError as error:
        account.failure = Failure("failed", "", str(error), "account")
        return
    except FailedCallError as error:
        if error.failure.reach == "account":
            account.failure = error.failure
            return
        known = tuple(_regions_of(account.clients.session, account.partition))
        account.regions = tuple(sorted(set(wanted))) or known
        if not wanted:
            which = f"the enabled regions of account {account.id} are not known ({error.failure.reason})"
            account.notices.append(f"{which}: all {len(known)} of the partition are asked")
        return
    enabled = {name for name, is_enabled in found.items() if is_enabled}
    account.regions = tuple(sorted(set(wanted) & enabled if access.where_enabled else set(wanted) or enabled))
    for region in account.regions:
        if region in found and region not in enabled:
            reason = f"the region {region} is not enabled for this account"
            account.disabled[region] = Failure("failed", "", reason, "endpoint")
        elif region not in found:
            account.disabled[region] = Failure(
                "failed", "", f"there is no region {region} in this partition", "endpoint"
            )


def _described(account: Account, first: str) -> dict[str, bool]:
    """Region → whether it is enabled, by the region `first`, else by the home region: a policy may forbid either.

    Raises FailedCallError and NotCollectedError.
    """
    failure: FailedCallError | None = None
    for region in dict.fromkeys((first, account.home)):
        try:
            answer = account.clients.get("ec2", region).describe_regions(AllRegions=True)
        except NotCollectedError:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised if the next one does not tell
            failure = failure or FailedCallError(classify(error, "ec2:DescribeRegions"))
            if failure.failure.reach == "account":
                break
        else:
            enabled = {each["RegionName"]: each.get("OptInStatus") != "not-opted-in" for each in answer["Regions"]}
            return {name: is_on for name, is_on in enabled.items() if _partition_of(account, name) == account.partition}
    raise failure or NotCollectedError("no region was asked")


def _partition_of(account: Account, region: str) -> str:
    """The partition of a region; of one that this botocore does not know yet, that of the account."""
    from botocore.exceptions import UnknownRegionError

    try:
        return str(account.clients.session.get_partition_for_region(region))
    except UnknownRegionError:
        return account.partition


def _check_regions(accounts: Sequence[Account], wanted: Sequence[str]) -> None:
    """Raises UsageError for a region that no account has."""
    asked = [account for account in accounts if account.failure is None]
    for region in wanted:
        missing = [account.disabled[region] for account in asked if region in account.disabled]
        if asked and len(missing) == len(asked) and all("there is no region" in each.reason for each in missing):
            raise UsageError(missing[0].reason, hint="aws ec2 describe-regions shows those that there are")
