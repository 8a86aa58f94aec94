"""A Compose service as a container and as a workload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scanner.core.resource import Subject
from scanner.core.route import Route
from scanner.core.unknown import Unknown
from scanner.normalize.compose import items
from scanner.normalize.compose.neighbours import Neighbours
from scanner.normalize.values import (
    ABSENT,
    Fields,
    element,
    flag,
    mapping,
    millicores,
    milliseconds,
    sequence,
    text,
    text_map,
    texts,
    whole,
)

_LIMITS: Route = ("deploy", "resources", "limits")
_RESERVATIONS: Route = ("deploy", "resources", "reservations")

_Conversion = Callable[[Any], Any]
_CONTAINER: tuple[tuple[str, _Conversion, tuple[Route, ...]], ...] = (
    ("image", text, (("image",),)),
    ("pull_policy", text, (("pull_policy",),)),
    ("command", texts, (("entrypoint",),)),
    ("arguments", texts, (("command",),)),
    ("user", text, (("user",),)),
    ("privileged", flag, (("privileged",),)),
    ("read_only_root_filesystem", flag, (("read_only",),)),
    ("cpu_limit", millicores, ((*_LIMITS, "cpus"), ("cpus",))),
    ("memory_limit", whole, ((*_LIMITS, "memory"), ("mem_limit",))),
    ("pids_limit", whole, ((*_LIMITS, "pids"), ("pids_limit",))),
    ("cpu_request", millicores, ((*_RESERVATIONS, "cpus"),)),
    ("memory_request", whole, ((*_RESERVATIONS, "memory"), ("mem_reservation",))),
    ("restart", text, (("restart",), ("deploy", "restart_policy", "condition"))),
    ("network_mode", text, (("network_mode",),)),
    ("logging_driver", text, (("logging", "driver"),)),
    ("logging_options", text_map, (("logging", "options"),)),
    ("labels", text_map, (("labels",),)),
    ("profiles", texts, (("profiles",),)),
    ("init", flag, (("init",),)),
    ("security_options", texts, (("security_opt",),)),
    ("stop_grace_period", milliseconds, (("stop_grace_period",),)),
    ("cgroup_parent", text, (("cgroup_parent",),)),
)
"""Attribute, conversion, and the routes that it may stand at: the first that is there counts, the first is named
where none is."""

_PROBE_ROUTES = {
    "command": "test",
    "interval": "interval",
    "timeout": "timeout",
    "retries": "retries",
    "start_period": "start_period",
    "disabled": "disable",
    "kind": "test",
}


def container(parts: items.ServiceItems, neighbours: Neighbours) -> Subject:
    """The service as the view `container`."""
    resource = parts.resource
    service = mapping(resource.attributes)
    fields = Fields()
    put = fields.put
    put("name", resource.name, ())
    put("kind", "service", ())
    put("workload_kind", "service", ())
    put("built", True if "build" in service else ABSENT, ("build",))
    put("image_health_check", flag(service.get("x_image_health_check")), ("build",))
    put("run_once", neighbours.run_once(resource.name), ())
    for name, convert, routes in _CONTAINER:
        route, value = _first(service, routes)
        put(name, convert(value), route)
    put("capabilities_add", _capabilities(service.get("cap_add")), ("cap_add",))
    put("capabilities_drop", _capabilities(service.get("cap_drop")), ("cap_drop",))
    put("devices", texts(service.get("devices"), "source"), ("devices",))
    put("health_check", _probe(service.get("healthcheck")), ("healthcheck",))
    put("secrets", texts(service.get("secrets"), "source"), ("secrets",))
    put("environment_files", texts(service.get("env_file"), "path"), ("env_file",))
    put("networks", items.joined_networks(service), ("networks",))
    _security_options(service, fields)
    for attribute, view in (
        ("environment", "environment_variable"),
        ("ports", "port"),
        ("mounts", "mount"),
        ("depends_on", "dependency"),
    ):
        put(attribute, parts.values(view), (items.KEYS[attribute],))
    return Subject("container", resource, "", fields.values, _router(fields.routes))


def workload(parts: items.ServiceItems, neighbours: Neighbours, own: Subject) -> Subject:
    """The service as the view `workload`; `own` is its container."""
    resource = parts.resource
    service = mapping(resource.attributes)
    deploy = mapping(service.get("deploy"))
    fields = Fields()
    put = fields.put
    put("name", resource.name, ())
    put("kind", "service", ())
    route, replicas = _first(service, (("deploy", "replicas"), ("scale",)))
    put("replicas", whole(replicas), route)
    mode = deploy.get("mode")
    put("long_running", not (service.get("restart") == "no" or mode in ("replicated-job", "global-job")), ("restart",))
    put("scalable", mode not in ("global", "global-job") and "container_name" not in service, ("container_name",))
    network_mode = service.get("network_mode")
    put("host_network", _equals(network_mode, "host"), ("network_mode",))
    put("host_pid", _equals(service.get("pid"), "host"), ("pid",))
    put("host_ipc", _equals(service.get("ipc"), "host"), ("ipc",))
    put("host_uts", _equals(service.get("uts"), "host"), ("uts",))
    put("host_users", _equals(service.get("userns_mode"), "host"), ("userns_mode",))
    put("pod_labels", text_map(service.get("labels")), ("labels",))
    put("labels", text_map(deploy.get("labels")), ("deploy", "labels"))
    put("annotations", text_map(service.get("annotations")), ("annotations",))
    put("termination_grace_period", milliseconds(service.get("stop_grace_period")), ("stop_grace_period",))
    put("sysctls", sorted(mapping(service.get("sysctls"))) or ABSENT, ("sysctls",))
    order = mapping(deploy.get("update_config")).get("order")
    put("strategy", text(order), ("deploy", "update_config", "order"))
    preferences = sequence(mapping(deploy.get("placement")).get("preferences"))
    spread = [{"topology_key": element(one["spread"])} for one in preferences if mapping(one).get("spread")]
    put("topology_spread", spread or ABSENT, ("deploy", "placement", "preferences"))
    put("containers", [own.values], ())
    put("volumes", parts.values("mount"), ("volumes",))
    joined = items.joined_networks(service)
    put("networks", [neighbours.networks.get(name, {"name": name}) for name in joined], ("networks",))
    put("dependents", neighbours.dependents(resource.name), ())
    put("exposed_neighbours", neighbours.exposed_neighbours(resource.name), ("networks",))
    return Subject("workload", resource, "", fields.values, _router(fields.routes))


def _router(routes: dict[str, Route]) -> Callable[[str], Route]:
    def route_of(attribute: str) -> Route:
        if not attribute:
            return ()
        head, _, rest = attribute.partition(".")
        base = routes.get(head, ())
        if head == "health_check" and rest in _PROBE_ROUTES:
            return (*base, _PROBE_ROUTES[rest])
        return base

    return route_of


def _first(service: dict[str, Any], routes: tuple[Route, ...]) -> tuple[Route, Any]:
    for route in routes:
        value: Any = service
        for step in route:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return route, value
    return routes[0], ABSENT


def _equals(value: Any, expected: str) -> Any:
    word = text(value)
    if isinstance(word, str):
        return word == expected
    return ABSENT if word is ABSENT else getattr(word, "unknown", word)


def _capabilities(value: Any) -> Any:
    names = texts(value)
    if not isinstance(names, list):
        return names
    return [name.upper().removeprefix("CAP_") if isinstance(name, str) else name for name in names]


def _probe(value: Any) -> Any:
    if value is None:
        return ABSENT
    if isinstance(value, Unknown):
        return value
    check = mapping(value)
    test = texts(check.get("test"))
    probe: dict[str, Any] = {"kind": "none"}
    if isinstance(test, list) and test and isinstance(test[0], str):
        probe["kind"] = {"CMD": "command", "CMD-SHELL": "shell"}.get(test[0], "none")
        probe["command"] = test[1:]
    elif isinstance(test, Unknown):
        probe["kind"] = probe["command"] = test
    disabled = flag(check.get("disable"))
    switched_off = test == ["NONE"] or (isinstance(test, list) and test[:1] == ["NONE"])
    probe["disabled"] = True if switched_off else (False if disabled is ABSENT else disabled)
    for name in ("interval", "timeout", "start_period"):
        duration = milliseconds(check.get(name))
        if duration is not ABSENT:
            probe[name] = duration
    retries = whole(check.get("retries"))
    if retries is not ABSENT:
        probe["retries"] = retries
    return probe


def _security_options(service: dict[str, Any], fields: Fields) -> None:
    """`no-new-privileges`, `seccomp`, `apparmor` and `label` stand as texts in one list; `=` and `:` both separate."""
    options = texts(service.get("security_opt"))
    at: Route = ("security_opt",)
    for attribute in ("allow_privilege_escalation", "seccomp_profile", "apparmor_profile", "selinux_disabled"):
        fields.put(attribute, options if isinstance(options, Unknown) else ABSENT, at)
    if not isinstance(options, list):
        return
    for index, option in enumerate(options):
        if not isinstance(option, str):
            continue
        name, value = _split_option(option)
        route: Route = ("security_opt", index)
        if name == "no-new-privileges":
            fields.put("allow_privilege_escalation", value.lower() == "false", route)
        elif name == "seccomp":
            fields.put("seccomp_profile", value, route)
        elif name == "apparmor":
            fields.put("apparmor_profile", value, route)
        elif name == "label" and value == "disable":
            fields.put("selinux_disabled", True, route)


def _split_option(option: str) -> tuple[str, str]:
    for index, character in enumerate(option):
        if character in "=:":
            return option[:index], option[index + 1 :]
    return option, ""
