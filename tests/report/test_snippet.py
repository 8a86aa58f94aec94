"""Snippets: marks under the right columns whatever the line holds, and only files below the root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.core.location import Location
from scanner.core.result import Report
from scanner.report import RenderOptions
from scanner.report.files import MAXIMUM_SIZE, SourceFiles
from scanner.report.masking import Masker
from scanner.report.snippet import _masked, snippet
from scanner.report.view import prepare


def snippets(
    root: Path, data: bytes | str, location: Location, *, width: int = 80, secrets: tuple[str, ...] = ()
) -> list[tuple[int, str, str]]:
    (root / "f.yaml").write_bytes(data.encode() if isinstance(data, str) else data)
    report = Report([], [], [], [], [], secrets=frozenset(secrets), root=str(root))
    view = prepare(report, RenderOptions(width=width))
    # A masked report maps its paths through its findings; here the location stands alone.
    return [tuple(line) for line in snippet(view._replace(paths={}), location)]


LINE = "    image: nginx:latest"


@pytest.mark.parametrize(
    ("data", "location", "expected"),
    [
        (LINE, Location("f.yaml", 1, 12, 1, 24), [(1, LINE, " " * 11 + "^" * 12)]),
        (f"a\r\n{LINE}\r\nb", Location("f.yaml", 2, 12, 2, 24), [(2, LINE, " " * 11 + "^" * 12)]),
        (f"a\r{LINE}", Location("f.yaml", 2, 12, 2, 24), [(2, LINE, " " * 11 + "^" * 12)]),
        (LINE, Location("f.yaml", 1), [(1, LINE, "    " + "^" * 19)]),
        (LINE, Location("f.yaml", 1, 12, 1, 12), [(1, LINE, " " * 11 + "^")]),
        (LINE, Location("f.yaml", 1, 99, 1, 120), [(1, LINE, " " * 23 + "^")]),
        (LINE, Location("f.yaml", 7, 1, 7, 2), []),
        (LINE, Location("f.yaml"), []),
        ("\ta:\tb", Location("f.yaml", 1, 5, 1, 6), [(1, "    a:    b", " " * 10 + "^")]),
        ("日本: x", Location("f.yaml", 1, 5, 1, 6), [(1, "日本: x", " " * 6 + "^")]),
        ("e\u0301: x", Location("f.yaml", 1, 5, 1, 6), [(1, "e\u0301: x", "   ^")]),
        ("a\x1b[31m\u202eb: x", Location("f.yaml", 1, 10, 1, 11), [(1, "a␛[31m\ufffdb: x", " " * 9 + "^")]),
        (
            "a:\n  b:\n\n    c: 1\n    d: 2\n",
            Location("f.yaml", 1, 1, 5, 9),
            [(1, "a:", "^^"), (2, "  b:", "  ^^"), (3, "", "^")],
        ),
        ("\ufeffa: b", Location("f.yaml", 1, 4, 1, 5), [(1, "a: b", "   ^")]),
        ("a: b\n".encode("utf-16"), Location("f.yaml", 1, 4, 1, 5), [(1, "a: b", "   ^")]),
        (b"a: \xff\xfe", Location("f.yaml", 1, 4, 1, 5), [(1, "a: \ufffd\ufffd", "   ^")]),
    ],
)
def test_snippet(data: bytes | str, location: Location, expected: list[tuple[int, str, str]], tmp_path: Path) -> None:
    assert snippets(tmp_path, data, location) == expected


@pytest.mark.parametrize("start", [1, 20, 100, 398, 430])
def test_long_lines_are_cut_around_the_mark(start: int, tmp_path: Path) -> None:
    line = "0123456789abcdefghijklmnopqrstuvwxyz" * 12
    (shown,) = snippets(tmp_path, line, Location("f.yaml", 1, start, 1, start + 3), width=34)
    assert len(shown[1]) <= 34 - 6
    position = shown[2].index("^")
    assert shown[1][position : position + 3] == line[start - 1 : start + 2]
    assert shown[2].strip() == "^^^"


@pytest.mark.parametrize(
    ("location", "text", "mark"),
    [
        (Location("f.yaml", 1, 8, 1, 16), "  key: *** # *** again", "       ^^^"),
        (Location("f.yaml", 1, 19, 1, 27), "  key: *** # *** again", "             ^^^"),
        (Location("f.yaml", 1, 28, 1, 33), "  key: *** # *** again", " " * 17 + "^^^^^"),
        (Location("f.yaml", 1, 3, 1, 16), "  key: *** # *** again", "  ^^^^^^^^"),
        (Location("f.yaml", 1, 10, 1, 12), "  key: *** # *** again", "       ^^^"),
        (Location("f.yaml", 1, 3, 1, 6), "  key: *** # *** again", "  ^^^"),
    ],
)
def test_marks_follow_the_masks(location: Location, text: str, mark: str, tmp_path: Path) -> None:
    shown = snippets(tmp_path, "  key: hunter22 # hunter22 again", location, secrets=("hunter22",))
    assert shown == [(1, text, mark)]


@settings(deadline=None)
@given(
    st.text("ab:x ", max_size=60),
    st.sets(st.text("abx", min_size=4, max_size=30), max_size=3),
    st.integers(0, 60),
    st.integers(0, 20),
)
def test_a_line_is_masked_as_text_is_and_cut_outside_of_secrets(
    line: str, secrets: set[str], start: int, length: int
) -> None:
    masker = Masker(secrets)
    start = min(start, len(line))
    end = min(start + length, len(line))
    whole, first, last, before, after = _masked(masker, line, start, end, 100)
    assert (whole, before, after) == (masker.mask(line), False, False)
    assert 0 <= first <= last <= len(whole)
    if not masker.spans(line):
        assert (first, last) == (start, end)
    part, first, last, _, _ = _masked(masker, line, start, end, 4)
    assert part in whole
    assert 0 <= first <= last <= len(part)


def test_a_secret_is_masked_before_the_line_is_cut(tmp_path: Path) -> None:
    secret = "s" * 200
    (shown,) = snippets(tmp_path, f"key: {secret}", Location("f.yaml", 1, 6, 1, 206), width=40, secrets=(secret,))
    assert shown == (1, "key: ***", "     ^^^")


def test_files_outside_the_root_are_not_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    outside = tmp_path / "outside.yaml"
    outside.write_text("secret\n")
    (root / "link.yaml").symlink_to(outside)
    (root / "loop.yaml").symlink_to("loop.yaml")
    (root / "inside.yaml").write_text("fine\n")
    (root / "good.yaml").symlink_to("inside.yaml")
    if hasattr(os, "mkfifo"):
        os.mkfifo(root / "pipe.yaml")
    (root / "folder").mkdir()
    with (root / "large.yaml").open("wb") as file:
        file.truncate(MAXIMUM_SIZE + 1)
    files = SourceFiles(str(root))
    for path in (
        "../outside.yaml",
        str(outside),
        "link.yaml",
        "loop.yaml",
        "pipe.yaml",
        "folder",
        "large.yaml",
        "gone.yaml",
        "nul\0.yaml",
        "half\ud800.yaml",
        "n" * 5000,
        "",
    ):
        assert files.get(path) is None, path
    for path in ("inside.yaml", "good.yaml", "folder/../inside.yaml", str(root / "inside.yaml")):
        file = files.get(path)
        assert file is not None
        assert file.line(1) == "fine"


def test_few_files_are_kept(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text(f"{number}\n")
    files = SourceFiles(str(tmp_path))
    for number in range(30):
        file = files.get(f"{number}.yaml")
        assert file is not None
        assert file.line(1) == str(number)
    assert len(files._kept) == 8
