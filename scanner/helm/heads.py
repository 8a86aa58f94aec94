"""The head of a manifest: what Helm wants to know of a rendered document."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from scanner.helm.go_decoding import scalar_text
from scanner.helm.head_skim import head_of
from scanner.helm.yaml_errors import YamlError
from scanner.helm.yaml_raw import raw_document
from scanner.helm.yaml_values import type_mismatch

_METADATA = (
    'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }'  # Go's own name
)


_LARGE = 4_000
"""Characters; of a longer document only the head is built, where that is enough."""


class Head(NamedTuple):
    """apiVersion, kind, metadata.name and metadata.annotations; '' and {} where they are missing."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    annotations: Mapping[str, str] = MappingProxyType({})


def read_head(text: str) -> Head:
    """The head of a document. Raises YamlError, with Go's text, for one that is no YAML or no mapping of texts."""
    if len(text) > _LARGE:
        text = head_of(text) or text
    try:
        document = raw_document(text)
    except YamlError as error:
        message = f"error converting YAML to JSON: {error.message}"
        raise YamlError(message, error.line, error.column) from None
    if document is None:
        return Head()
    if not isinstance(document, dict):
        raise type_mismatch(document, "releaseutil.SimpleHead")
    return _Decoding().head(document)


class _Decoding:
    """Goes on behind a value that does not fit, as encoding/json does, and keeps the first."""

    def __init__(self) -> None:
        self.problem = ""

    def head(self, document: dict[str, Any]) -> Head:
        found = self.texts(document, "", ("apiVersion", "kind", "metadata"))
        metadata = found.get("metadata", {})
        name, annotations = metadata.get("name", ""), metadata.get("annotations") or {}
        head = Head(found.get("apiVersion", ""), found.get("kind", ""), name, annotations)
        if self.problem:
            raise YamlError(f"error unmarshaling JSON: while decoding JSON: {self.problem}")
        return head

    def texts(self, mapping: dict[str, Any], prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        folded = {name.lower(): name for name in names}
        for key in sorted(mapping):
            name = folded.get(key.lower())
            value = mapping[key]
            if name is None or value is None:
                continue
            path = f"{prefix}{name}"
            if name == "metadata":
                if isinstance(value, dict):
                    found[name] = {**found.get(name, {}), **self.texts(value, "metadata.", ("name", "annotations"))}
                else:
                    self.misfit(value, path, _METADATA)
            elif name == "annotations":
                if isinstance(value, dict):
                    annotations = {each: self.text(item, path) for each, item in value.items()}
                    found[name] = {**found.get(name, {}), **annotations}
                else:
                    self.misfit(value, path, "map[string]string")
            else:
                found[name] = self.text(value, path)
        return found

    def text(self, value: Any, path: str) -> str:
        """A text; numbers and booleans become one."""
        if value is None:
            return ""
        text = scalar_text(value)
        if text is None:
            self.misfit(value, path, "string")
            return ""
        return text

    def misfit(self, value: Any, path: str, go_type: str) -> None:
        kind = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else ""
        kind = kind or ("string" if isinstance(value, str) else "bool" if isinstance(value, bool) else "number")
        if not self.problem:
            struct = "" if path.startswith("metadata.") else "SimpleHead"  # the struct within has no name
            self.problem = f"json: cannot unmarshal {kind} into Go struct field {struct}.{path} of type {go_type}"
