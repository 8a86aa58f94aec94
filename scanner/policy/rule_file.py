"""Reads one rule file: schema, names, types, expressions. Finds all that is wrong with it, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.core.document import Document
from scanner.core.errors import RuleError, SourceError
from scanner.core.location import Location
from scanner.core.result import RuleInfo
from scanner.core.route import Route
from scanner.core.views import VIEWS, View
from scanner.policy.rule import (
    Parameter,
    Rule,
    first_names,
    is_relational,
    packed_expressions,
    relation_names,
    remediation_by_target,
    subject_name,
)
from scanner.policy.schema import closest, load_schema

if TYPE_CHECKING:
    from scanner.policy.cel.environment import Language
    from scanner.policy.cel.tree import Tree

SCHEMA = Path(__file__).with_name("rule.schema.json")


def read_rule(data: bytes, path: str, family: str, language: Language) -> tuple[Rule | None, list[RuleError]]:
    """The rule in a file, or everything that is wrong with it, in the order of lines.

    `path` is the file as people are shown it; its stem has to be the rule's id. `family` is what the rule's family has
    to be, '' for any.
    """
    from scanner.core.scalars import CONFIG
    from scanner.core.yaml_reader import read_yaml

    try:
        documents = read_yaml(data, path, CONFIG)
    except SourceError as error:
        return None, [RuleError(error.message, error.location, error.hint)]
    if len(documents) != 1:
        found = f"{len(documents)} documents" if documents else "nothing"
        place = documents[1].locate(()).location if documents else Location(path, 1, 1)
        return None, [RuleError(f"a rule file holds one rule, and this one holds {found}", place)]
    reader = _Reader(documents[0], language)
    rule = reader.rule(family)
    reader.errors.sort(key=lambda error: error.location or Location(path))
    return (None if reader.errors else rule), reader.errors


class _Reader:
    """One document on its way to a rule; `errors` grows."""

    def __init__(self, document: Document, language: Language) -> None:
        self.document = document
        self.language = language
        self.errors: list[RuleError] = []
        self.trees: dict[str, Tree] = {}
        self.kind = ""
        """The message for resources of the rule's types, '' where it matches a view."""

    def rule(self, family: str) -> Rule | None:
        value = self.document.value
        for error in load_schema(SCHEMA)(value, ()):
            self._add(error.message, error.route, error.hint, key=error.key)
        if self.errors:
            # What does not fit the schema is not read further, but expressions are checked where they can be.
            if isinstance(value, dict) and isinstance(value.get("match"), dict):
                self._expressions_of_the_broken(value)
            return None
        self._check_names(value, family)
        parameters = self._parameters(value)
        view = value["match"].get("view", "")
        if not self._is_matched(value["match"]):
            return None
        self._check_targets(value)
        self._check_at(value, view)
        self._compile(value, view, {name: parameter.type for name, parameter in parameters.items()})
        if self.errors:
            return None
        self._check_used(value)
        return None if self.errors else self._build(value, view, parameters)

    def _expressions_of_the_broken(self, value: dict[str, Any]) -> None:
        """The errors of expressions in a file that breaks the schema elsewhere, so that all are told at once."""
        view = value["match"].get("view")
        if not isinstance(view, str) or view not in VIEWS or not VIEWS[view].subject:
            return
        raw = value.get("parameters") or {}
        variables = value.get("variables") or {}
        if not isinstance(raw, dict) or not isinstance(variables, dict):
            return
        kinds = {name: each.get("type") for name, each in raw.items() if isinstance(each, dict)}
        broken = {error.location.line for error in self.errors if error.location}
        if any(not isinstance(kind, str) for kind in kinds.values()):
            return
        known = [key for key in ("when", "compliant", "message") if isinstance(value.get(key), str)]
        if any(self.document.locate((key,)).location.line in broken for key in (*known, "parameters", "variables")):
            return
        if len(kinds) == len(raw) and all(isinstance(each, str) for each in variables.values()):
            self._compile({**{key: value[key] for key in known}, "variables": variables}, view, kinds)  # type: ignore[arg-type]

    def _is_matched(self, match: dict[str, Any]) -> bool:
        """Checks what the rule matches, and declares the message for resources of its types."""
        if ("view" in match) == ("types" in match):
            self._add("a rule matches either a view or types", ("match",), key=True)
            return False
        if "view" in match:
            if "each" in match:
                self._add("'each' goes with types", ("match", "each"), key=True)
            return self._is_subject(match["view"])
        if "each" in match and len(match["types"]) > 1:
            self._add("a rule with 'each' is about one type", ("match", "types"), key=True)
        if not any("::" in kind for kind in match["types"]):
            return True  # the attributes of such resources are declared nowhere
        from scanner.core.resource_shapes import known_types, resource_shape, resource_views

        unknown = [kind for kind in match["types"] if resource_shape(kind) is None]
        for kind in unknown:
            place = ("match", "types", match["types"].index(kind))
            self._add(f"the type '{kind}' is not known", place, closest(kind, known_types()))
        if not unknown:
            self.kind = self.language.declare(resource_views(tuple(match["types"]), match.get("each", "resource")))
        return not unknown

    def _add(self, message: str, route: Route, hint: str = "", *, key: bool = False) -> None:
        span = self.document.key_span(route) if key else None
        place = Location(self.document.path, *span) if span else self.document.locate(route).location
        self.errors.append(RuleError(f"{_name(route)}{message}", place, hint))

    def _check_names(self, value: dict[str, Any], family: str) -> None:
        path = Path(self.document.path)
        if path.stem != value["id"]:
            self._add(
                f"the id is '{value['id']}' and the file's name is '{path.stem}'",
                ("id",),
                f"name the file {value['id']}.yaml",
            )
        if family and value["family"] != family:
            self._add(
                f"the family is '{value['family']}' and the folder's name is '{family}'",
                ("family",),
                f"move the file to {value['family']}/",
            )
        for index, alias in enumerate(value.get("aliases", ())):
            if alias == value["id"]:
                self._add("the rule's own id is no former id of it", ("aliases", index))

    def _is_subject(self, view: str) -> bool:
        if view in VIEWS and VIEWS[view].subject:
            return True
        subjects = [name for name, each in VIEWS.items() if each.subject]
        shape = " can only be reached through another view" if view in VIEWS else " does not exist"
        self._add(f"the view '{view}'{shape}", ("match", "view"), closest(view, subjects))
        return False

    def _parameters(self, value: dict[str, Any]) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for name, raw in value.get("parameters", {}).items():
            problem = wrong_type(raw["default"], raw["type"])
            if problem:
                self._add(problem, ("parameters", name, "default"))
            found[name] = Parameter(raw["type"], raw["default"], raw.get("description", ""))
        return found

    def _check_targets(self, value: dict[str, Any]) -> None:
        targets = value["targets"]
        for key in ("remediation", "examples"):
            entries = value.get(key)
            if not isinstance(entries, dict) or "good" in entries:
                if key == "examples" and entries and len(targets) > 1 and "good" in entries:
                    self._add("a rule for several targets has its examples by target", (key,), key=True)
                continue
            for target in entries:
                if target not in targets:
                    self._add(f"'{target}' is not among the rule's targets", (key, target), key=True)
            if key == "remediation":
                for target in targets:
                    if target not in entries:
                        self._add(f"nothing is said for the target '{target}'", (key,), key=True)

    def _check_at(self, value: dict[str, Any], view: str) -> None:
        places: list[tuple[Route, str]] = [(("at",), value["at"])] if "at" in value else []
        for action, change in (value.get("fix") or {}).items():
            places.append((("fix", action, "at"), change["at"]))
        for route, text in places:
            self._check_attribute(route, text, view)

    def _check_attribute(self, route: Route, text: str, view: str) -> None:
        head, *steps = text.split(".")
        if head != subject_name(view):
            self._add(f"begins with '{head}', and the subject is '{subject_name(view)}'", route)
            return
        messages = self.language.messages
        shape: View | None = messages.get(view or self.kind)
        for index, step in enumerate(steps):
            if shape is None:
                return
            name = self.language.labels.get(shape.name, shape.name)
            attribute = shape.attributes.get(step)
            if attribute is None:
                self._add(f"{name} has no attribute '{step}'", route, closest(step, shape.attributes))
                return
            if attribute.type.startswith("list(") and index + 1 < len(steps):
                self._add(f"{name}.{step} is a list: an item of it cannot be pointed to", route)
                return
            if attribute.type in ("string", "int", "bool") and index + 1 < len(steps):
                self._add(f"{name}.{step} has no attributes", route)
                return
            shape = messages.get(attribute.type)

    def _compile(self, value: dict[str, Any], view: str, parameters: dict[str, str]) -> None:
        from scanner.policy.cel.environment import Scope

        kinds: dict[str, str] = {}
        names = frozenset(value.get("variables", {}))
        for name, source in value.get("variables", {}).items():
            if name in (subject_name(view), "parameters") or name in self.language.functions:
                self._add(f"the name '{name}' is taken", ("variables", name), key=True)
                continue
            tree = self._expression(("variables", name), source, Scope(view, parameters, dict(kinds), self.kind), names)
            kinds[name] = tree.type if tree else "dyn"
        wanted = {"when": "bool", "compliant": "bool", "message": "string"}
        for key, kind in wanted.items():
            if key not in value:
                continue
            tree = self._expression((key,), value[key], Scope(view, parameters, kinds, self.kind), names)
            if tree is not None and tree.type not in (kind, "dyn"):
                article = "true or false" if kind == "bool" else "a text"
                self._add(f"must be {article} ({kind}), and is of type {tree.type}", (key,))

    def _expression(self, route: Route, source: str, scope: Any, names: frozenset[str]) -> Tree | None:
        from scanner.policy.cel.check import compile_expression
        from scanner.policy.cel.errors import ExpressionErrors

        try:
            tree = compile_expression(source, scope, self.language)
        except ExpressionErrors as errors:
            # What only follows from another problem needs no word of its own.
            first = [problem for problem in errors.problems if "'*error*'" not in problem.message]
            for problem in first or errors.problems:
                self._expression_error(route, source, problem, names)
            return None
        self.trees[_key(route)] = tree
        return tree

    def _expression_error(self, route: Route, source: str, problem: Any, names: frozenset[str]) -> None:
        from scanner.policy.places import character_location

        lines = source.split("\n")
        line = lines[problem.line - 1] if problem.line <= len(lines) else ""
        offset = sum(len(each) + 1 for each in lines[: problem.line - 1]) + problem.column - 1
        hint = problem.hint
        if problem.message.startswith("'") and problem.message.split("'")[1] in names:
            hint = "a variable can only use those before it"
        message = f"{_name(route)}{problem.message}\n{caret(line, problem.column)}"
        place = character_location(self.document, route, min(offset, len(source)))
        self.errors.append(RuleError(message, place, hint))

    def _check_used(self, value: dict[str, Any]) -> None:
        variables = {name for tree in self.trees.values() for name in tree.variables}
        parameters = {name for tree in self.trees.values() for name in tree.parameters}
        for name in value.get("variables", {}):
            if name not in variables:
                self._add(f"the variable '{name}' is never used", ("variables", name), "take it out", key=True)
        for name in value.get("parameters", {}):
            if name not in parameters:
                self._add(f"the parameter '{name}' is never used", ("parameters", name), "take it out", key=True)

    def _build(self, value: dict[str, Any], view: str, parameters: dict[str, Parameter]) -> Rule:
        reads = tuple(sorted({read for tree in self.trees.values() for read in tree.reads}))
        examples = value.get("examples", {})
        return Rule(
            info=RuleInfo(
                id=value["id"],
                title=value["title"],
                family=value["family"],
                severity=value["severity"],
                rationale=value["rationale"].strip(),
                remediation={
                    target: text.strip() for target, text in remediation_by_target(value["remediation"]).items()
                },
                controls=tuple(value.get("controls", ())),
                examples={value["targets"][0]: examples} if "good" in examples else examples,
                aliases=tuple(value.get("aliases", ())),
                targets=tuple(value["targets"]),
            ),
            path=self.document.path,
            view=view,
            types=tuple(value["match"].get("types", ())),
            expressions=packed_expressions({name: tree.pack() for name, tree in self.trees.items()}),
            parameters=parameters,
            values={name: parameter.default for name, parameter in parameters.items()},
            at=value.get("at", "").partition(".")[2],
            fix=value.get("fix"),
            reads=first_names(reads, view),
            relational=is_relational(reads, view),
            each=value["match"].get("each", ""),
            relations=relation_names(tree.node for tree in self.trees.values()) if self.kind else (),
        )


