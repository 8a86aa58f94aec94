"""The pool: limits for each service, order, results in one thread, and the end of a run."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import pytest

from scanner.aws.budget import Budget
from scanner.aws.errors import NotCollectedError
from scanner.aws.pool import Pool


def test_no_service_gets_more_calls_at_once_than_it_may() -> None:
    lock, now, most = threading.Lock(), Counter[str](), Counter[str]()
    pool = Pool(16, Budget())
    got: list[Any] = []

    def work(service: str) -> str:
        with lock:
            now[service] += 1
            most[service] = max(most[service], now[service])
            most["all"] = max(most["all"], now.total())
        time.sleep(0.002)
        with lock:
            now[service] -= 1
        return service

    for service in ("ce", "s3", "apigateway", "ec2"):
        for _ in range(30):
            pool.submit("1", "us-east-1", service, lambda service=service: work(service), got.append)
    pool.run()
    assert Counter(got) == dict.fromkeys(("ce", "s3", "apigateway", "ec2"), 30)
    assert most["ce"] == 1
    assert most["apigateway"] <= 2
    assert most["ec2"] <= 8
    assert most["all"] <= 16


def test_results_and_errors_arrive_in_the_thread_that_runs() -> None:
    pool = Pool(2, Budget())
    got: list[Any] = []

    def fail() -> None:
        raise ValueError("no")

    def first(result: Any) -> None:
        got.append((result, threading.current_thread()))
        pool.submit("1", "r", "s", fail, lambda error: got.append((type(error), threading.current_thread())))

    pool.submit("1", "r", "s", lambda: 1, first)
    pool.run()
    here = threading.current_thread()
    assert got == [(1, here), (ValueError, here)]


def test_what_is_left_at_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.aws.pool._GRACE", 0.2)
    budget, never = Budget(), threading.Event()
    pool = Pool(2, budget)
    got: dict[str, Any] = {}
    pool.submit("1", "r", "ce", lambda: budget.stop("interrupted"), lambda result: got.setdefault("first", result))
    pool.submit("1", "r", "s3", lambda: never.wait(20), lambda result: got.setdefault("hangs", result))
    pool.submit("1", "r", "ce", lambda: 1, lambda result: got.setdefault("waits", result))
    pool.run()
    never.set()
    assert got["first"] is None
    for name in ("hangs", "waits"):
        assert isinstance(got[name], NotCollectedError)
        assert str(got[name]) == "interrupted"
