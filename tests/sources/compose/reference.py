"""The reference program `compose-config`, for tests that hold recorded results or random inputs against it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import tool


def recorded(name: str) -> list[dict[str, Any]]:
    """The cases of a data file beside this one: an input, and the `output` or `error` of compose-config."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    cases: list[dict[str, Any]] = json.loads(text)
    return cases


def program() -> str:
    """The path of compose-config; the test is skipped where it was not built, and fails in CI."""
    return str(tool("compose-config"))


def resolve(folder: Path, project: dict[str, Any], env: str | None = None) -> tuple[dict[str, Any], str]:
    """The project as compose-config resolves it, and '' ; or {} and its error, without warnings and `validating`."""
    (folder / "compose.yaml").write_text(json.dumps(project), encoding="utf-8")
    if env is not None:
        (folder / ".env").write_bytes(env.encode())
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder)}
    run = subprocess.run(
        [program(), str(folder / "compose.yaml")], capture_output=True, cwd=folder, env=environment, timeout=60
    )
    if run.returncode == 0:
        resolved: dict[str, Any] = json.loads(run.stdout)
        return resolved, ""
    # Split at line feeds only: a message may hold other line ends.
    lines = run.stderr.decode().removesuffix("\n").split("\n")
    return {}, "\n".join(line for line in lines if not line.startswith("time="))


def service(**attributes: Any) -> dict[str, Any]:
    """A project with the one service `s`, and all that its attributes may name."""
    named: dict[str, Any] = {name: {} for name in ("data", "a-b", "vol", "ab", "a")}
    return {
        "name": "p",
        "services": {"s": {"image": "i"} | attributes, "b": {"image": "i"}, "c": {"image": "i"}},
        "networks": {"n1": {}, "n2": {}},
        "volumes": named,
        "secrets": {"s1": {"file": "x"}},
        "configs": {"c1": {"file": "x"}},
        "models": {"m1": {"model": "x"}},
    }
