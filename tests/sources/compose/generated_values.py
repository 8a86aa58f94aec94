"""Random values for the attributes of a service: one method a kind of value, one table of all attributes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.sources.compose.emitter import Raw

VARIABLES = ("A", "B", "EMPTY", "NONE", "PORT", "QUOTED")
Attributes = dict[str, Callable[[], Any]]


class Values:
    """All values of one project come from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, values: Any, low: int = 1, high: int = 3) -> list[Any]:
        values = list(values)
        return self.random.sample(values, min(len(values), self.random.randint(low, high)))

    def any_of(self, choices: Attributes, low: int = 1, high: int = 3) -> dict[str, Any]:
        """Some of the entries, each with a value."""
        return {key: choices[key]() for key in self.some(choices, low, high)}

    def text(self) -> str:
        if self.chance(0.3):
            return self.variable()
        plain = ("one", "two words", "x:1", "a=b", "10", "true", "", "ü", "$$x", "1.5", "-v", "no", "a\nb", "#x", "1e3")
        return str(self.pick(*plain))

    def variable(self) -> str:
        name = self.pick(*VARIABLES)
        forms = (
            "${@}",
            "$@",
            "${@:-d}",
            "${@-d}",
            "${@:+p}",
            "${@+p}",
            "${@:-${B:-x}}",
            "${NONE:-${EMPTY:-${@}}}",
            "${@:+${B}-${NONE-n}}",
            "pre-${@:-y}-post",
            "$$@",
            "$${@}",
            "${@:-a:b}${B}",
            "${A:?must be set}",
            "${EMPTY?must be set}",
            "${@:-}",
            "x}$@",
        )
        picked = self.pick(*forms)
        if "must be set" in picked and self.chance(0.8):
            picked = "${@}"
        return str(picked).replace("@", name)

    def flag(self) -> Any:
        return self.pick(True, False, "true", "false", "yes", "${NONE:-true}", Raw("yes"), Raw("off"), "${NONE:-n}")

    def number(self) -> Any:
        return self.pick(0, 1, 7, 1024, "5", "${PORT}", 3, Raw("0x10"), Raw("1_000"), Raw("0o17"), Raw("010"), 2.0)

    def size(self) -> Any:
        return self.pick(
            "64m", "1g", "1.5k", 1048576, "100", "2GiB", "512kb", "0", "${NONE:-64m}", "1.5 gb", "10B", "1t"
        )

    def duration(self) -> str:
        return str(
            self.pick("10s", "1m30s", "1.5h", "500ms", "0s", "2d", "${NONE:-3s}", "1h0m1s", "1w", "100us", "90s")
        )

    def pairs(self) -> Any:
        keys = self.some(("KEY", "OTHER", "A", "com.example.x", "NONE", "lower", "WITH SPACE", "B"), 0, 4)
        if self.chance(0.5):
            values = (None, 1.5, True, Raw("1_000"), Raw("2024-01-02"), Raw("yes"), Raw("0o10"), Raw("1e3"), Raw("~"))
            return {key: self.pick(self.text(), self.number(), *values) for key in keys}
        return [self.pick(f"{key}={self.text()}", f"{key}=", key) for key in keys]

    def texts(self) -> list[str]:
        return self.some(("one", "two", "three", "k=v", "k=w", "${A}", "4", "a b"), 0, 3)

    def one_or_more(self) -> Any:
        return self.pick(self.texts(), "8.8.8.8", "one", "${A}")

    def command(self) -> Any:
        words = (
            "run --now 'a b'",
            "",
            'echo "x y" z',
            "${A} b",
            "a && b",
            'sh -c "a; b"',
            "a\\ b c",
            "a > b",
            "$$HOME",
        )
        return self.pick(self.pick(*words), ["run", "--now"], [], None, ["sh", "-c", "echo ${A} $$B"])

    def mounts(self, *names: str) -> list[Any]:
        return [
            self.pick(
                name,
                {"source": name},
                {"source": name, "target": self.pick("/t", "t"), "mode": self.pick(292, "0440", 444, Raw("0o440"))},
                {"source": name, "uid": "103", "gid": "103"},
            )
            for name in self.some(names, 1, 2)
        ]

    def port(self) -> Any:
        host = {"host_ip": "127.0.0.1"}
        return self.pick(
            *(
                "80",
                80,
                "8080:80",
                "127.0.0.1:8001:80",
                "3000-3003",
                "9090-9091:8080-8081",
                "49100:22",
                "6060:6060/udp",
            ),
            *(
                "[::1]:6001:6001",
                "${PORT}:80",
                "127.0.0.1::5000",
                "8000-9000:80",
                "0.0.0.0:80:80",
                "${PORT}:${PORT}/tcp",
            ),
            {"target": 80},
            {"target": "80", "published": 8080, "protocol": "tcp", "mode": "host"},
            {"target": 443, "published": "8443-8445", "name": "web", "app_protocol": "http"} | host,
            {"target": 80, "published": "8080"},
            Raw("22:22"),
        )

    def volume(self) -> Any:
        return self.pick(
            *(
                "/anonymous",
                "v1:/data",
                "v1:/data:ro",
                "./local:/local",
                "../up/./x:/up:ro,z",
                "~/home:/home",
                "/abs:/abs:rshared",
            ),
            *(
                "v2:/x/../y:nocopy",
                "C:\\win:/win",
                "${EMPTY:-v1}:/var",
                "./local/:/data/",
                ".:/app:cached",
                "~:/h",
                "/:/host:rslave",
            ),
            {"type": "volume", "source": "v1", "target": "/long", "volume": {"nocopy": True, "subpath": "s"}},
            {"type": "volume", "source": "v2", "target": "/data", "volume": {"labels": self.pairs()}},
            {"type": "bind", "source": "./b", "target": "/b", "bind": {"propagation": "shared", "selinux": "z"}},
            {
                "type": "bind",
                "source": ".",
                "target": "/c",
                "bind": {"create_host_path": self.flag()},
                "read_only": "true",
            },
            {"type": "bind", "source": "d", "target": "/d", "consistency": "cached"},
            {"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": self.pick(1000, "64m"), "mode": 755}},
            {"type": "image", "source": "img", "target": "/img", "image": {"subpath": "x"}},
        )

    def several(self, make: Callable[[], Any]) -> list[Any]:
        return [make() for _ in range(self.random.randint(1, 3))]

    def build(self) -> Any:
        if self.chance(0.3):
            return self.pick(".", "./dir", "https://example.com/x.git", "../up", "${A}", "/abs", "~/b")
        choices: Attributes = {
            "context": lambda: self.pick(
                ".", "dir", "git@example.com:x.git", "~/x", "./a/../b", "https://example.com/x.git#main:d"
            ),
            "dockerfile": lambda: self.pick("Dockerfile.dev", "../D", "/abs/D"),
            "dockerfile_inline": lambda: "FROM scratch\n",
            "args": self.pairs,
            "labels": self.pairs,
            "target": self.text,
            "cache_from": self.texts,
            "cache_to": self.texts,
            "tags": self.texts,
            "network": self.text,
            "no_cache": self.flag,
            "pull": self.flag,
            "privileged": self.flag,
            "shm_size": self.size,
            "secrets": lambda: self.mounts("sec1", "sec2"),
            "ssh": lambda: ["default"],
            "additional_contexts": lambda: self.pick(
                {"x": "./x", "y": "docker-image://z"}, ["x=./x", "y=https://example.com/y"], {"x": "/abs"}
            ),
            "extra_hosts": self.hosts,
            "ulimits": self.ulimits,
            "platforms": lambda: ["linux/amd64", "linux/arm64"],
            "provenance": lambda: self.pick(True, "mode=max", False),
            "sbom": lambda: self.pick(True, "generator=x"),
            "no_cache_filter": lambda: self.pick("a", ["a", "b"]),
            "entitlements": lambda: ["network.host"],
            "isolation": self.text,
        }
        found = self.any_of(choices, 0, 4)
        if "dockerfile" in found and self.chance(0.8):
            found.pop("dockerfile_inline", None)
        return found or "."

    def hosts(self) -> Any:
        return self.pick(
            {"h1": "1.2.3.4", "h2": "::1"},
            ["h1:1.2.3.4", "h2=::1", "h3=[::2]"],
            {"h1": ["1.1.1.1", "2.2.2.2"]},
            ["h1=1.1.1.1,2.2.2.2", "h1:3.3.3.3"],
            ["h1:1.2.3.4"],
            ["h4=host-gateway", "h5:${NONE:-10.0.0.1}"],
        )

    def ulimits(self) -> Any:
        limits = (65535, "100", {"soft": 10, "hard": "20"}, {"soft": 0, "hard": 0}, 0, {"soft": "${PORT}", "hard": -1})
        return {name: self.pick(*limits) for name in self.some(("nofile", "nproc", "core"), 1, 2)}

    def depends_on(self, names: list[str]) -> Any:
        chosen = self.some(names, 1, 2)
        if self.chance(0.5):
            return chosen
        conditions = ("service_started", "service_healthy", "service_completed_successfully")
        more = ({}, {"required": False}, {"restart": True}, {"required": True, "restart": "false"}, {"x-why": 1})
        return {name: {"condition": self.pick(*conditions)} | self.pick(*more) for name in chosen}

    def healthcheck(self) -> Any:
        return self.pick(
            {"test": "curl x", "interval": self.duration(), "retries": self.number()},
            {"test": ["CMD", "a", "b"], "timeout": self.duration(), "start_period": self.duration()},
            {"test": ["NONE"]},
            {"disable": self.flag()},
            {"test": ["CMD-SHELL", "${A}"], "start_interval": "1s"},
            {"interval": self.duration()},
        )

    def update(self) -> Any:
        choices: Attributes = {
            "parallelism": lambda: self.pick(2, "1", 0),
            "delay": self.duration,
            "order": lambda: self.pick("start-first", "stop-first"),
            "max_failure_ratio": lambda: self.pick(0.3, "0.1", 0, 1e-7),
            "failure_action": lambda: "pause",
            "monitor": self.duration,
        }
        return self.any_of(choices)

    def requests(self) -> list[Any]:
        """Device requests."""
        return self.several(
            lambda: self.pick(
                {"capabilities": ["gpu"], "count": self.pick(1, "all", "2")},
                {"capabilities": ["tpu"], "driver": "x", "options": self.pairs()},
                {"capabilities": ["gpu", "utility"], "device_ids": ["0", "1"]},
            )
        )

    def deploy(self) -> Any:
        limits: Attributes = {
            "memory": self.size,
            "cpus": lambda: self.pick("0.5", 2, 0.25, "${NONE:-1}"),
        }
        generic = [{"discrete_resource_spec": {"kind": "gpu", "value": self.pick(2, "3")}}]
        reserved: Attributes = {"devices": self.requests, "generic_resources": lambda: generic}
        choices: Attributes = {
            "mode": lambda: self.pick("replicated", "global", "replicated-job"),
            "replicas": lambda: self.pick(1, "2", 0, "${NONE:-1}"),
            "labels": self.pairs,
            "endpoint_mode": lambda: "vip",
            "update_config": self.update,
            "rollback_config": self.update,
            "resources": lambda: {
                "limits": self.any_of(limits | {"pids": lambda: self.pick(10, "20")}, 0),
                "reservations": self.any_of(limits | reserved, 0),
            },
            "restart_policy": lambda: {
                "condition": self.pick("on-failure", "any"),
                "delay": self.duration(),
                "max_attempts": self.number(),
                "window": self.duration(),
            },
            "placement": lambda: {
                "constraints": self.texts(),
                "preferences": [{"spread": "node.labels.zone"}],
                "max_replicas_per_node": self.number(),
            },
        }
        return self.any_of(choices, 0)

    def networks(self) -> Any:
        attachment: Attributes = {
            "aliases": self.texts,
            "priority": lambda: self.pick(0, 100, 1.0),
            "ipv4_address": lambda: "10.0.0.2",
            "ipv6_address": lambda: "2001:db8::2",
            "mac_address": lambda: "02:42:ac:11:65:43",
            "driver_opts": lambda: {"o": self.pick(1, "two")},
            "link_local_ips": lambda: ["57.123.22.11"],
            "gw_priority": lambda: 1,
            "interface_name": lambda: "eth1",
        }
        if self.chance(0.4):
            return self.some(("n1", "n2", "default"), 0, 3)
        names = self.some(("n1", "n2", "default"))
        return {name: self.pick(None, {}, self.any_of(attachment), self.any_of(attachment)) for name in names}

    def watch(self) -> Any:
        ignored = {"ignore": self.pick("n", ["n", "m/"]), "include": self.pick("i", ["i"])}
        return self.pick(
            {"path": self.pick(".", "./src"), "action": "rebuild"},
            {"path": "x", "action": "sync", "target": "/x"} | ignored,
            {
                "path": "/abs",
                "action": "sync+exec",
                "target": "/t",
                "exec": {"command": self.command() or "x", "user": "u"},
            },
            {"path": "../y", "action": "sync+restart", "target": "y", "initial_sync": True},
        )

    def hook(self) -> Any:
        choices: Attributes = {
            "user": self.text,
            "environment": self.pairs,
            "privileged": self.flag,
            "working_dir": self.text,
        }
        return {"command": self.command() or "x", **self.any_of(choices, 0)}
