"""The patterns of `.Files.Glob`, as gobwas/glob matches them, and the methods of `.Files`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.core.location import Location
from scanner.helm.chart import ChartFile
from scanner.helm.files_object import Files
from scanner.helm.glob import GlobError, compiled
from scanner.template.kinds import go_kind, go_type
from scanner.template.text import Text, pieces_of
from tests.conftest import cpu_below

RESULTS = json.loads(Path(__file__).with_name("glob_results.json").read_text(encoding="utf-8"))
"""What gobwas/glob says of each pattern and name with `/` as the separator; `error` where it does not compile."""
FILES = {"a.txt": b"x\ny\n", "cfg/b.conf": b"k: v\n", "cfg/empty": b"", "cfg/no-end": b"1\n2", "z.bin": b"\xff\x00"}


@pytest.mark.parametrize(("pattern", "expected"), RESULTS["patterns"])
def test_a_pattern_matches_as_in_gobwas(pattern: str, expected: str) -> None:
    if expected == "error":
        with pytest.raises(GlobError):
            compiled(pattern)
    else:
        assert "".join(str(int(compiled(pattern)(name))) for name in RESULTS["names"]) == expected


def test_patterns_take_linear_time() -> None:
    with cpu_below(2):
        assert not compiled("**a" * 300 + "b")("a" * 3000)
        assert not compiled("{a,{a*,a?}}" * 30 + "b")("a" * 3000)
    with pytest.raises(GlobError):
        compiled("*" * 10_001)


def files(traced: bool = False) -> Files:
    return Files((ChartFile(name, data, f"c/{name}") for name, data in FILES.items()), traced)


def call(receiver: Files, method: str, *arguments: Any) -> Any:
    return Files.methods[method].call(receiver, *arguments)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize(
    ("method", "arguments", "result"),
    [
        ("Get", ["a.txt"], "x\ny\n"),
        ("Get", ["nothing"], ""),
        ("Get", ["z.bin"], "\udcff\x00"),
        ("GetBytes", ["z.bin"], b"\xff\x00"),
        ("GetBytes", ["nothing"], b""),
        ("Lines", ["a.txt"], ["x", "y"]),
        ("Lines", ["cfg/no-end"], ["1", "2"]),
        ("Lines", ["cfg/empty"], []),
        ("Lines", ["nothing"], []),
        ("Glob", ["cfg/*"], {name: data for name, data in FILES.items() if name.startswith("cfg/")}),
        ("Glob", ["[z-a]"], FILES),
    ],
)
def test_methods(method: str, arguments: list[str], result: object, traced: bool) -> None:
    assert call(files(traced), method, *arguments) == result


@pytest.mark.parametrize("traced", [False, True])
def test_configuration_and_secrets(traced: bool) -> None:
    some = call(files(traced), "Glob", "{a.txt,cfg/*}")
    assert call(some, "AsConfig") == 'a.txt: |\n  x\n  y\nb.conf: |\n  k: v\nempty: ""\nno-end: |-\n  1\n  2'
    assert call(some, "AsSecrets") == 'a.txt: eAp5Cg==\nb.conf: azogdgo=\nempty: ""\nno-end: MQoy'
    assert call(Files(), "AsConfig") == "{}"


def test_types() -> None:
    assert (go_type(files()), go_kind(files())) == ("engine.files", "map")
    assert go_type(call(files(), "Lines", "a.txt")) == "[]string"


def test_every_line_has_its_place() -> None:
    text = call(files(traced=True), "Get", "a.txt")
    assert type(text) is Text
    assert [(length, origin.location()) for length, _, origin in text.pieces] == [
        (2, Location("c/a.txt", 1, 1, 1, 2)),
        (2, Location("c/a.txt", 2, 1, 2, 2)),
    ]
    lines = call(files(traced=True), "Lines", "cfg/no-end")
    assert [pieces_of(line)[0][2].location().line for line in lines] == [1, 2]
