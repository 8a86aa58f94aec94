"""Damaged inputs: no traceback, no hang, and never a clean result for what was not read.

Files of the corpus and manifests of our own, cut off at random points and with random bytes changed; seeded.
"""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from scanner.core.errors import SourceError
from scanner.core.result import Report
from scanner.core.scalars import COMPOSE, KUBERNETES
from scanner.core.yaml_reader import read_yaml
from scanner.exit_status import CLEAN, exit_status
from scanner.report import FORMATS, RenderOptions, render
from scanner.scan import Options, scan
from tests.conftest import ROOT, is_long, write_files

SECONDS = 5
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
  annotations: {groundrule.dev/ignore: "image-not-pinned: built here"}
spec:
  replicas: 2
  selector: {matchLabels: &labels {app: api}}
  template:
    metadata: {labels: *labels}
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      initContainers:
        - {name: wait, image: "busybox:1.36", command: [sh, -c, "until nc -z db 5432; do sleep 1; done"]}
      containers:
        - name: api # groundrule: ignore[cpu-limit-missing] it is throttled
          image: ghcr.io/acme/api:1.4@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
          ports: [{containerPort: 8080, hostPort: 80}]
          env:
            - {name: DB_PASSWORD, value: hunter2hunter}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: api, key: token}}
          resources: {limits: {memory: 512Mi}, requests: {cpu: 250m, memory: 256Mi}}
          livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 10}
          volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
      volumes:
        - {name: data, hostPath: {path: /var/run/docker.sock}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [api]}]}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: api}, spec: {type: NodePort, selector: {app: api}, ports: [{port: 80}]}}
  - apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: api}
    spec: {minReplicas: 1, maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}}
  - {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: api}, spec: {minAvailable: 50%, selector: {matchLabels: {app: api}}}}
"""


def inputs(corpus: Path) -> list[tuple[str, dict[str, bytes]]]:
    """(name of the file to damage, files beside it) of each input."""
    found: list[tuple[str, dict[str, bytes]]] = [("manifest.yaml", {"manifest.yaml": MANIFEST.encode()})]
    fixtures = sorted(file for file in (ROOT / "fixtures").rglob("*.yaml") if "charts" not in file.parts)
    found += [(file.name, {file.name: file.read_bytes()}) for file in fixtures if not file.name.startswith(".")]
    for row in (corpus / "cases.tsv").read_text("utf-8").splitlines()[1:]:
        file = corpus / "projects" / row.split("\t")[0]
        beside = {path.name: path.read_bytes() for path in file.parent.iterdir() if path.is_file()}
        found.append((file.name, {name: data for name, data in beside.items() if len(data) < 100_000}))
    return found


def damaged(data: bytes, choose: random.Random) -> bytes:
    """`data` cut off, with bytes changed, with a piece twice, or with a byte that means something put in."""
    changed = bytearray(data)
    kind = choose.randrange(4)
    if kind == 0:
        return data[: choose.randrange(len(data) + 1)]
    if kind == 1:
        for _ in range(choose.randint(1, 8)):
            changed[choose.randrange(len(changed))] = choose.randrange(256)
    elif kind == 2:
        start = choose.randrange(len(changed))
        end = start + choose.randint(1, 80)
        changed[start:start] = changed[start:end]
    else:
        for _ in range(choose.randint(1, 3)):
            at = choose.randrange(len(changed) + 1)
            changed[at:at] = choose.choice(
                [b"{", b"]", b"'", b'"', b": ", b"\n- ", b"&a ", b"*a ", b"!!int ", b"${", b"$", b"\t", b"<<: "]
            )
    return bytes(changed)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fails where what is inside takes longer."""

    def too_long(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"over {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def is_readable(data: bytes) -> bool:
    for scalars, duplicate_keys in ((COMPOSE, "error"), (KUBERNETES, "last")):
        try:
            read_yaml(data, "x", scalars, duplicate_keys)  # type: ignore[arg-type]
        except SourceError:
            continue
        return True
    return False


def judge(file: Path) -> Report:
    """The report of a scan of one file, which must name it either way."""
    with at_most(SECONDS):
        report = scan([file], Options()).report
    assert file.name in {entry.path for entry in (*report.not_scanned, *report.scanned)}
    return report


@pytest.mark.skipif(sys.platform == "win32", reason="the time limit needs a signal")
@pytest.mark.parametrize("seed", range(4))
def test_damaged_inputs(seed: int, tmp_path: Path, request: pytest.FixtureRequest, compose_corpus: Path) -> None:
    choose = random.Random(seed)
    sources = inputs(compose_corpus)
    for number in range(500 if is_long(request.config) else 50):
        name, files = sources[0] if choose.random() < 0.2 else choose.choice(sources)
        broken = damaged(files[name], choose)
        report = judge(write_files(tmp_path / str(number), {**files, name: broken}) / name)
        if not is_readable(broken):
            assert name in {entry.path for entry in report.not_scanned}, (seed, number, name)
            assert exit_status(report, "never", strict=False, allow_incomplete=False) != CLEAN
        for form in FORMATS if number % 25 == 0 else ("text",):
            assert "Traceback" not in render(form, report, RenderOptions())


CURIOUS: dict[str, str | bytes] = {
    "empty.yaml": "",
    "compose-null.yaml": "services:\n",
    "compose-list.yaml": "services: []\n",
    "compose-scalar.yaml": "services: 1\n",
    "compose-service.yaml": "services: {web: 1, api: null, db: []}\n",
    "compose-types.yaml": "services: {web: {image: [], ports: {a: b}, environment: 3, volumes: x, deploy: y}}\n",
    "pod-null.yaml": "apiVersion: v1\nkind: Pod\n",
    "pod-types.yaml": "apiVersion: v1\nkind: Pod\nmetadata: []\nspec: {containers: {a: b}, volumes: 1}\n",
    "pod-list.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: [x], labels: 3}\nspec: {containers: [1, null, {name: {}}]}\n",
    "kind-types.yaml": "apiVersion: 1\nkind: [Pod]\n",
    "bomb.yaml": "apiVersion: v1\nkind: Pod\na: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)),
    "deep.yaml": "apiVersion: v1\nkind: Pod\nspec: " + "[" * 2000,
    "cycle.yaml": "apiVersion: v1\nkind: Pod\nspec: &a {b: *a}\n",
    "compose-extends.yaml": "services: {a: {extends: {service: b}}, b: {extends: {service: a}}}\n",
    "compose-include.yaml": "include: [compose-include.yaml]\nservices: {a: {image: b}}\n",
    "compose-remote.yaml": "include: [https://example.com/x.git]\nservices: {a: {image: b}}\n",
    "compose-outside.yaml": "services: {a: {extends: {file: ../../../../etc/passwd, service: b}}}\n",
    "compose-environment.yaml": "services: {a: {image: b, env_file: [/etc/shadow, ../x.env]}}\n",
    "huge-number.yaml": "apiVersion: v1\nkind: Pod\nspec: {replicas: " + "9" * 5000 + "}\n",
    "surrogate.yaml": 'apiVersion: v1\nkind: Pod\nmetadata: {name: "\\ud800"}\n',
}


@pytest.mark.parametrize("name", CURIOUS)
def test_curious_inputs(name: str, tmp_path: Path) -> None:
    report = judge(write_files(tmp_path, {name: CURIOUS[name]}) / name)
    assert exit_status(report, "info", strict=True, allow_incomplete=False) != CLEAN
    for form in FORMATS:
        assert render(form, report, RenderOptions())
