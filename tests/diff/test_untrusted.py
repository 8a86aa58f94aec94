"""--untrusted: a change decides nothing about its own judgement."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.baseline.test_baseline import RULE
from tests.conftest import Command
from tests.diff.repository import Repository, lines, start

COMPOSE = "services:\n  web:\n    image: web:1.2.3\n"
BAD = "services:\n  web:\n    image: web:latest\n"
RULES = "rule_folders: [policies]\nselect: [image-not-pinned, bad-image]\nbaseline: accepted.json\n"
EMPTY = '{"schema": 1, "open": [], "waived": [], "unknown": []}'
ENTRY = '{"rule": "image-not-pinned", "type": "compose/service", "name": "web", "path": "compose.yaml"}'
ACCEPTED = f'{{"schema": 1, "open": [{ENTRY}], "waived": [], "unknown": []}}'
RULE_FILE = "policies/pinned-images/bad-image.yaml"
WAIVER = "waivers: [{rule: image-not-pinned, reason: because}]\n"
OFF = "ignore: [image-not-pinned]\n"
FOUND = ["compose.yaml:3 image-not-pinned web new"]


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    files: dict[str, str | bytes | None] = {
        ".groundrule.yaml": RULES,
        "accepted.json": EMPTY,
        RULE_FILE: RULE.format(id="bad-image", alias="wrong-image"),
        "compose.yaml": COMPOSE,
    }
    return start(tmp_path / "repo", groundrule, files)


ATTEMPTS: dict[str, dict[str, str | bytes | None]] = {
    "a comment": {"compose.yaml": BAD.replace("latest", "latest # groundrule: ignore[image-not-pinned] me")},
    "a comment above": {
        "compose.yaml": BAD.replace("    image", "    # groundrule: ignore[image-not-pinned] me\n    image")
    },
    "a waiver": {".groundrule.yaml": RULES + WAIVER, "compose.yaml": BAD},
    "the rule off": {".groundrule.yaml": RULES + OFF, "compose.yaml": BAD},
    "other rules": {".groundrule.yaml": "select: [host-network]\n", "compose.yaml": BAD},
    "nothing fails": {".groundrule.yaml": f"{RULES}fail_on: never\n", "compose.yaml": BAD},
    "the file left out": {".groundrule.yaml": f"{RULES}exclude: [compose.yaml]\n", "compose.yaml": BAD},
    "a configuration for the folder": {"app/.groundrule.yaml": f"{WAIVER}exclude: ['*']\n", "app/compose.yaml": BAD},
    "a broken configuration": {".groundrule.yaml": "nonsense: [", "compose.yaml": BAD},
    "no configuration": {".groundrule.yaml": None, "compose.yaml": BAD},
    "another configuration": {"pyproject.toml": "[tool.groundrule]\nselect = []\n", "compose.yaml": BAD},
    "a baseline": {"accepted.json": ACCEPTED, "compose.yaml": BAD},
    "an ignore file": {".gitignore": "compose.yaml\napp\n.gitignore\n", "compose.yaml": BAD},
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_change_cannot_switch_its_findings_off(repository: Repository, attempt: str) -> None:
    repository.write(ATTEMPTS[attempt])
    repository.git("add", "-A", "-f")
    repository.git("commit", "-q", "-m", "change")
    wanted = [line.replace("compose", "app/compose") for line in FOUND] if "folder" in attempt else FOUND
    ran = repository.run("scan", "--diff-base", "base", "--untrusted", cwd=repository.root)
    assert ran.status == 1, ran
    assert lines(repository.scan("--untrusted")) == [
        line.replace(":3 ", ":4 ") if "above" in attempt else line for line in wanted
    ]


@pytest.mark.parametrize("attempt", sorted(set(ATTEMPTS) - {"no configuration", "a broken configuration"}))
def test_a_trusted_change_can(repository: Repository, attempt: str) -> None:
    """The other half of the test above: each attempt works where the change is trusted, but for the ignore file, which
    git itself does not obey for what it tracks."""
    repository.write(ATTEMPTS[attempt])
    repository.git("add", "-A", "-f")
    repository.git("commit", "-q", "-m", "change")
    ran = repository.run("scan", "--diff-base", "base", cwd=repository.root)
    assert ran.status == (2 if attempt == "another configuration" else 0), ran


def test_a_rule_is_that_of_the_base(repository: Repository) -> None:
    text = RULE.format(id="bad-image", alias="wrong-image").replace("'bad/'", "'fine/'")
    repository.commit({RULE_FILE: text, "compose.yaml": BAD.replace("web:latest", "bad/web:1.2.3")})
    assert lines(repository.scan("--untrusted")) == ["compose.yaml:3 bad-image web new"]
    assert repository.findings() == []


def test_flags_name_files_of_the_base(repository: Repository) -> None:
    text = RULE.format(id="bad-image", alias="wrong-image").replace("'bad/'", "'fine/'")
    repository.commit(
        {
            RULE_FILE: text,
            "compose.yaml": BAD.replace("web:latest", "bad/web:latest"),
            "accepted.json": ACCEPTED,
            ".groundrule.yaml": "select: [host-network]\n",
        }
    )
    flags = ("--rules", "policies", "--baseline", "accepted.json", "--config", ".groundrule.yaml")
    assert lines(repository.scan("--untrusted", *flags)) == [
        "compose.yaml:3 bad-image web new",
        "compose.yaml:3 image-not-pinned web new",
    ]


def test_a_file_that_the_base_has_not(repository: Repository) -> None:
    repository.commit({"mine.json": ACCEPTED, "compose.yaml": BAD})
    flags = ("--diff-base", "base", "--untrusted", "--baseline", "mine.json")
    ran = repository.run("scan", *flags, cwd=repository.root)
    assert ran.status == 2
    assert ran.err == (
        "error: the base has not the baseline mine.json, and with --untrusted the base's holds\n"
        "  help: add it to the base first\n"
    )


@pytest.mark.parametrize("name", ["ci/settings.yaml", "ci/accepted.json", "ci/policies"])
@pytest.mark.parametrize("linked", ["itself", "its folder"])
def test_flags_name_what_the_base_has_under_that_name(repository: Repository, name: str, linked: str) -> None:
    """A change may put a link in the place of a file, to another one that the base has as well."""
    files: dict[str, str | bytes | None] = {
        "settings.yaml": RULES.replace("policies", "../ci/policies"),
        "accepted.json": EMPTY,
        "policies/pinned-images/bad-image.yaml": RULE.format(id="bad-image", alias="wrong-image"),
    }
    lax: dict[str, str | bytes | None] = {
        "settings.yaml": OFF,
        "accepted.json": ACCEPTED,
        "policies/pinned-images/bad-image.yaml": RULE.format(id="bad-image", alias="x").replace("'bad/'", "'fine/'"),
    }
    repository.commit(
        {f"ci/{file}": text for file, text in files.items()} | {f"lax/{file}": text for file, text in lax.items()}
    )
    repository.git("tag", "-f", "base")
    link = name if linked == "itself" else "ci"
    repository.git("rm", "-rq", link)
    (repository.root / link).parent.mkdir(exist_ok=True)
    (repository.root / link).symlink_to(name.replace("ci", "../lax") if linked == "itself" else "lax")
    repository.commit({"compose.yaml": BAD.replace("web:latest", "bad/web:latest")})
    flags = ("--config", "ci/settings.yaml", "--baseline", "ci/accepted.json", "--rules", "ci/policies")
    assert lines(repository.scan("--untrusted", *flags)) == [
        "compose.yaml:3 bad-image web new",
        "compose.yaml:3 image-not-pinned web new",
    ]


@pytest.mark.parametrize("trust", [(), ("--untrusted",)])
def test_the_settings_of_the_base_are_behind_links(repository: Repository, trust: tuple[str, ...]) -> None:
    """What the base's links lead to is there too, be it a file or a folder, by itself or on the way."""
    repository.git("rm", "-rq", ".groundrule.yaml", "accepted.json", "policies")
    settings = RULES.replace("[policies]", "[here/policies]")
    repository.write({"all/conf.yaml": settings, "all/accepted.json": ACCEPTED})
    repository.write({"all/policies/pinned-images/bad-image.yaml": RULE.format(id="bad-image", alias="wrong-image")})
    for link, to in {".groundrule.yaml": "all/settings.yaml", "all/settings.yaml": "conf.yaml"}.items():
        (repository.root / link).symlink_to(to)
    (repository.root / "here").symlink_to("all")
    (repository.root / "accepted.json").symlink_to("here/accepted.json")
    repository.commit({"compose.yaml": BAD})
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": BAD.replace("web:latest", "bad/web:nightly")})
    assert lines(repository.scan(*trust)) == ["compose.yaml:3 bad-image web new"]


