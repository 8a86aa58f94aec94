"""The runner: every declared call of every type, account and region, and from their answers the records."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from scanner.aws.accounts import Account
from scanner.aws.calls import Call, Caller, action, resolve
from scanner.aws.declaration import GLOBAL, ResourceType, Variant, closure
from scanner.aws.details import Details, missing_parameter
from scanner.aws.errors import AbsentError, FailedCallError, Failure, NotCollectedError, failure_of
from scanner.aws.pool import Pool
from scanner.aws.records import REGION, id_of, make_record, own_name, search, tags_of
from scanner.aws.rows import Row
from scanner.aws.snapshot import Section, record_line
from scanner.aws.spool import Spool

_OPEN_PLACES = 4
"""Accounts' regions that are asked at a time: enough to keep the threads busy, and few clients in memory."""
EVERYWHERE = "*"

Step = Callable[[int, int], None]


@dataclass(slots=True)
class _Section:
    """A type in one account and region, while it is collected."""

    kind: ResourceType
    account: Account
    region: str
    rows: list[Row] = field(default_factory=list)
    waiting: int = 0
    then: Callable[[], None] = lambda: None
    failure: Failure | None = None
    left_out: str = ""

    def values(self, region: str) -> dict[str, str]:
        """What `$account` and the like stand for."""
        return {"account": self.account.id, "region": region, "partition": self.account.partition}

    def note(self, problem: Exception) -> None:
        """Keeps the first failure of the list call."""
        if isinstance(problem, NotCollectedError):
            self.left_out = self.left_out or str(problem)
        elif self.failure is None:
            self.failure = failure_of(problem, action(self.kind.service, self.kind.operation, self.kind.iam))


