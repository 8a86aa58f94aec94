"""Random Compose projects from a seed: override files, include, extends, variables, profiles, every attribute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.sources.compose.emitter import Raw, Tagged, document
from tests.sources.compose.generated_values import Attributes, Values

NAMES = ("web", "db", "cache", "a.b", "x-y", "job_1")
ENVS = (
    "A=alpha\nB='be ta'\nEMPTY=\nPORT=8080\nQUOTED=\"two\\nlines ${A}\"\n",
    "export A=al # a comment\nB: yaml\nEMPTY=''\nPORT=${NONE:-81}\nQUOTED='${A}'\n\n# end",
    "A=1\nPORT=90\nB=${A}2\nCOMPOSE_PROFILES=p2\nEMPTY=\n",
)
MISTAKES = (
    None,
    5,
    1.5,
    True,
    [],
    {},
    "x",
    ["x", "x"],
    [{"a": 1}],
    {"a": {"b": 1}},
    ["${NONE:?gone}"],
    "${",
    -1,
    [None],
)


@dataclass
class Project:
    """Files by path, and the arguments for compose-config: files in order, and profiles."""

    files: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)


def generate(seed: int) -> Project:
    """The project of a seed: one in seven has mistakes that Compose may or may not refuse."""
    return _Generator(seed).generate()


class _Generator(Values):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.wild = self.chance(0.15)
        self.project = Project()

    def generate(self) -> Project:
        names = self.some(NAMES, 1, 4)
        base: dict[str, Any] = {}
        if self.chance(0.3):
            base["name"] = self.pick("fixed", "${A}-x", "Upper Case", "${NONE:-named}")
        if self.chance(0.1):
            base["version"] = "3.8"
        if self.chance(0.3):
            fragment = self.any_of({key: make for key, make in self.attributes([]).items() if key in _SHARED})
            base["x-shared"] = Tagged("&shared", fragment)
        base["services"] = {name: self.service(names[:index]) for index, name in enumerate(names)}
        if "x-shared" in base:
            for name in self.some(names):
                body = base["services"][name]
                base["services"][name] = {"<<": Raw("*shared")} | body
        self.resources(base)
        self.extend(base, names)
        self.include(base)
        self.write("compose.yaml", base)
        self.project.arguments.append(self.pick("compose.yaml", "./compose.yaml"))
        for number in range(self.pick(0, 0, 1, 1, 2)):
            self.override(f"over{number}.yaml", names)
        if self.chance(0.8):
            self.project.files[".env"] = self.pick(*ENVS)
        self.project.profiles = self.pick([], [], [], ["p1"], ["p1", "p2"], ["*"])
        for path in ("a.env", "b.env"):
            self.project.files[path] = "FROM_FILE=1\n"
        self.project.files["more.labels"] = "from.file=${A}\nKEY=of the file\n"
        return self.project

    def attributes(self, earlier: list[str]) -> Attributes:
        """Every attribute of a service; `earlier` are the services that it can depend on."""
        numbers = "cpu_count cpu_shares cpu_quota cpu_period cpu_rt_runtime cpu_rt_period pids_limit".split()
        flags = "attach init oom_kill_disable privileged read_only stdin_open tty".split()
        texts = "cgroup_parent domainname hostname runtime stop_signal user working_dir mac_address cpuset".split()
        lists = "cap_add cap_drop device_cgroup_rules dns_opt external_links security_opt".split()
        table: Attributes = dict.fromkeys(numbers, self.number)
        table |= dict.fromkeys(flags, self.flag)
        table |= dict.fromkeys(texts, self.text)
        table |= dict.fromkeys(lists, self.texts)
        table |= {
            "annotations": self.pairs,
            "blkio_config": self.blkio,
            "build": self.build,
            "cgroup": lambda: self.pick("host", "private"),
            "command": self.command,
            "configs": lambda: self.mounts("cfg1", "cfg2"),
            "container_name": lambda: self.pick("container", "c_${A}"),
            "cpu_percent": lambda: self.pick(50, "12", 0),
            "cpus": lambda: self.pick("0.5", 1.5, 2, "${NONE:-0.1}"),
            "credential_spec": lambda: self.pick({"file": "x"}, {"registry": "y"}, {"config": "cfg1"}),
            "deploy": self.deploy,
            "develop": lambda: {"watch": self.several(self.watch)},
            "devices": lambda: self.some(
                ("/dev/a", "/dev/a:/dev/b", "/dev/c:/dev/d:r", {"source": "/dev/e", "target": "/dev/b"}), 1, 3
            ),
            "dns": self.one_or_more,
            "dns_search": self.one_or_more,
            "entrypoint": self.command,
            "env_file": lambda: self.pick(
                "a.env",
                ["a.env", "./b.env"],
                [{"path": "c.env", "required": False}, {"path": "b.env", "format": "raw"}],
            ),
            "environment": self.pairs,
            "expose": lambda: self.pick(["80", "81"], [80, "90-92"], ["53/udp", 80], ["${PORT}"]),
            "extra_hosts": self.hosts,
            "gpus": lambda: self.pick("all", self.requests()),
            "group_add": lambda: self.pick(["mail"], [1000, "x"]),
            "healthcheck": self.healthcheck,
            "ipc": lambda: self.pick("host", "shareable", *(f"service:{name}" for name in earlier)),
            "label_file": lambda: self.pick("more.labels", ["./more.labels"]),
            "labels": self.pairs,
            "logging": lambda: self.pick(
                {"driver": "json-file", "options": {"max-size": self.pick("10m", 5)}},
                {"driver": "syslog", "options": {"tag": self.text()}},
                {"options": {"max-file": "3", "n": None}},
            ),
            "mem_limit": self.size,
            "mem_reservation": self.size,
            "mem_swappiness": lambda: self.pick(10, "60"),
            "memswap_limit": lambda: self.pick("-1", "2g", -1),
            "models": lambda: self.pick(["m1"], {"m1": {"endpoint_var": "E", "model_var": "M"}}, {"m1": None}),
            "network_mode": lambda: self.pick("host", "none", *(f"service:{name}" for name in earlier)),
            "networks": self.networks,
            "oom_score_adj": lambda: self.pick(100, "-5"),
            "pid": lambda: self.pick("host", *(f"service:{name}" for name in earlier)),
            "platform": lambda: "linux/amd64",
            "ports": lambda: self.several(self.port),
            "post_start": lambda: self.several(self.hook),
            "pre_start": lambda: [
                {"command": "x", "volumes": [self.volume()]},
                {"image": "i", "environment": self.pairs()},
            ],
            "pre_stop": lambda: self.several(self.hook),
            "profiles": lambda: self.some(("p1", "p2"), 0, 2),
            "pull_policy": lambda: self.pick("always", "if_not_present", "every_12h", "missing", "build"),
            "restart": lambda: self.pick("no", "always", "on-failure:3", "${NONE:-unless-stopped}"),
            "scale": lambda: self.pick(2, "1"),
            "secrets": lambda: self.mounts("sec1", "sec2"),
            "shm_size": self.size,
            "stop_grace_period": self.duration,
            "storage_opt": lambda: {"size": "1G"},
            "sysctls": lambda: self.pick({"net.core.somaxconn": 1024}, ["net.core.somaxconn=2048"]),
            "tmpfs": lambda: self.pick("/run", ["/run:size=1m", "/scratch"]),
            "ulimits": self.ulimits,
            "umask": lambda: self.pick(18, "022", "0o77"),
            "userns_mode": lambda: "host",
            "uts": lambda: "host",
            "volumes": lambda: self.several(self.volume),
            "x-note": lambda: {"any": [1, {"x-inner": None}, self.text()]},
        }
        if earlier:
            table["depends_on"] = lambda: self.depends_on(earlier)
            table["links"] = lambda: [f"{self.pick(*earlier)}:{self.pick('alias', 'other')}", earlier[0]]
            table["volumes_from"] = lambda: [self.pick(*earlier) + self.pick("", ":ro")]
        return table

    def blkio(self) -> Any:
        rates = lambda: [{"path": "/dev/sdb", "rate": self.pick("12mb", 100)}]  # noqa: E731
        choices: Attributes = {
            "weight": lambda: self.pick(300, "10"),
            "weight_device": lambda: [{"path": "/dev/sda", "weight": 400}],
            "device_read_bps": rates,
            "device_write_iops": rates,
        }
        return self.any_of(choices)

    def service(self, earlier: list[str], *, whole: bool = True, like: dict[str, Any] | None = None) -> dict[str, Any]:
        """A service; not `whole` for one that is laid over another, mostly over attributes of that one, `like`."""
        choices = self.attributes(earlier)
        keys = self.some(choices, 0, 6)
        if like:
            keys = list(dict.fromkeys([*keys, *self.some([key for key in like if key in choices], 0, 5)]))
        body: dict[str, Any] = {"image": self.pick("img", "img:1.2", "${A}/img:${NONE:-latest}")} if whole else {}
        body |= {key: choices[key]() for key in keys if key != "build" or self.chance(0.5)}
        body = self.plausible(body)
        if not whole and body and self.chance(0.25):
            self.tag(body)
        if self.wild and self.chance(0.6):
            body[self.pick("unknown", "image", "ports", *choices, *choices)] = self.pick(*MISTAKES)
        return body

    def plausible(self, body: dict[str, Any]) -> dict[str, Any]:
        """Mostly without pairs of attributes that exclude each other."""
        if self.chance(0.05):
            return body
        for one, other in (
            ("network_mode", "networks"),
            ("network_mode", "ports"),
            ("scale", "deploy"),
            ("scale", "container_name"),
        ):
            if one in body:
                body.pop(other, None)
        if isinstance(body.get("deploy"), dict):
            for key in ("cpus", "mem_limit", "pids_limit", "mem_reservation", "container_name"):
                body.pop(key, None)
        return body

    def tag(self, body: dict[str, Any]) -> None:
        """`!reset` or `!override` on an attribute, or on an entry of it."""
        key = self.pick(*body)
        inner = body[key]
        if isinstance(inner, dict) and inner and self.chance(0.5):
            entry = self.pick(*inner)
            inner[entry] = Tagged(*self.pick(("!reset", None), ("!override", inner[entry])))
        else:
            body[key] = Tagged(*self.pick(("!reset", None), ("!override", inner), ("!reset", inner)))

    def resources(self, project: dict[str, Any]) -> None:
        opts = self.pick({}, {"driver": "x"}, {"labels": self.pairs()}, None, {"driver_opts": {"a": 1, "b": "c"}})
        pools = [
            {"subnet": "10.0.0.0/24", "gateway": "10.0.0.1"},
            {"subnet": "10.1.0.0/24", "aux_addresses": {"h": "10.1.0.5"}},
        ]
        project["networks"] = {
            "n1": self.pick(None, {}, {"internal": True}, {"external": True}, {"external": {"name": "outside"}}, opts),
            "n2": self.pick(
                None,
                {"name": "named-${A}", "attachable": self.flag(), "enable_ipv6": self.flag()},
                {"ipam": {"driver": "default", "config": self.some(pools, 1, 2), "options": {"o": "v"}}},
            ),
        }
        if self.chance(0.2):
            project["networks"]["default"] = self.pick(
                None, {"name": "own"}, {"driver": "bridge", "labels": self.pairs()}
            )
        project["volumes"] = {
            "v1": self.pick(None, {}, {"external": True}, {"name": "given"}, opts),
            "v2": self.pick(None, {"driver": "local", "driver_opts": {"o": "bind", "device": "./dev"}}),
        }
        project["secrets"] = {
            "sec1": self.pick({"file": "./sec.txt"}, {"environment": "A"}, {"external": True}, {"file": "~/x"}),
            "sec2": {"file": "two", "labels": self.pairs()},
        }
        project["configs"] = {
            "cfg1": self.pick({"file": "./cfg"}, {"content": "a ${A} b"}, {"file": "~/cfg"}),
            "cfg2": self.pick({"external": True, "name": "given"}, {"file": "x", "template_driver": "golang"}),
        }
        project["models"] = {
            "m1": self.pick({"model": "ai/x"}, {"model": "y", "context_size": 4096, "runtime_flags": ["-v"]})
        }
        if self.chance(0.1):
            project["jobs"] = {"nightly": {"image": "j", "triggers": {"schedule": ["0 0 * * *", {"cron": "@daily"}]}}}
        if self.wild and self.chance(0.3):
            del project[self.pick("networks", "volumes", "secrets", "configs", "models")]
        elif self.chance(0.1):
            project[self.pick("x-top", "x-other")] = {"note": [1, "two", None, Raw("0x1F"), Raw("2024-01-02")]}

    def override(self, path: str, names: list[str]) -> None:
        """One more file that is laid over those before it."""
        services: dict[str, Any] = {}
        for name in self.some(names, 1, 3):
            services[name] = self.service(names[: names.index(name)], whole=False, like=self.bodies.get(name))
        over: dict[str, Any] = {"services": services}
        if self.chance(0.3):
            services["extra"] = self.service(names)
        if self.chance(0.2):
            config = [{"subnet": "10.0.0.0/24", "ip_range": "10.0.0.128/25"}]
            over["networks"] = {
                "n1": self.pick(None, {"labels": self.pairs()}, {"driver": "other"}),
                "n2": {"ipam": {"config": config}},
            }
        if self.chance(0.1):
            over["volumes"] = {
                "v1": self.pick({"labels": self.pairs()}, Tagged("!reset", None), Tagged("!override", {}))
            }
        if self.chance(0.1):
            over["name"] = "renamed"
        self.write(path, over)
        self.project.arguments.append(path)

    @property
    def bodies(self) -> dict[str, dict[str, Any]]:
        return self.base.get("services", {})

    def extend(self, base: dict[str, Any], names: list[str]) -> None:
        """Some services extend one of the same file, or of another."""
        self.base = base
        for index, name in enumerate(names):
            if not self.chance(0.25):
                continue
            service = base["services"][name]
            if index and self.chance(0.5):
                other = self.pick(*(names if self.wild else names[:index]))
                service["extends"] = self.pick(other, {"service": other})
                continue
            path = self.pick("common.yaml", "sub/common.yaml")
            service["extends"] = {"service": "base", "file": path}
            if path not in self.project.files:
                self.common(path, like=service)

    def common(self, path: str, like: dict[str, Any]) -> None:
        """A file that others extend, which may extend a third."""
        services: dict[str, Any] = {"base": self.service([], whole=self.chance(0.5), like=like)}
        if self.chance(0.4):
            services["base"]["extends"] = {"service": "root"}
            services["root"] = self.service([], whole=False, like=services["base"])
        elif self.chance(0.3):
            services["base"]["extends"] = {"service": "far", "file": "far.yaml"}
            folder = path.rpartition("/")[0]
            far = {"services": {"far": self.service([], whole=False, like=services["base"])}}
            self.write(f"{folder}/far.yaml" if folder else "far.yaml", far)
        self.write(path, {"services": services})

    def include(self, base: dict[str, Any]) -> None:
        """Another project brought in, with resources of its own or the same ones, and maybe one inside it."""
        if not self.chance(0.3):
            return
        own: dict[str, Any] = {"services": {"inner": self.service([])}}
        self.resources(own)
        if self.chance(0.7):  # else they clash with those that the project declares itself
            own = _renamed(own, set(_RESOURCES))
        if self.chance(0.2):
            own["services"]["web"] = self.service([])
        path = self.pick("inc/compose.yaml", "inc.yaml")
        paths = [path]
        if self.chance(0.2):
            second = path.replace("c", "c2", 1) if "/" not in path else "inc/second.yaml"
            self.write(second, {"services": {"inner": self.service([], whole=False, like=own["services"]["inner"])}})
            paths.append(second)
        if self.chance(0.2):
            nested = "nested.yaml"
            folder = path.rpartition("/")[0]
            services = {"nested": {"image": "n", "build": "."} | self.service([])}
            self.write(f"{folder}/{nested}" if folder else nested, {"services": services})
            own["include"] = [nested]
        self.write(path, own)
        entry: Any = path if len(paths) == 1 else {"path": paths}
        if self.chance(0.5):
            entry = {"path": paths}
            if self.chance(0.4):
                entry["project_directory"] = self.pick(".", "inc")
            if self.chance(0.4):
                entry["env_file"] = self.pick("inc.env", ["inc.env", "/dev/null"])
                self.project.files["inc.env"] = "A=included\nC=${A}\n"
        if path.startswith("inc/"):
            for name in ("a.env", "b.env", "more.labels"):
                self.project.files[f"inc/{name}"] = "INNER=1\n"
            if self.chance(0.5):
                self.project.files["inc/.env"] = "A=inner\nNONE=now\n"
        base["include"] = [entry]

    def write(self, path: str, content: dict[str, Any]) -> None:
        self.project.files[path] = document(content, self.random)


_SHARED = ("environment", "labels", "logging", "healthcheck", "restart", "deploy", "networks", "ulimits", "volumes")
_RESOURCES = ("n1", "n2", "v1", "v2", "sec1", "sec2", "cfg1", "cfg2", "m1")


def _renamed(value: Any, names: set[str]) -> Any:
    """The same with other names for all resources, where they are declared and where they are used."""
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(child, names) for key, child in value.items()}
    if isinstance(value, list):
        return [_renamed(child, names) for child in value]
    if isinstance(value, Tagged):
        return Tagged(value.tag, _renamed(value.value, names))
    if isinstance(value, str):
        head, colon, rest = value.partition(":")
        return f"inc_{head}{colon}{rest}" if head in names else value
    return value
