"""Threads that carry out calls, so many at a time for each service; what comes of them is handled in one thread."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable
from queue import SimpleQueue
from typing import Any, NamedTuple

from scanner.aws.budget import Budget
from scanner.aws.errors import NotCollectedError

_GRACE = 5.0
"""Seconds that calls under way have to end once the run is stopped."""
_LIMIT = 8
_LIMITS = {
    "s3": 12,
    "iam": 6,
    "cognito-idp": 4,
    "cloudfront": 4,
    "acm": 4,
    "eks": 4,
    "backup": 4,
    "sts": 4,
    "wafv2": 3,
    "apigateway": 2,
    "apigatewayv2": 2,
    "budgets": 2,
    "route53": 2,
    "service-quotas": 2,
    "resourcegroupstaggingapi": 2,
    "ce": 1,
    "organizations": 1,
    "support": 1,
}
"""Calls of a service at once in one account and region: low where AWS allows few calls a second."""


class Job(NamedTuple):
    """`work` is carried out in a thread; `done` gets what it returns or raises, in the thread of `Pool.run`."""

    key: Hashable
    limit: int
    work: Callable[[], Any]
    done: Callable[[Any], None]


class Pool:
    """Carries out jobs in the order in which they are given, as far as the limits of their services allow."""

    def __init__(self, threads: int, budget: Budget) -> None:
        self._size = threads
        self._threads = 0
        self._budget = budget
        self._todo: dict[Hashable, deque[tuple[int, Job]]] = {}
        self._running: Counter[Hashable] = Counter()
        self._active: dict[int, Job] = {}
        self._given = 0
        self._inbox: SimpleQueue[tuple[int, Job] | None] = SimpleQueue()
        self._outbox: SimpleQueue[tuple[int, Any] | None] = SimpleQueue()

    def submit(
        self, account: str, region: str, service: str, work: Callable[[], Any], done: Callable[[Any], None]
    ) -> None:
        """Gives a job. `done` gets the result, or the exception that `work` raised."""
        key = account, region, service
        job = Job(key, _LIMITS.get(service, _LIMIT), work, done)
        self._given += 1
        self._todo.setdefault(key, deque()).append((self._given, job))

    def run(self) -> None:
        """Carries out all jobs, and those that come up meanwhile."""
        self._budget.when_stopped = lambda: self._outbox.put(None)
        try:
            while self._todo or self._active:
                if self._budget.stopped:
                    self._stop()
                    return
                self._start()
                self._settle(self._outbox.get())
        finally:
            self._budget.when_stopped = lambda: None
            for _ in range(self._threads):
                self._inbox.put(None)

    def _start(self) -> None:
        while len(self._active) < self._size:
            ready = [key for key, jobs in self._todo.items() if self._running[key] < jobs[0][1].limit]
            if not ready:
                return
            key = min(ready, key=lambda each: self._todo[each][0][0])
            number, job = self._todo[key].popleft()
            if not self._todo[key]:
                del self._todo[key]
            self._running[key] += 1
            self._active[number] = job
            if self._threads < min(self._size, len(self._active)):
                self._threads += 1
                threading.Thread(target=self._work, daemon=True, name=f"aws-{self._threads}").start()
            self._inbox.put((number, job))

    def _work(self) -> None:
        while (given := self._inbox.get()) is not None:
            number, job = given
            try:
                result = job.work()
            except Exception as error:  # noqa: BLE001 - it is handed on
                result = error
            self._outbox.put((number, result))

    def _settle(self, got: tuple[int, Any] | None) -> None:
        if got is None:
            return
        number, result = got
        job = self._active.pop(number, None)
        if job is not None:
            self._running[job.key] -= 1
            job.done(result)

    def _stop(self) -> None:
        """Waits for the calls under way for a while; all others are told that they are not made."""
        ends = time.monotonic() + _GRACE
        while self._active and (left := ends - time.monotonic()) > 0:
            self._settle(self._next(left))
        while self._todo or self._active:
            jobs = [job for given in self._todo.values() for _, job in given] + list(self._active.values())
            self._todo.clear()
            self._active.clear()
            for job in jobs:
                job.done(NotCollectedError(self._budget.stopped))

    def _next(self, seconds: float) -> tuple[int, Any] | None:
        from queue import Empty

        try:
            return self._outbox.get(timeout=seconds)
        except Empty:
            return None
