"""What an error of a call means: absent (a fact), or a failure that makes facts unknown; and how far it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from scanner.core.errors import GroundruleError
from scanner.core.secrets import find_secrets

FailureKind = Literal["denied", "failed"]
Reach = Literal["call", "endpoint", "account"]

_DENIED = frozenset(
    """
    AccessDenied AccessDeniedException UnauthorizedOperation UnauthorizedAccess AuthorizationError
    AuthorizationErrorException NotAuthorized NotAuthorizedException Forbidden ForbiddenException
    InsufficientPrivilegesException AllAccessDisabled KMSAccessDeniedException UserNotAuthorized 403
    """.split()
)
_THROTTLED = frozenset(
    """
    Throttling ThrottlingException ThrottledException RequestThrottledException TooManyRequestsException
    ProvisionedThroughputExceededException TransactionInProgressException RequestLimitExceeded BandwidthLimitExceeded
    LimitExceededException RequestThrottled SlowDown PriorRequestNotComplete EC2ThrottledException 429
    """.split()
)
_EXPIRED = frozenset("ExpiredToken ExpiredTokenException TokenRefreshRequired".split())
_SKEWED = frozenset("RequestTimeTooSkewed RequestExpired RequestInTheFuture".split())
_SIGNATURE = frozenset("SignatureDoesNotMatch InvalidSignatureException".split())
_NOT_ENABLED = frozenset("OptInRequired RegionDisabledException RegionDisabled".split())
_SUBSCRIPTION = frozenset("SubscriptionRequiredException".split())
_UNKNOWN_KEY = frozenset(
    "InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId AuthFailure InvalidToken NotSignedUp".split()
)
_LONGEST_REASON = 240
_ASSUME = "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a fact is not known. `reason` completes "unknown, since ..." and holds no secret.

    `reach`: what else is of no use to be asked: nothing (`call`), this service here (`endpoint`), the account.
    """

    kind: FailureKind
    action: str
    reason: str
    reach: Reach = "call"


class NotCollectedError(Exception):
    """A call that was not made: the run was interrupted, or its budget is used up. The text says why."""


class BudgetError(NotCollectedError):
    """The number of calls that the user allowed is used up."""


class FailedCallError(Exception):
    """A call that failed, as what it means."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class AbsentError(Exception):
    """The service says that what was asked for is not configured: a fact."""


class CredentialsError(GroundruleError):
    """There are no credentials, or the settings that should give them are wrong (exit status 2)."""


def failure_of(problem: Exception, action: str) -> Failure:
    """What made a call of no use. What is no failed call is a bug of ours: it costs its own facts and nothing else."""
    if isinstance(problem, FailedCallError):
        return problem.failure
    return Failure("failed", action, f"a bug in groundrule: {type(problem).__name__} around {action}")


def error_code(error: BaseException) -> str:
    """The service's own code of an error, '' for one that no service gave."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


def is_absent(error: BaseException, codes: tuple[str, ...]) -> bool:
    """Whether the service says by one of `codes` that something is not configured.

    `Code: text` is for a code that says other things too: then the text has to be in the message.
    """
    if not codes:
        return False
    code = _plain(error_code(error))
    for each in codes:
        known, _, text = each.partition(": ")
        if known == code and text in str(error):
            return True
    return False


def _plain(code: str) -> str:
    """`com.amazonaws#NotFound` and `AWS.X.NotFound` as they are told apart in practice: the last part of the former."""
    return code.rsplit("#", 1)[-1]


_PARSERS = ("botocore", "urllib3", "xml", "json")
"""Where answers are taken apart: of a page that a proxy gives in the place of an answer, botocore says KeyError."""


