"""Addresses and networks: what a CIDR block contains, which addresses the world can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.policy.function import Function

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_ANY = frozenset({"", "*", "0.0.0.0", "::", "[::]"})  # noqa: S104 - what rules look for


def _network(text: str) -> IPv4Network | IPv6Network:
    from ipaddress import ip_network

    try:
        return ip_network(text.strip().strip("[]"), strict=False)
    except ValueError:
        raise ValueError("a network is written like 10.0.0.0/8 or fd00::/8") from None


def _address(text: str) -> IPv4Address | IPv6Address:
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(text.strip().strip("[]").split("%", 1)[0])
    except ValueError:
        raise ValueError("an address is written like 192.0.2.1 or 2001:db8::1") from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def cidr_contains(block: str, inner: str) -> bool:
    """Whether the network `block` contains `inner`, an address or a network; never across IPv4 and IPv6."""
    outer, other = _network(block), _network(inner)
    if outer.version != other.version:
        return False
    return outer.network_address <= other.network_address and other.broadcast_address <= outer.broadcast_address  # type: ignore[operator]


def cidr_overlaps(first: str, second: str) -> bool:
    """Whether two networks have an address in common."""
    return _network(first).overlaps(_network(second))


def cidr_prefix(block: str) -> int:
    """The length of a network's prefix: 8 for 10.0.0.0/8."""
    return _network(block).prefixlen


def is_cidr(text: str) -> bool:
    """Whether `text` is a network or an address."""
    try:
        _network(text)
    except ValueError:
        return False
    return True


def is_any_address(text: str) -> bool:
    """Whether binding to `text` means every address of the host: '', 0.0.0.0 or ::, in any spelling."""
    if text.strip() in _ANY:
        return True
    return _address(text).is_unspecified


def is_loopback_address(text: str) -> bool:
    """Whether `text` is localhost or a loopback address."""
    return text.strip().lower() == "localhost" or _address(text).is_loopback


def is_public_address(text: str) -> bool:
    """Whether `text` is an address that the Internet routes."""
    return _address(text).is_global


FUNCTIONS = (
    Function("cidr_contains", ("string", "string"), "bool", cidr_contains),
    Function("cidr_overlaps", ("string", "string"), "bool", cidr_overlaps),
    Function("cidr_prefix", ("string",), "int", cidr_prefix),
    Function("is_cidr", ("string",), "bool", is_cidr),
    Function("is_any_address", ("string",), "bool", is_any_address),
    Function("is_loopback_address", ("string",), "bool", is_loopback_address),
    Function("is_public_address", ("string",), "bool", is_public_address),
)
