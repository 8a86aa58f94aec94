"""The last step: every attribute with the type and form in which Compose prints it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.sources.compose import half_known, scalars
from scanner.sources.compose.context import Context
from scanner.sources.compose.go_values import text_of
from scanner.sources.compose.shell_words import split
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, as_unknown, cut, implied, is_open, plain, prefixed

Entries = dict[str, Node]
Convert = Callable[[Node, Spec, Context], Node | None]


def printed(node: Node, spec: Spec, context: Context) -> Node | None:
    """`node` as Compose prints it; None where Compose leaves it out, as it does with what is empty or zero."""
    if node.value is None and spec.out not in _KEEP_NULL:
        return None
    convert = _OUT.get(spec.out)
    try:
        if convert is not None:
            return convert(node, spec, context)
        if is_open(node.value) and spec.out not in scalars.TEXTUAL:
            return node.replaced(as_unknown(node.value))
        value = scalars.convert(spec.out, node.value)
    except ValueError as error:
        return node.replaced(context.reject(str(error), node))
    return None if value is scalars.OMIT else node if value is node.value else node.replaced(value)


def fields(node: Node, spec: Spec, context: Context) -> Entries:
    """The printed fields of a mapping, in the order of the schema."""
    found: Entries = {}
    value = node.value
    for key, inner in (spec.fields or {}).items():
        child = value.get(key)
        if child is not None:
            result = printed(child, inner, context)
            if result is not None:
                found[key] = result
    return found


def _record(node: Node, spec: Spec, context: Context) -> Node | None:
    if node.value.__class__ is not dict:
        if is_open(node.value):
            return node
        raise ValueError("must be a mapping")
    return node.replaced(fields(node, spec, context))


def _record_with(*always: tuple[str, Any]) -> Convert:
    """A mapping that Compose prints some keys of even where they are empty."""

    def convert(node: Node, spec: Spec, context: Context) -> Node | None:
        result = _record(node, spec, context)
        if result is None or is_open(result.value):
            return result
        missing = {key: implied(value) for key, value in always if key not in result.value}
        return result.replaced({**result.value, **missing})

    return convert


def _bind(node: Node, spec: Spec, context: Context) -> Node | None:
    """How a path is mounted: where no default was filled in, as in `pre_start`, the path is not created."""
    result = _record(node, spec, context)
    if result is None or result.value.__class__ is not dict or "create_host_path" in node.value:
        return result
    return result.replaced({**result.value, "create_host_path": implied(False)})


def _renamed(node: Node, spec: Spec, context: Context) -> Node | None:
    """Devices of `blkio_config`, which Compose prints with capital letters."""
    result = _record(node, spec, context)
    if result is None or is_open(result.value):
        return result
    second = "Rate" if spec.out == "throttle" else "Weight"
    found = {key.capitalize(): child for key, child in result.value.items()}
    return result.replaced({"Path": implied(""), second: implied("0" if second == "Rate" else 0), **found})


def _listing(node: Node, spec: Spec, context: Context) -> Node | None:
    value = node.value
    if value.__class__ is not list:
        if is_open(value):
            return node
        raise ValueError("must be a list")
    if not value:
        return None
    inner = spec.items or spec
    items = [printed(item, inner, context) or item.replaced({}) for item in value]
    return node.replaced(items)


def _table(node: Node, spec: Spec, context: Context) -> Node | None:
    value = node.value
    if value.__class__ is not dict:
        if is_open(value):
            return node
        raise ValueError("must be a mapping")
    if not value:
        return None
    entries = value if spec.out == "dependencies" else extensions_apart(value, context)
    inner = spec.entries or spec
    found = {key: printed(child, inner, context) or child.replaced(None) for key, child in entries.items()}
    return node.replaced(found)


def extensions_apart(entries: Entries, context: Context) -> Entries:
    """Strict: `x-` keys of any mapping gathered under one odd key, as the reference program does; else as they are."""
    if not context.strict or not any(key.startswith("x-") for key in entries):
        return entries
    kept = {key: child for key, child in entries.items() if not key.startswith("x-")}
    return {**kept, "#extensions": Node({key: child for key, child in entries.items() if key.startswith("x-")})}


def _texts(node: Node, _spec: Spec, _context: Context) -> Node | None:
    value = node.value
    if isinstance(value, str) or is_open(value):
        return node.replaced([node.item(value)])
    if value.__class__ is not list:
        raise ValueError("must be a text or a list of texts")
    if not value:
        return None
    return node.replaced([_text_item(item) for item in value])


def _text_item(item: Node) -> Node:
    value = item.value
    if value is None:
        return item.replaced("")
    if isinstance(value, str) or is_open(value):
        return item
    if isinstance(value, int) and not isinstance(value, bool):
        return item.replaced(str(value))
    raise ValueError("must be a text")


def _numbers_as_texts(node: Node, _spec: Spec, _context: Context) -> Node | None:
    if node.value.__class__ is not list or not node.value:
        return None
    return node.replaced([item if is_open(item.value) else item.replaced(text_of(item.value)) for item in node.value])


def _command(node: Node, _spec: Spec, _context: Context) -> Node | None:
    value = node.value
    if value is None:
        return node
    if value.__class__ is list:
        for item in value:
            if not isinstance(item.value, str) and not is_open(item.value):
                raise ValueError("a command's words must be texts")
        return node
    if isinstance(value, str):
        return node.replaced([node.item(word) for word in split(value)])
    if is_open(value):
        try:
            return node.replaced([node.item(word) for word in half_known.parsed(value, split)])
        except ValueError:
            return node.replaced(as_unknown(value))
    return node.replaced(None)


def _health_test(node: Node, _spec: Spec, _context: Context) -> Node | None:
    value = node.value
    if isinstance(value, str) or is_open(value):
        return node.replaced([node.item("CMD-SHELL"), node.item(value)])
    if value.__class__ is not list:
        raise ValueError("healthcheck.test must be a text or a list")
    return node if value else None


def _pairs(node: Node, spec: Spec, context: Context) -> Node | None:
    """A mapping from names to texts, from a mapping or from `name=value` items; the last of a name counts."""
    value = node.value
    nothing: Any = None if spec.out == "environment" else ""
    found: Entries = {}
    if value.__class__ is dict:
        for key, child in extensions_apart(value, context).items():
            found[key] = child if is_open(child.value) else _pair_value(child, nothing)
    elif value.__class__ is list:
        for item in value:
            key, text = cut(item.value if is_open(item.value) else text_of(item.value), "=")
            if not isinstance(key, str):
                context.note("the name in front of = depends on a variable without a value: it is not judged", item)
                continue
            if spec.out == "environment" and key and key.encode("utf-8", "replace")[-1:] in _SPACES:
                raise ValueError(f"the variable {key.strip()} has white space behind its name")
            found[key] = item.replaced(nothing if text is None else text)
    elif is_open(value):
        return node
    else:
        raise ValueError("must be a mapping or a list")
    return node.replaced(found) if found else None


_SPACES = tuple(bytes([code]) for code in b"\t\n\v\f\r \x85\xa0")


def _pair_value(child: Node, nothing: Any) -> Node:
    if child.value is None:
        return child.replaced(nothing)
    return child if child.value.__class__ is str else child.replaced(text_of(plain(child)))


def _options(node: Node, spec: Spec, context: Context) -> Node | None:
    if node.value.__class__ is not dict:
        if is_open(node.value):
            return node
        raise ValueError("must be a mapping")
    return _pairs(node, spec, context)


def _plain_options(node: Node, _spec: Spec, context: Context) -> Node | None:
    """Options that Compose takes only as texts and whole numbers."""
    if node.value.__class__ is not dict:
        raise ValueError("must be a mapping")
    entries = extensions_apart(node.value, context)
    return node.replaced({key: _text_item(child) for key, child in entries.items()}) if entries else None


def _multi_options(node: Node, _spec: Spec, context: Context) -> Node | None:
    if node.value.__class__ is not dict:
        raise ValueError("must be a mapping")
    found = {}
    for key, child in extensions_apart(node.value, context).items():
        items = child.value if child.value.__class__ is list else [child.item(child.value)]
        found[key] = child.replaced(
            [item if is_open(item.value) else item.replaced(text_of(plain(item))) for item in items] or None
        )
    return node.replaced(found) if found else None


def _hosts(node: Node, _spec: Spec, context: Context) -> Node | None:
    """`extra_hosts` as sorted `name=address` items."""
    value = node.value
    found: list[tuple[str, Node]] = []
    hosts: dict[str, list[tuple[str, Node]]] = {}
    if value.__class__ is dict:
        for host, child in extensions_apart(value, context).items():
            if child.value.__class__ is list:
                hosts[host] = [(_address(item), item) for item in child.value]
            elif child.value is None or isinstance(child.value, str) or is_open(child.value):
                hosts[host] = [(_address(child) if child.value is not None else "", child)]
            else:
                raise ValueError("extra_hosts takes texts and lists of texts")
    elif value.__class__ is list:
        for item in value:
            if is_open(item.value):
                found.append(("", item))
                continue
            text = text_of(item.value)
            separator = "=" if "=" in text else ":"
            host, between, address = text.partition(separator)
            if not between:
                raise ValueError(f"the host {text} has no address")
            hosts.setdefault(host, []).extend((part, item) for part in address.split(","))
    elif is_open(value):
        return node
    else:
        raise ValueError("must be a mapping or a list")
    for host, addresses in hosts.items():
        if not host or ":" in host or "=" in host:
            raise ValueError(f"{host!r} is no name of a host")
        for address, item in addresses:
            bare = address[1:-1] if len(address) > 2 and address[0] == "[" and address[-1] == "]" else address
            found.append((f"{host}={bare}", item))
    ordered = sorted(found, key=lambda pair: pair[0])
    return node.replaced([item.item(text or item.value) for text, item in ordered]) if ordered or hosts else None


def _address(item: Node) -> str:
    return "" if is_open(item.value) else text_of(plain(item))


def _ulimit(node: Node, _spec: Spec, _context: Context) -> Node | None:
    value = node.value
    if is_open(value):
        return node.replaced(as_unknown(value))
    if value.__class__ is dict:
        found: Entries = {}
        for key in ("soft", "hard"):
            child = value.get(key)
            if child is None:
                continue
            if is_open(child.value):
                found[key] = child.replaced(as_unknown(child.value))
            elif not isinstance(child.value, int) or isinstance(child.value, bool):
                raise ValueError("a limit must be a whole number")
            elif child.value:
                found[key] = child
        return node.replaced(found)
    if isinstance(value, int) and not isinstance(value, bool):
        return node if value else node.replaced({})
    raise ValueError("a limit must be a whole number, or a mapping with soft and hard")


def _ssh(node: Node, _spec: Spec, _context: Context) -> Node | None:
    """Keys as `id` or `id=path`."""
    if node.value.__class__ is not dict:
        return node
    items = [
        child.item(key if child.value in (None, "") else prefixed(f"{key}=", child.value))
        for key, child in sorted(node.value.items())
    ]
    return node.replaced(items) if items else None


def _container(node: Node, spec: Spec, context: Context) -> Node | None:
    return _record_with(("command", None), ("entrypoint", None))(node, spec, context)


_KEEP_NULL = frozenset({"command"})
_OUT: dict[str, Convert] = {
    "record": _record,
    "listing": _listing,
    "table": _table,
    "dependencies": _table,
    "texts": _texts,
    "numbers_as_texts": _numbers_as_texts,
    "command": _command,
    "health_test": _health_test,
    "pairs": _pairs,
    "environment": _pairs,
    "options": _options,
    "plain_options": _plain_options,
    "multi_options": _multi_options,
    "hosts": _hosts,
    "ulimit": _ulimit,
    "ssh": _ssh,
    "container": _container,
    "deploy": _record_with(("resources", {}), ("placement", {})),
    "network": _record_with(("ipam", {})),
    "bind": _bind,
    "env_file": _record,
    "dependency": _record_with(("required", False)),
    "watch": _record_with(("path", ""), ("action", ""), ("exec", {"command": None})),
    "hook": _record_with(("command", None)),
    "throttle": _renamed,
    "weight": _renamed,
    "discrete_resource": _record_with(("kind", ""), ("value", 0)),
}
OUTPUTS = frozenset(_OUT) | scalars.KINDS
"""The names that `Spec.out` may hold."""
