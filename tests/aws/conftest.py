"""An AWS account in this process: moto's server on a free loopback port, and a collector that asks it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.aws.accounts import Access
from scanner.aws.budget import Budget
from scanner.aws.clients import Network
from scanner.aws.collect import Collected, Request, collect
from scanner.aws.declaration import ResourceType
from scanner.aws.models import data_loader
from scanner.aws.snapshot import open_snapshot

ACCOUNT = "123456789012"
REGIONS = ("eu-central-1", "us-east-1")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """The URL of moto's server."""
    import logging

    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto(moto_server: str) -> str:
    """The URL of moto's server, with nothing in its accounts."""
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{moto_server}/moto-api/reset", method="POST")).read()
    return moto_server


@pytest.fixture
def client(moto: str) -> Callable[..., Any]:
    """`client("s3", "eu-central-1")`: a client to build an account with."""
    import botocore.session

    session = botocore.session.get_session()
    session.register_component("data_loader", data_loader())

    def make(service: str, region: str = "us-east-1", **settings: Any) -> Any:
        return session.create_client(service, region_name=region, endpoint_url=moto, **settings)

    return make


class Taken:
    """A snapshot that was collected: what `collect` says, and its lines."""

    def __init__(self, collected: Collected, budget: Budget, path: Path) -> None:
        self.collected = collected
        self.budget = budget
        self.path = path
        self.lines: list[dict[str, Any]] = [
            json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()
        ]

    @property
    def text(self) -> str:
        return gzip.decompress(self.path.read_bytes()).decode()

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        """The records by name."""
        return {line["name"]: line for line in self.lines if "properties" in line}

    @property
    def sections(self) -> dict[tuple[str, str], dict[str, Any]]:
        """State, kind, action, reason and count of the sections by type and region."""
        found = [line["section"] for line in self.lines if "section" in line]
        return {
            (each["type"], each["region"]): {
                name: each[name] for name in ("state", "kind", "action", "reason", "count")
            }
            for each in found
        }


def take(
    endpoint: str,
    types: tuple[ResourceType, ...],
    path: Path,
    *,
    wanted: tuple[str, ...] = (),
    regions: tuple[str, ...] = REGIONS,
    budget: Budget | None = None,
    options: frozenset[str] = frozenset(),
    resume: Path | None = None,
    network: Network | None = None,
    **access: Any,
) -> Taken:
    """Collects `types` from `endpoint` into `path`, and reads it."""
    table = {kind.type: kind for kind in types}
    budget = budget or Budget()
    wide = Access(regions=regions, network=network or Network(endpoint, 2, 5), **access)
    request = Request(wide, table, wanted or tuple(table), options, resume)
    collected = collect(request, path, budget)
    for _, records in open_snapshot(path).sections():
        list(records)
    return Taken(collected, budget, path)


@pytest.fixture
def fast_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between attempts."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
