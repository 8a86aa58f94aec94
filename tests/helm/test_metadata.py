"""Chart.yaml's record: Go's decoding into structs, Helm's checks, and what templates see as `.Chart`."""

from __future__ import annotations

import struct
from copy import copy
from typing import Any

import pytest

from scanner.helm.go_decoding import DecodeError, decode_into, float32_text
from scanner.helm.metadata import ChartObject, Dependency, InvalidMetadataError, Metadata, validate
from scanner.helm.yaml_emitter import to_yaml
from scanner.template.kinds import MISSING, StringMap, go_kind, go_type
from scanner.template.printing import format_output


def decoded(value: object, into: Metadata | None = None) -> Metadata:
    metadata = into or Metadata()
    decode_into(metadata, value)
    return metadata


GOOD = {"apiVersion": "v2", "name": "p", "version": "1.2.3"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.1, "1.1"),
        (1.0, "1"),
        (-0.0, "-0"),
        (0.1, "0.1"),
        (2024.1234567, "2024.1234"),
        (1234567.5, "1.2345675e+06"),
        (16777217.0, "1.6777216e+07"),
        (1e-05, "1e-05"),
        (0.0001, "0.0001"),
        (3.4028235e38, "3.4028235e+38"),
        (1e39, "+Inf"),
        (-1e39, "-Inf"),
        (float("nan"), "NaN"),
        (1e-45, "1e-45"),
        (1e-50, "0"),
    ],
)
def test_numbers_become_text_of_32_bits(number: float, text: str) -> None:
    assert float32_text(number) == text


def test_short_texts_of_numbers_read_back() -> None:
    for bits in range(0, 0x7F800000, 0x7F800000 // 5000):
        (number,) = struct.unpack("<f", struct.pack("<I", bits))
        (again,) = struct.unpack("<f", struct.pack("<f", float(float32_text(number))))
        assert again == number


def test_a_second_document_is_read_over_the_first() -> None:
    """As requirements.yaml over Chart.yaml: lists item by item, maps entry by entry, and null empties them."""
    first = {**GOOD, "keywords": ["a", "b"], "annotations": {"a": "1"}, "dependencies": [{"name": "x", "tags": ["t"]}]}
    metadata = decoded(first)
    decoded({"keywords": [None], "annotations": {"b": "2"}, "dependencies": [{"alias": "y"}, {"name": "z"}]}, metadata)
    assert (metadata.keywords, metadata.annotations) == (["a"], {"a": "1", "b": "2"})
    assert metadata.dependencies is not None
    assert [(each.name, each.alias, each.tags) for each in metadata.dependencies] == [
        ("x", "y", ["t"]),
        ("z", "", None),
    ]
    decoded({"keywords": None, "annotations": None, "dependencies": None, "name": None}, metadata)
    assert (metadata.keywords, metadata.annotations, metadata.dependencies, metadata.name) == (None, None, None, "p")


def test_the_first_error_counts_and_the_rest_is_set() -> None:
    metadata = Metadata()
    with pytest.raises(DecodeError) as caught:
        decode_into(metadata, {"deprecated": "x", "dependencies": [{"name": "a"}, {"tags": [1, []]}], "name": "p"})
    message = "json: cannot unmarshal array into Go struct field Dependency.dependencies.tags of type string"
    assert (str(caught.value), caught.value.route) == (message, ("dependencies", 1, "tags", 1))
    assert metadata.name == "p"


def test_a_deep_document_is_no_problem() -> None:
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    decoded({**GOOD, "unknown": deep})
    with pytest.raises(DecodeError):
        decoded({**GOOD, "keywords": deep})


def test_the_chart_that_templates_see() -> None:
    metadata = decoded({**GOOD, "appVersion": 9, "annotations": {"b": 1}, "maintainers": [{"name": "m"}]})
    chart = ChartObject(metadata, True)
    assert chart.field("Name") == "p"
    assert chart.field("IsRoot") is True
    assert chart.field("Metadata") is metadata
    assert chart.field("Nope") is MISSING
    assert (go_type(chart), go_kind(chart)) == ("struct { chart.Metadata; IsRoot bool }", "struct")
    types = {name: go_type(chart.field(name)) for name in ("Annotations", "Keywords", "Maintainers", "Dependencies")}
    assert types == {
        "Annotations": "map[string]string",
        "Keywords": "[]string",
        "Maintainers": "[]*chart.Maintainer",
        "Dependencies": "[]*chart.Dependency",
    }
    assert type(chart.field("Annotations")) is StringMap
    expected = 'IsRoot: true\nannotations:\n  b: "1"\napiVersion: v2\nappVersion: "9"\nmaintainers:\n- name: m\nname: p'
    assert to_yaml(chart) == expected + "\nversion: 1.2.3"
    metadata.maintainers = None
    assert format_output(chart) == "{{p  [] 1.2.3  [] []  v2   9 false map[b:1]  [] } true}"


def test_a_copy_is_its_own() -> None:
    metadata = decoded({**GOOD, "dependencies": [{"name": "a"}]})
    own = copy(metadata)
    own.name = "q"
    assert (metadata.name, own.field("Name"), own.version) == ("p", "q", "1.2.3")


def test_texts_are_cleaned() -> None:
    metadata = decoded({**GOOD, "description": "a\tb\u2028c\u200bd\x01e", "keywords": ["x\ny"], "home": "h\u00a0i"})
    validate(metadata)
    assert (metadata.description, metadata.keywords, metadata.home) == ("a b cde", ["x y"], "h i")


@pytest.mark.parametrize(
    ("change", "message", "route"),
    [
        ({"version": "1.2.3.4"}, 'chart.metadata.version "1.2.3.4" is invalid', ("version",)),
        ({"name": "a/b"}, 'chart.metadata.name "a/b" is invalid', ("name",)),
        ({"name": ".."}, 'chart.metadata.name ".." is not allowed', ("name",)),
        ({"type": "x"}, "chart.metadata.type must be application or library", ("type",)),
        ({"apiVersion": ""}, "chart.metadata.apiVersion is required", ()),
        ({"maintainers": [None]}, "maintainers must not contain empty or null nodes", ("maintainers", 0)),
        ({"dependencies": [None]}, "dependencies must not contain empty or null nodes", ("dependencies", 0)),
        (
            {"dependencies": [{"name": "a", "alias": "b.c"}]},
            'dependency "a" has disallowed characters in the alias',
            ("dependencies", 0, "alias"),
        ),
        (
            {"dependencies": [{"name": "a"}, {"name": "b", "alias": "a"}]},
            'more than one dependency with name or alias "a"',
            ("dependencies", 1),
        ),
    ],
)
def test_what_helm_refuses(change: dict[str, Any], message: str, route: tuple[str | int, ...]) -> None:
    with pytest.raises(InvalidMetadataError) as caught:
        validate(decoded({**GOOD, **change}))
    assert (caught.value.message, caught.value.route) == (f"validation: {message}", route)


def test_a_dependency_is_a_pointer() -> None:
    assert (go_type(Dependency()), go_kind(Dependency())) == ("*chart.Dependency", "ptr")
