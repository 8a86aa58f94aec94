"""Starts a rule: a rule file and its cases that load and pass, to be changed into what is meant."""

from __future__ import annotations

from pathlib import Path

from scanner.core.errors import UsageError
from scanner.core.views import VIEWS
from scanner.policy.load import CASES
from scanner.policy.schema import closest

_RULE = """\
schema: 1
id: {id}
title: {title}
family: {family}
severity: medium
targets: [{targets}]
match: {{view: {view}}}
# Where the rule applies; without this line, everywhere.
when: present({view}.{attribute})
# True where all is well. The attributes of the view: docs/writing-rules.md
compliant: {view}.{attribute} != '{bad}'
at: {view}.{attribute}
message: "'the {attribute} of this {words} is ' + string({view}.{attribute})"
rationale: Why it matters, in two or three sentences.
remediation: What to write instead.
controls: []
"""
_CASES = {
    "compose": """\
- case: what is wrong
  target: compose
  input: |
    services:
      wrong:
        image: nginx:1.27.2
  expect:
    - {{outcome: fail, at: "2:3", resource: wrong, message: "the {attribute} of this {words} is wrong"}}
- case: what is right
  target: compose
  input: |
    services:
      web:
        image: nginx:1.27.2
  expect: pass
""",
    "kubernetes": """\
- case: what is wrong
  target: kubernetes
  input: |
    apiVersion: v1
    kind: Pod
    metadata: {{name: web}}
    spec:
      containers:
        - name: wrong
          image: nginx:1.27.2
  expect:
    - {{outcome: fail, at: "6:13", resource: web, message: "the {attribute} of this {words} is wrong"}}
- case: what is right
  target: kubernetes
  input: |
    apiVersion: v1
    kind: Pod
    metadata: {{name: web}}
    spec:
      containers:
        - name: web
          image: nginx:1.27.2
  expect: pass
""",
}


_TYPE_RULE = """\
schema: 1
id: {id}
title: {title}
family: {family}
severity: medium
targets: [aws]
match: {{types: ["{type}"]}}
# Where the rule applies; without this line, everywhere.
when: present(resource.name)
# True where all is well. The properties of the type are CloudFormation's: docs/writing-rules.md
compliant: resource.name != 'wrong'
at: resource.name
message: "'the name of this resource is ' + resource.name"
rationale: Why it matters, in two or three sentences.
remediation: What to change.
controls: []
"""
_TYPE_CASES = """\
- case: what is wrong
  target: aws
  resources:
    {type}:
      - {{name: wrong}}
  expect:
    - {{outcome: fail, resource: wrong, message: the name of this resource is wrong}}
- case: what is right
  target: aws
  resources:
    {type}:
      - {{name: shop}}
  expect: pass
"""


def start_rule(
    folder: Path, rule_id: str, family: str, view: str, targets: tuple[str, ...], kind: str = ""
) -> list[Path]:
    """Writes `<folder>/<family>/<rule_id>.yaml` and its case file, and returns their paths.

    The rule is over `view`, or over the AWS type `kind` where one is given. Raises UsageError for a name that cannot
    be, and where one of the files is there already.
    """
    import re

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule_id):
        raise UsageError(f"{rule_id!r} is no rule id", hint="write it in kebab-case, such as image-not-pinned")
    families = _families()
    if family not in families:
        raise UsageError(
            f"there is no family {family!r}", hint=closest(family, families) or f"one of {', '.join(families)}"
        )
    title = f"Say in one line what {rule_id.replace('-', ' ')} means"
    if kind:
        return _write(folder / family, rule_id, *_over_type(kind, {"id": rule_id, "title": title, "family": family}))
    subjects = [name for name, each in VIEWS.items() if each.subject]
    if view not in subjects:
        raise UsageError(f"there is no view {view!r}", hint=closest(view, subjects) or f"one of {', '.join(subjects)}")
    for target in targets:
        if target not in _CASES:
            raise UsageError(f"there is no target {target!r} to start with", hint=f"one of {', '.join(_CASES)}")
    texts = [name for name, attribute in VIEWS[view].attributes.items() if attribute.type == "string"]
    words = {
        "id": rule_id,
        "title": title,
        "family": family,
        "targets": ", ".join(targets),
        "view": view,
        "words": view.replace("_", " "),
        "attribute": "name" if "name" in texts else texts[0],
        "bad": "wrong",
    }
    cases = "".join(_CASES[target].format(**words) for target in targets)
    return _write(folder / family, rule_id, _RULE.format(**words), cases)


def _over_type(kind: str, words: dict[str, str]) -> tuple[str, str]:
    from scanner.core.resource_shapes import known_types, resource_shape

    if resource_shape(kind) is None:
        raise UsageError(f"there is no AWS type {kind!r}", hint=closest(kind, known_types()))
    return _TYPE_RULE.format(**words, type=kind), _TYPE_CASES.format(type=kind)


def _write(folder: Path, rule_id: str, rule: str, cases: str) -> list[Path]:
    files = {folder / f"{rule_id}.yaml": rule, folder / f"{rule_id}{CASES}": cases}
    for path in files:
        if path.exists():
            raise UsageError(f"{path} is there already", hint="choose another id, or edit the file")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return list(files)


def _families() -> list[str]:
    import json

    schema = Path(__file__).parents[1] / "policy" / "rule.schema.json"
    found: list[str] = json.loads(schema.read_text("utf-8"))["properties"]["family"]["enum"]
    return found
