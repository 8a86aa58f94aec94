"""Whether a file is a Compose file, by its name and by a look at its bytes that costs no parsing."""

from __future__ import annotations

import codecs
import re

from scanner.core.patterns import late

_NAME = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]+)?\.(?:ya?ml|json)\Z", re.IGNORECASE)
_QUOTE = rb"[\"']?"
# A top-level mapping: a brace, or a line further in that is no list item.
_MAPPING = rb"[ \t]*(?:\{|(?:[&!][^\s]+[ \t]*)?(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#-])"
_SERVICES = late(rb"^" + _QUOTE + rb"services" + _QUOTE + rb"[ \t]*:" + _MAPPING, re.MULTILINE)
_JSON_SERVICES = late(rb"\A\s*\{(?s:.*)\"services\"\s*:\s*\{")
_INCLUDE = late(rb"^" + _QUOTE + rb"include" + _QUOTE + rb"[ \t]*:", re.MULTILINE)
_ATTRIBUTE = late(
    rb"(?:^[ \t]+|[{,][ \t]*)" + _QUOTE + rb"(?:image|build|extends|container_name|depends_on|env_file|healthcheck"
    rb"|ports|environment|deploy|networks|command|restart|profiles)" + _QUOTE + rb"[ \t]*:",
    re.MULTILINE,
)
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
        return _ATTRIBUTE.search(data) is not None and not _is_manifest(data)
    if b"include" in data and _INCLUDE.search(data):
        return not _is_manifest(data) and _PIPELINE.search(data) is None
    return False


def has_include(data: bytes) -> bool:
    """Whether a Compose file may include others."""
    return b"include" in data


def _is_manifest(data: bytes) -> bool:
    return all(pattern.search(data) for pattern in _MANIFEST)
