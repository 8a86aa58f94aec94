"""Judgements: every outcome, what is said, and that unknown values never read as a pass."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.unknown import PartialText, Unknown
from scanner.policy.judge import Judgement, judge
from scanner.policy.language import rule_language
from scanner.policy.rule_file import read_rule
from tests.policy.rules import make_rule, rule_text, subject

TAG = Unknown("the variable TAG has no value")
DENIED = Unknown("reading it was denied", "denied")
PINNED = """\
when: present(container.image) && !container.built
parameters: {mutable: {type: list, default: [latest]}}
variables: {reference: parse_image(container.image)}
compliant: reference.has_digest || (reference.has_tag && !(reference.tag in parameters.mutable))
at: container.image
message: "'image ' + container.image + ' has no fixed version'"
fix: {set: {at: container.image, value: x}}
"""
FIX = {"set": {"at": "container.image", "value": "x"}}

CASES: list[tuple[dict[str, Any], Judgement | None]] = [
    ({"image": "nginx:1"}, Judgement("pass", "", "image")),
    ({"image": "nginx"}, Judgement("fail", "image nginx has no fixed version", "image", fix=FIX)),
    ({}, None),
    ({"image": "nginx", "built": True}, None),
    (
        {"image": "nginx:latest", "built": False},
        Judgement("fail", "image nginx:latest has no fixed version", "image", fix=FIX),
    ),
    (
        {"image": PartialText((TAG, "/api:latest"))},
        Judgement("fail", "image …/api:latest has no fixed version", "image", fix=FIX),
    ),
    ({"image": PartialText((TAG, "/api:1.4"))}, Judgement("pass", "", "image")),
    (
        {"image": PartialText(("nginx:", TAG))},
        Judgement(
            "unknown", "A title? container.image is not known: the variable TAG has no value", "image", "variable"
        ),
    ),
    (
        {"image": TAG},
        Judgement(
            "unknown", "A title? container.image is not known: the variable TAG has no value", "image", "variable"
        ),
    ),
    ({"image": TAG, "built": True}, None),
    (
        {"image": "nginx", "built": DENIED},
        Judgement("unknown", "A title? container.built is not known: reading it was denied", "image", "denied"),
    ),
    (
        {"image": "NGINX"},
        Judgement(
            "error", "A title? parse_image: the image's name must be lower case (in the variable reference)", "image"
        ),
    ),
]


@pytest.mark.parametrize(("values", "wanted"), CASES)
def test_outcomes(values: dict[str, Any], wanted: Judgement | None) -> None:
    assert judge(make_rule(PINNED), subject(**values)) == wanted


def test_all_that_pass_share_one_judgement() -> None:
    rule = make_rule(PINNED)
    assert judge(rule, subject(image="a:1")) is judge(rule, subject(image="b:1"))


@pytest.mark.parametrize(
    ("message", "values", "wanted"),
    [
        ("container.name", {"name": "web"}, "web"),
        ("container.name", {}, "A title"),
        ("container.name", {"name": TAG}, "A title"),
        ("container.name + '!'", {"name": PartialText(("web-", TAG))}, "web-…!"),
        ("parse_image(container.image).name", {"image": "X"}, "A title"),
        ("container.labels['none']", {"labels": {}}, "A title"),
    ],
)
def test_messages(message: str, values: dict[str, Any], wanted: str) -> None:
    judgement = judge(make_rule(f'compliant: container.init\nmessage: "{message}"\n'), subject(**values))
    assert judgement == Judgement("fail", wanted, "")


def test_an_error_never_shows_a_value() -> None:
    rule = make_rule("compliant: int(container.user) > 0\n")
    judgement = judge(rule, subject(user="s3cr3t-value"))
    assert judgement is not None
    assert judgement.outcome == "error"
    assert "s3cr3t" not in judgement.message


def test_what_is_unknown_deep_inside_is_named_by_its_attribute() -> None:
    rule = make_rule("compliant: container.environment.all(each, each.value != 'x')\n")
    judgement = judge(rule, subject(environment=[{"name": "A", "value": TAG}]))
    assert judgement == Judgement(
        "unknown", "A title? container.environment is not known: the variable TAG has no value", "", "variable"
    )


def test_true_or_unknown_is_true() -> None:
    rule = make_rule("compliant: container.init || container.image == 'x'\n")
    assert judge(rule, subject(init=True, image=TAG)) == Judgement("pass", "", "")


def test_a_resource_of_a_type() -> None:
    text = rule_text("compliant: resource.Size > 1\nat: resource.Size\n").replace("{view: container}", "{types: [T]}")
    rule, errors = read_rule(text.encode(), "a-rule.yaml", "", rule_language())
    assert rule is not None, errors
    assert judge(rule, subject("", Size=2)) == Judgement("pass", "", "Size")
    assert judge(rule, subject("", Size=1)) == Judgement("fail", "text", "Size")
    assert judge(rule, subject("", Size=TAG)) == Judgement(
        "unknown", "A title? resource.Size is not known: the variable TAG has no value", "Size", "variable"
    )
