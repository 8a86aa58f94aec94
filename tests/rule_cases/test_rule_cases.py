"""The runner of rule cases: what it accepts, and what it says of each kind of mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.authoring.cases import check_folder
from tests.conftest import Command, write_files

RULE = """\
schema: 1
id: bad-name
title: A bad name
family: hardening
severity: low
targets: [compose, kubernetes]
match: {view: container}
parameters:
  bad: {type: string, default: bad}
compliant: container.name != parameters.bad
at: container.name
message: "'the name ' + container.name"
rationale: r
remediation: r
"""
COMPOSE = "    services:\n      bad: {image: x}\n"
POD = "    apiVersion: v1\n    kind: Pod\n    metadata: {name: p}\n    spec: {containers: [{name: bad, image: x}]}\n"
GOOD = f"""\
- case: compose, bad
  target: compose
  input: |
{COMPOSE}  expect: [{{outcome: fail, at: "2:3", resource: bad, message: the name bad}}]
- case: compose, good
  target: compose
  parameters: {{bad: worse}}
  input: |
{COMPOSE}  expect: pass
- case: pod, bad
  target: kubernetes
  files:
    deep/pod.yaml: |
{POD.replace("    ", "      ", 4)}  expect: [{{outcome: fail, at: "deep/pod.yaml:4:28", resource: p}}]
- case: pod, good
  target: kubernetes
  input: |
{POD.replace("bad", "fine")}  expect: pass
- case: nothing
  target: kubernetes
  input: "{{apiVersion: v1, kind: Service, metadata: {{name: s}}}}"
  expect: none
"""


def failures(folder: Path, cases: str | None, rule: str = RULE) -> list[str]:
    files: dict[str, str | bytes] = {"rules/hardening/bad-name.yaml": rule}
    if cases is not None:
        files["rules/hardening/bad-name.test.yaml"] = cases
    write_files(folder, files)
    place = (folder / "rules" / "hardening").as_posix()
    return [str(failure).replace(f"{place}/bad-name", "", 1) for failure in check_folder(folder / "rules").failures]


def test_cases_that_hold(tmp_path: Path) -> None:
    assert failures(tmp_path, GOOD) == []
    result = check_folder(tmp_path / "rules")
    assert (result.rules, result.cases) == (1, 5)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('at: "2:3"', 'at: "2:4"', ".test.yaml:1:3: bad-name, compose, bad: expected [{'outcome': 'fail', 'at': '2:4', 'resource': 'bad', 'message': 'the name bad'}], got fail at compose.yaml:2:3 of bad: 'the name bad'"),
        ("message: the name bad", "message: name", ".test.yaml:1:3: bad-name, compose, bad: expected [{'outcome': 'fail', 'at': '2:3', 'resource': 'bad', 'message': 'name'}], got fail at compose.yaml:2:3 of bad: 'the name bad'"),
        (", message: the name bad", "", ".yaml: bad-name: no case states the message"),
        ("expect: none", "expect: pass", ".test.yaml:31:3: bad-name, nothing: expected pass, but the rule judges nothing here"),
        ("bad: worse", "bad: bad", ".test.yaml:7:3: bad-name, compose, good: expected pass, got fail at compose.yaml:2:3 of bad: 'the name bad'"),
        ("bad: worse", "worse: bad", ".test.yaml:7:3: bad-name, compose, good: the rule bad-name has no parameter 'worse'"),
        ("bad: worse", "bad: 1", ".test.yaml:7:3: bad-name, compose, good: the parameter bad of bad-name: expected a string, got 1"),
        ("case: nothing", "kase: nothing", ".test.yaml:31:3: bad-name: unknown key 'kase': a case has case, expect, files, input, parameters, target"),
        ("expect: none", "expect: []", ".test.yaml:31:3: bad-name: expect is a list of outcomes, or pass, or none"),
        ("outcome: fail, at: \"2:3\"", "outcome: pass, at: \"2:3\"", ".test.yaml:1:3: bad-name: the outcome 'pass' is none of fail, unknown, error"),
        ("target: compose", "target: aws", ".test.yaml:1:3: bad-name: the target 'aws' is none of the rule's that can be run"),
        ("deep/pod.yaml: |", "../pod.yaml: |", ".test.yaml:14:3: bad-name, pod, bad: not scanned: ../pod.yaml:0: the file lies outside the case"),
        ("name: s}}", "name: s}", ".test.yaml:31:3: bad-name, nothing: not scanned: manifest.yaml:2: not valid YAML: did not find expected ',' or '}' while parsing a flow mapping"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert failures(tmp_path, GOOD.replace(old, new, 1))[0] == expected


def cases(*numbers: int) -> str:
    parts = GOOD.split("- case: ")[1:]
    return "".join(f"- case: {parts[number]}" for number in numbers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, [".yaml: bad-name: no cases: write bad-name.test.yaml beside it"]),
        ("a: 1\n", [".test.yaml:1:1: bad-name: a case file is one list of cases"]),
        (cases(0, 1), [".yaml: bad-name: no passing case for kubernetes", ".yaml: bad-name: no failing case for kubernetes"]),
        (cases(0, 2, 3), [".yaml: bad-name: no passing case for compose"]),
        (cases(1, 2, 3), [".yaml: bad-name: no failing case for compose", ".yaml: bad-name: no case states the message"]),
    ],
)  # fmt: skip
def test_what_is_missing(tmp_path: Path, text: str | None, expected: list[str]) -> None:
    assert failures(tmp_path, text) == expected


def test_examples_are_run(tmp_path: Path) -> None:
    pod = "apiVersion: v1\n      kind: Pod\n      metadata: {name: p}\n      spec: {containers: [{name: NAME, image: x}]}\n"
    rule = f"""{RULE}examples:
  kubernetes:
    good: |
      {pod.replace("NAME", "bad")}    bad: |
      {pod.replace("NAME", "fine")}  compose:
    good: "services: {{}}"
    bad: "services: {{bad: {{image: x}}}}"