def _key(route: Route) -> str:
    return ".".join(str(step) for step in route)


def _name(route: Route) -> str:
    """The key that a message is about, in front of it."""
    return f"{_key(route)}: " if route else ""


def caret(line: str, column: int) -> str:
    """A line of an expression, indented by four, and a caret under its column (1-based, in code points)."""
    from unicodedata import combining, east_asian_width

    padding = []
    for character in line[: column - 1]:
        if character == "\t":
            padding.append("\t")
        elif not combining(character):
            padding.append("  " if east_asian_width(character) in "WF" else " ")
    return f"    {line}\n    {''.join(padding)}^"


def wrong_type(value: Any, kind: str) -> str:
    """What is wrong with a parameter's value; '' where it has the type `kind`."""
    return next(_wrong(value, kind), "")


_SIMPLE: dict[str, tuple[type, ...]] = {"string": (str,), "int": (int,), "bool": (bool,), "double": (int, float)}


def _wrong(value: Any, kind: str) -> Iterator[str]:
    from scanner.policy.schema import describe

    if kind.startswith(("list", "map")):
        outer, inner = kind.partition("(")[0], kind.partition("(")[2].rstrip(")") or "string"
        if not isinstance(value, list if outer == "list" else dict):
            yield f"expected a {outer}, got {describe(value)}"
            return
        items = enumerate(value) if isinstance(value, list) else value.items()
        for place, item in items:
            for problem in _wrong(item, inner):
                yield f"{'item ' + str(place + 1) if isinstance(place, int) else place}: {problem}"
        return
    fits = isinstance(value, _SIMPLE[kind]) and isinstance(value, bool) == (kind == "bool")
    if not fits:
        yield f"expected {'a ' if kind != 'int' else 'an '}{kind}, got {describe(value)}"
    elif kind == "int" and not -(2**63) <= value < 2**63:
        yield "the number does not fit into 64 bits"
