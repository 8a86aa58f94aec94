"""Input that means harm: circles, files outside, endless growth, damaged bytes."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scanner.core.errors import SourceError
from scanner.sources.compose.discover import discover
from scanner.sources.compose.project import ComposeProject, load_project
from scanner.sources.compose.render import render_project
from scanner.sources.compose.sniff import looks_like_compose
from tests.conftest import cpu_below, write_files
from tests.sources.compose.generator import generate

Files = dict[str, str | bytes]
MINE = "services: {web: {image: x}}\n"


def load(folder: Path, files: Files, root: Path | None = None) -> ComposeProject:
    write_files(folder, files)
    return load_project([folder / "compose.yaml"], root=root or folder)


def names(project: ComposeProject) -> list[str]:
    return [one.name for one in project.resources if one.type == "compose/service"]


def reasons(project: ComposeProject) -> list[tuple[str, str]]:
    return [(f"{entry.path}:{entry.line}:{entry.column}", entry.reason) for entry in project.not_scanned]


EXTENDS_CIRCLES: list[tuple[Files, str, str]] = [
    (
        {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: a}\n"},
        "compose.yaml:2:7",
        "a (compose.yaml:2:7) -> b (compose.yaml:3:7) -> a (compose.yaml:2:7)",
    ),
    (
        {"compose.yaml": "services:\n  a: {extends: a}\n"},
        "compose.yaml:2:7",
        "a (compose.yaml:2:7) -> a (compose.yaml:2:7)",
    ),
    (
        {
            "compose.yaml": "services:\n  a:\n    extends: {file: b.yaml, service: b}\n",
            "b.yaml": "services:\n  b:\n    extends: {file: compose.yaml, service: a}\n",
        },
        "compose.yaml:3:5",
        "a (compose.yaml:3:5) -> b (b.yaml:3:5) -> a (compose.yaml:3:5)",
    ),
]


@pytest.mark.parametrize(("files", "place", "chain"), EXTENDS_CIRCLES)
def test_extends_in_a_circle(tmp_path: Path, files: Files, place: str, chain: str) -> None:
    files["compose.yaml"] = str(files["compose.yaml"]) + "  fine: {image: x}\n"
    project = load(tmp_path, files)
    assert names(project) == ["fine"]
    where, reason = reasons(project)[0]
    assert (where, reason) == (place, f"the service a is not judged: extends goes round in a circle: {chain}")
    with pytest.raises(SourceError, match="extends goes round in a circle"):
        render_project([tmp_path / "compose.yaml"])


def test_include_in_a_circle(tmp_path: Path) -> None:
    project = load(
        tmp_path,
        {
            "compose.yaml": "include:\n  - a.yaml\nservices: {web: {image: x}}\n",
            "a.yaml": "include:\n  - sub/b.yaml\n",
            "sub/b.yaml": "include:\n  - ../a.yaml\n",
        },
    )
    assert names(project) == ["web"]
    assert reasons(project) == [
        ("sub/b.yaml:2:5", "not included: include goes round in a circle: a.yaml -> sub/b.yaml -> a.yaml")
    ]
    with pytest.raises(SourceError, match="include goes round") as error:
        render_project([tmp_path / "compose.yaml"])
    assert str(error.value.location).endswith("sub/b.yaml:2:5")


def test_services_that_wait_for_each_other(tmp_path: Path) -> None:
    links = "".join(f"  s{n}: {{image: x, depends_on: [s{(n + 1) % 900}]}}\n" for n in range(900))
    project = load(tmp_path, {"compose.yaml": f"services:\n{links}"})
    assert len(names(project)) == 900
    assert [notice.message.partition(": s0")[0] for notice in project.notices] == [
        "Compose refuses this project: services wait for each other"
    ]


def test_files_outside_the_root_are_not_read(tmp_path: Path) -> None:
    outside = "outside the scanned folder"
    write_files(tmp_path, {"secret.yaml": "services: {stolen: {image: y}}\n", "secret.env": "PASSWORD=1\n"})
    project = load(
        tmp_path / "root",
        {
            "compose.yaml": f"""\
include:
  - ../secret.yaml
  - {{path: inside.yaml, env_file: ../secret.env}}
services:
  web: {{image: x, env_file: ../secret.env, label_file: {tmp_path}/secret.env}}
  far: {{extends: {{file: {tmp_path}/secret.yaml, service: stolen}}}}
