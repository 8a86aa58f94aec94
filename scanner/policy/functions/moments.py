"""Points in time, as AWS and Kubernetes write them: how many days lie between two."""

from __future__ import annotations

from datetime import UTC

from scanner.policy.function import Function

_LONGEST = 40


def days_between(earlier: str, later: str) -> int:
    """Whole days from `earlier` to `later`, both RFC 3339 (`2026-07-01T06:00:00Z`) or dates; negative where it is
    the other way round. A resource's `collected` is the time to compare with."""
    return (_moment(later) - _moment(earlier)) // 86_400


def _moment(text: str) -> int:
    from datetime import datetime

    try:
        found = datetime.fromisoformat(text[:_LONGEST])
    except ValueError:
        raise ValueError("a point in time is written like 2026-07-01T06:00:00Z") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


FUNCTIONS = (Function("days_between", ("string", "string"), "int", days_between),)
