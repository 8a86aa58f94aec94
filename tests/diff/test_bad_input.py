"""--diff-base where git cannot answer, or a repository wants git to do something else."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from scanner.change.base_tree import base_tree
from scanner.change.git import Git
from tests.conftest import Command, write_files
from tests.diff.repository import Repository, git, lines, start

SETTINGS = "select: [image-not-pinned]\n"
COMPOSE = "services:\n  web:\n    image: web:1.2.3\n"
BAD = "services:\n  web:\n    image: web:latest\n"


@pytest.fixture
def repository(tmp_path: Path, groundrule: Command) -> Repository:
    return start(tmp_path / "repo", groundrule, {".groundrule.yaml": SETTINGS, "compose.yaml": COMPOSE})


def refused(repository: Repository, base: str, *arguments: str) -> str:
    ran = repository.run("scan", f"--diff-base={base}", *arguments, cwd=repository.root)
    assert ran.status == 2, ran
    assert ran.out == ""
    return ran.err


REFUSED = {
    "nonsense": "error: there is no commit 'nonsense' here\n  help: git fetch --no-tags --depth=1 origin nonsense, or correct --diff-base\n",
    "-x": "error: --diff-base '-x' is no name of a commit\n  help: give a branch, a tag or a commit, as origin/main\n",
    "--output=/tmp/x": "error: --diff-base '--output=/tmp/x' is no name of a commit\n  help: give a branch, a tag or a commit, as origin/main\n",
    "a\nb": "error: --diff-base 'a\\nb' is no name of a commit\n  help: give a branch, a tag or a commit, as origin/main\n",
    "": "error: --diff-base is empty\n  help: give a branch, a tag or a commit, as origin/main\n",
    "HEAD:compose.yaml": "error: there is no commit 'HEAD:compose.yaml' here\n",
    "base..HEAD": "error: there is no commit 'base..HEAD' here\n",
    "$(touch x)": "error: there is no commit '$(touch x)' here\n",
    "0"
    * 40: "error: --diff-base is the commit 0000000, which stands for none: the branch is new\n  help: give the default branch, as origin/main\n",
    "f" * 40: f"error: there is no commit '{'f' * 40}' here\n",
}


@pytest.mark.parametrize("base", REFUSED, ids=repr)
def test_a_base_that_is_none(repository: Repository, base: str) -> None:
    assert refused(repository, base).startswith(REFUSED[base])
    assert sorted(path.name for path in repository.root.iterdir()) == [".git", ".groundrule.yaml", "compose.yaml"]


@pytest.mark.parametrize("base", ["HEAD", "main", "HEAD~0", "base^{}", "@"])
def test_a_base_that_is_one(repository: Repository, base: str) -> None:
    repository.write({"compose.yaml": BAD})
    assert repository.findings(base=base) == ["compose.yaml:3 image-not-pinned web new"]


def test_a_remote_branch_is_suggested(repository: Repository) -> None:
    repository.git("update-ref", "refs/remotes/origin/develop", "HEAD")
    assert "help: did you mean 'origin/develop'?\n" in refused(repository, "develop")


def test_no_repository(tmp_path: Path, groundrule: Command) -> None:
    write_files(tmp_path, {"compose.yaml": COMPOSE})
    ran = groundrule("scan", "--diff-base", "main", cwd=tmp_path)
    assert (ran.status, ran.err) == (
        2,
        f"error: {tmp_path} is no git repository\n  help: scan without --diff-base, or inside a clone\n",
    )


@pytest.mark.parametrize("content", [None, "", "gitdir: /nowhere\n"])
def test_what_only_looks_like_a_repository(tmp_path: Path, groundrule: Command, content: str | None) -> None:
    if content is None:
        (tmp_path / ".git").mkdir()
    else:
        (tmp_path / ".git").write_text(content)
    ran = groundrule("scan", "--diff-base", "main", cwd=tmp_path)
    assert (ran.status, ran.err.splitlines()[0]) == (2, f"error: {tmp_path} is no git repository")


def test_a_repository_without_commits(tmp_path: Path, groundrule: Command) -> None:
    git(tmp_path, "init", "-q")
    write_files(tmp_path, {"compose.yaml": COMPOSE})
    ran = groundrule("scan", "--diff-base", "main", cwd=tmp_path)
    assert (ran.status, ran.err) == (
        2,
        "error: the repository has no commit yet\n  help: scan without --diff-base: everything is new\n",
    )


def shallow(repository: Repository, folder: Path) -> Repository:
    """A clone as an action makes it: of the last commit alone."""
    repository.commit({"compose.yaml": BAD})
    git(folder.parent, "clone", "-q", "--depth=1", "--branch=main", f"file://{repository.root}", folder.name)
    return Repository(folder, repository.run)


def test_a_shallow_clone_without_the_base(repository: Repository, tmp_path: Path) -> None:
    clone = shallow(repository, tmp_path / "clone")
    first = repository.git("rev-parse", "base").strip()
    assert refused(clone, first) == (
        f"error: there is no commit {first!r} here\n  help: this clone is shallow: "
        f"git fetch --no-tags --depth=1 origin {first}, or check out with fetch-depth: 0\n"
    )
    assert "git fetch --no-tags --depth=1 origin next:refs/remotes/origin/next" in refused(clone, "origin/next")


def test_a_shallow_clone_with_the_base(repository: Repository, tmp_path: Path) -> None:
    clone = shallow(repository, tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=1", "origin", "tag", "base")
    found = clone.scan()
    assert lines(found) == ["compose.yaml:3 image-not-pinned web new"]
    assert [(notice["message"], notice["hint"]) for notice in found["notices"]] == [
        (
            "compared with base itself, not with the commit at which the branches parted: this clone is shallow",
            "fetch the whole history (fetch-depth: 0)",
        )
    ]


def test_histories_without_a_common_commit(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"compose.yaml": BAD})
    found = repository.scan()
    assert lines(found) == ["compose.yaml:3 image-not-pinned web new"]
    assert "their histories have nothing in common" in found["notices"][0]["message"]


def test_git_is_not_installed(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(repository, "base") == (
        "error: git is not installed\n  help: install git, or scan without --diff-base\n"
    )


def test_git_in_the_scanned_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program, mark = marker(tmp_path)
    repository.write({"git": Path(program).read_text(), "compose.yaml": BAD})
    (repository.root / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    assert repository.findings() == ["compose.yaml:3 image-not-pinned web new"]
    assert not mark.exists()


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: 'a:latest'}]}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings(repository: Repository, encoding: str) -> None:
    repository.write({"pod.yaml": POD.encode(encoding), "app/stack.yaml": BAD.encode(encoding)})
    assert [line.split()[2] for line in repository.findings()] == ["web", "p"]


def test_what_cannot_be_read_is_said(repository: Repository) -> None:
    repository.write({"pod.yaml": b"apiVersion\0"})
    found = repository.scan()
    assert [(entry["path"], entry["reason"]) for entry in found["not_scanned"]] == [
        ("pod.yaml", "binary data, not YAML")
    ]
    assert found["status"] == 3


def test_what_was_not_readable_before_is_no_news(repository: Repository) -> None:
    (repository.root / "dangling.yaml").symlink_to("nowhere")
    repository.commit({"over/kustomization.yaml": "resources: [../x]\npatches: [{path: p.yaml}]\n"})
    repository.git("tag", "-f", "base")
    repository.commit({"compose.yaml": BAD, "pod.yaml": POD})
    found = repository.scan()
    assert (found["status"], found["not_scanned"]) == (1, [])
    ran = repository.run("scan", "--changed", "-f", "json", "compose.yaml", "pod.yaml", cwd=repository.root)
    assert json.loads(ran.out)["not_scanned"] == []
    (repository.root / "dangling.yaml").unlink()
    (repository.root / "dangling.yaml").symlink_to("nowhere-else")
    assert [entry["path"] for entry in repository.scan()["not_scanned"]] == ["dangling.yaml"]


def test_standard_input_and_snapshots_have_no_base(repository: Repository) -> None:
    assert "standard input has no base" in refused(repository, "base", "-")
    repository.write({"account.json.gz": b"x"})
    assert "a snapshot of an account has no base in git" in refused(repository, "base", "account.json.gz")


NAMES = [
    "a b.yaml",
    "a:b,c.yaml",
    "quo\"te's.yaml",
    "new\nline.yaml",
    "tab\t.yaml",
    "-dash.yaml",
    "ü é.yaml",
    "::error::x.yaml",
    "%0A.yaml",
    " lead.yaml",
    "[a]*?.yaml",
    os.fsdecode(b"\xff\xfe.yaml"),
    "a\\b.yaml",
    ":(top)x.yaml",
]


def test_odd_names(repository: Repository) -> None:
    """Files that are there before and change, are moved to another folder, and go."""
    repository.commit(dict.fromkeys(NAMES, COMPOSE))
    repository.git("tag", "-f", "base")
    repository.commit(dict.fromkeys(NAMES, f"{COMPOSE}  api:\n    image: api:latest\n"))
    found = repository.scan()["results"]
    assert {(each["location"]["line"], each["resource"]["name"], each["state"]) for each in found} == {
        (5, "api", "new")
    }
    assert {each["location"]["path"] for each in found} == set(NAMES)
    repository.git("tag", "-f", "base")
    (repository.root / "odd").mkdir()
    for name in NAMES:
        repository.git("mv", "--", f"./{name}", f"odd/{name}")
    assert repository.findings() == []
    repository.git("commit", "-q", "-m", "moved")
    repository.git("tag", "-f", "base")
    repository.write(dict.fromkeys((f"odd/{name}" for name in NAMES), None))
    assert repository.scan()["scanned"] == []


@pytest.mark.parametrize("name", ["a:b,c.yaml", "new\nline.yaml", "::error::x.yaml", "%0A::error::.yaml"], ids=ascii)
def test_a_name_is_no_workflow_command(repository: Repository, name: str) -> None:
    repository.write({name: BAD})
    ran = repository.run("scan", "--diff-base", "base", "-f", "github", cwd=repository.root)
    (line,) = ran.out.splitlines()
    escaped = name.replace("%", "%25").replace(":", "%3A").replace(",", "%2C").replace("\n", "%0A")
    assert line.startswith(f"::error file={escaped},line=3,endLine=3,")
    text = repository.run("scan", "--diff-base", "base", cwd=repository.root).out
    assert not any(line.startswith("::") for line in text.splitlines())


def test_links(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    write_files(tmp_path / "outside", {"compose.yaml": BAD})
    files = {"charts/a/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "shared/pod.yaml": "x: 1\n"}
    repository.write(dict(files))
    (repository.root / "charts/a/templates").mkdir()
    (repository.root / "charts/a/templates/pod.yaml").symlink_to("../../../shared/pod.yaml")
    (repository.root / "out").symlink_to(tmp_path / "outside")
    (repository.root / "loop").symlink_to("loop")
    repository.commit()
    repository.git("tag", "-f", "base")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: a:latest}]}\n"
    repository.commit({"shared/pod.yaml": pod})
    found = repository.scan()
    assert "charts/a" in [entry["path"] for entry in found["scanned"]]
    assert "shared/pod.yaml:4 image-not-pinned p new" in lines(found)
    # What a link leads to outside of the repository is never read.
    (repository.root / "out").unlink()
    (repository.root / "out").symlink_to("/etc")
    assert repository.scan()["status"] in (1, 3)


def test_a_submodule(repository: Repository, tmp_path: Path) -> None:
    inner = start(tmp_path / "inner", repository.run, {"compose.yaml": COMPOSE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "sub")
    repository.commit()
    repository.git("tag", "-f", "base")
    inner.commit({"compose.yaml": BAD})
    git(repository.root / "sub", "-c", "protocol.file.allow=always", "pull", "-q", "origin", "main")
    repository.commit()
    found = repository.scan()
    assert lines(found) == ["sub/compose.yaml:3 image-not-pinned web new"]
    assert [notice["message"] for notice in found["notices"]] == [
        "the submodule has another commit: what it held before is not known here"
    ]


def test_a_submodule_that_is_not_checked_out(repository: Repository, tmp_path: Path) -> None:
    inner = start(tmp_path / "inner", repository.run, {"compose.yaml": BAD})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "sub")
    repository.commit()
    repository.git("submodule", "deinit", "-q", "-f", "sub")
    for flags in ((), ("--untrusted",)):
        found = repository.scan(*flags)
        assert [(entry["path"], entry["reason"]) for entry in found["not_scanned"]] == [
            ("sub", "a submodule that is not checked out")
        ]
        assert found["status"] == 3
    repository.commit({".groundrule.yaml": "exclude: [sub]\n"})
    assert repository.scan()["not_scanned"] == []


def test_a_pointer_of_large_file_storage(repository: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12\n"
    repository.commit({"app/compose.yaml": pointer})
    repository.git("tag", "-f", "base")
    repository.write({"app/compose.yaml": BAD})
    assert repository.findings() == ["app/compose.yaml:3 image-not-pinned web new"]


def test_what_a_sparse_checkout_leaves_out_is_told(repository: Repository) -> None:
    repository.commit({"far/compose.yaml": BAD, "docs/notes.md": "x", "chart/templates/NOTES.txt": "x"})
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/far/", "!/docs/", "!/chart/")
    found = repository.scan()
    assert [(entry["path"], entry["reason"], entry["hint"]) for entry in found["not_scanned"]] == [
        (name, "files of the change are not checked out here", f"git sparse-checkout add {name}")
        for name in ("chart/templates", "far")
    ]
    assert found["status"] == 3
    assert repository.scan("compose.yaml")["not_scanned"] == []


def test_a_conflict(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"compose.yaml": BAD})
    repository.git("checkout", "-q", "main")
    repository.commit({"compose.yaml": COMPOSE.replace("1.2.3", "nightly")})
    subprocess.run(["git", "merge", "-q", "work"], cwd=repository.root, capture_output=True)
    found = repository.scan()
    assert [entry["path"] for entry in found["not_scanned"]] == ["compose.yaml"]
    assert found["status"] == 3


def marker(folder: Path) -> tuple[str, Path]:
    """A program that leaves a mark when it runs, and the mark."""
    mark = folder / "ran"
    program = folder / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    return str(program), mark


def test_nothing_of_a_repository_runs(repository: Repository, tmp_path: Path) -> None:
    """Programs that the repository's configuration names, as one that came in an archive can."""
    program, mark = marker(tmp_path)
    for name, value in {
        "core.fsmonitor": program,
        "core.hooksPath": str(tmp_path),
        "core.pager": program,
        "diff.external": program,
        "diff.x.command": program,
        "diff.x.textconv": program,
        "filter.x.clean": program,
        "filter.x.smudge": program,
        "filter.y.process": program,
        "filter.y.required": "true",
        "core.sshCommand": program,
        "alias.diff": f"!{program}",
        "gpg.program": program,
        "diff.orderFile": "/nowhere",
        "diff.noprefix": "true",
        "diff.renames": "false",
        "color.ui": "always",
    }.items():
        repository.git("config", name, value)
    attributes = "*.yaml diff=x filter=x\n*.yml filter=y -diff\n"
    write_files(repository.root, {".git/info/attributes": attributes, ".gitattributes": attributes})
    for hook in ("post-index-change", "post-checkout", "reference-transaction"):
        write_files(repository.root, {f".git/hooks/{hook}": Path(program).read_text()})
        (repository.root / ".git/hooks" / hook).chmod(0o755)
    repository.write({"compose.yaml": BAD, "b/compose.yml": BAD})
    assert repository.findings() == [
        "b/compose.yml:3 image-not-pinned web new",
        "compose.yaml:3 image-not-pinned web new",
    ]
    assert not mark.exists()
    # The same configuration does run the program, where nobody prevents it.
    subprocess.run(["git", "diff", "base"], cwd=repository.root, capture_output=True)
    assert mark.exists()


