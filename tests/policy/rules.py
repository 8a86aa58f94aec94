"""Small rule files for the tests of the policy layer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.policy.language import rule_language
from scanner.policy.rule import Rule
from scanner.policy.rule_file import read_rule

HEAD = """\
schema: 1
id: {id}
title: A title
family: hardening
severity: medium
targets: [{targets}]
match: {{view: {view}}}
rationale: Why.
remediation: What.
"""


def rule_text(
    body: str, rule_id: str = "a-rule", *, view: str = "container", targets: str = "compose", family: str = "hardening"
) -> str:
    """A rule file with the keys that `body` leaves out."""
    text = HEAD.format(id=rule_id, view=view, targets=targets).replace("family: hardening", f"family: {family}") + body
    if "message:" not in body:
        text += "message: \"'text'\"\n"
    return text if "compliant:" in body else text + "compliant: 'true'\n"


def make_rule(body: str, **options: Any) -> Rule:
    """The rule that `body` makes. Fails with what is wrong with it."""
    text = rule_text(body, **options)
    rule, errors = read_rule(text.encode(), f"{options.get('rule_id', 'a-rule')}.yaml", "", rule_language())
    assert rule is not None, [str(error) for error in errors]
    return rule


def write_rule(folder: Path, rule_id: str, body: str = "", **options: Any) -> Path:
    """A rule file in a folder."""
    path = folder / f"{rule_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rule_text(body, rule_id, **options), "utf-8")
    return path


class Nowhere:
    """An origin that is never asked."""

    def locate(self, route: Any) -> Any:
        raise AssertionError("a rule asked where something is")


def subject(view: str = "container", /, **values: Any) -> Subject:
    """A subject of a view."""
    resource = Resource("compose/service", "web", values, Nowhere(), "compose")
    return Subject(view, resource, "web", values, lambda _: ())
