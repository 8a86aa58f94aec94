"""How much templates may do: charts are untrusted."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """How much a set of templates may hold, and a run of it may do.

    `output_characters`: written, those of nested templates at each level, and of large texts and lists that functions
    make the bytes that they take. `steps`: texts, actions and calls of functions carried out. `depth`: templates
    inside templates. `seconds`: of processor time, so that what renders does not depend on what else the machine does.
    `template_characters` and `template_tokens`: those of the templates themselves, and of the texts that `tpl` is in;
    tokens are the words, numbers, strings and marks of their actions, and five more for each action.
    """

    output_characters: int = 150_000_000
    steps: int = 1_000_000
    depth: int = 10_000
    seconds: float = 15.0
    template_characters: int = 20_000_000
    template_tokens: int = 1_250_000
