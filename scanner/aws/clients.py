"""Sessions and clients: made under one lock, shared by all threads, with time limits and adaptive retries."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from scanner import __version__
from scanner.aws.answers import check_answer
from scanner.aws.budget import Budget
from scanner.aws.models import data_loader

THREADS = 16


class Network(NamedTuple):
    """How services are reached: times in seconds, attempts a call, `endpoint` for all services ('' for AWS's own)."""

    endpoint: str = ""
    connect_timeout: float = 5
    read_timeout: float = 20
    attempts: int = 10


_OTHER_ATTEMPTS = 3
"""Attempts for what is no throttling: a server's error, a connection that breaks."""
_TIMEOUT_ATTEMPTS = 2
_HOPELESS = 3
"""After so many server errors of an operation in one place, further calls of it are tried once."""


def new_session(profile: str = "") -> Any:
    """A session of botocore on the machine's own settings. Raises botocore's errors of configuration."""
    import botocore.session

    session = botocore.session.Session(profile=profile or None)
    session.register_component("data_loader", data_loader())
    return session


class Clients:
    """The clients of one session, one for each service and region, made when first asked for.

    `lock` is shared by the clients of all sessions: making one is processor work and not safe in threads.
    """

    def __init__(self, session: Any, network: Network, budget: Budget, lock: threading.Lock) -> None:
        self.session = session
        self.network = network
        self.budget = budget
        self.lock = lock
        self._made: dict[tuple[str, str], Any] = {}
        self._broken: Counter[tuple[str, str]] = Counter()

    def get(self, service: str, region: str) -> Any:
        """The client of a service in a region. Raises botocore's errors where it cannot be made."""
        client = self._made.get((service, region))
        if client is None:
            with self.lock:
                client = self._made.get((service, region))
                if client is None:
                    client = self._made[service, region] = self._make(service, region)
        return client

    def made(self, service: str, region: str) -> Any:
        """The client if it was made already, else None."""
        return self._made.get((service, region))

    def release(self, region: str) -> None:
        """Forgets the clients of a region, of which nothing more is wanted."""
        with self.lock:
            for key in [key for key in self._made if key[1] == region]:
                del self._made[key]

    def _make(self, service: str, region: str) -> Any:
        from botocore.config import Config

        endpoint = self.network.endpoint or None
        config = Config(
            retries={"mode": "adaptive", "total_max_attempts": self.network.attempts},
            connect_timeout=self.network.connect_timeout,
            read_timeout=self.network.read_timeout,
            max_pool_connections=THREADS,
            user_agent_extra=f"groundrule/{__version__}",
            # An endpoint of one's own answers under one name, so that nothing goes into the name of the host.
            **({"s3": {"addressing_style": "path"}, "inject_host_prefix": False} if endpoint else {}),
        )
        client = self.session.create_client(service, region_name=region, endpoint_url=endpoint, config=config)
        events = client.meta.events
        events.register_first("before-call", self._before_call)
        events.register_first("before-send", self._before_send)
        events.register_first("before-parse", check_answer)
        events.register_first("needs-retry", self._give_up(region))
        if endpoint and service == "s3control":
            events.register_first("before-sign.s3-control", _plain_host)
        return client

    def _before_call(self, model: Any, **_: Any) -> None:
        self.budget.take(f"{model.service_model.service_name}:{model.name}")

    def _before_send(self, **_: Any) -> None:
        self.budget.wait()

    def _give_up(self, region: str) -> Callable[..., None]:
        """A handler that ends the retries early where a further attempt would hardly help: all but throttling."""

        def handler(
            *, response: Any, caught_exception: Any, attempts: int, operation: Any, **_: Any
        ) -> None:  # what it returns would be the pause
            from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

            if caught_exception is not None:
                limited = isinstance(caught_exception, ConnectTimeoutError | ReadTimeoutError)
                if attempts >= (_TIMEOUT_ATTEMPTS if limited else _OTHER_ATTEMPTS):
                    raise caught_exception
                return
            answer, parsed = response
            if answer.status_code < 500 or answer.status_code == 503 or _is_throttling(parsed):
                return
            if answer.status_code == 500 and "html" in answer.headers.get("content-type", ""):
                raise ClientError(parsed, operation.name)  # a page of something that has no such operation
            key = operation.name, region
            if attempts == 1:
                self._broken[key] += 1
            if attempts >= (1 if self._broken[key] > _HOPELESS else _OTHER_ATTEMPTS):
                raise ClientError(parsed, operation.name)

        return handler


def _plain_host(request: Any, **_: Any) -> None:
    """Takes the account out of the name of the host, which the rules of S3 Control put there."""
    import re

    request.url = re.sub(r"//\d{12}\.", "//", request.url, count=1)


def _is_throttling(parsed: dict[str, Any]) -> bool:
    code = str(parsed.get("Error", {}).get("Code", ""))
    return "Throttl" in code or "Limit" in code or code in ("SlowDown", "TooManyRequestsException")
