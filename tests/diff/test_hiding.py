"""What a change may try so that its files are not looked at: each attempt is found, or told as not scanned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.diff.repository import Repository, git, lines, start

COMPOSE = "services:\n  web:\n    image: web:1.2.3\n"
BAD = "services:\n  web:\n    image: web:latest\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:%s'}]}\n"
POD_JSON = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "spelt"},
    "spec": {"containers": [{"name": "a", "image": "a:latest"}]},
}
WORDS = "# as the apiVersion and kind of a manifest\n"
CHART: dict[str, str | bytes | None] = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "chart/values.yaml": "image: a:1.2.3\n",
    "chart/templates/pod.yaml": POD.replace("'a:%s'", "{{ .Values.image }}"),
}
BAD_VALUES: dict[str, str | bytes | None] = {"chart/values.yaml": "image: a:latest\n"}
BASE: dict[str, str | bytes | None] = {
    ".groundrule.yaml": "select: [image-not-pinned]\nexclude: [vendored/**]\n",
    "compose.yaml": COMPOSE,
    "k8s/pod.yaml": POD % "1.2.3",
    "docs/compose.txt": BAD,
    "docs/pod.txt": POD % "latest",
    "vendored/compose.yaml": BAD,
    "spoken.yaml": COMPOSE + WORDS,
    **CHART,
}
PADDING = "# x\n" * 20_000

Attempt = Callable[[Repository], None]


def files(change: dict[str, str | bytes | None]) -> Attempt:
    return lambda repository: repository.write(change)


def link(name: str, to: str, more: dict[str, str | bytes | None] | None = None) -> Attempt:
    def attempt(repository: Repository) -> None:
        repository.write(more or {})
        place = repository.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(to)

    return attempt


ATTEMPTS: dict[str, tuple[Attempt, str]] = {
    "a link to what was no input": (link("compose.yaml", "docs/compose.txt"), "docs/compose.txt:3"),
    "a new link": (link("app/compose.yaml", "../docs/compose.txt"), "docs/compose.txt:3"),
    "a link for a manifest": (link("k8s/pod.yaml", "../docs/pod.txt"), "docs/pod.txt:4"),
    "a link to an excluded file": (link("compose.yaml", "vendored/compose.yaml"), "vendored/compose.yaml:3"),
    "a link to an excluded folder": (link("app", "vendored"), "app: a link to a folder that is excluded"),
    "a link to what is left out": (
        link("app", "node_modules/app", {"node_modules/app/compose.yaml": BAD}),
        "app: a link into node_modules, which is left out",
    ),
    "a link to a file that is left out": (
        link("compose.yaml", ".venv/compose.yaml", {".venv/compose.yaml": BAD}),
        "compose.yaml: a link into .venv, which is left out",
    ),
    "a chart that is none any more": (
        files({**BAD_VALUES, "chart/Chart.yaml": None}),
        "chart/templates/pod.yaml: a key must be a text, not a collection",
    ),
    "a chart that cannot be read": (
        files({**BAD_VALUES, "chart/Chart.yaml": ""}),
        "chart/Chart.yaml: validation: chart.metadata.name is required",
    ),
    "UTF-32": (files({"stack.yaml": BAD.encode("utf-32")}), "stack.yaml:3"),
    "UTF-16": (files({"stack.yaml": BAD.encode("utf-16"), "compose.yaml": COMPOSE}), "stack.yaml:3"),
    "a manifest behind padding": (
        files({"k8s/big.yaml": PADDING + POD % "latest" + "#" * 10_000_000}),
        "k8s/big.yaml: the file has 10,080,096 bytes; the limit is 10,000,000",
    ),
    "a project behind padding": (
        files({"stack.yaml": PADDING + BAD + "#" * 10_000_000}),
        "stack.yaml: the file has 10,080,039 bytes; the limit is 10,000,000",
    ),
    "a part of Kustomize": (
        files({"k8s/pod.yaml": POD % "latest", "k8s/kustomization.yaml": "crds: [pod.yaml]\n"}),
        "k8s/pod.yaml:4",
    ),
    "words of a manifest": (files({"compose.yaml": f"{BAD}# apiVersion, kind\n"}), "compose.yaml:3"),
    "words of a manifest, as before": (files({"spoken.yaml": BAD + WORDS}), "spoken.yaml:3"),
    "an escape": (files({"compose.yaml": f'{BAD}x-clear: "\\x1b[2J"\n'}), "compose.yaml:3"),
    "another spelling of services": (files({"stack.yaml": BAD.replace("services", '"\\x73ervices"')}), "stack.yaml:3"),
    "another spelling in JSON": (
        files({"k8s/spelt.json": json.dumps(POD_JSON).replace("apiVersion", "\\u0061piVersion")}),
        "k8s/spelt.json:1",
    ),
    "another project by .env": (
        files({".env": "COMPOSE_FILE=docs/compose.txt\n"}),
        "docs/compose.txt:3",
    ),
    "attributes of git": (files({".gitattributes": "* binary -diff\n", "compose.yaml": BAD}), "compose.yaml:3"),
}


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    return start(tmp_path / "repo", groundrule, BASE)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_attempt(repository: Repository, name: str) -> None:
    attempt, expected = ATTEMPTS[name]
    attempt(repository)
    repository.git("add", "-A", "-f")
    repository.git("commit", "-q", "-m", "change")
    found = repository.scan("--untrusted")
    told = [line.partition(" ")[0] for line in lines(found)]
    told += [f"{entry['path']}: {entry['reason']}" for entry in found["not_scanned"]]
    assert told == [expected]


@pytest.mark.parametrize("name", [name for name in ATTEMPTS if "any more" not in name])
def test_an_attempt_at_a_hook(repository: Repository, name: str) -> None:
    """A hook gets no deleted file, so what is no chart any more is for the whole scan."""
    ATTEMPTS[name][0](repository)
    repository.git("add", "-A", "-f")
    listed = git(repository.root, "diff", "--cached", "--name-only", "--diff-filter=d", "-z", "base")
    ran = repository.run("scan", "--changed", "--", *listed.split("\0")[:-1], cwd=repository.root)
    assert ran.status in (1, 3), ran
