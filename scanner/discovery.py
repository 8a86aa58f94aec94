"""Finds what there is to scan: walks folders in order, obeys ignore files, and tells inputs apart by their content."""

import codecs
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from scanner.config import CONFIGURATIONS, Config, config_file, merge
from scanner.core.patterns import late
from scanner.core.result import NotScanned
from scanner.core.yaml_reader import MAX_BYTES
from scanner.gitignore import IgnoreFile, IgnoreFiles, is_ignored, read_ignore_file
from scanner.sources.compose.sniff import is_compose_name, looks_like_compose
from scanner.sources.kubernetes.kustomize import FILE_NAMES
from scanner.sources.kubernetes.sniff import looks_like_manifest

LEFT_OUT = frozenset({".git", "node_modules", ".terraform", ".venv"})
NEITHER = "neither a Compose file nor a Kubernetes manifest"
NEITHER_HINT = "a Compose file has services:, a manifest has apiVersion: and kind:"
_EXTENSIONS = (".yaml", ".yml", ".json")
SNIFFED_BYTES = 100_000_000
"""What is looked at of a file that is too large to be read as an input: git's forges take no larger ones."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SNAPSHOT_ENDING = ".json.gz"
_ESCAPED_LETTER = late(rb"\\u00(?:4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])")
_CHART_ARCHIVES = (".tgz", ".tar.gz")
CHART_FOLDERS = frozenset({"templates", "charts", "crds"})
"""What in a chart belongs to it as a whole; beside them other inputs may lie."""
_CHART_FILE = late(r"Chart\.(yaml|lock)|values.*\.(ya?ml|json)|requirements\.(yaml|lock)")


@dataclass(slots=True)
class Found:
    """The files that may be inputs, folder by folder, before any is read.

    `folders` leads from a real folder to its file names; a name is true where the command line gave it. `charts` are
    the folders and archives of Helm charts that belong to no other chart, `snapshots` those of AWS accounts. `config`
    is the configuration with those that lie in the folders merged in.
    """

    root: Path
    config: Config
    folders: dict[Path, dict[str, bool]] = field(default_factory=dict)
    charts: set[Path] = field(default_factory=set)
    snapshots: set[Path] = field(default_factory=set)
    live: Path | None = None
    """The one of them that this run has collected itself, in a folder of its own."""
    not_scanned: list[NotScanned] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """The links of the repository, where somebody asked for them: display paths."""
    only_compose: frozenset[Path] | None = None
    """The Compose files whose projects are wanted, None for all that are found."""
    ignoring: bool = True
    """Whether ignore files count."""


class Candidate(NamedTuple):
    """A file that was read and may be an input: its content alone decides of which kind."""

    path: Path
    display: str
    data: bytes
    manifest: bool
    compose: bool
    explicit: bool


def walk(targets: Iterable[Path], root: Path, config: Config, *, nested: bool = True, ignoring: bool = True) -> Found:
    """Every file below `targets` (files or folders) whose name may be an input's, each once.

    With `nested`, configurations that lie below are merged in; without `ignoring`, `.gitignore` counts for nothing.
    Raises ConfigurationErrors for a wrong configuration.
    """
    walker = _Walker(Found(root, config, ignoring=ignoring), nested=nested)
    for target in targets:
        walker.target(target)
    walker.follow_links()
    walker.found.folders = dict(sorted(walker.found.folders.items(), key=lambda item: item[0].as_posix()))
    return walker.found


class _Walker:
    """The state of one walk."""

    def __init__(self, found: Found, *, nested: bool) -> None:
        self.found = found
        self.root = found.root
        self.nested = nested
        self.seen: set[Path] = set()
        self.configured: set[Path] = set()
        self.links: list[tuple[Path, bool]] = []
        self.waiting: list[tuple[Path, tuple[IgnoreFile, ...]]] = []

    def target(self, given: Path) -> None:
        """One path of the command line."""
        path = Path(os.path.realpath(given))
        chart = chart_around(path, self.root)
        if not path.exists():
            reason = "a link that leads nowhere" if given.is_symlink() else "no such file or folder"
            self.leave(given.absolute(), reason, "correct the path")
        elif chart is not None:
            self.configure_between(chart)
            self.found.charts.add(chart)
        elif path.is_dir():
            self.configure_between(path)
            self.folder(path, self.ignore_files_above(path))
        elif not path.is_file():
            self.leave(path, "not a regular file", "give a file or a folder, or read standard input with -")
        else:
            self.configure_between(path.parent)
            if path.name.endswith(_CHART_ARCHIVES):
                self.found.charts.add(path)
            else:
                self.file(path, explicit=True)

    def file(self, path: Path, *, explicit: bool = False) -> None:
        if (explicit or path.name.endswith(SNAPSHOT_ENDING)) and _is_snapshot(path):
            self.found.snapshots.add(path)
            return
        if path.name.endswith(SNAPSHOT_ENDING) and not explicit:
            return
        names = self.found.folders.setdefault(path.parent, {})
        names[path.name] = explicit or names.get(path.name, False)

    def folder(self, path: Path, ignores: tuple[IgnoreFile, ...]) -> None:
        """A folder and all below it. `ignores` are the ignore files above it, outermost first."""
        self.waiting.append((path, ignores))
        while self.waiting:  # no recursion: folders may be nested deeper than Python's stack
            self.one_folder(*self.waiting.pop())

    def one_folder(self, path: Path, ignores: tuple[IgnoreFile, ...]) -> None:
        """A folder without those below it, which go to `waiting`."""
        if path in self.seen:
            return
        self.seen.add(path)
        try:
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.leave(path, f"the folder cannot be read: {_reason(error)}", "give the right to read it, or exclude it")
            return
        names = {entry.name for entry in entries}
        display = self.display(path)
        if ".gitignore" in names and self.found.ignoring:
            own = read_ignore_file(path / ".gitignore", "" if display == "." else display)
            ignores = (*ignores, own) if own else ignores
        if not names.isdisjoint(CONFIGURATIONS):
            self.configure(path)
        in_chart = "Chart.yaml" in names
        if in_chart:
            self.found.charts.add(path)
        if ".env" in names:
            self.named_by_variables(path)
        for entry in entries:
            part_of_chart = in_chart and (entry.name in CHART_FOLDERS or _CHART_FILE.fullmatch(entry.name))
            if entry.name not in LEFT_OUT and not part_of_chart:
                self.entry(entry, display, ignores)

    def named_by_variables(self, folder: Path) -> None:
        """The files that `.env` tells Compose to read there, whatever they are called."""
        variables = folder / ".env"
        try:
            if not variables.is_file() or b"COMPOSE_FILE" not in _read(variables)[0]:
                return
        except OSError:
            return  # the project that has it says why
        from scanner.sources.compose.discover import named_by_env
        from scanner.sources.compose.files import Files

        for named in named_by_env(folder, Files(str(self.root))):
            real = Path(os.path.realpath(named))
            inside = real.is_relative_to(self.root) and not self.found.config.excludes(real.as_posix())
            if inside and real.is_file():
                self.file(real)

    def entry(self, entry: os.DirEntry[str], folder: str, ignores: tuple[IgnoreFile, ...]) -> None:
        """One name in a folder: a folder to walk, a file to look at, a link for later, or nothing."""
        name = entry.name
        inner = name if folder == "." else f"{folder}/{name}"
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not entry.is_symlink() and not _may_be_input(name):
            return
        if (ignores and is_ignored(ignores, inner, name, is_folder=is_folder)) or (
            self.found.config.exclude and self.found.config.excludes(f"{self.root.as_posix()}/{inner}")
        ):
            return
        if is_folder:
            self.waiting.append((Path(entry.path), ignores))
        elif entry.is_symlink():
            self.links.append((Path(entry.path), _may_be_input(name)))
        elif entry.is_file(follow_symlinks=False):
            self.file(Path(entry.path))
        else:
            self.leave(Path(entry.path), "not a regular file", "remove it, or exclude it")

    def follow_links(self) -> None:
        """Links come last, so that a file is reported where it is, and only then where a link leads to it."""
        while self.links:
            link, may_be_input = self.links.pop(0)
            try:
                real = link.resolve(strict=True)
            except (OSError, RuntimeError):
                self.leave(link, "a link that leads nowhere", "remove the link, or exclude it")
                continue
            if reason := self.not_followed(real):
                if may_be_input or real.is_dir():
                    self.leave(link, reason, "scan what it leads to on its own, or exclude the link")
            elif chart_around(real, self.root):
                continue
            elif real.is_dir():
                self.folder(real, self.ignore_files_above(real))
            elif may_be_input and real.is_file():
                self.file(real)
            elif may_be_input:
                self.leave(link, "a link to what is not a regular file", "remove it, or exclude it")

    def not_followed(self, real: Path) -> str:
        """Why a link to `real` is not followed, '' where it is."""
        if not real.is_relative_to(self.root):
            return "a link that leaves the repository"
        left_out = LEFT_OUT.intersection(real.relative_to(self.root).parts)
        if left_out:
            return f"a link into {min(left_out)}, which is left out"
        # `folder/**` is about what is in the folder.
        if real.is_dir() and any(map(self.found.config.excludes, (real.as_posix(), f"{real.as_posix()}/."))):
            return "a link to a folder that is excluded"
        return ""

    def leave(self, path: Path, reason: str, hint: str) -> None:
        self.found.not_scanned.append(NotScanned(self.display(path), reason, hint))

    def display(self, path: Path) -> str:
        return display_path(path, self.root)

    def configure_between(self, folder: Path) -> None:
        """Configurations in the folders between the one that all targets share and this one."""
        place = self.root
        for name in folder.relative_to(self.root).parts if folder.is_relative_to(self.root) else ():
            place /= name
            self.configure(place)

    def configure(self, folder: Path) -> None:
        """Merges the configuration of `folder` in, once."""
        if not self.nested or folder in self.configured:
            return
        self.configured.add(folder)
        file = config_file(folder)
        if file is not None and self.display(file) not in self.found.config.files:
            self.found.config = merge(self.found.config, file, self.root, nested=True)

    def ignore_files_above(self, folder: Path) -> tuple[IgnoreFile, ...]:
        """The ignore files from the root down to the parent of `folder`, and git's own for the repository."""
        if not self.found.ignoring:
            return ()
        inside = folder != self.root and folder.is_relative_to(self.root)
        return IgnoreFiles(self.root).above(self.display(folder) if inside else "")


