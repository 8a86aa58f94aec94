"""A schema ready for validation, and the drafts of JSON Schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Matcher = Callable[[str], Any]
"""Whether an expression matches anywhere in a text."""

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


class SchemaError(Exception):
    """A schema that cannot be used; the message is the library's."""


def draft_of(url: str) -> int | None:
    """The draft that a `$schema` names; None for a schema of one's own."""
    base, _, fragment = url.partition("#")
    if fragment:
        return None
    return _DRAFTS.get(base.removeprefix("http://").removeprefix("https://"))


class Schema:
    """One schema: what its keywords ask for. None is a keyword that is not there.

    `location` is its URL with the pointer. `resource` is the schema that has its base URL (None: itself); `anchors` are
    the dynamic ones of such a resource. `const` holds its value in a tuple; `pattern` is (expression, matcher), and
    `patterns` has (expression, matcher, schema). An additional_... is a schema or a boolean.
    """

    resource: Schema | None = None
    boolean: bool | None = None
    ref: Schema | None = None
    recursive_ref: Schema | None = None
    recursive_anchor: bool = False
    dynamic_ref: Schema | None = None
    dynamic_ref_anchor: str = ""
    dynamic_anchor: Any = None
    types: tuple[str, ...] = ()
    const: tuple[Any] | None = None
    enum: list[Any] | None = None
    format: str | None = None
    not_schema: Schema | None = None
    if_schema: Schema | None = None
    if_then: Schema | None = None
    if_else: Schema | None = None
    additional_properties: Any = None
    property_names: Schema | None = None
    unevaluated_properties: Schema | None = None
    min_properties: int | None = None
    max_properties: int | None = None
    items: Schema | None = None
    additional_items: Any = None
    contains: Schema | None = None
    min_contains: int | None = None
    max_contains: int | None = None
    unevaluated_items: Schema | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: tuple[str, Matcher] | None = None
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    multiple_of: Any = None

    def __init__(self, location: str, draft: int) -> None:
        self.location = location
        self.draft = draft
        self.anchors: dict[str, Schema] = {}
        self.all_of: list[Schema] = []
        self.any_of: list[Schema] = []
        self.one_of: list[Schema] = []
        self.properties: dict[str, Schema] = {}
        self.patterns: list[tuple[str, Matcher, Schema]] = []
        self.required: list[str] = []
        self.dependencies: dict[str, Any] = {}
        self.dependent_schemas: dict[str, Schema] = {}
        self.dependent_required: dict[str, list[str]] = {}
        self.items_before: list[Schema] = []

    @property
    def names(self) -> int:
        """How many names and values are looked at one by one for each value."""
        held = (self.required, self.enum or (), self.dependencies, self.dependent_schemas, self.dependent_required)
        return sum(map(len, held))
