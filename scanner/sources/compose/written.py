"""What a service's texts say by themselves, without the values that variables bring from elsewhere.

A password that `.env` holds is no secret of the Compose file: it is one of `.env`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.core.document import Mark
from scanner.core.errors import SourceError
from scanner.core.unknown import PartialText
from scanner.sources.compose.context import Context
from scanner.sources.compose.interpolation import Known, TemplateError, substitute_known
from scanner.sources.compose.labels import read_entries
from scanner.sources.compose.paths import joined
from scanner.sources.compose.tree import Node, implied

ATTRIBUTE = "x_written"
"""Added to services: those of the keys below that variables filled, with a reference in the place of each value."""

VARIABLE_FILES = "x_variable_file_entries"
"""Added to projects: what `.env`, or the files in its place, set: {name, value, path}, one entry a variable."""

_REFERENCE = "${_}"
KEYS = ("environment", "command", "entrypoint", "healthcheck", "labels", "annotations", "build", "logging")


def with_written(service: Node, context: Context) -> Node:
    """`service` with what its texts say where no variable has a value; defaults count. What stays unknown is left."""
    texts = _Texts(context)
    changed: dict[str, Node] = {}
    for key in KEYS:
        node = service.get(key)
        if node is not None:
            plain = texts.of(node, key)
            if plain is not node:
                changed[key] = plain
    if not changed:
        return service
    return service.replaced({**service.value, ATTRIBUTE: service.item(changed)})


def with_variable_files(tree: Node, paths: Sequence[str], context: Context) -> Node:
    """The project with what its variable files set; without `paths` that is `.env`. What cannot be read was reported
    where its variables were needed."""
    entries: list[Node] = []
    for path in paths or [joined(context.cwd, ".env")]:
        if not context.files.exists(path):
            continue
        shown = context.files.display(path)
        try:
            found = read_entries(path, lambda _: None, context)
        except SourceError:
            continue
        for entry in found:
            if entry.value is not None:
                value = Node(entry.value, shown, entry.span)
                body = {"name": implied(entry.name), "value": value, "path": implied(shown)}
                entries.append(Node(body, shown, entry.span))
    return tree.replaced({**tree.value, VARIABLE_FILES: Node(entries)}) if entries else tree


class _Texts:
    def __init__(self, context: Context) -> None:
        self.files = {
            document.path: document.source.text for found in context.files.parsed.values() for document in found
        }

    def of(self, node: Node, name: str) -> Node:
        """`node` with every text as it is written; `node` itself where that is no difference."""
        value = node.value
        if value.__class__ is dict:
            entries = {key: self.of(child, key) for key, child in value.items()}
            return node if _same(entries, value) else node.replaced(entries)
        if value.__class__ is list:
            items = [self.of(child, name) for child in value]
            same = all(after is before for after, before in zip(items, value, strict=True))
            return node if same else node.replaced(items)
        if isinstance(value, str):
            written = self._written(node, value, name)
            return node if written == value else node.replaced(written)
        return node

    def _written(self, node: Node, value: str, name: str) -> str:
        mark = node.mark
        if not isinstance(mark, Mark) or mark.items is not None or node.file not in self.files:
            return value
        source = self.files[node.file][mark.start.index : mark.end.index].strip()
        if "$" not in source:
            return value
        if source[:1] in "\"'" and source[:1] == source[-1:]:
            source = source[1:-1]
        try:
            whole = _with_references(substitute_known(source.removeprefix(f"{name}="), lambda _: None))
        except TemplateError:
            return value  # said where the file was read
        if len(whole.split()) == len(value.split()):
            return whole
        # One word of many: a default wrote it, or a variable brought it.
        return value if value in whole else _REFERENCE


def _with_references(value: Known) -> str:
    parts = value.parts if isinstance(value, PartialText) else (value,)
    return "".join(part if isinstance(part, str) else _REFERENCE for part in parts)


def _same(entries: Mapping[str, Node], others: Mapping[str, Node]) -> bool:
    return all(child is others[key] for key, child in entries.items())
