"""Installs this version of groundrule into an environment of its own: every package by its hash, groundrule itself
from the folder of the action. Prints nothing but what pip says; the environment's Python is the step's output."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Needs RUNNER_TEMP and GITHUB_OUTPUT, as a runner sets them."""
    folder = Path(os.environ["RUNNER_TEMP"], "groundrule-environment")
    venv.create(folder, with_pip=True, clear=True)
    windows = os.name == "nt"
    python = folder / ("Scripts" if windows else "bin") / ("python.exe" if windows else "python")
    pip = [str(python), "-I", "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    hashed = ["--require-hashes", "--only-binary", ":all:"]
    subprocess.run([*pip, *hashed, "-r", str(HERE / "requirements.txt")], check=True)
    # What builds the wheel is pinned in the same file, so nothing is fetched for it.
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--no-index", str(HERE.parent)], check=True)
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"python-path={python}\n")


if __name__ == "__main__":
    sys.exit(main())
