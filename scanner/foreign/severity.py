"""How grave a result of another scanner is, on our scale."""

from __future__ import annotations

import re
from typing import Any

from scanner.core.result import Severity

OF_LEVELS: dict[str, Severity] = {"error": "high", "warning": "medium", "note": "low", "none": "info"}
"""Where a tool gives nothing but SARIF's level."""
_OF_NUMBERS: tuple[tuple[float, Severity], ...] = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
"""GitHub's ranges of security-severity, each from its lower end on (9.0 counts as critical)."""
_OF_CHECKOV: tuple[tuple[Severity, str], ...] = (
    ("low", r"\b(description|(?<!version )tags?|naming|named?|labels?|event notifications)\b"),
    ("low", r"\b(lifecycle|cross[- ]region)\b"),
    ("low", r"\b(CMK|customer[- ]managed|customer[- ]provided|CMEK|own key|deletion protection|detailed monitoring)\b"),
    ("low", r"\b(X-Ray|tracing|performance insights|copy tags|auto(matic)? minor|attached to another resource)\b"),
    ("low", r"\b(HEALTHCHECK|WORKDIR|MAINTAINER|apt-get|LABEL|retry|dead letter|DLQ|concurrent execution limit)\b"),
    ("critical", r"\b(admin(istrat\w*)?|full|\*:\*|\"\*\"|star).{0,40}(privilege|permission|polic|access)"),
    ("critical", r"(hard[- ]?coded|clear[- ]?text|plain[- ]?text|leaked).{0,60}(key|secret|credential|password|token)"),
    ("critical", r"\b(secret|credential|password|token)s?\b.{0,40}(hard[- ]?coded|exposed|in (the )?user ?data)"),
    ("medium", r"\b(WAF|at rest|egress|port 80|public access block|(block|ignore|restrict) public)\b"),
    ("high", r"(0\.0\.0\.0|::/0|\bpublic(ly)?\b|\banonymous\b|\bwildcard\b|\bany (principal|user|ip)\b|\binternet\b)"),
    ("high", r"\b(shell injection|injection|privileged|root user|assume role|write-all|untrusted|curl|sudo)\b"),
    ("high", r"\b(reverse shell|TLS 1\.[01]|insecure|unencrypted|plaintext|disabled? (ssl|tls) verification)\b"),
    ("medium", r""),
)
"""Checkov tells severities only to those who have an account. In the order given, the first pattern that the words of
a policy hold decides: what opens data or takes an account over is critical or high, what keeps costs, names and
traces in order is low, the rest (encryption, logs, backups, versions) is medium."""


def of_checkov(policy: str) -> Severity:
    """The severity of a Checkov policy by its words, such as `Ensure no security groups allow ingress from ...`."""
    return next(severity for severity, pattern in _OF_CHECKOV if re.search(pattern, policy, re.IGNORECASE))


def of_sarif(level: str, number: Any) -> Severity:
    """The severity for a result's level and its rule's `security-severity`, which wins where it is a number over 0."""
    try:
        value = float(number)
    except (TypeError, ValueError):
        value = 0.0
    return next((severity for least, severity in _OF_NUMBERS if value >= least), OF_LEVELS.get(level, "medium"))
