"""Which files lead to which charts, projects and manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.change.touched import Touched, touched
from scanner.config import Config, load_config
from scanner.discovery import walk
from tests.conftest import write_files

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
SERVICE = "services:\n  web:\n    image: web:1\n"
FILES: dict[str, str | bytes] = {
    "charts/a/Chart.yaml": "name: a\nversion: 1.0.0\ndependencies:\n  - {name: lib, version: 1.x.x, repository: 'file://../lib'}\n",
    "charts/a/values.yaml": "x: 1\n",
    "charts/a/templates/_helpers.tpl": "",
    "charts/a/charts/inner/Chart.yaml": "name: inner\nversion: 1.0.0\n",
    "charts/a/charts/inner/templates/x.yaml": "",
    "charts/b/Chart.yaml": "name: b\nversion: 1.0.0\n",
    "charts/b/ci/x-values.yaml": "x: 1\n",
    "charts/b/charts/c/Chart.yaml": 'dependencies: [{name: d, repository: "file://../../../d"}]\n',
    "charts/d/Chart.yaml": "name: d\nversion: 1.0.0\n",
    "charts/lib/Chart.yaml": "name: lib\ntype: library\nversion: 1.0.0\ndependencies: [{repository: file://../base}]\n",
    "charts/base/Chart.yaml": "name: base\ntype: library\nversion: 1.0.0\n",
    "charts/base/templates/_x.tpl": "",
    "deploy/values-prod.yaml": "x: 2\n",
    ".groundrule.yaml": (
        "charts: [{path: charts/d, values_sets: [{name: prod, files: [deploy/values-prod.yaml]}]}]\n"
        "projects: [{name: staging, files: [stage/one.yaml, stage/two.yaml], env_files: [envs/stage.vars]}]\n"
        "rule_folders: [policies]\nbaseline: accepted.json\n"
    ),
    "app/compose.yaml": "services:\n  web:\n    build: ../images/web\n    env_file: [web.conf, '${MODE}.env']\n"
    "secrets: {key: {file: ../keys/key.pem}}\n",
    "app/compose.override.yaml": "services:\n  web:\n    restart: always\n",
    "app/.env": "MODE=dev\n",
    "app/config/dev.env": "A=1\n",
    "app/Dockerfile": "FROM a\n",
    "app/notes.txt": "",
    "images/web/Dockerfile": "FROM a\n",
    "images/other/Dockerfile": "FROM a\n",
    "keys/key.pem": "x",
    "stack/main.yaml": "include: [../shared/parts.yaml]\nservices: {x: {image: x}}\n",
    "shared/parts.yaml": "services:\n  y:\n    image: y\n    extends: {file: deep.yaml, service: z}\n",
    "shared/deep.yaml": "services:\n  z:\n    image: z\n    env_file: z.settings\n",
    "shared/z.settings": "A=1\n",
    "stage/one.yaml": SERVICE,
    "stage/two.yaml": SERVICE,
    "envs/stage.vars": "A=1\n",
    "k8s/pod.yaml": POD,
    "k8s/notes.yaml": "a: 1\n",
    "k8s/over/kustomization.yaml": "resources: [../pod.yaml]\n",
    "mkdocs.yml": "site_name: x\n",
    "docs/page.md": "",
}
NOTHING = Touched()
CHARTS = ("charts/a", "charts/b", "charts/base", "charts/d", "charts/lib")
PROJECT = ("app/compose.override.yaml", "app/compose.yaml")
COMPOSE = (*PROJECT, "shared/deep.yaml", "shared/parts.yaml", "stack/main.yaml", "stage/one.yaml", "stage/two.yaml")


def of(*charts: str, compose: tuple[str, ...] = (), manifests: bool = False) -> Touched:
    return Touched(frozenset(charts), frozenset(compose), manifests)


EVERYTHING = Touched(frozenset(CHARTS), frozenset(COMPOSE), True, everything=True)
CASES = {
    "charts/a/values.yaml": of("charts/a"),
    "charts/a/templates/_helpers.tpl": of("charts/a"),
    "charts/a/templates/gone.yaml": of("charts/a"),
    "charts/a/files/any.txt": of("charts/a"),
    "charts/a/.helmignore": of("charts/a"),
    "charts/a/charts/inner/templates/x.yaml": of("charts/a"),
    "charts/b/ci/x-values.yaml": of("charts/b"),
    "charts/lib/Chart.yaml": of("charts/lib", "charts/a"),
    "charts/base/templates/_x.tpl": of("charts/base", "charts/lib", "charts/a"),
    "charts/d/values.yaml": of("charts/d", "charts/b"),
    "deploy/values-prod.yaml": of("charts/d"),
    "app/compose.yaml": of(compose=PROJECT),
    "app/compose.override.yaml": of(compose=PROJECT),
    "app/compose.prod.yaml": of(compose=PROJECT),
    "app/.env": of(compose=PROJECT),
    "app/web.conf": of(compose=PROJECT[1:]),
    "app/config/dev.env": of(compose=PROJECT[1:]),
    "app/Dockerfile": of(compose=PROJECT[1:]),
    "app/.gitignore": of(compose=PROJECT),
    "app/notes.txt": NOTHING,
    "images/web/Dockerfile": of(compose=PROJECT[1:]),
    "images/other/Dockerfile": NOTHING,
    "keys/key.pem": of(compose=PROJECT[1:]),
    "shared/z.settings": of(compose=("shared/deep.yaml", "shared/parts.yaml", "stack/main.yaml")),
    "shared/parts.yaml": of(compose=("shared/parts.yaml", "stack/main.yaml")),
    "stage/one.yaml": of(compose=("stage/one.yaml", "stage/two.yaml")),
    "envs/stage.vars": of(compose=("stage/one.yaml", "stage/two.yaml")),
    "k8s/pod.yaml": of(manifests=True),
    "k8s/notes.yaml": NOTHING,
    "k8s/over/kustomization.yaml": of(manifests=True),
    "mkdocs.yml": NOTHING,
    "docs/page.md": NOTHING,
    "gone.yaml": NOTHING,
    ".groundrule.yaml": EVERYTHING,
    "app/.groundrule.yaml": EVERYTHING,
    "policies/cost/x.yaml": EVERYTHING,
    "accepted.json": EVERYTHING,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_files(tmp_path_factory.mktemp("touched"), FILES)
    (folder / ".git").mkdir()
    return folder


@pytest.mark.parametrize("name", CASES)
def test_one_file(root: Path, name: str) -> None:
    found = walk([root], root, load_config(root, root))
    assert touched(found, [name]) == CASES[name]


def test_several_files(root: Path) -> None:
    found = walk([root], root, load_config(root, root))
    assert touched(found, ["charts/a/values.yaml", "k8s/pod.yaml", "app/web.conf"]) == of(
        "charts/a", compose=PROJECT[1:], manifests=True
    )


def test_values_of_the_command_line(root: Path) -> None:
    found = walk([root], root, Config())
    values = [root / "deploy" / "values-prod.yaml"]
    assert touched(found, ["deploy/values-prod.yaml"], values) == of(*CHARTS)


def test_charts_that_take_each_other(tmp_path: Path) -> None:
    text = "name: {0}\nversion: 1.0.0\ndependencies: [{{repository: 'file://../{1}'}}]\n"
    write_files(tmp_path, {"a/Chart.yaml": text.format("a", "b"), "b/Chart.yaml": text.format("b", "a")})
    assert touched(walk([tmp_path], tmp_path, Config()), ["a/values.yaml"]) == of("a", "b")


def test_a_chart_that_is_gone_leads_to_those_that_take_it(tmp_path: Path) -> None:
    text = "name: a\nversion: 1.0.0\ndependencies: [{repository: 'file://../gone'}]\n"
    write_files(tmp_path, {"a/Chart.yaml": text, "b/Chart.yaml": "name: b\nversion: 1.0.0\n"})
    found = walk([tmp_path], tmp_path, Config())
    assert touched(found, ["gone/Chart.yaml", "gone/templates/x.yaml"]) == of("a")


def test_a_chart_in_the_root(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"Chart.yaml": "name: a\nversion: 1.0.0\n", "templates/x.yaml": "", "other/compose.yaml": SERVICE}
    )
    found = walk([tmp_path], tmp_path, Config())
    assert touched(found, ["templates/x.yaml"]) == of(".")
