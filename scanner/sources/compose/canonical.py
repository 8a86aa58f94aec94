"""Short forms become long ones, and defaults are filled in; every part of a long form keeps the short one's place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from scanner.core.unknown import Unknown
from scanner.sources.compose import half_known, ports, short_syntax, volumes
from scanner.sources.compose.context import Context
from scanner.sources.compose.merge import child_spec
from scanner.sources.compose.spec import Spec
from scanner.sources.compose.tree import Node, implied, is_open, overlay, plain, spread


def canonical(node: Node, spec: Spec, context: Context) -> Node:
    """`node` in its long form, all through. A part that cannot be read becomes unknown, or ends it when strict."""
    if spec.short:
        try:
            node = _half_known(node, spec.short, context) if is_open(node.value) else _SHORT[spec.short](node, context)
        except ValueError as error:
            return node.replaced(context.reject(str(error), node))
    return _inside(node, spec, context, canonical)


def with_defaults(node: Node, spec: Spec, context: Context) -> Node:
    """`node` with the defaults that Compose fills in once all files are merged; hooks of `pre_start` have none."""
    if spec.default and not is_open(node.value):
        try:
            return _DEFAULTS[spec.default](node)
        except ValueError as error:
            return node.replaced(context.reject(str(error), node))
    return _inside(node, spec, context, with_defaults, skip="pre_start")


def _inside(
    node: Node, spec: Spec, context: Context, step: Callable[[Node, Spec, Context], Node], skip: str = ""
) -> Node:
    value = node.value
    kind = value.__class__
    if kind is dict:
        changed: dict[str, Node] | None = None
        for key, child in value.items():
            inner = child_spec(spec, key)
            if inner is None or key == skip:
                continue
            result = step(child, inner, context)
            if result is not child:
                changed = dict(value) if changed is None else changed
                changed[key] = result
        return node if changed is None else node.replaced(changed)
    if kind is list and spec.items is not None:
        items = [step(child, spec.items, context) for child in value]
        if any(after is not before for after, before in zip(items, value, strict=True)):
            return node.replaced(items)
    return node


def omit_empty(project: Node) -> Node:
    """Without the empty addresses in the `dns` of services and jobs, which Compose drops."""
    for section in ("services", "jobs"):
        body = project.get(section)
        for name, service in (body.value if body is not None and body.value.__class__ is dict else {}).items():
            dns = service.get("dns")
            if dns is None or dns.value.__class__ is not list:
                continue
            kept = [item for item in dns.value if item.value not in (None, "")]
            if len(kept) < len(dns.value):
                changed = service.replaced({**service.value, "dns": dns.replaced(kept)})
                project = project.replaced(
                    {
                        **project.value,
                        section: project.value[section].replaced({**project.value[section].value, name: changed}),
                    }
                )
    return project


def _spread_with(convert: Callable[[Any], Any]) -> Callable[[Node, Context], Node]:
    """A short form that is one scalar: all parts of the long form stand where the scalar does."""

    def short(node: Node, _context: Context) -> Node:
        if node.value.__class__ is dict:
            return node
        value = convert(plain(node))
        return node if value.__class__ is list and node.value.__class__ is list else spread(node, value)

    return short


_ONLY_PART = {"build": "context", "extends": "service", "include": "path", "schedule": "cron", "file_mount": "source"}


def _half_known(node: Node, short: str, context: Context) -> Node:
    """The long form of one scalar that is not known, or not wholly."""
    value = node.value
    if short in _ONLY_PART:
        return node.replaced({_ONLY_PART[short]: node.item(value)})
    if short == "one_or_more":
        return node.replaced([node.item(value)])
    if short == "env_file":
        return _env_file(node.replaced([node.item(value)]), context)
    if short == "volume":
        return spread(node, half_known.volume(node))
    if short == "device" and not isinstance(value, Unknown):
        return spread(node, half_known.parsed(value, short_syntax.device_mapping))
    return node


def _one_or_more(node: Node, _context: Context) -> Node:
    return node.replaced([node.item(node.value)]) if isinstance(node.value, str) else node


def _text(node: Node, _context: Context) -> Node:
    return node.replaced(short_syntax.string_or_other(plain(node)))


def _depends_on(node: Node, context: Context) -> Node:
    value = node.value
    if value.__class__ is list:
        waits = {"condition": "service_started", "required": True}
        return node.replaced(
            {
                name.value: name.replaced({key: implied(default) for key, default in waits.items()})
                for name in value
                if _is_name(name, context)
            }
        )
    return overlay(node, short_syntax.depends_on(plain(node)))


def _names(node: Node, context: Context) -> Node:
    if node.value.__class__ is not list:
        return node
    return node.replaced({name.value: name.replaced(None) for name in node.value if _is_name(name, context)})


def _is_name(name: Node, context: Context) -> bool:
    if isinstance(name.value, str):
        return True
    if is_open(name.value):
        context.note("which one is meant depends on a variable without a value", name)
    else:
        context.reject("must be a name", name)
    return False


def _env_file(node: Node, _context: Context) -> Node:
    items = [node.item(node.value)] if isinstance(node.value, str) else node.value
    if items.__class__ is not list:
        raise ValueError("env_file must be a path or a list")
    result = []
    for item in items:
        if item.value.__class__ is dict:
            required = {} if "required" in item.value else {"required": implied(True)}
            result.append(item.replaced({**item.value, **required}))
        elif isinstance(item.value, str) or is_open(item.value):
            result.append(item.replaced({"path": item.item(item.value), "required": implied(True)}))
        else:
            raise ValueError("env_file must be a path or a list")
    return node.replaced(result)


def _ports(node: Node, context: Context) -> Node:
    if node.value.__class__ is not list:
        raise ValueError("ports must be a list")
    result: list[Node] = []
    for item in node.value:
        try:
            if item.value.__class__ is dict:
                result.append(item)
            elif is_open(item.value):
                result.append(half_known.port(item))
            else:
                if not context.spend(_VALUES_OF_A_PORT * _count_ports(item.value)):
                    raise ValueError("a scan does not judge so many ports")
                found = ports.ports([item.value])
                result += [spread(item, entry) for _, entry in found]
        except ValueError as error:
            result.append(item.replaced(context.reject(str(error), item)))
        if len(result) > ports.MAX_PORTS:
            raise ValueError(f"more than {ports.MAX_PORTS} ports")
    return node.replaced(result)


_VALUES_OF_A_PORT = 6
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})(?:/[a-z]*)?\Z")


def _count_ports(item: Any) -> int:
    """How many ports a short form stands for, at a glance."""
    match = _RANGE.search(item) if isinstance(item, str) else None
    return max(1, int(match[2]) - int(match[1]) + 1) if match else 1


def _pairs_to_map(convert: Callable[[Any], Any]) -> Callable[[Node, Context], Node]:
    """A list of `name=value` that becomes a mapping: each entry stands where its item does."""

    def short(node: Node, _context: Context) -> Node:
        if node.value.__class__ is dict:
            return node
        if node.value.__class__ is not list:
            convert(plain(node))
            return node
        found: dict[str, Node] = {}
        for item in node.value:
            if is_open(item.value):
                key, value = half_known.pair(item)
                if isinstance(key, str):
                    found[key] = item.item(value)
                continue
            for key, value in convert([plain(item)]).items():
                found[key] = item.item(value)
        return node.replaced(found)

    return short


def _external(node: Node, _context: Context) -> Node:
    if node.value is None:
        return node
    if node.value.__class__ is not dict:
        raise ValueError("must be a mapping")
    outside = node.get("external")
    if outside is None or outside.value.__class__ is not dict:
        return node
    short_syntax.external(plain(node), place="an external resource")
    result = {**node.value, "external": outside.replaced(True)}
    name = outside.get("name")
    if name is not None:
        result["name"] = name
    return node.replaced(result)


def _gpus(node: Node, _context: Context) -> Node:
    if isinstance(node.value, str):
        return node.replaced([node.item({"count": node.item("all")})])
    if node.value.__class__ is not list:
        raise ValueError("gpus must be all or a list")
    return node


def _checked(convert: Callable[[Any], Any]) -> Callable[[Node, Context], Node]:
    """A form that stays as it is, if it is one."""

    def short(node: Node, _context: Context) -> Node:
        convert(plain(node))
        return node

    return short


_SHORT: dict[str, Callable[[Node, Context], Node]] = {
    "one_or_more": _one_or_more,
    "text": _text,
    "build": _spread_with(short_syntax.build),
    "extends": _spread_with(short_syntax.extends),
    "include": _spread_with(short_syntax.include),
    "schedule": _spread_with(short_syntax.schedule),
    "file_mount": _spread_with(short_syntax.file_mount),
    "device": _spread_with(short_syntax.device_mapping),
    "volume": _spread_with(volumes.volume),
    "depends_on": _depends_on,
    "names": _names,
    "env_file": _env_file,
    "ports": _ports,
    "gpus": _gpus,
    "ulimit": _checked(short_syntax.ulimit),
    "ssh": _pairs_to_map(short_syntax.ssh),
    "key_values": _pairs_to_map(short_syntax.key_values),
    "external": _external,
}
SHORT_FORMS = frozenset(_SHORT)
"""The names that `Spec.short` may hold."""


def _adding(**defaults: Any) -> Callable[[Node], Node]:
    def fill(node: Node) -> Node:
        if node.value.__class__ is not dict:
            return node
        missing = {key: implied(value) for key, value in defaults.items() if key not in node.value}
        return node.replaced({**node.value, **missing}) if missing else node

    return fill


def _secret(node: Node) -> Node:
    if node.value.__class__ is not dict:
        raise ValueError("a secret must be a name or a mapping")
    if "target" in node.value:
        return node
    source = node.get("source")
    name = source.value if source is not None and source.value is not None else "%!s(<nil>)"  # as Compose prints it
    target: Any = half_known.prefixed("/run/secrets/", name) if is_open(name) else f"/run/secrets/{name}"
    return node.replaced({**node.value, "target": implied(target)})


def _device_request(node: Node) -> Node:
    if node.value.__class__ is not dict:
        raise ValueError("a device request must be a mapping")
    if "count" in node.value or "device_ids" in node.value:
        return node
    return node.replaced({**node.value, "count": implied("all")})


def _bind(node: Node) -> Node:
    if node.value.__class__ is not dict:
        raise ValueError("bind must be a mapping")
    return _adding(create_host_path=True)(node)


_DEFAULTS: dict[str, Callable[[Node], Node]] = {
    "build": _adding(context="."),
    "port": _adding(protocol="tcp", mode="ingress"),
    "secret": _secret,
    "device_request": _device_request,
    "bind": _bind,
}
DEFAULTS = frozenset(_DEFAULTS)
"""The names that `Spec.default` may hold."""
