"""From a collected row to a record: CloudFormation's names, plain values, tags, name, ARN, and no secret in it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from scanner.aws.declaration import NAME_TAG, ResourceType
from scanner.aws.models import EVERY_KEY, as_data
from scanner.aws.redaction import Judged, masked, masked_name, redact
from scanner.aws.snapshot import Record, UnknownFact, Verdict
from scanner.core.route import Route, format_route

Names = Mapping[str, Any]
"""Renames as a tree: the collected key → (new name or None, the tree inside); `[]` for the elements of a list."""

_TAG_KEYS = ("Key", "key", "TagKey", "tagKey")
_TAG_VALUES = ("Value", "value", "TagValue", "tagValue")
_PAIR_KEYS = (*_TAG_KEYS, "Name", "name")
_NO_NAMES: Names = {}
TAGS_PROPERTY = "Tags"
"""The key under which `unknown` says that the tags of a resource could not be had."""
REGION = "Region"
"""The key under which `unknown` says that the region of a resource could not be had."""


@lru_cache(maxsize=4096)
def compiled(path: str) -> Any:
    """The compiled JMESPath: jmespath's own store is too small for all declarations."""
    import jmespath

    return jmespath.compile(path)


def search(path: str, value: Any) -> Any:
    """What `path` finds in `value`."""
    return compiled(path).search(value)


@lru_cache(maxsize=512)
def fields(path: str) -> tuple[str, ...]:
    """The names of fields in a path, at whatever depth; none in the empty path."""
    if not path:
        return ()
    found: list[str] = []
    waiting = [compiled(path).parsed]
    while waiting:
        node = waiting.pop(0)
        if node["type"] == "field":
            found.append(node["value"])
        waiting += node["children"]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=512)
def _names(items: tuple[tuple[str, str], ...]) -> Names:
    tree: dict[str, Any] = {}
    for path, new in items:
        steps = path.replace("[]", ".[]").split(".")
        here = tree
        for step in steps[:-1]:
            entry = here.setdefault(step, [None, {}])
            here = entry[1]
        here.setdefault(steps[-1], [None, {}])[0] = new
    return tree


def names_of(kind: ResourceType) -> Names:
    """The renames of a type as a tree."""
    return _names(tuple(kind.rename.items()))


def id_of(kind: ResourceType, row: Mapping[str, Any], account: str, region: str) -> str:
    """The id of a row; of a setting of the account, which has none, account/region."""
    found = search(kind.id, row) if kind.id else None
    return f"{account}/{region}" if found is None else str(found)


def own_name(kind: ResourceType, row: Mapping[str, Any], tags: Mapping[str, str], identity: str) -> str:
    """The name of a row by itself: by its path or its tag, else its id, of an ARN the last part."""
    found = tags.get("Name") if kind.name == NAME_TAG else search(kind.name, row) if kind.name else None
    if found is not None and found != "":
        return str(found)
    if identity.startswith("arn:") or "://" in identity:
        return identity.rsplit("/" if "/" in identity else ":", 1)[-1]
    return identity


