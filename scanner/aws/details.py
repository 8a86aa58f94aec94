"""The detail calls of a section's rows: one for each row, or one for several, and what their answers do to the rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from scanner.aws.accounts import Account
from scanner.aws.calls import Call, Caller, MissingParameterError, action, is_row_path, resolve
from scanner.aws.declaration import Detail, ResourceType
from scanner.aws.errors import AbsentError, FailedCallError, Failure, NotCollectedError, failure_of
from scanner.aws.models import EVERY_KEY, keys_taken
from scanner.aws.records import fields, search
from scanner.aws.rows import Row
from scanner.aws.snapshot import UnknownFact

JobParts = tuple[Call, Callable[[], Any], Callable[[Any], None]]


def missing_parameter(error: Exception, name: str) -> Failure:
    """The failure of a call that cannot be made for want of a parameter."""
    path = str(error).lstrip("^") if isinstance(error, MissingParameterError) else type(error).__name__
    return Failure("failed", name, f"{name} cannot be asked: {path} is not known")


def _same(fact: UnknownFact) -> FailedCallError:
    """The failure that made another fact unknown."""
    return FailedCallError(Failure(fact["kind"], fact["action"], fact["reason"]))


class Details:
    """The detail calls of one type in one account; `left_out` hears why calls were not made."""

    def __init__(
        self,
        kind: ResourceType,
        caller: Caller,
        account: Account,
        options: frozenset[str],
        left_out: Callable[[str], None],
    ) -> None:
        self.kind = kind
        self.caller = caller
        self.account = account
        self.left_out = left_out
        self.details = [each for each in kind.details if not each.option or each.option in options]

    def jobs(self, rows: list[Row], *, after: bool) -> Iterator[JobParts]:
        """The calls to make now: those that need the list call alone, or those that come `after` them."""
        for detail in self.details:
            if detail.after == after:
                asked = [row for row in rows if self._makes_sense(detail, row)]
                yield from self._batches(detail, asked) if detail.batch else self._single(detail, asked)

    def _makes_sense(self, detail: Detail, row: Row) -> bool:
        """Whether to make the call for a row. Where it is not known, neither is what the call would tell."""
        try:
            if not detail.when or search(detail.when, row.data):
                return True
            known = next((row.unknown[name] for name in fields(detail.when) if name in row.unknown), None)
            if known is not None:
                self._unknown(detail, row, _same(known))
        except Exception as error:  # noqa: BLE001 - a row that no declaration expects: the fact is unknown
            self._unknown(detail, row, error)
        return False

    def _single(self, detail: Detail, rows: list[Row]) -> Iterator[JobParts]:
        for row in rows:
            params = self._params(detail, row)
            if params is not None:
                call = self._call(detail, row.region, params)
                yield call, partial(self.caller.take, call, detail.take), partial(self._got, detail, row)

    def _batches(self, detail: Detail, rows: list[Row]) -> Iterator[JobParts]:
        listed = next(name for name, value in detail.params.items() if is_row_path(value))
        groups: dict[tuple[str, str], tuple[dict[str, Any], list[tuple[Any, Row]]]] = {}
        for row in rows:
            params = self._params(detail, row)
            if params is not None:
                value = params.pop(listed)
                key = row.region, json.dumps(params, sort_keys=True, default=str)
                groups.setdefault(key, (params, []))[1].append((value, row))
        for (region, _), (params, members) in groups.items():
            for start in range(0, len(members), detail.batch):
                part = members[start : start + detail.batch]
                values = list(dict.fromkeys(value for value, _ in part))
                call = self._call(detail, region, {**params, listed: values})
                yield call, partial(self._entries, call, detail), partial(self._got_batch, detail, part, call.action)

    def _params(self, detail: Detail, row: Row) -> dict[str, Any] | None:
        """The parameters for a row; None, and the fact is unknown, where the row lacks one."""
        values = {"account": self.account.id, "region": row.region, "partition": self.account.partition}
        parent = row.parent.listed if row.parent is not None else {}
        try:
            return resolve(detail.params, row.data, parent, values)
        except Exception as error:  # noqa: BLE001 - a row without what is needed: the fact is unknown
            failure = missing_parameter(error, self._action(detail))
            known = next(iter(row.unknown.values()), None)  # an earlier detail failed, which would have told
            self._unknown(detail, row, FailedCallError(failure) if known is None else _same(known))
            return None

    def _action(self, detail: Detail) -> str:
        return action(*self.kind.call_of(detail), detail.iam)

    def _call(self, detail: Detail, region: str, params: dict[str, Any]) -> Call:
        service, method = self.kind.call_of(detail)
        where = self.account.client_region(region)
        return Call(self.account, where, service, method, params, self._action(detail), detail.absent)

    def _entries(self, call: Call, detail: Detail) -> dict[Any, Any]:
        """The entries of a batch's answer by their key."""
        found = self.caller.take(call, detail.take) or ()
        return {search(detail.key, each): search(detail.value, each) if detail.value else each for each in found}

    def _got_batch(self, detail: Detail, part: list[tuple[Any, Row]], name: str, result: Any) -> None:
        for value, row in part:
            if isinstance(result, Exception):
                self._got(detail, row, result)
            elif value in result:
                self._got(detail, row, result[value])
            elif detail.missing_is_absent:
                self._got(detail, row, AbsentError())
            else:
                gone = Failure("failed", name, f"the answer to {name} leaves it out")
                self._got(detail, row, FailedCallError(gone))

    def _got(self, detail: Detail, row: Row, result: Any) -> None:
        if isinstance(result, AbsentError):
            if detail.into:
                row.data[detail.into] = None
        elif isinstance(result, Exception):
            self._unknown(detail, row, result)
        elif detail.into:
            row.data[detail.into] = result
        elif isinstance(result, dict):
            row.merge(result, self.details.index(detail))
        else:
            name = self._action(detail)
            self._unknown(detail, row, FailedCallError(Failure("failed", name, f"the answer to {name} is empty")))

    def _unknown(self, detail: Detail, row: Row, problem: Exception) -> None:
        if not isinstance(problem, NotCollectedError | FailedCallError):
            problem = FailedCallError(failure_of(problem, self._action(detail)))
        keys = (detail.into,) if detail.into else keys_taken(*self.kind.call_of(detail), detail.take)
        for key in keys:
            if key == EVERY_KEY[0] or key not in row.data:
                row.failed(key, problem, self.left_out)
