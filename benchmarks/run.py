"""The numbers of the README, in one command: `python benchmarks/run.py` (about two minutes; `--quick`: half a minute).

Every comparison is a ratio inside one run on one machine, best of several runs. With `--check`, a broken ratio (slower
than the other tool, memory that grows with the input) is a failure; absolute times are printed, never judged.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"
CORPUS = Path(os.environ.get("GROUNDRULE_CORPUS", ROOT.parent / "shared" / "corpus"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Byte code is kept, as in any installation: without it every start compiles the sources anew."""
COMPOSE_LINT = "compose-lint==0.36.2"
NOISE = 0.1
"""By how much one run may differ from the next on a machine that others use too."""
INSTALLED = CACHE / "groundrule"
GROUNDRULE = [str(INSTALLED / "bin" / "groundrule")]


@dataclass(frozen=True)
class Run:
    """The best of several runs: wall and processor seconds, peak memory in MB, the last exit status and output."""

    seconds: float
    processor: float
    megabytes: float
    status: int
    output: str


def measure(command: list[str], times: int, cwd: Path | None = None) -> Run:
    """Runs a command several times; memory is the peak of the worst run. Exits where it fails: failing is fast."""
    best, processor, peak, status, output = 1e9, 1e9, 0.0, 0, ""
    for _ in range(times):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=cwd, env=ENVIRONMENT)
            _, code, usage = os.wait4(process.pid, 0)
            elapsed = time.perf_counter() - start
            process.returncode = status = os.waitstatus_to_exitcode(code)
            out.seek(0)
            output = out.read().decode("utf-8", "replace")
        if status not in (0, 1):
            sys.exit(f"{command[0]} ended with status {status}")
        best = min(best, elapsed)
        processor = min(processor, usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss / 1024)
    return Run(best, processor, peak, status, output)


def best(runs: list[Run]) -> Run:
    """The least of each time, and the most memory, of several runs of one command."""
    return Run(
        min(run.seconds for run in runs),
        min(run.processor for run in runs),
        max(run.megabytes for run in runs),
        runs[-1].status,
        runs[-1].output,
    )


def row(what: str, run: Run, note: str = "") -> None:
    """One line of the table."""
    print(f"| {what} | {run.seconds:.2f} s | {run.megabytes:.0f} MB | {note} |")


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api-{n}
  namespace: team-{team}
  labels: {{app: api-{n}, team: t{team}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: api-{n}}}
  template:
    metadata:
      labels: {{app: api-{n}, team: t{team}}}
    spec:
      automountServiceAccountToken: false
      securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
      topologySpreadConstraints:
        - {{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {{matchLabels: {{app: api-{n}}}}}}}
      containers:
        - name: api
          image: registry.example.com/api:1.4.{n}@sha256:{digest}
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: {{cpu: 100m, memory: 128Mi, ephemeral-storage: 1Gi}}
            limits: {{cpu: "1", memory: 256Mi, ephemeral-storage: 1Gi}}
          livenessProbe:
            httpGet: {{path: /live, port: 8080}}
          readinessProbe:
            httpGet: {{path: /ready, port: 8080}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: api-{n}, namespace: team-{team}}}
spec:
  selector: {{app: api-{n}}}
  ports:
    - port: 80
      targetPort: 8080
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: api-{n}, namespace: team-{team}}}
spec:
  podSelector: {{matchLabels: {{app: api-{n}}}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{{podSelector: {{matchLabels: {{app: web}}}}}}]
"""
BUDGET = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: api-{n}, namespace: team-{team}}}
spec:
  maxUnavailable: 1
  selector: {{matchLabels: {{app: api-{n}}}}}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: api-{n}, namespace: team-{team}}}
data:
  log.level: info
  cache.size: "100"
"""


def write_manifests(folder: Path, files: int) -> int:
    """`files` manifests of ten documents each: two of each of five kinds. Returns the number of resources."""
    folder.mkdir(parents=True)
    for number in range(files):
        documents = [
            template.format(n=2 * number + half, team=number % 20, digest=f"{2 * number + half:064x}")
            for half in (0, 1)
            for template in (DEPLOYMENT, SERVICE, POLICY, BUDGET, CONFIG)
        ]
        (folder / f"m{number:04}.yaml").write_text("---\n".join(documents))
    return files * 10


def awesome_compose() -> Path | None:
    """The 39 files of awesome-compose in a folder of their own, from the corpus."""
    target = CACHE / "awesome-compose"
    archive = CORPUS / "compose-dev.tar.xz"
    if not target.exists():
        if not archive.exists():
            return None
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
            (source,) = [path for path in Path(scratch).glob("compose/projects/*awesome-compose*") if path.is_dir()]
            shutil.move(source, target)
    return target


def install() -> None:
    """groundrule as users have it: its wheel in an environment of its own, with byte code and compiled rules."""
    with tempfile.TemporaryDirectory() as scratch:
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", scratch, str(ROOT)]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = Path(scratch).glob("*.whl")
        if not (INSTALLED / "bin" / "python").exists():
            venv.create(INSTALLED, with_pip=True)
        pip = [INSTALLED / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, wheel], check=True)
        subprocess.run([*pip, "--force-reinstall", "--no-deps", wheel], check=True)