def _raised_in(error: Exception) -> str:
    """The name of the module whose code raised an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return str(place.tb_frame.f_globals.get("__name__", "")) if place is not None else ""


def classify(error: Exception, action: str) -> Failure:
    """The failure that `error` of a call is. A bug of ours is one too: it costs its own facts and nothing else."""
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        if error.operation_name == "AssumeRole" and action != _ASSUME:  # the credentials were to be had anew
            return replace(_of_service(error, _ASSUME), reach="account")
        return _of_service(error, action)
    if isinstance(error, BotoCoreError):
        return _of_client(error, action)
    if type(error).__module__.startswith(_PARSERS) or _raised_in(error).startswith(_PARSERS):
        return Failure("failed", action, f"the answer to {action} cannot be read ({type(error).__name__})")
    return failure_of(error, action)


def _of_service(error: Any, action: str) -> Failure:
    code = _plain(error_code(error))
    message = str(error.response.get("Error", {}).get("Message") or "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _EXPIRED:
        return Failure("failed", action, "the credentials have expired", "account")
    skew = _skew(error, code, message)
    if skew:
        return Failure("failed", action, skew, "account")
    if code in _DENIED or code.endswith(("AccessDenied", "AccessDeniedException")):
        return _denied(action, message)
    if code in _THROTTLED or status == 429:
        return Failure("failed", action, f"{action} was throttled until the attempts ran out ({code})")
    if code in _NOT_ENABLED:
        return Failure("failed", action, f"the region is not enabled for this account ({code})", "endpoint")
    if code in _SUBSCRIPTION:
        return Failure("failed", action, f"the account has not subscribed to this service ({code})", "endpoint")
    if code in _UNKNOWN_KEY or code in _SIGNATURE:
        reason = f"the credentials are not accepted here ({code}): the region may not be enabled for this account"
        return Failure("failed", action, reason, "endpoint")
    if status == 403 and not message:
        return _denied(action, message)
    what = f"HTTP {status}" if not code or code.isdigit() else code
    told = "" if message.lstrip().startswith("<") or code.isdigit() else message  # a page of a server in between
    return Failure("failed", action, one_line(f"{action} failed: {what}" + (f": {told}" if told else "")))


def _denied(action: str, message: str) -> Failure:
    named = re.search(r"not authorized to perform:? ([A-Za-z0-9-]{2,40}:[A-Za-z0-9*]{2,80})", message)
    missing = named[1] if named else action
    by = next((name for name in _POLICIES if name in message), "")
    deny = "an explicit deny in" if "explicit deny" in message else "the"
    return Failure("denied", missing, f"access is denied: {missing}" + (f" (by {deny} {by})" if by else ""))


_POLICIES = (
    "service control policy", "resource control policy", "permissions boundary", "session policy",
    "resource-based policy", "identity-based policy", "VPC endpoint policy",
)  # fmt: skip


def _skew(error: Any, code: str, message: str) -> str:
    is_late = "Signature expired" in message or "Signature not yet current" in message
    if code not in _SKEWED and not (code in _SIGNATURE and is_late):
        return ""
    seconds = _clock_difference(error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", ""))
    if seconds is None:
        return f"the clock of this machine differs from that of AWS ({code})"
    side = "behind" if seconds > 0 else "ahead of"
    return f"the clock of this machine is {_duration(abs(seconds))} {side} that of AWS ({code})"


def _clock_difference(date: str) -> float | None:
    """Seconds by which the service's clock, from its Date header, is ahead of ours; None if it gave none."""
    import time
    from email.utils import parsedate_to_datetime

    try:
        seconds = parsedate_to_datetime(date).timestamp() - time.time()
    except (TypeError, ValueError):
        return None
    return seconds if abs(seconds) >= 60 else None


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"


_ACCOUNT_WIDE = ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "NoAuthTokenError")
_SIGNED_OFF = (
    "SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "LoginRefreshRequired",
    "LoginTokenLoadError", "RefreshWithMFAUnsupportedError",
)  # fmt: skip
_NETWORK = {
    "ConnectTimeoutError": "no connection to {} within the time limit",
    "ReadTimeoutError": "no answer from {} within the time limit",
    "ProxyConnectionError": "the proxy for {} cannot be reached",
    "SSLError": "the certificate of {} is not accepted",
    "ConnectionClosedError": "{} closed the connection without an answer",
    "EndpointConnectionError": "no connection to {}",
}


def _of_client(error: Exception, action: str) -> Failure:
    name = type(error).__name__
    if name in _ACCOUNT_WIDE or name in _SIGNED_OFF:
        return Failure("failed", action, credentials_reason(error), "account")
    if name in _NETWORK:
        reason = _NETWORK[name].format(_host(error))
        if "Failed to resolve" in str(getattr(error, "kwargs", {}).get("error", "")):
            reason = f"there is no {_host(error)}: the service may not exist in this region"
        return Failure("failed", action, reason, "endpoint")
    if name in ("UnknownEndpointError", "NoRegionError", "EndpointResolutionError", "InvalidRegionError"):
        return Failure("failed", action, "the service has no endpoint in this region", "endpoint")
    if name in ("UnknownServiceError", "DataNotFoundError", "OperationNotPageableError"):
        return Failure("failed", action, f"the installed botocore does not know {action}: update boto3")
    return Failure("failed", action, one_line(f"{action} failed: {name}: {error}"))


def credentials_reason(error: Exception) -> str:
    """What is wrong with the credentials, in one line."""
    name = type(error).__name__
    if name in _SIGNED_OFF:
        return "the sign-in of the profile has expired"
    if name == "NoCredentialsError":
        return "there are no credentials"
    return one_line(f"the credentials cannot be had: {error}")


def _host(error: Exception) -> str:
    """Where the call went, of an error of the network: never with a user or a password."""
    from urllib.parse import urlsplit

    details = getattr(error, "kwargs", {})
    url = str(details.get("endpoint_url") or details.get("proxy_url") or "")
    return urlsplit(url).hostname or "the endpoint"


def one_line(text: str) -> str:
    """`text` in one line, short, with the secrets in it masked."""
    for secret in reversed(find_secrets(text)):
        text = f"{text[: secret.start]}***{text[secret.end :]}"
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."
