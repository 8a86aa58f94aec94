"""Small charts for tests, and what a scan says of them."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from scanner.core.location import Location
from scanner.core.result import Report
from scanner.loading import NO_HELM_FLAGS, HelmFlags
from scanner.scan import Options, scan
from tests.conftest import write_files

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  hostNetwork: {network}
  containers:
    - name: main
      image: {image}
"""
"""Line 6 says hostNetwork, line 9 the image."""

RULES = ("host-network", "image-not-pinned")


def pod(
    image: str = '"app:{{ .Values.tag }}"', network: str = "{{ .Values.hostNetwork }}", name: str = "{{ .Chart.Name }}"
) -> str:
    return POD.format(image=image, network=network, name=name)


def chart_yaml(name: str, dependencies: str = "", kind: str = "application") -> str:
    return f"apiVersion: v2\nname: {name}\ntype: {kind}\nversion: 1.0.0\n{dependencies}"


def below(folder: str, files: Mapping[str, str]) -> dict[str, str | bytes]:
    return {f"{folder}/{name}": text for name, text in files.items()}


def archive(name: str, files: Mapping[str, str]) -> bytes:
    """The files of the chart `name` as an archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(packed.getvalue(), mtime=0)


def judge(folder: Path, files: Mapping[str, str | bytes], *select: str, flags: HelmFlags = NO_HELM_FLAGS) -> Report:
    """The report of the chart (or charts) in `files`, which are written to `folder`; by the rules in RULES unless told
    otherwise."""
    write_files(folder, dict(files))
    (folder / ".git").mkdir(exist_ok=True)
    return scan([folder], Options(select=select or RULES, helm=flags)).report


def place(location: Location) -> str:
    return f"{location.path}:{location.line}:{location.column}"


def lines(report: Report) -> list[str]:
    """A line for each finding: its place, rule and resource, the sets of values, and its status if it is not open."""
    found = []
    for each in report.findings:
        words = [place(each.location), each.rule.id, each.resource.name]
        words += [f"[{', '.join(each.values_sets)}]"] if each.values_sets else []
        words += [each.status] if each.status != "open" else []
        found.append(" ".join(words))
    return found


def missed(report: Report) -> list[tuple[str, str, str, str]]:
    """(place, reason, hint, set of values) of what was not scanned."""
    return [
        (f"{each.path}:{each.line}:{each.column}", each.reason, each.hint, each.values) for each in report.not_scanned
    ]