def tags_of(kind: ResourceType, row: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a row as a map, with the secrets in them masked."""
    found = search(kind.tags, row) if kind.tags else None
    if isinstance(found, dict):
        pairs = [(str(key), found[key]) for key in found]
    elif isinstance(found, list):
        pairs = [(_first(each, _TAG_KEYS), _first(each, _TAG_VALUES)) for each in found if isinstance(each, dict)]
    else:
        return {}
    return {masked_name(key): masked("" if value is None else str(value), key)[0] for key, value in sorted(pairs)}


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(entry[key]) for key in keys if entry.get(key) is not None), "")


def make_record(
    kind: ResourceType,
    row: dict[str, Any],
    place: tuple[str, str, str],
    parent: tuple[str, str],
    unknown: Mapping[str, UnknownFact],
) -> Record:
    """The record of a finished row, which is changed. `place` is partition, account, region; `parent` id and name.

    `unknown` has the row's keys; in the record it has CloudFormation's names.
    """
    partition, account, region = place
    tags = tags_of(kind, row)
    identity = id_of(kind, row, account, region)
    name = own_name(kind, row, tags, identity)
    if kind.each and not kind.own_name:
        name = f"{parent[1]}/{name}"
    if kind.arn.startswith("arn:"):
        arn = kind.arn.format(
            partition=partition,
            account=account,
            region=region,
            id=identity,
            bare_id=identity.lstrip("/"),
            parent_id=parent[0],
        )
    else:
        arn = str(search(kind.arn, row) or "")
    for path in kind.json:
        _parse(row, path)
    for path in kind.redact:
        redact(row, path)
    missing = {key: fact for key, fact in unknown.items() if key not in row}
    if kind.keep:
        row = {key: row[key] for key in kind.keep if key in row}
    verdicts: list[Verdict] = []
    properties = _Conversion(verdicts).object(row, names_of(kind), ())
    return {
        "type": kind.type,
        "id": masked_name(identity),
        "name": masked_name(name),
        "arn": masked_name(arn),
        "account": account,
        "region": region,
        "tags": tags,
        "properties": properties,
        "unknown": _unknown(kind, missing, properties, tags),
        "secrets": sorted(verdicts, key=lambda each: each["path"]),
    }


def _unknown(
    kind: ResourceType, unknown: Mapping[str, UnknownFact], properties: dict[str, Any], tags: Mapping[str, str]
) -> dict[str, UnknownFact]:
    """The facts that are unknown, by CloudFormation's names, the tags among them; `*` is spelt out where the type says
    what it keeps."""
    named: dict[str, UnknownFact] = {}
    for key, fact in unknown.items():
        if key != EVERY_KEY[0]:
            if not kind.keep or key in kind.keep or key == REGION:
                named[kind.property_name(key)] = fact
        elif kind.keep:
            for name in kind.properties:
                if name not in properties:
                    named.setdefault(name, fact)
        else:
            named[key] = fact
    if not tags:
        of_tags = next((unknown[key] for key in (*fields(kind.tags), *EVERY_KEY) if key in unknown), None)
        if of_tags is not None:
            named[TAGS_PROPERTY] = of_tags
    return named


def _parse(value: Any, path: str) -> None:
    """Parses the JSON texts at `path`, in place; what is no JSON stays a text."""
    head, _, rest = path.partition(".")
    name = head.removesuffix("[]")
    if not isinstance(value, dict) or value.get(name) is None:
        return
    if rest or head.endswith("[]"):
        inner = value[name]
        for index, each in enumerate(inner if head.endswith("[]") and isinstance(inner, list) else [inner]):
            if rest:
                _parse(each, rest)
            else:
                inner[index] = _document(each)
    else:
        value[name] = _document(value[name])


def _document(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return as_data(value)


class _Conversion:
    """Makes plain values with CloudFormation's names, and notes the secrets that it meets."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts

    def object(self, value: Mapping[str, Any], names: Names, route: Route) -> dict[str, Any]:
        """An object: its keys are renamed unless they are data."""
        if isinstance(value, OrderedDict):
            inner = names.get("*", (None, _NO_NAMES))[1] if names else _NO_NAMES
            return {
                masked_name(key): self.text(each, (*route, key), key)
                if isinstance(each, str)
                else self.value(each, inner, (*route, key))
                for key, each in value.items()
            }
        converted = {}
        beside = _pair_name(value)
        for key, each in value.items():
            new, inner = names.get(key, (None, _NO_NAMES)) if names else (None, _NO_NAMES)
            name = new or f"{key[:1].upper()}{key[1:]}"
            if beside and key in _TAG_VALUES and isinstance(each, str):
                converted[name] = self.text(each, (*route, name), beside)
            else:
                converted[name] = self.value(each, inner, (*route, name))
        return converted

    def value(self, value: Any, names: Names, route: Route) -> Any:
        """Any value."""
        if isinstance(value, str):
            return self.text(value, route)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Judged):
            if not value.kind:
                return {"$value": "checked"}
            self.verdicts.append({"path": format_route(route), "kind": value.kind})
            return {"$secret": value.kind}
        if isinstance(value, dict):
            return self.object(value, names, route)
        if isinstance(value, list | tuple):
            inner = names.get("[]", (None, _NO_NAMES))[1] if names else _NO_NAMES
            return [self.value(each, inner, (*route, index)) for index, each in enumerate(value)]
        return self.text(_plain(value), route)

    def text(self, value: str, route: Route, name: str = "") -> str:
        """A text, with the secrets in it masked."""
        kept, kind = masked(value, name)
        if kind:
            self.verdicts.append({"path": format_route(route), "kind": kind})
        return kept


def _pair_name(value: Mapping[str, Any]) -> str:
    """The key of an object that is a tag, a header or the like: a key and its value; '' for any other object."""
    if 2 <= len(value) <= 4:
        for key in _PAIR_KEYS:
            if isinstance(value.get(key), str) and any(name in value for name in _TAG_VALUES):
                return str(value[key])
    return ""


def _plain(value: Any) -> str:
    """Points in time as RFC 3339 in UTC; bytes as the text that they are, else in base64."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat(timespec="seconds" if not moment.microsecond else "microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            import base64

            return base64.b64encode(value).decode()
    return str(value)
