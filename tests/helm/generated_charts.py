"""Random trees of charts, whose templates print what they see: values, globals, aliases, conditions, imports."""

from __future__ import annotations

import json
import random
from typing import Any

KEYS = ["a", "b", "c", "global", "exports", "q"]
TEMPLATE = """name: {{ .Template.Name }}
values: {{ toJson .Values }}
subcharts: {{ keys .Subcharts | sortAlpha }}
dependencies: {{ toJson .Chart.Dependencies }}
"""


def generated(seed: int) -> tuple[dict[str, str], str]:
    """The files of a chart, and those of a file of values to render it with ('' for none)."""
    chance = random.Random(seed)
    files: dict[str, str] = {}
    _chart(chance, files, "", "top", 0)
    user = json.dumps(_values(chance)) if chance.random() < 0.7 else ""
    return files, user


def _chart(chance: random.Random, files: dict[str, str], path: str, name: str, depth: int) -> None:
    subcharts = chance.sample(["s1", "s2", "s3"], chance.randint(0, 2 if depth else 3)) if depth < 3 else []
    wanted = []
    for subchart in subcharts:
        _chart(chance, files, f"{path}charts/{subchart}/", subchart, depth + 1)
        for number in range(1 if chance.random() < 0.8 else 2):
            wanted += [_dependency(chance, subchart, number)] if chance.random() < 0.8 else []
    metadata: dict[str, Any] = {"apiVersion": "v2", "name": name, "version": "1.0.0"}
    if wanted:
        metadata["dependencies"] = wanted
    if depth and chance.random() < 0.1:
        metadata["type"] = "library"
    files[f"{path}Chart.yaml"] = json.dumps(metadata)
    files[f"{path}values.yaml"] = json.dumps(_values(chance))
    files[f"{path}templates/v.yaml"] = TEMPLATE


def _dependency(chance: random.Random, name: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "version": chance.choice(["1.0.0", "*", ">0", "^1", "1.x", "2"])}
    if chance.random() < 0.4:
        paths = [f"{name}.enabled", f"{name}.enabled,global.g", "a", "b.c", f" {name}.enabled, x.y", "global.a"]
        found["condition"] = chance.choice(paths)
    if chance.random() < 0.3:
        found["tags"] = chance.sample(["t1", "t2"], chance.randint(1, 2))
    if number or chance.random() < 0.2:
        found["alias"] = f"{name}-{number}"
    if chance.random() < 0.4:
        found["import-values"] = [_import(chance) for _ in range(chance.randint(1, 2))]
    return found


def _import(chance: random.Random) -> Any:
    child = chance.choice(["a", "b", "exports.e1", "global"])
    table = {"child": child, "parent": chance.choice([".", "a", "imported.x", "global", "c"])}
    return chance.choice(["e1", "e2", table, table])


def _values(chance: random.Random) -> dict[str, Any]:
    values = {chance.choice(KEYS): _value(chance, 0) for _ in range(chance.randint(0, 5))}
    if chance.random() < 0.5:
        values["tags"] = {tag: chance.choice([True, False, "x", None]) for tag in ("t1", "t2")}
    if chance.random() < 0.6:
        values["global"] = {key: _value(chance, 1) for key in chance.sample(["g", "h", "a"], chance.randint(0, 3))}
    if chance.random() < 0.4:
        values["exports"] = {name: _table(chance, 2) for name in ("e1", "e2")}
    for name in ("s1", "s2", "s3", "s1-0", "s2-1"):
        if chance.random() < 0.4:
            odd = chance.random() < 0.02
            values[name] = None if odd else chance.choice([_table(chance, 1), {"enabled": chance.random() < 0.5}])
    return values


def _table(chance: random.Random, depth: int) -> dict[str, Any]:
    return {chance.choice(KEYS): _value(chance, depth) for _ in range(chance.randint(0, 3))}


def _value(chance: random.Random, depth: int) -> Any:
    drawn = chance.random()
    if drawn < 0.45 and depth < 3:
        return _table(chance, depth + 1)
    if drawn < 0.6:
        return None
    return chance.choice([[1], True, False, 1, "x", "", 2.5])
