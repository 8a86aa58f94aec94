"""The lists inside a container: its environment, ports, mounts and capabilities, each item with its route."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.kubernetes.fields import flag, look_up, malformed, text, texts, whole
from scanner.normalize.kubernetes.fields import image as image_reference
from scanner.normalize.kubernetes.pods import Pod
from scanner.normalize.values import mapping, sequence

Items = list[tuple[dict[str, Any], Route]]
"""The attributes of each item, and its route."""


@dataclass(slots=True)
class Parts:
    """A container of a pod and what was built of it so far. `flaw`: it is no mapping."""

    pod: Pod
    name: str
    source: dict[str, Any]
    route: Route
    values: dict[str, Any] = field(default_factory=dict)
    environment: Items | Unknown = field(default_factory=list)
    ports: Items | Unknown = field(default_factory=list)
    mounts: Items | Unknown = field(default_factory=list)
    flaw: Unknown | None = None


_SOURCES = {
    "secretKeyRef": "secret",
    "configMapKeyRef": "config_map",
    "fieldRef": "field",
    "resourceFieldRef": "field",
    "fileKeyRef": "env_file",
}
_VOLUME_KINDS = {
    "hostPath": "bind",
    "emptyDir": "empty_dir",
    "persistentVolumeClaim": "claim",
    "ephemeral": "claim",
    "secret": "secret",
    "configMap": "config",
    "projected": "projected",
    "downwardAPI": "projected",
    "csi": "csi",
    "image": "image",
}
_PROPAGATION = {"None": "private", "HostToContainer": "rslave", "Bidirectional": "rshared"}


def nothing_known(view: str, value: Any, container: str) -> dict[str, Any]:
    """The attributes of an item that is no mapping."""
    unknown = malformed(value, "a mapping")
    values: dict[str, Any] = dict.fromkeys(VIEWS[view].attributes, unknown)
    if "container" in values:
        values["container"] = container
    return values


def environment(parts: Parts) -> Items | Unknown:
    """`env`, then one item for each source of `envFrom`, whose variables' names are not known here."""
    env, sources = parts.source.get("env"), parts.source.get("envFrom")
    found: Items = []
    for key, value in (("env", env), ("envFrom", sources)):
        if value is not None and not isinstance(value, list):
            return malformed(value, "a list")
        for index, entry in enumerate(value or ()):
            route = (*parts.route, key, index)
            if not isinstance(entry, dict):
                found.append((nothing_known("environment_variable", entry, parts.name), route))
            elif key == "env":
                found.append((_variable(entry, parts.name), route))
            else:
                found.append(({"source": "inherited", "container": parts.name}, route))
    return found


def _variable(entry: dict[str, Any], container: str) -> dict[str, Any]:
    values: dict[str, Any] = {"name": text(entry.get("name")), "source": "literal", "container": container}
    value, origin = entry.get("value"), entry.get("valueFrom")
    if origin is None:
        values["value"] = "" if value is None else text(value)
    elif isinstance(origin, dict):
        values["source"] = next((word for key, word in _SOURCES.items() if origin.get(key) is not None), "inherited")
    else:
        values["source"] = values["value"] = malformed(origin, "a mapping")
    return values


def ports(parts: Parts) -> Items | Unknown:
    """`ports`; on the host's network each of them is published."""
    value = parts.source.get("ports")
    if value is None:
        return []
    if not isinstance(value, list):
        return malformed(value, "a list")
    on_host = parts.pod.spec.get("hostNetwork") is True
    image = parts.source.get("image")
    image = None if image is None else image_reference(image)
    found: Items = []
    for index, entry in enumerate(value):
        route = (*parts.route, "ports", index)
        if not isinstance(entry, dict):
            found.append((nothing_known("port", entry, parts.name), route))
            continue
        number = whole(entry.get("containerPort"))
        values: dict[str, Any] = {"container_port": number, "container": parts.name}
        protocol, host_port, host_ip, name = map(entry.get, ("protocol", "hostPort", "hostIP", "name"))
        word = "TCP" if protocol is None else text(protocol)
        values["protocol"] = word.lower() if isinstance(word, str) else word
        if host_port is not None and host_port != 0:
            values["host_port"] = whole(host_port)
            values["published"] = values["host_port"] if isinstance(values["host_port"], Unknown) else True
        else:
            values["published"] = on_host
            if on_host:
                values["host_port"] = number
        if host_ip is not None:
            values["host_ip"] = text(host_ip)
        if name is not None:
            values["name"] = text(name)
        if image is not None:
            values["image"] = image
        found.append((values, route))
    return found


