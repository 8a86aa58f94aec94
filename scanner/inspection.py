"""What rules see of an input: its resources and the subjects of every view, with routes and places, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scanner.config import load_config
from scanner.core.location import Location
from scanner.core.resource import Resource, Subject
from scanner.core.result import NotScanned
from scanner.core.route import format_route
from scanner.core.secrets import find_secrets, secret_spans
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import VIEWS
from scanner.discovery import walk
from scanner.evaluate import secret_texts, stored_secrets
from scanner.loading import Loader, load
from scanner.scan import common_folder, find_scan_root

ALL_VIEWS = frozenset(name for name, view in VIEWS.items() if view.subject)


def inspect(
    paths: Sequence[Path], config: Path | None = None, stdin: Callable[[], bytes] | None = None
) -> tuple[dict[str, Any], frozenset[str]]:
    """`{"resources": [...], "not_scanned": [...]}` of everything below `paths`, and the secrets in it, unmasked.

    A value that is not known is `{"unknown": reason, "kind": kind}`; a text known in part is `{"parts": [...]}`.
    """
    targets = [path for path in paths if str(path) != "-"]
    folders, root = find_scan_root(targets)
    found = walk(targets, root, load_config(common_folder(folders), root, config), nested=config is None)
    loader = Loader(found, stdin() if stdin else None, lambda *_: None)
    entries: list[tuple[dict[str, Any], list[Subject]]] = []
    secrets: set[str] = set()
    for batch in load(loader):
        for resource, subjects in batch.subjects(ALL_VIEWS):
            entries.append(_entry(resource, subjects, secrets))
    entries += [_entry(resource, subjects, secrets) for resource, subjects in loader.closing(ALL_VIEWS)]
    for entry, subjects in entries:
        # Relations are complete only now; where subjects have them already, they stay.
        for described, subject in zip(entry["subjects"], subjects, strict=True):
            described["attributes"] |= {key: _plain(value) for key, value in _relations(loader, subject).items()}
    return {
        "resources": [entry for entry, _ in entries],
        "not_scanned": [_not_scanned(each) for each in dict.fromkeys(found.not_scanned)],
    }, frozenset(secrets)


def _relations(loader: Loader, subject: Subject) -> dict[str, Any]:
    return loader.relations(subject) if subject.resource.target == "kubernetes" else {}


def _entry(resource: Resource, subjects: Iterable[Subject], secrets: set[str]) -> tuple[dict[str, Any], list[Subject]]:
    kept = list(subjects)
    secrets.update(stored_secrets(resource))
    secrets.update(_secrets_in(resource.attributes))
    for subject in kept:
        secrets.update(secret_texts(subject))
    described = {
        "type": resource.type,
        "name": resource.name,
        "namespace": resource.namespace,
        "target": resource.target,
        **({"id": resource.id, "account": resource.account, "region": resource.region} if resource.account else {}),
        "location": _location(resource.origin.locate(()).location),
        "attributes": _plain(resource.attributes),
        "subjects": [_subject(subject) for subject in kept],
    }
    return described, kept


def _secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """Secrets anywhere in attributes: no view shows what is not judged, but here it is printed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secrets_in(inner, str(key))
    elif isinstance(value, str):
        yield from (value[secret.start : secret.end] for secret in secret_spans(name, value))
    elif isinstance(value, list):
        words = " ".join(item for item in value if isinstance(item, str))  # a command and its flags
        yield from (words[secret.start : secret.end] for secret in find_secrets(words))
        for item in value:
            yield from _secrets_in(item, name)


def _subject(subject: Subject) -> dict[str, Any]:
    locate = subject.resource.origin.locate
    places = {}
    for attribute in ("", *VIEWS[subject.view].attributes):
        if attribute and (attribute not in subject.values or VIEWS[subject.view].attributes[attribute].relation):
            continue
        route = subject.route_of(attribute)
        places[attribute] = {"route": format_route(route), **_location(locate(route).location)}
    return {
        "view": subject.view,
        "key": subject.key,
        "attributes": _plain(subject.values),
        "places": places,
    }


def _location(location: Location) -> dict[str, Any]:
    return {"path": location.path, "line": location.line, "column": location.column}


def _not_scanned(entry: NotScanned) -> dict[str, Any]:
    return {"path": entry.path, "line": entry.line, "reason": entry.reason, "hint": entry.hint}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple) and not isinstance(value, PartialText):
        return [_plain(inner) for inner in value]
    if isinstance(value, Unknown):
        return {"unknown": value.reason, "kind": value.kind}
    if isinstance(value, PartialText):
        return {"parts": [_plain(part) for part in value.parts]}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)  # JSON has no such numbers
    return value
