"""GitHub's line hash: the values that its own uploader is known to compute, and the algorithm step by step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.report.line_hash import LineHashes

GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]
KNOWN = [
    ("", ["c129715d7a2bc9a3:1"]),
    (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETINGS),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETINGS),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETINGS),
    (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETINGS),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
]


def hashes(data: bytes) -> list[str]:
    computed = LineHashes(data)
    found = []
    while value := computed.line(len(found) + 1):
        found.append(value)
    return found


@pytest.mark.parametrize(("text", "expected"), KNOWN)
def test_known_values(text: str, expected: list[str]) -> None:
    assert hashes(text.encode()) == expected


def step_by_step(data: bytes) -> list[str]:
    """The description, read literally: one character after another moves through a window of 100."""
    raw = data.decode("utf-8", "replace").encode("utf-16-le")
    units = [int.from_bytes(raw[index : index + 2], "little") for index in range(0, len(raw), 2)]
    window, starts, counts, found = [0] * 100, [False] * 100, {}, []
    value = position = 0
    at_start, after_return = True, False

    def push(unit: int, starts_line: bool) -> None:
        nonlocal value, position
        if starts[position]:  # the line that began 100 characters ago fills the window now
            counts[value] = counts.get(value, 0) + 1
            found.append(f"{value:x}:{counts[value]}")
        value = (value * 37 + unit - window[position] * 37**100) % 2**64
        window[position], starts[position] = unit, starts_line
        position = (position + 1) % 100

    for unit in [*units, 65535]:
        skipped = unit in (32, 9) or (after_return and unit == 10)
        after_return = unit == 13
        if not skipped:
            push(10 if unit == 13 else unit, at_start)
            at_start = unit in (10, 13)
    for _ in range(100):
        push(0, False)
    return found


@settings(deadline=None)
@given(st.text("ab \t\r\né😀{", max_size=400))
def test_equals_the_description(text: str) -> None:
    assert hashes(text.encode()) == step_by_step(text.encode())


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert hashes(data) == step_by_step(data)


def test_a_byte_order_mark_belongs_to_the_first_line() -> None:
    assert hashes(b"\xef\xbb\xbfa\n")[0] == hashes("\ufeffa\n".encode())[0] != hashes(b"a\n")[0]


def test_no_such_line() -> None:
    assert [LineHashes(b"a\n").line(number) for number in (-1, 0, 3)] == ["", "", ""]
