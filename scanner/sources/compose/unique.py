"""Lists in which a later item replaces an earlier one: ports by address, volumes by target, variables by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from scanner.sources.compose.context import Context
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, cut, is_open
from scanner.sources.compose.volumes import parse_volume

_UNIQUE_SECTIONS = ("services", "networks")


def enforce_unicity(project: Node, schema: Spec, context: Context) -> Node:
    """`project` with one item a key in every list that has keys: the last item, at the place of the first."""
    value = dict(project.value)
    for section in _UNIQUE_SECTIONS:
        if section in value:
            value[section] = _walk(value[section], (schema.fields or {})[section], context)
    return project.replaced(value)


def _walk(node: Node, spec: Spec, context: Context) -> Node:
    value = node.value
    if value.__class__ is dict:
        fields = spec.fields or {}
        changed = None
        for key, child in value.items():
            inner = fields.get(key) or spec.entries
            if inner is None or child.value.__class__ not in (dict, list) or key == "pre_start":
                continue
            walked = _walk(child, inner, context)
            if walked is not child:
                changed = dict(value) if changed is None else changed
                changed[key] = walked
        return node if changed is None else node.replaced(changed)
    if value.__class__ is list and spec.unique:
        kept = drop_repeated(value, spec.unique, context)
        return node if len(kept) == len(value) else node.replaced(kept)
    return node


def drop_repeated(items: list[Node], index: str, context: Context) -> list[Node]:
    """One item a key: the last, at the place of the first."""
    key_of = _INDEXES[index]
    result: list[Node] = []
    places: dict[Hashable, int] = {}
    for item in items:
        try:
            key = key_of(item)
        except ValueError as error:
            context.reject(str(error), item)
            key = id(item)
        if key in places:
            result[places[key]] = item
        else:
            places[key] = len(result)
            result.append(item)
    return result


def _key(item: Node) -> Hashable:
    if not isinstance(item.value, str) and not is_open(item.value):
        raise ValueError("must be a text")
    key = cut(item.value, "=")[0]
    return key if isinstance(key, str) else id(item)


def _typed(node: Node | None) -> Hashable:
    if node is None or isinstance(node.value, dict | list) or is_open(node.value):
        return id(node)
    return (node.value.__class__, node.value)


def _target(item: Node) -> Hashable:
    if item.value.__class__ is dict:
        target = item.get("target")
        if target is None or not (isinstance(target.value, str) or is_open(target.value)):
            raise ValueError("a volume needs a target")
        return target.value if isinstance(target.value, str) else id(item)
    if isinstance(item.value, str):
        return str(parse_volume(item.value).get("target", ""))
    return id(item) if is_open(item.value) else ""


def _device(item: Node) -> Hashable:
    if item.value.__class__ is dict:
        target = item.get("target")
        if target is None or not (isinstance(target.value, str) or is_open(target.value)):
            raise ValueError("a device needs a target")
        return target.value if isinstance(target.value, str) else id(item)
    if isinstance(item.value, str):
        parts = item.value.split(":")
        return parts[0] if len(parts) == 1 else parts[1]
    return id(item) if is_open(item.value) else ""


def _expose(item: Node) -> Hashable:
    if isinstance(item.value, str) or (isinstance(item.value, int) and not isinstance(item.value, bool)):
        return str(item.value)
    if is_open(item.value):
        return id(item)
    raise ValueError("must be a port")


def _mount(folder: str) -> Callable[[Node], Hashable]:
    def key(item: Node) -> Hashable:
        if isinstance(item.value, str):
            return f"{folder}/{item.value}"
        if item.value.__class__ is not dict:
            if is_open(item.value):
                return id(item)
            raise ValueError("must be a name or a mapping")
        target = item.get("target")
        if target is not None:
            if isinstance(target.value, str):
                return target.value
            if is_open(target.value):
                return id(item)
            raise ValueError("target must be a text")
        source = item.get("source")
        return f"{folder}/{source.value}" if source is not None and isinstance(source.value, str) else id(item)

    return key


def _port(item: Node) -> Hashable:
    value = item.value
    if value.__class__ is not dict:
        return id(item) if is_open(value) else str(value) if isinstance(value, str | int) else ""
    if "target" not in value:
        raise ValueError("a port needs a target")
    host, protocol = item.get("host_ip"), item.get("protocol")
    return (
        _typed(host) if host else (str, "0.0.0.0"),  # noqa: S104 (the address that Compose assumes)
        _typed(item.get("published")) if "published" in value else None,
        _typed(item.get("target")),
        _typed(protocol) if protocol else (str, "tcp"),
    )


def _env_file(item: Node) -> Hashable:
    if item.value.__class__ is dict:
        path = item.get("path")
        if path is None:
            raise ValueError("an env_file needs a path")
        return path.value if isinstance(path.value, str) else id(item)
    return item.value if isinstance(item.value, str) else id(item) if is_open(item.value) else ""


_INDEXES: dict[str, Callable[[Node], Hashable]] = {
    "key": _key,
    "target": _target,
    "device": _device,
    "expose": _expose,
    "config": _mount(""),
    "secret": _mount("/run/secrets"),
    "port": _port,
    "env_file": _env_file,
}
INDEXES = frozenset(_INDEXES)
"""The names that `Spec.unique` may hold."""
