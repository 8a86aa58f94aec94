"""What goes wrong in a template, in Go's words."""

from __future__ import annotations


class TemplateError(Exception):
    """A template that does not parse or execute.

    `message` is the whole text as Go's text/template prints it: `template: chart/templates/x.yaml:12:7: executing ...`.
    `name`, `line` and `column` (1-based line, 0-based byte column as in Go; 0 where Go has none) say where.
    """

    def __init__(self, message: str, name: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.name = name
        self.line = line
        self.column = column


class FunctionError(Exception):
    """An error that a template function returns: the interpreter adds `error calling NAME: ` and the place."""


class LimitError(TemplateError):
    """A template that asks for more than its limits allow. `limit` is the name of the field of `Limits` that allows
    more, '' for a limit that is none of them."""

    def __init__(self, message: str, limit: str = "") -> None:
        super().__init__(message)
        self.limit = limit
