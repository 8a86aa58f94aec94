"""A scratch repository, and what a scan of a change says of it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Command, write_files

_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints; a failure fails the test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return os.fsdecode(done.stdout)


@dataclass
class Repository:
    """A repository in `root`, and the command line to scan it with."""

    root: Path
    run: Command

    def git(self, *arguments: str) -> str:
        return git(self.root, *arguments)

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Writes files, and removes those whose content is None."""
        write_files(self.root, {name: text for name, text in files.items() if text is not None})
        for name, text in files.items():
            if text is None:
                (self.root / name).unlink()

    def commit(self, files: dict[str, str | bytes | None] | None = None) -> str:
        """Commits everything; the result is the commit."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD").strip()

    def scan(self, *arguments: str, base: str = "base") -> dict[str, Any]:
        """The json results of a scan of what changed since the tag `base`."""
        ran = self.run("scan", "--diff-base", base, "-f", "json", *arguments, cwd=self.root)
        assert ran.status in (0, 1, 3), ran.err
        found: dict[str, Any] = json.loads(ran.out)
        found["status"] = ran.status
        return found

    def findings(self, *arguments: str, base: str = "base") -> list[str]:
        """`path:line rule resource state` of the open findings."""
        return lines(self.scan(*arguments, base=base))


def lines(found: dict[str, Any], status: str = "open") -> list[str]:
    """`path:line rule resource state` of the findings with a status."""
    return [
        f"{each['location']['path']}:{each['location']['line']} {each['rule']} {each['resource']['name']} {each['state']}"
        for each in found["results"]
        if each["status"] == status and each["outcome"] == "fail"
    ]


def start(root: Path, run: Command, files: dict[str, str | bytes | None]) -> Repository:
    """A repository with one commit, tagged `base`."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    repository = Repository(root, run)
    repository.commit(files)
    repository.git("tag", "base")
    return repository
