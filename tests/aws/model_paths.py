"""JMESPath over the shapes of botocore's service models: what a path finds, or that there is nothing to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jmespath

from scanner.aws.declaration import Detail, ResourceType
from scanner.aws.models import operation_name, service_model

ANY = "any"
_SCALARS = {
    "string": "string",
    "character": "string",
    "timestamp": "timestamp",
    "blob": "blob",
    "integer": "integer",
    "long": "integer",
    "bigdecimal": "number",
    "float": "number",
    "double": "number",
    "boolean": "boolean",
}


class PathError(AssertionError):
    """A path that leads nowhere."""


@dataclass(frozen=True)
class Struct:
    """An object with known keys. `model` is the name of the model's shape, '' for an object that a path makes."""

    members: dict[str, Any]
    model: str = ""

    def get(self, name: str) -> Any:
        if name not in self.members:
            raise PathError(f"no {name} among {', '.join(sorted(self.members))}")
        return of(self.members[name])


@dataclass(frozen=True)
class Seq:
    """A list of `item`."""

    item: Any


@dataclass(frozen=True)
class Map:
    """An object whose keys are data."""

    value: Any


def of(shape: Any) -> Any:
    """The shape of a model's shape; one that is none of a model's is itself."""
    kind = getattr(shape, "type_name", None)
    if kind is None:
        return shape
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return ANY
        return Struct(dict(shape.members), shape.name)
    if kind == "list":
        return Seq(shape.member)
    if kind == "map":
        return Map(shape.value)
    return _SCALARS[kind]


def output_of(service: str, method: str) -> Any:
    """The shape of an operation's answer."""
    shape = service_model(service).operation_model(operation_name(service, method)).output_shape
    return of(shape) if shape is not None else Struct({})


def find(path: str, shape: Any) -> Any:
    """The shape of what `path` finds. Raises PathError where the model has nothing there."""
    try:
        return _node(jmespath.compile(path).parsed, shape)
    except PathError as error:
        raise PathError(f"{path}: {error}") from error


def _literal(value: Any) -> Any:
    if value is None:
        return ANY
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, str):
        return "string"
    return Seq(_literal(value[0]) if value else ANY) if isinstance(value, list) else ANY


def _item(shape: Any) -> Any:
    if shape == ANY:
        return ANY
    if not isinstance(shape, Seq):
        raise PathError(f"{_told(shape)} is no list")
    return of(shape.item)


def _told(shape: Any) -> str:
    return shape if isinstance(shape, str) else type(shape).__name__


def _node(node: dict[str, Any], shape: Any) -> Any:  # noqa: C901 - one case for each kind of node
    kind, children = node["type"], node["children"]
    match kind:
        case "identity" | "current":
            return shape
        case "field":
            if shape == ANY:
                return ANY
            if isinstance(shape, Map):
                return of(shape.value)
            if not isinstance(shape, Struct):
                raise PathError(f"{node['value']} of {_told(shape)}")
            return shape.get(node["value"])
        case "subexpression" | "index_expression" | "pipe":
            for child in children:
                shape = _node(child, shape)
            return shape
        case "index":
            return _item(shape)
        case "slice":
            return Seq(_item(shape))
        case "multi_select_dict":
            return Struct({child["value"]: _node(child["children"][0], shape) for child in children})
        case "multi_select_list":
            found = [_node(child, shape) for child in children]
            return Seq(found[0])
        case "flatten":
            item = _item(_node(children[0], shape))
            return Seq(_item(item)) if isinstance(item, Seq) else Seq(item)
        case "projection":
            return Seq(_node(children[1], _item(_node(children[0], shape))))
        case "filter_projection":
            item = _item(_node(children[0], shape))
            _node(children[2], item)
            return Seq(_node(children[1], item))
        case "value_projection":
            held = _node(children[0], shape)
            return Seq(_node(children[1], of(held.value) if isinstance(held, Map) else ANY))
        case "literal":
            return _literal(node["value"])
        case "comparator" | "not_expression":
            for child in children:
                _node(child, shape)
            return "boolean"
        case "or_expression" | "and_expression":
            found = [_node(child, shape) for child in children]
            return next((each for each in found if each != ANY), ANY) if kind == "or_expression" else found[-1]
        case "function_expression":
            if node["value"] not in _TAKE_NULL and not all(_never_null(child) for child in children):
                raise PathError(f"{node['value']}() of what may not be there")
            return _function(node["value"], [_node(child, shape) for child in children if child["type"] != "expref"])
    raise PathError(f"{kind} is not understood")


_TAKE_NULL = ("to_string", "to_number", "type", "not_null", "to_array")


def _never_null(node: dict[str, Any]) -> bool:
    """Whether a node finds something in every answer: functions end in an error where they are given nothing."""
    if node["type"] == "multi_select_list":
        return all(_never_null(child) for child in node["children"])
    if node["type"] == "literal":
        return node["value"] is not None
    if node["type"] == "or_expression":
        return _never_null(node["children"][-1])
    return node["type"] in ("current", "multi_select_dict", "function_expression", "comparator", "expref")


_RESULTS = {
    "join": "string", "to_string": "string", "type": "string",
    "length": "integer", "to_number": "integer", "sum": "number",
    "contains": "boolean", "starts_with": "boolean", "ends_with": "boolean",
}  # fmt: skip


def _function(name: str, given: list[Any]) -> Any:
    if name in _RESULTS:
        return _RESULTS[name]
    if name == "keys":
        return Seq("string")
    if name == "values":
        return Seq(given[0].value if isinstance(given[0], Map) else ANY)
    if name in ("sort", "reverse", "sort_by", "not_null", "to_array"):
        return given[0]
    if name in ("max_by", "min_by", "max", "min"):
        return _item(given[0])
    if name == "merge":
        merged: dict[str, Any] = {}
        for each in given:
            if not isinstance(each, Struct):
                raise PathError(f"merge of {_told(each)}")
            merged |= each.members
        return Struct(merged)
    raise PathError(f"{name}() is not understood")


def listed_row(kind: ResourceType) -> Struct:
    """The row of a type as its list call gives it."""
    if not kind.call:
        return Struct({})
    row = _item(find(kind.items, output_of(kind.service, kind.operation)))
    if not isinstance(row, Struct):
        raise PathError(f"{kind.items}: a row is {_told(row)}")
    extra = {key: _literal(value) for variant in kind.variants for key, value in variant.row.items()}
    return Struct({**row.members, **extra})


def taken_by(kind: ResourceType, detail: Detail) -> Any:
    """What a detail brings to a row."""
    taken = find(detail.take, output_of(*kind.call_of(detail)))
    if not detail.batch:
        return taken
    entry = _item(taken)
    find(detail.key, entry)
    return find(detail.value, entry) if detail.value else entry


def with_details(kind: ResourceType, *, after: bool = True) -> Struct:
    """The row with what its details bring: all of them, or those alone that come before the ones `after` them."""
    row = dict(listed_row(kind).members)
    for detail in kind.details:
        if detail.after and not after:
            continue
        taken = taken_by(kind, detail)
        if detail.into:
            row[detail.into] = taken
        elif isinstance(taken, Struct):
            row |= taken.members
        else:
            raise PathError(f"{kind.type}: {detail.call} brings {_told(taken)}, which cannot be merged")
    return Struct(row)
