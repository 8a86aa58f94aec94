"""Inline comments, annotations and waivers: what they hit, and what is said of those that do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.scan import Options, scan
from tests.conftest import write_files

TODAY = "2026-06-15"
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
{annotations}spec:
  containers:
    - name: app
      image: nginx:latest{after}
    - name: side{comment}
      image: redis
"""


def manifest(after: str = "", comment: str = "", annotation: str = "") -> str:
    annotations = f"  annotations:\n    groundrule.dev/ignore: {annotation}\n" if annotation else ""
    return MANIFEST.format(after=after, comment=comment, annotations=annotations)


def judge(folder: Path, text: str, *waivers: str, select: str = "image-not-pinned") -> tuple[list[Any], list[str]]:
    """(line, status, reason, owner) of the findings in `text`, and the notices as `line: message | hint`."""
    write_files(folder, {"pod.yaml": text})
    if waivers:
        write_files(folder, {".groundrule.yaml": "waivers:\n" + "".join(f"  - {{{waiver}}}\n" for waiver in waivers)})
    report = scan([folder], Options(select=(select,), today=TODAY, cached=True)).report
    found = []
    for finding in report.findings:
        waiver = finding.waiver
        said = (waiver.kind, waiver.reason, waiver.owner) if waiver else ()
        found.append((finding.location.line, finding.status, *said))
    notices = []
    for notice in report.notices:
        assert notice.location is not None
        notices.append(f"{notice.location.path}:{notice.location.line}: {notice.message} | {notice.hint}")
    return found, notices


FORM = "write `# groundrule: ignore[rule-id] reason`"
UNUSED = "remove it: no finding needs it"


@pytest.mark.parametrize(
    ("after", "comment", "expected", "notices"),
    [
        ("", "", ["open", "open"], []),
        ("  # groundrule: ignore[image-not-pinned] nightly", "", ["suppressed", "open"], []),
        ("  # groundrule:ignore [ image-not-pinned ] - nightly", "", ["suppressed", "open"], []),
        ("  # groundrule: ignore[family:pinned-images] nightly", "", ["suppressed", "open"], []),
        ("", "\n      # groundrule: ignore[image-not-pinned] nightly", ["open", "suppressed"], []),
        ("", "\n      # groundrule: ignore[image-not-pinned] nightly\n      # more", ["open", "suppressed"], []),
        ("", "  # groundrule: ignore[image-not-pinned] x", ["open", "open"], ["10: the suppression of image-not-pinned is not used | " + UNUSED]),
        ("  # groundrule: ignore[image-not-pinned]", "", ["suppressed", "open"], ["9: this suppression gives no reason | say why the finding is accepted"]),
        ("  # groundrule: ignore[image-not-pined] x", "", ["open", "open"], ["9: there is no rule 'image-not-pined' to suppress | did you mean 'image-not-pinned'?"]),
        ("  # groundrule: ignore[image-not-pinned, image-not-pined] x", "", ["suppressed", "open"], ["9: there is no rule 'image-not-pined' to suppress | did you mean 'image-not-pinned'?"]),
        ("  # groundrule: ignore[] x", "", ["open", "open"], ["9: this suppression names no rule | " + FORM]),
        ("  # groundrule: ignore image-not-pinned", "", ["open", "open"], ["9: this comment is not understood | " + FORM]),
        # What is not run cannot be told to be unused.
        ("  # groundrule: ignore[privileged-container] x", "", ["open", "open"], []),
        ("  # see groundrule: ignore[image-not-pinned] x", "", ["open", "open"], []),
    ],
)  # fmt: skip
def test_comments(tmp_path: Path, after: str, comment: str, expected: list[str], notices: list[str]) -> None:
    found, said = judge(tmp_path, manifest(after, comment))
    assert [status for _, status, *_ in found] == expected
    assert said == [f"pod.yaml:{notice}" for notice in notices]


def test_a_comment_in_a_text_is_none(tmp_path: Path) -> None:
    text = manifest().replace("name: app", "name: app\n      command: ['# groundrule: ignore[image-not-pinned] x']")
    assert judge(tmp_path, text) == ([(10, "open"), (12, "open")], [])


def test_what_a_comment_says_is_kept(tmp_path: Path) -> None:
    found, _ = judge(tmp_path, manifest("  # groundrule: ignore[image-not-pinned] built every night"))
    assert found == [(9, "suppressed", "inline", "built every night", ""), (11, "open")]


