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
    aws:username aws:vpcsourceip kms:calleraccount s3:dataaccesspointaccount s3:dataaccesspointarn
    sns:endpoint sts:externalid elasticfilesystem:accessedviamounttarget lambda:functionurlauthtype
    """.split()
)
"""The condition keys that keep strangers out, if they have a value that is no wildcard. An external id is a shared
secret of sorts: it does so as long as nobody can guess it."""
_SHARED_PROVIDERS = {
    "token.actions.githubusercontent.com": "",
    "gitlab.com": "",
    "app.terraform.io": "",
    "agent.buildkite.com": "",
    "accounts.google.com": "aud",
    "cognito-identity.amazonaws.com": "aud",
    "graph.facebook.com": "app_id",
    "www.amazon.com": "app_id",
}
"""The identity providers that give tokens to everyone who has an account there, and the claim that besides the subject
tells whose application asks. Of a provider of programs that build, everyone chooses the audience."""
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
    narrows it to an account, an organization, a network or a source; or it is an identity provider at which everyone
    may have an account, as GitHub is, and no condition narrows it to a repository or an application."""
    return any(
        each["effect"] == "Allow" and _is_for_everyone(each["principals"], each["not_principals"], each["conditions"])
        for each in policy_statements(document)
    )


def _is_for_everyone(principals: list[str], not_principals: list[str], conditions: list[str]) -> bool:
    values: dict[str, list[str]] = {}
    for condition in conditions:
        head, _, value = condition.partition("=")
        values.setdefault(head, []).append(value)
    if ("*" in principals or not_principals) and not _narrowed(values):
        return True
    providers = {each.rsplit("/", 1)[-1].removeprefix("Federated:") for each in principals}
    return any(not _narrowed_to_claims(values, each) for each in sorted(providers & _SHARED_PROVIDERS.keys()))


def _narrowed(values: dict[str, list[str]]) -> bool:
    """Whether a condition keeps strangers out: all of its values have to, since one that fits is enough."""
    return any(_keeps_out(head, values) and not any(map(_is_wide, found)) for head, found in values.items())


def _keeps_out(head: str, values: dict[str, list[str]]) -> bool:
    operator, _, key = head.partition("/")
    # What has none of the values fulfils ForAllValues.
    if operator.startswith("forallvalues:") and values.get(f"null/{key}") != ["false"]:
        return False
    operator = operator.removeprefix("foranyvalue:").removeprefix("forallvalues:")
    return operator in _OPERATORS and key in _NARROWING


def _narrowed_to_claims(values: dict[str, list[str]], provider: str) -> bool:
    """Whether a condition asks who somebody is at a provider: every token has these claims."""
    for head, found in values.items():
        operator, _, key = head.partition("/")
        owner, _, claim = key.rpartition(":")
        positive = operator.rpartition(":")[2].removesuffix("ifexists") in _OPERATORS
        asks = owner == provider and (claim != "aud" or _SHARED_PROVIDERS[provider] == "aud")
        if positive and asks and not any(_is_any_claim(each) for each in found):
            return True
    return False


def _is_any_claim(value: str) -> bool:
    """Whether a claim's value fits that of everyone: `*`, `repo:*`, `repo:*:ref:refs/heads/main`."""
    return value.startswith("*") or value.partition(":")[2].startswith("*")


def allows_everything(document: Any) -> bool:
    """Whether a policy allows every action on everything; also where it names a few actions or resources that it leaves
    out, unless rights over IAM are among them."""
    return any(
        each["effect"] == "Allow"
        and (not {"*", "*:*"}.isdisjoint(each["actions"]) or _is_all_but(each["not_actions"], "iam:"))
        and ("*" in each["resources"] or _is_all_but(each["not_resources"], ":iam:"))
        for each in policy_statements(document)
    )


def _is_all_but(left_out: list[str], rights: str) -> bool:
    return bool(left_out) and not any(rights in each or not each.strip("*:") for each in left_out)


def _is_wide(value: str) -> bool:
    """Whether a value fits nearly everyone: a wildcard, an ARN of any account, a huge network."""
    from ipaddress import ip_network

    if value.startswith("arn:"):
        service, _, account, resource = (value.split(":", 5) + [""] * 5)[2:6]
        if service == "s3":  # whose names are unique in the world
            return not resource.strip("*")
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
    Function("allows_everything", ("dyn",), "bool", allows_everything),
)
