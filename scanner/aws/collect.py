"""From what the user asks for to a snapshot: accounts and regions, the runner, what an earlier snapshot has already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

from scanner import __version__
from scanner.aws.accounts import Access, Account, find_accounts
from scanner.aws.budget import Budget
from scanner.aws.clients import THREADS
from scanner.aws.declaration import ResourceType
from scanner.aws.pool import Pool
from scanner.aws.runner import EVERYWHERE, Runner, Step
from scanner.aws.snapshot import Header, Section, Snapshot, SnapshotError, open_snapshot, record_line, write_snapshot
from scanner.aws.spool import Spool


class Request(NamedTuple):
    """What to collect. `types` are names in `table`; `options` see `Detail.option`; `resume` an earlier snapshot."""

    access: Access
    table: Mapping[str, ResourceType]
    types: tuple[str, ...]
    options: frozenset[str] = frozenset()
    resume: Path | None = None


class Collected(NamedTuple):
    """What a run brought: the number of records, the sections that are not complete, and the facts that are unknown
    (reason → how many)."""

    records: int
    accounts: list[Account]
    incomplete: list[Section]
    unknown: Counter[str]
    notices: list[str]

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for is known."""
        return not self.incomplete and not self.unknown


def collect(
    request: Request,
    output: Path,
    budget: Budget,
    step: Step = lambda *_: None,
    guard: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Collected:
    """Collects into the snapshot `output`. While resources are collected, `guard` is entered: its part is to call
    `budget.stop` where the user wants to end; what was collected until then is written.

    Raises CredentialsError, UsageError and SourceError where nothing can be collected at all.
    """
    earlier = open_snapshot(request.resume) if request.resume else None
    accounts = find_accounts(request.access, budget)
    spool = Spool()
    try:
        notices = [notice for account in accounts for notice in account.notices]
        unknown: Counter[str] = Counter()
        if earlier is not None:
            notices += _keep(earlier, request.table, spool, unknown)
        runner = Runner(
            request.table,
            request.types,
            Pool(THREADS, budget),
            spool,
            options=request.options,
            regions=frozenset(request.access.regions),
            done=lambda *key: key in spool,
            step=step,
        )
        with guard():
            runner.run(accounts)
        if earlier is not None:
            _keep_rest(earlier, request.table, spool, unknown)
        headings = spool.headings
        incomplete = [section for section in headings if section.state != "complete"]
        header = Header(
            groundrule=__version__,
            collected=_now(),
            accounts=_accounts(accounts, earlier),
            regions=tuple(sorted({region for account in accounts for region in account.regions} | _regions(earlier))),
            types=tuple(sorted({section.type for section in headings})),
            complete=not incomplete,
        )
        records = write_snapshot(output, header, spool.sections())
        return Collected(records, accounts, incomplete, unknown + runner.unknown, notices)
    finally:
        spool.close()


def _keep(earlier: Snapshot, table: Mapping[str, ResourceType], spool: Spool, unknown: Counter[str]) -> list[str]:
    """Takes over the sections of an earlier snapshot that need not be collected again; the result are notices.

    That is a section that is complete and in which no fact is unknown: what was denied may be allowed by now.
    """
    again = set()
    last: tuple[str, ...] = ()
    error: SnapshotError | None = None
    try:
        for section, records in earlier.sections():
            last = _unit(section, table)
            if section.state != "complete" or any(record["unknown"] for record in records):
                again.add(last)
    except SnapshotError as damage:
        error = damage
        again.add(last)
    _keep_sections(earlier, spool, unknown, lambda section: _unit(section, table) not in again)
    return [] if error is None else [f"{error.message}: the rest is collected again"]


def _keep_rest(earlier: Snapshot, table: Mapping[str, ResourceType], spool: Spool, unknown: Counter[str]) -> None:
    """Takes over what should have been collected again and was not asked for: a region that is not enabled, a type that
    is not wanted any more. What is not known of it is still told."""
    there = {heading.key for heading in spool.headings}
    there |= {(kind, account, EVERYWHERE) for kind, account, _ in there}

    def is_missing(section: Section) -> bool:
        unit = _unit(section, table)
        return (unit if len(unit) > 2 else (*unit, EVERYWHERE)) not in there

    _keep_sections(earlier, spool, unknown, is_missing)


def _keep_sections(earlier: Snapshot, spool: Spool, unknown: Counter[str], is_kept: Callable[[Section], bool]) -> None:
    with suppress(SnapshotError):  # which was told already
        for section, records in earlier.sections():
            if is_kept(section):
                found = list(records)
                spool.add(section, map(record_line, found))
                unknown.update(str(fact.get("reason")) for record in found for fact in record["unknown"].values())


def _unit(section: Section, table: Mapping[str, ResourceType]) -> tuple[str, ...]:
    """What is collected as one: a type in a region, or in all regions where one list call finds them all."""
    kind = table.get(section.type)
    whole = kind is not None and kind.region_from is not None
    return (section.type, section.account) if whole else section.key


def _accounts(accounts: list[Account], earlier: Snapshot | None) -> tuple[dict[str, str], ...]:
    found = {each["id"]: each for each in (earlier.header.accounts if earlier else ()) if "id" in each}
    for account in accounts:
        failure = account.failure
        found[account.id] = {
            "id": account.id,
            "name": account.name,
            "partition": account.partition,
            "state": "failed" if failure else "collected",
            "reason": failure.reason if failure else "",
        }
    return tuple(found[number] for number in sorted(found))


def _regions(earlier: Snapshot | None) -> set[str]:
    return set(earlier.header.regions) if earlier else set()


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
