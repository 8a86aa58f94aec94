"""Compiles a schema document: its references, its keywords by draft. What lies elsewhere is never fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urljoin

from scanner.helm.json_schema.compiled import LATEST, METASCHEMAS, TYPES, Schema, SchemaError, draft_of
from scanner.template.printing import quote

OWN_URL = "file:///values.schema.json"
_ABSENT: Any = object()


class _Resource:
    """A part of a document with a URL of its own, by which references are resolved."""

    def __init__(self, pointer: str, url: str, draft: int) -> None:
        self.pointer = pointer
        self.url = url
        self.draft = draft
        self.anchors: dict[str, str] = {}
        self.dynamic: list[str] = []


class _Document:
    def __init__(self, url: str, value: Any) -> None:
        self.url = url
        self.value = value
        self.resources: dict[str, _Resource] = {}

    def resource_of(self, pointer: str) -> _Resource:
        while pointer not in self.resources and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.resources[pointer]


class Compiler:
    """Compiles one document and those that it refers to: parts of itself, and the published metaschemas.

    `warn` gets a line for every reference that leads elsewhere; such a schema allows everything. `asserts_format` is
    true for metaschemas, whose formats count in every draft.
    """

    def __init__(self, warn: Callable[[str], None], *, asserts_format: bool = False) -> None:
        self.warn = warn
        self.asserts_format = asserts_format
        self.documents: dict[str, _Document] = {}
        self.schemas: dict[tuple[str, str], Schema] = {}
        self.queue: list[tuple[_Document, str, Schema]] = []

    def compile(self, value: Any, url: str = OWN_URL) -> Schema:
        """The schema of a document. Raises SchemaError."""
        document = self.add(url, value)
        schema = self.enqueue(document, "")
        while self.queue:
            where, pointer, waiting = self.queue.pop()
            self.fill(where, pointer, waiting)
        return schema

    def add(self, url: str, value: Any) -> _Document:
        """A document by its URL, with the resources and anchors in it."""
        document = self.documents[url] = _Document(url, value)
        self.collect(document, value, "", url, LATEST)
        return document

    def collect(self, document: _Document, value: Any, pointer: str, base: str, draft: int) -> None:
        """Finds the resources and anchors of a schema and of those in it."""
        stack = [(value, pointer, base, draft)]
        while stack:
            value, pointer, base, draft = stack.pop()
            if not isinstance(value, dict):
                if not pointer:
                    document.resources[""] = _Resource("", base, draft)
                continue
            own = self.draft_named(value) or draft
            name = _identity(value, own)
            if not name and pointer:
                own = draft
                name = _identity(value, own)
            if name:
                base = urljoin(base, name)
            if name or not pointer:
                known = next((each for each in document.resources.values() if each.url == base), None)
                if known is not None and known.pointer != pointer:
                    raise SchemaError(
                        f"duplicate id {quote(base)} in {quote(document.url)}"
                        f" at {quote(pointer)} and {quote(known.pointer)}"
                    )
                if known is None:
                    document.resources[pointer] = _Resource(pointer, base, own)
            resource = next(each for each in document.resources.values() if each.url == base)
            _add_anchors(document, resource, value, pointer)
            stack += [(part, place, base, resource.draft) for place, part in _parts(value, pointer, own)]

    def draft_named(self, value: dict[str, Any]) -> int | None:
        """The draft that a schema's `$schema` names, None without one or for one that is not published."""
        url = value.get("$schema")
        if not isinstance(url, str):
            return None
        draft = draft_of(url)
        if draft is None:
            self.warn(f"the metaschema {url} is not fetched: its rules are not applied")
        return draft

    def enqueue(self, document: _Document, pointer: str) -> Schema:
        """The schema at a pointer, compiled now or later."""
        key = (document.url, pointer)
        if key not in self.schemas:
            schema = Schema(f"{document.url}#{_escaped(pointer)}", LATEST)
            self.schemas[key] = schema
            self.queue.append((document, pointer, schema))
        return self.schemas[key]

    def reference(self, document: _Document, pointer: str, target: str) -> Schema:
        """The schema that a reference at `pointer` means."""
        base = document.resource_of(pointer).url
        url, _, fragment = target.partition("#")
        url = urljoin(base, url) if url else base
        fragment = unquote(fragment)
        for each in [document, *self.documents.values()]:
            resource = each.resources[""] if each.url == url else None
            resource = resource or next((part for part in each.resources.values() if part.url == url), None)
            if resource is not None:
                return self.enqueue(each, self.resolved(each, resource, fragment))
        value = _published(url)
        if value is _ABSENT:
            return self.elsewhere(url)
        other = self.add(url, value)
        return self.enqueue(other, self.resolved(other, other.resources[""], fragment))

    def elsewhere(self, url: str) -> Schema:
        """A schema that is not fetched: true."""
        schema = self.schemas.get((url, ""))
        if schema is None:
            if url.startswith("urn:"):
                self.warn(f"WARNING: unresolved URN reference ignored; using permissive schema: {url}")
            else:
                self.warn(f"the schema {url} is not fetched: it is taken to allow everything")
            schema = self.schemas[url, ""] = Schema(f"{url}#", LATEST)
            schema.boolean = True
        return schema

    def resolved(self, document: _Document, resource: _Resource, fragment: str) -> str:
        """The pointer that a fragment of a resource means."""
        if not fragment or fragment.startswith("/"):
            return resource.pointer + fragment
        if fragment not in resource.anchors:
            raise SchemaError(
                f"anchor in {quote(f'{resource.url}#{fragment}')} not found in schema {quote(document.url)}"
            )
        return resource.anchors[fragment]

    def fill(self, document: _Document, pointer: str, schema: Schema) -> None:
        """Reads one schema of the queue."""
        from scanner.helm.json_schema.keywords import fill

        value = _looked_up(document, pointer)
        if not any(pointer == place for place in document.resources) and isinstance(value, dict):
            resource = document.resource_of(pointer)
            if _identity(value, resource.draft):
                self.collect(document, value, pointer, resource.url, resource.draft)
        resource = document.resource_of(pointer)
        schema.draft = resource.draft
        schema.resource = self.enqueue(document, resource.pointer)
        if pointer == resource.pointer and schema.draft >= LATEST:
            for anchor in resource.dynamic:
                schema.anchors[anchor] = self.enqueue(document, resource.anchors[anchor])
        if isinstance(value, bool):
            schema.boolean = value
        elif isinstance(value, dict):
            if value:
                fill(_Place(self, document, pointer, value), schema)
            else:
                schema.boolean = True


