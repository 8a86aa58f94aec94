"""Values as Compose's typed model holds and prints them: maps from lists, words from strings, text from numbers.

These apply once, to the merged project; `short_syntax` applies to every file before it is merged. All take the plain
value of one attribute, give a plain value for the canonical JSON, and raise ValueError in Compose's words.
"""

from __future__ import annotations

import re
from typing import Any

from scanner.sources.compose import shell_words
from scanner.sources.compose.go_values import parse_int, quote, text_of
from scanner.sources.compose.short_syntax import type_name

# Compose looks at the last byte of a name only: the letter à ends in one that passes for a no-break space.
_SPACE_BYTES = frozenset(b"\t\n\v\f\r \x85\xa0")


def environment(value: Any) -> dict[str, str | None]:
    """`environment` and `build.args`: null for a name without a value."""
    if isinstance(value, dict):
        return {name: None if entry is None else text_of(entry) for name, entry in value.items()}
    found: dict[str, str | None] = {}
    for item in _items(value, "mapping"):
        name, equals, text = text_of(item).partition("=")
        if name and name.encode("utf-8", "surrogatepass")[-1] in _SPACE_BYTES:
            raise ValueError(f"environment variable {name} is declared with a trailing space")
        found[name] = text if equals else None
    return found


def labels(value: Any) -> dict[str, str]:
    """`labels`, and the maps of text: `annotations`, `sysctls`, `additional_contexts`; '' for a name alone or null."""
    if isinstance(value, dict):
        return {name: "" if entry is None else text_of(entry) for name, entry in value.items()}
    pairs = (text_of(item).partition("=") for item in _items(value, "labels"))
    return {name: text for name, _, text in pairs}


def options(value: Any) -> dict[str, str]:
    """`driver_opts`, `logging.options`, `ipam.options`: a map of text, never a list."""
    if not isinstance(value, dict):
        raise ValueError(f"invalid type {type_name(value)} for options")
    return labels(value)


def multi_options(value: Any) -> dict[str, list[str]]:
    """`provider.options`: a map of lists of text."""
    if not isinstance(value, dict):
        raise ValueError(f"invalid type {type_name(value)} for options")
    entries = ((name, entry if isinstance(entry, list) else [entry]) for name, entry in value.items())
    return {name: [text_of(item) for item in entry] for name, entry in entries if entry}


def hosts(value: Any) -> list[str]:
    """`extra_hosts` as sorted `host=address`."""
    return sorted(f"{host}={address}" for host, entries in host_addresses(value).items() for _, address in entries)


def host_addresses(value: Any) -> dict[str, list[tuple[int, str]]]:
    """The addresses of each host of `extra_hosts`, with the index of their item in the list (in a map: of the host's
    own list, else 0)."""
    found: dict[str, list[tuple[int, str]]] = {}
    if isinstance(value, dict):
        for host, entry in value.items():
            if not isinstance(entry, list | str | None):
                raise ValueError(f"unexpected value type {type_name(value)} for extra_hosts entry")
            addresses = entry if isinstance(entry, list) else [entry or ""]
            found[host] = [(index, text_of(address)) for index, address in enumerate(addresses)]
    else:
        for index, item in enumerate(_items(value, "extra_hosts")):
            text = text_of(item)
            separator = next((mark for mark in "=:" if mark in text), None)
            if separator is None:
                raise ValueError(f"invalid additional host, missing IP: {text}")
            host, _, listed = text.partition(separator)
            found.setdefault(host, []).extend((index, address) for address in listed.split(","))
    for host, entries in found.items():
        if not host or re.search("[:=]", host):
            raise ValueError(f"bad host name '{host}'")
        found[host] = [(index, _without_brackets(address)) for index, address in entries]
    return found


def _without_brackets(address: str) -> str:
    return address[1:-1] if len(address) > 2 and address[0] == "[" and address[-1] == "]" else address


def string_list(value: Any) -> list[str]:
    """`dns`, `dns_search`, `tmpfs`, `cache_from`, `tags`, `platforms`, ...: a string or a list of strings."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"invalid type {type_name(value)} for string list")
    return list(items)


def string_or_number_list(value: Any) -> list[str]:
    """`expose`: a list of strings and numbers."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ValueError(f"invalid type {type_name(value)} for string list")
    return [text_of(item) for item in items]


def command(value: Any) -> list[str] | None:
    """`command` and `entrypoint`: a string is split into words; null stays null, [] and '' both clear the image's."""
    if isinstance(value, str):
        return shell_words.split(value)
    return None if value is None else string_list(value)


def health_test(value: Any) -> list[str]:
    """`healthcheck.test`: a string is run by the shell."""
    if isinstance(value, str):
        return ["CMD-SHELL", value]
    if not isinstance(value, list):
        raise ValueError(f"unexpected value type {type_name(value)} for healthcheck.test")
    return string_list(value)


def device_count(value: Any) -> int:
    """`count` of a device request: -1 stands for all."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError(f"invalid type {type_name(value)} for device count")
    if value.lower() == "all":
        return -1
    try:
        return parse_int(value)
    except ValueError:
        raise ValueError(f"invalid value {quote(value)}, the only value allowed is 'all' or a number") from None


def ulimit(value: Any) -> int | dict[str, int]:
    """One entry of `ulimits` as printed: a number other than 0, or the `soft` and `hard` limits other than 0."""
    if isinstance(value, dict):
        return {key: value[key] for key in ("soft", "hard") if value.get(key)}
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"unexpected value type {type_name(value)} for ulimit")
    return value or {}


def file_mode(value: Any) -> str:
    """`mode` of a secret or config, printed in octal with a leading 0; text is octal, a number is itself."""
    if isinstance(value, str):
        if not re.fullmatch("[+-]?[0-7]+", value) or len(value) > 23:
            raise ValueError(f"strconv.ParseInt: parsing {quote(value)}: invalid syntax")
        value = int(value, 8)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"unexpected value type {type_name(value)} for mode")
    return f"0{value:o}"


def _items(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"unexpected value type {type_name(value)} for {name}")
    return value