def candidates(found: Found, step: Callable[[int, int], None] = lambda *_: None) -> Iterator[Candidate]:
    """Reads the files one by one, and yields those that look like inputs; the others leave no trace, unless the command
    line named them. What cannot be read goes to `found.not_scanned`. `step` is told how many are done, of how many."""
    total, done = sum(len(names) for names in found.folders.values()), 0
    for folder, names in found.folders.items():
        for name, explicit in sorted(names.items()):
            done += 1
            step(done, total)
            candidate = _candidate(found, folder / name, explicit=explicit)
            if candidate:
                yield candidate


def may_be_manifest(name: str, data: bytes) -> bool:
    """Whether the file can hold a Kubernetes manifest."""
    if name in FILE_NAMES:
        return False
    if name.lower().endswith(".json"):
        # Escapes are common in JSON that is no manifest; those of letters, which could spell the words, are not.
        return (b"apiVersion" in data and b"kind" in data) or _ESCAPED_LETTER.search(data) is not None
    return looks_like_manifest(data)


def display_path(path: Path, root: Path) -> str:
    """`path` as outputs show it: relative to `root`, with `/`; as it is where it lies elsewhere."""
    shown, base = path.as_posix(), root.as_posix()
    if shown == base:
        return "."
    return shown.removeprefix(base if base.endswith("/") else f"{base}/")


