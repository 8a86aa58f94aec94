"""The short syntax of a service's volumes: `./data:/data:ro`, `name:/x`, `C:\\\\data:C:\\\\x`."""

from __future__ import annotations

from typing import Any

_PROPAGATION = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
_SELINUX = frozenset({"z", "Z"})
_END = "\0"


def volume(item: Any, place: str = "volumes") -> dict[str, Any]:
    """The long entry of one item of `volumes`; a long item stays as it is. Raises ValueError."""
    if isinstance(item, dict):
        return item
    if not isinstance(item, str):
        raise ValueError(f"{place}: invalid type {type(item).__name__} for service volume mount")
    entry = parse_volume(item)
    return entry | {"target": clean_path(entry["target"])} if "target" in entry else entry


def bind_defaults(bind: Any, place: str = "volumes.bind") -> dict[str, Any]:
    """The `bind` of a long entry with `create_host_path` filled in. Raises ValueError."""
    if not isinstance(bind, dict):
        raise ValueError(f"{place}: invalid type {type(bind).__name__} for service volume bind")
    return {"create_host_path": True} | bind


def parse_volume(spec: str) -> dict[str, Any]:
    """The long entry of one short volume, its target as written. Raises ValueError.

    Options that Compose does not know are ignored by it.
    """
    size = len(spec.encode("utf-8", "surrogatepass"))
    if size == 0:
        raise ValueError("invalid empty volume spec")
    if size <= 2:
        return {"type": "volume", "target": spec}
    source = target = ""
    options: list[str] = []
    for section, end in _sections(spec):
        if not section:
            raise ValueError(f"invalid spec: {spec}: empty section between colons")
        if not source and end == ":":
            source = section
        elif not source or not target:
            target = section
        elif end == ":":
            raise ValueError(f"invalid spec: {spec}: too many colons")
        else:
            options += section.split(",")
    return _entry(source, target, options)


def _sections(spec: str) -> list[tuple[str, str]]:
    """The parts between colons, each with the colon or end that follows it.

    A drive letter keeps its colon, and so does an unresolved `${...}`.
    """
    sections: list[tuple[str, str]] = []
    start, substitutions = 0, 0
    for index, character in enumerate(spec + _END):
        if character == "$" and spec.startswith("{", index + 1):
            substitutions += 1
        elif character == "}" and substitutions:
            substitutions -= 1
        elif character in (":", _END) and not substitutions:
            if character == ":" and index == start + 1 and spec[start].isalpha():
                continue
            sections.append((spec[start:index], character))
            start = index + 1
    return sections


def _entry(source: str, target: str, options: list[str]) -> dict[str, Any]:
    bind: dict[str, Any] = {}
    entry: dict[str, Any] = {"type": "bind" if is_file_path(source) else "volume"}
    if source:
        entry["source"] = source
    if target:
        entry["target"] = target
    named: dict[str, Any] = {}
    read_only = False
    for option in options:
        if option in ("ro", "rw"):
            read_only = option == "ro"
        elif option == "nocopy":
            named = {"nocopy": True}
        elif option in _PROPAGATION:
            bind["propagation"] = option
        elif option in _SELINUX:
            bind["selinux"] = option
    if read_only:
        entry["read_only"] = True
    if entry["type"] == "bind":
        entry["bind"] = bind | {"create_host_path": True}
    elif bind:
        entry["bind"] = bind
    if entry["type"] == "volume" or named:
        entry["volume"] = named
    return entry


def is_file_path(source: str) -> bool:
    """Whether Compose takes `source` for a path on the host, not for the name of a volume."""
    return source.startswith((".", "/", "~", "\\\\")) or (source[1:2] == ":" and source[0].isalpha())


def clean_path(path: str) -> str:
    """`path` without `.`, `..` and doubled slashes, as Compose cleans targets; '' stays ''."""
    if not path:
        return ""
    rooted = path.startswith("/")
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and (steps and steps[-1] != ".."):
            steps.pop()
        elif step not in ("", ".") and not (step == ".." and rooted):
            steps.append(step)
    return ("/" if rooted else "") + "/".join(steps) or "."
