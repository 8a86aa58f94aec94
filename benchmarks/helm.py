"""Rendering beside Helm, in processor time: `python benchmarks/helm.py` (three minutes; `--every 10` takes a tenth).

Both render the same charts of the corpus with their default values, cold, without a cache on disk, ours with tracing
on: first all charts in one process of ours against a process of Helm for each, then the 20 largest, a process each.
With `--check`, a broken ratio is a failure.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
CORPUS = Path(os.environ.get("GROUNDRULE_CORPUS", ROOT.parent / "shared" / "corpus"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Byte code is kept, as in any installation: without it every start compiles the sources anew."""
LARGEST = 20
RUNS = 5
"""Of each of the largest, of which the best counts: some make keys, which takes as long as chance has it."""
AIMS = {"all": 0.4, "each": 2.0, "sum": 1.2}
RENDER = """
import gc, sys
sys.path.insert(0, sys.argv[1])
gc.disable()
from pathlib import Path
from scanner.helm.chart_files import load_chart
from scanner.helm.render import RenderOptions, output_bytes, print_manifests, render
from scanner.helm.values_files import RenderValues, user_values
for chart in map(Path, sys.argv[2:]):
    rendered = render(load_chart(chart), user_values(RenderValues()), RenderOptions("release"))
    sys.stdout.buffer.write(output_bytes(print_manifests(rendered)))
gc.freeze()
"""
"""As `groundrule render` does it, which looks for no cycles either, not at its end."""


def processor_time(command: list[str], times: int = 1) -> float:
    """User and system seconds of a command, the best of several runs. Exits where it fails."""
    best = 1e9
    for _ in range(times):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT
        )
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command[:4]} failed: {errors.decode()[-2000:]}")
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best


def unpacked() -> Path:
    """The corpus of charts, unpacked once."""
    target = CACHE / "helm-corpus"
    if not (target / "helm" / "cases.tsv").exists():
        with tarfile.open(CORPUS / "helm-dev.tar.xz") as tar:
            tar.extractall(target, filter="data")
    return target / "helm"


def main() -> int:
    """Prints the ratios; 1 where one is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every n-th chart")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    tools = os.environ.get("GROUNDRULE_TOOLS", str(CACHE / "tools"))
    helm = shutil.which("helm", path=os.pathsep.join([tools, os.environ.get("PATH", "")]))
    if helm is None:
        sys.exit("helm is not installed: see CONTRIBUTING.md")
    sys.path.insert(0, str(ROOT))
    from tests.helm.corpus import read_cases

    corpus = unpacked()
    fetching = charts_that_fetch(corpus)
    cases = [
        case for case in read_cases(corpus) if case.name == "default" and not case.exit and case.chart not in fetching
    ]
    charts = [case.chart for case in cases][:: arguments.every]
    folders = {chart: str(corpus / "charts" / chart) for chart in charts}
    ours = [sys.executable, "-c", RENDER, str(ROOT)]
    once = {chart: processor_time([helm, "template", "release", folders[chart]]) for chart in charts}
    whole = processor_time([*ours, *folders.values()], 2)
    ratios = {"all": whole / sum(once.values())}
    print("| what | Helm | groundrule | ratio | aim |\n|---|---|---|---|---|")
    print(f"| {len(charts)} charts, one process of ours | {sum(once.values()):.1f} s | {whole:.1f} s "
          f"| {ratios['all']:.2f} | {AIMS['all']} |")  # fmt: skip
    size = {case.chart: (corpus / "golden" / case.golden).stat().st_size for case in cases}
    largest = sorted(charts, key=size.__getitem__)[-LARGEST:]
    helms, own = [], []
    for chart in largest:
        # In turn, so that what else the machine does meets both.
        pairs = [
            (processor_time([helm, "template", "release", folders[chart]]), processor_time([*ours, folders[chart]]))
            for _ in range(RUNS)
        ]
        helms.append(min(theirs for theirs, _ in pairs))
        own.append(min(mine for _, mine in pairs))
    each = [mine / other for mine, other in zip(own, helms, strict=True)]
    ratios |= {"each": max(each), "sum": sum(own) / sum(helms)}
    print(f"| the {len(largest)} largest, the worst of them | | | {ratios['each']:.2f} | {AIMS['each']} |")
    print(f"| the same, the median | | | {statistics.median(each):.2f} | |")
    print(f"| the same, in sum | {sum(helms):.1f} s | {sum(own):.1f} s | {ratios['sum']:.2f} | {AIMS['sum']} |")
    for chart, ratio in sorted(zip(largest, each, strict=True), key=lambda pair: -pair[1])[:5]:
        print(f"  {ratio:.2f} {chart}")
    broken = [f"{name}: {ratio:.2f} instead of {AIMS[name]}" for name, ratio in ratios.items() if ratio > AIMS[name]]
    for problem in broken:
        print(f"broken: {problem}", file=sys.stderr)
    return 1 if broken and arguments.check else 0


def charts_that_fetch(corpus: Path) -> set[str]:
    """The charts for which Helm would fetch a schema: nothing leaves the machine here."""
    with (corpus / "cases.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["chart"] for row in rows if row["cause"] == "remote-schema"}


if __name__ == "__main__":
    sys.exit(main())
