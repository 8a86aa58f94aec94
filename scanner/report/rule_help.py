"""What a rule's page says: its help as plain text and as Markdown, and its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scanner.core.result import RuleInfo
from scanner.report.markdown import plain

MOST_TAGS = 10
_TARGETS = {"compose": "Compose", "kubernetes": "Kubernetes", "helm": "Helm", "aws": "AWS", "repository": "repository"}


def tags(rule: RuleInfo) -> list[str]:
    """At most ten: `security`, which code scanning asks for, the family, then the controls as `framework/control`."""
    names = ["security", rule.family, *(f"{control['framework']}/{control['control']}" for control in _full(rule))]
    return list(dict.fromkeys(name for name in names if name))[:MOST_TAGS]


def pascal_case(rule_id: str) -> str:
    """`image-not-pinned` as `ImageNotPinned`."""
    return "".join(word.capitalize() for word in rule_id.split("-"))


def help_text(rule: RuleInfo) -> str:
    """The help without markup."""
    return "\n\n".join(_parts(rule, markdown=False))


def help_markdown(rule: RuleInfo) -> str:
    """The help with headings and code blocks."""
    return "\n\n".join(_parts(rule, markdown=True))


def _parts(rule: RuleInfo, *, markdown: bool) -> Iterator[str]:
    def heading(text: str) -> str:
        return f"## {text}" if markdown else f"{text}:"

    title, rationale = rule.title, rule.rationale.strip() or rule.title
    if markdown and rule.is_foreign:
        title, rationale = plain(title), plain(rationale)
    yield f"# {title}" if markdown else title
    yield rationale
    remedies = [(target, text.strip()) for target, text in rule.remediation.items() if text.strip()]
    if remedies:
        yield heading("How to repair it")
        for target, text in remedies:
            named = target not in {"", "default"}
            name = _TARGETS.get(target, target)
            yield (f"**{name}**: {text}" if markdown else f"{name}: {text}") if named else text
    for name, code in _examples(rule.examples):
        yield heading(name)
        yield _fenced(code) if markdown else code.rstrip()
    controls = list(_full(rule))
    if controls:
        yield heading("Controls")
        yield "\n".join(f"- {' '.join(part for part in _control(control) if part)}" for control in controls)
    if rule.is_foreign:
        return
    command = f"groundrule explain {rule.id}"
    yield f"Offline: `{command}`" if markdown else f"Offline: {command}"


def _full(rule: RuleInfo) -> Iterator[dict[str, str]]:
    for control in rule.controls:
        if control.get("framework") and control.get("control"):
            yield control


def _control(control: dict[str, str]) -> tuple[str, ...]:
    return str(control["framework"]), str(control.get("version", "")), str(control["control"])


def _examples(examples: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Heading and code of each example: `examples` is {good, bad}, or a map of such by target."""
    for kind, title in (("bad", "Not compliant"), ("good", "Compliant")):
        if isinstance(examples.get(kind), str):
            yield title, examples[kind]
    for target, pair in examples.items():
        if isinstance(pair, dict):
            for name, code in _examples(pair):
                yield f"{name} ({_TARGETS.get(target, target)})", code


def _fenced(code: str) -> str:
    """A code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{code.rstrip()}\n{fence}"
