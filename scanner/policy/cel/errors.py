"""What can be wrong with an expression at load, with its place; and what evaluating one can end in."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong with an expression: 1-based line and column inside it, in code points; `hint` may be ''."""

    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ExpressionErrors(ValueError):  # noqa: N818 - it holds all of them
    """Everything that is wrong with one expression, by place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EvaluationError(NamedTuple):
    """The result of an expression that has no value here: what went wrong and at which code point of the expression,
    or of the variable named `variable`. The message never quotes a value: it might be a secret.
    """

    message: str
    offset: int
    variable: str = ""
