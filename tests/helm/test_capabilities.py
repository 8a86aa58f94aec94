"""`.Capabilities`: versions as `--kube-version` takes them, the API versions that Helm knows, and how Go prints it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scanner.helm.capabilities import (
    API_VERSIONS,
    Capabilities,
    KubeVersion,
    VersionSet,
    capabilities,
    parse_kube_version,
)
from scanner.helm.errors import HelmError
from scanner.helm.yaml_emitter import to_yaml
from scanner.template.kinds import go_kind, go_type
from scanner.template.printing import format_output, sprintf
from tests.conftest import corpus_file
from tests.helm.loading import helm, write_chart

VERSIONS: list[tuple[str, str, str]] = [
    ("1.22", "v1.22", "22"),
    ("v1.22.0", "v1.22.0", "22"),
    ("1.22.3.4", "v1.22.3.4", "22"),
    (" 1.30.1-gke.1 ", "v1.30.1", "30"),
    ("1.30.1+k3s1", "v1.30.1", "30"),
    ("1.08", "v1.8", "8"),
    ("v1.22abc", "v1.22", "22"),
    ("1.22.x", "v1.22", "22"),
    ("0.1", "v0.1", "1"),
]
REFUSED: list[tuple[str, str]] = [
    ("1", 'illegal version string "1"'),
    ("abc", 'could not parse "abc" as version'),
    ("V1.2", 'could not parse "V1.2" as version'),
    ("vv1.2", 'could not parse "vv1.2" as version'),
    ("-1.2", 'could not parse "-1.2" as version'),
    ("01.2", 'illegal zero-prefixed version component "01" in "01.2"'),
    ("1.2\n3", 'could not parse "1.2\\n3" as version'),
    (
        "1.18446744073709551616",
        'illegal non-numeric version component "18446744073709551616" in "1.18446744073709551616": '
        'strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ),
]


@pytest.mark.parametrize(("text", "version", "minor"), VERSIONS)
def test_a_version_is_read(text: str, version: str, minor: str) -> None:
    read = parse_kube_version(text)
    assert (read.version, read.minor) == (version, minor)


@pytest.mark.parametrize(("text", "problem"), REFUSED)
def test_a_version_is_refused(text: str, problem: str) -> None:
    with pytest.raises(HelmError) as caught:
        parse_kube_version(text)
    assert caught.value.message == f"invalid kube version '{text}': {problem}"


def test_a_version_of_a_million_digits() -> None:
    with pytest.raises(HelmError, match="value out of range"):
        parse_kube_version("1." + "9" * 1_000_000)


def test_the_default_is_helms() -> None:
    default = capabilities()
    assert format_output(default.kube_version) == "v1.37.0"
    assert sprintf("%v", default.kube_version) == "{v1.37.0 1 37}"
    assert to_yaml(default.kube_version) == 'Major: "1"\nMinor: "37"\nVersion: v1.37.0'
    assert format_output(default.helm_version) == "{v3.22.0  clean go1.26.8}"
    assert (go_type(default), go_kind(default)) == ("*chartutil.Capabilities", "ptr")
    assert (go_type(default.api_versions), go_kind(default.api_versions)) == ("chartutil.VersionSet", "slice")


def test_api_versions_are_added() -> None:
    has = VersionSet.methods["Has"].call
    some = capabilities("1.30", ["example.com/v1", "apps/v1/Deployment"])
    assert [has(some.api_versions, name) for name in ("v1", "example.com/v1", "apps/v1/Deployment", "x")] == [
        True,
        True,
        True,
        False,
    ]
    assert len(some.api_versions) == len(API_VERSIONS) + 2
    assert format_output(Capabilities(KubeVersion("v1.2", "1", "2"), ["v1"])).startswith("{{v1.2 1 2} [v1] {v3.22.0")
    assert [KubeVersion.methods[name].call(some.kube_version) for name in ("String", "GitVersion")] == ["v1.30"] * 2


def test_the_api_versions_are_those_of_the_reference() -> None:
    listed = corpus_file("helm-semantics/default-api-versions.txt")
    assert tuple(listed.read_text(encoding="utf-8").split()) == API_VERSIONS


@pytest.mark.go
def test_helm_says_the_same(tmp_path: Path) -> None:
    template = "{{ toJson (dict `kube` .Capabilities.KubeVersion `api` .Capabilities.APIVersions) }}\n"
    folder = write_chart(tmp_path / "top-chart", {"templates/t.yaml": template, "templates/zz-probe.yaml": ""})

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [helm(), "template", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env={"HOME": str(tmp_path)}, timeout=60)

    shown = json.loads(run().stdout.splitlines()[2])
    assert shown["kube"] == {"Version": "v1.37.0", "Major": "1", "Minor": "37"}
    assert tuple(shown["api"]) == API_VERSIONS
    for text, version, minor in VERSIONS:
        shown = json.loads(run(f"--kube-version={text}", "--api-versions=x/v1").stdout.splitlines()[2])
        assert (shown["kube"]["Version"], shown["kube"]["Minor"], shown["api"][-1]) == (version, minor, "x/v1")
    for text, problem in REFUSED:
        assert run(f"--kube-version={text}").stderr == f"Error: invalid kube version '{text}': {problem}\n"
