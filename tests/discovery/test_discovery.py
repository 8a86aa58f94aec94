"""Which files a scan looks at, in which order, and what it says of the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from scanner.config import find_root, load_config
from scanner.discovery import Found, candidates, walk
from tests.conftest import write_files

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n"
COMPOSE = "services:\n  web:\n    image: nginx\n"


def discover(folder: Path, *targets: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The candidates (`c:` Compose, `k:` manifest) and the entries (path, reason) of a walk of `targets`."""
    found = found_in(folder, targets)
    seen = [f"{'k' if one.manifest else 'c'}:{one.display}" for one in candidates(found)]
    return seen, [(entry.path, entry.reason) for entry in found.not_scanned]


def found_in(folder: Path, targets: Sequence[str]) -> Found:
    paths = [folder / target for target in targets] or [folder]
    folders = [path if path.is_dir() else path.parent for path in (Path(os.path.realpath(path)) for path in paths)]
    root = find_root(folders)
    return walk(paths, root, load_config(folders[0], root))


def test_order_and_what_is_left_out(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".git/HEAD": "",
            ".git/x.yaml": POD,
            "b/pod.yaml": POD,
            "a/pod.json": '{"apiVersion": "v1", "kind": "Pod"}',
            "a/spelt.json": '{"\\u0061piVersion": "v1", "kind": "Pod"}',
            "a/stack.json": '{"services": {"web": {"image": "x"}}}',
            "a/package.json": '{"services": ["web"], "include": ["x"]}',
            "compose.yaml": COMPOSE,
            "stack.yml": COMPOSE,
            ".gitlab-ci.yml": "image: x\nservices:\n  - postgres\ninclude: y\ntest:\n  script: z\n",
            "services.yaml": "services:\n  _defaults:\n    autowire: true\n",
            "other.yaml": "a: 1\n",
            "notes.md": POD,
            "node_modules/x.yaml": POD,
            ".terraform/x.yaml": POD,
            ".venv/x.yaml": POD,
            ".github/workflows/ci.yml": "jobs:\n  x:\n    services:\n      db:\n        image: y\n",
        },
    )
    assert discover(tmp_path) == (
        ["c:compose.yaml", "c:stack.yml", "k:a/pod.json", "k:a/spelt.json", "c:a/stack.json", "k:b/pod.yaml"],
        [],
    )


def test_ignore_files_from_the_git_root_down(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".git/info/exclude": "private.yaml\n",
            ".gitignore": "*.gen.yaml\n/top/\n",
            "top/x.yaml": POD,
            "app/top/x.yaml": POD,
            "app/x.gen.yaml": POD,
            "app/.gitignore": "!keep.gen.yaml\nout/\n",
            "app/keep.gen.yaml": POD,
            "app/out/x.yaml": POD,
            "app/private.yaml": POD,
        },
    )
    expected = ["k:app/keep.gen.yaml", "k:app/top/x.yaml"]
    assert discover(tmp_path) == (expected, [])
    assert discover(tmp_path, "app") == (expected, [])
    assert discover(tmp_path, "app/x.gen.yaml")[0] == ["k:app/x.gen.yaml"]
    assert discover(tmp_path, "top")[0] == ["k:top/x.yaml"]


def test_a_further_work_tree_has_the_ignore_file_of_its_repository(tmp_path: Path) -> None:
    files = {"main/.git/info/exclude": "local\n", "main/.git/worktrees/more/commondir": "../..\n"}
    files |= {"more/.git": f"gitdir: {tmp_path}/main/.git/worktrees/more\n"}
    files |= {"more/local/pod.yaml": POD, "more/pod.yaml": POD}
    write_files(tmp_path, files)
    assert discover(tmp_path / "more") == (["k:pod.yaml"], [])
    write_files(tmp_path, {"more/.git": "gitdir: \0\n"})
    assert discover(tmp_path / "more") == (["k:pod.yaml", "k:local/pod.yaml"], [])


def test_files_that_compose_file_names(tmp_path: Path) -> None:
    """Whatever they are called: Compose reads them."""
    names = (
        "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=stack.txt,deploy/stack,gone.txt,/etc/hostname,../out.txt,left/stack\n"
    )
    files = {"a/.env": names, "a/stack.txt": COMPOSE, "a/deploy/stack": COMPOSE, "a/left/stack": COMPOSE}
    files |= {
        "out.txt": COMPOSE,
        "b/stack.txt": COMPOSE,
        "b/.env": "COMPOSE_FILE='\n",
        "a/.groundrule.yaml": "exclude: [left]\n",
    }
    write_files(tmp_path, files)
    assert discover(tmp_path / "a") == (["c:stack.txt", "c:deploy/stack"], [])
    (tmp_path / "a" / ".env").unlink()
    assert discover(tmp_path / "a") == ([], [])


def test_exclude_of_the_configuration(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".git/HEAD": "",
            ".groundrule.yaml": "exclude: [vendor, '**/generated/*.yaml']\n",
            "vendor/a/x.yaml": POD,
            "app/generated/x.yaml": POD,
            "app/x.yaml": POD,
            "app/inner/.groundrule.yaml": "exclude: [x.yaml]\n",
            "app/inner/x.yaml": POD,
            "app/inner/y.yaml": POD,
        },
    )
    assert discover(tmp_path) == (["k:app/x.yaml", "k:app/inner/y.yaml"], [])


