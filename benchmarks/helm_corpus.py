"""Renders the corpus of charts in one process: how many cases come out as Helm's, and the CPU time.

    python benchmarks/helm_corpus.py [--corpus FOLDER] [--only PART] [--untraced] [--show LINES] [--repeat N]

FOLDER is the unpacked `helm/` of the corpus.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("/tmp/groundrule-corpus/helm"))
    parser.add_argument("--only", default="", help="a part of a chart's path or of a case's name")
    parser.add_argument("--exit", default="", help="only cases with this exit status")
    parser.add_argument("--default", action="store_true", help="only the cases without files of values")
    parser.add_argument("--untraced", action="store_true")
    parser.add_argument("--show", type=int, default=12, help="lines of each difference")
    parser.add_argument("--every", type=int, default=1, help="take every n-th case")
    parser.add_argument("--times", type=int, default=0, help="list the slowest cases")
    options = parser.parse_args()
    from tests.helm.corpus import compared, read_cases, rendered

    cases = [case for case in read_cases(options.corpus) if options.only in f"{case.chart} {case.name}"]
    cases = [case for case in cases if options.exit in ("", str(case.exit)) and not (options.default and case.values)]
    counts: Counter[str] = Counter()
    total = time.process_time()
    spent = 0.0
    slowest = []
    for case in cases[:: options.every]:
        start = time.process_time()
        outcome = rendered(options.corpus, case, traced=not options.untraced)
        took = time.process_time() - start
        spent += took
        slowest.append((took, f"{case.chart} {case.name}"))
        difference = compared(options.corpus, case, outcome)
        kind = ("ok" if case.exit == 0 else "fails") + (" same" if not difference else " different")
        counts[kind] += 1
        if difference:
            lines = difference.split("\n")
            print(f"== {case.chart} {case.name} [{case.cause}]")
            print("\n".join(line[:300] for line in lines[: options.show]), flush=True)
    print(dict(sorted(counts.items())), f"rendering {spent:.1f} s of {time.process_time() - total:.1f} s CPU")
    for took, name in sorted(slowest, reverse=True)[: options.times]:
        print(f"{took:6.2f} s {name}")


if __name__ == "__main__":
    gc.disable()
    main()
