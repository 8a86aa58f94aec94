"""The hooks as the real pre-commit runs them, in scratch repositories: what a commit touches is judged, and only that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT, copy_of_the_project, write_files

BIN = Path(sys.executable).parent
COMPOSE = "services:\n  web:\n    image: nginx:1.27.2\n"
SELECT = "fail_on: high\n"
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "values.yaml": "tag: 1.27.2\n",
    "templates/_helpers.tpl": '{{ define "image" }}nginx:{{ .Values.tag }}{{ end }}\n',
    "templates/pod.yaml": 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: {{ include "image" . }}\n',
}


class Ran(NamedTuple):
    status: int
    out: str


class Repository:
    """A scratch repository in which pre-commit is set up with the hooks of this project."""

    def __init__(self, folder: Path, hooks: str) -> None:
        self.folder = folder
        self.environment = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder.parent),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        }  # fmt: skip
        folder.mkdir()
        self.git("init", "-q")
        write_files(folder, {".pre-commit-config.yaml": hooks, ".groundrule.yaml": SELECT})

    def git(self, *arguments: str) -> Ran:
        return self.run("git", *arguments)

    def run(self, *command: object) -> Ran:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        return Ran(done.returncode, done.stdout)

    def commit(self, files: dict[str, str] | None = None, *, hooks: bool = True) -> Ran:
        write_files(self.folder, dict(files or {}))
        assert self.git("add", "-A").status == 0
        return self.git("commit", "-m", "a change", *([] if hooks else ["--no-verify"]))


LOCAL = """\
repos:
  - repo: local
    hooks:
      - id: groundrule-system
        name: groundrule (installed)
        entry: groundrule scan --changed --
        language: system
        require_serial: true
      - id: groundrule-all
        name: groundrule (whole repository)
        entry: groundrule scan
        language: system
        pass_filenames: false
        always_run: true
        stages: [pre-push, manual]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """With the hooks installed that need no installation, and a first commit that is clean."""
    made = Repository(tmp_path / "repository", LOCAL)
    assert made.run(BIN / "pre-commit", "install", "-t", "pre-commit", "-t", "pre-push").status == 0
    files = {"compose.yaml": COMPOSE, "README.md": "a\n", **{f"chart/{name}": text for name, text in CHART.items()}}
    assert made.commit(files).status == 0
    return made


