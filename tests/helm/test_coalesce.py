"""Values of charts and subcharts become one tree: as Helm does it, and with the origin of what was really written."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scanner.helm.chart import Chart
from scanner.helm.chart_files import LoadOptions, load_chart
from scanner.helm.coalesce import coalesce_values, merge_tables, table
from scanner.helm.dependencies import enable_dependencies, private_copy
from scanner.helm.errors import HelmError
from scanner.helm.imports import import_values
from scanner.helm.origin import ValuesSource
from scanner.helm.render import RenderOptions, print_manifests, render
from scanner.helm.values_files import RenderValues, user_values
from scanner.helm.yaml_values import read_values
from scanner.template.kinds import Map, Values, copied
from tests.conftest import write_files
from tests.helm.corpus import error_of
from tests.helm.generated_charts import generated
from tests.helm.loading import helm

RECORDED = [json.loads(line) for line in Path(__file__).with_name("coalesce_results.jsonl").read_text().splitlines()]


def ours(folder: Path, *, traced: bool = True) -> dict[str, Any]:
    """What render prints of the chart in `folder`, with the values in `user.yaml`, and its warnings sorted."""
    warnings: list[str] = []
    try:
        chart = load_chart(folder / "chart", LoadOptions(traced=traced))
        user = folder / "user.yaml"
        values = user_values(RenderValues((str(user),) if user.exists() else ()), traced=traced)
        rendered = render(chart, values, RenderOptions(traced=traced), warnings.append)
        return {"output": str(print_manifests(rendered)), "warnings": sorted(warnings)}
    except HelmError as error:
        return {"error": error.message.replace(str(folder), "<folder>")}


def theirs(folder: Path) -> dict[str, Any]:
    """The same of the real Helm."""
    user = ["-f", "user.yaml"] if (folder / "user.yaml").exists() else []
    ran = subprocess.run([helm(), "template", "chart", *user], capture_output=True, cwd=folder, timeout=60)
    text = ran.stderr.decode()
    if ran.returncode:
        return {"error": error_of(text).replace(str(folder), "<folder>")}
    lines = [re.sub(r"^(?:\d+/\d+/\d+ [0-9:]+ )?\w+\.go:\d+: ", "", line) for line in text.splitlines()]
    return {"output": ran.stdout.decode(), "warnings": sorted(line for line in lines if line)}


def written(folder: Path, seed: int) -> Path:
    files, user = generated(seed)
    write_files(folder, {f"chart/{name}": text for name, text in files.items()} | ({"user.yaml": user} if user else {}))
    return folder


@pytest.mark.parametrize("traced", [True, False])
@pytest.mark.parametrize("case", RECORDED, ids=lambda case: str(case["seed"]))
def test_generated_charts_as_recorded(tmp_path: Path, case: dict[str, Any], traced: bool) -> None:
    assert ours(written(tmp_path, case["seed"]), traced=traced) == case["result"]


@pytest.mark.go
@pytest.mark.long
@pytest.mark.parametrize("start", range(0, 400, 20))
def test_generated_charts_as_in_helm(tmp_path: Path, start: int) -> None:
    for seed in range(start, start + 20):
        folder = written(tmp_path / str(seed), seed)
        assert ours(folder) == theirs(folder), seed


def chart(name: str, values: str, *subcharts: Chart) -> Chart:
    made = Chart(name)
    made.metadata.name = name
    made.values = read_values(values, ValuesSource(f"{name}/values.yaml", "default", name), traced=True)
    made.dependencies = list(subcharts)
    for subchart in subcharts:
        subchart.parent = made
    return made


def user(values: str) -> Values:
    return read_values(values, ValuesSource("user.yaml"), traced=True)


def path_of(origin: Any) -> str:
    return str(origin.source.path)


def test_every_entry_keeps_its_origin() -> None:
    top = chart("top", "a: 1\nm: {x: 1, z: 1}\nsub: {color: red, t: {p: 1}}\nglobal: {g: 1}", chart("sub", SUB))
    found = coalesce_values(top, user("m: {z: 2}\nsub: {flag: true}"), [].append)
    sub = found["sub"]
    assert sub == {
        "color": "red",
        "flag": True,
        "size": 1,
        "t": {"p": 1, "q": 2},
        "dark": False,
        "global": {"g": 1, "h": 1},
    }
    places = {key: path_of(sub.origins[key]) for key in ("color", "flag", "size", "dark")}
    assert places == {
        "color": "top/values.yaml",
        "flag": "user.yaml",
        "size": "sub/values.yaml",
        "dark": "sub/values.yaml",
    }
    assert [path_of(sub["t"].origins[key]) for key in "pq"] == ["top/values.yaml", "sub/values.yaml"]
    assert [path_of(sub["global"].origins[key]) for key in "gh"] == ["top/values.yaml", "sub/values.yaml"]
    assert [path_of(found["m"].origins[key]) for key in "xz"] == ["top/values.yaml", "user.yaml"]
    assert sub.origins["flag"].route == ("sub", "flag")


SUB = "color: blue\nsize: 1\nflag: false\ndark: false\nt: {p: 2, q: 2}\nglobal: {g: 2, h: 1}"


def test_nothing_given_is_changed() -> None:
    sub = chart("sub", SUB)
    top = chart("top", "a: {x: null}\nsub: {t: {p: null}}", sub)
    given = user("a: {x: 1}\nsub: {t: {q: null}}")
    before = [copied(each) for each in (top.values, sub.values, given)]
    own = private_copy(top)
    enable_dependencies(own, given, [].append)
    import_values(own, [].append)
    coalesce_values(own, given, [].append)
    assert [top.values, sub.values, given] == before


@pytest.mark.parametrize(
    ("values", "defaults", "expected"),
    [
        ("a: null", "a: 1\nb: 2", {"b": 2.0}),
        ("a: null", "b: 2", {"a": None, "b": 2.0}),
        ("a: {x: null}", "a: {x: 1, z: 2}", {"a": {"z": 2.0}}),
        ("a: {x: null}", "a: {z: 2}", {"a": {"x": None, "z": 2.0}}),
        ("a: {x: null}", "a: {x: null}", {"a": {"x": None}}),
        ("", "a: null", {"a": None}),
        ("a: 1", "a: {x: 1}", {"a": 1.0}),
    ],
)
def test_nulls(values: str, defaults: str, expected: dict[str, Any]) -> None:
    assert coalesce_values(chart("c", defaults), user(values), [].append) == expected


@pytest.mark.parametrize(
    ("values", "defaults", "warning"),
    [
        ("a: {x: {q: 1}}", "a: {x: 5}", "warning: destination for c.a.x is a table. Ignoring non-table value (5)"),
        ("a: {x: 5}", "a: {x: {q: 1}}", "warning: cannot overwrite table with non table for c.a.x (map[q:1])"),
        ("a: {x: 5}", "a: [1]", "warning: skipped value for c.a: Not a table."),
    ],
)
def test_tables_against_others(values: str, defaults: str, warning: str) -> None:
    warnings: list[str] = []
    coalesce_values(chart("c", defaults), user(values), warnings.append)
    assert warnings == [warning]


def test_a_subchart_needs_a_table() -> None:
    with pytest.raises(HelmError) as raised:
        coalesce_values(chart("top", "sub: 5", chart("sub", "")), user(""), [].append)
    assert raised.value.message == "type mismatch on sub: %!t(float64=5)"


def test_tables_and_copies() -> None:
    values = user("a: {b: {c: 1}}\nd: 5")
    assert table(values, "a.b") == {"c": 1.0}
    for path, key in {"a.x": "x", "d.e": "d", "a.b.c": "c"}.items():
        with pytest.raises(KeyError) as raised:
            table(values, path)
        assert raised.value.args == (key,)
    twin = copied(values)
    assert (twin, type(twin), type(twin["a"])) == (values, Values, Map)
    assert merge_tables(twin, user("a: {b: {x: null}}"), [].append)["a"]["b"] == {"c": 1.0, "x": None}
    assert "x" not in values["a"]["b"]
