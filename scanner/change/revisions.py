"""The revision that a change is compared with: found, and if not, what to type."""

from pathlib import Path
from typing import NamedTuple

from scanner.change.git import Git
from scanner.core.errors import UsageError
from scanner.core.result import Notice

_NOWHERE = "0" * 40
_FETCH = "git fetch --no-tags --depth=1 origin {name}"


class Base(NamedTuple):
    """The commit that a change is compared with, and what is odd about it."""

    commit: str
    notice: Notice | None = None


def find_base(git: Git, given: str, *, exactly: bool) -> Base:
    """The commit that the work tree's branch has in common with `given`; with `exactly` that of `given` itself.

    Raises UsageError where there is no such commit, with the command that brings it.
    """
    shallow = _check_repository(git)
    _check_words(given)
    commit = _commit(git, given)
    if commit is None:
        raise UsageError(f"there is no commit {given!r} here", hint=_hint(git, given, shallow=shallow))
    if exactly:
        return Base(commit)
    answer = git.ask("merge-base", commit, "HEAD")
    common = answer.out.decode("ascii", "replace").split()
    if answer.status == 0 and common:
        return Base(common[0])
    why = "this clone is shallow" if shallow else "their histories have nothing in common"
    notice = Notice(
        f"compared with {given} itself, not with the commit at which the branches parted: {why}",
        hint="fetch the whole history (fetch-depth: 0)" if shallow else "",
    )
    return Base(commit, notice)


def _check_repository(git: Git) -> bool:
    """Whether the clone is shallow. Raises UsageError for what is no repository, or has no commit."""
    answer = git.ask("rev-parse", "--is-shallow-repository", "--show-toplevel")
    if answer.status != 0:
        if "dubious ownership" in answer.err:
            raise UsageError(
                f"git refuses the repository {git.root}, which belongs to another user",
                hint=f"git config --global --add safe.directory {git.root}",
            )
        raise UsageError(f"{git.root} is no git repository", hint="scan without --diff-base, or inside a clone")
    shallow, _, top = answer.out.decode("utf-8", "surrogateescape").partition("\n")
    if Path(top.removesuffix("\n")).resolve() != git.root.resolve():
        raise UsageError(f"{git.root} is not the root of its work tree", hint="scan inside a clone")
    if _commit(git, "HEAD") is None:
        raise UsageError("the repository has no commit yet", hint="scan without --diff-base: everything is new")
    return shallow == "true"


def _check_words(given: str) -> None:
    """What no name of a revision is. Raises UsageError."""
    if not given or given.startswith("-") or not given.isprintable():
        raise UsageError(
            f"--diff-base {given!r} is no name of a commit", hint="give a branch, a tag or a commit, as origin/main"
        )
    if set(given) == {"0"} and len(given) >= len(_NOWHERE):
        raise UsageError(
            "--diff-base is the commit 0000000, which stands for none: the branch is new",
            hint="give the default branch, as origin/main",
        )


def _commit(git: Git, name: str) -> str | None:
    answer = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    word = answer.out.decode("ascii", "replace").strip()
    return word if answer.status == 0 and word.isalnum() else None


def _hint(git: Git, given: str, *, shallow: bool) -> str:
    """The command that brings the commit, or the name that was meant."""
    remote = f"origin/{given}"
    if not given.startswith("origin/") and _commit(git, remote) is not None:
        return f"did you mean {remote!r}?"
    name = given.removeprefix("origin/")
    target = f"{name}:refs/remotes/{given}" if given.startswith("origin/") else name
    fetch = _FETCH.format(name=target)
    if shallow:
        return f"this clone is shallow: {fetch}, or check out with fetch-depth: 0"
    return f"{fetch}, or correct --diff-base"