def test_a_comment_of_the_base_counts(repository: Repository) -> None:
    commented = BAD.replace("latest", "latest # groundrule: ignore[image-not-pinned] agreed")
    repository.commit({"compose.yaml": commented})
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": commented.replace("web:latest", "web:nightly")})
    assert lines(repository.scan("--untrusted")) == []
    # At another resource it does not.
    repository.commit({"compose.yaml": f"{commented}  api:\n{commented.splitlines()[2]}\n"})
    found = repository.scan("--untrusted")
    assert lines(found) == ["compose.yaml:5 image-not-pinned api new"]
    assert [notice["message"] for notice in found["notices"]] == [
        "this suppression of image-not-pinned does not count: the base does not have it"
    ]


def test_a_comment_moves_with_its_file(repository: Repository) -> None:
    commented = BAD.replace("latest", "latest # groundrule: ignore[image-not-pinned] agreed")
    repository.commit({"compose.yaml": commented})
    repository.git("tag", "-f", "base")
    (repository.root / "app").mkdir()
    repository.git("mv", "compose.yaml", "app/compose.yaml")
    assert lines(repository.scan("--untrusted")) == []


def test_an_annotation_counts_where_the_base_has_it(repository: Repository) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: {%s}\n"
        "spec: {containers: [{name: a, image: a:%s}]}\n"
    )
    mark = '"groundrule.dev/ignore": "image-not-pinned: me"'
    repository.commit({"pod.yaml": pod % (mark, "latest")})
    assert lines(repository.scan("--untrusted")) == ["pod.yaml:6 image-not-pinned p new"]
    repository.git("tag", "-f", "base")
    repository.commit({"pod.yaml": pod % (mark, "nightly")})
    assert lines(repository.scan("--untrusted")) == []


