"""Relative paths of included files and of files that services extend, seen from the project's folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from scanner.core.patterns import late
from scanner.core.unknown import PartialText
from scanner.sources.compose.context import Context
from scanner.sources.compose.merge import child_spec
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, is_open, prefixed

_REMOTE_CONTEXT = ("https://", "http://", "git://", "ssh://", "github.com/", "git@", "service:")
_WINDOWS_DRIVE = late(r"[a-zA-Z]:[\\/]|\\\\")


def is_remote(path: str) -> bool:
    """Whether `include` or `extends` names something to download: an OCI artefact, a Git repository, a URL."""
    return bool(re.match(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|oci:", path) or re.search(r"\.git(#.*)?\Z", path))


def resolved(node: Node, spec: Spec, folder: str, context: Context) -> Node:
    """`node` with its relative paths taken from `folder`; strict: `~` is the home folder, else it stays."""
    if spec.path:
        try:
            return _RESOLVERS[spec.path](node, folder, context)
        except ValueError as error:
            return node.replaced(context.reject(str(error), node))
    value = node.value
    if value.__class__ is dict:
        changed: dict[str, Node] | None = None
        for key, child in value.items():
            inner = child_spec(spec, key)
            if inner is None:
                continue
            result = resolved(child, inner, folder, context)
            if result is not child:
                changed = dict(value) if changed is None else changed
                changed[key] = result
        return node if changed is None else node.replaced(changed)
    if value.__class__ is list and spec.items is not None:
        return node.replaced([resolved(child, spec.items, folder, context) for child in value])
    return node


def joined(folder: str, path: str) -> str:
    """`path` below `folder`, without `.` and `..` where that can be told."""
    return os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 (texts, not files)


def _home(path: str, context: Context) -> str:
    if path.startswith("~") and context.strict:
        home = os.environ.get("HOME", "")
        return joined(home, path[1:].lstrip("/")) if home else path
    return path


def _text(node: Node, folder: str, change: Callable[[str], str]) -> Node:
    value = node.value
    if isinstance(value, PartialText) and isinstance(value.parts[0], str):
        head = value.parts[0]
        if head.startswith(("/", "~")):
            return node
        return node.replaced(prefixed(folder + "/" if folder != "." else "", value))
    if is_open(value):
        return node
    if not isinstance(value, str):
        raise ValueError("must be a path")
    return node.replaced(change(value))


def _path(node: Node, folder: str, context: Context) -> Node:
    def change(text: str) -> str:
        path = _home(text, context)
        return path if path.startswith("/") or not path else joined(folder, path)

    return _text(node, folder, change)


def _unix(node: Node, folder: str, context: Context) -> Node:
    """A path that may be one of Windows."""

    def change(text: str) -> str:
        path = _home(text, context)
        if path.startswith("/") or _WINDOWS_DRIVE.match(path):
            return path
        if path.startswith("~") and not context.strict:
            return path
        return joined(folder, path)

    return _text(node, folder, change) if isinstance(node.value, str) or is_open(node.value) else node


def _context(node: Node, folder: str, context: Context) -> Node:
    if isinstance(node.value, str) and ("://" in node.value or node.value.startswith(_REMOTE_CONTEXT)):
        return node
    return _path(node, folder, context)


def _link(node: Node, folder: str, context: Context) -> Node:
    """A watched path; Compose replaces the first symbolic link in it by what it leads to."""
    result = _path(node, folder, context)
    if not context.strict or not isinstance(result.value, str):
        return result
    current = "/" if result.value.startswith("/") else ""
    for part in result.value.split("/"):
        if not part:
            continue
        current = os.path.join(current, part)  # noqa: PTH118
        if os.path.islink(current):  # noqa: PTH114
            return result.replaced(result.value.replace(current, os.path.realpath(current), 1))
    return result


def _mount(node: Node, folder: str, context: Context) -> Node:
    kind, source = node.get("type"), node.get("source")
    if kind is None or kind.value != "bind":
        return node
    if source is None:
        raise ValueError("a mount of the type bind needs a source")
    return node.replaced({**node.value, "source": _unix(source, folder, context)})


def _driver(node: Node, folder: str, context: Context) -> Node:
    """A named volume that is a bind mount in truth."""
    driver, options = node.get("driver"), node.get("driver_opts")
    if driver is None or driver.value != "local" or options is None:
        return node
    kind, device = options.get("o"), options.get("device")
    if kind is None or kind.value != "bind" or device is None:
        return node
    changed = options.replaced({**options.value, "device": _unix(device, folder, context)})
    return node.replaced({**node.value, "driver_opts": changed})


def _each(step: Callable[[Node, str, Context], Node]) -> Callable[[Node, str, Context], Node]:
    def values(node: Node, folder: str, context: Context) -> Node:
        if node.value.__class__ is not dict:
            return node
        return node.replaced({key: step(child, folder, context) for key, child in node.value.items()})

    return values


_RESOLVERS: dict[str, Callable[[Node, str, Context], Node]] = {
    "path": _path,
    "unix": _unix,
    "context": _context,
    "link": _link,
    "mount": _mount,
    "driver": _driver,
    "unix_values": _each(_unix),
    "context_values": _each(_context),
}
RESOLVERS = frozenset(_RESOLVERS)
"""The names that `Spec.path` may hold."""
