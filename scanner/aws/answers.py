"""Looks at an answer before botocore takes it apart: pages and nothing are no answers, and throttling is throttling.

What stands between us and AWS answers in words of its own, whatever the protocol of the service is.
"""

from __future__ import annotations

import re
from typing import Any

_SUCCESS, _FIRST_PROBLEM, _TOO_MANY = 200, 300, 429
"""Statuses of HTTP: what promises an answer, the lowest that is no success, and too many requests."""
_OPENING = 200
_ERROR = 2_000
_PAGE = (b"<html", b"<!doctype html")
_CODES = rb"(?:Throttl(?:ing|ed)|TooManyRequests|SlowDown|RequestLimitExceeded|Rate exceeded)"
_THROTTLED = re.compile(
    rb"<Code>\s*" + _CODES + rb'|"(?:__type|[Cc]ode|[Mm]essage)"\s*:\s*"(?:[\w.]+#)?' + _CODES + rb"|\A[^<{]*" + _CODES
)
"""Where an error has its code, in XML and in JSON; of what is neither, all of the text."""
_JSON = b'{"__type":"ThrottlingException"}'
_XML = b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"
_CBOR = b"\xa1\x66__type\x73ThrottlingException"
"""The throttling of each kind of protocol: a map of one text to another in CBOR."""


def check_answer(response_dict: dict[str, Any], operation_model: Any, **_: Any) -> None:
    """Raises ResponseParserError for a page or for nothing that is called a success, as proxies and portals give it:
    botocore would read it as an answer that lists nothing. An error that speaks of throttling in the words of another
    protocol, or only by its status, becomes the throttling of the service's own, which is tried again.

    For botocore's event `before-parse`; `response_dict` has `status_code`, `headers` and `body`.
    """
    from botocore.parsers import ResponseParserError

    body, status = response_dict.get("body"), response_dict["status_code"]
    if not isinstance(body, bytes):
        return
    if status >= _FIRST_PROBLEM:
        own = _throttling(str(operation_model.service_model.resolved_protocol))
        told = _THROTTLED.search(body[:_ERROR]) is not None
        understood = told and own is _JSON and body.startswith(b"{")
        if (told or status == _TOO_MANY) and not understood:
            response_dict["body"] = own
        return
    if not body.strip() and status == _SUCCESS and operation_model.output_shape is not None:
        raise ResponseParserError("the answer is empty")
    if body[:_OPENING].lstrip().lower().startswith(_PAGE):
        raise ResponseParserError("a page stands in the place of the answer")


def _throttling(protocol: str) -> bytes:
    """An error of throttling as a service of `protocol` tells it."""
    if "cbor" in protocol:
        return _CBOR
    return _JSON if "json" in protocol else _XML
