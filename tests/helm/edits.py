"""Hand-written repairs: what a person does at the line that a finding names, by the rule and what stands there.

A repair knows where in a container, pod or object the wrong thing is (`path`) and what should stand there. It looks at
the one line that it is given, and at the lines below it that belong to it; never at a chart's name.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import yaml


class CannotEditError(Exception):
    """The line does not look like one at which the finding could be repaired."""


class Repair(NamedTuple):
    """`path` leads from the object that the finding is about to the key, `value` belongs there. `under` are the keys
    whose mapping holds the path's first key."""

    path: tuple[str, ...]
    value: Any
    under: tuple[str, ...] = ()


DIGEST = "sha256:" + "a" * 64

_PROBE = {"tcpSocket": {"port": 8080}, "periodSeconds": 20}
_POD = ("spec",)

REPAIRS: dict[str, Repair] = {
    "image-not-pinned": Repair(("image",), "1.2.3"),
    "image-without-digest": Repair(("image",), DIGEST),
    "mutable-image-not-pulled": Repair(("imagePullPolicy",), "Always"),
    "cpu-limit-missing": Repair(("resources", "limits", "cpu"), "1"),
    "memory-limit-missing": Repair(("resources", "limits", "memory"), "1Gi"),
    "ephemeral-storage-limit-missing": Repair(("resources", "limits", "ephemeral-storage"), "1Gi"),
    "cpu-request-missing": Repair(("resources", "requests", "cpu"), "100m"),
    "memory-request-missing": Repair(("resources", "requests", "memory"), "128Mi"),
    "privileged-container": Repair(("securityContext", "privileged"), False),
    "privilege-escalation-allowed": Repair(("securityContext", "allowPrivilegeEscalation"), False),
    "writable-root-filesystem": Repair(("securityContext", "readOnlyRootFilesystem"), True),
    "runs-as-root": Repair(("securityContext", "runAsUser"), 1000),
    "run-as-non-root-missing": Repair(("securityContext", "runAsNonRoot"), True),
    "capabilities-not-dropped": Repair(("securityContext", "capabilities", "drop"), ["ALL"]),
    "seccomp-profile-missing": Repair(("securityContext", "seccompProfile"), {"type": "RuntimeDefault"}),
    "health-check-missing": Repair(("livenessProbe",), _PROBE),
    "readiness-probe-missing": Repair(("readinessProbe",), _PROBE),
    "host-network": Repair(("hostNetwork",), False, _POD),
    "host-pid": Repair(("hostPID",), False, _POD),
    "host-ipc": Repair(("hostIPC",), False, _POD),
    "service-account-token-mounted": Repair(("automountServiceAccountToken",), False, _POD),
    "single-replica": Repair(("replicas",), 2, _POD),
    "host-port": Repair(("hostPort",), None),
    "node-port-service": Repair(("type",), "ClusterIP", _POD),
    "load-balancer-open": Repair(("loadBalancerSourceRanges",), ["10.0.0.0/8"], _POD),
    "secret-in-environment": Repair(("value",), ""),
    "service-external-ips": Repair(("externalIPs",), [], _POD),
}

_ENTRY = re.compile(r"""(?P<indent>[ ]*(?:-[ ]+)*)(?P<key>"[^"]+"|'[^']+'|[\w./$ -]*?[\w/]):(?=\s|$)(?P<rest>.*)""")
_ITEM = re.compile(r"(?P<indent>[ ]*(?:-[ ]+)+)(?P<rest>.*)")
_SPACES = re.compile(r"n?indent +(?P<n>\d+)|(?P<m>\d+) *\| *n?indent")


def repaired(text: str, line: int, rule: str, *, template: bool) -> str:
    """The text of a file after the repair at its `line` (from 1). Raises CannotEditError."""
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        raise CannotEditError(f"there is no line {line}")
    repair = REPAIRS[rule]
    if rule.startswith("image-"):
        _pin(lines, line - 1, rule)
    elif template:
        _in_template(lines, line - 1, repair)
    else:
        _in_values(lines, line - 1, repair)
    return "\n".join(lines)


def _entry(line: str) -> tuple[str, str, str, str]:
    """(indentation with dashes, key, value, comment) of a line; the key is '' for an item of a list."""
    match = _ENTRY.match(line) or _ITEM.match(line)
    if match is None:
        raise CannotEditError(f"no entry: {line.strip()}")
    rest = match["rest"]
    cut = re.search(r"(?:^|\s)#", rest) if "{{" not in rest else None
    comment = rest[cut.start() :] if cut else ""
    rest = rest[: cut.start()] if cut else rest
    key = match.groupdict().get("key") or ""
    return match["indent"], key.strip("\"'"), rest.strip(), comment


