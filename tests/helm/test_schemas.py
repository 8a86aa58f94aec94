"""values.schema.json: what Helm says of schemas and values, recorded; references elsewhere; subcharts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.helm.chart import Chart, ChartFile
from scanner.helm.errors import HelmError
from scanner.helm.json_schema import validation
from scanner.helm.origin import ValuesSource
from scanner.helm.schema import check_values
from scanner.helm.yaml_values import read_values


def recorded() -> list[dict[str, Any]]:
    lines = Path(__file__).with_name("schema_results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def named(name: str, schema: object = None, *subcharts: Chart) -> Chart:
    chart = Chart(name)
    chart.metadata.name = name
    if schema is not None:
        text = schema if isinstance(schema, str) else json.dumps(schema)
        chart.schema = ChartFile("values.schema.json", text.encode(), f"{name}/values.schema.json")
    chart.dependencies = list(subcharts)
    return chart


def problem(chart: Chart, values: str, warnings: list[str] | None = None) -> str:
    """What check_values says, without its first line."""
    found = read_values(values, ValuesSource("values.yaml"), traced=True)
    try:
        check_values(chart, found, [].append if warnings is None else warnings.append)
    except HelmError as error:
        first, _, rest = error.message.partition("\n")
        assert first == "values don't meet the specifications of the schema(s) in the following chart(s):"
        return rest
    return ""


def test_every_schema_as_helm_judges_it() -> None:
    """Helm names the entries of a mapping in any order."""
    different = []
    for case in recorded():
        found = problem(named("c", case["schema"]), case["values"]).removeprefix("c:\n")
        if sorted(found.split("\n")) != sorted(case["error"].split("\n")):
            different.append((case, found))
    assert different == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", "unexpected EOF"),
        ("", "EOF"),
        ("{} x", "invalid character after top-level value"),
        ('{"a": }', "invalid character '}' looking for beginning of value"),
    ],
)
def test_a_schema_that_is_no_json(text: str, error: str) -> None:
    assert problem(named("c", text), "a: 1") == f"c:\n{error}"


def test_subcharts_are_judged_by_their_own_schemas() -> None:
    wants_text = {"properties": {"a": {"type": "string"}}}
    chart = named("top", wants_text, named("one", wants_text, named("deep", wants_text)), named("two", wants_text))
    values = "a: 1\none: {a: x, deep: {a: 2}}\ntwo: {a: 3}"
    expected = "top:\n- at '/a': got number, want string\n"
    expected += "deep:\n- at '/a': got number, want string\ntwo:\n- at '/a': got number, want string\n"
    assert problem(chart, values) == expected
    assert problem(chart, "a: x\none: null") == ""
    assert problem(named("top", None, named("one")), "one: 5") == (
        "one:\ninvalid type for values: expected object (map), got float64\n"
    )


@pytest.mark.parametrize(
    "reference", ["https://example.com/s.json", "http://example.com/s#/a", "file:///etc/passwd", "other.json"]
)
def test_nothing_is_fetched(reference: str) -> None:
    warnings: list[str] = []
    chart = named("c", {"properties": {"a": {"$ref": reference}, "b": {"type": "string"}}})
    assert problem(chart, "a: 1\nb: 1", warnings) == "c:\n- at '/b': got number, want string\n"
    assert len(warnings) == 1
    assert "is not fetched: it is taken to allow everything" in warnings[0]


def test_a_metaschema_elsewhere_is_not_fetched() -> None:
    warnings: list[str] = []
    chart = named("c", {"$schema": "https://example.com/meta", "properties": {"a": {"type": "string"}}})
    assert problem(chart, "a: 1", warnings) == "c:\n- at '/a': got number, want string\n"
    assert warnings == ["the metaschema https://example.com/meta is not fetched: its rules are not applied"]


def test_urns_allow_everything_as_in_helm() -> None:
    warnings: list[str] = []
    assert problem(named("c", {"properties": {"a": {"$ref": "urn:x:y"}}}), "a: 1", warnings) == ""
    assert warnings == ["WARNING: unresolved URN reference ignored; using permissive schema: urn:x:y"]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}},
        {"properties": {"a": {"pattern": "(a+)+$"}}},
        {
            "$ref": "#/$defs/0",
            "$defs": {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(40)} | {"40": {}},
        },
        '{"not":' * 400 + "{}" + "}" * 400,
        '{"properties":{"a":' * 300 + "{}" + "}}" * 300,
    ],
)
def test_hostile_schemas_end(schema: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MOST_CHECKS", 5000)
    assert isinstance(problem(named("c", schema), "a: " + "a" * 5000 + "!"), str)