def test_the_manifest_is_one() -> None:
    done = subprocess.run(
        [BIN / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_local_hooks_are_those_of_the_manifest() -> None:
    """What is tried here is what the manifest has."""
    import yaml

    manifest = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    for hook in yaml.safe_load(LOCAL)["repos"][0]["hooks"]:
        theirs = {key: manifest[hook["id"]].get(key) for key in hook}
        assert theirs == hook | {"language": theirs["language"]}


def test_a_bad_compose_file(repository: Repository) -> None:
    ran = repository.commit({"compose.yaml": COMPOSE.replace(":1.27.2", "")})
    assert ran.status == 1
    assert "compose.yaml:3:12: high: image nginx has no fixed version" in ran.out
    assert "chart/" not in ran.out


def test_a_template_only(repository: Repository) -> None:
    ran = repository.commit({"chart/templates/_helpers.tpl": '{{ define "image" }}nginx:latest{{ end }}\n'})
    assert ran.status == 1
    assert "chart/templates/_helpers.tpl:1:1: high: image nginx:latest has no fixed version" in ran.out
    assert "compose.yaml" not in ran.out


def test_values_only(repository: Repository) -> None:
    ran = repository.commit({"chart/values.yaml": "tag: latest\n"})
    assert ran.status == 1
    assert "chart/values.yaml:1:6: high: image nginx:latest has no fixed version" in ran.out


def test_an_env_file(repository: Repository) -> None:
    assert repository.commit({"compose.yaml": COMPOSE.replace("1.27.2", "${TAG}"), ".env": "TAG=1.27.2\n"}).status == 0
    ran = repository.commit({".env": "TAG=latest\n"})
    assert ran.status == 1
    assert "image nginx:latest has no fixed version" in ran.out


def test_an_override(repository: Repository) -> None:
    ran = repository.commit({"compose.override.yaml": "services:\n  web:\n    privileged: true\n"})
    assert ran.status == 1
    assert "compose.override.yaml:3:" in ran.out


def test_an_unrelated_file(repository: Repository) -> None:
    """What is bad elsewhere is none of this commit."""
    assert repository.commit({"compose.yaml": COMPOSE.replace(":1.27.2", "")}, hooks=False).status == 0
    ran = repository.commit({"README.md": "b\n", "config/app.yaml": "a: 1\n"})
    assert ran.status == 0
    assert "groundrule (installed)" in ran.out
    assert "Passed" in ran.out


def test_a_deletion_is_found_before_the_push(repository: Repository, tmp_path: Path) -> None:
    """pre-commit passes no deleted file, so the commit passes; the whole repository is judged before a push."""
    assert repository.commit({"compose.override.yaml": "services:\n  web:\n    image: nginx:1.27.3\n"}).status == 0
    assert repository.commit({"compose.yaml": COMPOSE.replace(":1.27.2", "")}).status == 0
    repository.git("rm", "-q", "compose.override.yaml")
    ran = repository.git("commit", "-m", "a deletion")
    assert ran.status == 0
    assert "Skipped" in ran.out
    assert repository.git("init", "-q", "--bare", str(tmp_path / "remote.git")).status == 0
    ran = repository.git("push", str(tmp_path / "remote.git"), "HEAD:main")
    assert ran.status != 0
    assert "groundrule (whole repository)" in ran.out
    assert "compose.yaml:3:12: high: image nginx has no fixed version" in ran.out


def test_unstaged_changes_do_not_count(repository: Repository) -> None:
    write_files(repository.folder, {"compose.yaml": COMPOSE.replace("nginx:1.27.2", "nginx:1.27.3")})
    assert repository.git("add", "-A").status == 0
    write_files(repository.folder, {"compose.yaml": COMPOSE.replace(":1.27.2", "")})
    assert repository.git("commit", "-m", "a change").status == 0
    assert (repository.folder / "compose.yaml").read_text() == COMPOSE.replace(":1.27.2", "")
    assert repository.commit().status == 1


def test_names_that_need_care(repository: Repository) -> None:
    names = ["a b/compose.yaml", "-x/compose.yaml", "a,b:c/compose.yaml", "ä'\"/compose.yaml"]
    ran = repository.commit(dict.fromkeys(names, COMPOSE.replace(":1.27.2", "")))
    assert ran.status == 1
    assert [name for name in names if f"{name}:3:12: high" not in ran.out] == []


def test_a_wrong_configuration_stops_the_commit(repository: Repository) -> None:
    ran = repository.commit({".groundrule.yaml": "fail_on: never\nexclude: 3\n"})
    assert ran.status == 1
    assert "exit code: 2" in ran.out


@pytest.mark.long
def test_the_hook_installs_itself(tmp_path: Path) -> None:
    """`try-repo` builds this project in an environment of pre-commit's own, from its last commit."""
    hooks = copy_of_the_project(tmp_path / "hooks")
    scratch = Repository(tmp_path / "repository", "repos: []\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "the hooks"]):
        assert scratch.run("git", "-C", hooks, *command).status == 0
    for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_TRUSTED_HOST", "PIP_CERT", "SSL_CERT_FILE"):
        if name in os.environ:
            scratch.environment[name] = os.environ[name]
    scratch.environment["HOME"] = os.environ.get("HOME", "")  # where pip's own configuration is
    write_files(scratch.folder, {"compose.yaml": COMPOSE.replace(":1.27.2", "")})
    assert scratch.git("add", "-A").status == 0
    ran = scratch.run(BIN / "pre-commit", "try-repo", hooks, "groundrule", "--files", "compose.yaml")
    assert ran.status == 1
    assert "compose.yaml:3:12: high: image nginx has no fixed version" in ran.out
