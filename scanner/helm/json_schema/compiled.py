"""A schema ready for validation, and the drafts of JSON Schema."""

from __future__ import annotations

from typing import Any

TYPES = ("null", "boolean", "number", "integer", "string", "array", "object")
"""In the order in which messages name them."""

LATEST = 2020

_DRAFTS = {
    "json-schema.org/schema": LATEST,
    "json-schema.org/draft/2020-12/schema": 2020,
    "json-schema.org/draft/2019-09/schema": 2019,
    "json-schema.org/draft-07/schema": 7,
    "json-schema.org/draft-06/schema": 6,
    "json-schema.org/draft-04/schema": 4,
}

METASCHEMAS = {
    4: "http://json-schema.org/draft-04/schema",
    6: "http://json-schema.org/draft-06/schema",
    7: "http://json-schema.org/draft-07/schema",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}


def draft_of(url: str) -> int | None:
    """The draft that a `$schema` names; None for a schema of one's own."""
    base, _, fragment = url.partition("#")
    if fragment:
        return None
    return _DRAFTS.get(base.removeprefix("http://").removeprefix("https://"))


class Schema:
    """One schema: what its keywords ask for. None is a keyword that is not there.

    `location` is its URL with the pointer. `resource` is the schema that has its base URL; `anchors` are the dynamic
    ones of such a resource. `patterns` holds (expression, matcher, schema).
    """

    __slots__ = (
        "additional_items",
        "additional_properties",
        "all_of",
        "anchors",
        "any_of",
        "boolean",
        "const",
        "contains",
        "dependencies",
        "dependent_required",
        "dependent_schemas",
        "draft",
        "dynamic_anchor",
        "dynamic_ref",
        "dynamic_ref_anchor",
        "enum",
        "exclusive_maximum",
        "exclusive_minimum",
        "format",
        "if_else",
        "if_schema",
        "if_then",
        "items",
        "items_before",
        "location",
        "max_contains",
        "max_items",
        "max_length",
        "max_properties",
        "maximum",
        "min_contains",
        "min_items",
        "min_length",
        "min_properties",
        "minimum",
        "multiple_of",
        "not_schema",
        "one_of",
        "pattern",
        "patterns",
        "properties",
        "property_names",
        "recursive_anchor",
        "recursive_ref",
        "ref",
        "required",
        "resource",
        "types",
        "unevaluated_items",
        "unevaluated_properties",
        "unique_items",
    )

    def __init__(self, location: str, draft: int) -> None:
        for name in Schema.__slots__:
            setattr(self, name, None)
        self.location = location
        self.draft = draft
        self.types: tuple[str, ...] = ()
        self.properties: dict[str, Schema] = {}
        self.patterns: list[tuple[str, Any, Schema]] = []
        self.required: list[str] = []
        self.all_of: list[Schema] = []
        self.any_of: list[Schema] = []
        self.one_of: list[Schema] = []
        self.items_before: list[Schema] = []
        self.dependencies: dict[str, Any] = {}
        self.dependent_schemas: dict[str, Schema] = {}
        self.dependent_required: dict[str, list[str]] = {}
        self.anchors: dict[str, Schema] = {}
        self.resource: Schema = self
