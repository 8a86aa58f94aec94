"""Rule files: what is wrong with them, all of it, each with its place; and what a right one becomes."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.core.errors import RuleError
from scanner.core.scalars import CONFIG
from scanner.core.yaml_reader import read_yaml
from scanner.policy.language import rule_language
from scanner.policy.load import builtin_folder
from scanner.policy.places import character_location
from scanner.policy.rule import Parameter
from scanner.policy.rule_file import SCHEMA, caret, read_rule, wrong_type
from scanner.policy.schema import load_schema

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))


def shown(error: RuleError) -> str:
    return f"{error}" + (f"\n  help: {error.hint}" if error.hint else "")


def test_everything_that_can_be_wrong(request: pytest.FixtureRequest) -> None:
    lines = []
    for path in BROKEN:
        rule, errors = read_rule(path.read_bytes(), path.name, "hardening", rule_language())
        assert (rule is None) == bool(errors), path.name
        lines += [shown(error) for error in errors]
        assert errors, f"{path.name} is right"
    golden = HERE / "broken" / "errors.txt"
    found = "\n".join(lines) + "\n"
    if request.config.getoption("--update-goldens"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


RIGHT = b"""\
schema: 1
id: right
aliases: [former]
title: A title
family: hardening
severity: low
targets: [compose, kubernetes]
match: {view: workload}
when: workload.long_running
parameters:
  least: {type: int, default: 2, description: how many}
variables:
  policies: size(workload.network_policies)
compliant: policies >= parameters.least
at: workload.labels.app
message: "'only ' + string(policies)"
rationale: >
  Why.
