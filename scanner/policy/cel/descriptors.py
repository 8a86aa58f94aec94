"""Message types for the CEL runtime: one proto file a type, which loads far faster than all types in one file."""

from __future__ import annotations

from typing import Any

from scanner.policy.cel import kinds


def file_descriptor(package: str, name: str, attributes: dict[str, str]) -> bytes:
    """A serialised `FileDescriptorProto` with one message; attributes by canonical type.

    Scalars have presence (`has()` tells absent from empty). `dyn` becomes a `google.protobuf.Value`. Raises ValueError
    for a type that protobuf cannot hold: a list of lists.
    """
    from google.protobuf import descriptor_pb2

    file = descriptor_pb2.FileDescriptorProto(name=f"{package}/{name}.proto", package=package, syntax="proto2")
    message = file.message_type.add(name=name)
    imports: set[str] = set()
    for number, (attribute, kind) in enumerate(attributes.items(), 1):
        # protobuf refuses `a_1` beside `a1`, whose names would be one in JSON: nothing here is ever JSON.
        field = message.field.add(name=attribute, number=number, json_name=f"f{number}")
        if kind.startswith("list("):
            field.label = field.LABEL_REPEATED
            _set_type(field, kinds.element(kind), package, imports)
        elif kind.startswith("map("):
            key, value = kinds.sides(kind)
            entry = message.nested_type.add(name=_entry_name(attribute))
            entry.options.map_entry = True
            _set_type(entry.field.add(name="key", number=1, label=field.LABEL_OPTIONAL), key, package, imports)
            _set_type(entry.field.add(name="value", number=2, label=field.LABEL_OPTIONAL), value, package, imports)
            field.label, field.type = field.LABEL_REPEATED, field.TYPE_MESSAGE
            field.type_name = f".{package}.{name}.{entry.name}"
        else:
            field.label = field.LABEL_OPTIONAL
            _set_type(field, kind, package, imports)
    file.dependency.extend(sorted(imports))
    return bytes(file.SerializeToString())


def _set_type(field: Any, kind: str, package: str, imports: set[str]) -> None:
    scalars = {
        "string": field.TYPE_STRING,
        "int": field.TYPE_INT64,
        "bool": field.TYPE_BOOL,
        "double": field.TYPE_DOUBLE,
    }
    if kind in scalars:
        field.type = scalars[kind]
    elif kind == "dyn":
        field.type, field.type_name = field.TYPE_MESSAGE, ".google.protobuf.Value"
        imports.add("google/protobuf/struct.proto")
    elif kinds.is_message(kind):
        field.type, field.type_name = field.TYPE_MESSAGE, f".{package}.{kind}"
        imports.add(f"{package}/{kind}.proto")
    else:
        raise ValueError(f"an attribute cannot be of type {kind}")


def _entry_name(attribute: str) -> str:
    """The name that protobuf demands for the entries of a map field."""
    return "".join(word[:1].upper() + word[1:] for word in attribute.split("_")) + "Entry"
