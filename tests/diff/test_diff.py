"""--diff-base: which findings a change brings, and at which line they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command
from tests.diff.inputs import CHART, COMPOSE, DEPLOYMENT, HELPERS, POD, POLICY, SETTINGS, chart
from tests.diff.repository import Repository, lines, start


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    files = chart("charts/a") | chart("charts/b")
    return start(
        tmp_path / "repo",
        groundrule,
        files
        | {
            ".groundrule.yaml": SETTINGS,
            "compose.yaml": COMPOSE,
            "k8s/shop.yaml": DEPLOYMENT,
            "k8s/policy.yaml": POLICY,
            "docs/mkdocs.yml": "site_name: x\n",
        },
    )


def test_no_change(repository: Repository) -> None:
    found = repository.scan()
    assert (found["status"], found["results"], found["scanned"], found["not_scanned"]) == (0, [], [], [])


def test_an_unrelated_file(repository: Repository) -> None:
    repository.commit({"docs/mkdocs.yml": "site_name: y\n", "README.md": "x"})
    found = repository.scan()
    assert (found["status"], found["results"], found["scanned"]) == (0, [], [])


def test_a_new_service_is_new_and_the_others_are_as_they_were(repository: Repository) -> None:
    repository.commit({"compose.yaml": f"{COMPOSE}  db:\n    image: db:latest\n"})
    found = repository.scan()
    assert lines(found) == ["compose.yaml:9 image-not-pinned db new"]
    assert lines(found, "baselined") == [
        "compose.yaml:3 image-not-pinned web unchanged",
        "compose.yaml:7 image-not-pinned api unchanged",
    ]
    assert [entry["path"] for entry in found["scanned"]] == ["compose.yaml"]
    assert found["status"] == 1


def test_the_resource_that_changed_answers_for_all_it_has(repository: Repository) -> None:
    repository.commit({"compose.yaml": COMPOSE.replace("MODE: one", "MODE: two")})
    assert repository.findings() == ["compose.yaml:3 image-not-pinned web updated"]


def test_the_line_that_changed_is_enough(repository: Repository) -> None:
    repository.commit({"compose.yaml": COMPOSE.replace("api:latest", "api:latest  # the newest")})
    assert repository.findings() == ["compose.yaml:7 image-not-pinned api updated"]


def test_another_value_is_new(repository: Repository) -> None:
    repository.commit({"compose.yaml": COMPOSE.replace("api:latest", "other:latest")})
    assert repository.findings() == ["compose.yaml:7 image-not-pinned api new"]


def test_what_is_repaired_is_gone(repository: Repository) -> None:
    repository.commit({"compose.yaml": COMPOSE.replace("api:latest", "api:1.2.3")})
    found = repository.scan()
    assert (found["status"], lines(found)) == (0, [])
    assert found["notices"] == []


def test_the_work_tree_counts_staged_or_not(repository: Repository) -> None:
    repository.write({"compose.yaml": COMPOSE.replace("web:latest", "web:nightly")})
    repository.git("add", "compose.yaml")
    repository.write({"compose.yaml": COMPOSE.replace("api:latest", "api:nightly"), "new/compose.yaml": COMPOSE})
    assert repository.findings() == [
        "compose.yaml:7 image-not-pinned api new",
        "new/compose.yaml:3 image-not-pinned web new",
        "new/compose.yaml:7 image-not-pinned api new",
    ]


def test_the_base_is_where_the_branches_parted(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"compose.yaml": f"{COMPOSE}  db:\n    image: db:latest\n"})
    repository.git("checkout", "-q", "main")
    # What main has repaired since is no doing of the branch.
    repository.commit({"charts/a/values.yaml": "image: web:9\n", "k8s/policy.yaml": POLICY.replace("shop", "new")})
    repository.git("checkout", "-q", "work")
    found = repository.scan(base="main")
    assert lines(found) == ["compose.yaml:9 image-not-pinned db new"]
    assert [entry["path"] for entry in found["scanned"]] == ["compose.yaml"]


@pytest.mark.parametrize("staged", [True, False])
def test_a_move_brings_nothing(repository: Repository, staged: bool) -> None:
    (repository.root / "app").mkdir()
    repository.git("mv", "compose.yaml", "app/compose.yaml")
    repository.git("mv", "charts/a", "charts/renamed")
    if not staged:
        repository.commit()
    found = repository.scan()
    assert (found["status"], lines(found)) == (0, [])
    assert lines(found, "baselined") == [
        "app/compose.yaml:3 image-not-pinned web unchanged",
        "app/compose.yaml:7 image-not-pinned api unchanged",
    ]
    assert [entry["path"] for entry in found["scanned"]] == ["app/compose.yaml", "charts/renamed"]


def test_a_move_with_a_change(repository: Repository) -> None:
    (repository.root / "app").mkdir()
    repository.git("mv", "compose.yaml", "app/compose.yaml")
    repository.commit({"app/compose.yaml": COMPOSE.replace("MODE: one", "MODE: two")})
    assert repository.findings() == ["app/compose.yaml:3 image-not-pinned web updated"]


def test_a_move_inside_the_folder_of_a_chart(repository: Repository) -> None:
    repository.commit({"stack/Chart.yaml": CHART, "stack/compose.yaml": COMPOSE})
    repository.git("tag", "-f", "base")
    (repository.root / "stack" / "app").mkdir()
    repository.git("mv", "stack/compose.yaml", "stack/app/compose.yaml")
    found = repository.scan()
    assert lines(found) == []
    assert lines(found, "baselined") == [
        "stack/app/compose.yaml:3 image-not-pinned web unchanged",
        "stack/app/compose.yaml:7 image-not-pinned api unchanged",
    ]


def test_a_copy_is_new(repository: Repository) -> None:
    repository.commit({"copy/compose.yaml": COMPOSE})
    assert repository.findings() == [
        "copy/compose.yaml:3 image-not-pinned web new",
        "copy/compose.yaml:7 image-not-pinned api new",
    ]


def test_values_of_a_chart(repository: Repository) -> None:
    repository.commit({"charts/a/values.yaml": "replicas: 1\nimage: web:latest\n"})
    found = repository.scan()
    assert lines(found) == ["charts/a/values.yaml:2 image-not-pinned shop new"]
    assert [entry["path"] for entry in found["scanned"]] == ["charts/a"]


def test_a_template_of_a_chart(repository: Repository) -> None:
    repository.commit({"charts/b/templates/_helpers.tpl": HELPERS.replace("false", "true")})
    found = repository.scan()
    assert lines(found) == ["charts/b/templates/_helpers.tpl:2 privileged-container shop new"]
    assert [entry["path"] for entry in found["scanned"]] == ["charts/b"]


def test_a_new_version_of_a_chart_touches_nothing(repository: Repository) -> None:
    repository.commit({"charts/a/values.yaml": "image: web:latest\n"})
    repository.git("tag", "-f", "base")
    repository.commit({"charts/a/Chart.yaml": CHART.replace("1.0.0", "1.0.1")})
    found = repository.scan()
    assert (found["status"], lines(found)) == (0, [])
    assert lines(found, "baselined") == ["charts/a/values.yaml:1 image-not-pinned shop unchanged"]


def test_the_place_of_a_finding_is_on_a_line_of_the_change(repository: Repository) -> None:
    """The template takes another value, which was there before: the value's line is in no diff, the template's is."""
    repository.commit({"charts/a/values.yaml": "image: web:1.2.3\nother: web:latest\n"})
    repository.git("tag", "-f", "base")
    repository.commit({"charts/a/templates/pod.yaml": POD.replace(".Values.image", ".Values.other")})
    found = repository.scan()
    assert lines(found) == ["charts/a/templates/pod.yaml:9 image-not-pinned shop new"]
    (finding,) = [each for each in found["results"] if each["status"] == "open"]
    assert {"path": "charts/a/values.yaml", "line": 2, "role": "values"} in finding["related"]


def test_what_is_on_a_line_of_the_change_is_annotated_first(repository: Repository) -> None:
    repository.commit({"compose.yaml": COMPOSE.replace("one", "two").replace("api:latest", "api:nightly")})
    assert repository.findings() == [
        "compose.yaml:3 image-not-pinned web updated",
        "compose.yaml:7 image-not-pinned api new",
    ]
    ran = repository.run("scan", "--diff-base", "base", "-f", "github", cwd=repository.root)
    assert [line.partition(",endLine")[0] for line in ran.out.splitlines()] == [
        "::error file=compose.yaml,line=7",
        "::error file=compose.yaml,line=3",
    ]


def test_a_variable_is_shown_where_the_change_sets_it(repository: Repository) -> None:
    compose = "services:\n  web:\n    image: web:${TAG}\n  api:\n    image: api:${OTHER:-latest}\n"
    repository.commit({"compose.yaml": compose, ".env": "# TAG=\nOTHER=1.0.0\nTAG=1.2.3\n"})
    repository.git("tag", "-f", "base")
    repository.commit({".env": "# TAG=latest\nOTHER=1.0.0\nexport TAG=latest\n"})
    found = repository.scan()
    assert lines(found) == [".env:3 image-not-pinned web new"]
    (finding,) = [each for each in found["results"] if each["status"] == "open"]
    assert {"path": "compose.yaml", "line": 3, "role": "declaration"} in finding["related"]
    assert (finding["location"]["column"], finding["location"]["end_column"]) == (8, 18)
    # A variable that goes has no line any more.
    repository.commit({".env": "TAG=1.2.3\n"})
    assert repository.findings() == ["compose.yaml:5 image-not-pinned api new"]


def test_a_policy_that_goes_brings_a_finding_elsewhere(repository: Repository) -> None:
    repository.commit({"k8s/policy.yaml": None})
    found = repository.scan()
    assert lines(found) == ["k8s/shop.yaml:3 workload-without-network-policy shop new"]


def test_manifests_that_are_as_they_were(repository: Repository) -> None:
    repository.commit({"k8s/policy.yaml": POLICY.replace("name: shop", "name: other")})
    assert repository.findings() == []


def test_paths_bound_what_is_judged(repository: Repository) -> None:
    repository.commit(
        {"compose.yaml": COMPOSE.replace("api:latest", "b:latest"), "charts/a/values.yaml": "image: web:latest\n"}
    )
    assert repository.findings("charts") == ["charts/a/values.yaml:1 image-not-pinned shop new"]
    assert repository.findings("compose.yaml") == ["compose.yaml:7 image-not-pinned api new"]


def test_a_file_that_is_named_and_renamed(repository: Repository) -> None:
    (repository.root / "app").mkdir()
    repository.git("mv", "compose.yaml", "app/compose.yaml")
    assert repository.findings("app/compose.yaml") == []


def test_what_stands_behind_a_link_is_known_of_the_base(repository: Repository) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: 'a:%s'}]}\n"
    repository.write({"docs/pod.txt": pod % ("old", "latest"), "k8s/other.yaml": pod % ("other", "1.2.3")})
    (repository.root / "k8s" / "old.yaml").symlink_to("../docs/pod.txt")
    repository.commit()
    repository.git("tag", "-f", "base")
    repository.commit({"k8s/other.yaml": pod % ("other", "1.2.4")})
    assert [line for line in lines(repository.scan()) if "docs" in line] == []
    assert "docs/pod.txt:4 image-not-pinned old unchanged" in lines(repository.scan("--show-suppressed"), "baselined")


def test_a_link_that_becomes_a_file_changes_no_other_file(repository: Repository) -> None:
    (repository.root / "notes.yaml").symlink_to(".groundrule.yaml")
    repository.commit({"compose.yaml": COMPOSE.replace("1.2.3", "latest")})
    repository.git("tag", "-f", "base")
    (repository.root / "notes.yaml").unlink()
    repository.commit({"notes.yaml": "a: 1\n", "compose.yaml": COMPOSE.replace("1.2.3", "latest") + "x-a: 1\n"})
    assert repository.findings() == []


def test_a_configuration_that_changes_touches_everything(repository: Repository) -> None:
    more = SETTINGS.replace("[image", "[image-without-digest, image")
    repository.commit({".groundrule.yaml": more})
    found = repository.scan()
    assert {line.split()[1] for line in lines(found)} == {"image-without-digest"}
    assert [entry["path"] for entry in found["scanned"]] == [
        "charts/a",
        "charts/b",
        "compose.yaml",
        "k8s/policy.yaml",
        "k8s/shop.yaml",
    ]


def test_a_waiver_that_goes_brings_its_finding(repository: Repository) -> None:
    waivers = "waivers:\n  - {rule: image-not-pinned, paths: [compose.yaml], reason: x}\n"
    repository.commit({".groundrule.yaml": SETTINGS + waivers})
    repository.git("tag", "-f", "base")
    repository.commit({".groundrule.yaml": SETTINGS})
    assert repository.findings() == [
        "compose.yaml:3 image-not-pinned web new",
        "compose.yaml:7 image-not-pinned api new",
    ]


def test_a_narrow_scan_does_not_call_waivers_unused(repository: Repository) -> None:
    waivers = "waivers:\n  - {rule: image-not-pinned, paths: [charts], reason: x}\n"
    repository.commit({".groundrule.yaml": SETTINGS + waivers})
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": COMPOSE.replace("one", "two")})
    assert repository.scan()["notices"] == []


def test_a_baseline_counts_as_well(repository: Repository) -> None:
    repository.write({"compose.yaml": COMPOSE.replace("MODE: one", "MODE: two")})
    assert repository.run("baseline", "write", "--baseline", "accepted.json", cwd=repository.root).status == 0
    assert repository.findings("--baseline", "accepted.json") == []
    assert repository.findings() == ["compose.yaml:3 image-not-pinned web updated"]


def test_a_base_that_cannot_be_scanned_makes_everything_new(repository: Repository) -> None:
    repository.commit({"compose.yaml": "services: {web: [\n"})
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": COMPOSE})
    assert [line.rpartition(" ")[2] for line in repository.findings()] == ["new", "new"]


def test_a_configuration_of_the_base_that_is_wrong(repository: Repository) -> None:
    repository.commit({".groundrule.yaml": "nonsense: 1\n"})
    repository.git("tag", "-f", "base")
    repository.commit({".groundrule.yaml": SETTINGS, "compose.yaml": COMPOSE.replace("one", "two")})
    found = repository.scan()
    assert "compose.yaml:3 image-not-pinned web new" in lines(found)
    assert [notice["message"][:30] for notice in found["notices"]] == ["the base cannot be judged, so "]


def test_what_could_not_be_scanned_before_is_no_news_elsewhere(repository: Repository) -> None:
    repository.commit({"k8s/broken.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: [\n"})
    repository.git("tag", "-f", "base")
    repository.commit({"k8s/shop.yaml": DEPLOYMENT.replace("1.2.3", "1.2.4")})
    assert repository.scan()["not_scanned"] == []
    repository.commit({"k8s/broken.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: [[\n"})
    found = repository.scan()
    assert [entry["path"] for entry in found["not_scanned"]] == ["k8s/broken.yaml"]
    assert found["status"] == 3


CANNOT_BE_SCANNED: dict[str, tuple[dict[str, str | bytes | None], dict[str, str | bytes | None], str]] = {
    "a chart": (
        {"web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "web/templates/a.yaml": '{{ fail "no" }}'},
        {"web/values.yaml": "image: web:latest\n"},
        "web/templates/a.yaml",
    ),
    "a project": (
        {"app/compose.yaml": "include: [https://example.com/more.yaml]\n" + COMPOSE, "app/web.env": "A=1\n"},
        {"app/web.env": "A=2\n"},
        "app/compose.yaml",
    ),
    "a patch": (
        {"web/kustomization.yaml": "patches: [{path: patches/image.yaml}]\n", "web/patches/image.yaml": "- op: add\n"},
        {"web/patches/image.yaml": "- op: replace\n"},
        "web/kustomization.yaml",
    ),
}


@pytest.mark.parametrize("case", CANNOT_BE_SCANNED)
def test_what_the_change_touches_and_could_not_be_scanned_before_is_told(repository: Repository, case: str) -> None:
    """That nobody knows what it says is no reason to pass a change of it."""
    before, after, path = CANNOT_BE_SCANNED[case]
    repository.commit(before)
    repository.git("tag", "-f", "base")
    repository.commit(after)
    found = repository.scan()
    assert ([entry["path"] for entry in found["not_scanned"]], found["status"]) == ([path], 3)
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": COMPOSE.replace("one", "two")})
    assert repository.scan()["not_scanned"] == []


def test_the_work_tree_and_the_index_stay_as_they_are(repository: Repository) -> None:
    repository.write({"compose.yaml": COMPOSE.replace("one", "two"), "new.yaml": "a: 1\n"})
    before = (repository.git("status", "--porcelain"), (repository.root / ".git" / "index").read_bytes())
    files = sorted(str(path) for path in repository.root.rglob("*"))
    repository.scan()
    assert (repository.git("status", "--porcelain"), (repository.root / ".git" / "index").read_bytes()) == before
    assert sorted(str(path) for path in repository.root.rglob("*")) == files


def test_the_private_folder_goes(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    repository.commit({"compose.yaml": COMPOSE.replace("one", "two")})
    assert repository.findings() != []
    repository.write({".groundrule.yaml": "nonsense: 1\n"})
    assert repository.run("scan", "--diff-base", "base", cwd=repository.root).status == 2
    assert list((tmp_path / "scratch").iterdir()) == []


def test_sarif_says_what_became_of_each(repository: Repository) -> None:
    import json

    repository.commit({"compose.yaml": f"{COMPOSE.replace('one', 'two')}  db:\n    image: db:latest\n"})
    ran = repository.run("scan", "--diff-base", "base", "-f", "sarif", "--show-suppressed", cwd=repository.root)
    (run,) = json.loads(ran.out)["runs"]
    assert [
        (each["locations"][0]["physicalLocation"]["region"]["startLine"], each["baselineState"], "suppressions" in each)
        for each in run["results"]
    ] == [(3, "updated", False), (7, "unchanged", True), (9, "new", False)]


@pytest.mark.parametrize("form", ["text", "github", "markdown"])
def test_people_are_told_what_was_there_before(repository: Repository, form: str) -> None:
    repository.commit({"compose.yaml": f"{COMPOSE.replace('one', 'two')}  db:\n    image: db:latest\n"})
    out = repository.run("scan", "--diff-base", "base", "-f", form, cwd=repository.root).out
    assert out.count("there before, touched now") == 1
    assert out.count("has no fixed version") == 2
