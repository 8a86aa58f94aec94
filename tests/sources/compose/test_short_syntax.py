"""Each attribute of a service, from what is written to what compose-config prints of it: recorded in attributes.json."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scanner.sources.compose import decode, short_syntax
from scanner.sources.compose.interpolation import cast, failure, substitute
from scanner.sources.compose.ports import MAX_PORTS, parse_port, port_defaults, ports
from scanner.sources.compose.units import format_bytes, format_duration, parse_bytes, parse_cpus, parse_duration
from scanner.sources.compose.volumes import bind_defaults, clean_path, is_file_path, parse_volume, volume
from tests.sources.compose.reference import recorded, resolve, service

CASES = recorded("attributes.json")
IDS = [f"{case['attribute']}-{index}" for index, case in enumerate(CASES)]


def printed_volume(item: Any) -> dict[str, Any]:
    entry = volume(item)
    entry = entry | {"target": clean_path(entry["target"])}
    if "bind" in entry:
        entry["bind"] = bind_defaults(entry["bind"])
        if entry["bind"]["create_host_path"]:
            del entry["bind"]["create_host_path"]
    if "tmpfs" in entry:
        entry["tmpfs"] = entry["tmpfs"] | {"size": size(entry["tmpfs"]["size"])}
    return entry


def printed_port(entry: dict[str, Any]) -> dict[str, Any]:
    return port_defaults(entry | ({"published": str(entry["published"])} if "published" in entry else {}))


def printed_build(value: Any) -> dict[str, Any]:
    return {"dockerfile": "Dockerfile"} | short_syntax.build_defaults(short_syntax.build(value))


def printed_env_file(value: Any) -> list[dict[str, Any]] | None:
    entries = short_syntax.env_file(value)
    return [{k: v for k, v in entry.items() if (k, v) != ("required", True)} for entry in entries] or None


def file_mounts(items: Any) -> list[dict[str, Any]]:
    mounts = [short_syntax.file_mount(item) for item in items]
    return [mount | ({"mode": decode.file_mode(mount["mode"])} if "mode" in mount else {}) for mount in mounts]


def device_requests(value: Any) -> list[dict[str, Any]]:
    requests = [short_syntax.device_request_defaults(item) for item in short_syntax.gpus(value)]
    for request in requests:
        if "count" in request:
            request["count"] = decode.device_count(request["count"])
        if "options" in request:
            request["options"] = decode.labels(request["options"])
    return requests


def limits(value: Any) -> dict[str, Any]:
    kinds = {"cpus": parse_cpus, "memory": size}
    return {key: kinds.get(key, lambda plain: plain)(entry) for key, entry in value.items()}


def size(value: Any) -> str | None:
    return format_bytes(parse_bytes(value)) if parse_bytes(value) else None


def duration(value: Any) -> str:
    return format_duration(parse_duration(value))


def arguments(value: Any) -> dict[str, str]:
    return {key: text for key, text in decode.environment(value).items() if text is not None}


def set_or_absent(value: Any) -> Any:
    return value or None


STEPS: dict[str, Callable[[Any], Any]] = {
    "annotations": decode.labels,
    "build": printed_build,
    "build.additional_contexts": lambda v: short_syntax.key_values(v, "services.s.build.additional_contexts"),
    "build.args": arguments,
    "build.cache_from": decode.string_list,
    "build.labels": decode.labels,
    "build.provenance": short_syntax.string_or_other,
    "build.sbom": short_syntax.string_or_other,
    "build.secrets": file_mounts,
    "build.shm_size": size,
    "build.ssh": lambda v: list(short_syntax.ssh(v)),
    "command": decode.command,
    "configs": file_mounts,
    "cpus": parse_cpus,
    "depends_on": short_syntax.depends_on,
    "deploy.resources.limits": limits,
    "deploy.resources.reservations.devices": device_requests,
    "deploy.update_config.delay": lambda v: duration(v) if parse_duration(v) else None,
    "devices": lambda v: [short_syntax.device_mapping(item) for item in v],
    "dns": lambda v: decode.string_list(short_syntax.string_or_list(v)),
    "dns_search": decode.string_list,
    "entrypoint": decode.command,
    "env_file": printed_env_file,
    "environment": decode.environment,
    "expose": decode.string_or_number_list,
    "extra_hosts": decode.hosts,
    "gpus": device_requests,
    "healthcheck.interval": duration,
    "healthcheck.test": decode.health_test,
    "labels": decode.labels,
    "logging.options": decode.options,
    "mem_limit": size,
    "memswap_limit": size,
    "models": short_syntax.names_to_map,
    "networks": short_syntax.names_to_map,
    "ports": lambda v: [printed_port(entry) for _, entry in ports(v)],
    "secrets": lambda v: [short_syntax.secret_defaults(mount) for mount in file_mounts(v)],
    "shm_size": size,
    "stop_grace_period": duration,
    "sysctls": decode.labels,
    "tmpfs": decode.string_list,
    "ulimits": lambda v: {name: decode.ulimit(short_syntax.ulimit(entry)) for name, entry in v.items()},
    "volumes": lambda v: [printed_volume(item) for item in v],
}


def interpolated(value: Any, path: tuple[str | int, ...]) -> Any:
    if isinstance(value, str):
        try:
            return cast(path, substitute(value, {}.get))
        except ValueError as error:
            raise ValueError(failure(path, error)) from None
    if isinstance(value, dict):
        return {key: interpolated(entry, (*path, key)) for key, entry in value.items()}
    if isinstance(value, list):
        return [interpolated(entry, (*path, index)) for index, entry in enumerate(value)]
    return value


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_attribute(case: dict[str, Any]) -> None:
    attribute = case["attribute"]
    step = STEPS.get(attribute, set_or_absent)
    path = ("services", "s", *attribute.split("."))
    if "error" in case:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 (the message is compared below)
            step(interpolated(case["input"], path))
        assert case["error"].removeprefix("'").partition("' ")[2] == str(raised.value) or case["error"] == str(
            raised.value
        )
    else:
        assert step(interpolated(case["input"], path)) == case["output"]


def written(case: dict[str, Any]) -> dict[str, Any]:
    value = case["input"]
    for step in reversed(case["attribute"].split(".")):
        value = {step: value}
    attributes: dict[str, Any] = value
    return attributes


@pytest.mark.go
def test_recorded_attributes_are_what_compose_config_prints(tmp_path: Path) -> None:
    outputs = [case for case in CASES if "output" in case]
    project = service()
    project["services"] |= {f"s{i}": {"image": "i"} | written(case) for i, case in enumerate(outputs)}
    resolved, error = resolve(tmp_path, project)
    assert error == ""
    for i, case in enumerate(outputs):
        found: Any = resolved["services"][f"s{i}"]
        for step in case["attribute"].split("."):
            found = (found or {}).get(step)
        assert (case["attribute"], case["input"], found) == (case["attribute"], case["input"], case["output"])
    for case in CASES:
        if "error" in case:
            assert resolve(tmp_path, service(**written(case)))[1].split("\n")[-1] == case["error"]


def test_ports_name_the_item_that_they_come_from() -> None:
    assert [(index, entry["target"]) for index, entry in ports(["80", "9-10", {"target": 5}, 443])] == [
        (0, 80),
        (1, 10),
        (1, 9),
        (2, 5),
        (3, 443),
    ]


@pytest.mark.parametrize("item", [True, 1.5, None, ["80"]])
def test_a_port_of_another_type_is_refused(item: Any) -> None:
    with pytest.raises(ValueError, match=r"^services\.s\.ports: invalid type .* for port$"):
        ports([item], "services.s.ports")


def test_a_list_of_too_many_ports_is_refused() -> None:
    with pytest.raises(ValueError, match=f"^ports: more than {MAX_PORTS} ports$"):
        ports(["1-65535"] * 4)


def test_arguments_are_not_edited() -> None:
    for function, value in (
        (short_syntax.depends_on, {"a": {}}),
        (short_syntax.env_file, [{"path": "x"}]),
        (short_syntax.external, {"external": {"name": "n"}}),
        (short_syntax.build_defaults, {}),
        (short_syntax.secret_defaults, {"source": "s"}),
        (short_syntax.device_request_defaults, {}),
        (port_defaults, {}),
        (bind_defaults, {}),
    ):
        before = repr(value)
        function(value)
        assert repr(value) == before


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ({}, {}),
        ({"external": True}, {"external": True}),
        ({"external": {}}, {"external": True}),
        ({"external": {"name": "n"}}, {"external": True, "name": "n"}),
        ({"external": {"name": "n"}, "name": "n"}, {"external": True, "name": "n"}),
    ],
)
def test_external(value: Any, expected: Any) -> None:
    assert short_syntax.external(value) == expected


def test_external_with_two_names_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^networks\.n: name and external\.name conflict; only use name$"):
        short_syntax.external({"external": {"name": "a"}, "name": "b"}, "networks.n")


@pytest.mark.parametrize(
    ("function", "value", "message"),
    [
        (short_syntax.build, 1, "services.s.x: invalid type int for build"),
        (short_syntax.extends, [], "services.s.x: invalid type []interface {} for extends"),
        (short_syntax.include, None, "services.s.x: invalid type <nil> for external"),
        (short_syntax.schedule, 1.5, "services.s.x: invalid type float64 for schedule entry"),
        (short_syntax.env_file, {}, "services.s.x: invalid type map[string]interface {} for env_file"),
        (short_syntax.depends_on, "b", "services.s.x: invalid type string for depend_on"),
        (short_syntax.device_mapping, 1, "services.s.x: invalid type int for service volume mount"),
        (short_syntax.gpus, True, "services.s.x: invalid type bool for gpus"),
        (short_syntax.ulimit, "1", "services.s.x: invalid type string for ulimits"),
        (short_syntax.ulimit, True, "services.s.x: invalid type bool for ulimits"),
        (short_syntax.ssh, "default", "services.s.x: invalid type string for ssh"),
        (short_syntax.external, [], "services.s.x: must be a mapping"),
        (volume, 1, "services.s.x: invalid type int for service volume mount"),
    ],
)
def test_another_type_is_refused(function: Callable[..., Any], value: Any, message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 (the message is compared below)
        function(value, "services.s.x")
    assert str(raised.value) == message


def test_sources_of_a_list_that_becomes_a_map() -> None:
    assert short_syntax.sources(["A=1", "B", "A=2"]) == {"A": 2, "B": 1}
    assert short_syntax.sources({"A": 1}) == {}


def test_addresses_of_a_host_name_the_item_that_they_come_from() -> None:
    assert decode.host_addresses(["a=1,2", "b=3", "a:[::1]"]) == {
        "a": [(0, "1"), (0, "2"), (2, "::1")],
        "b": [(1, "3")],
    }


@pytest.mark.parametrize(
    ("source", "expected"), [("./a", True), ("~", True), ("C:\\a", True), ("\\\\x", True), ("data", False), ("", False)]
)
def test_is_file_path(source: str, expected: bool) -> None:
    assert is_file_path(source) is expected


RANDOM_PORTS = (
    "80",
    "8",
    "-",
    ":",
    "/",
    "tcp",
    "udp",
    "[",
    "::1",
    "]",
    "127.0.0.1:",
    "90-95",
    "80-85",
    "8000-8005:",
    "443",
)
RANDOM_VOLUMES = (
    ":",
    ":",
    "/",
    ".",
    "..",
    "data",
    "b",
    "C",
    "c:",
    "\\",
    "ro",
    ",",
    "z",
    "nocopy",
    "rshared",
    "~",
    "//",
    "é",
)


@pytest.mark.go
def test_random_ports_and_volumes_come_out_as_compose_config_has_them(tmp_path: Path) -> None:
    chance = random.Random(20)
    specs = ["".join(chance.choices(RANDOM_PORTS, k=chance.randint(1, 5))) for _ in range(1500)]
    mounts = ["".join(chance.choices(RANDOM_VOLUMES, k=chance.randint(1, 6))) for _ in range(1500)]
    _compare(tmp_path, "ports", sorted(set(specs)), lambda spec: [printed_port(entry) for entry in parse_port(spec)])
    _compare(tmp_path, "volumes", sorted(set(mounts)), lambda spec: [printed_volume(parse_volume(spec))])


def _compare(folder: Path, attribute: str, specs: list[str], ours: Callable[[str], Any]) -> None:
    """All that we accept in one project; of what we refuse, a few, each in a project of its own."""
    accepted: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for spec in specs:
        try:
            accepted[spec] = ours(spec)
        except ValueError as error:
            refused[spec] = str(error)
    sources = {spec: found[0].get("source", "") for spec, found in accepted.items() if found[0].get("type") == "volume"}
    for spec in [spec for spec, source in sources.items() if not re.fullmatch(r"[a-zA-Z0-9._-]*", source)]:
        del accepted[spec], sources[spec]  # the schema has no such volume
    project = service()
    project["volumes"] |= {source: {} for source in sources.values() if source}
    project["services"] = {f"s{i}": {"image": "i", attribute: [spec]} for i, spec in enumerate(accepted)}
    resolved, error = resolve(folder, project)
    assert error == ""
    theirs = {spec: resolved["services"][f"s{i}"][attribute] for i, spec in enumerate(accepted)}
    assert theirs == accepted
    assert len(accepted) > 50
    for spec in list(refused)[:: max(len(refused) // 40, 1)]:
        project["services"] = {"s": {"image": "i", attribute: [spec]}}
        assert resolve(folder, project) == ({}, refused[spec])
