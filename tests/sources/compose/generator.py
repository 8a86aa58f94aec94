"""Random Compose projects from a seed: several files, include, extends, variables, profiles, short and long forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

NAMES = ("web", "db", "cache", "a.b", "x-y", "job_1")
VARIABLES = ("A", "B", "EMPTY", "NONE", "PORT")
ENV = "A=alpha\nB='be ta'\nEMPTY=\nPORT=8080\n"


@dataclass(frozen=True)
class Tagged:
    """A value behind a custom tag."""

    tag: str
    value: Any


@dataclass
class Project:
    """Files by path, the arguments for compose-config: files in order, and profiles."""

    files: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)


def emit(value: Any, indent: int = 0) -> str:
    """YAML: mappings in block style, what stands in lists in flow style."""
    if isinstance(value, dict) and value:
        pad = "  " * indent
        lines = []
        for key, child in value.items():
            tag, child = (f" {child.tag}", child.value) if isinstance(child, Tagged) else ("", child)
            if isinstance(child, dict) and child:
                lines.append(f"{pad}{json.dumps(key)}:{tag}\n{emit(child, indent + 1)}")
            else:
                lines.append(f"{pad}{json.dumps(key)}:{tag} {flow(child)}")
        return "\n".join(lines)
    return "  " * indent + flow(value)


def flow(value: Any) -> str:
    """YAML in one line."""
    if isinstance(value, Tagged):
        return f"{value.tag} {flow(value.value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {flow(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(child) for child in value) + "]"
    return json.dumps(value)


class Generator:
    """One project; everything comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.wild = self.random.random() < 0.15
        self.project = Project()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, values: Any, low: int = 1, high: int = 3) -> list[Any]:
        values = list(values)
        return self.random.sample(values, min(len(values), self.random.randint(low, high)))

    def text(self) -> str:
        if self.chance(0.25):
            return self.variable()
        return self.pick("one", "two words", "x:1", "a=b", "10", "true", "", "ü", "$$x", "1.5", "-v")

    def variable(self) -> str:
        name = self.pick(*VARIABLES)
        return self.pick(
            "${%s}" % name,
            "$%s" % name,
            "${%s:-d}" % name,
            "${%s-d}" % name,
            "${%s:+p}" % name,
            "${%s+p}" % name,
            "${%s:-${B:-x}}" % name,
            "pre-${%s:-y}-post" % name,
            "$$%s" % name,
        )

    def flag(self) -> Any:
        return self.pick(True, False, "true", "false", "yes", "${NONE:-true}")

    def number(self) -> Any:
        return self.pick(0, 1, 7, 1024, "5", "${PORT}", 3)

    def size(self) -> Any:
        return self.pick("64m", "1g", "1.5k", 1048576, "100", "2GiB", "512kb", "0")

    def duration(self) -> str:
        return self.pick("10s", "1m30s", "1.5h", "500ms", "0s", "2d", "${NONE:-3s}")

    def pairs(self) -> Any:
        keys = self.some(("KEY", "OTHER", "A", "com.example.x", "NONE", "lower"), 0, 4)
        if self.chance(0.5):
            return {key: self.pick(self.text(), self.number(), None, 1.5, True) for key in keys}
        return [self.pick(f"{key}={self.text()}", key) for key in keys]

    def texts(self) -> list[str]:
        return self.some(("one", "two", "three", "k=v", "k=w", "${A}", "4"), 0, 3)

    def one_or_more(self) -> Any:
        return self.pick(self.texts(), "8.8.8.8", "one")

    def command(self) -> Any:
        return self.pick("run --now 'a b'", ["run", "--now"], "", [], "echo \"x y\" z", "${A} b", None, "a && b", 'sh -c "a; b"')

    def file_mounts(self, *names: str) -> list[Any]:
        return [
            self.pick(
                name,
                {"source": name},
                {"source": name, "target": self.pick("/t", "t"), "mode": self.pick(292, "0440", 444)},
                {"source": name, "uid": "103", "gid": "103"},
            )
            for name in self.some(names, 1, 2)
        ]

    def port(self) -> Any:
        return self.pick(
            "80",
            80,
            "8080:80",
            "127.0.0.1:8001:80",
            "3000-3003",
            "9090-9091:8080-8081",
            "49100:22",
            "6060:6060/udp",
            "[::1]:6001:6001",
            "${PORT}:80",
            "127.0.0.1::5000",
            "8000-9000:80",
            {"target": 80},
            {"target": "80", "published": 8080, "protocol": "tcp", "mode": "host"},
            {"target": 443, "published": "8443-8445", "host_ip": "127.0.0.1", "name": "web", "app_protocol": "http"},
            {"target": 80, "published": "8080"},
        )

    def volume(self) -> Any:
        return self.pick(
            "/anonymous",
            "v1:/data",
            "v1:/data:ro",
            "./local:/local",
            "../up/./x:/up:ro,z",
            "~/home:/home",
            "/abs:/abs:rshared",
            "v2:/x/../y:nocopy",
            "C:\\win:/win",
            "${EMPTY:-v1}:/var",
            {"type": "volume", "source": "v1", "target": "/long", "volume": {"nocopy": True, "subpath": "s"}},
            {"type": "bind", "source": "./b", "target": "/b", "bind": {"propagation": "shared"}},
            {"type": "bind", "source": ".", "target": "/c", "bind": {"create_host_path": False}, "read_only": "true"},
            {"type": "bind", "source": "d", "target": "/d"},
            {"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": self.pick(1000, "64m"), "mode": 755}},
            {"type": "image", "source": "img", "target": "/img", "image": {"subpath": "x"}},
        )

    def build(self) -> Any:
        if self.chance(0.3):
            return self.pick(".", "./dir", "https://example.com/x.git", "../up", "${A}")
        found: dict[str, Any] = {}
        choices: dict[str, Callable[[], Any]] = {
            "context": lambda: self.pick(".", "dir", "git@example.com:x.git", "~/x"),
            "dockerfile": lambda: self.pick("Dockerfile.dev", "../D"),
            "args": self.pairs,
            "labels": self.pairs,
            "target": self.text,
            "cache_from": self.texts,
            "tags": self.texts,
            "network": self.text,
            "no_cache": self.flag,
            "pull": self.flag,
            "privileged": self.flag,
            "shm_size": self.size,
            "secrets": lambda: self.file_mounts("sec1", "sec2"),
            "ssh": lambda: ["default"],
            "additional_contexts": lambda: self.pick(
                {"x": "./x", "y": "docker-image://z"}, ["x=./x", "y=https://example.com/y"]
            ),
            "extra_hosts": self.hosts,
            "ulimits": self.ulimits,
            "platforms": lambda: ["linux/amd64", "linux/arm64"],
            "provenance": lambda: self.pick(True, "mode=max", False),
            "no_cache_filter": lambda: self.pick("a", ["a", "b"]),
            "entitlements": lambda: ["network.host"],
            "isolation": self.text,
        }
        for key in self.some(choices, 0, 4):
            found[key] = choices[key]()
        return found or "."

    def hosts(self) -> Any:
        return self.pick(
            {"h1": "1.2.3.4", "h2": "::1"},
            ["h1:1.2.3.4", "h2=::1", "h3=[::2]"],
            {"h1": ["1.1.1.1", "2.2.2.2"]},
            ["h1=1.1.1.1,2.2.2.2", "h1:3.3.3.3"],
            ["h1:1.2.3.4"],
        )

    def ulimits(self) -> Any:
        return {
            name: self.pick(65535, "100", {"soft": 10, "hard": "20"}, {"soft": 0, "hard": 0}, 0)
            for name in self.some(("nofile", "nproc", "core"), 1, 2)
        }

    def depends_on(self, names: list[str], position: int) -> Any:
        earlier = names[:position]
        if not earlier:
            return []
        chosen = self.some(earlier, 1, 2)
        if self.chance(0.5):
            return chosen
        conditions = ("service_started", "service_healthy", "service_completed_successfully")
        return {
            name: {"condition": self.pick(*conditions)}
            | self.pick({}, {"required": False}, {"restart": True}, {"required": True, "restart": "false"})
            for name in chosen
        }

    def healthcheck(self) -> Any:
        return self.pick(
            {"test": "curl x", "interval": self.duration(), "retries": self.number()},
            {"test": ["CMD", "a", "b"], "timeout": self.duration(), "start_period": self.duration()},
            {"test": ["NONE"]},
            {"disable": self.flag()},
            {"test": ["CMD-SHELL", "${A}"], "start_interval": "1s"},
            {"interval": "5s"},
        )

    def deploy(self) -> Any:
        choices: dict[str, Callable[[], Any]] = {
            "mode": lambda: self.pick("replicated", "global"),
            "replicas": lambda: self.pick(1, "2", 0, "${NONE:-1}"),
            "labels": self.pairs,
            "endpoint_mode": lambda: "vip",
            "update_config": lambda: {
                "parallelism": self.pick(2, "1"),
                "delay": self.duration(),
                "order": "start-first",
                "max_failure_ratio": self.pick(0.3, "0.1"),
            },
            "rollback_config": lambda: {"failure_action": "pause", "monitor": self.duration()},
            "resources": lambda: {
                "limits": self.pick({"memory": "64m"}, {"cpus": self.pick("0.5", 2, 0.25), "pids": 10}),
                "reservations": self.pick(
                    {"memory": "32m"},
                    {"devices": [{"capabilities": ["gpu"], "count": self.pick(1, "all")}]},
                    {"devices": [{"capabilities": ["tpu"], "driver": "x", "options": self.pairs()}]},
                    {"generic_resources": [{"discrete_resource_spec": {"kind": "gpu", "value": 2}}]},
                ),
            },
            "restart_policy": lambda: {
                "condition": "on-failure",
                "delay": self.duration(),
                "max_attempts": self.number(),
            },
            "placement": lambda: {
                "constraints": self.texts(),
                "preferences": [{"spread": "node.labels.zone"}],
                "max_replicas_per_node": self.number(),
            },
        }
        return {key: choices[key]() for key in self.some(choices, 0, 3)}

    def networks(self) -> Any:
        return self.pick(
            ["n1"],
            ["n1", "n2"],
            {"n1": None},
            {"n1": {"aliases": self.texts(), "priority": self.pick(0, 100)}, "n2": {"ipv4_address": "10.0.0.2"}},
            {"default": {"mac_address": "02:42:ac:11:65:43"}},
            [],
            {"n2": {"driver_opts": {"o": 1}, "link_local_ips": ["57.123.22.11"], "gw_priority": 1}},
        )

    def attributes(self, names: list[str], position: int) -> dict[str, Callable[[], Any]]:
        return {
            "annotations": self.pairs,
            "attach": self.flag,
            "blkio_config": lambda: {
                "weight": 300,
                "weight_device": [{"path": "/dev/sda", "weight": 400}],
                "device_read_bps": [{"path": "/dev/sdb", "rate": self.pick("12mb", 100)}],
            },
            "build": self.build,
            "cap_add": self.texts,
            "cap_drop": self.texts,
            "cgroup": lambda: "host",
            "cgroup_parent": self.text,
            "command": self.command,
            "configs": lambda: self.file_mounts("cfg1", "cfg2"),
            "container_name": lambda: "container",
            "cpu_count": self.number,
            "cpu_percent": lambda: self.pick(50, "12.5", 0),
            "cpu_shares": self.number,
            "cpu_quota": self.number,
            "cpus": lambda: self.pick("0.5", 1.5, 2, "${NONE:-0.1}"),
            "cpuset": lambda: "0,1",
            "credential_spec": lambda: self.pick({"file": "x"}, {"registry": "y"}),
            "depends_on": lambda: self.depends_on(names, position),
            "deploy": self.deploy,
            "develop": lambda: {
                "watch": [
                    {"path": self.pick(".", "./src"), "action": "rebuild"},
                    {"path": "x", "action": "sync", "target": "/x", "ignore": self.pick("n", ["n"])},
                ]
            },
            "device_cgroup_rules": lambda: ["c 1:3 mr"],
            "devices": lambda: self.some(
                ("/dev/a", "/dev/a:/dev/b", "/dev/c:/dev/d:r", {"source": "/dev/e", "target": "/dev/f"}), 1, 2
            ),
            "dns": self.one_or_more,
            "dns_opt": self.texts,
            "dns_search": self.one_or_more,
            "domainname": self.text,
            "entrypoint": self.command,
            "env_file": lambda: self.pick(
                "missing.env", ["a.env", "./b.env"], [{"path": "c.env", "required": False}, "d.env"]
            ),
            "environment": self.pairs,
            "expose": lambda: self.pick(["80", "81"], [80, "90-92"]),
            "external_links": self.texts,
            "extra_hosts": self.hosts,
            "gpus": lambda: self.pick("all", [{"capabilities": ["gpu"]}, {"device_ids": ["1"], "driver": "d"}]),
            "group_add": lambda: self.pick(["mail"], [1000, "x"]),
            "healthcheck": self.healthcheck,
            "hostname": self.text,
            "init": self.flag,
            "ipc": lambda: self.pick("host", "shareable"),
            "labels": self.pairs,
            "links": lambda: [f"{name}:{self.pick('alias', 'other')}" for name in names[:position][:1]],
            "logging": lambda: self.pick(
                {"driver": "json-file", "options": {"max-size": self.pick("10m", 5)}},
                {"driver": "syslog", "options": {"tag": self.text()}},
                {"options": {"max-file": "3"}},
            ),
            "mac_address": lambda: "02:42:ac:11:65:43",
            "mem_limit": self.size,
            "mem_reservation": self.size,
            "mem_swappiness": lambda: self.pick(10, "60"),
            "memswap_limit": lambda: self.pick("-1", "2g", -1),
            "networks": self.networks,
            "oom_kill_disable": self.flag,
            "oom_score_adj": lambda: self.pick(100, "-5"),
            "pids_limit": self.number,
            "platform": lambda: "linux/amd64",
            "ports": lambda: [self.port() for _ in range(self.random.randint(1, 3))],
            "post_start": lambda: [{"command": self.command() or "x", "user": "root", "environment": self.pairs()}],
            "pre_start": lambda: [{"command": "x", "volumes": ["v1:/pre"]}, {"image": "init", "environment": self.pairs()}],
            "pre_stop": lambda: [{"command": ["x"], "privileged": self.flag()}],
            "privileged": self.flag,
            "profiles": lambda: self.some(("p1", "p2"), 1, 2) if position else [],
            "pull_policy": lambda: self.pick("always", "if_not_present", "every_12h", "missing"),
            "read_only": self.flag,
            "restart": lambda: self.pick("no", "always", "on-failure:3", "${NONE:-unless-stopped}"),
            "runtime": self.text,
            "secrets": lambda: self.file_mounts("sec1", "sec2"),
            "security_opt": self.texts,
            "shm_size": self.size,
            "stdin_open": self.flag,
            "stop_grace_period": self.duration,
            "stop_signal": self.text,
            "storage_opt": lambda: {"size": "1G"},
            "sysctls": lambda: self.pick({"net.core.somaxconn": 1024}, ["net.core.somaxconn=2048"]),
            "tmpfs": lambda: self.pick("/run", ["/run:size=1m", "/scratch"]),
            "tty": self.flag,
            "ulimits": self.ulimits,
            "umask": lambda: self.pick(18, "022", "0o77"),
            "user": self.text,
            "userns_mode": lambda: "host",
            "volumes": lambda: [self.volume() for _ in range(self.random.randint(1, 3))],
            "working_dir": self.text,
            "x-note": lambda: {"any": [1, {"x-inner": None}]},
        }

    def service(self, names: list[str], position: int, *, whole: bool) -> dict[str, Any]:
        choices = self.attributes(names, position)
        keys = self.some([key for key in choices if key != "build"], 0, 6)
        body: dict[str, Any] = {}
        if whole:
            body["image"] = self.pick("img", "img:1.2", "${A}/img:${NONE:-latest}", "img@sha256:" + "0" * 64)
        if self.chance(0.2):
            body["build"] = self.build()
        for key in keys:
            body[key] = choices[key]()
        if not whole and self.wild is False and self.chance(0.2) and body:
            key = self.pick(*body)
            body[key] = self.pick(Tagged("!reset", None), Tagged("!override", body[key]))
        if self.wild and self.chance(0.5):
            self.spoil(body)
        return body

    def spoil(self, body: dict[str, Any]) -> None:
        """One mistake, of the kind that Compose may or may not refuse."""
        key = self.pick("image", "ports", "environment", "restart", "unknown", "deploy", "networks", "labels", "user")
        body[key] = self.pick(None, 5, 1.5, True, [], {}, "x", ["x", "x"], [{"a": 1}], {"a": {"b": 1}}, ["${A:?}"], "${")

    def resources(self, project: dict[str, Any]) -> None:
        opts = self.pick({}, {"driver": "x"}, {"labels": self.pairs()}, None, {"driver_opts": {"a": 1, "b": "c"}})
        project["networks"] = {
            "n1": self.pick(None, {}, {"internal": True}, {"external": True}, {"external": {"name": "outside"}}, opts),
            "n2": self.pick(
                None,
                {"name": "named-${A}", "attachable": self.flag(), "enable_ipv6": self.flag()},
                {"ipam": {"driver": "default", "config": [{"subnet": "10.0.0.0/24", "gateway": "10.0.0.1"}]}},
            ),
        }
        project["volumes"] = {
            "v1": self.pick(None, {}, {"external": True}, {"name": "given"}, opts),
            "v2": self.pick(None, {"driver": "local", "driver_opts": {"o": "bind", "device": "./dev"}}),
        }
        project["secrets"] = {
            "sec1": self.pick({"file": "./sec.txt"}, {"environment": "A"}, {"external": True}, {"file": "~/x"}),
            "sec2": {"file": "two", "labels": self.pairs()},
        }
        project["configs"] = {
            "cfg1": self.pick({"file": "./cfg"}, {"content": "a ${A} b"}, {"environment": "A"}),
            "cfg2": self.pick({"external": True, "name": "given"}, {"file": "x", "template_driver": "golang"}),
        }

    def generate(self) -> Project:
        names = self.some(NAMES, 1, 4)
        base: dict[str, Any] = {}
        if self.chance(0.3):
            base["name"] = self.pick("fixed", "${A}-x", "Upper Case")
        if self.chance(0.1):
            base["version"] = "3.8"
        if self.chance(0.1):
            base["x-top"] = {"note": [1, "two", None]}
        base["services"] = {
            name: self.service(names, position, whole=True) for position, name in enumerate(names)
        }
        self.resources(base)
        self.extend(base, names)
        self.include(base)
        self.write("compose.yaml", base)
        self.project.arguments.append("compose.yaml")
        for number in range(self.pick(0, 0, 1, 1, 2)):
            over: dict[str, Any] = {
                "services": {
                    name: self.service(names, names.index(name), whole=False)
                    for name in self.some(names, 1, 3)
                }
            }
            if self.chance(0.3):
                over["services"]["extra"] = self.service(names, 0, whole=True)
            if self.chance(0.2):
                over["networks"] = {"n1": self.pick(None, {"labels": self.pairs()}, {"driver": "other"})}
            if self.chance(0.1):
                over["volumes"] = {"v1": {"labels": self.pairs()}}
            path = f"over{number}.yaml"
            self.write(path, over)
            self.project.arguments.append(path)
        if self.chance(0.7):
            self.project.files[".env"] = ENV
        self.project.profiles = self.pick([], [], ["p1"], ["p1", "p2"], ["*"])
        return self.project

    def extend(self, base: dict[str, Any], names: list[str]) -> None:
        """Some services extend one of the same file, or of another."""
        for name in names:
            if not self.chance(0.25):
                continue
            service = base["services"][name]
            if len(names) > 1 and self.chance(0.5):
                other = self.pick(*[one for one in names if one != name])
                if "extends" not in base["services"][other]:
                    service["extends"] = self.pick(other, {"service": other})
                continue
            path = self.pick("common.yaml", "sub/common.yaml")
            service["extends"] = {"service": "base", "file": path}
            if path not in self.project.files:
                common: dict[str, Any] = {"services": {"base": self.service([], 0, whole=self.chance(0.5))}}
                if self.chance(0.4):
                    common["services"]["base"]["extends"] = {"service": "root"}
                    common["services"]["root"] = self.service([], 0, whole=False)
                elif self.chance(0.3):
                    common["services"]["base"]["extends"] = {"service": "far", "file": "far.yaml"}
                    folder = path.rpartition("/")[0]
                    far = {"services": {"far": self.service([], 0, whole=False)}}
                    self.write(f"{folder}/far.yaml" if folder else "far.yaml", far)
                self.write(path, common)

    def include(self, base: dict[str, Any]) -> None:
        if not self.chance(0.3):
            return
        own: dict[str, Any] = {"services": {"inner": self.service([], 0, whole=True)}}
        self.resources(own)
        renamed = {"n1": "n3", "n2": "n4", "v1": "v3", "v2": "v4", "sec1": "sec3", "sec2": "sec4", "cfg1": "cfg3", "cfg2": "cfg4"}
        if self.chance(0.7):  # else they clash with those that the project declares itself
            own = json.loads(_rename(json.dumps(own, default=_tagless), renamed))
        if self.chance(0.2):
            own["services"]["web"] = self.service([], 0, whole=True)
        path = self.pick("inc/compose.yaml", "inc.yaml")
        self.write(path, own)
        entry: Any = path
        if self.chance(0.5):
            entry = {"path": self.pick(path, [path])}
            if self.chance(0.4):
                entry["project_directory"] = self.pick(".", "inc")
            if self.chance(0.4):
                entry["env_file"] = self.pick("inc.env", ["inc.env", "/dev/null"])
                self.project.files["inc.env"] = "A=included\nC=${A}\n"
        if path.startswith("inc/") and self.chance(0.5):
            self.project.files["inc/.env"] = "A=inner\nNONE=now\n"
        base["include"] = [entry]

    def write(self, path: str, content: dict[str, Any]) -> None:
        self.project.files[path] = emit(content) + "\n"


def _tagless(value: Any) -> Any:
    return value.value


def _rename(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(f'"{old}', f'"{new}')
    return text


def generate(seed: int) -> Project:
    """The project of a seed."""
    return Generator(seed).generate()
