"""The expression engine alone: `python benchmarks/engine.py` prints what it takes to load and to evaluate.

Load: 400 rules of several expressions each, checked against the views and turned into trees, in a fresh process, and
the same from stored trees; our own imports are included. Evaluation: 10,000 containers by 40 rules in one process. Best of several runs.
"""

from __future__ import annotations

import argparse
import json
import marshal
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RULES = 400
CONTAINERS = 10_000
TARGETS = {"check": 0.4, "stored": 0.02, "evaluate": 2.5}

# (guard, variables, compliant, message, parameters): 40 of them, the size and the kind of what rule files hold.
_TEMPLATES: list[tuple[str, dict[str, str], str, str, dict[str, str]]] = [
    ("", {}, "!container.privileged", "container.kind + ' ' + container.name + ' is privileged'", {}),
    ("", {}, "container.read_only_root_filesystem", "container.name + ' can write its root file system'", {}),
    ("!container.privileged", {}, "'ALL' in container.capabilities_drop", "container.name + ' keeps capabilities'", {}),
    ("", {}, "!(container.seccomp_profile == 'unconfined')", "container.name + ' has no seccomp profile'", {}),
    ("", {}, "present(container.memory_limit) && container.memory_limit > 0", "container.name + ' has no limit'", {}),
    (
        "present(container.memory_limit) && present(container.memory_request)",
        {},
        "container.memory_request <= container.memory_limit && container.memory_limit <= 8 * 1073741824",
        "container.name + ' asks for more than its limit'",
        {},
    ),
    (
        "present(container.image)",
        {"reference": "container.image.split(':')"},
        "size(reference) > 1 && !(reference[size(reference) - 1] in parameters.mutable)",
        "'image ' + container.image + ' has no fixed version'",
        {"mutable": "list"},
    ),
    (
        "size(container.ports) > 0",
        {},
        "container.ports.all(port, !port.published || port.host_ip == '127.0.0.1' || port.host_ip == '::1')",
        "container.name + ' is published on every address'",
        {},
    ),
    (
        "container.mounts.exists(mount, mount.kind == 'bind')",
        {},
        "!container.mounts.exists(mount, mount.kind == 'bind' && mount.source in parameters.paths)",
        "container.name + ' sees a path of the host'",
        {"paths": "list"},
    ),
    (
        "",
        {},
        "container.environment.all(variable, !variable.name.matches('(?i)(password|secret|token)') "
        "|| variable.value == '')",
        "container.name + ' has a secret in its environment'",
        {},
    ),
    ("container.kind == 'service'", {}, "container.health_check.kind != 'none'", "container.name + ' has none'", {}),
    (
        "present(container.health_check)",
        {},
        "container.health_check.interval <= parameters.longest && container.health_check.retries >= 1",
        "container.name + ' is checked too seldom'",
        {"longest": "int"},
    ),
    ("", {}, "container.restart in ['always', 'unless-stopped', 'on-failure']", "container.name + ' stays down'", {}),
    (
        "present(container.user)",
        {"number": "container.user.split(':')[0]"},
        "number != '0' && number != 'root'",
        "container.name + ' runs as root'",
        {},
    ),
    ("", {}, "!container.capabilities_add.exists(name, name in ['SYS_ADMIN', 'NET_ADMIN'])", "container.name", {}),
    (
        "container.labels.exists(key, key.startsWith('traefik.'))",
        {},
        "'default' in container.networks && !('host' in container.networks)",
        "container.name + ' is routed and stands alone'",
        {},
    ),
    ("", {}, "container.pull_policy != 'never' || container.built", "container.name + ' is never pulled'", {}),
    (
        "",
        {},
        "container.depends_on.all(other, other.condition == 'service_healthy' || !other.has_health_check)",
        "container.name + ' does not wait for health'",
        {},
    ),
    ("", {}, "container.pids_limit > 0 ? container.pids_limit <= 4096 : false", "container.name + ' may fork'", {}),
    ("", {}, "!(container.network_mode == 'host' || container.network_mode.startsWith('container:'))", "'shared'", {}),
]


def rule(number: int) -> tuple[str, dict[str, str], str, str, dict[str, str]]:
    """One of as many different rules as are wanted."""
    guard, variables, compliant, message, parameters = _TEMPLATES[number % len(_TEMPLATES)]
    kind = number // len(_TEMPLATES)
    if kind:
        compliant = f"({compliant}) || container.name == 'exempt-{kind}'"
    return guard, variables, compliant, message, parameters


