"""A change of one chart in a repository of 100 charts: `python benchmarks/diff_base.py` (a minute).

The charts are small ones of the corpus, as a repository of charts has them. Times are the best of several runs; beside
each stand the aims. With `--check`, a ratio that is broken is a failure: what a change touches must take a small part
of what the whole repository takes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from run import CACHE, GROUNDRULE, install, measure, row

ROOT = Path(__file__).resolve().parents[1]
CHARTS = 100
FILES = range(7, 40)
"""How many files a chart of the repository may have."""
SHARE = 0.3
"""The most of a whole scan's processor time that a change of one chart may take."""
SETTINGS = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(folder: Path, *arguments: str) -> None:
    """Runs git; a failure ends the benchmark."""
    subprocess.run(["git", *arguments], cwd=folder, env=os.environ | SETTINGS, check=True, stdout=subprocess.DEVNULL)


def repository(corpus: Path, folder: Path) -> Path:
    """A repository of charts with one commit and, in the work tree, a change of one chart. Returns the changed file."""
    found = []
    for file in sorted((corpus / "charts").rglob("Chart.yaml")):
        chart = file.parent
        alone = not any((outer / "Chart.yaml").exists() for outer in chart.parents)
        changeable = b"image:" in (chart / "values.yaml").read_bytes() if (chart / "values.yaml").exists() else False
        if alone and changeable and sum(path.is_file() for path in chart.rglob("*")) in FILES:
            found.append(chart)
    for number, chart in enumerate(found[:CHARTS]):
        shutil.copytree(chart, folder / "charts" / f"c{number:03}", symlinks=True)
    (folder / "docs").mkdir()
    (folder / "docs" / "mkdocs.yml").write_text("site_name: x\n")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "charts")
    changed = folder / "charts" / "c050" / "values.yaml"
    changed.write_text(changed.read_text() + "\nadded: true\n")
    return changed


def main() -> int:
    """Prints the table; 1 where a ratio is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    install()
    sys.path.insert(0, str(ROOT))
    from helm import unpacked

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "charts"
        folder.mkdir()
        changed = repository(unpacked(), folder)
        scan = [*GROUNDRULE, "scan", "--allow-incomplete"]
        print("| what | time | memory | note |\n|---|---|---|---|")
        whole = measure(scan, 2, folder)
        row(f"all {CHARTS} charts", whole)
        change = measure([*scan, "--diff-base", "HEAD"], arguments.times, folder)
        share = change.processor / whole.processor
        note = f"aim: 1.5 s; {share:.2f} of the whole's processor time; aim: {SHARE}"
        row("`--diff-base`, a change of one chart", change, note)
        row("`--untrusted` as well", measure([*scan, "--diff-base", "HEAD", "--untrusted"], arguments.times, folder))
        hint = [*scan, "--changed", str(changed)]
        row("`--changed`, one file of a chart", measure(hint, arguments.times, folder), "aim: 0.7 s")
        hint = [*scan, "--changed", "docs/mkdocs.yml"]
        row("`--changed`, an unrelated file", measure(hint, arguments.times, folder), "aim: 0.2 s")
    if share > SHARE:
        print(f"broken: a change of one chart takes {share:.2f} of the time of all", file=sys.stderr)
        return int(arguments.check)
    return 0


if __name__ == "__main__":
    sys.exit(main())
