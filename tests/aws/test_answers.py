"""Answers before botocore takes them apart: throttling in any words is tried again, whatever the protocol."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.parsers import PROTOCOL_PARSERS, ResponseParserError
from botocore.retries.standard import ThrottledRetryableChecker

from scanner.aws.answers import check_answer

THROTTLED = [
    (400, b'{"__type":"ThrottlingException","message":""}'),
    (503, b'{"message":"Rate exceeded"}'),
    (400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"),
    (503, b"<Error><Code>SlowDown</Code></Error>"),
    (400, b"<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>"),
    (429, b""),
    (429, b"slow down, please"),
    (429, b'{"message":"Too Many Requests"}'),
    (400, b"Rate exceeded"),
]
OTHERS = [
    (403, b'{"__type":"AccessDeniedException"}'),
    (403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"),
    (403, b"<Error><Code>AccessDenied</Code><Message>perform: waf:GetThrottling, SlowDown</Message></Error>"),
    (404, b""),
]


def checked(protocol: str, status: int, body: bytes, output: object = object()) -> dict[str, Any]:
    answer = {"status_code": status, "headers": {}, "body": body}
    model = SimpleNamespace(service_model=SimpleNamespace(resolved_protocol=protocol), output_shape=output)
    check_answer(answer, model)
    return answer


@pytest.mark.parametrize("protocol", PROTOCOL_PARSERS)
@pytest.mark.parametrize(("status", "body"), THROTTLED)
def test_throttling(protocol: str, status: int, body: bytes) -> None:
    parsed = PROTOCOL_PARSERS[protocol]().parse(checked(protocol, status, body), None)
    code = parsed["Error"]["Code"]
    assert code in ThrottledRetryableChecker._THROTTLED_ERROR_CODES or (status, code) == (503, "503")


@pytest.mark.parametrize("protocol", PROTOCOL_PARSERS)
@pytest.mark.parametrize(("status", "body"), OTHERS)
def test_other_errors_stay_as_they_are(protocol: str, status: int, body: bytes) -> None:
    assert checked(protocol, status, body)["body"] == body


@pytest.mark.parametrize("protocol", PROTOCOL_PARSERS)
def test_what_is_no_answer(protocol: str) -> None:
    for body in (b"", b" \n", b"\n<!DOCTYPE html><title>Sign in</title>", b"<HTML>"):
        with pytest.raises(ResponseParserError):
            checked(protocol, 200, body)
    assert checked(protocol, 200, b"", None)["body"] == b""
    assert checked(protocol, 204, b"")["body"] == b""