class _Place:
    """A schema's object and where it stands: what the keywords are read from."""

    def __init__(self, compiler: Compiler, document: _Document, pointer: str, value: dict[str, Any]) -> None:
        self.compiler = compiler
        self.document = document
        self.pointer = pointer
        self.value = value

    @property
    def url(self) -> str:
        """Where the schema stands, as messages say it."""
        return f"{self.document.url}#{_escaped(self.pointer)}"

    def schema(self, keyword: str) -> Schema | None:
        """The schema of a keyword, None where it is not there."""
        return self.at(keyword) if keyword in self.value else None

    def at(self, *steps: str) -> Schema:
        """The schema at some steps below."""
        return self.compiler.enqueue(self.document, self.pointer + "".join("/" + _step(step) for step in steps))

    def schemas(self, keyword: str) -> list[Schema]:
        """The schemas of a list."""
        items = self.value.get(keyword)
        return [self.at(keyword, str(index)) for index in range(len(items))] if isinstance(items, list) else []

    def named(self, keyword: str) -> dict[str, Schema]:
        """The schemas of a mapping."""
        entries = self.value.get(keyword)
        return {name: self.at(keyword, name) for name in entries} if isinstance(entries, dict) else {}

    def reference(self, keyword: str) -> Schema | None:
        """The schema that a keyword refers to."""
        target = self.value.get(keyword)
        if not isinstance(target, str):
            return None
        return self.compiler.reference(self.document, self.pointer, target)


def _looked_up(document: _Document, pointer: str) -> Any:
    value = document.value
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isascii() and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise SchemaError(f"json-pointer in {quote(f'{document.url}#{_escaped(pointer)}')} not found")
    return value


def _identity(value: dict[str, Any], draft: int) -> str:
    if draft < 2019 and "$ref" in value:
        return ""
    name = value.get("id" if draft == 4 else "$id")
    return name.partition("#")[0] if isinstance(name, str) else ""


def _add_anchors(document: _Document, resource: _Resource, value: dict[str, Any], pointer: str) -> None:
    names = []
    if resource.draft < 2019:
        name = value.get("id" if resource.draft == 4 else "$id")
        if "$ref" not in value and isinstance(name, str):
            names.append(unquote(name.partition("#")[2]))
    else:
        names += [value["$anchor"]] if isinstance(value.get("$anchor"), str) else []
        if resource.draft >= 2020 and isinstance(value.get("$dynamicAnchor"), str):
            names.append(value["$dynamicAnchor"])
            resource.dynamic.append(names[-1])
    for name in names:
        if not name or name.startswith("/"):
            continue
        before = resource.anchors.setdefault(name, pointer)
        if before != pointer:
            raise SchemaError(
                f"duplicate anchor {quote(name)} in {quote(document.url)} at {quote(before)} and {quote(pointer)}"
            )


_SINGLE = ("not", "additionalProperties", "items", "additionalItems")
_LISTS = ("allOf", "anyOf", "oneOf", "items")
_NAMED = ("definitions", "properties", "patternProperties", "dependencies")


def _parts(value: dict[str, Any], pointer: str, draft: int) -> list[tuple[str, Any]]:
    """The schemas in a schema, with their pointers."""
    single, lists, named = list(_SINGLE), list(_LISTS), list(_NAMED)
    if draft >= 6:
        single += ["propertyNames", "contains"]
    if draft >= 7:
        single += ["if", "then", "else"]
    if draft >= 2019:
        single += ["unevaluatedProperties", "unevaluatedItems", "contentSchema"]
        named += ["$defs", "dependentSchemas"]
    if draft >= 2020:
        lists.append("prefixItems")
    found = [(f"{pointer}/{name}", value[name]) for name in single if name in value]
    for name in lists:
        items = value.get(name)
        if isinstance(items, list):
            found += [(f"{pointer}/{name}/{index}", item) for index, item in enumerate(items)]
    for name in named:
        entries = value.get(name)
        if isinstance(entries, dict):
            found += [(f"{pointer}/{name}/{_step(key)}", item) for key, item in entries.items()]
    return found


def _published(url: str) -> Any:
    """A metaschema by its URL, else _ABSENT."""
    if url.removeprefix("http://").removeprefix("https://").startswith("json-schema.org/"):
        from scanner.helm.json_schema.metaschemas import metaschema

        found = metaschema(METASCHEMAS.get(draft_of(url) or 0, url))
        if found is not None:
            return found
    return _ABSENT


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _escaped(pointer: str) -> str:
    if pointer.replace("/", "").isalnum() and pointer.isascii():
        return pointer
    from urllib.parse import quote as percent

    return percent(pointer, safe="/$&+=:@~")


def known_types(value: Any) -> tuple[str, ...]:
    """The types that `type` names, in the order of messages."""
    names = value if isinstance(value, list) else [value]
    return tuple(name for name in TYPES if name in names)
