"""Short forms of which a piece is not known: what is known of them still counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.unknown import PartialText, Unknown
from scanner.sources.compose import ports, volumes
from scanner.sources.compose.tree import Node, cut, glued, prefixed

__all__ = ["pair", "parsed", "port", "prefixed", "volume"]

# Unknown pieces are parsed as characters of the private use area, and put back afterwards.
_FIRST = 0xE000
_LAST = 0xF8FF


def parsed(value: PartialText | Unknown, parse: Callable[[str], Any]) -> Any:
    """What `parse` makes of `value`, with the unknown pieces in the strings of the result. Raises ValueError."""
    text, pieces = _masked(value)
    return _unmasked(parse(text), pieces)


def _masked(value: PartialText | Unknown) -> tuple[str, list[Unknown]]:
    parts = value.parts if isinstance(value, PartialText) else (value,)
    pieces: list[Unknown] = []
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if _FIRST + len(pieces) > _LAST:
            raise ValueError("too many variables in one value")
        text += chr(_FIRST + len(pieces))
        pieces.append(part)
    return text, pieces


def _unmasked(value: Any, pieces: list[Unknown]) -> Any:
    if isinstance(value, dict):
        return {_unmasked(key, pieces): _unmasked(child, pieces) for key, child in value.items()}
    if isinstance(value, list):
        return [_unmasked(child, pieces) for child in value]
    if not isinstance(value, str) or not any(_FIRST <= ord(c) < _FIRST + len(pieces) for c in value):
        return value
    parts: list[str | Unknown] = [""]
    for character in value:
        index = ord(character) - _FIRST
        if 0 <= index < len(pieces):
            parts += [pieces[index], ""]
        else:
            parts[-1] = str(parts[-1]) + character
    return glued(tuple(parts))


def pair(item: Node) -> tuple[Any, Any]:
    """Name and value of `name=value`; the value is None where there is no `=`."""
    return cut(item.value, "=")


def port(item: Node) -> Node:
    """The long form of a short port: host address, published port, target and protocol as far as they are known."""
    value = item.value
    text, pieces = _masked(value)
    if isinstance(value, Unknown):
        return item
    *before, container = _split_host(text)
    target, _, protocol = container.partition("/")
    host = before.pop() if before else ""
    address = ":".join(before)
    entry: dict[str, Any] = {"mode": "ingress"}
    plain_target = target if _plain(target) else "1"
    known = ports.parse_port(plain_target if not _plain(protocol) or not protocol else f"{plain_target}/{protocol}")
    if len(known) != 1:
        return item  # a range beside an unknown port: how many ports it stands for is not known
    if address:
        entry["host_ip"] = _unmasked(address.removeprefix("[").removesuffix("]"), pieces)
    entry["target"] = known[0]["target"] if _plain(target) else _whole(_unmasked(target, pieces))
    if host:
        entry["published"] = _unmasked(host, pieces)
    entry["protocol"] = known[0]["protocol"] if _plain(protocol) else _unmasked(protocol, pieces)
    return item.replaced({key: item.item(child) for key, child in entry.items()})


def _plain(text: str) -> bool:
    return not any(_FIRST <= ord(character) <= _LAST for character in text)


def _whole(value: Any) -> Unknown:
    return value.unknown if isinstance(value, PartialText) else value


def _split_host(text: str) -> list[str]:
    """By colons, those of an IPv6 address in brackets apart."""
    if text.startswith("[") and "]" in text:
        address, _, rest = text.partition("]")
        return [address + "]", *rest.removeprefix(":").split(":")]
    return text.split(":")


def volume(item: Node) -> Any:
    """The long form of a short volume. Whether it binds a path is not known where its source begins with a variable
    and holds no `/`."""
    value = item.value
    if isinstance(value, Unknown):
        return value
    entry = parsed(value, volumes.volume)
    source = entry.get("source")
    if isinstance(source, Unknown | PartialText):
        first = source if isinstance(source, Unknown) else source.parts[0]
        parts = source.parts if isinstance(source, PartialText) else ()
        if isinstance(first, Unknown):
            is_path = any(isinstance(part, str) and ("/" in part or "\\" in part) for part in parts)
            entry.pop("volume", None)
            entry["type"] = "bind" if is_path else first
            if is_path:
                entry.setdefault("bind", {})
                entry["bind"]["create_host_path"] = True
    return entry
