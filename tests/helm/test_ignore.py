""".helmignore: Go's filepath.Match pattern by pattern, and rules as Helm's walk applies them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from scanner.helm.errors import HelmError
from scanner.helm.go_match import expression, is_rejected
from scanner.helm.ignore import DEFAULT_RULES, is_ignored, read_rules
from tests.conftest import cpu_below, is_long
from tests.helm.loading import by_helm, by_us, write_chart

RESULTS = json.loads(Path(__file__).with_name("match_results.json").read_text(encoding="utf-8"))
"""What Go's filepath.Match says of each pattern and name: 0, 1, or 2 for ErrBadPattern."""


@pytest.mark.parametrize(("pattern", "expected"), RESULTS["patterns"])
def test_a_pattern_matches_as_in_go(pattern: str, expected: str) -> None:
    found = expression(pattern)
    assert expected == "".join(
        "2"
        if is_rejected(pattern, name)
        else str(int(found is not None and re.match(found, name, re.DOTALL) is not None))
        for name in RESULTS["names"]
    )


@pytest.mark.parametrize(
    ("rules", "name", "is_folder", "ignored"),
    [
        ("", "templates/.x", False, True),
        ("", "templates/x", False, False),
        ("", "a/templates/.x", False, False),
        ("helm.txt", "a/helm.txt", False, True),
        ("cargo/", "cargo", True, True),
        ("cargo/", "cargo", False, False),
        ("cargo/", "a/cargo", True, True),
        ("!helm.txt", "helm.txt", False, False),
        ("!helm.txt", "tiller.txt", False, True),
        ("!cargo/", "cargo", True, False),
        ("!cargo/", "mast", True, True),
        ("!cargo/", "cargo", False, True),
        ("/a.txt", "cargo/a.txt", False, False),
        ("#a\n\n  b  ", "b", False, True),
        ("a\r\n", "a", False, True),
    ],
)
def test_rules(rules: str, name: str, is_folder: bool, ignored: bool) -> None:
    assert is_ignored(read_rules(rules.encode(), ".helmignore"), name, is_folder) is ignored


def test_the_rule_that_helm_adds() -> None:
    assert is_ignored(DEFAULT_RULES, "templates/.git", True)
    assert not is_ignored(DEFAULT_RULES, "templates/a/.git", True)


@pytest.mark.parametrize(
    ("rules", "line", "message"),
    [
        ("a\na/**\n", 2, "double-star (**) syntax is not supported"),
        ("[\n", 1, "syntax error in pattern"),
        ("\n\na\\\n", 3, "syntax error in pattern"),
        ("a\n" + "x" * 70_000, 2, "bufio.Scanner: token too long"),
    ],
)
def test_a_line_that_is_refused(rules: str, line: int, message: str) -> None:
    with pytest.raises(HelmError) as caught:
        read_rules(rules.encode(), "c/.helmignore")
    assert (caught.value.message, str(caught.value.location)) == (message, f"c/.helmignore:{line}")


def test_patterns_take_linear_time() -> None:
    rules = read_rules(("*a" * 2000 + "b\n" + "*[a-b]" * 500 + "c\n" + "!" + "?*" * 500).encode(), ".helmignore")
    with cpu_below(2):
        assert not is_ignored(rules, "a" * 2000, False)


@pytest.mark.go
def test_random_rules_as_helm_applies_them(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    parts = ["*", "*", "?", "a", "b", "ab", "/", "/", ".txt", "[ab]", "[^a]", "!", "c", "\\", "]", "."]
    names = ["a.txt", "b.txt", "ab.txt", "a/b.txt", "a/a/c", "b/a.txt", "c/ab", "ab/c/d.txt", "templates/ab.yaml"]
    chosen = random.Random(7)
    for number in range(200 if is_long(request.config) else 12):
        rules = ["".join(chosen.choices(parts, k=chosen.randint(1, 4))) for _ in range(chosen.randint(1, 2))]
        files = dict.fromkeys(names, "x: y\n") | {".helmignore": "\n".join(rules)}
        folder = write_chart(tmp_path / str(number) / "top-chart", files)
        assert by_us(folder) == by_helm(folder), rules