@pytest.mark.parametrize(
    ("annotation", "status", "notices"),
    [
        ('"image-not-pinned: built here"', "suppressed", []),
        ('"privileged-container: x; image-not-pinned: built here;"', "suppressed", []),
        ('"family:pinned-images: built here"', "suppressed", []),
        ('"image-not-pinned"', "suppressed", ["7: this suppression gives no reason | say why the finding is accepted"]),
        ('"nope: x"', "open", ["7: there is no rule 'nope' to suppress | `groundrule rules list` shows the rules"]),
        ("[image-not-pinned]", "open", ['7: the annotation groundrule.dev/ignore must be a text | write "rule-id: reason; other: reason"']),
    ],
)  # fmt: skip
def test_annotations(tmp_path: Path, annotation: str, status: str, notices: list[str]) -> None:
    found, said = judge(tmp_path, manifest(annotation=annotation))
    assert [each[1] for each in found] == [status, status]
    assert said == [f"pod.yaml:{notice}" for notice in notices]


@pytest.mark.parametrize("place", ["object", "template"])
def test_annotations_of_objects_and_templates(tmp_path: Path, place: str) -> None:
    annotations = "{groundrule.dev/ignore: 'image-not-pinned: why not'}"
    outer, inner = (annotations, "{}") if place == "object" else ("{}", annotations)
    text = f"""\
apiVersion: batch/v1
kind: CronJob
metadata: {{name: x, annotations: {outer}}}
spec:
  jobTemplate:
    spec:
      template:
        metadata: {{annotations: {inner}}}
        spec:
          containers: [{{name: a, image: b}}]
"""
    assert judge(tmp_path, text) == ([(10, "suppressed", "annotation", "why not", "")], [])


OPEN = [(9, "open"), (11, "open")]


def both(reason: str, owner: str = "") -> list[Any]:
    said = ("suppressed", "configuration", reason, owner)
    return [(9, *said), (11, *said)]


@pytest.mark.parametrize(
    ("waiver", "expected", "notices"),
    [
        ("rule: image-not-pinned, reason: r, owner: o", both("r", "o"), []),
        ("rule: [privileged-container, image-not-pinned], reason: r", both("r"), []),
        ("rule: 'family:pinned-images', reason: r", both("r"), []),
        ("rule: image-not-pinned, reason: r, paths: [pod.yaml]", both("r"), []),
        ("rule: image-not-pinned, reason: r, paths: ['*.yaml']", both("r"), []),
        ("rule: image-not-pinned, reason: r, resource: web", both("r"), []),
        ("rule: image-not-pinned, reason: r, resource: 'w*'", both("r"), []),
        ("rule: image-not-pinned, reason: r, resource: shop/web", both("r"), []),
        ("rule: image-not-pinned, reason: r, expires: 2026-06-15", both("r"), []),
        ("rule: image-not-pinned, reason: r, resource: api", OPEN, ["the waiver of image-not-pinned is not used | " + UNUSED]),
        ("rule: image-not-pinned, reason: r, paths: [other]", OPEN, ["the waiver of image-not-pinned is not used | " + UNUSED]),
        ("rule: image-not-pinned, reason: r, expires: 2026-06-14", OPEN, ["the waiver of image-not-pinned expired on 2026-06-14 | correct what it is about, or agree on a new date"]),
        ("rule: privileged-container, reason: r", OPEN, []),
        ("rule: image-not-pined, reason: r", OPEN, ["there is no rule 'image-not-pined' to suppress | did you mean 'image-not-pinned'?"]),
    ],
)  # fmt: skip
def test_waivers(tmp_path: Path, waiver: str, expected: list[Any], notices: list[str]) -> None:
    found, said = judge(tmp_path, manifest(), waiver)
    assert found == expected
    assert said == [f".groundrule.yaml:2: {notice}" for notice in notices]


def test_a_narrow_scan_cannot_tell_that_a_waiver_is_unused(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            ".git/HEAD": "",
            ".groundrule.yaml": "waivers: [{rule: image-not-pinned, paths: [b], reason: r}]\n",
            "a/pod.yaml": manifest(),
        },
    )
    options = Options(select=("image-not-pinned",), today=TODAY)
    assert scan([tmp_path / "a"], options).report.notices == []
    assert [notice.message for notice in scan([tmp_path], options).report.notices] == [
        "the waiver of image-not-pinned is not used"
    ]


def test_a_former_id_of_a_rule_still_counts(tmp_path: Path) -> None:
    rule = """\
schema: 1
id: new-name
aliases: [old-name]
title: A name
family: hardening
severity: low
targets: [kubernetes]
match: {view: container}
compliant: container.name == 'side'
at: container.name
message: "'bad'"
rationale: r
remediation: r
"""
    write_files(tmp_path, {"rules/hardening/new-name.yaml": rule, "manifests/pod.yaml": manifest()})
    write_files(
        tmp_path / "manifests",
        {".groundrule.yaml": "rule_folders: [../rules]\nselect: [old-name]\nwaivers: [{rule: old-name, reason: r}]\n"},
    )
    report = scan([tmp_path / "manifests"], Options(today=TODAY)).report
    assert [(finding.rule.id, finding.status) for finding in report.findings] == [("new-name", "suppressed")]
