"""Who waits for whom in a Compose project, and who can reach whom without need."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.core.unknown import PartialText, Unknown
from scanner.normalize.compose.neighbours import Neighbours

PUBLISHED = [{"target": 80, "published": "80"}]


def project(**services: Any) -> dict[str, Any]:
    return {"services": services}


def test_a_service_that_is_waited_for_runs_once() -> None:
    waiting = {"migrate": {"condition": "service_completed_successfully"}, "db": {"condition": "service_healthy"}}
    whole = project(migrate={}, db={}, api={"depends_on": waiting})
    assert [name for name in ("migrate", "db", "api") if Neighbours(whole).run_once(name)] == ["migrate"]


def test_dependents() -> None:
    whole = project(db={}, b={"depends_on": {"db": {}}}, a={"depends_on": {"db": {}}}, c={"depends_on": {"a": {}}})
    assert Neighbours(whole).dependents("db") == ["a", "b"]
    assert Neighbours(whole).dependents("c") == []


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        ({"ports": PUBLISHED}, ["edge"]),
        ({}, []),
        ({"ports": [{"target": 80, "published": "80", "host_ip": "127.0.0.1"}]}, []),
        ({"ports": [{"target": 80, "published": "80", "host_ip": "10.0.0.1"}]}, ["edge"]),
        ({"ports": [Unknown("PORT has no value")]}, ["edge"]),
        ({"ports": PUBLISHED, "depends_on": {"db": {}}}, []),
        ({"ports": PUBLISHED, "environment": {"DATABASE_URL": "postgres://db:5432/app"}}, []),
        ({"ports": PUBLISHED, "environment": {"URL": PartialText(("postgres://db/", Unknown("NAME")))}}, []),
        ({"ports": PUBLISHED, "environment": {"HOST": "mydb", "OTHER": "db-replica"}}, ["edge"]),
        ({"ports": PUBLISHED, "command": ["--wait", "db:5432"]}, []),
        ({"ports": PUBLISHED, "environment": {"URL": "http://db.internal/x"}}, []),
        ({"ports": PUBLISHED, "networks": {"front": None}}, []),
        ({"ports": PUBLISHED, "networks": {"front": None, "default": None}}, ["edge"]),
        ({"ports": PUBLISHED, "network_mode": "host"}, []),
    ],
)
def test_exposed_neighbours(edge: dict[str, Any], expected: list[str]) -> None:
    assert Neighbours(project(db={}, edge=edge)).exposed_neighbours("db") == expected


def test_many_neighbours_are_named_in_part() -> None:
    edges = {f"edge{number:03}": {"ports": PUBLISHED} for number in range(200)}
    assert Neighbours(project(db={}, **edges)).exposed_neighbours("db") == [f"edge{number:03}" for number in range(20)]
