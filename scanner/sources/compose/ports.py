"""The short syntax of ports: `127.0.0.1:8000-8010:80-90/udp`, one long entry for each port."""

from __future__ import annotations

import re
from typing import Any

from scanner.core.patterns import late

MAX_PORTS = 200_000
"""A list that stands for more ports than this is refused."""

_NUMBER = late(r"[0-9]+\Z", re.ASCII)


def ports(items: list[Any], place: str = "ports") -> list[tuple[int, dict[str, Any]]]:
    """The long entries that the items of `ports` stand for, each with the index of its item.

    Long items stay as they are; see `port_defaults`. Raises ValueError.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            found.append((index, item))
        elif isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
            found += [(index, entry) for entry in parse_port(str(item))]
        else:
            raise ValueError(f"{place}: invalid type {type(item).__name__} for port")
        if len(found) > MAX_PORTS:
            raise ValueError(f"{place}: more than {MAX_PORTS} ports")
    return found


def port_defaults(entry: dict[str, Any]) -> dict[str, Any]:
    """A long entry with `protocol` and `mode` filled in, as Compose does after all files are merged."""
    return {"protocol": "tcp", "mode": "ingress"} | entry


def parse_port(spec: str) -> list[dict[str, Any]]:
    """The long entries of one short port, in Compose's order: by `target/protocol` as text. Raises ValueError."""
    *before, container = spec.split(":")
    host = before.pop() if before else ""
    address = _address(":".join(before))
    container, _, protocol = container.partition("/")
    protocol = protocol.partition("/")[0] or "tcp"
    if not container:
        raise ValueError(f"No port specified: {spec}<empty>")
    first, last = _range(container, f"Invalid containerPort: {container}")
    host_first, host_last = _range(host, f"Invalid hostPort: {host}") if host else (0, 0)
    if host and last != first and last - first != host_last - host_first:
        raise ValueError(f"Invalid ranges specified for container and host Ports: {container} and {host}")
    if protocol.lower() not in ("tcp", "udp", "sctp"):
        raise ValueError(f"Invalid proto: {protocol}")
    entries = []
    for target in sorted(range(first, last + 1), key=str) if last > first else [first]:
        published = str(host_first + target - first) if host else ""
        if first == last and host_first != host_last:
            published = f"{published}-{host_last}"
        entry = {"mode": "ingress", "host_ip": address, "target": target, "published": published}
        entries.append({key: value for key, value in entry.items() if value} | {"protocol": protocol.lower()})
    return entries


def _range(text: str, message: str) -> tuple[int, int]:
    first, _, rest = text.partition("-")
    last = rest.partition("-")[0] if "-" in text else first
    bounds = [int(part) if _NUMBER.match(part) and len(part) < 4000 else -1 for part in (first, last)]
    if min(bounds) < 0 or max(bounds) > 65535 or bounds[1] < bounds[0]:
        raise ValueError(message)
    return bounds[0], bounds[1]


def _address(text: str) -> str:
    """The host address without the brackets of IPv6."""
    host = text
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed:
            raise _bad_address(text, "missing ']' in address")
        if rest:
            raise _bad_address(text, "too many colons in address" if rest[0] == ":" else "missing port in address")
    elif ":" in text:
        raise _bad_address(text, "too many colons in address")
    for bracket in "[]":
        if bracket in host:
            raise _bad_address(text, f"unexpected '{bracket}' in address")
    if host and not _is_address(host):
        raise ValueError(f"Invalid ip address: {host}")
    return host


def _bad_address(text: str, reason: str) -> ValueError:
    return ValueError(f"Invalid ip address {text}: address {text}:: {reason}")


def _is_address(text: str) -> bool:
    import ipaddress  # late: few projects name an address

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
