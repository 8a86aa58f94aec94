"""Runs the cases and examples of rules through the real loaders, and compares outcome, place and words exactly."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.choose import Choice
from scanner.config import Config
from scanner.core.errors import ConfigurationErrors, SourceError
from scanner.core.location import Location
from scanner.core.result import Finding, NotScanned
from scanner.core.scalars import CONFIG
from scanner.core.yaml_reader import read_yaml
from scanner.policy.load import CASES, builtin_folder, shown
from scanner.policy.rule import Rule
from scanner.policy.ruleset import Overrides, RuleSet, load_ruleset
from scanner.policy.setting import RuleSetting
from scanner.scan import judge_found

INPUT_NAMES = {"compose": "compose.yaml", "kubernetes": "manifest.yaml", "aws": "account.json.gz"}
"""The targets whose loader exists, and the name of a case's single input."""
AWS = "aws"
_KEYS = frozenset({"case", "target", "input", "files", "expect", "parameters"})
_AWS_KEYS = frozenset({"case", "target", "resources", "denied", "expect", "parameters"})
_EXPECTED_KEYS = frozenset({"outcome", "at", "resource", "key", "message"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A case or example that does not come out as it says, or that is missing."""

    location: Location
    what: str
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.what}: {self.message}"


@dataclass(slots=True)
class Result:
    """What became of a folder's rules."""

    rules: int = 0
    cases: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a case file. `expect` is `pass`, `none` or a list of expected outcomes.

    `files` of the target aws are the resources by type; `denied` are the types that could not be listed.
    """

    rule: Rule
    location: Location
    name: str
    target: str
    files: Mapping[str, Any]
    expect: Any
    parameters: Mapping[str, Any]
    single: bool
    denied: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says of an input."""

    findings: tuple[Finding, ...]
    not_scanned: tuple[NotScanned, ...]


def check_folder(folder: Path) -> Result:
    """Runs every case and example of the rules in a folder. Raises RuleErrors where the rules themselves are wrong."""
    result = Result()
    rules = rules_of(folder)
    result.rules = len(rules)
    known = {rule.info.id for rule in rules}
    for path in sorted(folder.rglob(f"*{CASES}")):
        if path.name.removesuffix(CASES) not in known:
            result.failures.append(
                Failure(Location(shown(path)), path.name, "no rule of this name: rename it after its rule")
            )
    for rule in rules:
        cases, failures = cases_of(rule, folder)
        result.failures += failures
        for case in cases:
            result.cases += 1
            result.failures += check_case(case)
        if not failures:
            result.failures += _missing(rule, cases)
        for failure in check_examples(rule):
            result.failures += failure
            result.cases += 1
    return result


def rules_of(folder: Path) -> Sequence[Rule]:
    """The rules of a folder, as their files say."""
    own = folder.resolve() == builtin_folder().resolve()
    return load_ruleset(() if own else [folder], builtin=own).all


def cases_of(rule: Rule, folder: Path) -> tuple[list[Case], list[Failure]]:
    """The cases beside a rule's file, and what is wrong with the case file itself."""
    path = next(iter(folder.rglob(f"{rule.info.id}{CASES}")), None)
    if path is None:
        return [], [Failure(Location(rule.path), rule.info.id, f"no cases: write {rule.info.id}{CASES} beside it")]
    display = shown(path)
    try:
        documents = read_yaml(path.read_bytes(), display, CONFIG)
    except SourceError as error:
        return [], [Failure(error.location or Location(display), rule.info.id, error.message)]
    entries = documents[0].value if documents else None
    if not isinstance(entries, list) or len(documents) != 1:
        return [], [Failure(Location(display, 1, 1), rule.info.id, "a case file is one list of cases")]
    cases: list[Case] = []
    failures: list[Failure] = []
    for index, entry in enumerate(entries):
        place = documents[0].locate((index,)).location
        problem = _problem(entry, rule)
        if problem:
            failures.append(Failure(place, rule.info.id, problem))
        else:
            cases.append(_case(rule, entry, place))
    return cases, failures


def _case(rule: Rule, entry: Mapping[str, Any], place: Location) -> Case:
    if entry["target"] == AWS:
        given = entry["resources"], entry["expect"], entry.get("parameters", {}), False, entry.get("denied", {})
        return Case(rule, place, str(entry["case"]), AWS, *given)
    single = "input" in entry
    files = {INPUT_NAMES[entry["target"]]: entry["input"]} if single else entry["files"]
    return Case(
        rule, place, str(entry["case"]), entry["target"], files, entry["expect"], entry.get("parameters", {}), single
    )


def _problem(entry: Any, rule: Rule) -> str:
    """What is wrong with the form of a case, '' where nothing is."""
    if not isinstance(entry, dict):
        return "a case is a mapping"
    keys = _AWS_KEYS if entry.get("target") == AWS and AWS in rule.targets else _KEYS
    unknown = sorted(set(entry) - keys)
    if unknown:
        return f"unknown key {unknown[0]!r}: a case has {', '.join(sorted(keys))}"
    missing = [key for key in ("case", "target", "expect") if key not in entry]
    if missing:
        return f"the key {missing[0]!r} is missing"
    if entry["target"] not in INPUT_NAMES or entry["target"] not in rule.targets:
        return f"the target {entry['target']!r} is none of the rule's that can be run"
    if entry["target"] == AWS:
        from scanner.authoring.aws_cases import problem

        if "resources" not in entry:
            return "the key 'resources' is missing"
        wrong = problem(entry["resources"], entry.get("denied", {}))
        return wrong or _wrong_expectation(entry["expect"], needed="resource")
    if isinstance(entry.get("input"), str) == isinstance(entry.get("files"), dict):
        return "write either input (a text) or files (a mapping from name to text)"
    return _wrong_expectation(entry["expect"])


def _wrong_expectation(expect: Any, needed: str = "at") -> str:
    if expect in ("pass", "none"):
        return ""
    if not isinstance(expect, list) or not expect:
        return "expect is a list of outcomes, or pass, or none"
    for outcome in expect:
        if not isinstance(outcome, dict) or not {"outcome", needed} <= set(outcome):
            return f"an expected outcome needs outcome and {needed}"
        unknown = sorted(set(outcome) - _EXPECTED_KEYS)
        if unknown:
            return f"unknown key {unknown[0]!r} in expect: there are {', '.join(sorted(_EXPECTED_KEYS))}"
        if outcome["outcome"] not in ("fail", "unknown", "error"):
            return f"the outcome {outcome['outcome']!r} is none of fail, unknown, error"
    return ""


def check_case(case: Case) -> list[Failure]:
    """What a case says otherwise than what comes out."""

    def failure(message: str) -> list[Failure]:
        return [Failure(case.location, f"{case.rule.info.id}, {case.name}", message)]

    try:
        judged = run(case.rule, case.target, case.files, case.parameters, case.denied)
    except ConfigurationErrors as error:
        return failure(str(error))
    if judged.not_scanned and not case.denied:
        entry = judged.not_scanned[0]
        return failure(f"not scanned: {entry.path}:{entry.line}: {entry.reason}")
    others = [finding for finding in judged.findings if finding.outcome != "pass"]
    if case.expect == "none":
        return failure(f"expected that it does not apply, got {_list(judged.findings)}") if judged.findings else []
    if case.expect == "pass":
        if not judged.findings:
            return failure("expected pass, but the rule judges nothing here")
        return failure(f"expected pass, got {_list(others)}") if others else []
    if len(others) != len(case.expect) or any(
        _differs(finding, expected, single=case.single) for finding, expected in zip(others, case.expect, strict=True)
    ):
        return failure(f"expected {case.expect}, got {_list(others)}")
    return []


def check_examples(rule: Rule) -> Iterator[list[Failure]]:
    """The failures of each example that can be run."""
    place = Location(rule.path)
    targets = [target for target in rule.targets if target in INPUT_NAMES]
    if not targets:
        return
    examples = rule.info.examples
    by_target: dict[str, Any] = {targets[0]: examples} if "bad" in examples else examples
    for target in (each for each in targets if each in by_target):
        for kind in ("good", "bad"):
            example = by_target[target][kind]
            judged = run(rule, target, _parsed(example) if target == AWS else {INPUT_NAMES[target]: example}, {})
            wrong = [finding for finding in judged.findings if finding.outcome != "pass"]
            what = f"{rule.info.id}, the {kind} example for {target}"
            if judged.not_scanned:
                yield [Failure(place, what, f"not scanned: {judged.not_scanned[0].reason}")]
            elif kind == "good" and (wrong or not judged.findings):
                yield [Failure(place, what, _list(wrong) if wrong else "the rule judges nothing here")]
            elif kind == "bad" and not any(finding.outcome == "fail" for finding in wrong):
                yield [Failure(place, what, "the rule finds nothing wrong")]
            else:
                yield []


def _parsed(example: str) -> dict[str, Any]:
    """The resources by type that an example for AWS writes as YAML."""
    documents = read_yaml(example.encode(), "example", CONFIG)
    value = documents[0].value if len(documents) == 1 else None
    return value if isinstance(value, dict) else {}


def run(
    rule: Rule, target: str, files: Mapping[str, Any], parameters: Mapping[str, Any], denied: Mapping[str, str] = {}
) -> Judged:
    """What `rule` says of `files`, passes included. Raises ConfigurationErrors for wrong parameters."""
    settings = {rule.info.id: RuleSetting(parameters=parameters)} if parameters else {}
    choice = Choice(RuleSet([rule], Overrides(rules=settings)), Config())
    with tempfile.TemporaryDirectory(prefix="groundrule-") as name:
        root = Path(name).resolve()
        if target == AWS:
            from scanner.authoring.aws_cases import write_account

            write_account(root, rule, files, denied)
        for path, text in files.items() if target != AWS else ():
            file = root / path
            if not file.resolve().is_relative_to(root):
                return Judged((), (NotScanned(path, "the file lies outside the case"),))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", newline="")
        report = judge_found(root, choice)
    return Judged(tuple(report.findings), tuple(report.not_scanned))


def _missing(rule: Rule, cases: Sequence[Case]) -> Iterator[Failure]:
    """A rule needs a passing and a failing case for each of its targets, and one that states its message."""
    place = Location(rule.path)
    for target in rule.targets:
        mine = [case for case in cases if case.target == target]
        if target in INPUT_NAMES and not any(case.expect == "pass" for case in mine):
            yield Failure(place, rule.info.id, f"no passing case for {target}")
        if target in INPUT_NAMES and not any(_fails(case) for case in mine):
            yield Failure(place, rule.info.id, f"no failing case for {target}")
    if cases and not any("message" in outcome for case in cases if _fails(case) for outcome in case.expect):
        yield Failure(place, rule.info.id, "no case states the message")


def _fails(case: Case) -> bool:
    return isinstance(case.expect, list) and any(outcome["outcome"] == "fail" for outcome in case.expect)


def _differs(finding: Finding, expected: Mapping[str, Any], *, single: bool) -> bool:
    place = finding.location
    at = f"{place.line}:{place.column}" if single else f"{place.path}:{place.line}:{place.column}"
    actual = {
        "outcome": finding.outcome,
        "at": at,
        "resource": finding.resource.name,
        "key": finding.key,
        "message": finding.message,
    }
    return any(str(value) != actual[key] for key, value in expected.items())


def _list(findings: Sequence[Finding]) -> str:
    return (
        "; ".join(
            f"{finding.outcome} at {finding.location} of {finding.resource.name}: {finding.message!r}"
            for finding in findings
        )
        or "nothing"
    )
