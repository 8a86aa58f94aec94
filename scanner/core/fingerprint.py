"""The identity of a finding across runs: what it is about, never where it stands."""

from __future__ import annotations

import hashlib
import json

VERSION = 1
"""Part of what is hashed, and of the key under which SARIF carries the fingerprint: `groundrule/v1`."""
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


def fingerprint(rule_id: str, resource_type: str, namespace: str, name: str, key: str, occurrence: int = 0) -> str:
    """32 hexadecimal digits that stay the same while lines move, files are renamed and charts are upgraded.

    `occurrence` counts the findings of one run that share everything else, from 0, in the order of the report.
    """
    identity = _ENCODE([VERSION, rule_id, resource_type, namespace, name, key, occurrence])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
