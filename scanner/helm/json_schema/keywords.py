"""Reads the keywords of a schema's object, each from the draft on that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.helm.json_schema.compiled import Schema
from scanner.helm.json_schema.patterns import compiled_pattern

if TYPE_CHECKING:
    from scanner.helm.json_schema.compiler import _Place


def fill(place: _Place, schema: Schema) -> None:
    """Sets the attributes of `schema` by the object at `place`. Raises SchemaError."""
    schema.ref = place.reference("$ref")
    if schema.draft < 2019 and schema.ref is not None:
        return  # everything beside a reference is ignored there
    _fill_parts(place, schema)
    _fill_assertions(place, schema)
    if schema.draft >= 6:
        schema.contains = place.schema("contains")
        schema.property_names = place.schema("propertyNames")
        if "const" in place.value:
            schema.const = (place.value["const"],)
    if schema.draft >= 7:
        _fill_condition(place, schema)
    if schema.draft >= 2019:
        _fill_2019(place, schema)
    if schema.draft >= 2020:
        schema.dynamic_ref = place.reference("$dynamicRef")
        target = place.value.get("$dynamicRef")
        anchor = target.partition("#")[2] if isinstance(target, str) else ""
        schema.dynamic_ref_anchor = "" if anchor.startswith("/") else anchor
        schema.dynamic_anchor = place.value.get("$dynamicAnchor")
        schema.items_before = place.schemas("prefixItems")
        schema.items = place.schema("items")


def _fill_parts(place: _Place, schema: Schema) -> None:
    value = place.value
    schema.all_of = place.schemas("allOf")
    schema.any_of = place.schemas("anyOf")
    schema.one_of = place.schemas("oneOf")
    schema.not_schema = place.schema("not")
    if schema.draft < 2020:
        if isinstance(value.get("items"), list):
            schema.items_before = place.schemas("items")
            schema.additional_items = _additional(place, "additionalItems")
        else:
            schema.items = place.schema("items")
    schema.properties = place.named("properties")
    for expression, part in place.named("patternProperties").items():
        matcher = compiled_pattern(expression, f"{place.url}/patternProperties")
        schema.patterns.append((expression, matcher, part))
    schema.additional_properties = _additional(place, "additionalProperties")
    entries = value.get("dependencies")
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        schema.dependencies[name] = _texts(entry) if isinstance(entry, list) else place.at("dependencies", name)


def _fill_assertions(place: _Place, schema: Schema) -> None:
    from scanner.helm.json_schema.compiler import known_types

    value = place.value
    if "type" in value:
        schema.types = known_types(value["type"])
    if isinstance(value.get("enum"), list):
        schema.enum = value["enum"]
    schema.multiple_of = _number(value, "multipleOf")
    for side in ("minimum", "maximum"):
        bound = _number(value, side)
        exclusive = value.get("exclusive" + side.capitalize())
        if exclusive is True:
            setattr(schema, f"exclusive_{side}", bound)
        else:
            setattr(schema, side, bound)
            setattr(schema, f"exclusive_{side}", _number(value, "exclusive" + side.capitalize()))
    for name in ("Length", "Items", "Properties"):
        for end in ("min", "max"):
            setattr(schema, f"{end}_{name.lower()}", _count(value, end + name))
    if isinstance(value.get("pattern"), str):
        schema.pattern = (value["pattern"], compiled_pattern(value["pattern"], f"{place.url}/pattern"))
    schema.unique_items = value.get("uniqueItems") is True
    schema.required = _texts(value.get("required"))
    if isinstance(value.get("format"), str) and (schema.draft < 2019 or place.compiler.asserts_format):
        schema.format = value["format"]


def _fill_condition(place: _Place, schema: Schema) -> None:
    schema.if_schema = place.schema("if")
    if schema.if_schema is not None:
        decided = place.value["if"] if isinstance(place.value["if"], bool) else None
        schema.if_then = place.schema("then") if decided is not False else None
        schema.if_else = place.schema("else") if decided is not True else None


def _fill_2019(place: _Place, schema: Schema) -> None:
    value = place.value
    schema.recursive_ref = place.reference("$recursiveRef")
    schema.recursive_anchor = value.get("$recursiveAnchor") is True
    if schema.contains is not None:
        schema.min_contains = _count(value, "minContains")
        schema.max_contains = _count(value, "maxContains")
    entries = value.get("dependentRequired")
    for name, names in entries.items() if isinstance(entries, dict) else ():
        schema.dependent_required[name] = _texts(names)
    schema.dependent_schemas = place.named("dependentSchemas")
    schema.unevaluated_items = place.schema("unevaluatedItems")
    schema.unevaluated_properties = place.schema("unevaluatedProperties")


def _additional(place: _Place, keyword: str) -> Any:
    value = place.value.get(keyword)
    return value if isinstance(value, bool) else place.schema(keyword)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _number(value: dict[str, Any], keyword: str) -> Any:
    number = value.get(keyword)
    return number if isinstance(number, int | float) and not isinstance(number, bool) else None


def _count(value: dict[str, Any], keyword: str) -> int | None:
    number = _number(value, keyword)
    return int(number) if number is not None and number == number // 1 else None
