"""One scan, from files to findings: places, overlays, relations, secrets, what is met twice and what is not read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.core.result import Report
from scanner.scan import Options, scan
from tests.conftest import write_files


def judge(folder: Path, *select: str, show_passed: bool = False) -> Report:
    return scan([folder], Options(select=select, show_passed=show_passed)).report


def lines(report: Report) -> list[str]:
    return [
        f"{finding.location.path}:{finding.location.line}:{finding.location.column} "
        f"{finding.outcome} {finding.rule.id} {finding.resource.name}"
        for finding in report.findings
    ]


def deployment(name: str, image: str = "x:1", labels: str = "a: b") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{{labels}}}}}
    spec:
      containers:
        - name: main
          image: {image}
"""


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {matchLabels: {a: b}}
  policyTypes: [Ingress]
"""


def test_relations_reach_over_files(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a/api.yaml": deployment("api") + "---\n" + deployment("other", labels="c: d"),
            "z/policy.yaml": POLICY,
        },
    )
    report = judge(tmp_path, "workload-without-network-policy", show_passed=True)
    assert lines(report) == [
        "a/api.yaml:3:18 pass workload-without-network-policy api",
        "a/api.yaml:14:18 fail workload-without-network-policy other",
    ]
    assert report.passes == 1
    assert [(entry.path, entry.kind, entry.resources) for entry in report.scanned] == [
        ("a/api.yaml", "kubernetes", 2),
        ("z/policy.yaml", "kubernetes", 1),
    ]


def test_two_workloads_of_one_name_are_told_apart(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {"a.yaml": deployment("api"), "b.yaml": deployment("api", labels="c: d"), "policy.yaml": POLICY},
    )
    report = judge(tmp_path, "workload-without-network-policy")
    assert lines(report) == ["b.yaml:3:18 fail workload-without-network-policy api"]


def test_an_overlay_does_not_repeat_what_its_base_has(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "compose.yaml": "services:\n  web:\n    image: nginx:latest\n  api:\n    image: api:latest\n",
            "compose.override.yaml": "services:\n  web:\n    privileged: true\n",
            "compose.prod.yaml": "services:\n  web:\n    ports: [80]\n  api:\n    image: api:edge\n",
            # Another project may say the same of a service of the same name.
            "z/compose.yaml": "services:\n  web:\n    image: nginx:1\n",
            "z/compose.dev.yaml": "services:\n  web:\n    image: nginx:latest\n  api:\n    ports: [80]\n",
        },
    )
    assert lines(judge(tmp_path, "image-not-pinned", "privileged-container")) == [
        "compose.override.yaml:3:17 fail privileged-container web",
        "compose.prod.yaml:5:12 fail image-not-pinned api",
        "compose.yaml:3:12 fail image-not-pinned web",
        "compose.yaml:5:12 fail image-not-pinned api",
        "z/compose.dev.yaml:3:12 fail image-not-pinned web",
    ]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("compose.yaml", ["compose.yaml:3:12", "compose.override.yaml:3:12"]),
        ("compose.override.yaml", ["compose.yaml:3:12", "compose.override.yaml:3:12"]),
        ("compose.prod.yaml", ["compose.prod.yaml:3:12", "compose.yaml:3:12"]),
        ("other.yaml", ["other.yaml:3:12"]),
    ],
)
def test_a_named_file_brings_what_it_is_laid_over(tmp_path: Path, target: str, expected: list[str]) -> None:
    write_files(
        tmp_path,
        {
            "compose.yaml": "services:\n  web:\n    image: nginx:latest\n",
            "compose.override.yaml": "services:\n  db:\n    image: postgres:latest\n",
            "compose.prod.yaml": "services:\n  db:\n    image: postgres:edge\n  web:\n    ports: [80]\n",
            "other.yaml": "services:\n  x:\n    image: x:latest\n",
        },
    )
    report = scan([tmp_path / target], Options(select=("image-not-pinned",))).report
    found = {
        f"{finding.location.path}:{finding.location.line}:{finding.location.column}" for finding in report.findings
    }
    assert found == set(expected)


def test_projects_of_the_configuration(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".groundrule.yaml": "projects:\n  - files: [base.yaml, extra.yaml]\n    profiles: [web]\n    env_files: [my.env]\n",
            "base.yaml": "services:\n  web:\n    image: nginx:${TAG}\n    profiles: [web]\n  job:\n    image: job:latest\n    profiles: [job]\n",
            "extra.yaml": "services:\n  web:\n    privileged: true\n",
            "my.env": "TAG=latest\n",
        },
    )
    report = judge(tmp_path, "image-not-pinned", "privileged-container")
    assert lines(report) == [
        "base.yaml:3:12 fail image-not-pinned web",
        "extra.yaml:3:17 fail privileged-container web",
    ]
    assert [(entry.path, entry.resources) for entry in report.scanned] == [("base.yaml", 1), ("extra.yaml", 0)]


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = Options(select=("image-not-pinned",), stdin=lambda: deployment("x", "nginx").encode())
    assert lines(scan([Path("-")], options).report) == ["-:10:18 fail image-not-pinned x"]
    nothing = scan([Path("-")], Options(stdin=lambda: b"")).report
    assert [(entry.path, entry.reason) for entry in nothing.not_scanned] == [
        ("-", "no Kubernetes manifest on standard input")
    ]


UNREAD: list[tuple[dict[str, str | bytes], list[tuple[str, int, str]]]] = [
    ({}, [(".", 0, "no Compose file and no Kubernetes manifest is here")]),
    ({"x.yaml": "a: 1\n"}, [(".", 0, "no Compose file and no Kubernetes manifest is here")]),
    (
        {"x.yaml": "apiVersion: v1\nkind: Pod\nmetadata: [\n"},
        [("x.yaml", 4, "not valid YAML: did not find expected node content while parsing a flow node")],
    ),
    (
        {"compose.yaml": "services:\n\tweb: {}\n"},
        [("compose.yaml", 2, "not valid YAML: found character that cannot start any token while scanning for the next token")],
    ),
    ({"compose.yaml": b"\xff\xff"}, [("compose.yaml", 1, "not UTF-8 text (byte 0xff)")]),
    ({"x.yaml": b"apiVersion: v1\nkind: Pod\n\x00"}, [("x.yaml", 3, "binary data, not YAML")]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), UNREAD, ids=range(len(UNREAD)))
def test_what_is_not_read_is_said(
    tmp_path: Path, files: dict[str, str | bytes], expected: list[tuple[str, int, str]]
) -> None:
    report = judge(write_files(tmp_path, files))
    assert report.findings == []
    assert [(entry.path, entry.line, entry.reason) for entry in report.not_scanned] == expected


def test_every_folder_that_was_named_has_something_to_judge(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", "a/x.yaml": deployment("x"), "b/y.yaml": "c: 1\n", "c/z.yaml": "d: 1\n"})
    report = scan([tmp_path / "a", tmp_path / "b", tmp_path / "c"], Options()).report
    assert [entry.path for entry in report.not_scanned] == ["b", "c"]
    assert scan([tmp_path], Options()).report.not_scanned == []


def test_progress_counts_every_file(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.yaml": "x: 1\n", "b.yaml": deployment("b"), "c.yaml": deployment("c"), "d.txt": ""})
    steps: list[tuple[int, int]] = []
    scan([tmp_path], Options(), lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_kustomize_is_not_judged_as_manifests(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [api.yaml]\n",
            "base/api.yaml": deployment("api", "nginx"),
            "prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: patch.yaml\n",
            "prod/patch.yaml": deployment("api", "nginx:edge"),
        },
    )
    report = judge(tmp_path, "image-not-pinned")
    assert lines(report) == ["base/api.yaml:10:18 fail image-not-pinned api"]
    assert [(entry.path, entry.line, entry.hint) for entry in report.not_scanned] == [
        ("prod/kustomization.yaml", 1, "kustomize build prod | groundrule scan -")
    ]


def test_custom_kinds_of_the_configuration(tmp_path: Path) -> None:
    custom = deployment("x", "nginx").replace("apps/v1", "example.io/v1").replace("Deployment", "Runner")
    write_files(
        tmp_path,
        {
            ".groundrule.yaml": "pod_templates: {example.io/Runner: spec.pods}\n",
            "x.yaml": custom.replace("template:", "pods:"),
        },
    )
    assert lines(judge(tmp_path, "image-not-pinned")) == ["x.yaml:10:18 fail image-not-pinned x"]


def test_secrets_are_collected_without_their_rules(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "compose.yaml": "services:\n  web:\n    image: x:1\n    environment:\n      DB_PASSWORD: hunter2hunter\n"
            "      URL: postgres://u:s3cretpw@${HOST}/x\n    command: [run, --token=abcdef0123456789]\n",
            "pod.yaml": deployment("x") + "          env: [{name: API_TOKEN, value: tok-0123456789abcdef}]\n",
        },
    )
    report = judge(tmp_path, "image-not-pinned")
    assert report.secrets == {"hunter2hunter", "s3cretpw", "abcdef0123456789", "tok-0123456789abcdef"}


def test_fingerprints_outlive_edits_and_tell_equals_apart(tmp_path: Path) -> None:
    text = deployment("api", "nginx") + "        - name: side\n          image: redis\n"
    before = judge(write_files(tmp_path / "a", {"x.yaml": text}), "image-not-pinned")
    moved = "# a comment\n" + POLICY + "---\n" + text.replace("      containers:", "      containers:\n")
    after = judge(write_files(tmp_path / "b", {"deep/y.yaml": moved}), "image-not-pinned")
    prints = [finding.fingerprint for finding in before.findings]
    assert [finding.fingerprint for finding in after.findings] == prints
    assert len(set(prints)) == len(prints) == 2
    twice = judge(write_files(tmp_path / "c", {"x.yaml": text + "---\n" + text}), "image-not-pinned")
    assert [finding.fingerprint for finding in twice.findings][:2] == prints
    assert len({finding.fingerprint for finding in twice.findings}) == 4


DEVELOPMENT = {
    ".groundrule.yaml": """\
