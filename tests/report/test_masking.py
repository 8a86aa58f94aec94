"""Masking: no secret in any format, in any spelling; and what is left stays readable."""

from __future__ import annotations

import base64
import json
import urllib.parse
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.core.location import Location, Related
from scanner.core.result import Notice, NotScanned, Report, ResourceRef, Scanned, Waiver
from scanner.report import FORMATS, RenderOptions, render
from scanner.report.masking import Masker
from tests.conftest import cpu_below
from tests.report.sample import PINNED, SECRET, finding, sample

EVERYTHING = RenderOptions(show_suppressed=True, show_passed=True)


@pytest.mark.parametrize(
    ("secrets", "text", "masked"),
    [
        ({"hunter22"}, "a hunter22 b hunter22", "a *** b ***"),
        ({"hunter22"}, "xhunter22x", "x***x"),
        ({"hunter", "hunter22"}, "hunter22 hunter", "*** ***"),
        ({"abcdef", "defghi"}, "abcdefghi", "***"),
        ({"abcdef", "ghijkl"}, "abcdefghijkl", "***"),
        ({"aaaa"}, "aaaaaa", "***"),
        ({"ab"}, "ab cab abc a-b ab-x 'ab' ab.", "*** cab abc a-b ab-x '***' ***."),
        ({"postgres"}, "postgres: {image: postgres:16}, x=postgres", "postgres: {image: postgres:16}, x=***"),
        ({"postgres"}, "postgres://postgres:postgres@postgres/postgres", "postgres://postgres:***@postgres/postgres"),
        ({"postgres"}, "d/postgres.yaml 'postgres' postgresql", "d/postgres.yaml '***' postgresql"),
        ({"postgres"}, base64.b64encode(b"postgres").decode(), "***"),
        ({"x", "password1"}, "x password1 xx", "*** *** xx"),
        ({"  padded  "}, "<padded>", "<***>"),
        ({"", " ", "\n"}, "nothing here", "nothing here"),
        ({"a.c+"}, "abc a.c+", "abc ***"),
        ({"first line\nsecond line"}, "1 first line\n2 second line", "1 ***\n2 ***"),
        ({"correct horse-battery"}, "correct\n  horse-battery", "correct\n  ***"),
        ({'quo"te\\d'}, json.dumps('quo"te\\d'), '"***"'),
        ({"it's 1"}, "'it''s 1'", "'***'"),
        ({"pa$word"}, "pa$$word", "***"),
        ({"caf\u00e9s"}, json.dumps("caf\u00e9s"), '"***"'),
        ({"a<b&c>d"}, "a&lt;b&amp;c&gt;d", "***"),
        ({"p@ss/w"}, "redis://:" + urllib.parse.quote("p@ss/w", safe="") + "@cache", "redis://:***@cache"),
        ({"hunter22"}, base64.b64encode(b"hunter22").decode(), "***"),
        ({"hunter22"}, base64.b64encode(b"hunter22\n").decode(), "***"),
        ({"naïve\ttab"}, repr("naïve\ttab"), "'***'"),
        ({"half\ud800"}, "half\ud800", "***"),
        ({"abcd efgh"}, 'KEY: "abcd \\', 'KEY: "*** \\'),
        ({"abcd efgh"}, '  efgh" # note', '  ***" # note'),
        ({"abcd efgh"}, "cd efgh", "cd efgh"),
    ],
)
def test_mask(secrets: set[str], text: str, masked: str) -> None:
    assert Masker(secrets).mask(text) == masked


@settings(deadline=None)
@given(st.sets(st.text("abc\"'$ \n", min_size=4, max_size=9), min_size=1, max_size=8), st.text("abc\"'$ ", max_size=9))
def test_no_secret_survives(secrets: set[str], around: str) -> None:
    masker = Masker(secrets)
    for secret in secrets:
        text = masker.mask(around + secret + around)
        assert len(secret.strip()) < 4 or secret.strip() not in text


@settings(deadline=None)
@given(st.lists(st.text("ab1_- ", max_size=6), max_size=6), st.text("ab1_- *", max_size=30))
def test_spans_are_disjoint_and_inside(secrets: list[str], text: str) -> None:
    position = 0
    for start, end in Masker(secrets).spans(text):
        assert position <= start < end <= len(text)
        position = end


def test_names_keep_words_that_everybody_guesses() -> None:
    masker = Masker({"postgres", "ab", "hunter22"})
    names = ["postgres", "postgres/ab.yaml", "ab", "x-hunter22.yaml"]
    assert [masker.mask_name(name) for name in names] == ["postgres", "postgres/ab.yaml", "ab", "x-***.yaml"]


def test_no_entry_is_lost_where_keys_become_equal() -> None:
    masked = Masker({"hunter22", "hunter33"}).mask_value({"hunter22": 1, "hunter33": 2, 3: "hunter22"})
    assert masked == {"***": 1, "******": 2, 3: "***"}