def compose_lint() -> str | None:
    """The other Compose linter, in an environment of its own."""
    environment = CACHE / "compose-lint"
    program = environment / "bin" / "compose-lint"
    if not program.exists():
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", COMPOSE_LINT], check=True)
    return str(program) if program.exists() else None


def start_up(times: int) -> None:
    row("`groundrule --version`", measure([*GROUNDRULE, "--version"], times), "aim: 0.15 s")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "compose.yaml"
        file.write_text("services:\n  web:\n    image: nginx:1.27\n    ports: ['127.0.0.1:80:80']\n")
        row("one Compose file", measure([*GROUNDRULE, "scan", str(file)], times), "aim: 0.35 s, 60 MB")


def compose_files(times: int) -> list[str]:
    folder, other = awesome_compose(), compose_lint()
    if folder is None or other is None:
        print("| awesome-compose | - | - | skipped: no corpus |")
        return []
    files = sorted(str(path) for path in folder.rglob("*.y*ml") if "compose" in path.name)
    ours, theirs = [], []
    for _ in range(times):  # in turn, so that noise meets both
        ours.append(measure([*GROUNDRULE, "scan", *files], 1))
        theirs.append(measure([other, *files], 1))
    mine, peer = best(ours), best(theirs)
    wall, processor = mine.seconds / peer.seconds, mine.processor / peer.processor
    note = f"{wall:.2f} of compose-lint's time, {processor:.2f} of its processor time ({mine.processor:.2f} s); aim: 1"
    row(f"{len(files)} files of awesome-compose", mine, note)
    row("the same, compose-lint", peer, f"processor time {peer.processor:.2f} s")
    return [
        f"awesome-compose takes {ratio:.2f} of compose-lint's {what}"
        for ratio, what in ((wall, "time"), (processor, "processor time"))
        if ratio > 1 + NOISE
    ]


def manifests(files: int) -> list[str]:
    with tempfile.TemporaryDirectory() as scratch:
        count = write_manifests(Path(scratch) / "all", files)
        write_manifests(Path(scratch) / "half", files // 2)
        every = measure([*GROUNDRULE, "scan", str(Path(scratch) / "all")], 2)
        half = measure([*GROUNDRULE, "scan", str(Path(scratch) / "half")], 1)
    rate = count / every.processor
    growth = every.megabytes / half.megabytes
    row(f"{files} manifests, {count} resources", every, f"{rate:.0f} resources a second on one core; aim: 2,000")
    row("half of them", half, f"memory grows {growth:.2f} times for twice the files")
    return [f"memory grows {growth:.2f} times for twice the files"] if growth > 1.35 else []


def main() -> int:
    """Prints the table; 1 where a ratio is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    quick = arguments.quick
    CACHE.mkdir(exist_ok=True)
    install()
    print("| what | time | memory | note |\n|---|---|---|---|")
    start_up(3 if quick else 10)
    broken = compose_files(3 if quick else 10)
    broken += manifests(200 if quick else 1000)
    print(flush=True)
    subprocess.run([sys.executable, ROOT / "benchmarks" / "engine.py"], check=True)
    for problem in broken:
        print(f"broken: {problem}", file=sys.stderr)
    return 1 if broken and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
