"""Finds Checkov, or installs it into an environment of its own: it pins versions that groundrule does not use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scanner.core.errors import UsageError

REQUIREMENTS = Path(__file__).with_name("checkov_requirements.txt")
"""Checkov and all that it needs, each by its hash."""
_SECONDS = 900


def environment() -> Path:
    """The folder of the environment that `install` makes, in the user's cache."""
    base = os.environ.get("GROUNDRULE_CHECKOV") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) if os.environ.get("GROUNDRULE_CHECKOV") else Path(base, "groundrule", "checkov")


def installed() -> Path | None:
    """The program: of the environment that `install` made, else the one on PATH, but never one beside our Python,
    which would share our packages; None where there is none."""
    own = _program(environment())
    if own.is_file():
        return own
    ours = Path(sys.executable).parent.resolve()
    places = [place for place in os.get_exec_path() if Path(place).is_absolute() and Path(place).resolve() != ours]
    found = shutil.which("checkov", path=os.pathsep.join(places))
    return Path(found) if found else None


def install() -> Path:
    """Makes the environment, or makes it anew, and gives the program. Raises UsageError where that fails."""
    folder = environment()
    import venv

    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(  # noqa: S603 - our own interpreter with our own list
            [
                *(str(_program(folder).with_name("python.exe" if os.name == "nt" else "python")), "-I", "-m", "pip"),
                *("--disable-pip-version-check", "--quiet", "install", "--require-hashes", "-r", str(REQUIREMENTS)),
            ],
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UsageError(
            f"Checkov cannot be installed into {folder}: {error}",
            hint="see what pip says above; or install Checkov on PATH in another way",
        ) from error
    return _program(folder)


def _program(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / ("checkov.exe" if os.name == "nt" else "checkov")