def _put(lines: list[str], at: int, value: str) -> None:
    """Replaces the value of an entry, and what stands below it if it was a block."""
    match = _ENTRY.match(lines[at]) or _ITEM.match(lines[at])
    assert match is not None
    *_, comment = _entry(lines[at])
    head = lines[at][: match.start("rest")].rstrip()
    lines[at] = f"{head} {value}{' ' if comment else ''}{comment.strip()}"


# --- images


def _pin(lines: list[str], at: int, rule: str) -> None:
    _, key, rest, _ = _entry(lines[at])
    value, quotes = _unquoted(rest)
    name = key.lower()
    if value in ("null", "~"):
        value = ""
    if "digest" in name or name.startswith("sha"):
        new = DIGEST.removeprefix("sha256:") if name.startswith("sha") else DIGEST
    elif name in ("tag", "version", "appversion") or name.endswith(("tag", "version")):
        new = "1.2.3" if rule == "image-not-pinned" else f"{value or '1.2.3'}@{DIGEST}"
    elif re.search(r":[\w.-]+$", value) and "}}" not in value[value.rindex(":") :]:
        head, _, tag = value.rpartition(":")
        new = f"{head}:1.2.3" if rule == "image-not-pinned" else f"{head}:{tag}@{DIGEST}"
    elif value:
        new = f"{value}:1.2.3" if rule == "image-not-pinned" else f"{value}@{DIGEST}"
    else:
        raise CannotEditError(f"no image: {lines[at].strip()}")
    _put(lines, at, f"{quotes}{new}{quotes}" if quotes or "{{" in new else json.dumps(new))


def _unquoted(rest: str) -> tuple[str, str]:
    anchor = re.match(r"&\S+\s+", rest)
    rest = rest[anchor.end() :] if anchor else rest
    if len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'":
        return rest[1:-1], rest[0]
    return rest, ""


# --- values


def _in_values(lines: list[str], at: int, repair: Repair) -> None:
    if lines[at].strip() in ("{}", "[]", "null"):  # the value of the entry above
        at = _joined(lines, at)
    child = _child(lines, at)
    if child is not None and lines[child].strip() in ("{}", "[]", "null"):
        at = _joined(lines, child)
    indent, key, rest, _ = _entry(lines[at])
    anchor = re.match(r"&\S+\s*", rest)
    rest, mark = (rest[anchor.end() :], anchor[0].strip() + " ") if anchor else (rest, "")
    matched = _matched(key, repair.path)
    left = repair.path[matched + 1 :] if matched is not None else ()
    switch = rest.lower().strip("\"'")
    if switch in ("true", "false") and (matched is None or not left):
        same = matched is not None and isinstance(repair.value, bool)
        new = repair.value if same else switch == "false"
        _put(lines, at, mark + json.dumps(new))
    elif matched is None and switch == "0":
        _put(lines, at, "8080")
    elif matched is None:
        if key.lower().endswith("type") and repair.path in (("type",), ("loadBalancerSourceRanges",)):
            _put(lines, at, "ClusterIP")
        elif not rest and _child(lines, at) is not None:  # the whole container, under its name
            _insert(lines, at, repair.path, repair.value)
        elif "-" in indent:
            new = _flow(repair.path, repair.value)
            lines[at : at + 1] = [f"{indent}{new}", " " * len(indent) + lines[at][len(indent) :]]
        elif (isinstance(repair.value, int) and re.fullmatch(r"\d+", switch)) or repair.value in ("", None):
            _put(lines, at, json.dumps(repair.value))
        else:
            raise CannotEditError(f"{key} is none of {repair.path}")
    elif not left:
        _put(lines, at, mark + json.dumps(repair.value))
    elif rest == "" and _child(lines, at) is not None:
        _insert(lines, at, left, repair.value)
    elif rest == "" or rest in ("{}", "null", "~", '""', "''", "[]") or rest.startswith(("*", "{")):
        known = yaml.safe_load(rest) if rest.startswith("{") and rest.endswith("}") else {}
        _put(lines, at, mark + json.dumps(_set(known, left, repair.value)))
    else:
        raise CannotEditError(f"{lines[at].strip()} holds something else")


def _joined(lines: list[str], at: int) -> int:
    """Puts a value that stands on a line of its own behind its key, and returns the number of that line."""
    key = next((number for number in range(at - 1, -1, -1) if _ENTRY.match(lines[number])), None)
    if key is None or _entry(lines[key])[2]:
        raise CannotEditError(f"no key above {lines[at].strip()}")
    lines[key] = f"{lines[key].rstrip()} {lines[at].strip()}"
    lines[at] = ""
    return key


def _matched(key: str, path: tuple[str, ...]) -> int | None:
    """The number of the step that a key stands for: `securityContext`, `podSecurityContext`, `replicaCount`."""
    name = key.lower().replace("_", "").replace("-", "")
    for number in range(len(path) - 1, -1, -1):
        step = path[number].lower().replace("-", "")
        if name.endswith((step, step.removesuffix("s"), step.replace("probe", "check"))):
            return number
        if step == "imagepullpolicy" and name == "pullpolicy":
            return number
        if step == "replicas" and name.endswith(("replicacount", "replica", "replicascount")):
            return number
    return None


