"""What Helm makes of the errors of templates before it shows them."""

from __future__ import annotations

import re

from scanner.helm.functions.includes import WARNING_END, WARNING_START
from scanner.template.errors import TemplateError

_WARNING = re.compile(f"{WARNING_START}(.*){WARNING_END}", re.DOTALL)


def parse_error(name: str, error: TemplateError) -> str:
    """The message for the file `name` that does not parse: place and last part of the error."""
    tokens = error.message.split(": ")
    if len(tokens) == 1:
        return f"parse error in ({name}): {error.message}"
    return f"parse error at ({tokens[1]}): {tokens[-1]}"


def execution_error(name: str, error: TemplateError) -> str:
    """The message for the template `name` that stopped: of `fail` and `required` only the place and what they say."""
    tokens = error.message.split(": ", 2)
    if len(tokens) != 3:
        return f"execution error in ({name}): {error.message}"
    warning = _WARNING.search(tokens[2])
    return f"execution error at ({tokens[1]}): {warning[1]}" if warning else error.message
