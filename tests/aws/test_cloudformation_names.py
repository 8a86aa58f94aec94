"""The names of properties against the CloudFormation schemas that cfn-lint bundles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from scanner.aws.declaration import ResourceType
from scanner.aws.records import names_of
from scanner.aws.types import resource_types
from tests.aws.facts_of_services import AMOUNTS, NO_TYPES, OTHER_FORMS, OTHERS, STATES, TIMES
from tests.aws.model_paths import ANY, Map, Seq, Struct, of, with_details

KINDS = [kind for kind in resource_types().values() if kind.type.startswith("AWS::") and kind.type not in NO_TYPES]
BY_TYPE = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
OF_CLOUDFORMATION = {
    "string": {"string"},
    "timestamp": {"string"},
    "blob": {"string"},
    "integer": {"integer", "number", "string"},  # some templates write numbers as texts
    "number": {"number", "integer"},
    "boolean": {"boolean"},
}


@cache
def schema_of(type_name: str) -> Mapping[str, Any]:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    schema: Mapping[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name).schema
    return schema


def test_types_are_cloudformation_types_or_settings() -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    known = set(PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1"))
    own = {name for name in resource_types() if name.startswith("AWS::")}
    assert own - known == set(NO_TYPES)
    assert all(name.startswith("Account::") and name.count("::") == 2 for name in set(resource_types()) - own)


@BY_TYPE
def test_properties_are_cloudformation_properties(kind: ResourceType) -> None:
    here = set(kind.properties) - set(schema_of(kind.type)["properties"])
    justified = STATES | TIMES | AMOUNTS | set(OTHERS.get(kind.type, ()))
    assert here <= justified


def test_no_exception_is_left_over() -> None:
    missing = {kind.type: set(kind.properties) - set(schema_of(kind.type)["properties"]) for kind in KINDS}
    for type_name, names in OTHERS.items():
        assert set(names) <= missing[type_name], type_name
        assert not set(names) & (STATES | TIMES | AMOUNTS), type_name
    assert set.union(*missing.values()) >= STATES | TIMES | AMOUNTS


@BY_TYPE
def test_names_inside_are_written_as_cloudformation_writes_them(kind: ResourceType) -> None:
    """A key inside of a property that CloudFormation has too is spelt as there (`Arn`, not `ARN`)."""
    row, names, schema = with_details(kind), names_of(kind), schema_of(kind.type)
    wrong: list[str] = []
    for key in kind.keep:
        name = kind.property_name(key)
        if name in schema["properties"] and key not in kind.json and name not in OTHER_FORMS.get(kind.type, ()):
            inner = names.get(key, (None, {}))[1]
            _compare(of(row.members[key]), inner, schema["properties"][name], schema, name, wrong, ())
    assert wrong == []


def _compare(
    shape: Any, names: Any, part: Any, root: Any, path: str, wrong: list[str], inside: tuple[str, ...]
) -> None:
    kinds = _kinds(part, root)
    if isinstance(shape, Struct):
        members = _properties(part, root)
        if not members:
            if kinds and "object" not in kinds:
                wrong.append(f"{path}: an object, not {sorted(kinds)}")
            return
        if shape.model in inside:
            return
        inside = (*inside, shape.model) if shape.model else inside
        spelt = {name.lower(): name for name in members}
        for key, member in shape.members.items():
            new, inner = names.get(key, (None, {}))
            name = new or f"{key[:1].upper()}{key[1:]}"
            if name in members:
                _compare(of(member), inner, members[name], root, f"{path}.{name}", wrong, inside)
            elif name.lower() in spelt:
                wrong.append(f"{path}.{name}: CloudFormation writes {spelt[name.lower()]}")
    elif isinstance(shape, Seq):
        item = _items(part, root)
        if item is not None:
            _compare(of(shape.item), names.get("[]", (None, {}))[1], item, root, f"{path}[]", wrong, inside)
        elif kinds and "array" not in kinds:
            wrong.append(f"{path}: a list, not {sorted(kinds)}")
    elif isinstance(shape, Map):
        if kinds and "object" not in kinds:
            wrong.append(f"{path}: a map, not {sorted(kinds)}")
    elif shape != ANY and kinds and not kinds & OF_CLOUDFORMATION[shape]:
        wrong.append(f"{path}: {shape}, not {sorted(kinds)}")


def _resolved(part: Any, root: Any) -> Any:
    while isinstance(part, Mapping) and "$ref" in part:
        found = root
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _alternatives(part: Any) -> list[Any]:
    return [each for key in ("oneOf", "anyOf", "allOf") for each in part.get(key, ())]


def _kinds(part: Any, root: Any) -> set[str]:
    part = _resolved(part, root)
    kinds = part.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found.union(*(_kinds(each, root) for each in _alternatives(part)))


def _properties(part: Any, root: Any) -> dict[str, Any]:
    part = _resolved(part, root)
    found = dict(part.get("properties", {}))
    for each in _alternatives(part):
        found |= _properties(each, root)
    return found


def _items(part: Any, root: Any) -> Any:
    part = _resolved(part, root)
    if "items" in part:
        return part["items"]
    return next((found for each in _alternatives(part) if (found := _items(each, root)) is not None), None)
