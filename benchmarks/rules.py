"""400 rules loaded, checked and compiled (at most 0.4 s), the same from the cache, and groundrule's own rules warm (20 ms).

Every number is the best of some fresh processes, without the start of Python itself and with all imports.
Run: python benchmarks/rules.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = 400
RUNS = 5
RULE = """\
schema: 1
id: {id}
title: Container image can change under the same name
family: pinned-images
severity: high
targets: [compose, kubernetes]
match: {{view: container}}
when: present(container.image) && container.kind != 'ephemeral'
parameters:
  mutable_tags: {{type: list, default: [latest, stable, main, "tag{number}"]}}
variables:
  reference: parse_image(container.image)
compliant: reference.digest != '' || (reference.tag != '' && !(reference.tag in parameters.mutable_tags)) || container.pids_limit == {number}
at: container.image
message: "'image ' + container.image + ' has no fixed version'"
rationale: >-
  A tag such as latest, or none at all, names whatever was pushed last. Two starts of one file then run two different
  programs, and a rollback brings back nothing.
remediation: Pin the image to a version tag, or better to a digest.
controls: [{{framework: cis-docker, version: "1.6", control: "5.28"}}]
examples:
  compose:
    good: |
      services: {{web: {{image: "nginx:1.27.2"}}}}
    bad: |
      services: {{web: {{image: "nginx:latest"}}}}
  kubernetes:
    good: |
      {{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{containers: [{{name: web, image: "nginx:1.27.2"}}]}}}}
    bad: |
      {{apiVersion: v1, kind: Pod, metadata: {{name: web}}, spec: {{containers: [{{name: web, image: nginx}}]}}}}
"""
PROGRAM = """
import time, sys
from pathlib import Path
start = time.perf_counter()
from scanner.policy.ruleset import load_ruleset
imported = time.perf_counter()
folders, cache, builtin = eval(sys.argv[1])
rules = load_ruleset([Path(each) for each in folders], builtin=builtin, cache=Path(cache) if cache else None).rules
end = time.perf_counter()
print(len(rules), imported - start, end - imported)
"""


def measure(folders: list[str], cache: str, *, builtin: bool) -> tuple[int, float, float]:
    """Rules, seconds of imports and seconds of loading: the best of some runs."""
    best = (0, 9e9, 9e9)
    for _ in range(RUNS):
        argument = repr((folders, cache, builtin))
        done = subprocess.run([sys.executable, "-c", PROGRAM, argument], capture_output=True, text=True, check=True)
        count, imports, loading = done.stdout.split()
        best = min(best, (int(count), float(imports), float(loading)), key=lambda each: each[2])
    return best


def measure_all() -> dict[str, tuple[int, float, float]]:
    """Every measurement by its name."""
    with tempfile.TemporaryDirectory() as work:
        folder, cache = Path(work, "rules"), str(Path(work, "cache"))
        folder.mkdir()
        for number in range(COUNT):
            name = f"rule-{number}"
            (folder / f"{name}.yaml").write_text(RULE.format(id=name, number=number), "utf-8")
        return {
            "400 rules, cold": measure([str(folder)], "", builtin=False),
            "400 rules, cached": measure([str(folder)], cache, builtin=False),
            "own rules, cold": measure([], "", builtin=True),
            "own rules, cached": measure([], cache, builtin=True),
        }


def main() -> int:
    """Prints the table; 1 where a limit is broken."""
    found = measure_all()
    print(f"{'':20} {'rules':>6} {'imports':>9} {'loading':>9}")
    for name, (count, imports, loading) in found.items():
        print(f"{name:20} {count:6} {imports * 1000:6.0f} ms {loading * 1000:6.1f} ms")
    over = found["400 rules, cold"][2] > 0.4 or found["own rules, cached"][2] > 0.02
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
