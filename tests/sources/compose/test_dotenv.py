"""Env files: the variables that compose-config reads from them, recorded in env_files.json, and their places."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from scanner.core.errors import SourceError
from scanner.core.location import Location, Span
from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose.dotenv import Entry, mapping, parse
from scanner.sources.compose.interpolation import substitute_known
from tests.sources.compose.reference import recorded, resolve

CASES = recorded("env_files.json")
NAMES = ["A", "B", "X", "é", "A.b", "A-b", "A[0]", "1A", "exportA", "export", "b", "it", "KEY"]


def nothing(name: str) -> None:
    return None


def read(text: str) -> dict[str, Any]:
    """What is read, as recorded: an `output`, or nothing where the file is refused."""
    try:
        found = mapping(parse(text, nothing))
    except SourceError:
        return {}
    return {"output": {name: value for name, value in found.items() if name in NAMES}}


def project() -> dict[str, Any]:
    return {"name": "p", "services": {"s": {"image": "i", "environment": NAMES}}}


def reference(folder: Path, text: str) -> dict[str, Any]:
    resolved, error = resolve(folder, project(), text)
    if error:
        return {}
    environment = resolved["services"]["s"]["environment"]
    return {"output": {name: value for name, value in environment.items() if value is not None}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"]))
def test_parse(case: dict[str, Any]) -> None:
    assert read(case["text"]) == {key: value for key, value in case.items() if key == "output"}


@pytest.mark.go
@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["text"]))
def test_recorded_file_is_what_compose_config_reads(case: dict[str, Any], tmp_path: Path) -> None:
    assert reference(tmp_path, case["text"]) == {key: value for key, value in case.items() if key == "output"}


def test_places() -> None:
    text = '\ufeff# c\nA=1 # c\n  export B = "x\ny" # c\nBARE\nC=\n\u00e9\u00e9=\u00e9 \n'
    assert parse(text, {"BARE": "b"}.get) == [
        Entry("A", "1", 2, 1, Span(2, 3, 2, 4)),
        Entry("B", "x\ny", 3, 10, Span(3, 14, 4, 3)),
        Entry("BARE", "b", 5, 1, Span(5, 1, 5, 5)),
        Entry("C", "", 6, 1, Span(6, 3, 6, 3)),
        Entry("\u00e9\u00e9", "\u00e9", 7, 1, Span(7, 4, 7, 5)),
    ]


def test_the_environment_wins_over_the_file_in_values_only() -> None:
    entries = parse("A=file\nB=$A\nC=$B\n", {"A": "outer"}.get)
    assert mapping(entries) == {"A": "file", "B": "outer", "C": "outer"}


def test_a_name_twice_is_there_twice_and_the_last_counts() -> None:
    entries = parse("A=1\nA=2\nA\n", nothing)
    assert [(entry.value, entry.line) for entry in entries] == [("1", 1), ("2", 2), (None, 3)]
    assert mapping(entries) == {"A": "2"}


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("A=1\nB C=2\n", "key cannot contain a space", 2, 1),
        ("\n  A!=1\n", 'unexpected character "!" in variable name', 2, 3),
        ("A=1\nB='x\ny\n", "unterminated quoted value", 2, 3),
        ("A=${\n", "invalid interpolation format: a ${ in it starts no complete variable", 1, 3),
        ("\nA=${U:?set it}\n", "required variable U is missing a value: set it", 2, 3),
        ("export ", "zero length string", 1, 8),
    ],
)
def test_errors_name_the_place(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(SourceError) as raised:
        parse(text, nothing, path="x/.env")
    assert (raised.value.message, raised.value.location) == (message, Location("x/.env", line, column))


def test_values_may_stay_unknown() -> None:
    entries = parse("A=${U}/x\nB=$A\nC='$U'\nD=${U:-d}\n", nothing, expand=substitute_known)
    half = PartialText((Unknown("the variable U has no value"), "/x"))
    assert mapping(entries) == {"A": half, "B": half, "C": "$U", "D": "d"}


def test_raw_format() -> None:
    text = '\ufeff# c\n  A="1" # x \nB=$A\n\nC=\nD\nE\n\tF=a=b\r\n'
    assert parse(text, {"D": "d"}.get, raw=True) == [
        Entry("A", '"1" # x ', 2, 3, Span(2, 5, 2, 13)),
        Entry("B", "$A", 3, 1, Span(3, 3, 3, 5)),
        Entry("C", "", 5, 1, Span(5, 3, 5, 3)),
        Entry("D", "d", 6, 1, Span(6, 1, 6, 2)),
        Entry("E", None, 7, 1, Span(7, 1, 7, 2)),
        Entry("F", "a=b", 8, 2, Span(8, 4, 8, 7)),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=1\n=2\n", "no variable name before the ="),
        ("A=1\nB C=2\n", "the variable's name contains white space"),
    ],
)
def test_raw_format_errors(text: str, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse(text, nothing, raw=True)
    assert (raised.value.message, raised.value.location) == (message, Location(".env", 2, 1))


KEYS = ("A", "B", "KEY", "A.b", "A-b", "é", "1A", "export A", "  B", "export\tKEY")
BODIES = (
    "v",
    "$A",
    "${KEY}",
    "${U:-d}",
    "$$",
    "\\$",
    "\\n",
    "\\t",
    "\\\\",
    "\\0101",
    "\\08",
    " ",
    "#",
    " #",
    "=",
    "'",
    "é",
    "\\c",
    '\\"',
)
TAILS = ("\n", "\r\n", " # c\n", "\nBARE\n", "\n# c = d\n", "\n\n", "", "x=y\n")


@pytest.mark.go
def test_random_files_are_read_as_compose_config_reads_them(tmp_path: Path) -> None:
    chance = random.Random(20)
    for _ in range(200):
        lines = []
        for _ in range(chance.randint(1, 4)):
            body = "".join(chance.choices(BODIES, k=chance.randint(0, 4)))
            quote = chance.choice(("", '"', "'"))
            separator = chance.choice(("=", "=", ": ", " = "))
            lines.append(f"{chance.choice(KEYS)}{separator}{quote}{body}{quote}{chance.choice(TAILS)}")
        text = "".join(lines)
        assert (text, read(text)) == (text, reference(tmp_path, text))


@pytest.mark.parametrize(
    "text", ["A=b" + " " * 300_000 + "c", 'A="' + "\\n" * 300_000 + '"', "A='" + "x" * 1_000_000, "# c\n" * 200_000]
)
def test_long_files_take_linear_time(text: str) -> None:
    # Were the work quadratic, each of these would take minutes.
    assert [len(str(value)) for value in read(text).get("output", {}).values()] in ([300_002], [300_000], [])
