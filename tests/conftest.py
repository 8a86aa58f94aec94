"""What every test shares: options, a scrubbed environment without network, the command line, the corpus."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
_SCRUBBED = (
    "GROUNDRULE_",
    "COMPOSE_",
    "FORCE_COLOR",
    "NO_COLOR",
    "AWS_",
    "BOTO",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
_KEPT = ("GROUNDRULE_CORPUS", "GROUNDRULE_LONG", "GROUNDRULE_TOOLS")


# In CI the same examples in every run: what is new there is the change.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long sweeps too")
    parser.addoption("--damages", metavar="N", help="damage every chart of the corpus N times, not a sample of them")
    parser.addoption("--hostile", action="store_true", help="run every hostile chart, not a sample of them")
    parser.addoption("--update-goldens", action="store_true", help="write the golden files anew instead of comparing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--hostile"):
        left = [item for item in items if "hostile" in item.keywords]
        if left:
            items[:] = [item for item in items if "hostile" not in item.keywords]
            config.hook.pytest_deselected(items=left)
    if is_long(config):
        return
    skip = pytest.mark.skip(reason="a long sweep: run it with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


def is_long(config: pytest.Config) -> bool:
    """Whether the long sweeps run: by the option, or in CI by the environment."""
    return bool(config.getoption("--long") or os.environ.get("GROUNDRULE_LONG"))


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Nothing may leave the machine: only loopback and sockets of the file system can be connected to."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test opens a connection to {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the machine reaches a test; compiled rules are kept for the session."""
    for name in os.environ:
        if name.upper().startswith(_SCRUBBED) and name not in _KEPT:
            monkeypatch.delenv(name)
    nowhere = str(tmp_path_factory.getbasetemp() / "no-such-file")
    monkeypatch.setenv("AWS_CONFIG_FILE", nowhere)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


class Ran(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def groundrule(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command line in this process: `groundrule("scan", path, cwd=folder, stdin="text")`."""
    import io

    from scanner.cli import run

    def call(*arguments: object, cwd: Path | None = None, stdin: str | None = None) -> Ran:
        with monkeypatch.context() as patch:
            if cwd is not None:
                patch.chdir(cwd)
            if stdin is not None:
                patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            capsys.readouterr()
            status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return call


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Writes files (path inside the folder → content) and returns the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@contextlib.contextmanager
def cpu_below(seconds: float) -> Iterator[None]:
    """What is done inside takes less time of this process: a busy machine adds nothing to it."""
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds


def find_tool(name: str) -> Path | None:
    """A reference program, or a linter beside the interpreter; None where it is not installed."""
    places = [str(Path(sys.executable).parent), os.environ.get("GROUNDRULE_TOOLS", ""), str(ROOT / ".cache" / "tools")]
    places += [os.environ.get("PATH", ""), str(Path.home() / ".local" / "bin")]
    found = shutil.which(name, path=os.pathsep.join(place for place in places if place))
    return Path(found) if found else None


def lacking(what: str) -> NoReturn:
    """Skips a test for want of something; in CI, where nothing may be lacking, the test fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and in CI nothing may be lacking")
    pytest.skip(f"{what}: see CONTRIBUTING.md")


def tool(name: str) -> Path:
    """As `find_tool`; the test is skipped where it is absent, and fails in CI."""
    return find_tool(name) or lacking(f"{name} is not installed")


def copy_of_the_project(folder: Path) -> Path:
    """The files that git knows but for tests and fixtures, as they are: what others check out to run this version."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if not name.startswith(("tests/", "fixtures/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpora; the test is skipped where it is absent, and fails in CI."""
    return corpus_file("")


def corpus_file(name: str) -> Path:
    """A file of the corpora; the test is skipped where it is absent, and fails in CI."""
    file = Path(os.environ.get("GROUNDRULE_CORPUS", ROOT.parent / "shared" / "corpus"), name)
    return file if file.exists() else lacking(f"there is no {file}")


@pytest.fixture(scope="session")
def compose_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked Compose corpus."""
    archive = corpus_file("compose-dev.tar.xz")
    folder = tmp_path_factory.mktemp("corpus")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "compose"


@pytest.fixture(scope="session")
def helm_corpus() -> Path:
    """The unpacked corpus of charts, which is kept for the next time: it has 54,000 files."""
    archive = corpus_file("helm-dev.tar.xz")
    state = archive.stat()
    folder = ROOT / ".cache" / "corpus" / f"helm-{state.st_size}-{state.st_mtime_ns}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
            with tarfile.open(archive) as tar:
                tar.extractall(parent, filter="data")
            with contextlib.suppress(OSError):  # another process was quicker
                (Path(parent) / "helm").rename(folder)
    return folder