def check(count: int) -> list[tuple[dict[str, object], dict[str, object]]]:
    """The trees of the rules: expressions and variables."""
    from scanner.policy.cel.check import compile_expression
    from scanner.policy.cel.environment import Scope
    from scanner.policy.language import rule_language

    language = rule_language()
    rules: list[tuple[dict[str, object], dict[str, object]]] = []
    for number in range(count):
        guard, variables, compliant, message, parameters = rule(number)
        kinds: dict[str, str] = {}
        trees: dict[str, object] = {}
        for name, source in variables.items():
            tree = compile_expression(source, Scope("container", parameters, dict(kinds)), language)
            kinds[name], trees[name] = tree.type, tree.pack()
        scope = Scope("container", parameters, kinds)
        sources = {"when": guard, "compliant": compliant, "message": message}
        packed: dict[str, object] = {
            key: compile_expression(source, scope, language).pack() for key, source in sources.items() if source
        }
        rules.append((packed, trees))
    return rules


def programs(stored: bytes) -> list[object]:
    """Rules ready to be evaluated, from stored trees."""
    from scanner.policy.cel.evaluate import Program
    from scanner.policy.cel.tree import unpack
    from scanner.policy.language import rule_language

    language = rule_language()
    return [
        Program(
            language,
            {name: unpack(tree) for name, tree in expressions.items()},
            {name: unpack(tree) for name, tree in variables.items()},
        )
        for expressions, variables in marshal.loads(stored)
    ]


def container(number: int) -> dict[str, object]:
    """The values of one container: a usual service."""
    return {
        "name": f"service-{number}",
        "kind": "service",
        "image": f"registry.example.com/team/service-{number % 50}:1.{number % 7}",
        "user": "1000:1000" if number % 3 else "root",
        "restart": "unless-stopped",
        "memory_limit": 536_870_912,
        "memory_request": 268_435_456,
        "ports": [{"container_port": 8080, "published": True, "host_port": 8080, "host_ip": "127.0.0.1"}],
        "environment": [
            {"name": "LOG_LEVEL", "value": "info"},
            {"name": "DATABASE_HOST", "value": "database"},
            {"name": "HTTP_PORT", "value": "8080"},
        ],
        "mounts": [{"kind": "volume", "source": "data", "target": "/data"}],
        "networks": ["default"],
        "labels": {"traefik.enable": "true", "team": "platform"},
        "health_check": {"kind": "command", "command": ["curl", "localhost"], "interval": 30_000, "retries": 3},
        "depends_on": [{"service": "database", "condition": "service_healthy", "has_health_check": True}],
    }


def evaluate(stored: bytes, count: int) -> float:
    """Seconds for every container by every rule, in this process."""
    ready = programs(stored)
    parameters = {"mutable": ["latest", "main"], "paths": ["/", "/etc"], "longest": 60_000}
    subjects = [container(number) for number in range(count)]
    start = time.perf_counter()
    failed = 0
    for program in ready:
        guarded = "when" in program.names
        when = program.expression("when") if guarded else None
        compliant = program.expression("compliant")
        for subject in subjects:
            frame = program.frame(subject, parameters)
            if when is None or when(frame) is True:
                failed += compliant(frame) is False
    elapsed = time.perf_counter() - start
    assert failed, "rules that find nothing measure nothing"
    return elapsed


def one(what: str, count: int) -> None:
    """Measures one thing in this process, for the parent to read."""
    # Every command has these loaded before it comes to rules.
    import dataclasses  # noqa: F401
    import re  # noqa: F401
    import typing  # noqa: F401

    stored = Path(sys.argv[-1])
    start = time.perf_counter()
    if what == "check":
        rules = check(count)
        seconds = time.perf_counter() - start
        stored.write_bytes(marshal.dumps(rules))
    elif what == "stored":
        programs(stored.read_bytes())
        seconds = time.perf_counter() - start
    else:
        seconds = evaluate(marshal.dumps(marshal.loads(stored.read_bytes())[:40]), count)
    heavy = sorted({"cel_expr_python", "google.protobuf", "re2"} & set(sys.modules))
    print(json.dumps({"seconds": seconds, "modules": heavy}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", choices=list(TARGETS), help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("stored", nargs="?", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.count)
        return
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        stored = str(Path(folder) / "trees")
        # An installed package has its bytecode; a working tree may not be allowed to keep it.
        environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "bytecode"),
        }
        print("| what | best | target | heavy modules |\n|---|---|---|---|")
        for what, count, text in (
            ("check", RULES, f"{RULES} rules checked and compiled"),
            ("stored", RULES, f"{RULES} rules from stored trees"),
            ("evaluate", CONTAINERS, f"{CONTAINERS:,} containers by 40 rules"),
        ):
            command = [sys.executable, __file__, "--one", what, "--count", str(count), stored]
            runs = [json.loads(subprocess.check_output(command, env=environment)) for _ in range(options.runs)]
            best = min(run["seconds"] for run in runs)
            print(f"| {text} | {best:.3f} s | {TARGETS[what]} s | {', '.join(runs[0]['modules']) or 'none'} |")


if __name__ == "__main__":
    main()
