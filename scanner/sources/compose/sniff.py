"""Whether a file is a Compose file, by its name and by a look at its bytes; only what is written oddly is parsed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Any

from scanner.core.patterns import late

_NAME = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]+)?\.(?:ya?ml|json)\Z", re.IGNORECASE)
_QUOTE = rb"[\"']?"
# A top-level mapping: a brace, or a line further in that is no list item.
_MAPPING = rb"[ \t]*(?:\{|(?:[&!][^\s]+[ \t]*)?(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#-])"
_SERVICES = late(rb"^" + _QUOTE + rb"services" + _QUOTE + rb"[ \t]*:" + _MAPPING, re.MULTILINE)
_JSON_SERVICES = late(rb"\A\s*\{(?s:.*)\"services\"\s*:\s*\{")
_INCLUDE = late(rb"^" + _QUOTE + rb"include" + _QUOTE + rb"[ \t]*:", re.MULTILINE)
_ATTRIBUTES = (
    *("image", "build", "extends", "container_name", "depends_on", "env_file", "healthcheck", "ports", "environment"),
    *("deploy", "networks", "command", "restart", "profiles"),
)
_ATTRIBUTE = late(
    rb"(?:^[ \t]+|[{,][ \t]*)" + _QUOTE + b"(?:" + "|".join(_ATTRIBUTES).encode() + b")" + _QUOTE + rb"[ \t]*:",
    re.MULTILINE,
)
_TOP = frozenset({"name", "version", "include", "services", "networks", "volumes", "secrets", "configs", "models"})
_MANIFEST = (
    late(rb"(?:^|[{,])[ \t]*" + _QUOTE + rb"apiVersion" + _QUOTE + rb"[ \t]*:", re.MULTILINE),
    late(rb"(?:^|[{,])[ \t]*" + _QUOTE + rb"kind" + _QUOTE + rb"[ \t]*:", re.MULTILINE),
)
# What GitLab's pipelines, which have a top-level include too, have and Compose has not.
_PIPELINE = late(
    rb"^(?:stages|workflow|variables|default)[ \t]*:"
    rb"|^[ \t]+(?:- )?(?:script|local|template|project|remote|component|stage)[ \t]*:",
    re.MULTILINE,
)
# A key `services` that stands elsewhere than at the beginning of a line, or has marks before it; keys that are marked
# as such, or are an alias; escapes of letters, which could spell any key.
_ODD = late(
    rb"(?:^|[{,\r])[ \t]*(?:---[ \t]+)?(?:(?:&[^\s,]{1,100}|![^\s]{0,60})[ \t]+){0,3}"
    + _QUOTE
    + rb"services"
    + _QUOTE
    + rb"[ \t]*:"
    rb"|^[ \t]*(?:---[ \t]+)?(?:\?[ \t]|\*[^\s]+[ \t]+:)"
    rb"|\\(?:x|u00|U000000)(?:4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])",
    re.MULTILINE,
)


def is_compose_name(name: str) -> bool:
    """Whether a file of this name is meant for Compose: `compose.yaml`, `docker-compose.prod.yml`, ..."""
    return _NAME.match(name) is not None


def looks_like_compose(data: bytes) -> bool:
    """Whether the bytes look like a Compose file: a top-level mapping `services` with attributes of Compose, or a
    top-level `include` that is not a pipeline's. Kubernetes manifests do not."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"services" in data and (_SERVICES.search(data) or _JSON_SERVICES.match(data)):
        if _ATTRIBUTE.search(data) is not None and not _is_manifest(data):
            return True
    elif b"include" in data and _INCLUDE.search(data):
        return not _is_manifest(data) and (_PIPELINE.search(data) is None or _is_read_as_compose(data))
    return (b"services" in data or b"\\" in data) and _ODD.search(data) is not None and _is_read_as_compose(data)


def _is_read_as_compose(data: bytes) -> bool:
    """The same, once the file is parsed: True as well for one that is too large for that."""
    from scanner.core.errors import SourceError
    from scanner.core.scalars import COMPOSE
    from scanner.core.yaml_reader import MAX_BYTES, read_yaml

    if len(data) > MAX_BYTES:
        return True
    try:
        documents = read_yaml(data, "", COMPOSE, duplicate_keys="last")
    except SourceError:
        return False
    values = [document.value for document in documents if isinstance(document.value, dict)]
    values = [value for value in values if not {"apiVersion", "kind"} <= value.keys()]
    return any(_has_services(value) or _only_includes(value) for value in values)


def _has_services(value: dict[str, Any]) -> bool:
    services = value.get("services")
    return isinstance(services, dict) and any(
        isinstance(service, dict) and not service.keys().isdisjoint(_ATTRIBUTES) for service in services.values()
    )


def _only_includes(value: dict[str, Any]) -> bool:
    """Whether a file includes others as Compose does, and has no key at its top that Compose has not."""
    include = value.get("include")
    entries = include if isinstance(include, list) else []
    known = all(isinstance(key, str) and (key in _TOP or key.startswith("x-")) for key in value)
    known = known and isinstance(value.get("services", {}), dict)
    return known and bool(entries) and all(isinstance(entry, str) or "path" in _keys(entry) for entry in entries)


def _keys(value: Any) -> Iterable[Any]:
    return value.keys() if isinstance(value, dict) else ()


def has_include(data: bytes) -> bool:
    """Whether a Compose file may include others."""
    return b"include" in data


def _is_manifest(data: bytes) -> bool:
    return all(pattern.search(data) for pattern in _MANIFEST)
