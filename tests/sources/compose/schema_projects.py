"""Random projects out of the schema itself: for each attribute any value that its types allow, however odd."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from scanner.sources.compose.schema import PROJECT, SERVICE
from scanner.sources.compose.spec import Spec

_TEXTS = (
    *("a b a=1 a=2 b= 1 0 true 8.8.8.8 ./p /abs/x ~/h ../up ${A} ${N:-d} $$x /t:ro n1 s1 80".split()),
    *("a:b service:b C:\\x 1.5 yes é n2".split()),
    "x y",
    "",
)
_BY_OUT = {
    **dict.fromkeys(("duration", "set_duration"), "1s 1m30s 0s 1.5h 100ms 2d 1w 1us 90m".split()),
    "bytes": ["1", "10m", "1.5g", "64kb", "2GiB", "0", "-1", "1 k", "10B"],
    **dict.fromkeys(("integer", "maybe_integer", "count", "maybe_count"), "1 0 7 12 -1 010 1.5".split()),
    **dict.fromkeys(("unsigned_32", "unsigned_16", "device_count"), "1 0 7 12 all".split()),
    **dict.fromkeys(("float_32", "cpus"), "0.5 1 0 .25 1e-1 0.1".split()),
    **dict.fromkeys(("flag", "maybe_flag", "opt_out", "required"), "true false yes Off TRUE n".split()),
    "mode": "0440 444 0o444 7 0".split(),
    "umask": "022 0o22 18".split(),
}
_BY_NAME = {
    "pull_policy": "always daily every_1h2m if_not_present".split(),
    "host_ip": "127.0.0.1 ::1 0.0.0.0".split(),
    "ports": "80 80:80 81-82 1.1.1.1:5:5/udp [::1]:5:5".split(),
    "volumes": "v1:/a /a ./x:/b:ro v2:/a".split(),
    **dict.fromkeys(("source", "networks", "secrets"), "n1 n2 v1 s1 c1".split()),
}
_KEYS = ("a", "b", "n1", "n2", "x-e", "A", "w.b", "web")
_SERVICES = ("b", "n1", "n2", "x-e", "w.b", "A")


def project(seed: int) -> tuple[dict[str, str], list[str]]:
    """The files of a project, and the arguments. One service has odd attributes, in one file or merged from two."""
    random = Random(seed)
    fields = [key for key in SERVICE.fields or {} if key != "extends"]
    keys = random.sample(fields, random.randrange(1, 4))

    def odd(names: list[str]) -> dict[str, Any]:
        return {name: _value(random, (SERVICE.fields or {})[name], name) for name in names}

    base: dict[str, Any] = {
        "services": {
            "web": {"image": "i", **odd(keys)},
            "a": {"image": "a", "build": "."},
            **{name: {"image": "z"} for name in _SERVICES},
        },
        "networks": dict.fromkeys(("n1", "n2", "a", "b", "A", "w.b", "web")),
        "volumes": dict.fromkeys(("v1", "v2", "n1", "n2", "a", "s1", "c1")),
        "secrets": {name: {"file": "./f"} for name in ("s1", "n1", "n2", "a", "v1", "c1")},
        "configs": {name: {"file": "./f"} for name in ("c1", "n1", "n2", "a", "s1", "v1")},
        "models": {name: {"model": "m"} for name in ("a", "b", "n1", "n2", "A", "w.b", "web")},
    }
    if random.random() < 0.3:
        section = random.choice(("networks", "volumes", "secrets", "configs"))
        base[section]["r1"] = _value(random, (PROJECT.fields or {})[section].entries, "r1")
    files: dict[str, Any] = {"compose.yaml": base, ".env": None}
    arguments = ["compose.yaml"]
    way = random.random()
    if way < 0.5:
        files["over.yaml"] = {"services": {"web": odd(keys if random.random() < 0.8 else random.sample(fields, 2))}}
        arguments.append("over.yaml")
    elif way < 0.75:
        files["sub/base.yaml"] = {"services": {"base": odd(keys)}}
        base["services"]["web"]["extends"] = {"service": "base", "file": "sub/base.yaml"}
    elif way < 0.9:
        files["inc/inner.yaml"] = base
        own = {"web": odd(keys)} if random.random() < 0.5 else {"own": {"image": "x"}}
        files["compose.yaml"] = {"include": ["inc/inner.yaml"], "services": own}
    texts = {name: json.dumps(content, ensure_ascii=False) for name, content in files.items()}
    return {**texts, ".env": "A=alpha\nB=beta\n"}, arguments


def _value(random: Random, spec: Spec | None, name: str) -> Any:
    if spec is None:
        return random.choice([1, "x", None])
    kind = random.choice(spec.types)
    if kind == "s":
        return _text(random, spec, name)
    if kind == "i":
        return random.choice([0, 1, 2, 10, 2.0, -1, 70_000])
    if kind == "n":
        return random.choice([0, 1, 1.5, 0.25, 3, 1e3, 100])
    if kind == "b":
        return random.random() < 0.5
    if kind == "0":
        return None
    if kind == "l":
        return [_value(random, spec.items, name) for _ in range(random.choice([0, 1, 1, 2, 3]))]
    return _mapping(random, spec, name)


def _text(random: Random, spec: Spec, name: str) -> str:
    if spec.choices and random.random() < 0.95:
        return random.choice(spec.choices)
    return random.choice(_BY_OUT.get(spec.out) or _BY_NAME.get(name) or _TEXTS)


def _mapping(random: Random, spec: Spec, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    fields = spec.fields or {}
    for key, inner in fields.items():
        if key in spec.required or random.random() < (0.5 if len(fields) < 8 else 0.25):
            found[key] = _value(random, inner, key)
    if spec.entries is not None:
        names = ("nofile", "core", "nproc") if name == "ulimits" else _KEYS
        for key in random.sample(names, random.choice([0, 1, 2, 3])):
            found[key] = _value(random, spec.entries, key)
    if name == "ssh":  # Compose prints several keys in any order
        found = dict(list(found.items())[:1])
    return found