rules:
  image-not-pinned: {severity: critical}
  privileged-container: {enabled: false}
overrides:
  - paths: [dev/**]
    ignore: [family:resource-limits]
    rules:
      image-not-pinned: {severity: info, parameters: {mutable_tags: [edge]}}
      privileged-container: {enabled: true}
""",
    "dev/compose.yaml": "services:\n  a:\n    image: x:latest\n    privileged: true\n",
    "dev/strict/compose.yaml": "services:\n  b:\n    image: x:edge\n",
    "dev/strict/.groundrule.yaml": "rules: {image-not-pinned: {severity: medium}}\nignore: [privileged-container]\n",
    "prod/compose.yaml": "services:\n  c:\n    image: x:latest\n    privileged: true\n",
}


def test_rules_by_path(tmp_path: Path) -> None:
    write_files(tmp_path, DEVELOPMENT)
    report = judge(tmp_path, "image-not-pinned", "family:resource-limits")
    assert [
        (finding.location.path, finding.severity)
        for finding in report.findings
        if finding.rule.id == "image-not-pinned"
    ] == [("dev/strict/compose.yaml", "medium"), ("prod/compose.yaml", "critical")]
    limits = {finding.location.path for finding in report.findings if finding.rule.family == "resource-limits"}
    assert limits == {"prod/compose.yaml"}
    report = judge(tmp_path)
    found = [line for line in lines(report) if "privileged-container" in line]
    assert found == ["dev/compose.yaml:4:17 fail privileged-container a"]


def test_a_rule_that_cannot_be_judged_is_an_error_of_its_own(tmp_path: Path) -> None:
    rule = """\
schema: 1
id: divides
title: It divides
family: hardening
severity: low
targets: [kubernetes]
match: {view: container}
compliant: 1 / (size(container.name) - 4) >= 0
at: container.name
message: "'m'"
rationale: r
remediation: r
"""
    write_files(
        tmp_path,
        {
            "rules/divides.yaml": rule,
            "in/.groundrule.yaml": "rule_folders: [../rules]\nbuiltin_rules: false\n",
            "in/x.yaml": deployment("api") + "        - name: longer\n          image: y\n",
        },
    )
    report = judge(tmp_path / "in")
    assert lines(report) == ["x.yaml:9:17 error divides api"]
    assert report.passes == 1


def test_memory_does_not_follow_the_files(tmp_path: Path) -> None:
    """What is kept of a file with nothing to say is its line in `scanned` and the facts of its names."""
    import tracemalloc

    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        write_files(folder, {f"{n:04}.yaml": deployment(f"d{n}") + FILLING for n in range(count)})
        tracemalloc.start()
        judge(folder, "image-not-pinned", "workload-without-network-policy")
        (_, most), _ = tracemalloc.get_traced_memory(), tracemalloc.stop()
        return most

    judge(write_files(tmp_path / "warm", {"x.yaml": deployment("x")}), "image-not-pinned")
    few, many = peak(20), peak(220)
    assert (many - few) / 200 < 8_000


FILLING = "          env:\n" + "".join(f"            - {{name: VARIABLE_{n}, value: v{n}}}\n" for n in range(100))


@pytest.mark.parametrize("order", [sorted, lambda files: sorted(files, reverse=True)])
def test_the_report_is_in_order(tmp_path: Path, order: Callable[[list[str]], list[str]]) -> None:
    names = ["b/x.yaml", "a.yaml", "b.yaml", "B.yaml"]
    for name in order(names):
        write_files(tmp_path, {name: deployment(name.replace("/", "-"), "nginx")})
    report = judge(tmp_path, "image-not-pinned")
    assert [finding.location.path for finding in report.findings] == ["B.yaml", "a.yaml", "b.yaml", "b/x.yaml"]
