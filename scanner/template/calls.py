"""Calls of functions as closures: arguments checked, evaluated in Go's order, errors with their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scanner.template.convert import Evaluate, piped_check, signature
from scanner.template.errors import FunctionError, TemplateError
from scanner.template.frame import Frame, call_failure, failure
from scanner.template.function import Function
from scanner.template.nodes import Command, Expression, Identifier
from scanner.template.sizes import SMALL, WEIGHED, weight_of_all

Argument = Callable[[Expression, str], Evaluate]
"""Compiles an operand as an argument of a declared type."""

Call = Callable[..., Any]

_FAILURES = (FunctionError, TemplateError)

_BUILDERS = frozenset(
    ("deepCopy", "mustDeepCopy", "fromYaml", "fromYamlArray", "fromJson", "fromJsonArray", "mustFromJson", "fromToml")
)
"""The functions that make values within values."""

_SLOW = frozenset(
    "bcrypt buildCustomCert decryptAES derivePassword encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert"
    " genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd".split()
)
"""The functions that take so long that the time is looked at after each call."""


def call(
    function: Function,
    node: Command | Identifier,
    operands: Sequence[Expression],
    previous: Evaluate | None,
    argument: Argument,
) -> Evaluate:
    """The call of a function. `node` is what the function's errors name, `previous` the stage that is piped into it."""
    name = function.name
    identifier = identifier_of(node)
    declared = signature(function.parameters)
    problem = declared.miscounted(name, len(operands), previous is not None)
    if problem:
        return failing(identifier, problem, previous)
    arguments = [argument(operand, declared.kind(index)) for index, operand in enumerate(operands)]
    if function.stateful:
        arguments.insert(0, _run)
    if previous is None:
        evaluate = _direct(function.call, node, name, arguments)
    else:
        evaluate = _piped(function.call, node, name, arguments, previous, declared.kind(len(operands)))
    if name in _SLOW:
        return _timed(evaluate)
    return _weighing_all(evaluate) if name in _BUILDERS else evaluate


def _timed(evaluate: Evaluate) -> Evaluate:
    """A call after which the run may have taken too long."""

    def call(frame: Frame) -> Any:
        result = evaluate(frame)
        frame.run.check()
        return result

    return call


def _weighing_all(evaluate: Evaluate) -> Evaluate:
    """A call whose result is weighed with all that is in it."""

    def call(frame: Frame) -> Any:
        result = evaluate(frame)
        frame.run.spend(weight_of_all(result))
        return result

    return call


def failing(node: Expression, message: str, previous: Evaluate | None = None) -> Evaluate:
    """An evaluation that fails at a node, after what is piped into it."""

    def fail(frame: Frame) -> Any:
        if previous is not None:
            previous(frame)
        raise failure(frame, node, message)

    return fail


def _run(frame: Frame) -> Any:
    return frame.run


def _direct(function: Call, node: Command | Identifier, name: str, arguments: list[Evaluate]) -> Evaluate:
    """A call without a piped argument. The usual numbers of arguments have closures of their own: they are quicker, and
    they keep Python's calls off the C stack."""
    call: Evaluate
    if len(arguments) == 1:
        (first,) = arguments

        def call(frame: Frame) -> Any:
            one = first(frame)
            try:
                result = function(one)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    elif len(arguments) == 2:
        first, second = arguments

        def call(frame: Frame) -> Any:
            one = first(frame)
            two = second(frame)
            try:
                result = function(one, two)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    elif len(arguments) == 3:
        first, second, third = arguments

        def call(frame: Frame) -> Any:
            one = first(frame)
            two = second(frame)
            three = third(frame)
            try:
                result = function(one, two, three)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    else:

        def call(frame: Frame) -> Any:
            values = [argument(frame) for argument in arguments]
            try:
                result = function(*values)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    return call


def _piped(
    function: Call, node: Command | Identifier, name: str, arguments: list[Evaluate], previous: Evaluate, kind: str
) -> Evaluate:
    """A call whose last argument is piped into it: evaluated first, checked last."""
    call: Evaluate
    check = piped_check(kind, node)
    if len(arguments) == 1:
        (first,) = arguments

        def call(frame: Frame) -> Any:
            last = previous(frame)
            one = first(frame)
            last = check(frame, last)
            try:
                result = function(one, last)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    elif len(arguments) == 2:
        first, second = arguments

        def call(frame: Frame) -> Any:
            last = previous(frame)
            one = first(frame)
            two = second(frame)
            last = check(frame, last)
            try:
                result = function(one, two, last)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    else:

        def call(frame: Frame) -> Any:
            last = previous(frame)
            values = [argument(frame) for argument in arguments]
            last = check(frame, last)
            try:
                result = function(*values, last)
            except _FAILURES as error:
                raise call_failure(frame, node, name, error) from None
            run = frame.run
            run.steps += 1
            return run.weighed(result) if type(result) in WEIGHED and len(result) > SMALL else result

    return call


def short_circuit(
    node: Command | Identifier, *, until: bool, arguments: list[Evaluate], previous: Evaluate | None
) -> Evaluate:
    """`and` (until false) and `or` (until true): the first such operand, else the last one."""
    number = id(node)

    def call(frame: Frame) -> Any:
        piped = previous(frame) if previous is not None else None
        value: Any = None
        for index, argument in enumerate(arguments):
            value = argument(frame)
            if (not value) is not until:
                frame.stopped_at[number] = index + 1
                return value
        frame.stopped_at.pop(number, None)
        return value if previous is None else piped

    return call


def call_of(
    node: Command | Identifier, operands: Sequence[Expression], previous: Evaluate | None, argument: Argument
) -> Evaluate:
    """The builtin `call`. No value of a template is a function that it could call, so it always fails."""
    if not operands and previous is None:
        return failing(identifier_of(node), "wrong number of args for call: want at least 1 got 0")
    arguments = [argument(operand, "any") for operand in operands]

    def call(frame: Frame) -> Any:
        from scanner.template.kinds import go_type

        piped = previous(frame) if previous is not None else None
        values = [argument(frame) for argument in arguments]
        callee = values[0] if values else piped
        if callee is None:
            raise failure(frame, node, "error calling call: call of nil")
        shown = str(operands[0]) if operands else f"<{go_type(callee)} Value>"
        if not operands and isinstance(callee, str):
            shown = callee
        raise failure(frame, node, f"error calling call: non-function {shown} of type {go_type(callee)}")

    return call


def identifier_of(node: Command | Identifier) -> Expression:
    """The name of the function that is called."""
    return node if isinstance(node, Identifier) else node.operands[0]