remediation: {compose: One., kubernetes: Two.}
controls: [{framework: cis, control: "1.1"}]
examples: {compose: {good: a, bad: b}, kubernetes: {good: c, bad: d}}
fix: {set: {at: workload.replicas, value: 2}}
"""


def test_a_right_rule() -> None:
    rule, errors = read_rule(RIGHT, "rules/hardening/right.yaml", "hardening", rule_language())
    assert errors == []
    assert rule is not None
    assert (rule.info.id, rule.info.aliases, rule.info.severity) == ("right", ("former",), "low")
    assert rule.info.rationale == "Why."
    assert rule.info.remediation == {"compose": "One.", "kubernetes": "Two."}
    assert rule.targets == ("compose", "kubernetes")
    assert rule.view == "workload"
    assert rule.parameters == {"least": Parameter("int", 2, "how many")}
    assert rule.values == {"least": 2}
    assert rule.at == "labels.app"
    assert rule.fix == {"set": {"at": "workload.replicas", "value": 2}}
    assert rule.reads == {"long_running", "network_policies"}
    assert rule.relational
    assert rule.path == "rules/hardening/right.yaml"


@pytest.mark.parametrize(
    ("view", "compliant", "reads", "relational"),
    [
        ("workload", "workload.name != ''", {"name"}, False),
        ("workload", "size(workload.services) > 0", {"services"}, True),
        ("workload", "workload.network_policies.exists(p, p.isolates_ingress)", {"network_policies"}, True),
        ("network_policy", "network_policy.selects_workloads > 0", {"selects_workloads"}, True),
        ("network_policy", "network_policy.isolates_ingress", {"isolates_ingress"}, False),
        ("container", "container.liveness_probe.path != container.image", {"liveness_probe", "image"}, False),
        ("container", "container.environment.all(e, e.name != container.name)", {"environment", "name"}, False),
    ],
)
def test_what_a_rule_reads(view: str, compliant: str, reads: set[str], relational: bool) -> None:
    text = RIGHT.decode().replace("view: workload", f"view: {view}").replace("policies >= parameters.least", compliant)
    lines = [
        line
        for line in text.splitlines()
        if not line.startswith(("when", "variables", "  policies", "parameters", "  least", "at", "fix", "message"))
    ]
    data = "\n".join([*lines, "message: \"'x'\""]).encode()
    rule, errors = read_rule(data, "right.yaml", "", rule_language())
    assert [str(error) for error in errors] == []
    assert rule is not None
    assert (rule.reads, rule.relational) == (reads, relational)


SCALARS = [
    ("a: b == c", "b == c"),
    ("a:   b == c", "b == c"),
    ("a: 'b''c == d'", "b'c == d"),
    ('a: "b\\"c\\x41\\u00e9\\n d"', 'b"cAé\n d'),
    ("a: |\n  b ==\n    c\n  d", "b ==\n  c\nd"),
    ("a: >-\n  b ==\n  c\n\n  d", "b == c\nd"),
    ("a: |4\n      b\n    c", "  b\nc"),
    ("a: b\n  c\n  d", "b c d"),
    ("a: 'b\n  c'", "b c"),
    ('a: "b\\\n  c"', "bc"),
    ("a: &x 'b c'", "b c"),
    ("a: größe 日本", "größe 日本"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_every_character_has_its_place(text: str, value: str) -> None:
    document = read_yaml(text, "x.yaml", CONFIG)[0]
    assert document.value["a"].rstrip("\n") == value
    lines = text.split("\n")
    for offset, character in enumerate(value):
        place = character_location(document, ("a",), offset)
        if character.isalpha() and "\\" not in text:
            assert lines[place.line - 1][place.column - 1] == character


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("a: b == c", 5, 1, 9),
        ("a: b == c", 6, 1, 10),
        ("a: 'b''c == d'", 2, 1, 8),
        ('a: "b\\"c\\x41d"', 4, 1, 13),
        ("a: |\n  b ==\n    c\n  d", 7, 3, 5),
        ("a: |\n  b ==\n    c\n  d", 9, 4, 3),
        ("a: >-\n  b ==\n  c", 5, 3, 3),
        ("a: &x !y 'b c'", 0, 1, 11),
        ("a: [1]", 0, 1, 1),
    ],
)
def test_the_place_of_a_character(text: str, offset: int, line: int, column: int) -> None:
    place = character_location(read_yaml(text, "x.yaml", CONFIG)[0], ("a",), offset)
    assert (place.path, place.line, place.column) == ("x.yaml", line, column)


@pytest.mark.parametrize(
    ("line", "column", "below"),
    [("ab", 1, "^"), ("ab", 2, " ^"), ("\tb", 2, "\t^"), ("日b", 2, "  ^"), ("e\u0301b", 3, " ^"), ("ab", 3, "  ^")],
)
def test_the_caret(line: str, column: int, below: str) -> None:
    assert caret(line, column) == f"    {line}\n    {below}"


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        (1, "int", ""),
        (True, "int", "expected an int, got true"),
        (1.0, "int", "expected an int, got 1.0"),
        (1, "double", ""),
        ("x", "string", ""),
        (None, "string", "expected a string, got null"),
        ([], "list", ""),
        (["a", 1], "list", "item 2: expected a string, got 1"),
        ([1], "list(int)", ""),
        ({"a": "b"}, "map", ""),
        ({"a": 1}, "map(string)", "a: expected a string, got 1"),
        ("a", "list", "expected a list, got a text"),
        (False, "bool", ""),
        (0, "bool", "expected a bool, got 0"),
        (2**63, "int", "the number does not fit into 64 bits"),
    ],
)
def test_types_of_parameters(value: Any, kind: str, problem: str) -> None:
    assert wrong_type(value, kind) == problem


SCHEMA_TEXT = json.loads(SCHEMA.read_text("utf-8"))
VALUES = [read_yaml(path.read_bytes(), path.name, CONFIG)[0].value for path in sorted(builtin_folder().rglob("*.yaml"))]
RULES = [value for value in VALUES if isinstance(value, dict) and "compliant" in value]
ODD: list[Any] = [None, True, 0, 1, 1.0, "", "x", "a-b", [], ["compose"], ["x", "x"], {}, {"good": "a"}, {"at": "x"}]
ODD += [{"set": {"at": "a", "value": 1}}, {"view": "a", "types": []}, {"a": {"type": "int", "default": 1}}]
ODD += ["x" * 200, {"compose": "a"}, {"compose": {"good": "a", "bad": ""}}, [{"framework": "a", "control": "b"}]]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_our_reading_of_the_schema_is_that_of_the_library(data: st.DataObject) -> None:
    rule = deepcopy(data.draw(st.sampled_from(RULES)))
    for _ in range(data.draw(st.integers(0, 2))):
        holder = rule
        key = data.draw(st.sampled_from([*SCHEMA_TEXT["properties"], "unknown"]))
        if isinstance(holder.get(key), dict) and data.draw(st.booleans()) and holder[key]:
            holder = holder[key]
            key = data.draw(st.sampled_from([*holder, "unknown"]))
        if data.draw(st.booleans()):
            holder.pop(key, None)
        else:
            holder[key] = deepcopy(data.draw(st.sampled_from(ODD)))
    theirs = jsonschema.Draft202012Validator(SCHEMA_TEXT).is_valid(rule)
    assert (not list(load_schema(SCHEMA)(rule, ()))) == theirs


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA_TEXT)


def test_a_schema_that_says_more_than_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"multipleOf": 3}')
    with pytest.raises(ValueError, match="multipleOf"):
        load_schema(tmp_path / "s.json")
