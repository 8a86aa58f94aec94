"""Routes as text and back; durations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.core.duration import parse_duration
from scanner.core.route import Route, format_route, parse_route

ROUTES: list[tuple[Route, str]] = [
    ((), ""),
    (("services", "web", "image"), "services.web.image"),
    (("spec", "containers", 0, "env", 12), "spec.containers[0].env[12]"),
    (("labels", "a.b/c"), 'labels["a.b/c"]'),
    (("a b",), '["a b"]'),
    (("x", 'q"\\'), 'x["q\\"\\\\"]'),
    (("x", "0"), 'x["0"]'),
    (("x", ""), 'x[""]'),
]


@pytest.mark.parametrize(("route", "text"), ROUTES)
def test_routes(route: Route, text: str) -> None:
    assert format_route(route) == text
    assert parse_route(text) == route


@given(st.lists(st.text() | st.integers(0, 10**6), max_size=6).map(tuple))
def test_every_route_survives(route: Route) -> None:
    assert parse_route(format_route(route)) == route


@pytest.mark.parametrize("text", ["a..b", "a[", "a[x]", 'a["x]', "a]"])
def test_what_is_no_route(text: str) -> None:
    with pytest.raises(ValueError, match="not a route"):
        parse_route(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("0", 0),
        ("30s", 30_000),
        ("1m30s", 90_000),
        ("1.5h", 5_400_000),
        ("500ms", 500),
        ("1us", 0),
        (".5s", 500),
        ("-2s", -2_000),
        ("1d", 86_400_000),
        ("1w2d", 777_600_000),
    ],
)
def test_durations(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["", "5", "s", "1x", "1s ", "1m 30s", "-", "1..5s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)
