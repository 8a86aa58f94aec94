"""Checks a value against a compiled schema, with every error in the library's order and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from scanner.helm.json_schema import wording
from scanner.helm.json_schema.compiled import Schema, SchemaError
from scanner.helm.json_schema.document import equal, first_duplicates, is_integer, json_type
from scanner.template.printing import quote

MOST_CHECKS = 400_000
_NAMES_A_CHECK = 16
"""How many names and values of a schema that are compared one by one take as long as one more check."""
"""How often a value may be held against a schema."""


class Problem(NamedTuple):
    """What does not hold at a place of the value. A `group` stands for its causes; a `reference` too, where it has a
    single one."""

    location: tuple[str, ...]
    message: str
    causes: tuple[Problem, ...] = ()
    kind: str = ""


class Scope(NamedTuple):
    """The schemas that led to one, innermost first, the number of the value that they judge, and the keyword that
    referred to it ('' for a part of the schema above)."""

    schema: Schema
    value: int
    above: Scope | None
    keyword: str = ""

    def route(self) -> str:
        """The keywords that lead here from the outermost schema."""
        steps = []
        scope = self
        while scope.above is not None:
            own = scope.schema.location[len(scope.above.schema.location) :]
            steps.append("/" + scope.keyword if scope.keyword else own)
            scope = scope.above
        return "".join(reversed(steps))


Unevaluated = set[Any]


class Work:
    """How much has been done."""

    def __init__(self) -> None:
        self.checks = 0

    def add(self, count: int = 1) -> None:
        """More checks. Raises SchemaError for too many."""
        self.checks += count
        if self.checks > MOST_CHECKS:
            raise SchemaError(f"the schema and the values take more than {MOST_CHECKS:,} checks")


def problems(schema: Schema, value: Any, work: Work | None = None) -> tuple[Problem, ...]:
    """What is wrong with a value, outermost first; nothing for a valid one. `work` is what has been done before, where
    this is a part of more. Raises SchemaError where it takes too long to say."""
    try:
        found = _Check(schema, value, (), Scope(schema, 0, None), work or Work()).run()
    except RecursionError:
        raise SchemaError("the schema and the values are nested too deep") from None
    if found is None:
        return ()
    return found.causes if found.kind == "group" else (found,)


def described(location: str, found: Iterable[Problem]) -> str:
    """The whole text about a value that a schema refuses."""
    lines = [f"jsonschema validation failed with {wording.quoted(location)}"]
    for problem in found:
        _describe(problem, 0, lines)
    return "\n".join(lines)


def _describe(problem: Problem, depth: int, lines: list[str]) -> None:
    if not (problem.kind == "reference" and len(problem.causes) == 1):
        at = wording.quoted(wording.pointer(problem.location))
        lines.append(f"{'  ' * depth}- at {at}: {problem.message}")
        depth += 1
    for cause in problem.causes:
        _describe(cause, depth, lines)


class _Check:
    """One value against one schema. `left` are its members that nothing has judged yet, where that matters."""

    def __init__(
        self, schema: Schema, value: Any, location: tuple[str, ...], scope: Scope, work: Work, needed: bool = False
    ) -> None:
        work.add(1 + schema.names // _NAMES_A_CHECK)
        self.schema = schema
        self.value = value
        self.location = location
        self.scope = scope
        self.work = work
        self.found: list[Problem] = []
        self.left: Unevaluated = self.members() if needed or self.judges_rest() else set()

    def judges_rest(self) -> bool:
        return self.schema.unevaluated_properties is not None or self.schema.unevaluated_items is not None

    def members(self) -> Unevaluated:
        schema, value = self.schema, self.value
        if isinstance(value, dict):
            return set() if schema.additional_properties is not None else set(value)
        if isinstance(value, list):
            everything = schema.items if schema.draft >= 2020 else schema.items or schema.additional_items is not None
            return set() if everything else set(range(len(schema.items_before), len(value)))
        return set()

    def problem(self, message: str, causes: Iterable[Problem] = (), kind: str = "") -> Problem:
        return Problem(self.location, message, tuple(causes), kind)

    def add(self, problem: Problem | None) -> None:
        if problem is not None:
            self.found.append(problem)

    def run(self) -> Problem | None:
        schema = self.schema
        if schema.boolean is not None:
            return None if schema.boolean else self.problem("false schema")
        same = self.same_above()
        if same is not None:
            routes = f"both {self.scope.route()} and {same.route()}"
            return self.problem(f"{routes} resolve to {quote(schema.location)} causing reference cycle")
        first = self.basics()
        if first is not None:
            return first
        if schema.ref is not None:
            problem = self.referred(schema.ref, "$ref")
            if schema.draft < 2019:
                return problem
            self.add(problem)
        self.by_type()
        if schema.draft >= 2019:
            self.dynamic_references()
        self.combinations()
        if schema.draft >= 2019:
            self.rest()
        if len(self.found) > 1:
            return self.problem("validation failed", self.found, "group")
        return self.found[0] if self.found else None

    def same_above(self) -> Scope | None:
        """Where the same schema judges the same value already."""
        scope = self.scope.above
        while scope is not None and scope.value == self.scope.value:
            if scope.schema is self.schema:
                return scope
            scope = scope.above
        return None

    def basics(self) -> Problem | None:
        """The assertions that end everything where they fail."""
        schema, value = self.schema, self.value
        if schema.types:
            kind = json_type(value)
            if kind not in schema.types and not (kind == "number" and "integer" in schema.types and is_integer(value)):
                return self.problem(f"got {kind}, want {' or '.join(schema.types)}")
        if schema.const is not None and not equal(value, schema.const[0]):
            wanted = schema.const[0]
            plain = "'const' failed" if isinstance(wanted, dict | list) else f"value must be {wording.shown(wanted)}"
            return self.problem(plain)
        if schema.enum is not None and not any(equal(value, item) for item in schema.enum):
            return self.problem(_enumerated(schema.enum))
        if schema.format is not None and isinstance(value, str):
            from scanner.helm.json_schema.formats import fault

            reason = fault(schema.format, value)
            if reason:
                return self.problem(f"{wording.shown(value)} is not valid {schema.format}: {reason}")
        return None

    def by_type(self) -> None:
        value = self.value
        if isinstance(value, dict):
            from scanner.helm.json_schema.objects import check_object

            check_object(self, value)
        elif isinstance(value, list):
            self.check_list(value)
        elif isinstance(value, str):
            self.check_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.check_number(value)

    def check_size(self, name: str, size: int, least: int | None, most: int | None) -> None:
        """The bounds of a length or a number of members."""
        got = wording.counted(size)
        if least is not None and size < least:
            self.add(self.problem(f"min{name}: got {got}, want {wording.counted(least)}"))
        if most is not None and size > most:
            self.add(self.problem(f"max{name}: got {got}, want {wording.counted(most)}"))

    def check_list(self, items: list[Any]) -> None:
        schema = self.schema
        self.check_size("Items", len(items), schema.min_items, schema.max_items)
        if schema.unique_items:
            pair = first_duplicates(items)
            if pair is not None:
                self.add(self.problem("items at {} and {} are equal".format(*map(wording.counted, pair))))
        judged = min(len(schema.items_before), len(items))
        for index in range(judged):
            self.add(self.inner(schema.items_before[index], items[index], str(index)))
        if isinstance(schema.items, Schema):
            for index in range(judged, len(items)):
                self.add(self.inner(schema.items, items[index], str(index)))
            judged = len(items)
        if schema.additional_items is False and judged != len(items):
            count = wording.counted(len(items) - judged)
            self.add(self.problem(f"last {count} additionalItem(s) not allowed"))
        elif isinstance(schema.additional_items, Schema):
            for index in range(judged, len(items)):
                self.add(self.inner(schema.additional_items, items[index], str(index)))
        if schema.contains is not None:
            self.check_contains(items)

    def check_contains(self, items: list[Any]) -> None:
        schema = self.schema
        contains = schema.contains or Schema("", 0)
        failed, matched = [], []
        for index, item in enumerate(items):
            problem = self.inner(contains, item, str(index))
            if problem is not None:
                failed.append(problem)
                continue
            matched.append(index)
            if schema.draft >= 2020:
                self.left.discard(index)
        listed = " ".join(map(str, matched))
        count = wording.counted(len(matched))
        if schema.min_contains is not None:
            if len(matched) < schema.min_contains:
                wanted = f"min {wording.counted(schema.min_contains)} items required to match contains schema"
                got = f"but matched {count} items at {listed}" if matched else "but none matched"
                self.add(self.problem(f"{wanted}, {got}", failed))
        elif not matched:
            self.add(self.problem("no items match contains schema", failed))
        if schema.max_contains is not None and len(matched) > schema.max_contains:
            wanted = f"max {wording.counted(schema.max_contains)} items required to match contains schema"
            self.add(self.problem(f"{wanted}, but matched {count} items at {listed}"))

    def check_text(self, text: str) -> None:
        schema = self.schema
        self.check_size("Length", len(text), schema.min_length, schema.max_length)
        if schema.pattern is not None and not schema.pattern[1](text):
            pattern = wording.quoted(schema.pattern[0])
            self.add(self.problem(f"{wording.quoted(text)} does not match pattern {pattern}"))

    def check_number(self, number: float) -> None:
        schema = self.schema
        for keyword, bound, wrong in (
            ("minimum", schema.minimum, schema.minimum is not None and number < schema.minimum),
            ("maximum", schema.maximum, schema.maximum is not None and number > schema.maximum),
            (
                "exclusiveMinimum",
                schema.exclusive_minimum,
                schema.exclusive_minimum is not None and number <= schema.exclusive_minimum,
            ),
            (
                "exclusiveMaximum",
                schema.exclusive_maximum,
                schema.exclusive_maximum is not None and number >= schema.exclusive_maximum,
            ),
            ("multipleOf", schema.multiple_of, schema.multiple_of and not _is_multiple(number, schema.multiple_of)),
        ):
            if wrong:
                self.add(self.problem(f"{keyword}: got {wording.measured(number)}, want {wording.measured(bound)}"))

    def combinations(self) -> None:
        schema = self.schema
        if schema.not_schema is not None and self.same(schema.not_schema) is None:
            self.add(self.problem("'not' failed"))
        failed = [problem for part in schema.all_of if (problem := self.same(part)) is not None]
        if failed:
            self.add(self.problem("'allOf' failed", failed))
        if schema.any_of:
            self.any_of(schema.any_of)
        if schema.one_of:
            self.one_of(schema.one_of)
        if schema.if_schema is not None:
            part = schema.if_then if self.same(schema.if_schema) is None else schema.if_else
            if part is not None:
                self.add(self.same(part))

    def any_of(self, parts: list[Schema]) -> None:
        failed = []
        matched = False
        for part in parts:
            problem = self.same(part)
            if problem is not None:
                failed.append(problem)
                continue
            matched = True
            if not self.left:
                return
        if not matched:
            self.add(self.problem("'anyOf' failed", failed))

    def one_of(self, parts: list[Schema]) -> None:
        failed = []
        matched = -1
        for index, part in enumerate(parts):
            problem = self.same(part)
            if problem is not None:
                failed.append(problem)
            elif matched < 0:
                matched = index
            else:
                self.add(self.problem(f"'oneOf' failed, subschemas {matched}, {index} matched"))
                return
        if matched < 0:
            self.add(self.problem("'oneOf' failed, none matched", failed))

    def rest(self) -> None:
        """What no keyword has judged."""
        schema, value = self.schema, self.value
        if isinstance(value, dict) and schema.unevaluated_properties is not None:
            for name in sorted(self.left):
                self.add(self.inner(schema.unevaluated_properties, value[name], name))
            self.left = set()
        elif isinstance(value, list) and schema.unevaluated_items is not None:
            for index in sorted(self.left):
                self.add(self.inner(schema.unevaluated_items, value[index], str(index)))
            self.left = set()

    def dynamic_references(self) -> None:
        target = self.schema.recursive_ref
        if target is not None:
            if target.recursive_anchor:
                target = self.outermost(lambda each: each if each.recursive_anchor else None) or target
            self.add(self.referred(target, "$recursiveRef"))
        target = self.schema.dynamic_ref
        if target is not None:
            anchor = self.schema.dynamic_ref_anchor
            if anchor and target.dynamic_anchor == anchor:
                target = self.outermost(lambda each: each.anchors.get(anchor)) or target
            self.add(self.referred(target, "$dynamicRef"))

    def outermost(self, found_in: Any) -> Schema | None:
        found = None
        scope: Scope | None = self.scope
        while scope is not None:
            found = found_in(scope.schema.resource or scope.schema) or found
            scope = scope.above
        return found

    def same(self, part: Schema, keyword: str = "") -> Problem | None:
        """Checks the same value against another schema."""
        scope = Scope(part, self.scope.value, self.scope, keyword)
        check = _Check(part, self.value, self.location, scope, self.work, bool(self.left))
        problem = check.run()
        if problem is None:
            self.left &= check.left
        return problem

    def inner(self, part: Schema, value: Any, step: str) -> Problem | None:
        """Checks a member of the value."""
        scope = Scope(part, self.scope.value + 1, self.scope)
        return _Check(part, value, (*self.location, step), scope, self.work).run()

    def referred(self, target: Schema, keyword: str) -> Problem | None:
        problem = self.same(target, keyword)
        if problem is None:
            return None
        causes = problem.causes if problem.kind == "group" else (problem,)
        return self.problem("validation failed", causes, "reference")


def _enumerated(values: list[Any]) -> str:
    if any(isinstance(item, dict | list) for item in values):
        return "'enum' failed"
    if len(values) == 1:
        return f"value must be {wording.shown(values[0])}"
    return f"value must be one of {', '.join(map(wording.shown, values))}"


def _is_multiple(number: float, of: float) -> bool:
    """Whether a number is a multiple of another, both by their decimal digits."""
    if isinstance(number, float) and number.is_integer() and isinstance(of, int):
        return int(number) % of == 0
    from fractions import Fraction

    return (Fraction(repr(float(number))) / Fraction(repr(float(of)))).denominator == 1
