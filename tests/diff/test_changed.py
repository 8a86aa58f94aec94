"""--changed: the files of a commit as hints, as a pre-commit hook gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, write_files
from tests.diff.inputs import COMPOSE, DEPLOYMENT, POLICY, SETTINGS, chart
from tests.diff.repository import Repository, lines, start


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    broken = "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n"
    files = chart("charts/a", **{"charts/a/values.yaml": "image: web:latest\n"}) | chart("charts/b")
    return start(
        tmp_path / "repo",
        groundrule,
        files
        | {
            ".groundrule.yaml": SETTINGS,
            "app/compose.yaml": COMPOSE,
            "other/compose.yaml": COMPOSE,
            "k8s/shop.yaml": DEPLOYMENT.replace("1.2.3", "latest"),
            "k8s/policies/policy.yaml": POLICY,
            "legacy/shop.yaml": DEPLOYMENT.replace("shop", "old"),
            "legacy/broken.yaml": broken,
            "mkdocs.yml": "a: 1\n",
        },
    )


def scan(repository: Repository, *names: str, cwd: str = ".", status: int = 0) -> dict[str, Any]:
    ran = repository.run("scan", "--changed", "-f", "json", "--", *names, cwd=repository.root / cwd)
    assert ran.status == status, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_an_unrelated_file(repository: Repository) -> None:
    found = scan(repository, "mkdocs.yml", "README.md")
    assert (found["scanned"], found["results"], found["not_scanned"], found["notices"]) == ([], [], [], [])
    ran = repository.run("scan", "--changed", "mkdocs.yml", cwd=repository.root)
    assert (ran.status, ran.out) == (0, "No open findings\nScanned 0 inputs with 0 resources; 0 rules, 0 passed\n")


def test_a_file_outside_of_the_repository(repository: Repository) -> None:
    found = scan(repository, "../outside.yaml", "/etc/passwd")
    assert [(notice["message"], notice["location"]["path"]) for notice in found["notices"]] == [
        ("this file lies outside of the repository: it leads to nothing", "/etc/passwd"),
        (
            "this file lies outside of the repository: it leads to nothing",
            (repository.root.parent / "outside.yaml").as_posix(),
        ),
    ]


def test_a_folder_that_is_reached_by_a_link(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(repository.root)
    found = scan(repository, str(tmp_path / "elsewhere" / "app" / "compose.yaml"), status=1)
    assert [entry["path"] for entry in found["scanned"]] == ["app/compose.yaml"]


def test_a_template_leads_to_its_chart_once(repository: Repository) -> None:
    names = ("charts/a/templates/_helpers.tpl", "charts/a/values.yaml", "charts/a/templates/pod.yaml")
    found = scan(repository, *names, status=1)
    assert lines(found) == ["charts/a/values.yaml:1 image-not-pinned shop "]
    assert [entry["path"] for entry in found["scanned"]] == ["charts/a"]


def test_a_file_that_is_gone_leads_to_its_chart(repository: Repository) -> None:
    assert [entry["path"] for entry in scan(repository, "charts/b/templates/gone.yaml")["scanned"]] == ["charts/b"]


def test_a_variable_file_leads_to_its_project(repository: Repository) -> None:
    found = scan(repository, "app/.env", status=1)
    assert [entry["path"] for entry in found["scanned"]] == ["app/compose.yaml"]
    assert lines(found) == ["app/compose.yaml:3 image-not-pinned web ", "app/compose.yaml:7 image-not-pinned api "]


def test_a_file_that_only_a_variable_names(repository: Repository) -> None:
    text = "services:\n  web:\n    image: web:1.2.3\n    env_file: ${SETTINGS}\n"
    files: dict[str, str | bytes | None] = {"app/compose.yaml": text, "app/.env": "SETTINGS=conf/web.list\n"}
    repository.commit(
        {**files, "app/conf/web.list": "MODE=one\n", ".groundrule.yaml": "select: [secret-in-env-file]\n"}
    )
    repository.git("tag", "-f", "base")
    repository.write({"app/conf/web.list": "PASSWORD=9fKq2xLw7Tzz\n"})
    ran = repository.run("scan", "-f", "csv", "--changed", "app/conf/web.list", cwd=repository.root)
    assert "app/conf/web.list,1" in ran.out
    assert lines(repository.scan()) == ["app/conf/web.list:1 secret-in-env-file web new"]
    repository.commit({"app/conf/web.list": "# the password\nPASSWORD=9fKq2xLw7Tzz\n"})
    repository.git("tag", "-f", "base")
    repository.write({"app/conf/web.list": "# A password\nPASSWORD=9fKq2xLw7Tzz\n"})
    assert lines(repository.scan()) == []


def test_manifests_are_judged_among_all_and_told_of_their_folder(repository: Repository) -> None:
    found = scan(repository, "k8s/shop.yaml", status=1)
    # The policy lies in another folder, and so does what has no policy.
    assert lines(found) == ["k8s/shop.yaml:11 image-not-pinned shop "]
    assert [entry["path"] for entry in found["scanned"]] == ["k8s/shop.yaml"]
    assert found["not_scanned"] == []


def test_from_an_inner_folder(repository: Repository) -> None:
    found = scan(repository, "compose.yaml", cwd="app", status=1)
    assert [entry["path"] for entry in found["scanned"]] == ["app/compose.yaml"]


def test_the_configuration_touches_everything(repository: Repository) -> None:
    found = scan(repository, ".groundrule.yaml", status=1)
    assert {entry["path"] for entry in found["scanned"]} >= {
        "charts/a",
        "charts/b",
        "app/compose.yaml",
        "k8s/shop.yaml",
    }


def test_no_waiver_is_called_unused(repository: Repository) -> None:
    waiver = "waivers: [{rule: image-not-pinned, paths: [other], reason: x}]\n"
    repository.commit({".groundrule.yaml": SETTINGS + waiver})
    assert scan(repository, "app/compose.yaml", status=1)["notices"] == []


def test_without_a_repository(tmp_path: Path, groundrule: Command) -> None:
    write_files(tmp_path, {"compose.yaml": COMPOSE, "sub/compose.yaml": COMPOSE})
    ran = groundrule("scan", "--changed", "-f", "json", "sub/compose.yaml", cwd=tmp_path)
    assert [entry["path"] for entry in json.loads(ran.out)["scanned"]] == ["sub/compose.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--changed"], "--changed needs paths"),
        (["--changed", "--diff-base", "base", "x"], "--changed and --diff-base exclude each other"),
        (["--changed", "-"], "standard input has no base"),
    ],
)
def test_what_does_not_go_together(repository: Repository, arguments: list[str], message: str) -> None:
    ran = repository.run("scan", *arguments, cwd=repository.root)
    assert (ran.status, ran.err.splitlines()[0]) == (2, f"error: {message}")


def test_where_git_does_not_work(tmp_path: Path, groundrule: Command) -> None:
    write_files(tmp_path, {"compose.yaml": COMPOSE, ".git/HEAD": ""})
    ran = groundrule("scan", "--changed", "-f", "json", "compose.yaml", cwd=tmp_path)
    assert [each["message"].partition(":")[0] for each in json.loads(ran.out)["notices"]] == [
        "what links lead to a changed file is not known"
    ]
    assert ran.status == 1
