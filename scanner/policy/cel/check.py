"""Checks an expression at load: from source text to our tree, or to everything that is wrong with it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from scanner.policy.cel.environment import Language, Scope
from scanner.policy.cel.errors import ExpressionErrors, Problem
from scanner.policy.cel.facts import Facts, local_depth
from scanner.policy.cel.lower import LIBRARY, Lowering, read_bind
from scanner.policy.cel.runtime import Environment, unqualified
from scanner.policy.cel.tree import Tree, line_and_column
from scanner.policy.cel.wire import Checked, Raw, WireError, read_checked

_MISSING = re.compile(r"Syntax error: missing ('.*?'|\{.*?\}) at ")
_STRANGE = re.compile(r"Syntax error: token recognition error at: ('.*')")
_SELECT = re.compile(r"expression of type '(.*)' cannot be the operand of a select operation")
LONGEST = 8_000
"""Code points in an expression."""
_NAMES = {"?_:": "?:", "[_]": "[]"}
_IMPOSSIBLE = re.compile("[\\0\\ud800-\\udfff]")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PLACE = re.compile(r"^(?:[A-Z_]+: )?ERROR: <input>:(\d+):(\d+): (.*)$")
_STATUS = re.compile(r" \[[A-Z_]+\]$")
_FIELD = re.compile(r"undefined field '(.*)' not found in struct '(.*)'")
_NAME = re.compile(r"undeclared reference to '(.*?)' \(in container ''\)")
_OVERLOAD = re.compile(r"found no matching overload for '(.*?)' applied to '\((.*)\)'")
_SYNTAX = re.compile(r"Syntax error: (?:mismatched input|extraneous input|no viable alternative at input) '(.*?)'")


def compile_expression(source: str, scope: Scope, language: Language) -> Tree:
    """Checks `source` and returns its tree. Raises ExpressionErrors with every problem and its place.

    `scope.variables` maps the names of the variables before this one to their types: `Tree.type` of each.
    """
    _refuse_text(source)
    environment = language.environment
    _refuse_names(scope)
    try:
        before, bound = environment.prefix(scope, source)
    except ValueError as error:
        raise ExpressionErrors([Problem(1, 1, str(error))]) from None
    try:
        checked = read_checked(environment.shared.compile(f"{before}{source}\n{')' * len(bound)}").serialize())
        root = _peel(checked.root, bound)
    except WireError:
        raise
    except (RuntimeError, ValueError):
        root = None
    if root is not None:
        lowering = _lower(source, scope, language, checked, root, len(before))
        if not lowering.strange:
            return _finish(source, lowering)
    # Something is wrong, or the text closes more brackets than it opens, or it names another subject: ask again
    # with exactly the scope's names declared, and nothing around the text.
    checked = _compile_alone(source, scope, environment, language)
    return _finish(source, _lower(source, scope, language, checked, checked.root, 0))


def _lower(source: str, scope: Scope, language: Language, checked: Checked, root: Raw, base: int) -> Lowering:
    meanings = dict.fromkeys(scope.variables, "variable")
    meanings |= {scope.subject: "subject", "parameters": "parameters"}
    lowering = Lowering(source, checked, meanings, language.functions.keys(), base)
    lowering.run(root)
    return lowering


def _finish(source: str, lowering: Lowering) -> Tree:
    if lowering.problems:
        raise ExpressionErrors(lowering.problems)
    node = lowering.node
    facts = Facts(node)
    return Tree(
        source,
        node[2],
        node,
        tuple(sorted(facts.reads)),
        tuple(sorted(facts.variables)),
        tuple(sorted(facts.parameters)),
        local_depth(node),
    )


def _refuse_text(source: str) -> None:
    if len(source) > LONGEST:
        raise ExpressionErrors([Problem(1, 1, f"the expression is longer than {LONGEST} characters")])
    if impossible := _IMPOSSIBLE.search(source):
        line, column = line_and_column(source, impossible.start())
        raise ExpressionErrors([Problem(line, column, "a character that cannot stand in an expression")])


def _refuse_names(scope: Scope) -> None:
    hint = "names are of lower-case letters, digits and underscores"
    for name in (*scope.parameters, *scope.variables):
        if not _IDENTIFIER.match(name):
            raise ExpressionErrors([Problem(1, 1, f"'{name}' cannot be a name", hint)])


def _peel(root: Raw, names: list[str]) -> Raw | None:
    """The expression inside the bindings of the scope's names; None where the text is not what they enclose."""
    for name in names:
        bound = read_bind(root)
        if bound is None or bound[0] != name:
            return None
        root = bound[2]
    return root


def _compile_alone(source: str, scope: Scope, environment: Environment, language: Language) -> Checked:
    try:
        expression: Any = environment.declared(scope).compile(source)
    except (RuntimeError, ValueError) as error:
        raise ExpressionErrors(_problems(str(error), scope, language)) from None
    return read_checked(expression.serialize())


def _problems(text: str, scope: Scope, language: Language) -> list[Problem]:
    problems: list[Problem] = []
    if "recursion" in text:
        return [Problem(1, 1, "the expression is nested too deeply", "a variable can hold a part of it")]
    for line in _STATUS.sub("", text).split("\n"):
        place = _PLACE.match(line)
        if place:
            message, hint = _explained(unqualified(place[3]), scope, language)
            problems.append(Problem(int(place[1]), int(place[2]), message, hint))
    # What only follows from another problem is no help.
    first_hand = [problem for problem in problems if "*error*" not in problem.message]
    return first_hand or problems or [Problem(1, 1, unqualified(text.split("\n")[0]))]


def _explained(message: str, scope: Scope, language: Language) -> tuple[str, str]:
    """The runtime's message in our words, and what may have been meant."""
    if field := _FIELD.search(message):
        name, owner = field.groups()
        known = scope.parameters if owner == "parameters" else _attributes(owner, language)
        label = language.labels.get(owner, owner)
        return f"{label} has no {'parameter' if owner == 'parameters' else 'attribute'} '{name}'", _close(name, known)
    if undeclared := _NAME.search(message):
        name = undeclared[1].partition(".")[0]
        if name in language.functions or name in LIBRARY or name == "present":
            # Known, and called with another number of arguments, or as a method where it is none.
            function = language.functions.get(name)
            takes = ", ".join(function.parameters) if function else "an attribute" if name == "present" else ""
            return f"{name} is not called so", f"{name}({takes})" if takes else ""
        return f"'{name}' is not defined here", _close(name, [*scope.names(), *language.functions, "present"])
    if overload := _OVERLOAD.search(message):
        operator = overload[1].replace("@", "").strip("_")
        return f"{_operator(operator)} does not take ({overload[2]})", _number_hint(overload[2])
    if syntax := _SYNTAX.search(message):
        early = syntax[1] == "<EOF>"
        return ("the expression ends too early" if early else f"'{syntax[1]}' is not expected here"), ""
    if missing := _MISSING.search(message):
        return f"{missing[1]} is missing", ""
    if strange := _STRANGE.search(message):
        return f"{strange[1]} is not expected here", ""
    if select := _SELECT.search(message):
        return f"a value of type {select[1]} has no attributes", ""
    return message.replace("Syntax error: ", ""), ""


def _operator(operator: str) -> str:
    if operator in _NAMES:
        return _NAMES[operator]
    return f"the function {operator}" if operator.isidentifier() and operator != "in" else operator


def _number_hint(types: str) -> str:
    return "double() and int() convert" if set(types.split(", ")) == {"int", "double"} else ""


def _attributes(owner: str, language: Language) -> list[str]:
    message = language.messages.get(owner)
    return list(message.attributes) if message else []


def _close(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
