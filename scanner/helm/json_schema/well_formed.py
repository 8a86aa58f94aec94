"""Whether a schema plainly follows its metaschema, so that nobody has to ask the metaschema itself."""

from __future__ import annotations

import re
from typing import Any

from scanner.helm.json_schema.compiled import TYPES
from scanner.helm.json_schema.document import equal, is_integer
from scanner.helm.json_schema.patterns import is_pattern

_PLAIN_REFERENCE = re.compile(r"[A-Za-z0-9:/._#$%+~?=&,;@!()*'-]+")
_KINDS = {
    "schema": "not additionalProperties additionalItems propertyNames contains if then else unevaluatedItems "
    "unevaluatedProperties contentSchema",
    "schemas": "allOf anyOf oneOf prefixItems",
    "named": "definitions $defs properties dependentSchemas",
    "patterns": "patternProperties",
    "text": "title description $comment format contentMediaType contentEncoding",
    "boolean": "uniqueItems readOnly writeOnly deprecated $recursiveAnchor",
    "count": "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
    "number": "maximum minimum",
    "exclusive": "exclusiveMaximum exclusiveMinimum",
    "reference": "$ref id $schema $dynamicRef $recursiveRef",
    "anything": "default const",
}
_SELF = "items type required pattern multipleOf dependencies examples enum"
_KEYWORDS = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_KEYWORDS |= {name: name for name in _SELF.split()}
_DOUBTFUL = {"$id", "$anchor", "$dynamicAnchor", "$vocabulary", "dependentRequired"}


def is_well_formed(document: Any, draft: int) -> bool:
    """True where every keyword has a value of the right kind. False means no more than a doubt."""
    stack = [document]
    while stack:
        schema = stack.pop()
        if isinstance(schema, bool):
            if draft == 4:
                return False
            continue
        if not isinstance(schema, dict):
            return False
        for name, value in schema.items():
            kind = _KEYWORDS.get(name)
            if kind is None:
                if name in _DOUBTFUL and not (name == "$id" and _is_plain_identity(value)):
                    return False
                continue
            parts = _parts(kind, value, draft) if kind in _NESTED else ([] if _fits(kind, value, draft) else None)
            if parts is None:
                return False
            stack += parts
    return True


def _is_plain_identity(value: Any) -> bool:
    return isinstance(value, str) and _PLAIN_REFERENCE.fullmatch(value) is not None and "#" not in value[:-1]


_NESTED = {"schema", "schemas", "named", "patterns", "items", "dependencies"}


def _parts(kind: str, value: Any, draft: int) -> list[Any] | None:
    """The schemas that a keyword holds; None where it holds something else."""
    if kind == "schema":
        return [] if isinstance(value, bool) else [value]
    if kind == "schemas":
        return value if isinstance(value, list) and value else None
    if kind == "items":
        if isinstance(value, list):
            return value if value and draft < 2020 else None
        return [value]
    if not isinstance(value, dict):
        return None
    if kind == "patterns" and not all(map(is_pattern, value)):
        return None
    if kind == "dependencies":
        lists = [item for item in value.values() if isinstance(item, list)]
        if not all(_fits("required", item, draft) for item in lists):
            return None
        return [item for item in value.values() if not isinstance(item, list)]
    return list(value.values())


def _fits(kind: str, value: Any, draft: int) -> bool:
    """Whether the value of a keyword without schemas is of its kind."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "anything":
        return True
    if kind in ("text", "pattern", "reference"):
        if not isinstance(value, str):
            return False
        if kind == "pattern":
            return is_pattern(value)
        return kind == "text" or _PLAIN_REFERENCE.fullmatch(value) is not None
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "exclusive" and draft == 4:
        return isinstance(value, bool)
    if kind in ("count", "number", "exclusive", "multipleOf"):
        if not is_number:
            return False
        if kind == "count":
            return is_integer(value) and value >= 0
        return kind != "multipleOf" or value > 0
    return _fits_list(kind, value, draft)


def _fits_list(kind: str, value: Any, draft: int) -> bool:
    if kind == "type" and isinstance(value, str):
        return value in TYPES
    if not isinstance(value, list):
        return False
    if kind == "examples":
        return True
    if kind == "enum":
        return draft > 7 or (bool(value) and _is_unique(value))
    if not all(isinstance(item, str) for item in value) or len(set(value)) != len(value):
        return False
    if kind == "type":
        return bool(value) and all(item in TYPES for item in value)
    return bool(value) or draft > 4


def _is_unique(items: list[Any]) -> bool:
    return not any(equal(item, other) for index, item in enumerate(items) for other in items[:index])
