"""Git, called so that nothing of a repository runs: no hook, filter or helper, no network; bounded in time and size."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

from scanner.core.errors import UsageError

SECONDS = 120.0
"""How long one call may take."""
MAX_BYTES = 256 * 1024 * 1024
"""How much one call may print."""
_MOST_FILTERS = 100
_INSTALL = "install git, or scan without --diff-base"
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.askPass": "",
    "core.useReplaceRefs": "false",
    "credential.helper": "",
    "color.ui": "false",
    "diff.external": "",
    "diff.orderFile": os.devnull,
    "diff.renames": "true",
    "diff.renameLimit": "2000",
    "diff.noprefix": "false",
    "diff.mnemonicPrefix": "false",
    "diff.suppressBlankEmpty": "false",
    "diff.interHunkContext": "0",
    "diff.submodule": "short",
    "gc.auto": "0",
    "protocol.allow": "never",
    "submodule.recurse": "false",
}
"""What a repository's own configuration could make git run, reach or print otherwise."""
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}


class Answer(NamedTuple):
    """What git printed, and its exit status."""

    status: int
    out: bytes
    err: str


class Blob(NamedTuple):
    """An object to read: its id, and its size in bytes."""

    name: str
    size: int


class Git:
    """The repository whose work tree is `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._filters: tuple[str, ...] | None = None

    def ask(self, *arguments: str) -> Answer:
        """Runs a command. Raises UsageError where git is not there, takes too long or prints too much."""
        if self._filters is None:
            self._filters = ()
            self._filters = tuple(self._filter_settings())
        with tempfile.TemporaryFile() as errors:
            process = self._start(arguments, subprocess.DEVNULL, errors)
            timer = threading.Timer(SECONDS, process.kill)
            timer.start()
            try:
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                out = process.stdout.read(MAX_BYTES + 1)
                if len(out) > MAX_BYTES:
                    raise _unusable(f"git {arguments[0]} prints more than {MAX_BYTES:,} bytes")
                status = process.wait()
            finally:
                late = not timer.is_alive()
                timer.cancel()
                _end(process)
            if late:
                raise _unusable(f"git {arguments[0]} takes longer than {SECONDS:.0f} seconds")
            errors.seek(0)
            return Answer(status, out, errors.read(10_000).decode("utf-8", "replace").strip())

    def demand(self, *arguments: str) -> bytes:
        """As `ask`, and a failure is an error."""
        answer = self.ask(*arguments)
        if answer.status != 0:
            said = answer.err.splitlines()[-1] if answer.err else f"status {answer.status}"
            raise UsageError(f"git {arguments[0]} failed: {said}", hint="see that git works in this repository")
        return answer.out

    def blobs(self, wanted: Sequence[Blob]) -> Iterator[bytes]:
        """The contents of blobs, in their order. Raises UsageError for one that is not there or has another size."""
        if not wanted:
            return
        with tempfile.TemporaryFile() as names, tempfile.TemporaryFile() as errors:
            names.write(b"".join(blob.name.encode() + b"\n" for blob in wanted))
            names.seek(0)
            process = self._start(("cat-file", "--batch"), names, errors)
            timer = threading.Timer(SECONDS, process.kill)
            timer.start()
            try:
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                for blob in wanted:
                    head = process.stdout.readline(200)
                    if head != f"{blob.name} blob {blob.size}\n".encode():
                        raise _unusable(f"git cannot read the object {blob.name}")
                    data = process.stdout.read(blob.size + 1)
                    if len(data) != blob.size + 1:
                        raise _unusable(f"git cannot read the object {blob.name}")
                    yield data[:-1]
            finally:
                timer.cancel()
                _end(process)

    def _start(self, arguments: Sequence[str], stdin: int | IO[bytes], errors: IO[bytes]) -> "subprocess.Popen[bytes]":
        settings = [f"{name}={value}" for name, value in _SETTINGS.items()]
        options = [word for setting in (*settings, *(self._filters or ())) for word in ("-c", setting)]
        command = [_program(), *options, "-C", str(self.root), *arguments]
        try:
            return subprocess.Popen(  # noqa: S603 - no shell, and no word of a repository is an option
                command, stdin=stdin, stdout=subprocess.PIPE, stderr=errors, env=_environment(os.environ)
            )
        except OSError as error:
            raise UsageError(f"git cannot be run: {error.strerror}", hint=_INSTALL) from error

    def _filter_settings(self) -> Iterator[str]:
        """Settings that switch off every filter that is configured: by the repository, what its configuration includes,
        the work tree, or the user."""
        answer = self.ask("config", "--includes", "--name-only", "-z", "--get-regexp", r"^filter\..*\.")
        names = {name.rpartition(".")[0] for name in os.fsdecode(answer.out).split("\0") if name}
        if len(names) > _MOST_FILTERS:
            raise _unusable("the configuration of git defines too many filters")
        for name in sorted(names):
            if "=" in name:
                raise _unusable("the configuration of git defines a filter whose name has a =")
            yield from (f"{name}.{key}=" for key in ("clean", "smudge", "process"))
            yield f"{name}.required=false"


@cache
def _found_in(folders: tuple[str, ...]) -> str:
    name = "git.exe" if os.name == "nt" else "git"
    for folder in folders:
        program = os.path.join(folder, name)  # noqa: PTH118
        if os.path.isabs(folder) and os.path.isfile(program) and os.access(program, os.X_OK):  # noqa: PTH113, PTH117
            return program
    raise UsageError("git is not installed", hint=_INSTALL)


def _program() -> str:
    """Git from an absolute folder of PATH: never one that lies in the folder that is scanned."""
    return _found_in(tuple(os.get_exec_path()))


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment without what leads git elsewhere: the folders that a hook sets, traces, other commands."""
    return {name: value for name, value in given.items() if not name.upper().startswith("GIT_")} | _ENVIRONMENT


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _unusable(message: str) -> UsageError:
    return UsageError(message, hint="scan without --diff-base")
