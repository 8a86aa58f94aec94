"""The point in time that formats of security events ask for."""

from __future__ import annotations

from datetime import UTC, datetime

from scanner.core.result import Report


def moment_of(report: Report) -> datetime:
    """When what the report says was found out."""
    try:
        found = datetime.fromisoformat(report.time)
    except ValueError:  # of a foreign snapshot
        return datetime.now(UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def rfc_3339(moment: datetime) -> str:
    """`2026-07-01T06:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
