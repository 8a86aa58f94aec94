"""The published metaschemas, by their URLs, and whether a schema follows its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from scanner.helm.json_schema.compiled import LATEST, METASCHEMAS, Schema, SchemaError, draft_of
from scanner.helm.json_schema.compiler import OWN_URL, Compiler
from scanner.helm.json_schema.document import read_json
from scanner.helm.json_schema.validation import described, problems
from scanner.template.printing import quote

_FOLDERS = {4: "draft4", 6: "draft6", 7: "draft7", 2019: "draft201909", 2020: "draft202012"}

_ENUM = {"type": "array", "items": True, "minItems": 1, "uniqueItems": True}
_OWN_RULES: dict[int, dict[str, Any]] = {
    4: {"$ref": {"type": "string"}, "$schema": {"type": "string", "format": "uri"}},
    6: {"enum": _ENUM, "examples": {}, "patternProperties": {"type": "object", "additionalProperties": {"$ref": "#"}}},
    7: {"enum": _ENUM, "writeOnly": {"type": "boolean"}},
}
"""Where the library's metaschemas differ from the published ones."""


def metaschema(url: str) -> Any:
    """The document of a metaschema, or of a vocabulary; None for another URL."""
    from importlib.resources import files

    folder = files("jsonschema_specifications") / "schemas"
    for draft, root in METASCHEMAS.items():
        if url == root:
            document = read_json((folder / _FOLDERS[draft] / "metaschema.json").read_text(encoding="utf-8"))
            document["properties"].update(_OWN_RULES.get(draft, {}))
            return document
        base = root.removesuffix("schema") + "meta/"
        name = url.removeprefix(base)
        if draft >= 2019 and name != url and name.replace("-", "").isalpha():
            place = folder / _FOLDERS[draft] / "vocabularies" / name
            return read_json(place.read_text(encoding="utf-8")) if place.is_file() else None
    return None


@cache
def _compiled(draft: int) -> Schema:
    url = METASCHEMAS[draft]
    compiler = Compiler(lambda _: None, asserts_format=True)
    return compiler.compile(metaschema(url), url)


def check_schema(document: Any, warn: Callable[[str], None]) -> None:
    """Raises SchemaError for a schema that its metaschema refuses; one with a metaschema elsewhere is not checked."""
    named = document.get("$schema") if isinstance(document, dict) else None
    draft = draft_of(named) if isinstance(named, str) else LATEST
    if draft is None:
        warn(f"the metaschema {named} is not fetched: its rules are not applied")
        return
    from scanner.helm.json_schema.well_formed import is_well_formed

    if is_well_formed(document, draft):
        return
    found = problems(_compiled(draft), document)
    if found:
        text = described(f"{METASCHEMAS[draft]}#", found)
        raise SchemaError(f"{quote(f'{OWN_URL}#')} is not valid against metaschema: {text}")
