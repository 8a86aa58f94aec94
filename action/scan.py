"""Runs a scan as a step of a workflow: inputs come from the environment, results go to files, counts to outputs.

It ends with status 0 whatever is found: the results are shown first, and the last step of the action passes or fails.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SUMMARY_BYTES = 1024 * 1024
"""GitHub refuses a larger summary of a step as a whole; the table is cut a little below."""
_SWITCHES = ("auto", "true", "false")


def main(environment: Mapping[str, str]) -> int:
    """Scans; 2 where an input of the action is wrong."""
    wrong = _wrong_inputs(environment)
    if wrong:
        print(f"::error title=groundrule::{wrong}")
        return 2
    results = Path(environment["RUNNER_TEMP"], "groundrule-results")
    results.mkdir(exist_ok=True)
    files = {name: results / f"groundrule.{name}" for name in ("sarif", "json", "github", "markdown")}
    for file in files.values():
        file.unlink(missing_ok=True)
    status = _scan(environment, files)
    _write_outputs(environment, files, status)
    if _input(environment, "SUMMARY") == "true" and files["markdown"].exists():
        _add_summary(Path(environment["GITHUB_STEP_SUMMARY"]), files["markdown"])
    return 0


def _wrong_inputs(environment: Mapping[str, str]) -> str:
    either = _SWITCHES[1:]
    known = {"UPLOAD_SARIF": _SWITCHES, "UNTRUSTED": _SWITCHES, "SUMMARY": either, "ALLOW_INCOMPLETE": either}
    for name, allowed in known.items():
        if _input(environment, name) not in allowed:
            return f"{name.lower().replace('_', '-')} is one of {', '.join(allowed)}"
    if not Path(_input(environment, "WORKING_DIRECTORY") or ".").is_dir():
        return "working-directory is no folder"
    if _input(environment, "UNTRUSTED") == "true" and not _input(environment, "DIFF_BASE"):
        return "untrusted needs diff-base: what the base says is what counts"
    return ""


def arguments(environment: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
    """The arguments of `groundrule` for the inputs of the action."""
    words = ["scan"]
    for form, file in files.items():
        words += ["-o", f"{form}={file}"]
    for name in ("config", "select", "ignore", "fail-on", "diff-base", "baseline"):
        value = _input(environment, name.upper().replace("-", "_"))
        if name in ("select", "ignore"):
            value = ",".join(value.splitlines())
        if value:
            # As one word, so that a value that begins with a dash is no option.
            words.append(f"--{name}={value}")
    if _input(environment, "ALLOW_INCOMPLETE") == "true":
        words.append("--allow-incomplete")
    untrusted = _input(environment, "UNTRUSTED")
    if untrusted == "true" or (untrusted == "auto" and _is_fork(environment) and _input(environment, "DIFF_BASE")):
        words.append("--untrusted")
    paths = [line.strip() for line in _input(environment, "PATHS").splitlines() if line.strip()]
    return [*words, "--", *(paths or ["."])]


def _scan(environment: Mapping[str, str], files: Mapping[str, Path]) -> int:
    # What the report quotes of the scanned files must not be read as commands of the workflow.
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    program = Path(sys.executable).with_name("groundrule.exe" if os.name == "nt" else "groundrule")
    command = [str(program), *arguments(environment, files)]
    done = subprocess.run(command, cwd=_input(environment, "WORKING_DIRECTORY") or ".", check=False)
    print(f"\n::{token}::", flush=True)
    if not files["json"].exists():
        print(
            f"::error title=groundrule::no results: groundrule ended with status {done.returncode}, see this step's log"
        )
    # A negative status is a signal that ended the scan.
    return done.returncode if done.returncode >= 0 else 4


def _write_outputs(environment: Mapping[str, str], files: Mapping[str, Path], status: int) -> None:
    upload = _input(environment, "UPLOAD_SARIF")
    whole = files["sarif"].exists()
    outputs = {
        "exit-status": str(status),
        "sarif-file": str(files["sarif"]) if whole else "",
        "json-file": str(files["json"]) if files["json"].exists() else "",
        "annotations-file": str(files["github"]) if files["github"].exists() else "",
        # A change from a fork has a token that may only read.
        "upload": str(whole and (upload == "true" or (upload == "auto" and not _is_fork(environment)))).lower(),
    }
    if files["json"].exists():
        summary = json.loads(files["json"].read_text(encoding="utf-8"))["summary"]
        outputs["findings"] = str(summary["failed"])
        outputs |= {severity: str(number) for severity, number in summary["open"].items()}
        outputs["unknown"] = str(summary["unknown"])
        outputs["errors"] = str(summary["errors"])
        outputs["not-scanned"] = str(summary["not_scanned"])
    with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in outputs.items())


def _add_summary(summary: Path, markdown: Path) -> None:
    text = markdown.read_bytes()
    before = summary.stat().st_size if summary.exists() else 0
    if before + len(text) > SUMMARY_BYTES:
        text = b"groundrule: the table does not fit into this summary; see the results of the scan.\n"
    with summary.open("ab") as stream:
        stream.write(text)


def _input(environment: Mapping[str, str], name: str) -> str:
    return environment.get(f"INPUT_{name}", "").strip()


def _is_fork(environment: Mapping[str, str]) -> bool:
    return environment.get("FROM_FORK", "") == "true"


if __name__ == "__main__":
    sys.exit(main(os.environ))
