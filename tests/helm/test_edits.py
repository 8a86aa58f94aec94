"""Findings in public charts: the line that each names is the one to change, as the real Helm proves.

Findings are drawn by a seed. Each is repaired by a hand-written rule at the very line that it names, in a copy of the
chart; what the real Helm then makes of the chart must not have it any more.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from scanner.core.result import Finding
from scanner.scan import Options, scan
from scanner.sources.kubernetes.manifests import load_manifests
from tests.helm.corpus import read_cases
from tests.helm.edits import REPAIRS, CannotEditError, repaired
from tests.helm.loading import helm

SEED = 4
SHARE = 0.95


class Drawn(NamedTuple):
    """A finding in a copy of a chart. `foreign` counts those of the chart that name a dependency of Chart.yaml."""

    chart: str
    copy: Path
    finding: Finding
    foreign: int


class Outcome(NamedTuple):
    """Of a number of drawn findings those that stay, each with why; and how many of the charts name dependencies."""

    drawn: int
    stay: list[str]
    foreign: int


def draw(corpus: Path, folder: Path, seed: int) -> Iterator[Drawn]:
    """One finding of each chart, in a random order: the rule is drawn first, so that the frequent ones are not all."""
    chance = random.Random(seed)
    charts = [case.chart for case in read_cases(corpus) if case.name == "default" and not case.exit]
    chance.shuffle(charts)
    copy = folder / "chart"
    for chart in charts:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(corpus / "charts" / chart, copy, symlinks=True)
        (copy / ".groundrule.yaml").write_text("", encoding="utf-8")
        found = [each for each in scan([copy], Options()).report.findings if is_repairable(each)]
        own = [each for each in found if not names_a_dependency(copy, each)]
        if own:
            rule = chance.choice(sorted({each.rule.id for each in own}))
            chosen = chance.choice([each for each in own if each.rule.id == rule])
            yield Drawn(chart, copy, chosen, len(found) - len(own))


def is_repairable(finding: Finding) -> bool:
    # A folder of the chart that is a chart by itself is not what Helm is given.
    in_chart = any(role == "rendered" and place.path == "." for place, role in finding.related)
    return in_chart and finding.outcome == "fail" and finding.rule.id in REPAIRS


def names_a_dependency(folder: Path, finding: Finding) -> bool:
    place = finding.location
    if place.path.rpartition("/")[2] not in ("Chart.yaml", "requirements.yaml") or not place.line:
        return False
    return not (folder / place.path).read_text("utf-8").split("\n")[place.line - 1].startswith("appVersion:")


def rendered_by_helm(chart: Path) -> bytes:
    """What Helm prints; a schema that it would fetch is left out. Raises CannotEditError where it fails."""
    command = [helm(), "template", chart]
    ran = subprocess.run(command, capture_output=True, timeout=120)
    if ran.returncode and b'failing loading "http' in ran.stderr:
        ran = subprocess.run([*command, "--skip-schema-validation"], capture_output=True, timeout=120)
    if ran.returncode:
        raise CannotEditError(f"Helm says: {ran.stderr.decode(errors='replace')[:500]}")
    return ran.stdout


def holds(manifests: bytes, finding: Finding) -> bool:
    """Whether the resource that a finding is about is there."""
    wanted = (finding.resource.type, finding.resource.name)
    resources = load_manifests(manifests.decode("utf-8", "replace"), "-", {}).resources
    return wanted in {(each.type, each.name) for each in resources}


def identities(manifests: bytes) -> Counter[tuple[str, ...]]:
    report = scan([Path("-")], Options(stdin=lambda: manifests)).report
    return Counter(identity(each) for each in report.findings if each.outcome == "fail")


def identity(finding: Finding) -> tuple[str, ...]:
    return finding.rule.id, finding.resource.type, finding.resource.name, finding.key


def stays(drawn: Drawn) -> str | None:
    """Why the finding does not go away; '' if it does, None where its resource has a random name."""
    finding = drawn.finding
    file = drawn.copy / finding.location.path
    try:
        if not file.is_file():
            raise CannotEditError("it names no file")
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        in_values = finding.location.path.endswith("values.yaml")
        wanted = repaired(text, finding.location.line, finding.rule.id, template=not in_values)
        file.write_bytes(wanted.encode("utf-8", "surrogateescape"))
        try:
            after = rendered_by_helm(drawn.copy)
        finally:
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        found = identities(after)
    except CannotEditError as error:
        return str(error)
    if not holds(after, finding):
        return "its resource is gone" if holds(rendered_by_helm(drawn.copy), finding) else None
    if not found[identity(finding)]:
        return ""
    # Several containers may have one name.
    return "" if found[identity(finding)] < identities(rendered_by_helm(drawn.copy))[identity(finding)] else "it stays"


def tried(corpus: Path, folder: Path, count: int, seed: int = SEED) -> Outcome:
    """The outcome of the first `count` drawn findings."""
    number, foreign = 0, 0
    stay: list[str] = []
    for drawn in draw(corpus, folder, seed):
        why = stays(drawn)
        if why is None:
            continue
        number += 1
        foreign += drawn.foreign
        if why:
            finding = drawn.finding
            subject = f"{finding.rule.id} of {finding.resource.type} {finding.resource.name} {finding.key}".rstrip()
            stay.append(f"{drawn.chart}: {subject} at {finding.location}: {why}")
        if number == count:
            break
    return Outcome(number, stay, foreign)


@pytest.mark.go
def test_a_sample_goes_away(helm_corpus: Path, tmp_path: Path) -> None:
    outcome = tried(helm_corpus, tmp_path, 40)
    assert outcome.drawn == 40
    assert len(outcome.stay) <= 40 * (1 - SHARE), "\n".join(outcome.stay)


@pytest.mark.go
@pytest.mark.long
def test_two_hundred_findings_go_away(helm_corpus: Path, tmp_path: Path) -> None:
    outcome = tried(helm_corpus, tmp_path, 200, SEED + 1)
    assert outcome.drawn == 200
    assert len(outcome.stay) <= 200 * (1 - SHARE), "\n".join(outcome.stay)
