"""Helpers: subjects of manifests in a compact text form, with the places that their attributes lead to."""

from __future__ import annotations

import json
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import format_route
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import VIEWS
from scanner.normalize.kubernetes import Options, subjects
from scanner.sources.kubernetes.manifests import load_manifests

ALL_VIEWS = frozenset(VIEWS)


def load(text: str, options: Options | None = None) -> list[Resource]:
    """The resources of a manifest that has nothing wrong with it."""
    found = load_manifests(text.encode(), "manifest.yaml", options.pod_templates if options else None)
    assert found.not_scanned == []
    return found.resources


def of_view(text: str, view: str, options: Options | None = None) -> list[Subject]:
    """The subjects of one view."""
    return [subject for resource in load(text, options) for subject in subjects(resource, frozenset({view}), options)]


def place(subject: Subject, attribute: str) -> str:
    """`line:column` that a finding about an attribute points to."""
    location = subject.resource.origin.locate(subject.route_of(attribute)).location
    return f"{location.line}:{location.column}"


def plain(value: Any) -> Any:
    """A value in JSON's terms; what is unknown by its kind and reason."""
    if isinstance(value, Unknown):
        return f"<{value.kind}: {value.reason}>"
    if isinstance(value, PartialText):
        return [plain(part) for part in value.parts]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def printed(subject: Subject) -> str:
    """A subject in full: its key and place, then each attribute with its place and route."""
    resource = subject.resource
    lines = [
        f"{resource.type} {resource.namespace}/{resource.name} {subject.view} [{subject.key}] {place(subject, '')}"
    ]
    for attribute, value in subject.values.items():
        shown = plain(value)
        if attribute == "containers" and isinstance(shown, list):
            shown = [item["name"] if isinstance(item, dict) and "name" in item else item for item in shown]
        route = subject.route_of(attribute)
        mark = "" if resource.origin.locate(route).exists else " (absent)"
        text = json.dumps(shown, ensure_ascii=False)
        lines.append(f"  {attribute} = {text} @ {place(subject, attribute)} {format_route(route)}{mark}")
    return "\n".join(lines)