"""
    assert failures(tmp_path, GOOD, rule) == [
        ".yaml: bad-name, the good example for compose: the rule judges nothing here",
        ".yaml: bad-name, the good example for kubernetes: fail at manifest.yaml:4:28 of p: 'the name bad'",
        ".yaml: bad-name, the bad example for kubernetes: the rule finds nothing wrong",
    ]


def test_a_case_file_without_a_rule(tmp_path: Path) -> None:
    write_files(tmp_path, {"rules/hardening/other.test.yaml": "[]\n"})
    assert failures(tmp_path, GOOD)[0].endswith(
        "other.test.yaml: other.test.yaml: no rule of this name: rename it after its rule"
    )


def test_the_command(tmp_path: Path, groundrule: Command) -> None:
    failures(tmp_path, GOOD)
    ran = groundrule("rules", "test", tmp_path / "rules")
    assert ran == (0, "1 rules, 5 cases and examples, 0 failures\n", "")
    failures(tmp_path, cases(0, 1))
    ran = groundrule("rules", "test", "rules", cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "1 rules, 2 cases and examples, 2 failures\n")
    assert ran.err == (
        "rules/hardening/bad-name.yaml: bad-name: no passing case for kubernetes\n"
        "rules/hardening/bad-name.yaml: bad-name: no failing case for kubernetes\n"
    )


@pytest.mark.parametrize("view", ["container", "workload", "environment_variable", "port", "network_policy"])
def test_a_new_rule_is_a_rule(tmp_path: Path, groundrule: Command, view: str) -> None:
    arguments = ("--family", "hardening", "--view", view, "--target", "kubernetes")
    assert groundrule("rules", "new", "my-rule", *arguments, cwd=tmp_path).status == 0
    # Without input that has the view, its cases cannot hold: but the rule itself is right.
    ran = groundrule("rules", "test", "rules", cwd=tmp_path)
    assert ran.out.startswith("1 rules, 2 cases and examples")
    assert (ran.status == 0) == (view == "container")
    again = groundrule("rules", "new", "my-rule", *arguments, cwd=tmp_path)
    assert (again.status, again.err) == (
        2,
        "error: rules/hardening/my-rule.yaml is there already\n  help: choose another id, or edit the file\n",
    )


def test_a_rule_over_a_type_is_started(groundrule: Command, tmp_path: Path) -> None:
    arguments = ("--family", "backup", "--type", "AWS::RDS::DBInstance", "--folder", "policies")
    assert groundrule("rules", "new", "my-rule", *arguments, cwd=tmp_path).status == 0
    assert groundrule("rules", "test", "policies", cwd=tmp_path).out == "1 rules, 2 cases and examples, 0 failures\n"
    again = groundrule("rules", "new", "x", *arguments[:2], "--type", "AWS::RDS::DBInstanc", cwd=tmp_path)
    assert again.status == 2
    assert "there is no AWS type 'AWS::RDS::DBInstanc'" in again.err


TYPED = """\
schema: 1
id: one-zone
title: Instance in one zone
family: multi-az
severity: low
targets: [aws]
match: {types: [AWS::RDS::DBInstance]}
compliant: resource.MultiAZ
message: "'one zone'"
rationale: Why.
remediation: What.
"""
TYPED_CASES = """\
- case: one and two
  target: aws
  resources:
    AWS::RDS::DBInstance:
      - {name: a, MultiAZ: false}
      - {name: b, MultiAZ: true}
  expect:
    - {outcome: fail, resource: a, message: one zone}
