"""Executing templates: what a run shares, its limits, and the texts that come out."""

from __future__ import annotations

from time import thread_time
from typing import Any

from scanner.template.compile import run_block
from scanner.template.errors import FunctionError, LimitError
from scanner.template.frame import Frame
from scanner.template.limits import Limits
from scanner.template.origins import Skipped
from scanner.template.printing import quote
from scanner.template.sizes import weight
from scanner.template.templates import Template, Templates
from scanner.template.text import Piece, Position, Text

_CHECK_EVERY = 500


class Run:
    """One rendering: a set of templates, what it may do, what it has done.

    `traced`: texts say where they come from. `deterministic`: functions of chance and time give fixed values.
    `nesting` counts how often each template is being included; `skipped` are the branches that were not taken, where
    the run is traced. A run that failed is not used again.
    """

    def __init__(
        self, templates: Templates, *, traced: bool = True, deterministic: bool = False, limits: Limits | None = None
    ) -> None:
        self.templates = templates
        self.traced = traced
        self.deterministic = deterministic
        self.limits = limits or Limits()
        self.steps = 0
        self.draws = 0
        self.next_check = _CHECK_EVERY
        self.room = self.limits.output_characters
        self.depth = 0
        self.nesting: dict[str, int] = {}
        self.skipped: dict[Any, Skipped] = {}
        self.deadline = thread_time() + self.limits.seconds

    def check(self) -> None:
        """Raises LimitError when the run has done too much or taken too long."""
        if self.steps > self.limits.steps:
            raise LimitError(f"the templates take more than {self.limits.steps:,} steps", "steps")
        if thread_time() > self.deadline:
            raise LimitError(f"the templates take longer than {self.limits.seconds:g} seconds", "seconds")
        self.next_check = self.steps + _CHECK_EVERY

    def weighed(self, value: Any) -> Any:
        """A large value that a function made, which counts as output."""
        self.spend(weight(value))
        return value

    def spend(self, characters: int) -> None:
        """Counts characters as output. Raises LimitError when there is no room for them, or no time."""
        self.room -= characters
        if self.room < 0:
            self.too_long()
        if thread_time() > self.deadline:
            self.check()

    def too_long(self) -> None:
        """Raises LimitError for the output."""
        most = self.limits.output_characters
        raise LimitError(f"the templates write more than {most:,} characters", "output_characters")


def execute(run: Run, name: str, data: Any) -> str:
    """What the template of this name writes for `data`; a Text whose pieces all have a position when the run is traced.

    Raises TemplateError with Go's message, FunctionError where there is no such template.
    """
    template = run.templates.get(name)
    if template is None:
        raise FunctionError(f'template: no template {quote(name)} associated with template "gotpl"')
    return execute_template(run, template, name, data)


def execute_template(run: Run, template: Template, name: str, data: Any) -> str:
    """What a template writes for `data`, under the name that errors give it."""
    return _joined(_run(run, template, name, data))


def execute_segments(run: Run, name: str, data: Any) -> list[tuple[str, Position]]:
    """The same as the parts that the template's own texts and actions write, each with the position of that text or
    action: where a part is a Text, its pieces say more. A `template` action is one part."""
    template = run.templates.get(name)
    if template is None:
        raise FunctionError(f'template: no template {quote(name)} associated with template "gotpl"')
    source = template.source
    return [(text, (source, offset)) for text, offset in _run(run, template, name, data).out]


def _run(run: Run, template: Template, name: str, data: Any) -> Frame:
    tree = template.tree
    frame = Frame(run, template.source, name, data, tree.variables)
    run.depth += 1
    if run.depth > run.limits.depth:
        raise LimitError(f"templates are nested more than {run.limits.depth:,} deep", "depth")
    if run.depth > 1:
        run_block(frame, tree.block)
    else:
        try:
            run_block(frame, tree.block)
        except RecursionError:
            raise LimitError("the template is nested too deeply") from None
    run.depth -= 1
    return frame


def _joined(frame: Frame) -> str:
    run = frame.run
    texts = [text for text, _ in frame.out]
    if sum(map(len, texts)) > run.limits.output_characters:
        run.too_long()
    joined = "".join(texts)
    if not run.traced:
        return joined
    source = frame.source
    pieces: list[Piece] = []
    for text, offset in frame.out:
        if type(text) is Text:
            position = (source, offset)
            pieces += [piece if piece[1] is not None else (piece[0], position, piece[2]) for piece in text.pieces]
        elif text:
            pieces.append((len(text), (source, offset), None))
    return Text(joined, pieces)
