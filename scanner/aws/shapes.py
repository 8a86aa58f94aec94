"""The shape of each type's records, worked out from its declaration and botocore's service models.

`scanner.core.resource_shapes` keeps the result, which rules are checked against; a test holds the two together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scanner.aws.declaration import Detail, ResourceType
from scanner.aws.models import operation_name, service_model
from scanner.aws.records import Names, compiled, names_of
from scanner.core.resource_shapes import Shape

_SCALARS = {
    "string": "string", "character": "string", "timestamp": "string", "blob": "string",
    "integer": "int", "long": "int", "boolean": "bool", "float": "double", "double": "double",
}  # fmt: skip


class _Made(NamedTuple):
    """An object that a path makes: its keys with what each holds."""

    members: dict[str, Any]


class _ListOf(NamedTuple):
    """A list that a path makes."""

    member: Any


def record_shape(kind: ResourceType) -> dict[str, Shape]:
    """CloudFormation's property names of a type with the shape of each, as collected records have them."""
    row: dict[str, Any] = {}
    if kind.call:
        row |= _members(_item(_of_path(kind.items, _output(kind.service, kind.operation))))
    for variant in kind.variants:
        row |= {key: _of_constant(value) for key, value in variant.row.items()}
    for detail in kind.details:
        row |= _detail(kind, detail)
    for path in kind.json:
        row = _with_document(row, path.split("."))
    names = names_of(kind)
    found: dict[str, Shape] = {}
    for key, shape in row.items():
        if not kind.keep or key in kind.keep:
            inner = names.get(key, (None, {}))[1]
            found[kind.property_name(key)] = _plain(shape, inner, ())
    return dict(sorted(found.items()))


def _detail(kind: ResourceType, detail: Detail) -> dict[str, Any]:
    taken = _of_path(detail.take, _output(*kind.call_of(detail)))
    if detail.batch:
        taken = _item(taken)
        if detail.value:
            taken = _of_path(detail.value, taken)
    return {detail.into: taken} if detail.into else dict(_members(taken))


def _with_document(row: dict[str, Any], steps: list[str]) -> dict[str, Any]:
    """The row with `dyn`, a document of its own, at a path."""
    key = steps[0].removesuffix("[]")
    if key not in row:
        return row
    inner: Any = None
    if len(steps) > 1:
        holder = _item(row[key]) if steps[0].endswith("[]") else row[key]
        inner = _Made(_with_document(dict(_members(holder)), steps[1:]))
    return row | {key: _ListOf(inner) if steps[0].endswith("[]") else inner}


def _output(service: str, method: str) -> Any:
    return service_model(service).operation_model(operation_name(service, method)).output_shape


def _members(shape: Any) -> dict[str, Any]:
    if isinstance(shape, _Made):
        return shape.members
    return getattr(shape, "members", None) or {}


def _item(shape: Any) -> Any:
    if isinstance(shape, _ListOf):
        return shape.member
    return getattr(shape, "member", None)


def _of_constant(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "string" if isinstance(value, str) else "dyn"


def _of_path(path: str, shape: Any) -> Any:
    return _of_node(compiled(path).parsed, shape)


def _of_node(node: dict[str, Any], shape: Any) -> Any:  # noqa: C901 - one case for each kind of node
    """The shape that a node of a path finds in `shape`; None where it cannot be told."""
    kind, children = node["type"], node["children"]
    if kind in ("current", "identity"):
        return shape
    if kind == "field":
        return _members(shape).get(node["value"])
    if kind in ("subexpression", "index_expression", "pipe"):
        for child in children:
            shape = _of_node(child, shape)
        return shape
    if kind == "index":
        return _item(shape)
    if kind == "slice":
        return shape
    if kind == "multi_select_dict":
        return _Made({child["value"]: _of_node(child["children"][0], shape) for child in children})
    if kind == "multi_select_list":
        found = [_of_node(child, shape) for child in children]
        return _ListOf(found[0] if found else None)
    if kind == "flatten":
        inner = _of_node(children[0], shape)
        member = _item(inner)
        return _ListOf(_item(member) if _item(member) is not None else member)
    if kind == "projection":
        return _ListOf(_of_node(children[1], _item(_of_node(children[0], shape))))
    if kind == "filter_projection":
        return _ListOf(_of_node(children[1], _item(_of_node(children[0], shape))))
    if kind == "value_projection":
        values = _of_node(children[0], shape)
        return _ListOf(_of_node(children[1], getattr(values, "value", None)))
    if kind == "literal":
        return _of_constant(node["value"])
    if kind in ("comparator", "not_expression"):
        return "bool"
    if kind in ("or_expression", "and_expression"):
        found = [_of_node(child, shape) for child in children]
        return next((each for each in found if each is not None), None)
    return _of_function(node, shape)


_TEXTS = frozenset({"join", "to_string", "type"})
_NUMBERS = frozenset({"length", "sum", "to_number", "abs", "ceil", "floor"})
_FLAGS = frozenset({"contains", "starts_with", "ends_with"})


def _of_function(node: dict[str, Any], shape: Any) -> Any:
    name, children = node.get("value"), node["children"]
    if name in _TEXTS:
        return "string"
    if name in _NUMBERS:
        return "int"
    if name in _FLAGS:
        return "bool"
    if name == "keys":
        return _ListOf("string")
    if name == "values":
        return _ListOf(getattr(_of_node(children[0], shape), "value", None))
    if name in ("sort", "reverse", "sort_by", "not_null"):
        return _of_node(children[0], shape)
    if name in ("max_by", "min_by", "max", "min"):
        return _item(_of_node(children[0], shape))
    if name == "merge":
        merged: dict[str, Any] = {}
        for child in children:
            merged |= _members(_of_node(child, shape))
        return _Made(merged)
    return None


def _plain(shape: Any, names: Names, inside: tuple[str, ...]) -> Shape:
    """The shape with CloudFormation's names; what holds itself, and what cannot be told, is `dyn`."""
    if shape is None:
        return "dyn"
    if isinstance(shape, str):
        return shape
    if isinstance(shape, _Made):
        return _object(shape.members, names, inside)
    if isinstance(shape, _ListOf):
        return _list(_plain(shape.member, names.get("[]", (None, {}))[1], inside))
    if shape.name in inside or getattr(shape, "is_document_type", False):
        return "dyn"
    if shape.type_name == "structure":
        return _object(shape.members, names, (*inside, shape.name))
    if shape.type_name == "list":
        return _list(_plain(shape.member, names.get("[]", (None, {}))[1], (*inside, shape.name)))
    if shape.type_name == "map":
        value = _plain(shape.value, names.get("*", (None, {}))[1], (*inside, shape.name))
        # A map of lists or maps cannot be declared: its keys are checked by nobody.
        return {"*": value} if not isinstance(value, list) and not (isinstance(value, dict) and "*" in value) else "dyn"
    return _SCALARS[shape.type_name]


def _object(members: dict[str, Any], names: Names, inside: tuple[str, ...]) -> Shape:
    found: dict[str, Shape] = {}
    for key, member in members.items():
        new, inner = names.get(key, (None, {}))
        found[new or f"{key[:1].upper()}{key[1:]}"] = _plain(member, inner, inside)
    return dict(sorted(found.items())) or "dyn"


def _list(member: Shape) -> Shape:
    # A list of lists or of maps cannot be declared either.
    return "dyn" if isinstance(member, list) or (isinstance(member, dict) and "*" in member) else [member]
