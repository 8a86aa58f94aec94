"""Small snapshots of accounts, and rules that judge them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scanner.aws.snapshot import Header, Section, record_line, write_snapshot

ACCOUNT = "123456789012"
ONE_ZONE = ("one-zone", "{types: [AWS::RDS::DBInstance]}", "resource.MultiAZ")


def record(kind: str, name: str, region: str = "eu-west-1", account: str = ACCOUNT, **properties: Any) -> Any:
    return {
        "type": kind,
        "id": name,
        "name": name,
        "arn": f"arn:aws:x:{region}:{account}:y/{name}",
        "account": account,
        "region": region,
        "tags": properties.pop("Tags", {}),
        "properties": properties,
        "unknown": properties.pop("unknown", {}),
        "secrets": properties.pop("secrets", []),
    }


def write(path: Path, records: Iterable[Any], sections: Iterable[Section] = (), types: tuple[str, ...] = ()) -> Path:
    """A snapshot of `records`; `sections` are those that are not just complete."""
    given = {section.key: section for section in sections}
    lines: dict[tuple[str, str, str], list[bytes]] = {key: [] for key in given}
    for each in records:
        lines.setdefault((each["type"], each["account"], each["region"]), []).append(record_line(each))
    kinds = tuple(sorted({key[0] for key in lines} | set(types)))
    header = Header("0", "2026-07-01T06:00:00Z", ({"id": ACCOUNT, "state": "collected"},), ("eu-west-1",), kinds, True)
    ordered = ((given.get(key, Section(*key, count=len(lines[key]))), lines[key]) for key in sorted(lines))
    write_snapshot(path, header, ordered)
    return path


RULE = """\
schema: 1
id: {id}
title: {title}
family: multi-az
severity: high
targets: [aws]
match: {match}
compliant: "{compliant}"
message: "{message}"
rationale: Why.
remediation: How.
"""


def rule(folder: Path, name: str, match: str, compliant: str, message: str = "'it is wrong'") -> None:
    path = folder / "rules" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    title = name.replace("-", " ").capitalize()
    path.write_text(RULE.format(id=name, title=title, match=match, compliant=compliant, message=message))