class Runner:
    """Collects `wanted` types of accounts into a spool.

    `done` tells which sections are there already: (type, account, region); they are not asked for again.
    """

    def __init__(
        self,
        table: Mapping[str, ResourceType],
        wanted: tuple[str, ...],
        pool: Pool,
        spool: Spool,
        *,
        options: frozenset[str] = frozenset(),
        regions: frozenset[str] = frozenset(),
        done: Callable[[str, str, str], bool] = lambda *_: False,
        step: Step = lambda *_: None,
    ) -> None:
        self.table = table
        self.wanted = frozenset(wanted)
        self.pool = pool
        self.spool = spool
        self.options = options
        self.regions = regions
        self.done = done
        self.step = step
        self.caller = Caller()
        self.unknown: Counter[str] = Counter()
        self._places: deque[tuple[Account, str]] = deque()
        self._open: Counter[tuple[str, str]] = Counter()
        self._finished = 0
        self._total = 0

    def run(self, accounts: list[Account]) -> None:
        """Collects everything."""
        for account in accounts:
            if account.failure is not None:
                self._unreachable(account, EVERYWHERE, account.failure, self.wanted)
                continue
            for region in (GLOBAL, *account.regions):
                kinds = self._kinds(account, region)
                if region in account.disabled:
                    self._unreachable(account, region, account.disabled[region], kinds & self.wanted)
                elif kinds:
                    self._places.append((account, region))
                    self._total += len(kinds)
        self._open_places()
        self.pool.run()

    def _kinds(self, account: Account, region: str) -> frozenset[str]:
        """The types to ask for in a place: those that are wanted and not done, and the parents that they need."""
        scope = "global" if region == GLOBAL else "regional"
        missing = tuple(
            name for name in self.wanted if self.table[name].scope == scope and not self.done(name, account.id, region)
        )
        return frozenset(closure(missing, self.table))

    def _unreachable(self, account: Account, region: str, failure: Failure, kinds: frozenset[str]) -> None:
        for name in kinds:
            heading = Section(name, account.id, region, "unknown", failure.kind, failure.action, failure.reason)
            self.spool.add(heading, ())

    def _open_places(self) -> None:
        while self._places and len(self._open) < _OPEN_PLACES:
            account, region = self._places.popleft()
            kinds = self._kinds(account, region)
            self._open[account.id, region] = len(kinds)
            for name in sorted(kinds):
                if not self.table[name].each:
                    self._list(_Section(self.table[name], account, region), [None], kinds)

    def _list(self, section: _Section, parents: list[Row | None], kinds: frozenset[str]) -> None:
        """Makes the list call, once for each parent and variant."""
        kind, account = section.kind, section.account
        section.then = partial(self._listed, section, kinds)
        section.waiting = 1
        if not kind.call:
            section.rows.append(_row({}, kind, account, section.region, None))
        for parent in parents if kind.call else ():
            region = section.region if parent is None else parent.region
            for variant in kind.variants:
                if variant.home_only and account.client_region(section.region) != account.home:
                    continue
                try:
                    known = {} if parent is None else parent.listed
                    params = resolve({**kind.params, **variant.params}, {}, known, section.values(region))
                except Exception as error:  # noqa: BLE001 - a parent without what is needed: the child is unknown
                    section.note(
                        FailedCallError(missing_parameter(error, action(kind.service, kind.operation, kind.iam)))
                    )
                    continue
                call = self._call(section, region, params)
                section.waiting += 1
                work = partial(_rows, self.caller, call, kind, parent, region, variant)
                self._submit(call, work, partial(self._got_rows, section))
        self._arrived(section)

    def _call(self, section: _Section, region: str, params: dict[str, Any]) -> Call:
        kind = section.kind
        name = action(kind.service, kind.operation, kind.iam)
        where = section.account.client_region(region)
        return Call(section.account, where, kind.service, kind.operation, params, name, kind.absent)

    def _submit(self, call: Call, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.pool.submit(call.account.id, call.region, call.service, work, done)

    def _got_rows(self, section: _Section, result: Any) -> None:
        rows, problem = ([], result) if isinstance(result, Exception) else result
        section.rows += rows
        if problem is not None:
            section.note(problem)
        self._arrived(section)

    def _arrived(self, section: _Section) -> None:
        """One of the calls of the phase is over; after the last one the next phase begins."""
        section.waiting -= 1
        if section.waiting == 0:
            section.then()

    def _listed(self, section: _Section, kinds: frozenset[str]) -> None:
        """The rows are there: now the region of each, where it has one of its own."""
        source = section.kind.region_from
        section.then = partial(self._placed, section, kinds)
        section.waiting = 1
        if source is not None:
            for row in section.rows:
                found = search(source.path, row.data) if source.path else None
                if found or not source.call:
                    row.region = _region(found, section.account)
                    continue
                service, method = section.kind.call_of(source)
                name = action(service, method, source.iam)
                try:
                    params = resolve(source.params, row.data, {}, section.values(GLOBAL))
                except Exception as error:  # noqa: BLE001 - a row without what is needed: its region is unknown
                    self._no_region(section, row, FailedCallError(missing_parameter(error, name)))
                    continue
                call = Call(section.account, section.account.home, service, method, params, name)
                section.waiting += 1
                self._submit(
                    call, partial(self.caller.take, call, source.take), partial(self._got_region, section, row)
                )
        self._arrived(section)

    def _got_region(self, section: _Section, row: Row, result: Any) -> None:
        if isinstance(result, Exception):
            self._no_region(section, row, result)
        else:
            row.region = _region(result, section.account)
        self._arrived(section)

    def _no_region(self, section: _Section, row: Row, problem: Exception) -> None:
        row.failed(REGION, problem, self._left_out(section))
        row.region = section.account.home

    def _left_out(self, section: _Section) -> Callable[[str], None]:
        def note(reason: str) -> None:
            section.left_out = section.left_out or reason

        return note

    def _placed(self, section: _Section, kinds: frozenset[str]) -> None:
        """The regions are known: now the children, and the details."""
        if section.kind.region_from is not None and self.regions:
            section.rows = [row for row in section.rows if row.region in self.regions or REGION in row.unknown]
        self._start_children(section, kinds)
        if section.kind.type not in self.wanted:
            self._finish(section, keep=False)
            return
        details = Details(section.kind, self.caller, section.account, self.options, self._left_out(section))
        self._details(section, details, after=False)

    def _start_children(self, section: _Section, kinds: frozenset[str]) -> None:
        for name in sorted(kinds):
            kind = self.table[name]
            if kind.each == section.kind.type:
                for row in section.rows:
                    row.keep_listed()
                child = _Section(
                    kind, section.account, section.region, failure=section.failure, left_out=section.left_out
                )
                self._list(child, list(section.rows), kinds)

    def _details(self, section: _Section, details: Details, *, after: bool) -> None:
        """The detail calls: first those that need the list call alone, then the others."""
        section.then = partial(self._finish, section) if after else partial(self._details, section, details, after=True)
        section.waiting = 1
        for call, work, done in details.jobs(section.rows, after=after):
            section.waiting += 1
            self._submit(call, work, partial(self._got_detail, section, done))
        self._arrived(section)

    def _got_detail(self, section: _Section, done: Callable[[Any], None], result: Any) -> None:
        done(result)
        self._arrived(section)

    def _finish(self, section: _Section, *, keep: bool = True) -> None:
        """Everything is there: the records go to the spool."""
        if keep:
            self._keep(section)
        section.rows = []
        place = section.account.id, section.region
        self._finished += 1
        self.step(self._finished, max(self._total, self._finished))
        self._open[place] -= 1
        if self._open[place] == 0:
            del self._open[place]
            section.account.clients.release(section.account.client_region(section.region))
            self._open_places()

    def _keep(self, section: _Section) -> None:
        kind, account = section.kind, section.account
        lines: dict[str, list[tuple[tuple[str, str], bytes]]] = {section.region: []}
        for row in section.rows:
            try:
                record = self._record(section, row)
                key = record["id"], record["arn"]
                lines.setdefault(record["region"], []).append((key, record_line(record)))
            except Exception as error:  # noqa: BLE001 - a row that no declaration expects: the others are kept
                section.note(error)
        heading = Section(kind.type, account.id, section.region)
        if section.left_out:
            heading = replace(heading, state="not_collected", reason=section.left_out)
        elif section.failure is not None:
            failure = section.failure
            heading = replace(heading, state="unknown", kind=failure.kind, action=failure.action, reason=failure.reason)
        for region, found in lines.items():
            unique = dict.fromkeys(line for _, line in sorted(found))
            self.spool.add(replace(heading, region=region), unique)

    def _record(self, section: _Section, row: Row) -> Any:
        parent = row.parent
        above = (parent.identity, parent.name) if parent is not None else ("", "")
        place = section.account.partition, section.account.id, row.region
        record = make_record(section.kind, row.data, place, above, row.unknown)
        self.unknown.update(fact["reason"] for fact in record["unknown"].values())
        return record


def _region(found: Any, account: Account) -> str:
    """A region as S3 names them: nothing for the first, EU for eu-west-1."""
    return {"": account.home, "EU": "eu-west-1"}.get(str(found or ""), str(found))


def _row(data: dict[str, Any], kind: ResourceType, account: Account, region: str, parent: Row | None) -> Row:
    identity = id_of(kind, data, account.id, region)
    name = own_name(kind, data, tags_of(kind, data), identity)
    if parent is not None and not kind.own_name:
        name = f"{parent.name}/{name}"
    return Row(data, region, parent, identity, name)


def _rows(
    caller: Caller, call: Call, kind: ResourceType, parent: Row | None, region: str, variant: Variant
) -> tuple[list[Row], Exception | None]:
    """The rows of one list call, and what went wrong after them."""
    rows: list[Row] = []
    try:
        for page in caller.pages(call):
            found = search(kind.items, page) or ()
            rows += [_row({**each, **variant.row}, kind, call.account, region, parent) for each in found]
    except AbsentError:
        return rows, None
    except (FailedCallError, NotCollectedError) as error:
        return rows, error
    return rows, None