def is_left_out(path: str) -> bool:
    """Whether the last part of `path` is a name that no scan looks at, whatever the configuration says."""
    return path.rpartition("/")[2] in LEFT_OUT


def chart_around(path: Path, root: Path) -> Path | None:
    """The outermost chart whose templates, dependencies or values `path` belongs to; None where there is none."""
    outermost = None
    for folder in path.parents:
        if not folder.is_relative_to(root):
            break
        inner = path.relative_to(folder)
        belongs = inner.parts[0] in CHART_FOLDERS or (len(inner.parts) == 1 and _CHART_FILE.fullmatch(path.name))
        if belongs and (folder / "Chart.yaml").is_file():
            outermost = folder
    return outermost


def _may_be_input(name: str) -> bool:
    return name.lower().endswith(_EXTENSIONS) or name.endswith(SNAPSHOT_ENDING) or name in FILE_NAMES


def _is_snapshot(path: Path) -> bool:
    # What reads snapshots is imported for a file that may be one: packed by gzip, or an object of JSON.
    try:
        with path.open("rb") as file:
            if file.read(1) not in (b"\x1f", b"{"):
                return False
    except OSError:
        return False
    from scanner.aws.snapshot import is_snapshot

    return is_snapshot(path)


def _candidate(found: Found, path: Path, *, explicit: bool) -> Candidate | None:
    display = display_path(path, found.root)
    try:
        data, size = _read(path)
    except OSError as error:
        hint = "give the right to read it, or exclude it"
        found.not_scanned.append(NotScanned(display, f"the file cannot be read: {_reason(error)}", hint))
        return None
    text = as_utf8(data)
    manifest = may_be_manifest(path.name, text)
    compose = is_compose_name(path.name) or looks_like_compose(text)
    if size > MAX_BYTES and (manifest or compose or explicit):
        reason = f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}"
        found.not_scanned.append(NotScanned(display, reason, "split the file, or exclude it"))
        return None
    if manifest or compose:
        return Candidate(path, display, data, manifest, compose, explicit)
    binary = b"\0" in text and path.suffix.lower() in (".yaml", ".yml")
    if explicit and path.name in FILE_NAMES:
        return None
    if binary:
        line = text.count(b"\n", 0, text.index(b"\0")) + 1
        found.not_scanned.append(NotScanned(display, "binary data, not YAML", "exclude it", line))
    elif explicit and path.name.endswith(SNAPSHOT_ENDING):
        hint = "groundrule aws collect makes one"
        found.not_scanned.append(NotScanned(display, "no snapshot of groundrule, or damaged at its beginning", hint))
    elif explicit:
        found.not_scanned.append(NotScanned(display, NEITHER, NEITHER_HINT))
    return None


def as_utf8(data: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8, so that one look is enough."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace")
    return data


def _read(path: Path) -> tuple[bytes, int]:
    """The content of a file and its size; of a file over the limit only the beginning."""
    with path.open("rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        if status.st_size > MAX_BYTES:
            return file.read(SNIFFED_BYTES), status.st_size
        return file.readall(), status.st_size


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
