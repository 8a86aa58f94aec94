"""Runs Checkov over what groundrule has no rules for: Terraform, CloudFormation, Dockerfiles and workflows.

Checkov loads code that a `.checkov.yaml` names, from the scanned folder, the working folder or the home folder. So it
runs over a copy of the files that it is to judge and no others, from an empty folder, with an empty home and a bare
environment; it fetches nothing, and the copy has no links.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scanner.core.errors import UsageError
from scanner.core.location import Location
from scanner.core.result import NotScanned, RuleInfo, Scanned, Waiver
from scanner.foreign.checkov_install import installed
from scanner.foreign.results import FileText, ForeignResult, ForeignResults, Reader, secrets_at
from scanner.foreign.severity import of_checkov

TOOL = "checkov"
FRAMEWORKS = ("terraform", "cloudformation", "dockerfile", "github_actions")
SECONDS = 600
_LARGEST_FILE = 5_000_000
_MOST_FILES = 50_000
_TERRAFORM = re.compile(r"\.(tf|tfvars|tf\.json|tfvars\.json|hcl)\Z")
_DOCKERFILE = re.compile(r"(?i)(\A|[./_-])(docker|container)file([._-][\w.-]+)?\Z")
_TEMPLATE = re.compile(rb"AWSTemplateFormatVersion|AWS::[A-Z]\w+::\w+")
_CONFIGURATION = re.compile(r"(?i)\A\.?checkov\.ya?ml\Z")
_LAST_LINES = 3
LeavesOut = Callable[[str, bool], bool]
"""Whether a scan leaves out an absolute path, with `/`, of a file (False) or of a folder (True)."""


def run_checkov(folders: Sequence[Path], root: Path, leaves_out: LeavesOut, read: Reader) -> ForeignResults:
    """What Checkov says of the files below `folders` that a scan does not leave out, with paths relative to `root`.

    `scanned` has each folder in which there was something for it, with the number of files.

    Raises UsageError where Checkov is not installed. A run that fails is an entry of `not_scanned`.
    """
    program = installed()
    if program is None:
        raise UsageError("--with checkov: Checkov is not installed", hint="run `groundrule checkov install`")
    found = ForeignResults(TOOL, TOOL)
    with TemporaryDirectory(prefix="groundrule-checkov-") as place:
        base = Path(place).resolve()
        copy, empty = base / "files", base / "empty"
        copy.mkdir()
        empty.mkdir()
        for folder in folders:
            number = _copy(folder, root, leaves_out, copy, found)
            if number:
                found.scanned.append(Scanned(str(folder), TOOL, number))
        if not found.scanned:
            return found
        output = _run(program, copy, empty, found)
        if output is not None:
            _read(output, copy, read, found)
    return found


def is_judged(name: str, path: str, beginning: bytes) -> bool:
    """Whether a file is one of those that Checkov gets: by its name, its path (`a/b`) or how it begins."""
    if _CONFIGURATION.match(name):
        return False
    if _TERRAFORM.search(name) or _DOCKERFILE.search(name):
        return True
    yaml = name.endswith((".yml", ".yaml"))
    if yaml and ("/.github/workflows/" in f"/{path}" or name in ("action.yml", "action.yaml")):
        return True
    return (yaml or name.endswith((".json", ".template"))) and bool(_TEMPLATE.search(beginning))


def _copy(folder: Path, root: Path, leaves_out: LeavesOut, copy: Path, found: ForeignResults) -> int:
    """Copies the files to judge under their paths; how many there are."""
    number = 0
    for file in _files(folder, leaves_out):
        path = file.relative_to(root).as_posix()
        try:
            with file.open("rb") as stream:
                data = stream.read(_LARGEST_FILE + 1)
        except OSError as error:
            found.not_scanned.append(NotScanned(path, f"it cannot be read: {error.strerror}", source=TOOL))
            continue
        if not data or not is_judged(file.name, path, data):
            continue
        if len(data) > _LARGEST_FILE:
            reason = f"it is larger than the {_LARGEST_FILE:,} bytes that Checkov gets of a file"
            found.not_scanned.append(NotScanned(path, reason, "split the file, or exclude it", source=TOOL))
            continue
        if number == _MOST_FILES:
            reason = f"there are more than {_MOST_FILES:,} files for Checkov"
            found.not_scanned.append(NotScanned(path, reason, "scan folders one by one", source=TOOL))
            break
        number += 1
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return number


def _files(folder: Path, leaves_out: LeavesOut) -> Iterator[Path]:
    """The regular files below `folder` in order; no link is followed."""
    if not folder.is_dir():
        yield from [folder] if folder.is_file() else []
        return
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not leaves_out(f"{place}/{name}", True))
        for name in sorted(names):
            file = Path(place, name)
            if not file.is_symlink() and file.is_file() and not leaves_out(file.as_posix(), False):
                yield file


def _run(program: Path, copy: Path, empty: Path, found: ForeignResults) -> str | None:
    command = [
        *(str(program), "-d", str(copy), "--framework", *FRAMEWORKS, "--output", "json", "--compact"),
        *("--soft-fail", "--skip-download", "--download-external-modules", "false"),
    ]
    environment = {
        "PATH": os.pathsep.join([str(program.parent), os.defpath]),
        "HOME": str(empty),
        "USERPROFILE": str(empty),
        "XDG_CONFIG_HOME": str(empty),
        "TMPDIR": str(empty),
        "LOG_LEVEL": "ERROR",
        "PYTHONUTF8": "1",
        # Checkov asks for its newest version unless this is set.
        "CKV_CHECK_VERSION": "false",
        "ANSI_COLORS_DISABLED": "1",
    }
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    try:
        done = subprocess.run(  # noqa: S603 - the program is the one that the user has installed
            command, cwd=empty, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        found.not_scanned.append(_failed(f"it took longer than {SECONDS} s", "scan fewer files at once"))
        return None
    except OSError as error:
        found.not_scanned.append(_failed(f"it does not start: {error.strerror}", "run `groundrule checkov install`"))
        return None
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()[-_LAST_LINES:]
        what = " / ".join(lines) or "without a word"
        found.not_scanned.append(_failed(f"it ended with status {done.returncode}: {what}", "run it by hand"))
        return None
    return done.stdout.decode("utf-8", errors="replace")


def _failed(reason: str, hint: str) -> NotScanned:
    return NotScanned(TOOL, f"Checkov: {reason}", hint, source=TOOL)


def _read(output: str, copy: Path, read: Reader, found: ForeignResults) -> None:
    """Checkov prints one object, or a list with one a framework, or only counts where nothing was there."""
    try:
        reports = json.loads(output)
    except ValueError:
        found.not_scanned.append(_failed("its output is no JSON", "run it by hand"))
        return
    for report in reports if isinstance(reports, list) else [reports]:
        if not isinstance(report, dict):
            found.not_scanned.append(_failed("its output is none that is known", "install the version that is pinned"))
            continue
        results = report.get("results", {})
        for path in results.get("parsing_errors", ()):
            place = _path(path, copy)
            found.not_scanned.append(NotScanned(place, "Checkov cannot read it", "correct the file", source=TOOL))
        for check in results.get("failed_checks", ()):
            found.results.append(_result(check, copy, None))
        for check in results.get("skipped_checks", ()):
            reason = (check.get("check_result") or {}).get("suppress_comment") or "skipped by a comment for Checkov"
            found.results.append(_result(check, copy, Waiver(str(reason).strip(), kind="inline")))
    for result in found.results:
        found.secrets |= _secrets(read(result.location.path), result)


def _secrets(text: FileText | None, result: ForeignResult) -> set[str]:
    last = result.location.line + 50
    return secrets_at(text, [result.location._replace(end_line=last)], whole=False)


def _result(check: dict[str, Any], copy: Path, waiver: Waiver | None) -> ForeignResult:
    lines = check.get("file_line_range") or [0, 0]
    path = _path(str(check.get("file_abs_path") or check.get("file_path") or ""), copy)
    policy = str(check.get("check_name") or check["check_id"])
    # What has no name of its own Checkov names by its path, such as `/web/Dockerfile.FROM`: a path is no identity.
    name = str(check.get("resource") or "").removeprefix(f"/{path.rpartition('/')[0]}".rstrip("/") + "/")
    address = str(check.get("guideline") or "")
    info = RuleInfo(
        id=f"{TOOL}/{check['check_id']}",
        title=policy,
        family=TOOL,
        severity=of_checkov(policy),
        rationale=policy,
        remediation={"": f"See {address}"} if address.startswith("https://") else {},
        targets=("repository",),
    )
    line = int(lines[0])
    # Checkov's region is the whole block; a person, and GitHub, wants its first line.
    location = Location(path, line, 1, line, 1) if line else Location(path)
    return ForeignResult(info, policy, location, name, waiver, last_line=int(lines[-1]))


def _path(path: str, copy: Path) -> str:
    prefix = f"{copy.as_posix()}/"
    path = path.replace("\\", "/")
    return path[len(prefix) :] if path.startswith(prefix) else path.lstrip("/")
