"""The page of docs/ about the functions of the rule language, made from their declarations."""

from __future__ import annotations

from types import ModuleType

from scanner.core.views import View
from scanner.policy.function import Function
from scanner.policy.functions import MODULES, SHAPES

HEAD = """\
<!-- Generated from scanner/policy/functions/ by `pytest tests/policy --update-goldens`. -->

# Functions

Rules call these beside the operators, macros and methods of CEL (`size`, `in`, `exists`, `all`, `filter`, `map`,
`startsWith`, `matches`, ...) and `present(x)`, which tells whether an attribute is there. An argument that is not known
makes the result unknown; a half-known text does so too, unless the function is marked †: it uses what is known. An
argument that is wrong makes the outcome of the rule `error`.
"""


def functions_page() -> str:
    """The whole page in Markdown."""
    return "\n".join([HEAD, *(_module(module) for module in MODULES), *(_shape(shape) for shape in SHAPES.values())])


def signature(function: Function) -> str:
    """`glob(string, string) -> bool`."""
    return f"{function.name}({', '.join(function.parameters)}) -> {function.result}"


def _module(module: ModuleType) -> str:
    title = (module.__doc__ or "").split(":")[0].split("\n")[0].rstrip(".")
    lines = [f"## {title}", ""]
    for function in module.FUNCTIONS:
        mark = " †" if function.partial else ""
        lines += [f"### `{signature(function)}`{mark}", "", _text(function), ""]
    return "\n".join(lines)


def _text(function: Function) -> str:
    paragraphs = (function.call.__doc__ or "").strip().split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def _shape(shape: View) -> str:
    lines = [f"## The shape `{shape.name}`", "", shape.meaning, "", "| attribute | type | meaning |", "|---|---|---|"]
    lines += [f"| {each.name} | {each.type} | {each.meaning} |" for each in shape.attributes.values()]
    return "\n".join([*lines, ""])
