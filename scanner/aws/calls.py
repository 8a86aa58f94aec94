"""One call: its parameters, its pages, what its error means, and what need not be asked any more after it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scanner.aws.accounts import Account
from scanner.aws.declaration import Params
from scanner.aws.errors import AbsentError, FailedCallError, Failure, NotCollectedError, classify, is_absent
from scanner.aws.models import action_of, mark_maps, page_size
from scanner.aws.records import search

_SILENT = 3
"""After so many calls without an answer in time, and none between them with one, a host is not asked any more."""
_NO_CONNECTION = ("ConnectTimeoutError", "ProxyConnectionError", "EndpointConnectionError", "SSLError")
PAGE_MARKS = ("NextToken", "nextToken", "NextMarker", "NextPageToken", "nextPageToken", "Marker", "position")
_NO_ANSWER = ("ReadTimeoutError", "ConnectionClosedError")


class Call(NamedTuple):
    """One call to make. `region` is the one whose endpoint is asked; `action` is for messages."""

    account: Account
    region: str
    service: str
    method: str
    params: Mapping[str, Any]
    action: str
    absent: tuple[str, ...] = ()


class MissingParameterError(Exception):
    """A parameter that the row should give and does not have."""


def action(service: str, method: str, iam: tuple[str, ...]) -> str:
    """The IAM action that a message names: the declared one, else the operation's own."""
    from botocore.exceptions import BotoCoreError

    try:
        return iam[0] if iam else action_of(service, method)
    except (BotoCoreError, LookupError):  # a botocore that is older than the declaration
        return f"{service}:{method}"


def resolve(
    params: Params, row: Mapping[str, Any], parent: Mapping[str, Any], values: Mapping[str, str]
) -> dict[str, Any]:
    """The parameters of a call, see `scanner.aws.declaration`; `values` are account, region and partition.

    Raises MissingParameterError where a path finds nothing.
    """
    return {name: _resolved(value, row, parent, values) for name, value in params.items()}


def _resolved(value: Any, row: Mapping[str, Any], parent: Mapping[str, Any], values: Mapping[str, str]) -> Any:
    if not isinstance(value, str) or value.startswith("$"):
        return _literal(value, values)
    if value.startswith("="):
        return value[1:]
    found = search(value[1:], parent) if value.startswith("^") else search(value, row)
    if found is None:
        raise MissingParameterError(value)
    return found


def _literal(value: Any, values: Mapping[str, str]) -> Any:
    """A value as it stands, but for `$account` and the like, also inside of lists and mappings."""
    if isinstance(value, str):
        if value.startswith("$today-"):
            return _days_ago(int(value[7:]))
        return values[value[1:]] if value.startswith("$") and value[1:] in values else value
    if isinstance(value, list | tuple):
        return [_literal(each, values) for each in value]
    if isinstance(value, Mapping):
        return {key: _literal(each, values) for key, each in value.items()}
    return value


def _days_ago(days: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def is_row_path(value: Any) -> bool:
    """Whether a parameter is a path over the row."""
    return isinstance(value, str) and value[:1] not in ("=", "$", "^")


def _paginated(paginator: Any, call: Call) -> Iterator[dict[str, Any]]:
    """The pages of a list call, as large as the service allows."""
    key, most = page_size(call.service, call.method)
    size = {"PaginationConfig": {"PageSize": most}} if most and key not in call.params else {}
    return iter(paginator.paginate(**call.params, **size))


def _followed(client: Any, method: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages of an answer for which botocore has no paginator: its mark of the next page is a parameter too."""
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    given = model.input_shape.members if model.input_shape is not None else {}
    told = model.output_shape.members if model.output_shape is not None else {}
    mark = next((name for name in PAGE_MARKS if name in given and name in told), "")
    seen: set[str] = set()
    following: dict[str, Any] = {}
    while True:
        answer = getattr(client, method)(**params, **following)
        yield answer
        value = answer.get(mark) if mark else None
        if not value or value in seen:
            return
        seen.add(value)
        following = {mark: value}


class Caller:
    """Makes calls from many threads, and remembers what is of no use to be asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._down: dict[tuple[str, ...], Failure] = {}
        self._silent: Counter[str] = Counter()
        self._spoke: set[str] = set()

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """The pages of the answer, with maps marked (`mark_maps`).

        Raises AbsentError, FailedCallError and NotCollectedError, maybe after some pages.
        """
        account, service, method = call.account, call.service, call.method
        self._check(call)
        host = ""
        try:
            client = account.clients.get(service, call.region)
            host = client.meta.endpoint_url
            if client.can_paginate(method):
                answers = _paginated(client.get_paginator(method), call)
            else:
                answers = _followed(client, method, call.params)
            for answer in answers:
                self._heard(host)
                answer.pop("ResponseMetadata", None)
                yield mark_maps(service, method, answer)
        except NotCollectedError:
            raise
        except Exception as error:
            if is_absent(error, call.absent):
                raise AbsentError from error
            failure = classify(error, call.action)
            self._note(failure, call, host, error)
            raise FailedCallError(failure) from error

    def take(self, call: Call, path: str) -> Any:
        """What `path` finds in the answer; of several pages the lists joined."""
        found = [search(path, page) for page in self.pages(call)]
        if len(found) > 1 and all(isinstance(each, list) for each in found):
            return [entry for each in found for entry in each]
        return next((each for each in found if each is not None), None)

    def _check(self, call: Call) -> None:
        for key in (("account", call.account.id), ("endpoint", call.account.id, call.region, call.service)):
            if key in self._down:
                raise FailedCallError(self._again(self._down[key], call))
        made = call.account.clients.made(call.service, call.region)
        if made is not None and ("host", made.meta.endpoint_url) in self._down:
            raise FailedCallError(self._again(self._down["host", made.meta.endpoint_url], call))

    @staticmethod
    def _again(failure: Failure, call: Call) -> Failure:
        return Failure(failure.kind, call.action, failure.reason, failure.reach)

    def _heard(self, host: str) -> None:
        self._spoke.add(host)
        self._silent[host] = 0

    def _note(self, failure: Failure, call: Call, host: str, error: Exception) -> None:
        with self._lock:
            if failure.reach == "account":
                self._down["account", call.account.id] = failure
            elif type(error).__name__ in (*_NO_CONNECTION, *_NO_ANSWER):
                self._silent[host] += 1
                never = host not in self._spoke and type(error).__name__ in _NO_CONNECTION
                if never or self._silent[host] >= _SILENT:
                    self._down["host", host] = failure
            elif failure.reach == "endpoint":
                self._down["endpoint", call.account.id, call.region, call.service] = failure
