"""`--helm-binary`: charts rendered by an installed Helm, with the places that its output shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command, write_files
from tests.helm.loading import helm

CHART = {
    "app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "app/values.yaml": "tag: latest\nhost: true\n",
    "app/templates/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  hostNetwork: {{ .Values.host }}\n"
        '  containers:\n    - name: app\n      image: "app:{{ .Values.tag }}"\n'
    ),
}


def findings(groundrule: Command, folder: Path, binary: str, *more: object) -> list[tuple[str, str, int]]:
    ran = groundrule("scan", ".", "-f", "json", "--helm-binary", binary, *more, cwd=folder)
    results = json.loads(ran.out)["results"]
    return [(each["rule"], each["location"]["path"], each["location"]["line"]) for each in results]


@pytest.mark.go
def test_places_are_the_templates(groundrule: Command, tmp_path: Path) -> None:
    found = findings(groundrule, write_files(tmp_path, CHART), helm(), "--select", "image-not-pinned,host-network")
    assert found == [("host-network", "app/templates/pod.yaml", 6), ("image-not-pinned", "app/templates/pod.yaml", 9)]


@pytest.mark.go
def test_values_reach_it(groundrule: Command, tmp_path: Path) -> None:
    folder = write_files(tmp_path, CHART | {"more.yaml": "host: false\n"})
    more = ("--values", "more.yaml", "--set", "tag=1.2", "--select", "image-not-pinned,host-network")
    assert findings(groundrule, folder, helm(), *more) == []


@pytest.mark.go
def test_a_chart_that_does_not_render(groundrule: Command, tmp_path: Path) -> None:
    broken = CHART | {"app/templates/pod.yaml": 'a: {{ fail "no" }}\n'}
    ran = groundrule("scan", ".", "-f", "json", "--helm-binary", helm(), cwd=write_files(tmp_path, broken))
    assert ran.status == 3
    (entry,) = json.loads(ran.out)["not_scanned"]
    assert entry["reason"] == "execution error at (app/templates/pod.yaml:1:6): no"


def test_a_program_that_is_not_there(groundrule: Command, tmp_path: Path) -> None:
    ran = groundrule("scan", ".", "--helm-binary", "no/helm", cwd=write_files(tmp_path, CHART))
    assert ran.status == 2
    assert "there is no Helm at no/helm" in ran.err


def test_a_program_that_cannot_be_run(groundrule: Command, tmp_path: Path) -> None:
    folder = write_files(tmp_path, CHART | {"helm": "no program\n"})
    ran = groundrule("scan", ".", "-f", "json", "--helm-binary", "helm", cwd=folder)
    assert ran.status == 3
    assert "cannot be run" in json.loads(ran.out)["not_scanned"][0]["reason"]


def test_no_configuration_names_a_program(groundrule: Command, tmp_path: Path) -> None:
    folder = write_files(tmp_path, CHART | {".groundrule.yaml": "helm_binary: ./evil\n"})
    ran = groundrule("scan", ".", cwd=folder)
    assert ran.status == 2
    assert "helm_binary" in ran.err