@pytest.mark.parametrize("place", ["included", "of the work tree", "of the user"])
def test_no_filter_runs_wherever_it_is_configured(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    program, mark = marker(tmp_path)
    text = f'[filter "x"]\n\tclean = "{program}"\n\trequired = true\n'
    if place == "included":
        write_files(repository.root, {".git/more": text})
        repository.git("config", "include.path", "more")
    elif place == "of the work tree":
        write_files(repository.root, {".git/config.worktree": text})
        repository.git("config", "extensions.worktreeConfig", "true")
    else:
        write_files(tmp_path, {"home/.gitconfig": text})
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
    repository.write({".gitattributes": "*.yaml filter=x\n", "compose.yaml": BAD})
    assert repository.findings() == ["compose.yaml:3 image-not-pinned web new"]
    assert not mark.exists()


def test_a_missing_object_is_not_fetched(repository: Repository, tmp_path: Path) -> None:
    program, mark = marker(tmp_path)
    repository.git("config", "remote.origin.url", f"ext::{program}")
    repository.git("config", "protocol.ext.allow", "always")
    repository.git("config", "remote.origin.promisor", "true")
    repository.git("config", "extensions.partialClone", "origin")
    name = repository.git("rev-parse", "base:compose.yaml").strip()
    repository.commit({"compose.yaml": BAD})
    (repository.root / ".git/objects" / name[:2] / name[2:]).unlink()
    assert refused(repository, "base") == (
        "error: this clone does not hold compose.yaml of the base, and nothing is fetched in a scan\n"
        "  help: clone without --filter\n"
    )
    assert not mark.exists()


def test_the_environment_leads_git_nowhere_else(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, mark = marker(tmp_path)
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", program)
    repository.write({"compose.yaml": BAD})
    ran = repository.run("scan", "--diff-base", "base", "-f", "json", cwd=repository.root)
    assert lines(json.loads(ran.out)) == ["compose.yaml:3 image-not-pinned web new"]
    assert not mark.exists()


def tree(repository: Repository, entries: list[tuple[str, str, str]]) -> str:
    """A commit of a tree that git itself would not make: (mode, name, blob or tree)."""
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(sha) for mode, name, sha in entries)
    done = subprocess.run(
        ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"],
        cwd=repository.root,
        input=data,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def test_a_tree_that_leads_out_of_its_folder(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    blob = repository.git("rev-parse", "base:compose.yaml").strip()
    repository.commit({"link": str(tmp_path / "victim")})
    link = repository.git("rev-parse", "HEAD:link").strip()
    inner = tree(repository, [("100644", "x", blob), ("120000", "y", link)])
    top = tree(
        repository,
        [
            ("40000", "..", inner),
            ("40000", ".git", inner),
            ("40000", ".GIT", inner),
            ("120000", "a", link),
            ("40000", "a", inner),
            ("100644", "b/../../../../x", blob),
            ("100644", "compose.yaml", blob),
        ],
    )
    commit = repository.git("commit-tree", top, "-m", "x").strip()
    with base_tree(Git(repository.root), commit) as old:
        old.write(lambda path: True)
        written = sorted(path.relative_to(old.folder).as_posix() for path in old.folder.rglob("*"))
        inside = [name for name in written if not name.startswith(".git")]
        assert set(inside) <= {"a", "a/x", "a/y", "compose.yaml"}
        assert not (old.folder / ".git" / "x").exists()
    assert list((tmp_path / "victim").iterdir()) == []


def test_git_that_hangs(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import scanner.change.git

    (tmp_path / "bin").mkdir()
    write_files(tmp_path, {"bin/git": "#!/bin/sh\nexec sleep 60\n"})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(scanner.change.git, "SECONDS", 0.2)
    assert "takes longer than 0 seconds" in refused(repository, "base")


def test_git_that_prints_too_much(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    import scanner.change.git

    monkeypatch.setattr(scanner.change.git, "MAX_BYTES", 10)
    assert "prints more than 10 bytes" in refused(repository, "base")
