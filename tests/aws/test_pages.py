"""Answers in pages, whether botocore has a paginator for them or not; errors that say that nothing is configured."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from scanner.aws.calls import Call, Caller
from scanner.aws.errors import is_absent

ACL = {"Id": "a" * 8, "Description": "a", "LockToken": "b" * 8, "ARN": "arn:aws:wafv2:us-east-1:1:regional/webacl/a/a"}


def asked(client: Any, service: str, method: str, params: dict[str, Any], path: str) -> Any:
    clients = SimpleNamespace(get=lambda *_: client, made=lambda *_: client)
    account: Any = SimpleNamespace(id="111111111111", clients=clients)
    return Caller().take(Call(account, "us-east-1", service, method, params, "x:Y"), path)


@pytest.fixture
def waf() -> Any:
    return botocore.session.get_session().create_client("wafv2", region_name="us-east-1")


def test_pages_without_a_paginator_are_followed(waf: Any) -> None:
    with Stubber(waf) as stub:
        stub.add_response(
            "list_web_acls", {"WebACLs": [{**ACL, "Name": "a"}], "NextMarker": "m1"}, {"Scope": "REGIONAL"}
        )
        stub.add_response(
            "list_web_acls",
            {"WebACLs": [{**ACL, "Name": "b"}], "NextMarker": "m2"},
            {"Scope": "REGIONAL", "NextMarker": "m1"},
        )
        stub.add_response("list_web_acls", {"WebACLs": []}, {"Scope": "REGIONAL", "NextMarker": "m2"})
        found = asked(waf, "wafv2", "list_web_acls", {"Scope": "REGIONAL"}, "WebACLs[].Name")
        stub.assert_no_pending_responses()
    assert found == ["a", "b"]


def test_a_mark_that_comes_again_ends_the_pages(waf: Any) -> None:
    with Stubber(waf) as stub:
        for _ in range(2):
            stub.add_response("list_web_acls", {"WebACLs": [{**ACL, "Name": "a"}], "NextMarker": "m1"})
        assert asked(waf, "wafv2", "list_web_acls", {"Scope": "REGIONAL"}, "WebACLs[].Name") == ["a", "a"]


def error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetMacieSession")


def test_a_code_of_several_meanings_is_absent_only_with_its_text() -> None:
    codes = ("NoSuchEntity", "AccessDeniedException: Macie is not enabled")
    assert is_absent(error("AccessDeniedException", "Macie is not enabled."), codes)
    assert not is_absent(error("AccessDeniedException", "not authorized to perform macie2:GetMacieSession"), codes)
    assert is_absent(error("NoSuchEntity", ""), codes)
    assert not is_absent(error("Other", "Macie is not enabled"), codes)
    assert not is_absent(error("AccessDeniedException", "Macie is not enabled"), ())
