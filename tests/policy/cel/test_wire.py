"""The reader of serialised expressions: what it reads, and that nothing corrupt gets through as something else."""

from __future__ import annotations

import random

import pytest

from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.wire import WireError, read_checked
from tests.policy.cel.generate import VIEWS, Generator

LANGUAGE = Language(views=VIEWS)
NATIVE = LANGUAGE.environment.declared(Scope("thing"))


def blob(source: str) -> bytes:
    return bytes(NATIVE.compile(source).serialize())


def test_a_tree_with_types_and_positions() -> None:
    checked = read_checked(blob("thing.parts[0].size < 'é'.size()"))
    assert checked.root == (
        "call",
        6,
        None,
        "_<_",
        (
            ("select", 5, ("call", 3, None, "_[_]", (("select", 2, ("ident", 1, "thing"), "parts", False), ("const", 4, "int", 0))), "size", False),
            ("call", 8, ("const", 7, "string", "é"), "size", ()),
        ),
    )  # fmt: skip
    assert {number: checked.types[number] for number in (1, 2, 3, 5, 6, 7)} == {
        1: "groundrule.thing",
        2: "list(groundrule.part)",
        3: "groundrule.part",
        5: "int",
        6: "bool",
        7: "string",
    }
    assert {number: checked.positions[number] for number in (1, 2, 5, 6, 7, 8)} == {
        1: 0,
        2: 5,
        5: 14,
        6: 20,
        7: 22,
        8: 30,
    }


TYPES = [
    ("null", "null"),
    ("1", "int"),
    ("1u", "uint"),
    ("1.5", "double"),
    ("b'a'", "bytes"),
    ("[]", "list(dyn)"),
    ("[[1]]", "list(list(int))"),
    ("{'a': [true]}", "map(string,list(bool))"),
    ("dyn(1)", "dyn"),
    ("thing.part", "groundrule.part"),
    ("duration('1s')", "duration"),
    ("timestamp(0)", "timestamp"),
    ("type(1)", "type"),
]


@pytest.mark.parametrize(("source", "kind"), TYPES)
def test_types(source: str, kind: str) -> None:
    checked = read_checked(blob(source))
    assert checked.types[checked.root[1]] == kind


CONSTANTS = ["0", "-1", "9223372036854775807", "-9223372036854775808", "0.0", "-1.5", "true", "false", "''", "'é'"]


@pytest.mark.parametrize("source", CONSTANTS)
def test_constants(source: str) -> None:
    value = read_checked(blob(source)).root[3]
    expected = {"true": True, "false": False, "''": "", "'é'": "é"}.get(source)
    if expected is None:
        expected = float(source) if "." in source else int(source)
    assert (type(value), value) == (type(expected), expected)


def test_what_is_cut_short_or_something_else_is_refused() -> None:
    whole = blob("thing.parts.exists(part, part.name == 'a' && part.size > 300)")
    with pytest.raises(WireError, match="not a checked expression"):
        read_checked(b"")
    parsed = bytes(NATIVE.compile("thing.parts", disable_check=True).serialize())
    with pytest.raises(WireError, match="not a checked expression"):
        read_checked(parsed)
    refused = 0
    for size in range(len(whole)):
        try:
            read_checked(whole[:size])
        except WireError:
            refused += 1
    assert refused == len(whole)


def test_changed_bytes_raise_nothing_else() -> None:
    chance = random.Random(1)
    generator = Generator(1)
    for _ in range(40):
        whole = bytearray(blob(generator.expression()[1]))
        for _ in range(25):
            changed = bytearray(whole)
            changed[chance.randrange(len(changed))] = chance.randrange(256)
            try:
                read_checked(bytes(changed))
            except WireError:
                continue
