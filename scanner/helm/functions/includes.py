"""Helm's functions that run templates or stop them: include, tpl, required, fail, lookup."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from scanner.template.errors import FunctionError, LimitError, TemplateError
from scanner.template.function import Function
from scanner.template.printing import quote
from scanner.template.run import Run, execute, execute_template
from scanner.template.sizes import STATEMENT
from scanner.template.source import Source
from scanner.template.text import Piece, Text, spliced

ROOT = "gotpl"
"""The name of the set that Helm parses everything into, and so of the text that `tpl` is given."""

WARNING_START, WARNING_END = "HELM_ERR_START", "HELM_ERR_END"
NO_VALUE = "<no value>"
_NESTED_AT_MOST = 1000
_LONGEST_ERROR = 20_000_000
"""Each `tpl` puts its text before the error of what is inside."""


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
    run.spend(len(text) + text.count("{{") * STATEMENT)
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
        if len(error.message) > _LONGEST_ERROR:
            raise LimitError(f"the error of nested templates is longer than {_LONGEST_ERROR:,} characters") from None
        problem = f"error during tpl function execution for {quote(str(text))}: {error}"
        raise FunctionError(problem) from None
    run.templates = outer
    return without_no_value(_with_origins(result, source))


def _with_origins(result: str, source: Source) -> str:
    """What `tpl` made of a string: text that was copied from it has the origin that it had there."""
    written = source.origin_text
    if type(result) is not Text or written is None or all(piece[2] is None for piece in written.pieces):
        return result
    ends = list(accumulate(piece[0] for piece in written.pieces))
    pieces: list[Piece] = []
    at = 0
    for piece in result.pieces:
        length, position, origin = piece
        if origin is None and position is not None and position[0] is source:
            start = position[1]
            if source.text.startswith(result[at : at + length], start):
                pieces += _parts(source, start, start + length, written, ends)
                at += length
                continue
        pieces.append(piece)
        at += length
    return Text(str(result), pieces)


def _parts(source: Source, start: int, stop: int, written: Text, ends: list[int]) -> Iterator[Piece]:
    """The pieces of a string from `start` to `stop`, each at its place in the source that is made of the string."""
    index = bisect_right(ends, start)
    while start < stop:
        end = min(ends[index], stop)
        yield end - start, (source, start), written.pieces[index][2]
        start = end
        index += 1


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
