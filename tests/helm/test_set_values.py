"""`--set` and its relatives, and files of values: results recorded from Helm, origins, errors."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.core.location import Location
from scanner.helm.errors import HelmError
from scanner.helm.origin import ValuesSource
from scanner.helm.set_grammar import SetError, read_set, typed
from scanner.helm.values_files import RenderValues, user_values
from scanner.template.kinds import Values, go_type
from tests.conftest import write_files

BASE = "base: {s: text, m: {a: 1}, l: [1, {b: 2}, [3]], z: null}\n"
FILE = "line one\nline two, with comma\n"
OPTIONS = {
    "set": "set",
    "set-string": "strings",
    "set-json": "json",
    "set-file": "set_files",
    "set-literal": "literals",
}


def recorded() -> list[dict[str, Any]]:
    lines = Path(__file__).with_name("set_results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"base.yaml": BASE, "file.txt": FILE})


@pytest.mark.parametrize("traced", [True, False])
def test_every_argument_as_helm_reads_it(folder: Path, traced: bool) -> None:
    different = []
    for case in recorded():
        text = case["text"].replace("<folder>", str(folder))
        wanted = RenderValues((str(folder / "base.yaml"),), **{OPTIONS[case["kind"]]: (text,)})
        try:
            found: dict[str, Any] = {"values": without_origins(user_values(wanted, traced=traced))}
        except HelmError as error:
            found = {"error": error.message.replace(str(folder), "<folder>")}
        expected = {name: case[name] for name in ("values", "error") if name in case}
        # As texts, so that 1 and true are told apart; Helm printed 1.0 as 1.
        if json.dumps(found, sort_keys=True) != json.dumps(expected, sort_keys=True):
            different.append((case, found))
    assert different == []


def without_origins(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): without_origins(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_origins(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def test_later_sources_win(folder: Path) -> None:
    write_files(
        folder, {"one.yaml": "a: {x: 1, w: 1}\nb: 1\nc: [1]\nd: {x: 1}", "two.yaml": "a: {w: 2}\nb: null\nc: {}\nd: 2"}
    )
    files = (str(folder / "one.yaml"), str(folder / "two.yaml"))
    assert user_values(RenderValues(files)) == {"a": {"x": 1, "w": 2}, "b": None, "c": {}, "d": 2}
    wanted = RenderValues(files, json=("v=1",), set=("v=2",), strings=("v=3",), set_files=(f"v={folder}/file.txt",))
    assert user_values(wanted)["v"] == FILE
    wanted = RenderValues(files, json=("v=1",), set=("v=2",), strings=("v=3",), literals=("v=4",))
    assert user_values(wanted)["v"] == "4"


def test_values_know_where_they_were_set() -> None:
    values = Values()
    read_set("a.b[1].c=x,n=5,t=true,l={p,q}", values, typed, ValuesSource("--set", "set"))
    item = values["a"]["b"][1]
    assert item["c"].pieces[0][2].route == ("a", "b", 1, "c")
    assert (values["n"].origin.route, go_type(values["n"])) == (("n",), "int64")
    assert values.origins["t"].route == ("t",)
    assert values["l"][1].pieces[0][2].route == ("l", 1)
    assert item["c"].pieces[0][2].location() == Location("--set")


def test_what_a_flag_does_not_touch_keeps_its_place(folder: Path) -> None:
    values = user_values(RenderValues((str(folder / "base.yaml"),), set=("base.m.b=1", "base.l[0]=9")))
    base = values["base"]
    assert base.origins["m"].source.path == str(folder / "base.yaml")
    assert base["m"]["a"].origin.source.kind == "file"
    assert base["m"]["b"].origin.source.kind == "set"
    assert [origin.source.kind for origin in base["l"].origins] == ["set", "file", "file"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "open <file>: no such file or directory"),
        (
            "- a",
            "failed to parse <file>: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go"
            " value of type map[string]interface {}",
        ),
        (
            "a: b: c",
            "failed to parse <file>: error converting YAML to JSON: yaml: mapping values are not allowed in this context",
        ),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: str | None, problem: str) -> None:
    path = tmp_path / "v.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(HelmError) as raised:
        user_values(RenderValues((str(path),)))
    assert raised.value.message == problem.replace("<file>", str(path))
    assert raised.value.location is not None
    assert raised.value.location.path == str(path)


@pytest.mark.parametrize("url", ["https://example.com/v.yaml", "http://example.com/v", "oci://example.com/v"])
def test_nothing_is_fetched(url: str) -> None:
    with pytest.raises(HelmError, match="is not fetched"):
        user_values(RenderValues((url,)))


def test_standard_input_only_where_it_is_allowed() -> None:
    with pytest.raises(HelmError, match="no such file"):
        user_values(RenderValues(("-",)))


@pytest.mark.parametrize(
    "text", ["a[65536]=x", "a" + "[0]" * 3000 + "=x", "a={" + "x," * 100000 + "}", "a=" + "\\" * 99999]
)
def test_large_arguments_end(text: str) -> None:
    values = Values()
    with contextlib.suppress(SetError):
        read_set(text, values, typed)
    assert len(values) <= 1