def _set(known: Any, path: tuple[str, ...], value: Any) -> Any:
    """A mapping with `value` at `path`."""
    result = dict(known) if isinstance(known, dict) else {}
    result[path[0]] = value if len(path) == 1 else _set(result.get(path[0]), path[1:], value)
    return result


def _child(lines: list[str], at: int) -> int | None:
    """The number of the first line that belongs to the block of an entry; None where it has none."""
    column = _column(lines[at])
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        deeper = len(line) - len(line.lstrip()) > column
        return number if deeper else None
    return None


def _column(line: str) -> int:
    match = _ENTRY.match(line)
    return len(match["indent"]) if match else len(line) - len(line.lstrip())


def _insert(lines: list[str], at: int, path: tuple[str, ...], value: Any) -> None:
    """Puts `value` at a path below the entry at a line, whose block follows."""
    first = _child(lines, at)
    assert first is not None
    indent = len(lines[first]) - len(lines[first].lstrip())
    for number in range(first, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        column = len(line) - len(line.lstrip())
        if column < indent:
            break
        match = _ENTRY.match(line)
        if column == indent and match and match["key"].strip("\"'") == path[0]:
            *_, rest, _ = _entry(line)
            if len(path) == 1:
                _put(lines, number, json.dumps(value))
            elif _child(lines, number) is not None and not rest:
                _insert(lines, number, path[1:], value)
            else:
                _put(lines, number, json.dumps(_set(yaml.safe_load(rest), path[1:], value)))
            return
    lines.insert(first, " " * indent + _flow(path, value))


def _flow(path: tuple[str, ...], value: Any) -> str:
    inner = value if len(path) == 1 else _set({}, path[1:], value)
    return f"{path[0]}: {json.dumps(inner)}"


# --- templates


def _in_template(lines: list[str], at: int, repair: Repair) -> None:
    try:
        indent, key, rest, _ = _entry(lines[at])
    except CannotEditError:
        _instead(lines, at, repair)
        return
    if key in repair.path:
        number = repair.path.index(key)
        left = repair.path[number + 1 :]
        if not left:
            if repair.value is None:
                _delete(lines, at)
            else:
                _put(lines, at, json.dumps(repair.value))
        elif rest:
            known = yaml.safe_load(rest) if "{{" not in rest else {}
            _put(lines, at, json.dumps(_set(known, left, repair.value)))
        else:
            _below(lines, at, left, repair.value)
    elif key in repair.under and not rest:
        _below(lines, at, repair.path, repair.value)
    else:
        column = len(indent)
        new = _flow(repair.path, repair.value)
        lines[at : at + 1] = [f"{indent}{new}", " " * column + lines[at][column:]]


def _instead(lines: list[str], at: int, repair: Repair) -> None:
    """Puts a mapping in the place of an action that writes the value of the key above."""
    spaces = _SPACES.search(lines[at])
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    key = match["key"] if (match := _ENTRY.match(above)) else ""
    if not re.fullmatch(r"\s*\{\{-?[^{}]*toYaml[^{}]*\}\}\s*", lines[at]) or spaces is None or key not in repair.path:
        raise CannotEditError(f"no entry: {lines[at].strip()}")
    left = repair.path[repair.path.index(key) + 1 :]
    lines[at] = " " * int(spaces["n"] or spaces["m"]) + _flow(left, repair.value)


def _below(lines: list[str], at: int, path: tuple[str, ...], value: Any) -> None:
    """Puts `value` at a path below an entry of a template: as the first of its block."""
    column = _column(lines[at])
    indent = column + 2
    for number in range(at + 1, len(lines)):
        line = lines[number]
        written = line.lstrip()
        if not written or written.startswith("#"):
            continue
        spaces = _SPACES.search(line) if written.startswith("{{") else None
        match = _ENTRY.match(line)
        if match is not None and "{{" not in match["indent"] and len(match["indent"]) > column:
            indent = len(match["indent"])
            if match["key"] == path[0] and len(path) > 1:
                *_, rest, _ = _entry(line)
                if rest:
                    _put(lines, number, json.dumps(_set(yaml.safe_load(rest), path[1:], value)))
                else:
                    _below(lines, number, path[1:], value)
                return
        elif spaces is not None:
            indent = int(spaces["n"] or spaces["m"])
        elif written.startswith("{{"):
            continue
        break
    lines.insert(at + 1, " " * indent + _flow(path, value))


def _delete(lines: list[str], at: int) -> None:
    indent = _ENTRY.match(lines[at])["indent"]  # type: ignore[index]
    if "-" in indent:
        raise CannotEditError("the first entry of an item")
    del lines[at]
