"""A resolved Compose project as subjects: values, routes and keys, and what happens to values that do not fit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.core.location import Location, Place
from scanner.core.resource import Resource, Subject
from scanner.core.route import Route
from scanner.core.unknown import PartialText, Unknown
from scanner.core.views import VIEWS
from scanner.normalize.compose import project_subjects

ALL = frozenset(VIEWS)


class Anywhere:
    def locate(self, route: Route) -> Place:
        return Place(Location("compose.yaml"), exists=True)


def subjects(project: dict[str, Any], views: frozenset[str] = ALL) -> list[Subject]:
    services = project.get("services", {})
    resources = [
        Resource("compose/service", name, body, Anywhere(), "compose")
        for name, body in (services.items() if isinstance(services, dict) else ())
    ]
    resources.append(Resource("compose/project", project.get("name", "p"), project, Anywhere(), "compose"))
    return list(project_subjects(resources, views))


def only(view: str, service: dict[str, Any], **project: Any) -> list[Subject]:
    found = subjects({"services": {"web": service}, **project}, frozenset({view}))
    return [subject for subject in found if subject.resource.type == "compose/service"]


LIMITS = ("deploy", "resources", "limits")
CONTAINER: list[tuple[dict[str, Any], str, Any, Route]] = [
    ({"image": "nginx:1"}, "image", "nginx:1", ("image",)),
    ({"build": {"context": "."}}, "built", True, ("build",)),
    ({"image": "x"}, "built", None, ("build",)),
    ({"entrypoint": ["sh"]}, "command", ["sh"], ("entrypoint",)),
    ({"command": ["a", "b"]}, "arguments", ["a", "b"], ("command",)),
    ({"user": "1000:1000"}, "user", "1000:1000", ("user",)),
    ({"privileged": True}, "privileged", True, ("privileged",)),
    ({"read_only": True}, "read_only_root_filesystem", True, ("read_only",)),
    ({"cap_add": ["CAP_sys_admin", "NET_RAW"]}, "capabilities_add", ["SYS_ADMIN", "NET_RAW"], ("cap_add",)),
    ({"cap_drop": ["all"]}, "capabilities_drop", ["ALL"], ("cap_drop",)),
    ({"security_opt": ["no-new-privileges:true"]}, "allow_privilege_escalation", False, ("security_opt", 0)),
    ({"security_opt": ["no-new-privileges=false"]}, "allow_privilege_escalation", True, ("security_opt", 0)),
    ({"security_opt": ["no-new-privileges"]}, "allow_privilege_escalation", False, ("security_opt", 0)),
    ({}, "allow_privilege_escalation", None, ("security_opt",)),
    ({"security_opt": ["x", "seccomp:unconfined"]}, "seccomp_profile", "unconfined", ("security_opt", 1)),
    ({"security_opt": ["apparmor=unconfined"]}, "apparmor_profile", "unconfined", ("security_opt", 0)),
    ({"security_opt": ["label:disable"]}, "selinux_disabled", True, ("security_opt", 0)),
    ({"devices": [{"source": "/dev/sda", "target": "/dev/x"}]}, "devices", ["/dev/sda"], ("devices",)),
    ({"deploy": {"resources": {"limits": {"cpus": 0.5}}}}, "cpu_limit", 500, (*LIMITS, "cpus")),
    ({"cpus": 1.5}, "cpu_limit", 1500, ("cpus",)),
    ({}, "cpu_limit", None, (*LIMITS, "cpus")),
    ({"mem_limit": "536870912"}, "memory_limit", 536870912, ("mem_limit",)),
    ({"deploy": {"resources": {"limits": {"memory": "1024"}}}}, "memory_limit", 1024, (*LIMITS, "memory")),
    ({"pids_limit": 100}, "pids_limit", 100, ("pids_limit",)),
    ({"stop_grace_period": "1m0s"}, "stop_grace_period", 60_000, ("stop_grace_period",)),
    ({"logging": {"driver": "none"}}, "logging_driver", "none", ("logging", "driver")),
    ({"networks": {"b": None, "a": None}}, "networks", ["a", "b"], ("networks",)),
    ({}, "networks", ["default"], ("networks",)),
    ({"network_mode": "host"}, "networks", [], ("networks",)),
    ({"secrets": [{"source": "s"}]}, "secrets", ["s"], ("secrets",)),
    ({"env_file": [{"path": "a.env"}]}, "environment_files", ["a.env"], ("env_file",)),
    ({"healthcheck": {"test": ["CMD", "x"]}}, "health_check", {"kind": "command", "command": ["x"], "disabled": False}, ("healthcheck",)),
    ({"healthcheck": {"test": ["CMD-SHELL", "x || exit 1"], "interval": "1m30s", "timeout": "5s", "retries": 3, "start_period": "10s"}},
     "health_check",
     {"kind": "shell", "command": ["x || exit 1"], "disabled": False, "interval": 90_000, "timeout": 5_000, "retries": 3, "start_period": 10_000},
     ("healthcheck",)),
    ({"healthcheck": {"test": ["NONE"]}}, "health_check", {"kind": "none", "command": [], "disabled": True}, ("healthcheck",)),
    ({"healthcheck": {"disable": True}}, "health_check", {"kind": "none", "disabled": True}, ("healthcheck",)),
    ({"image": Unknown("X has no value")}, "image", Unknown("X has no value"), ("image",)),
    ({"image": PartialText((Unknown("X"), "/a:1"))}, "image", PartialText((Unknown("X"), "/a:1")), ("image",)),
    ({"privileged": PartialText((Unknown("X"),))}, "privileged", Unknown("X"), ("privileged",)),
    ({"mem_limit": "plenty"}, "memory_limit", Unknown("a whole number was expected here", "failed"), ("mem_limit",)),
    ({"privileged": "maybe"}, "privileged", Unknown("true or false was expected here", "failed"), ("privileged",)),
    ({"cap_add": "ALL"}, "capabilities_add", Unknown("a list was expected here", "failed"), ("cap_add",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "attribute", "value", "route"), CONTAINER, ids=[f"{n}-{row[1]}" for n, row in enumerate(CONTAINER)]
)
def test_container(service: dict[str, Any], attribute: str, value: Any, route: Route) -> None:
    (subject,) = only("container", service)
    assert subject.values.get(attribute) == value
    assert (attribute in subject.values) is (value is not None)
    assert subject.route_of(attribute) == route


def test_routes_inside_the_health_check() -> None:
    (subject,) = only("container", {"healthcheck": {"test": ["NONE"]}})
    assert subject.route_of("health_check.interval") == ("healthcheck", "interval")
    assert subject.route_of("health_check.command") == ("healthcheck", "test")
    assert subject.route_of("") == ()


WORKLOAD: list[tuple[dict[str, Any], str, Any, Route]] = [
    ({"deploy": {"replicas": 3}}, "replicas", 3, ("deploy", "replicas")),
    ({"scale": 2}, "replicas", 2, ("scale",)),
    ({}, "replicas", None, ("deploy", "replicas")),
    ({"restart": "no"}, "long_running", False, ("restart",)),
    ({}, "long_running", True, ("restart",)),
    ({"container_name": "x"}, "scalable", False, ("container_name",)),
    ({"network_mode": "host"}, "host_network", True, ("network_mode",)),
    ({"network_mode": "bridge"}, "host_network", False, ("network_mode",)),
    ({"network_mode": PartialText((Unknown("X"), "t"))}, "host_network", Unknown("X"), ("network_mode",)),
    ({"pid": "host"}, "host_pid", True, ("pid",)),
    ({"ipc": "host"}, "host_ipc", True, ("ipc",)),
    ({"uts": "host"}, "host_uts", True, ("uts",)),
    ({"userns_mode": "host"}, "host_users", True, ("userns_mode",)),
    ({"sysctls": {"net.core.somaxconn": "1"}}, "sysctls", ["net.core.somaxconn"], ("sysctls",)),
]


@pytest.mark.parametrize(("service", "attribute", "value", "route"), WORKLOAD)
def test_workload(service: dict[str, Any], attribute: str, value: Any, route: Route) -> None:
    (subject,) = only("workload", service)
    assert subject.values.get(attribute) == value
    assert (attribute in subject.values) is (value is not None)
    assert subject.route_of(attribute) == route


def rows(found: list[Subject]) -> list[tuple[str, dict[str, Any], Route]]:
    return [(subject.key, subject.values, subject.route_of("")) for subject in found]


def test_environment_and_its_files() -> None:
    service = {
        "environment": {"A": "1", "B": None, "C": PartialText(("x", Unknown("Y")))},
        "x_env_file_entries": [{"name": "A", "value": "file"}, {"name": "D", "value": "4"}],
        "x_written": {"environment": {"A": "${_}", "B": None, "C": PartialText(("x", Unknown("Y")))}},
    }
    from_file = {"name": "D", "value": "4", "source": "env_file", "container": "web", "ignored": False}
    assert rows(only("environment_variable", service)) == [
        ("A", {"name": "A", "value": "${_}", "source": "literal", "container": "web"}, ("environment", "A")),
        ("B", {"name": "B", "source": "inherited", "container": "web"}, ("environment", "B")),
        (
            "C",
            {"name": "C", "value": PartialText(("x", Unknown("Y"))), "source": "literal", "container": "web"},
            ("environment", "C"),
        ),
        ("D", from_file, ("x_env_file_entries", 1)),
    ]


def test_the_files_that_variables_come_from() -> None:
    entries = [{"name": "A", "value": "1", "ignored": True}, {"name": "B", "value": "2", "ignored": False}]
    found = subjects({"name": "shop", "x_variable_file_entries": entries}, frozenset({"environment_variable"}))
    assert rows(found) == [
        (
            name,
            {"name": name, "value": value, "source": "env_file", "container": "shop", "ignored": ignored},
            ("x_variable_file_entries", index),
        )
        for index, (name, value, ignored) in enumerate([("A", "1", True), ("B", "2", False)])
    ]


def test_ports() -> None:
    service = {
        "image": "x",
        "ports": [
            {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp", "host_ip": "127.0.0.1"},
            {"target": 81, "published": "90-99", "protocol": "udp", "name": "n"},
            PartialText((Unknown("PORT"), ":80")),
        ],
        "expose": ["9000", "53/udp"],
    }
    both = {"container": "web", "image": "x"}
    unknown = Unknown("PORT")
    assert rows(only("port", service)) == [
        ("80/tcp", {"container_port": 80, "protocol": "tcp", "published": True, "host_port": 8080, "host_ip": "127.0.0.1", **both}, ("ports", 0)),
        ("81/udp", {"container_port": 81, "protocol": "udp", "published": True, "host_port": 0, "host_ip": "", "name": "n", **both}, ("ports", 1)),
        ("", {"container_port": unknown, "host_port": unknown, "host_ip": unknown, "protocol": unknown, "published": True, **both}, ("ports", 2)),
        ("expose 9000/tcp", {"container_port": 9000, "protocol": "tcp", "published": False, **both}, ("expose", 0)),
        ("expose 53/udp", {"container_port": 53, "protocol": "udp", "published": False, **both}, ("expose", 1)),
    ]  # fmt: skip


def test_mounts() -> None:
    service = {
        "volumes": [
            {"type": "bind", "source": "/", "target": "/host", "read_only": True, "bind": {"propagation": "rshared"}},
            {"type": "volume", "target": "/data"},
            {"type": "npipe", "source": "x", "target": "y"},
        ],
        "tmpfs": ["/run", "/tmp:ro,size=1m"],
    }
    assert rows(only("mount", service)) == [
        ("/host", {"kind": "bind", "source": "/", "target": "/host", "read_only": True, "propagation": "rshared", "container": "web"}, ("volumes", 0)),
        ("/data", {"kind": "volume", "target": "/data", "read_only": False, "container": "web"}, ("volumes", 1)),
        ("y", {"kind": "other", "source": "x", "target": "y", "read_only": False, "container": "web"}, ("volumes", 2)),
        ("/run", {"kind": "tmpfs", "target": "/run", "read_only": False, "container": "web"}, ("tmpfs", 0)),
        ("/tmp", {"kind": "tmpfs", "target": "/tmp", "read_only": True, "options": ["ro", "size=1m"], "container": "web"}, ("tmpfs", 1)),
    ]  # fmt: skip


def test_capabilities() -> None:
    assert rows(only("capability", {"cap_add": ["CAP_SYS_ADMIN"]})) == [
        ("SYS_ADMIN", {"name": "SYS_ADMIN", "container": "web"}, ("cap_add", 0))
    ]


def test_dependencies_know_the_health_of_the_other_service() -> None:
    project = {
        "services": {
            "web": {"depends_on": {"db": {"condition": "service_started", "required": True}, "off": {}}},
            "db": {"image": "postgres:16", "healthcheck": {"test": ["CMD", "pg_isready"]}},
            "off": {"healthcheck": {"disable": True}},
        }
    }
    found = subjects(project, frozenset({"dependency"}))
    assert rows(found) == [
        ("db", {"service": "db", "condition": "service_started", "required": True, "has_health_check": True, "service_image": "postgres:16", "container": "web"}, ("depends_on", "db")),
        ("off", {"service": "off", "condition": "service_started", "required": True, "has_health_check": False, "container": "web"}, ("depends_on", "off")),
    ]  # fmt: skip


def test_texts_in_which_a_secret_may_stand() -> None:
    service = {
        "entrypoint": ["run"],
        "command": ["--password", "hunter2", "--token=x", "-p", "y"],
        "labels": {"l": "v"},
        "build": {"context": "https://u:p@host/x.git", "args": {"K": "V", "EMPTY": None}},
        "logging": {"options": {"splunk-token": "t"}},
    }
    project = {"services": {"web": service}, "configs": {"c": {"content": "k=v"}, "file": {"file": "x"}}}
    found = [(s.key, s.values["value"], s.route_of("")) for s in subjects(project, frozenset({"text_setting"}))]
    assert found == [
        ("command ", "run", ("entrypoint", 0)),
        ("argument ", "--password", ("command", 0)),
        ("argument --password", "hunter2", ("command", 1)),
        ("argument --token", "--token=x", ("command", 2)),
        ("argument ", "-p", ("command", 3)),
        ("argument ", "y", ("command", 4)),
        ("label l", "v", ("labels", "l")),
        ("build_argument K", "V", ("build", "args", "K")),
        ("config splunk-token", "t", ("logging", "options", "splunk-token")),
        ("context", "https://u:p@host/x.git", ("build", "context")),
        ("config c", "k=v", ("configs", "c", "content")),
    ]


def test_networks_and_the_project() -> None:
    project = {
        "name": "shop",
        "networks": {"back": {"internal": True}, "unused": None},
        "services": {
            "web": {"networks": {"back": None}, "mem_limit": "100"},
            "db": {"deploy": {"resources": {"limits": {"memory": "50"}}}},
            "host": {"network_mode": "host"},
        },
    }
    assert rows(subjects(project, frozenset({"network", "compose_project"}))) == [
        (
            "",
            {"name": "shop", "services": ["db", "host", "web"], "networks": ["back", "default", "unused"],
             "has_version": False, "memory_limits": 150},
            (),
        ),
        ("back", {"name": "back", "internal": True, "external": False, "services": ["web"]}, ("networks", "back")),
        ("unused", {"name": "unused", "internal": False, "external": False, "services": []}, ("networks", "unused")),
        ("default", {"name": "default", "internal": False, "external": False, "services": ["db"]}, ("networks", "default")),
    ]  # fmt: skip
    (workload,) = [s for s in subjects(project, frozenset({"workload"})) if s.resource.name == "web"]
    assert workload.values["networks"] == [{"name": "back", "internal": True, "external": False, "services": ["web"]}]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(Unknown("x")) | st.just(PartialText((Unknown("x"), "y"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = sorted(
    {route[0] for row in CONTAINER + WORKLOAD for route in [row[3]]} | {"ports", "volumes", "tmpfs", "expose"}
)  # type: ignore[type-var]


def conforms(value: Any, kind: str) -> bool:
    if isinstance(value, Unknown) or (kind == "string" and isinstance(value, PartialText)):
        return True
    if match := re.fullmatch(r"list\((.*)\)", kind):
        return isinstance(value, list) and all(conforms(item, match[1]) for item in value)
    if match := re.fullmatch(r"map\((.*)\)", kind):
        return isinstance(value, dict) and all(conforms(item, match[1]) for item in value.values())
    if kind in VIEWS:
        attributes = VIEWS[kind].attributes
        return isinstance(value, dict) and all(
            name in attributes and conforms(item, attributes[name].type) for name, item in value.items()
        )
    return type(value) is {"string": str, "int": int, "bool": bool}[kind]


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=6))
def test_whatever_a_service_holds_the_views_keep_their_types(service: dict[str, Any]) -> None:
    for subject in subjects({"services": {"web": service}, "networks": {"n": service}}):
        assert conforms(subject.values, subject.view), (subject.view, subject.values)
