"""`label_file`: labels that a service takes from files, below its own."""

from __future__ import annotations

from scanner.core.errors import SourceError
from scanner.core.location import Location
from scanner.sources.compose.context import Context
from scanner.sources.compose.dotenv import Entry, parse
from scanner.sources.compose.interpolation import Known, substitute, substitute_known
from scanner.sources.compose.paths import joined
from scanner.sources.compose.reading import Lookup
from scanner.sources.compose.tree import Node, is_open


def with_label_files(tree: Node, context: Context) -> Node:
    """`tree` with the labels of all label files of its services and their `pre_start` hooks."""
    services = tree.value["services"]
    changed = {name: _with_hooks(_labelled(service, context), context) for name, service in services.value.items()}
    if all(changed[name] is service for name, service in services.value.items()):
        return tree
    return tree.replaced({**tree.value, "services": services.replaced(changed)})


def _with_hooks(service: Node, context: Context) -> Node:
    hooks = service.get("pre_start")
    if hooks is None or hooks.value.__class__ is not list:
        return service
    items = [_labelled(hook, context) for hook in hooks.value]
    if all(after is before for after, before in zip(items, hooks.value, strict=True)):
        return service
    return service.replaced({**service.value, "pre_start": hooks.replaced(items)})


def _labelled(service: Node, context: Context) -> Node:
    files = service.get("label_file")
    if files is None or files.value.__class__ is not list:
        return service
    found: dict[str, Node] = {}
    for item in files.value:
        if is_open(item.value):
            context.note("which label_file is read depends on a variable without a value", item)
            continue
        path = joined(context.cwd, item.value)

        def lookup(name: str, found: dict[str, Node] = found) -> Known | None:
            return found[name].value if name in found else None

        try:
            entries = read_entries(path, lookup, context)
        except SourceError as error:
            context.reject(f"the label file {item.value}: {error.message}", item, error.hint)
            continue
        shown = context.files.display(path)
        for entry in entries:
            if entry.value is not None:
                found[entry.name] = Node(entry.value, shown, entry.span)
    own = service.get("labels")
    if own is not None and own.value.__class__ is not dict:
        return service  # which labels win is not known
    labels = {**found, **(own.value if own is not None else {})}
    if not labels:
        return service
    return service.replaced({**service.value, "labels": (own or files).replaced(labels)})


def read_entries(path: str, lookup: Lookup, context: Context, *, raw: bool = False) -> list[Entry]:
    """The entries of an env or label file. Raises SourceError."""
    text = context.files.text(path)
    if not context.spend(len(text) // 4):
        raise SourceError("larger than what a scan reads of env files", Location(context.files.display(path)))
    expand = substitute if context.strict else substitute_known
    return parse(text, lookup, raw, context.files.display(path), expand)
