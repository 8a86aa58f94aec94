"""ECS task definitions and services as the views `container`, `workload`, `port`, `mount` and `capability`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.core.views import VIEWS
from scanner.normalize.aws.inventory import Inventory, NotKnownError, value

TASK, SERVICE = "AWS::ECS::TaskDefinition", "AWS::ECS::Service"
NEEDS = {TASK: frozenset({"Family", "Revision"}), SERVICE: frozenset({"TaskDefinition"})}
"""What tells whether a task definition is one that runs."""
ITEM_VIEWS = frozenset({"container", "port", "mount", "capability"})
_MEBIBYTE = 1024 * 1024
_FINISHED = ("COMPLETE", "SUCCESS")
_HOST_MODES = ("host", "bridge")


def is_superseded(resource: Resource, inventory: Inventory) -> bool:
    """Whether a task definition is an old revision that no service runs; false where that is not known."""
    try:
        if inventory.near_with(SERVICE, resource, "TaskDefinition", resource.id):
            return False
        family, revision = value(resource, "Family"), value(resource, "Revision", 0)
        later = inventory.near_with(TASK, resource, "Family", family)
        return any(value(each, "Revision", 0) > revision for each in later)
    except (NotKnownError, TypeError):
        return False


def task_subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """The subjects of a task definition."""
    task = resource.attributes
    if "workload" in views:
        yield _workload_of_task(resource)
    definitions = task.get("ContainerDefinitions")
    if isinstance(definitions, Unknown):
        for view in sorted(views & ITEM_VIEWS):
            nothing: dict[str, Any] = {each.name: definitions for each in VIEWS[view].attributes.values()}
            yield Subject(view, resource, "", nothing, lambda _: ("ContainerDefinitions",))
        return
    containers = [each for each in _list(definitions) if isinstance(each, dict)]
    awaited = {
        link.get("ContainerName")
        for each in containers
        for link in _list(each.get("DependsOn"))
        if isinstance(link, dict) and link.get("Condition") in _FINISHED
    }
    for index, source in enumerate(containers):
        route: Route = ("ContainerDefinitions", index)
        name = str(source.get("Name", ""))
        parts = {
            "ports": _ports(task, source),
            "mounts": _mounts(task, source),
            "capabilities": _capabilities(source, "Add"),
        }
        if "container" in views:
            values = _container(task, source, init=name in awaited)
            values |= {key: parts[key] for key in ("ports", "mounts") if parts[key]}
            yield _subject("container", resource, name, values, route, _CONTAINER_ROUTES)
        if "port" in views:
            for number, port in enumerate(parts["ports"]):
                key = f"{name}/{port.get('container_port')}/{port['protocol']}"
                yield _subject("port", resource, key, port, (*route, "PortMappings", number))
        if "mount" in views:
            for number, mount in enumerate(parts["mounts"]):
                yield _subject(
                    "mount", resource, f"{name}/{mount.get('target', '')}", mount, (*route, "MountPoints", number)
                )
        if "capability" in views:
            for added in parts["capabilities"]:
                one = {"name": added, "container": name}
                yield _subject("capability", resource, f"{name}/{added}", one, (*route, "LinuxParameters"))


def service_subjects(resource: Resource, views: frozenset[str]) -> Iterator[Subject]:
    """A service as a workload: how many tasks run, and how they are replaced."""
    if "workload" not in views:
        return
    service = resource.attributes
    replicas = service.get("SchedulingStrategy") != "DAEMON"
    values = {
        "name": resource.name,
        "kind": "Service",
        "labels": service.get("Tags"),
        "replicas": service.get("DesiredCount") if replicas else None,
        "long_running": True,
        "scalable": replicas,
        "strategy": service.get("SchedulingStrategy"),
    }
    yield _subject("workload", resource, "", values, (), {"replicas": ("DesiredCount",)})


def _workload_of_task(resource: Resource) -> Subject:
    task = resource.attributes
    values = {
        "name": resource.name,
        "kind": "TaskDefinition",
        "labels": task.get("Tags"),
        "host_network": _is(task.get("NetworkMode"), "host"),
        "host_pid": _is(task.get("PidMode"), "host"),
        "host_ipc": _is(task.get("IpcMode"), "host"),
    }
    return _subject("workload", resource, "", values, (), _WORKLOAD_ROUTES)


def _is(found: Any, wanted: str) -> Any:
    return found if isinstance(found, Unknown) else found == wanted


_WORKLOAD_ROUTES: dict[str, Route] = {
    "host_network": ("NetworkMode",),
    "host_pid": ("PidMode",),
    "host_ipc": ("IpcMode",),
}
_CONTAINER_ROUTES: dict[str, Route] = {
    "image": ("Image",),
    "command": ("EntryPoint",),
    "arguments": ("Command",),
    "user": ("User",),
    "privileged": ("Privileged",),
    "read_only_root_filesystem": ("ReadonlyRootFilesystem",),
    "memory_limit": ("Memory",),
    "memory_request": ("MemoryReservation",),
    "cpu_limit": ("Cpu",),
    "cpu_request": ("Cpu",),
    "health_check": ("HealthCheck",),
    "environment": ("Environment",),
    "ports": ("PortMappings",),
    "mounts": ("MountPoints",),
    "logging_driver": ("LogConfiguration", "LogDriver"),
    "logging_options": ("LogConfiguration", "Options"),
    "security_options": ("DockerSecurityOptions",),
    "allow_privilege_escalation": ("DockerSecurityOptions",),
    "capabilities_add": ("LinuxParameters", "Capabilities", "Add"),
    "capabilities_drop": ("LinuxParameters", "Capabilities", "Drop"),
}


def _container(task: dict[str, Any], source: dict[str, Any], *, init: bool) -> dict[str, Any]:
    """The attributes of one container of a task. What the task may use at most bounds it too."""
    linux, log = _map(source.get("LinuxParameters")), _map(source.get("LogConfiguration"))
    options = source.get("DockerSecurityOptions")
    return {
        "name": source.get("Name"),
        "kind": "init" if init else "container",
        "namespace": "",
        "workload_kind": "FargateTask" if "FARGATE" in _list(task.get("RequiresCompatibilities")) else "Task",
        "image": source.get("Image"),
        "command": source.get("EntryPoint"),
        "arguments": source.get("Command"),
        "user": source.get("User") or None,
        "privileged": source.get("Privileged", False),
        "allow_privilege_escalation": False
        if any("no-new-privileges" in str(each) for each in _list(options))
        else None,
        "read_only_root_filesystem": source.get("ReadonlyRootFilesystem", False),
        "capabilities_add": _capabilities(source, "Add"),
        "capabilities_drop": _capabilities(source, "Drop"),
        "devices": [str(each.get("HostPath")) for each in _list(linux.get("Devices")) if isinstance(each, dict)],
        "cpu_limit": _least(_cpu(task.get("Cpu")), None) or _cpu(source.get("Cpu")),
        "memory_limit": _least(_memory(source.get("Memory")), _memory(task.get("Memory"))),
        "cpu_request": _cpu(source.get("Cpu")),
        "memory_request": _memory(source.get("MemoryReservation")),
        "health_check": _probe(source.get("HealthCheck")),
        "essential": source.get("Essential", True),
        "environment": _environment(source),
        "network_mode": task.get("NetworkMode"),
        "logging_driver": log.get("LogDriver"),
        "logging_options": log.get("Options"),
        "labels": source.get("DockerLabels"),
        "secrets": [str(each.get("Name")) for each in _list(source.get("Secrets")) if isinstance(each, dict)],
        "init": linux.get("InitProcessEnabled"),
        "security_options": options,
        "stop_grace_period": _milliseconds(source.get("StopTimeout")),
    }


def _environment(source: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for each in _list(source.get("Environment")):
        if isinstance(each, dict):
            entry = {"name": each.get("Name"), "value": each.get("Value"), "source": "literal"}
            found.append({key: item for key, item in entry.items() if item is not None})
    return found


def _ports(task: dict[str, Any], source: dict[str, Any]) -> list[dict[str, Any]]:
    """Ports on the host where tasks use the host's network or a bridge; else those of the task's own address."""
    mode = task.get("NetworkMode", "bridge")
    found = []
    for each in _list(source.get("PortMappings")):
        if not isinstance(each, dict):
            continue
        port = {
            "container_port": each.get("ContainerPort", 0),
            "protocol": each.get("Protocol", "tcp"),
            "published": mode if isinstance(mode, Unknown) else mode in _HOST_MODES,
            "host_port": each.get("HostPort", 0),
            "host_ip": "",
            "name": each.get("Name"),
            "container": source.get("Name"),
            "image": source.get("Image"),
        }
        found.append({key: item for key, item in port.items() if item is not None})
    return found


def _mounts(task: dict[str, Any], source: dict[str, Any]) -> list[dict[str, Any]]:
    volumes = {each.get("Name"): each for each in _list(task.get("Volumes")) if isinstance(each, dict)}
    found = []
    for each in _list(source.get("MountPoints")):
        if not isinstance(each, dict):
            continue
        volume = volumes.get(each.get("SourceVolume"), {})
        path = _map(volume.get("Host")).get("SourcePath")
        mount = {
            "kind": "bind" if path else "volume" if len(volume) > 1 and "Host" not in volume else "empty_dir",
            "source": path or each.get("SourceVolume"),
            "target": each.get("ContainerPath"),
            "read_only": each.get("ReadOnly", False),
            "container": source.get("Name"),
            "image": source.get("Image"),
        }
        found.append({key: item for key, item in mount.items() if item is not None})
    return found


def _capabilities(source: dict[str, Any], key: str) -> list[Any]:
    names = _list(_map(_map(source.get("LinuxParameters")).get("Capabilities")).get(key))
    return [each.upper().removeprefix("CAP_") if isinstance(each, str) else each for each in names]


def _probe(check: Any) -> Any:
    if not isinstance(check, dict):
        return check
    words = _list(check.get("Command"))
    first = words[0] if words else ""
    kind = first if isinstance(first, Unknown) else {"CMD": "command", "CMD-SHELL": "shell", "": "none"}.get(first)
    found = {
        "kind": kind or "none",
        "command": words[1:],
        "interval": _milliseconds(check.get("Interval")),
        "timeout": _milliseconds(check.get("Timeout")),
        "retries": check.get("Retries"),
        "start_period": _milliseconds(check.get("StartPeriod")),
        "disabled": first == "NONE",
    }
    return {key: item for key, item in found.items() if item is not None}


def _cpu(units: Any) -> Any:
    """Millicores of ECS's units, 1024 a processor; absent where nothing is reserved."""
    if isinstance(units, str) and units.isascii() and units.isdigit():
        units = int(units)
    return units * 1000 // 1024 if isinstance(units, int) and units else units if isinstance(units, Unknown) else None


def _memory(mebibytes: Any) -> Any:
    if isinstance(mebibytes, str) and mebibytes.isascii() and mebibytes.isdigit():
        mebibytes = int(mebibytes)
    if isinstance(mebibytes, int) and mebibytes:
        return mebibytes * _MEBIBYTE
    return mebibytes if isinstance(mebibytes, Unknown) else None


def _least(one: Any, other: Any) -> Any:
    numbers = [each for each in (one, other) if isinstance(each, int)]
    return min(numbers) if numbers else next((each for each in (one, other) if each is not None), None)


def _milliseconds(seconds: Any) -> Any:
    return seconds * 1000 if isinstance(seconds, int) else seconds


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _map(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _subject(
    view: str,
    resource: Resource,
    key: str,
    values: dict[str, Any],
    route: Route,
    below: dict[str, Route] | None = None,
) -> Subject:
    kept = {name: each for name, each in values.items() if each is not None}
    inner = below or {}
    return Subject(view, resource, key, kept, lambda attribute: (*route, *inner.get(attribute.partition(".")[0], ())))
