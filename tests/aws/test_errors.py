"""What errors mean, by way of botocore's Stubber and its own exceptions."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.aws.accounts import Account
from scanner.aws.budget import Budget, cost
from scanner.aws.calls import Call, Caller, resolve
from scanner.aws.clients import Clients, Network, new_session
from scanner.aws.errors import AbsentError, BudgetError, FailedCallError, Failure, NotCollectedError, classify, one_line
from tests.aws.servers import Reply, in_front_of

DENIED = "User: arn:aws:iam::1:user/me is not authorized to perform: {} on resource: x because {}"


def call(code: str, message: str = "", *, status: int = 400, absent: tuple[str, ...] = ()) -> Call:
    """A call of get_bucket_policy that a stub answers with an error."""
    import threading

    from botocore.stub import Stubber

    clients = Clients(new_session(), Network("http://127.0.0.1:1"), Budget(), threading.Lock())
    client = clients.get("s3", "us-east-1")
    stub = Stubber(client)
    stub.add_client_error("get_bucket_policy", code, message, status)
    stub.activate()
    account = Account("123456789012", "aws", clients)
    return Call(account, "us-east-1", "s3", "get_bucket_policy", {"Bucket": "b"}, "s3:GetBucketPolicy", absent)


def failure(code: str, message: str = "", *, status: int = 400) -> Failure:
    with pytest.raises(FailedCallError) as raised:
        list(Caller().pages(call(code, message, status=status)))
    return raised.value.failure


@pytest.mark.parametrize(
    ("message", "action", "reason"),
    [
        ("", "s3:GetBucketPolicy", "access is denied: s3:GetBucketPolicy"),
        (
            DENIED.format("kms:Decrypt", "no identity-based policy allows the kms:Decrypt action"),
            "kms:Decrypt",
            "access is denied: kms:Decrypt (by the identity-based policy)",
        ),
        (
            DENIED.format("s3:GetBucketPolicy", "with an explicit deny in a permissions boundary"),
            "s3:GetBucketPolicy",
            "access is denied: s3:GetBucketPolicy (by an explicit deny in permissions boundary)",
        ),
    ],
)
@pytest.mark.parametrize("code", ["AccessDenied", "UnauthorizedOperation", "com.amazonaws#AccessDeniedException"])
def test_denied(code: str, message: str, action: str, reason: str) -> None:
    assert failure(code, message, status=403) == Failure("denied", action, reason, "call")


@pytest.mark.parametrize(
    ("code", "reach", "reason"),
    [
        ("ExpiredToken", "account", "the credentials have expired"),
        (
            "RequestTimeTooSkewed",
            "account",
            "the clock of this machine differs from that of AWS (RequestTimeTooSkewed)",
        ),
        ("OptInRequired", "endpoint", "the region is not enabled for this account (OptInRequired)"),
        ("Throttling", "call", "s3:GetBucketPolicy was throttled until the attempts ran out (Throttling)"),
        ("NoSuchBucket", "call", "s3:GetBucketPolicy failed: NoSuchBucket"),
        ("500", "call", "s3:GetBucketPolicy failed: HTTP 400"),
    ],
)
def test_other_codes(code: str, reach: str, reason: str) -> None:
    found = failure(code)
    assert (found.kind, found.reach, found.reason) == ("failed", reach, reason)


def test_absent_is_a_fact_only_where_it_is_declared() -> None:
    with pytest.raises(AbsentError):
        list(Caller().pages(call("NoSuchBucketPolicy", absent=("NoSuchBucketPolicy",))))
    assert failure("NoSuchBucketPolicy").reason == "s3:GetBucketPolicy failed: NoSuchBucketPolicy"


def test_what_is_of_no_use_is_not_asked_again() -> None:
    caller = Caller()
    first = call("ExpiredToken")
    for _ in range(2):  # the stub has one answer only
        with pytest.raises(FailedCallError) as raised:
            list(caller.pages(first))
        assert raised.value.failure.reason == "the credentials have expired"


@pytest.mark.parametrize(
    ("name", "details", "reason"),
    [
        ("NoCredentialsError", {}, "there are no credentials"),
        ("SSOTokenLoadError", {"profile_name": "p", "error_msg": "x"}, "the sign-in of the profile has expired"),
        ("ConnectTimeoutError", {"endpoint_url": "https://u:p@x.test/"}, "no connection to x.test within the time limit"),
        ("ReadTimeoutError", {"endpoint_url": "https://x.test/"}, "no answer from x.test within the time limit"),
        (
            "EndpointConnectionError",
            {"endpoint_url": "https://x.test/", "error": "Failed to resolve 'x.test'"},
            "there is no x.test: the service may not exist in this region",
        ),
        ("ProxyConnectionError", {"proxy_url": "http://u:p@p.test:1"}, "the proxy for p.test cannot be reached"),
        ("UnknownServiceError", {"service_name": "x", "known_service_names": "y"},
         "the installed botocore does not know s3:X: update boto3"),
        ("UnknownEndpointError", {"service_name": "x", "region_name": "y"}, "the service has no endpoint in this region"),
    ],
)  # fmt: skip
def test_errors_of_the_client(name: str, details: dict[str, Any], reason: str) -> None:
    import botocore.exceptions

    error = getattr(botocore.exceptions, name)(**details)
    assert classify(error, "s3:X").reason == reason


def test_a_bug_costs_its_own_facts_only() -> None:
    assert classify(KeyError("x"), "s3:X") == Failure("failed", "s3:X", "a bug in groundrule: KeyError around s3:X")


def test_reasons_are_one_short_line_without_secrets() -> None:
    text = one_line("a\n  password=Tr0ub4dor-3 " + "x" * 1000)
    assert text.startswith("a password=*** xxx")
    assert len(text) == 243


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": "=text"}, {"a": "text"}),
        ({"a": "$account", "b": "$region"}, {"a": "1", "b": "r"}),
        ({"a": "^id"}, {"a": "parent"}),
        ({"a": "x.y"}, {"a": 3}),
        ({"a": 5, "b": ["$account", "z"], "c": {"d": "$partition"}}, {"a": 5, "b": ["1", "z"], "c": {"d": "aws"}}),
    ],
)
def test_parameters(given: dict[str, Any], expected: dict[str, Any]) -> None:
    values = {"account": "1", "region": "r", "partition": "aws"}
    assert resolve(given, {"x": {"y": 3}}, {"id": "parent"}, values) == expected


def test_days_ago() -> None:
    from datetime import UTC, datetime

    before = datetime.now(UTC).date().isoformat()
    found = resolve({"a": "$today-0"}, {}, {}, {})
    assert found["a"] in (before, datetime.now(UTC).date().isoformat())


def test_the_budget() -> None:
    budget = Budget(most=2)
    budget.take("ce:GetAnomalyMonitors")
    budget.take("s3:ListBuckets")
    with pytest.raises(BudgetError, match="the budget of 2 calls is used up"):
        budget.take("s3:ListBuckets")
    assert budget.total == 2
    assert budget.dollars == cost(budget.calls) == 0.01
    budget.stop("interrupted")
    with pytest.raises(NotCollectedError, match="interrupted"):
        budget.take("s3:ListBuckets")


def test_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    budget = Budget(rate=4)
    for _ in range(3):
        budget.wait()
    assert slept == [0.25, 0.5]


@pytest.mark.parametrize(
    ("service", "method"),
    [("sts", "get_caller_identity"), ("s3", "list_buckets"), ("ec2", "describe_vpcs"), ("sqs", "list_queues")],
)
@pytest.mark.parametrize(
    "page", ["<html><body>blocked</body></html>", "<!DOCTYPE html>\n<html><body>blocked</body></html>", ""]
)
def test_a_page_in_the_place_of_an_answer_is_no_empty_answer(service: str, method: str, page: str) -> None:
    import threading

    with in_front_of("", lambda *_: Reply(200, page, {"Content-Type": "text/html"})) as proxy:
        clients = Clients(new_session(), Network(proxy.url), Budget(), threading.Lock())
        clients.session.set_credentials("key", "secret")
        wanted = Call(Account("1", "aws", clients), "us-east-1", service, method, {}, f"{service}:X", ())
        with pytest.raises(FailedCallError) as raised:
            list(Caller().pages(wanted))
    assert raised.value.failure.reason == f"the answer to {service}:X cannot be read (ResponseParserError)"


def test_an_answer_that_a_parser_gives_up_on_is_no_bug_of_ours() -> None:
    from botocore.parsers import create_parser

    model = new_session().get_service_model("sts").operation_model("GetCallerIdentity")
    answer = {"body": b"<a></a>", "headers": {}, "status_code": 200, "context": {}}
    with pytest.raises(KeyError) as raised:
        create_parser("query").parse(answer, model.output_shape)
    assert classify(raised.value, "sts:X").reason == "the answer to sts:X cannot be read (KeyError)"


def test_an_error_of_our_own_is_told_as_one() -> None:
    with pytest.raises(KeyError) as raised:
        {}["nothing"]
    assert classify(raised.value, "sqs:ListQueues").reason == "a bug in groundrule: KeyError around sqs:ListQueues"
