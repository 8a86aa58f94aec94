"""The dry run of a collection: which calls it would make, as a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scanner.cli.output import write_document

if TYPE_CHECKING:
    from scanner.aws.accounts import Access
    from scanner.aws.budget import Budget
    from scanner.aws.declaration import ResourceType
    from scanner.aws.plan import Plan
    from scanner.aws.snapshot import Snapshot


def print_plan(
    table: dict[str, ResourceType],
    types: tuple[str, ...],
    access: Access,
    budget: Budget,
    options: frozenset[str],
    earlier: Snapshot | None = None,
) -> None:
    """Finds accounts and regions, which takes a few calls, and prints the calls that collecting would make."""
    from scanner.aws.accounts import find_accounts
    from scanner.aws.plan import plan

    write_document(_described(plan(table, types, find_accounts(access, budget), options, _counts(earlier))))


def _counts(earlier: Snapshot | None) -> Counter[str] | None:
    """How many resources of each type an earlier snapshot has."""
    if earlier is None:
        return None
    counts: Counter[str] = Counter()
    for section, _ in earlier.sections():
        counts[section.type] += section.count
    return counts


def _described(plan: Plan) -> str:
    """The plan as a table for people."""
    width = max((len(call.operation) for call in plan.calls), default=0)
    lines = []
    for call in plan.calls:
        number = f"{call.certain:6}" if call.expected is None else f"{call.expected:6}"
        besides = "; ".join(dict.fromkeys(call.besides))
        note = f"  {'and ' if call.certain else ''}{besides}" if besides else ""
        lines.append(f"{call.operation:{width}}{number}{note}")
    accounts = f"{plan.accounts} account{'' if plan.accounts == 1 else 's'}"
    regions = f"{plan.places} region{'' if plan.places == 1 else 's'}"
    least = f"at least {plan.certain} calls" if plan.expected is None else f"about {plan.expected} calls"
    lines.append(f"{least} in {accounts} and {regions}; a list of many pages takes one call for each page")
    lines.append(
        f"Cost Explorer: at least ${plan.dollars:.2f}, at $0.01 a call" if plan.dollars else "Cost Explorer: $0.00"
    )
    return "\n".join(lines) + "\n"