def test_waivers_and_nested_configurations_of_the_base_count(repository: Repository) -> None:
    repository.commit(
        {
            ".groundrule.yaml": RULES + "waivers: [{rule: image-not-pinned, paths: [one], reason: x}]\n",
            "two/.groundrule.yaml": WAIVER,
            "three/pyproject.toml": "[tool.groundrule]\nexclude = ['compose.yaml']\n",
        }
    )
    repository.git("tag", "-f", "base")
    repository.commit({f"{name}/compose.yaml": BAD for name in ("one", "two", "three", "four")})
    assert lines(repository.scan("--untrusted")) == ["four/compose.yaml:3 image-not-pinned web new"]


def test_the_base_is_exactly_the_one_that_is_given(repository: Repository) -> None:
    """Where the branch parted, anybody could choose: an old commit may have a configuration that says nothing."""
    repository.git("checkout", "-q", "-b", "work")
    repository.git("checkout", "-q", "main")
    repository.commit({".groundrule.yaml": RULES.replace("select: [", "select: [host-network, ")})
    repository.git("checkout", "-q", "work")
    repository.commit({"compose.yaml": COMPOSE + "    network_mode: host\n"})
    assert lines(repository.scan("--untrusted", base="main")) == ["compose.yaml:4 host-network web new"]
    assert repository.findings(base="main") == []


def test_a_change_of_the_configuration_is_told(repository: Repository) -> None:
    repository.commit({".groundrule.yaml": RULES + WAIVER})
    assert [
        (notice["message"], notice["location"]["path"]) for notice in repository.scan("--untrusted")["notices"]
    ] == [("the configuration of the base holds: this change of it does not count", ".groundrule.yaml")]


def test_untrusted_needs_a_base(repository: Repository) -> None:
    ran = repository.run("scan", "--untrusted", cwd=repository.root)
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: --untrusted needs --diff-base")


def test_a_secret_file_that_the_change_ignores(repository: Repository) -> None:
    compose = COMPOSE + "    secrets: [key]\nsecrets: {key: {file: key.pem}}\n"
    repository.commit({".groundrule.yaml": "select: [secret-file-in-repository]\n"})
    repository.git("tag", "-f", "base")
    repository.write({"compose.yaml": compose, "key.pem": "x", ".gitignore": "key.pem\n"})
    repository.git("add", "-A", "-f")
    repository.git("commit", "-q", "-m", "change")
    assert [line.split()[1] for line in lines(repository.scan("--untrusted"))] == ["secret-file-in-repository"]


def test_a_submodule_brings_no_base_of_its_own(repository: Repository, tmp_path: Path) -> None:
    """Its branches and tags are whatever the repository has that the change names."""
    inner = start(tmp_path / "inner", repository.run, {".groundrule.yaml": OFF, "compose.yaml": BAD})
    repository.commit({"app/compose.yaml": COMPOSE})
    repository.git("tag", "-f", "base")
    repository.git("rm", "-rq", "app")
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "app")
    repository.commit()
    ran = repository.run("scan", "app", "--diff-base", "base", "--untrusted", cwd=repository.root)
    assert (ran.status, ran.err) == (
        2,
        "error: app is a submodule, which the change may have put there\n"
        "  help: with --untrusted, scan the repository around it\n",
    )
    assert "app/compose.yaml:3 image-not-pinned web new" in lines(repository.scan("--untrusted"))