def test_values_are_masked_at_any_depth() -> None:
    value = {"a": ["hunter22", {"hunter22": 1}], "n": None, "t": ("hunter22", True)}
    assert Masker({"hunter22"}).mask_value(value) == {"a": ["***", {"***": 1}], "n": None, "t": ["***", True]}


def test_many_secrets_are_fast() -> None:
    masker = Masker(f"secret-{number:05}-value" for number in range(3000))
    text = "services.web.environment has no secret in it: " * 4
    with cpu_below(5):
        for _ in range(5000):
            assert masker.mask(text) is text


def test_nested_secrets_do_not_nest_the_pattern() -> None:
    masker = Masker("a" * length for length in range(1, 2000))
    assert masker.mask("b" + "a" * 5000) == "b***"


def leaky() -> Report:
    """A report in which every string that comes from the scanned files holds the secret."""
    resource = ResourceRef(
        SECRET, f"n{SECRET}", f"s{SECRET}", f"i{SECRET}", f"a{SECRET}", f"r{SECRET}", {SECRET: SECRET}
    )
    place = Location(f"{SECRET}/compose.yaml", 6, 3, 6, 9)
    found = finding(PINNED, f"message {SECRET}", resource, place, key=f"k{SECRET}")._replace(
        related=(Related(place, "values"),),
        values_sets=(f"v{SECRET}",),
        waiver=Waiver(f"reason {SECRET}", f"owner {SECRET}", "2031-01-01"),
        fix={"set": {SECRET: [SECRET]}},
    )
    return Report(
        [
            found,
            found._replace(status="suppressed"),
            found._replace(outcome="error"),
            found._replace(outcome="unknown"),
            found._replace(outcome="pass"),
            found._replace(location=Location("")),
            found._replace(location=Location("compose.yaml", 6, 20, 6, 31)),
        ],
        [Scanned(f"{SECRET}.yaml", "compose", 1)],
        [NotScanned(f"{SECRET}.yaml", f"reason {SECRET}", f"hint {SECRET}", 1, 1, f"s{SECRET}", f"v{SECRET}")],
        [Notice(f"notice {SECRET}", place, f"hint {SECRET}")],
        [PINNED],
        secrets=frozenset({SECRET}),
        root=sample().root,
    )


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_secret(name: str, colour: bool) -> None:
    text = render(name, leaky(), EVERYTHING._replace(colour=colour))
    for spelling in (SECRET, "Tr0ub4dor", "dor&amp;3", "dor%263", base64.b64encode(SECRET.encode()).decode()):
        assert spelling not in text
    assert "***" in text or "&#42;&#42;&#42;" in text


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "asff"])
def test_a_rule_keeps_its_words(name: str) -> None:
    """A weak password must not rewrite the ids of rules, which come from no scanned file."""
    report = replace(sample(), secrets=frozenset({"image-not-pinned"}))
    assert "image-not-pinned" in render(name, report, EVERYTHING)


def test_the_file_behind_a_masked_path_still_gives_snippet_and_hash(tmp_path: Path) -> None:
    folder = tmp_path / "hunter22"
    folder.mkdir()
    (folder / "compose.yaml").write_text("services:\n  web: hunter22\n")
    found = finding(PINNED, "m", ResourceRef("compose/service", "web"), Location("hunter22/compose.yaml", 2, 8, 2, 16))
    report = Report([found], [], [], [], [PINNED], secrets=frozenset({"hunter22"}), root=str(tmp_path))
    text = render("text", report, RenderOptions())
    assert "***/compose.yaml:2:8: high: m" in text
    assert "  2 |   web: ***\n    |        ^^^\n" in text


def test_two_paths_that_masking_makes_equal_give_no_snippet(tmp_path: Path) -> None:
    for name in ("hunter22", "hunter33"):
        (tmp_path / f"{name}.yaml").write_text(f"{name}\n")
    found = [
        finding(PINNED, "m", ResourceRef("v1/Pod", name), Location(f"{name}.yaml", 1, 1, 1, 5))
        for name in ("hunter22", "hunter33")
    ]
    report = Report(found, [], [], [], [PINNED], secrets=frozenset({"hunter22", "hunter33"}), root=str(tmp_path))
    assert "1 |" not in render("text", report, RenderOptions())


def test_a_password_that_is_the_name_of_the_project_leaves_paths_readable() -> None:
    masker = Masker(["shop", "b7Kd-93xQ"], ["shop/compose.yaml", "shop-db"])
    assert masker.mask_name("shop/compose.yaml") == "shop/compose.yaml"
    assert masker.mask_name("b7Kd-93xQ.yaml") == "***.yaml"
    assert masker.mask("POSTGRES_PASSWORD: shop") == "POSTGRES_PASSWORD: ***"
    assert masker.mask("postgres://u:b7Kd-93xQ@shop-db/shop") == "postgres://u:***@shop-db/shop"