""",
            "inside.yaml": "services: {inside: {image: 'y:${PASSWORD:-unset}'}}\n",
        },
    )
    assert sorted(names(project)) == ["inside", "web"]
    assert "PASSWORD" not in str([one.attributes for one in project.resources])
    assert [(where, outside in reason) for where, reason in reasons(project)] == [
        ("compose.yaml:2:5", True),
        (project.not_scanned[1].path + ":0:0", True),
        ("compose.yaml:6:25", True),
        ("compose.yaml:5:56", True),
        ("compose.yaml:5:29", True),
    ]


def test_symbolic_links_that_leave_the_root(tmp_path: Path) -> None:
    write_files(tmp_path, {"secret.yaml": "services: {stolen: {image: y}}\n", "secret.env": "TAG=stolen\n"})
    root = tmp_path / "root"
    write_files(root, {"compose.yaml": "include: [link.yaml]\nservices: {web: {image: 'x:${TAG:-none}'}}\n"})
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / ".env").symlink_to(tmp_path / "secret.env")
    (root / "main.yaml").symlink_to(tmp_path / "secret.yaml")
    project = load(root, {})
    assert names(project) == ["web"]
    assert project.resources[1].attributes["image"] == "x:none"
    assert sorted(entry.path for entry in project.not_scanned) == [".env", "compose.yaml"]
    with pytest.raises(SourceError, match="lies outside the scanned folder"):
        load_project([root / "main.yaml"], root=root)
    assert [one.files for one in discover([root / "main.yaml"], root=root)] == [(root / "main.yaml",)]


def test_links_inside_the_root_are_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {"real.yaml": MINE})
    (tmp_path / "compose.yaml").symlink_to("real.yaml")
    assert names(load(tmp_path, {})) == ["web"]


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    project = load(tmp_path, {"compose.yaml": "services: {web: {image: x, env_file: [pipe, ., /dev/zero]}}\n"})
    assert [reason for _, reason in reasons(project)] == [
        "the env_file pipe cannot be read: not a regular file",
        "the env_file . cannot be read: not a regular file",
        "the env_file /dev/zero lies outside the scanned folder",
    ]


def test_include_deeper_than_the_limit(tmp_path: Path) -> None:
    files: Files = {f"f{n}.yaml": f"include: [f{n + 1}.yaml]\n" for n in range(150)}
    project = load(tmp_path, {**files, "compose.yaml": f"include: [f0.yaml]\n{MINE}"})
    assert names(project) == ["web"]
    assert [entry.reason for entry in project.not_scanned] == ["not included: include is nested more than 100 deep"]


def test_extends_deeper_than_the_limit(tmp_path: Path) -> None:
    chain = "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(150))
    project = load(tmp_path, {"compose.yaml": f"services:\n{chain}  s150: {{image: x}}\n"})
    assert "extends is nested more than 100 deep" in project.not_scanned[0].reason
    assert "s149" in names(project)


def test_more_files_than_the_limit(tmp_path: Path) -> None:
    files: Files = {f"f{n}.yaml": f"services: {{s{n}: {{image: x}}}}\n" for n in range(1100)}
    includes = ", ".join(f"f{n}.yaml" for n in range(1100))
    project = load(tmp_path, {**files, "compose.yaml": f"include: [{includes}]\n"})
    assert len(names(project)) == 999
    assert {entry.reason for entry in project.not_scanned} == {
        f"not included: f{n}.yaml the project has more than 1,000 files" for n in range(999, 1100)
    }


@cpu_below(5)
def test_diamonds_of_includes_do_not_grow(tmp_path: Path) -> None:
    files: Files = {}
    for level in range(40):
        for side in "ab":
            files[f"{side}{level}.yaml"] = f"include: [a{level + 1}.yaml, b{level + 1}.yaml]\n"
    files |= {"a40.yaml": "services: {left: {image: x}}\n", "b40.yaml": "services: {right: {image: y}}\n"}
    project = load(tmp_path, {**files, "compose.yaml": "include: [a0.yaml, b0.yaml]\n"})
    assert (sorted(names(project)), project.not_scanned) == (["left", "right"], [])


def test_alias_bomb(tmp_path: Path) -> None:
    lines = ["x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(SourceError, match="aliases expand to more than"):
        load(tmp_path, {"compose.yaml": "\n".join([*lines, MINE])})


@cpu_below(5)
def test_anchors_that_many_services_share_stay_small(tmp_path: Path) -> None:
    variables = "".join(f"    V{n}: ${{V{n}:-x}}\n" for n in range(200))
    services = "".join(f"  s{n}: {{image: x, environment: *e}}\n" for n in range(200))
    project = load(tmp_path, {"compose.yaml": f"x-e: &e\n{variables}services:\n{services}"})
    assert len(names(project)) == 200


@cpu_below(5)
def test_large_ranges_of_ports(tmp_path: Path) -> None:
    items = ", ".join(f'"{n}-60000:{n}-60000"' for n in range(1, 40))
    project = load(
        tmp_path,
        {
            "compose.yaml": f"services: {{web: {{image: x, ports: [{items}]}}, rtp: {{image: y, ports: ['10000-20000:10000-20000/udp']}}}}\n"
        },
    )
    assert names(project) == ["web", "rtp"]
    assert ("compose.yaml:1:36", "a scan does not judge so many ports") in reasons(project)


@cpu_below(5)
def test_many_services_that_inherit_much(tmp_path: Path) -> None:
    variables = "".join(f"      V{n}: x\n" for n in range(3000))
    services = "".join(f"  s{n}: {{extends: base}}\n" for n in range(300))
    project = load(
        tmp_path, {"compose.yaml": f"services:\n  base:\n    image: x\n    environment:\n{variables}{services}"}
    )
    assert "base" in names(project)
    assert "what the services of this project inherit is too large" in project.not_scanned[0].reason


@cpu_below(5)
def test_a_large_env_file_of_many_services(tmp_path: Path) -> None:
    services = "".join(f"  s{n}: {{image: x, env_file: big.env}}\n" for n in range(300))
    project = load(tmp_path, {"compose.yaml": f"services:\n{services}", "big.env": "NAME=value\n" * 20_000})
    assert len(names(project)) == 300
    assert project.not_scanned[0].reason == "the env_file big.env larger than what a scan reads of env files"


def leaves(value: Any, route: tuple[str | int, ...] = ()) -> Any:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, (*route, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, (*route, index))
    else:
        yield route


SNIPPETS = (
    b'null 5 1.5 true [] {} "x" ${A} [${A}] {a:{b:1}} [[1]] [null] {x:null} ${ !reset !override [{a:1}] *a .inf '
    b'"${A}:${B}" 2001-12-14 &a'
).split()


def damaged(data: bytes, random: Random) -> bytes:
    """Truncated, with other bytes, or with other values behind some keys."""
    kind = random.random()
    if kind < 0.2:
        return data[: random.randrange(len(data) + 1)]
    if kind < 0.4:
        changed = bytearray(data)
        for _ in range(random.randrange(1, 6)):
            if changed:
                changed[random.randrange(len(changed))] = random.randrange(256)
        return bytes(changed)
    lines = data.split(b"\n")
    for _ in range(random.randrange(1, 6)):
        index = random.randrange(len(lines))
        head, colon, _ = lines[index].partition(b":")
        if colon:
            lines[index] = head + b": " + random.choice(SNIPPETS)
    return b"\n".join(lines)


@cpu_below(5)
def damage_and_load(folder: Path, seed: int) -> None:
    """A damaged project is read or refused, and what is left out is named."""
    random = Random(seed)
    original = generate(seed)
    files: Files = {
        name: damaged(text.encode(), random) if random.random() < 0.7 else text for name, text in original.files.items()
    }
    folder.mkdir()
    write_files(folder, files)
    paths = [folder / name for name in original.arguments]
    project = None
    with suppress(SourceError):
        project = load_project(paths, root=folder)
    if project is not None:
        for one in project.resources:
            for route in leaves(one.attributes):
                assert one.origin.locate(route).location.path
        assert all(entry.path and entry.reason for entry in project.not_scanned)
        # What is not there is either not declared or named as left out.
        assert project.resources[0].attributes["services"] or project.not_scanned or project.notices
    discover(paths, root=folder)
    looks_like_compose((folder / original.arguments[0]).read_bytes())
    with suppress(SourceError):
        render_project(paths, original.profiles)


@pytest.mark.parametrize("part", range(4))
def test_damaged_projects(tmp_path: Path, part: int) -> None:
    for seed in range(part * 100, part * 100 + 100):
        damage_and_load(tmp_path / str(seed), 10_000 + seed)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_many_damaged_projects(tmp_path: Path, part: int) -> None:
    for seed in range(part * 500, part * 500 + 500):
        damage_and_load(tmp_path / str(seed), 50_000 + seed)
