"""Which subcharts take part: versions, aliases, tags, conditions, missing ones, import-values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.helm.chart import Chart
from scanner.helm.chart_files import load_chart
from scanner.helm.dependencies import check_dependencies, enable_dependencies, private_copy
from scanner.helm.errors import HelmError
from scanner.helm.imports import import_values
from scanner.helm.origin import ValuesSource
from scanner.helm.yaml_values import read_values
from tests.conftest import write_files

HEAD = "apiVersion: v2\nversion: 1.0.0\nname: "


def loaded(folder: Path, dependencies: str, values: str = "", **subcharts: str) -> Chart:
    """A chart with these `dependencies`; each subchart has the values given for it."""
    files = {"Chart.yaml": f"{HEAD}top\ndependencies:\n{dependencies}", "values.yaml": values}
    for name, text in subcharts.items():
        files |= {f"charts/{name}/Chart.yaml": HEAD + name, f"charts/{name}/values.yaml": text}
    return load_chart(write_files(folder / "top", dict(files)))


def enabled(chart: Chart, values: str = "") -> tuple[list[str], list[str]]:
    """The names of the subcharts that take part, and the warnings."""
    warnings: list[str] = []
    own = private_copy(chart)
    enable_dependencies(own, read_values(values, ValuesSource("user.yaml"), traced=True), warnings.append)
    return [subchart.name for subchart in own.dependencies], warnings


@pytest.mark.parametrize(
    ("entry", "values", "expected"),
    [
        ("", "", ["a"]),
        ("version: '>2'", "", ["a"]),  # one that does not fit is as one that is not named
        ("version: ''\n  alias: b", "", ["a"]),  # nor does one that nobody can read
        ("version: x y\n  alias: b", "", ["a"]),
        ("condition: a.use", "a: {use: false}", []),
        ("condition: a.use", "a: {use: true}", ["a"]),
        ("condition: 'a.missing,a.use'", "a: {use: false}", []),
        ("condition: 'a.use,a.missing'", "a: {use: true, missing: false}", ["a"]),
        ("condition: 'a.missing, a.use'", "a: {use: false}", ["a"]),  # only the whole is trimmed
        ("condition: global.a", "global: {a: false}", []),
        ("condition: use", "use: {x: 1}", ["a"]),
        ("tags: [x]", "tags: {x: false}", []),
        ("tags: [x, z]", "tags: {x: false, z: true}", ["a"]),
        ("tags: [x]", "tags: {z: false}", ["a"]),
        ("tags: [x]\n  condition: a.use", "tags: {x: false}\na: {use: true}", ["a"]),
        ("alias: b", "", ["b"]),
        ("alias: b\n  condition: b.use", "b: {use: false}", []),
        ("alias: b\n  condition: a.use", "a: {use: false}", []),
    ],
)
def test_conditions_and_tags(tmp_path: Path, entry: str, values: str, expected: list[str]) -> None:
    version = "" if entry.startswith("version") else "\n  version: '*'"
    chart = loaded(tmp_path, f"- name: a{version}\n  repository: ''\n  {entry}".rstrip(), a="")
    assert enabled(chart, values) == (expected, [])


def test_conditions_see_the_defaults_and_the_values_of_a_user(tmp_path: Path) -> None:
    chart = loaded(tmp_path, "- {name: a, version: '*', condition: a.use}", "a: {use: false}", a="use: true")
    assert enabled(chart)[0] == []
    assert enabled(chart, "a: {use: true}")[0] == ["a"]


def test_what_is_no_bool_is_warned_of(tmp_path: Path) -> None:
    chart = loaded(tmp_path, "- {name: a, version: '*', condition: 'a.use,a.not', tags: [t]}", a="use: x\nnot: false")
    assert enabled(chart, "tags: {t: 'false'}") == (
        [],
        [
            "Warning: Tag 't' for chart a returned non-bool value",
            "Warning: Condition path 'a.use' for chart a returned non-bool value",
        ],
    )


def test_charts_that_are_not_named_come_first(tmp_path: Path) -> None:
    chart = loaded(tmp_path, "- {name: a, version: '*'}\n- {name: a, version: '*', alias: c}", a="", b="")
    assert enabled(chart)[0] == ["b", "a", "c"]


def test_rendering_leaves_the_loaded_chart_alone(tmp_path: Path) -> None:
    chart = loaded(tmp_path, "- {name: a, version: '*', alias: c, condition: c.use}", a="")
    assert enabled(chart, "c: {use: false}")[0] == []
    assert enabled(chart)[0] == ["c"]
    assert [subchart.name for subchart in chart.dependencies] == ["a"]
    assert [wanted.name for wanted in chart.metadata.dependencies or ()] == ["a"]


def test_missing_dependencies(tmp_path: Path) -> None:
    chart = loaded(tmp_path, "- {name: a, version: '*'}\n- {name: x, version: '1'}\n- {name: z, version: '1'}", a="")
    with pytest.raises(HelmError) as raised:
        check_dependencies(chart)
    assert raised.value.message == (
        "An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch "
        "missing dependencies: found in Chart.yaml, but missing in charts/ directory: x, z"
    )


def imported(chart: Chart) -> tuple[dict[str, Any], list[str]]:
    warnings: list[str] = []
    own = private_copy(chart)
    enable_dependencies(own, {}, warnings.append)
    import_values(own, warnings.append)
    return own.values, warnings


def test_import_values(tmp_path: Path) -> None:
    entry = "- name: a\n  version: '*'\n  import-values: [one, {child: t, parent: here.x}, {child: u, parent: .}]"
    chart = loaded(
        tmp_path, entry, "k: mine\nhere: {x: {p: 1}}", a="exports: {one: {k: its, l: 1}}\nt: {p: 2, q: 2}\nu: {v: 3}"
    )
    values, warnings = imported(chart)
    assert warnings == []
    assert values["k"] == "mine"
    assert (values["l"], values["v"], values["here"]) == (1.0, 3.0, {"x": {"p": 1.0, "q": 2.0}})
    assert values.origins["l"].source.path.endswith("charts/a/values.yaml")  # type: ignore[attr-defined]
    assert values.origins["l"].route == ("exports", "one", "l")  # type: ignore[attr-defined]


def test_import_values_that_are_not_there(tmp_path: Path) -> None:
    entry = "- name: a\n  version: '*'\n  import-values: [one, {child: t.u, parent: x}, {child: null, parent: 5}]"
    values, warnings = imported(loaded(tmp_path, entry, a="t: 5"))
    assert values["a"]["t"] == 5.0
    assert warnings == [
        'Warning: ImportValues missing table: "exports" is not a table',
        'Warning: ImportValues missing table from chart a: "t" is not a table',
        'Warning: ImportValues missing table from chart a: "<nil>" is not a table',
    ]


@pytest.mark.parametrize(("depth", "width"), [(3, 2000), (10, 40), (31, 40)])
def test_aliases_by_the_thousand_end(tmp_path: Path, depth: int, width: int) -> None:
    files = {}
    path = ""
    for level in range(depth):
        entries = [f"- {{name: x{level + 1}, version: '*', alias: n{level}-{number}}}\n" for number in range(width)]
        dependencies = f"\ndependencies:\n{''.join(entries)}" if level < depth - 1 else ""
        files[f"{path}Chart.yaml"] = f"{HEAD}x{level}{dependencies}"
        path += f"charts/x{level + 1}/"
    chart = load_chart(write_files(tmp_path, dict(files)))
    with pytest.raises(HelmError, match="the chart has too many subcharts"):
        enabled(chart)
