"""IAM and resource policies: their statements in one form, and whether they let everyone in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.views import Attribute, View
from scanner.policy.function import Function

_MOST = 10_000
"""Statements that are looked at."""

STATEMENT = View(
    "policy_statement",
    "One statement of a policy. What is written as one text or as a list is a list.",
    {
        name: Attribute(name, kind, meaning)
        for name, kind, meaning in (
            ("effect", "string", "Allow or Deny"),
            (
                "principals",
                "list(string)",
                "whom it is about: `*`, an ARN or account, `Service:NAME`, `Federated:NAME`",
            ),
            ("not_principals", "list(string)", "whom it is not about: then everyone else"),
            ("actions", "list(string)", "the actions, lower case"),
            ("not_actions", "list(string)", "the actions that it is not about, lower case"),
            ("resources", "list(string)", "the resources"),
            ("not_resources", "list(string)", "the resources that it is not about"),
            ("conditions", "list(string)", "one text a value, lower case: `bool/aws:securetransport=false`"),
        )
    },
    subject=False,
)

_NARROWING = frozenset(
    """
    aws:sourceaccount aws:sourcearn aws:sourceorgid aws:sourceorgpaths aws:sourceowner aws:sourcevpc aws:sourcevpce
    aws:sourceip aws:principalorgid aws:principalorgpaths aws:principalaccount aws:principalarn aws:userid
    aws:username aws:vpcsourceip kms:calleraccount kms:viaservice s3:dataaccesspointaccount s3:dataaccesspointarn
    sns:endpoint elasticfilesystem:accessedviamounttarget lambda:functionurlauthtype
    """.split()
)
"""The condition keys that keep strangers out, if they have a value that is no wildcard."""
_OPERATORS = frozenset("stringequals stringlike stringequalsignorecase arnequals arnlike ipaddress bool".split())
_WIDEST = {4: 8, 6: 32}
"""Networks with a shorter prefix are everyone, as Amazon S3 sees it too."""


def policy_statements(document: Any) -> list[dict[str, Any]]:
    """The statements of a policy document; none where there is no document."""
    if not isinstance(document, dict):
        return []
    statements = document.get("Statement")
    found = [each for each in (statements if isinstance(statements, list) else [statements]) if isinstance(each, dict)]
    if len(found) > _MOST:
        raise ValueError("the policy has too many statements")
    return [_statement(each) for each in found]


def _statement(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "effect": str(raw.get("Effect", "")),
        "principals": list(_principals(raw.get("Principal"))),
        "not_principals": list(_principals(raw.get("NotPrincipal"))),
        "actions": [action.lower() for action in _texts(raw.get("Action"))],
        "not_actions": [action.lower() for action in _texts(raw.get("NotAction"))],
        "resources": _texts(raw.get("Resource")),
        "not_resources": _texts(raw.get("NotResource")),
        "conditions": list(_conditions(raw.get("Condition"))),
    }


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [each if isinstance(each, str) else _scalar(each) for each in value]
    return [] if value is None else [_scalar(value)]


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _principals(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield from _texts(value)
        return
    for kind, names in value.items():
        for name in _texts(names):
            yield name if name == "*" or kind == "AWS" else f"{kind}:{name}"


def _conditions(value: Any) -> Iterator[str]:
    for operator, keys in value.items() if isinstance(value, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            for each in _texts(values):
                yield f"{operator}/{key}={each}".lower()


def allows_everyone(document: Any) -> bool:
    """Whether a policy allows something to everyone: the principal is `*`, or everyone but some, and no condition
    narrows it to an account, an organization, a network or a source."""
    return any(
        each["effect"] == "Allow"
        and ("*" in each["principals"] or each["not_principals"])
        and not _narrowed(each["conditions"])
        for each in policy_statements(document)
    )


def _narrowed(conditions: list[str]) -> bool:
    """Whether a condition keeps strangers out: all of its values have to, since one that fits is enough."""
    values: dict[str, list[str]] = {}
    for condition in conditions:
        head, _, value = condition.partition("=")
        values.setdefault(head, []).append(value)
    return any(_keeps_out(head) and not any(map(_is_wide, found)) for head, found in values.items())


def _keeps_out(head: str) -> bool:
    operator, _, key = head.partition("/")
    operator = operator.removeprefix("foranyvalue:").removeprefix("forallvalues:")
    return operator in _OPERATORS and key in _NARROWING


def _is_wide(value: str) -> bool:
    """Whether a value fits nearly everyone: a wildcard, an ARN of any account, a huge network."""
    from ipaddress import ip_network

    if value.startswith("arn:"):
        account, resource = (value.split(":", 5) + [""] * 5)[4:6]
        return account == "*" or (not account and resource in ("", "*"))
    if "/" in value and not value.startswith("/"):
        try:
            network = ip_network(value, strict=False)
        except ValueError:
            return False
        return network.prefixlen < _WIDEST[network.version]
    return not value.strip("*")


FUNCTIONS = (
    Function("policy_statements", ("dyn",), "list(policy_statement)", policy_statements),
    Function("allows_everyone", ("dyn",), "bool", allows_everyone),
)