def mounts(parts: Parts) -> Items | Unknown:
    """`volumeMounts`, each joined with its volume, then `volumeDevices`."""
    found: Items = []
    for key, path_key in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
        value = parts.source.get(key)
        if value is None:
            continue
        if not isinstance(value, list):
            return malformed(value, "a list")
        for index, entry in enumerate(value):
            route = (*parts.route, key, index)
            if not isinstance(entry, dict):
                found.append((nothing_known("mount", entry, parts.name), route))
                continue
            values = _volume_of(parts.pod, entry.get("name"))
            values["target"] = text(entry.get(path_key))
            read_only, propagation = entry.get("readOnly"), entry.get("mountPropagation")
            values["read_only"] = False if read_only is None else flag(read_only)
            if propagation is not None:
                word = text(propagation)
                values["propagation"] = _PROPAGATION.get(word, word) if isinstance(word, str) else word
            values["container"] = parts.name
            if parts.source.get("image") is not None:
                values["image"] = text(parts.source["image"])
            found.append((values, route))
    return found


def _volume_of(pod: Pod, name: Any) -> dict[str, Any]:
    if not isinstance(name, str):
        unknown = malformed(name, "a text")
        return {"kind": unknown, "source": unknown}
    _, volume = pod.volumes.get(name, (0, None))
    if volume is not None:
        return volume_values(volume)
    claims = sequence(look_up(pod.resource.attributes, ("spec", "volumeClaimTemplates")))
    claimed = any(look_up(claim, ("metadata", "name")) == name for claim in claims)
    return {"kind": "claim" if claimed else "other", "source": name}


def volume_values(volume: dict[str, Any]) -> dict[str, Any]:
    """`kind` and `source` of a volume: the path of a hostPath, else the volume's name."""
    for key, kind in _VOLUME_KINDS.items():
        details = volume.get(key)
        if details is None:
            continue
        if not isinstance(details, dict):
            unknown = malformed(details, "a mapping")
            return {"kind": unknown, "source": unknown}
        return {"kind": kind, "source": text(details.get("path") if kind == "bind" else volume.get("name"))}
    return {"kind": "other", "source": text(volume.get("name"))}


def volumes(pod: Pod, parts: list[Parts]) -> Items | Unknown:
    """The volumes of a pod. `read_only` where every mount of it is, or where its source says so."""
    value = pod.spec.get("volumes")
    if value is None:
        return []
    if not isinstance(value, list):
        return malformed(value, "a list")
    uses: dict[str, list[Any]] = {}
    for part in parts:
        for item, route in part.mounts if isinstance(part.mounts, list) else ():
            name = mapping(part.source[str(route[-2])][route[-1]]).get("name")
            if isinstance(name, str):
                uses.setdefault(name, []).append(item.get("read_only"))
    found: Items = []
    for index, volume in enumerate(value):
        route = (*pod.spec_route, "volumes", index)
        if not isinstance(volume, dict):
            found.append((nothing_known("mount", volume, ""), route))
            continue
        values = volume_values(volume)
        values["container"] = ""
        source_says = any(mapping(details).get("readOnly") is True for details in volume.values())
        name = volume.get("name")
        modes = uses.get(name) if isinstance(name, str) else None
        if source_says or modes:
            unknown = next((mode for mode in modes or () if isinstance(mode, Unknown)), None)
            values["read_only"] = source_says or unknown or all(mode is True for mode in modes or ())
        found.append((values, route))
    return found


def capability_names(value: Any) -> Any:
    """Names of capabilities in upper case, without CAP_."""
    names = texts(value)
    if not isinstance(names, list):
        return names
    return [name.upper().removeprefix("CAP_") if isinstance(name, str) else name for name in names]


def secrets(parts: Parts) -> list[str]:
    """The names of the Secrets that are mounted into the container."""
    found = []
    for mount in sequence(parts.source.get("volumeMounts")):
        name = mapping(mount).get("name")
        _, volume = parts.pod.volumes.get(name, (0, None)) if isinstance(name, str) else (0, None)
        if volume is None:
            continue
        found.append(mapping(volume.get("secret")).get("secretName"))
        found += [
            mapping(mapping(source).get("secret")).get("name")
            for source in sequence(mapping(volume.get("projected")).get("sources"))
        ]
    return list(dict.fromkeys(name for name in found if isinstance(name, str)))
