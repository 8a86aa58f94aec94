"""Helm's functions that run templates or stop them: include, tpl, required, fail, lookup."""

from __future__ import annotations

from typing import Any

from scanner.template.errors import FunctionError, LimitError, TemplateError
from scanner.template.function import Function
from scanner.template.printing import quote
from scanner.template.run import Run, execute, execute_template
from scanner.template.source import Source
from scanner.template.text import Text, spliced

ROOT = "gotpl"
"""The name of the set that Helm parses everything into, and so of the text that `tpl` is given."""

WARNING_START, WARNING_END = "HELM_ERR_START", "HELM_ERR_END"
NO_VALUE = "<no value>"
_NESTED_AT_MOST = 1000


def _include(run: Run, name: str, data: Any) -> str:
    count = run.nesting.get(name, 0)
    if count > _NESTED_AT_MOST:
        raise FunctionError(f"rendering template has a nested reference name: {name}: unable to execute template")
    run.nesting[name] = count + 1
    text = execute(run, name, data)
    run.nesting[name] = count
    return text


def _tpl(run: Run, text: str, data: Any) -> str:
    if "{{" not in text:
        return without_no_value(text)
    outer = run.templates
    templates = outer.clone()
    source = Source(ROOT, str(text), origin_text=text if type(text) is Text else None)
    try:
        template = templates.parse(source)
    except LimitError:
        raise
    except TemplateError as error:
        raise FunctionError(f"cannot parse template {quote(str(text))}: {error}") from None
    run.templates = templates
    try:
        result = execute_template(run, template, ROOT, data)
    except LimitError:
        raise
    except TemplateError as error:
        problem = f"error during tpl function execution for {quote(str(text))}: {error}"
        raise FunctionError(problem) from None
    run.templates = outer
    return without_no_value(result)


def without_no_value(text: str) -> str:
    """A rendered text without any `<no value>`, which is what Helm makes of it, whoever wrote it."""
    at = text.find(NO_VALUE)
    if at < 0:
        return text
    if type(text) is not Text:
        return text.replace(NO_VALUE, "")
    edits: list[tuple[int, int, str]] = []
    while at >= 0:
        edits.append((at, at + len(NO_VALUE), ""))
        at = text.find(NO_VALUE, at + len(NO_VALUE))
    return spliced(text, edits)


def _required(warning: str, value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value):
        raise FunctionError(f"{WARNING_START}{warning}{WARNING_END}")
    return value


def _fail(message: str) -> str:
    raise FunctionError(f"{WARNING_START}{message}{WARNING_END}")


def _lookup(_version: str, _kind: str, _namespace: str, _name: str) -> dict[str, Any]:
    return {}


FUNCTIONS: tuple[Function, ...] = (
    Function("fail", "string", _fail),
    Function("include", "string any", _include, stateful=True),
    Function("lookup", "string string string string", _lookup),
    Function("required", "string any", _required),
    Function("tpl", "string any", _tpl, stateful=True),
)
