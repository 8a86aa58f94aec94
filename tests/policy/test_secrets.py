"""What counts as a secret: a table of true and false ones, places in texts, and time in proportion to the text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.core.secrets import Secret, find_secrets, is_credential_name, secret_kind, secret_spans
from tests.conftest import cpu_below

TABLE = Path(__file__).with_name("secrets.txt").read_text("utf-8").splitlines()
ROWS = [line for line in TABLE if line and not line.startswith("#")]


def columns(row: str) -> tuple[str, str, str]:
    name, _, rest = row.partition(" | ")
    value, _, kind = rest.rpartition(" |")
    name, value, kind = name.strip(), value.strip(), kind.strip()
    return name, value.replace("~", "").replace("\\n", "\n"), kind


@pytest.mark.parametrize("row", ROWS)
def test_row(row: str) -> None:
    name, value, kind = columns(row if not row.startswith(" |") else f"_{row}")
    assert secret_kind("" if name == "_" else name, value) == kind


def test_the_table_is_large_on_both_sides() -> None:
    kinds = [row.rsplit("|", 1)[1].strip() for row in ROWS]
    assert len(kinds) >= 150
    assert kinds.count("") >= 75
    assert len(kinds) - kinds.count("") >= 75


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("postgres://app:hunter2@db/x", [("hunter2", "password in a URL")]),
        ("a://u:one@h b://u:two@h", [("one", "password in a URL"), ("two", "password in a URL")]),
        ("--password 'hunter2' --token=\"q8w7e6r5\"", [("hunter2", "password"), ("q8w7e6r5", "token")]),
        ("DB_PASSWORD=hunter2 LOG=debug", [("hunter2", "password")]),
        ('{"user": "a", "password": "hunter2"}', [("hunter2", "password")]),
        (
            "users:\n  - password: hunter2 # old\n  - password: hunter3\n",
            [("hunter2", "password"), ("hunter3", "password")],
        ),
        ("Authorization: Bearer abcdef123456", [("abcdef123456", "authorization header")]),
        ("mysql -uroot -phunter22 app", [("hunter22", "password")]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_places(text: str, places: list[tuple[str, str]]) -> None:
    assert [(text[each.start : each.end], each.kind) for each in find_secrets(text)] == places


def test_the_whole_value_of_a_credential() -> None:
    assert secret_spans("DB_PASSWORD", "hunter2") == (Secret(0, 7, "password"),)


def test_only_the_password_of_a_url_under_a_credential_name() -> None:
    assert secret_spans("TOKEN", "https://u:hunter2@h/") == (Secret(10, 17, "password in a URL"),)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("PASSWORD", True),
        ("dbPassword", True),
        ("api_key", True),
        ("apikey", True),
        ("X-Api-Key", True),
        ("GITHUB_PAT", True),
        ("PASSWORD_FILE", False),
        ("SECRET_NAME", False),
        ("key", False),
        ("KEYBOARD", False),
        ("", False),
        ("___", False),
    ],
)
def test_credential_names(name: str, wanted: bool) -> None:
    assert is_credential_name(name) is wanted


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_judged(name: str, value: str) -> None:
    spans = secret_spans(name, value)
    assert all(0 <= each.start < each.end <= len(value) and each.kind for each in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


HOSTILE = [
    "a", "a=", "--a ", "eyJ", "://", "a:", "-p abc ", "mysql -pabc ", "'a\n", "bearer ", "ab_", "a: b\n", "{", " ", "\n - a:",
    "AccountKey=", "$", "authorization", '"a": ', "--requirepass abcd ", "-----BEGIN PRIVATE KEY-----", "-u a", "password '",
    "hooks.slack.com/services/aaaaaaaaaaaaaaaaaaaaaaa", "a" * 80 + "= '", "\n" + " " * 39, "aB3",
    '"a":', '\\"a\\":"', '{"aa":"aa', "-H 'a: b", "config set a ", "setx a ", "$a = '", "define('aa', ", "<aa>a", '="aa" value="', " 'aa' => ",
    "chpasswd:\n  a\n", "echo a | ", "useradd a ", "htpasswd -b a ", "login a\n", "://aaaaaaaaaaaaaaaaaaaaaaaa@", "curl -fu a",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    with cpu_below(2):
        find_secrets(text)
        secret_kind("PASSWORD", text)
