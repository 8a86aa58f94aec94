"""The keywords of JSON Schema that judge objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.helm.json_schema import wording
from scanner.helm.json_schema.compiled import Schema

if TYPE_CHECKING:
    from scanner.helm.json_schema.validation import _Check


def check_object(check: _Check, value: dict[str, Any]) -> None:
    """Judges an object: its size, the entries that it must have, then each of its entries, in the order of names."""
    schema = check.schema
    check.check_size("Properties", len(value), schema.min_properties, schema.max_properties)
    missing = [name for name in schema.required if name not in value]
    if missing:
        noun = "property" if len(missing) == 1 else "properties"
        check.add(check.problem(f"missing {noun} {wording.all_quoted(missing)}"))
    for name, wanted in schema.dependencies.items():
        if name in value:
            if isinstance(wanted, Schema):
                check.add(check.same(wanted))
            else:
                _check_required(check, value, name, wanted)
    _check_entries(check, value)
    if schema.draft == 4:
        return
    if schema.property_names is not None:
        _check_names(check, schema.property_names, value)
    for name, part in schema.dependent_schemas.items():
        if name in value:
            check.add(check.same(part))
    for name, wanted in schema.dependent_required.items():
        if name in value:
            _check_required(check, value, name, wanted)


def _check_required(check: _Check, value: dict[str, Any], name: str, wanted: list[str]) -> None:
    missing = [each for each in wanted if each not in value]
    if missing:
        names = wording.all_quoted(missing)
        check.add(check.problem(f"properties {names} required, if {wording.quoted(name)} exists"))


def _check_entries(check: _Check, value: dict[str, Any]) -> None:
    schema = check.schema
    if not (schema.properties or schema.patterns or schema.additional_properties is not None):
        return
    refused = []
    for name in sorted(value):
        judged = False
        part = schema.properties.get(name)
        if part is not None:
            judged = True
            check.add(check.inner(part, value[name], name))
        check.work.add(len(schema.patterns))
        for _, matches, part in schema.patterns:
            if matches(name):
                judged = True
                check.add(check.inner(part, value[name], name))
        if not judged and schema.additional_properties is not None:
            judged = True
            if schema.additional_properties is False:
                refused.append(name)
            elif schema.additional_properties is not True:
                check.add(check.inner(schema.additional_properties, value[name], name))
        if judged:
            check.left.discard(name)
    if refused:
        check.add(check.problem(f"additional properties {wording.all_quoted(refused)} not allowed"))


def _check_names(check: _Check, names: Schema, value: dict[str, Any]) -> None:
    from scanner.helm.json_schema.validation import problems

    for name in sorted(value):
        found = problems(names, name, check.work)
        if found:
            check.add(check.problem(f"invalid propertyName {wording.quoted(name)}", found))