def test_paths_without_git_are_relative_to_the_scanned_folder(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/b/x.yaml": POD})
    assert discover(tmp_path, "a")[0] == ["k:b/x.yaml"]
    assert discover(tmp_path, "a/b/x.yaml")[0] == ["k:x.yaml"]


def test_a_file_that_is_reached_twice_is_met_once(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", "a/x.yaml": POD, "b/y.yaml": POD})
    (tmp_path / "a" / "link.yaml").symlink_to("x.yaml")
    (tmp_path / "a" / "to-b").symlink_to("../b")
    (tmp_path / "a" / "loop").symlink_to("..")
    assert discover(tmp_path, "a", "a/x.yaml", "b", "a/link.yaml") == (["k:a/x.yaml", "k:b/y.yaml"], [])


def test_a_link_inside_the_repository_is_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", "a/.keep": "", "shared/x.yaml": POD, "shared/deep/y.yaml": POD})
    (tmp_path / "a" / "deep").symlink_to("../shared/deep")
    (tmp_path / "a" / "x.yaml").symlink_to("../shared/x.yaml")
    assert discover(tmp_path, "a") == (["k:shared/x.yaml", "k:shared/deep/y.yaml"], [])


def test_links_that_are_not_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {"outside/x.yaml": POD, "repository/.git/HEAD": "", "repository/y.yaml": POD})
    repository = tmp_path / "repository"
    (repository / "out").symlink_to("../outside")
    (repository / "out.yaml").symlink_to("../outside/x.yaml")
    (repository / "broken").symlink_to("nowhere")
    (repository / "self").symlink_to("self")
    (repository / "tool").symlink_to("/bin/sh")
    assert discover(repository) == (
        ["k:y.yaml"],
        [
            ("broken", "a link that leads nowhere"),
            ("out", "a link that leaves the repository"),
            ("out.yaml", "a link that leaves the repository"),
            ("self", "a link that leads nowhere"),
        ],
    )


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a/x.yaml": POD, "b/y.yaml": POD})
    scandir, open_file = os.scandir, Path.open

    def refuse(path: Path) -> None:
        # Whoever runs the tests may be allowed to read everything, whatever the mode says.
        if path in (tmp_path / "a", tmp_path / "b" / "y.yaml"):
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", lambda path: refuse(path) or scandir(path))
    monkeypatch.setattr(Path, "open", lambda path, *a, **k: refuse(path) or open_file(path, *a, **k))
    assert discover(tmp_path) == (
        [],
        [
            ("a", "the folder cannot be read: permission denied"),
            ("b/y.yaml", "the file cannot be read: permission denied"),
        ],
    )


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: x\n",
    "chart/values.yaml": "apiVersion: x\nkind: y\n",
    "chart/values-prod.yaml": "apiVersion: x\nkind: y\n",
    "chart/templates/x.yaml": POD,
    "chart/charts/sub/Chart.yaml": "",
    "chart/charts/sub/templates/y.yaml": POD,
    "chart/examples/pod.yaml": POD,
}


@pytest.mark.parametrize("target", ["", "chart", "chart/templates", "chart/templates/x.yaml", "chart/values.yaml"])
def test_the_files_of_a_chart_belong_to_it(tmp_path: Path, target: str) -> None:
    write_files(tmp_path, {".git/HEAD": "", **CHART})
    whole = target in ("", "chart")
    assert discover(tmp_path, *([target] if target else [])) == (["k:chart/examples/pod.yaml"] if whole else [], [])
    assert found_in(tmp_path, [target]).charts == {tmp_path / "chart"}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.txt", "hello", "neither a Compose file nor a Kubernetes manifest"),
        ("x.yaml", "", "neither a Compose file nor a Kubernetes manifest"),
        ("x.yaml", b"\x00\x01\x02", "binary data, not YAML"),
        ("x.yaml", b"a: 1\n\x00", "binary data, not YAML"),
        ("x.yaml", b" " * 10_000_001, "the file has 10,000,001 bytes; the limit is 10,000,000"),
    ],
)
def test_a_named_file_that_is_no_input_is_said(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    write_files(tmp_path, {name: content})
    assert discover(tmp_path, name) == ([], [(name, reason)])


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(tmp_path / "pipe")
    assert discover(tmp_path, "absent", "link.yaml", "pipe") == (
        [],
        [
            ("absent", "no such file or folder"),
            ("link.yaml", "a link that leads nowhere"),
            ("pipe", "not a regular file"),
        ],
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_looked_into(tmp_path: Path, encoding: str) -> None:
    write_files(tmp_path, {"x.yaml": POD.encode(encoding), "compose.yaml": COMPOSE.encode(encoding)})
    assert discover(tmp_path)[0] == ["c:compose.yaml", "k:x.yaml"]


def test_endings_in_capitals(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"POD.YML": POD, "Stack.YAML": "services: {}\n", "pod.JSON": '{"apiVersion": "v1", "kind": "Pod"}'}
    )
    assert discover(tmp_path) == (["k:POD.YML", "k:pod.JSON"], [])


def test_a_large_file_that_is_no_input_costs_no_word(tmp_path: Path) -> None:
    write_files(tmp_path, {"lock.yaml": "a: 1\n" * 2_100_000, "big.yaml": POD + "#" * 10_000_000})
    assert discover(tmp_path) == ([], [("big.yaml", "the file has 10,000,045 bytes; the limit is 10,000,000")])


def test_folders_may_be_nested_deeper_than_the_stack(tmp_path: Path) -> None:
    levels, folder = 0, tmp_path
    while levels < 1_200 and len(str(folder)) < 3_900:
        folder, levels = folder / "d", levels + 1
        folder.mkdir()
    (folder / "x.yaml").write_text(POD)
    try:
        assert discover(tmp_path) == ([f"k:{'d/' * levels}x.yaml"], [])
    finally:  # the standard library's own removal of a tree recurses
        (folder / "x.yaml").unlink()
        while folder != tmp_path:
            folder.rmdir()
            folder = folder.parent