- case: two
  target: aws
  resources: {AWS::RDS::DBInstance: [{name: b, MultiAZ: true}]}
  expect: pass
- case: no right
  target: aws
  resources: {AWS::RDS::DBInstance: [{name: b, unknown: {MultiAZ: "rds:X"}}]}
  denied: {AWS::SQS::Queue: "sqs:ListQueues"}
  expect: [{outcome: unknown, resource: b}]
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("MultiAZ: false", "MultiAz: false", "AWS::RDS::DBInstance has no property 'MultiAz'"),
        ("MultiAZ: false", "MultiAZ: 1", "AWS::RDS::DBInstance.MultiAZ is of type bool"),
        ("{name: a, MultiAZ: false}", "{MultiAZ: false}", "a resource of AWS::RDS::DBInstance is a mapping with a name"),
        ("unknown: {MultiAZ", "unknown: {Multi", "AWS::RDS::DBInstance has no property 'Multi'"),
        ("AWS::SQS::Queue", "AWS::SQS::Queu", "the type 'AWS::SQS::Queu' is not known"),
        ('"sqs:ListQueues"', "1", "denied is a mapping from a type to the IAM action that is missing"),
        ("{AWS::RDS::DBInstance: [{name: b, MultiAZ: true}]}", "[]", "resources is a mapping from a type to a list of resources"),
        ("resources: {AWS::RDS::DBInstance: [{name: b, MultiAZ: true}]}", "input: x", "unknown key 'input': a case has case, denied, expect, parameters, resources, target"),
        ("resource: a, ", "", "an expected outcome needs outcome and resource"),
        ("resource: a,", "resource: c,", "expected [{'outcome': 'fail', 'resource': 'c', 'message': 'one zone'}], got fail at"),
    ],
)  # fmt: skip
def test_cases_over_accounts(tmp_path: Path, old: str, new: str, expected: str) -> None:
    write_files(tmp_path, {"rules/one-zone.yaml": TYPED, "rules/one-zone.test.yaml": TYPED_CASES.replace(old, new, 1)})
    found = [str(failure) for failure in check_folder(tmp_path / "rules").failures]
    assert expected in (found[0] if found else "")
    assert bool(found) == bool(expected)
