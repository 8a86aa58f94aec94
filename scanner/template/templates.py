"""Sets of templates that can use each other, and the cache of what has been parsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scanner.template.actions import Action
from scanner.template.errors import LimitError
from scanner.template.expressions import LAZY
from scanner.template.function import Function
from scanner.template.limits import Limits
from scanner.template.nodes import Tree
from scanner.template.parser import Parsed, parse
from scanner.template.source import Source

_CACHED_CHARACTERS = 32_000_000
_CACHED_ACTIONS = 120_000
_CACHED_TOKENS = 2_000_000
_CACHED_TEXTS = 20_000


class Template(NamedTuple):
    """A template of a set: where its text stands, and its tree."""

    source: Source
    tree: Tree


class Library:
    """What has been parsed with one table of functions, by text: trees and closures name no file, so that charts with
    the same helpers share them. `tokens` counts those of the actions wherever they stand; `actions` has each once."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions
        self.names = frozenset((*functions, *LAZY))
        self.parsed: dict[str, Parsed] = {}
        self.actions: dict[str, Action] = {}
        self.characters = self.tokens = 0

    def parse(self, source: Source, most: int) -> Parsed:
        """The trees of a source. Raises TemplateError, and LimitError for more than `most` tokens."""
        text = source.text
        parsed = self.parsed.get(text)
        if parsed is None:
            if (
                self.characters > _CACHED_CHARACTERS
                or len(self.actions) > _CACHED_ACTIONS
                or self.tokens > _CACHED_TOKENS
                or len(self.parsed) > _CACHED_TEXTS
            ):
                self.parsed.clear()
                self.actions.clear()
                self.characters = self.tokens = 0
            try:
                parsed = parse(source.name, str(text), self.names, self.actions, most)
            except RecursionError:
                raise LimitError("the template is nested too deeply") from None
            self.parsed[text] = parsed
            self.characters += len(text)
            self.tokens += parsed.tokens
        return parsed


_libraries: dict[int, Library] = {}


def _library(functions: Mapping[str, Function]) -> Library:
    library = _libraries.get(id(functions))
    if library is None or library.functions is not functions:
        library = _libraries[id(functions)] = Library(functions)
    return library


class Templates:
    """A set of templates by name, over one table of functions. The table must not change; sets with the same table
    share what they parse."""

    __slots__ = ("_by_name", "_characters", "_library", "_tokens", "functions", "limits")

    def __init__(self, functions: Mapping[str, Function], limits: Limits | None = None) -> None:
        self.functions = functions
        self.limits = limits or Limits()
        self._library = _library(functions)
        self._by_name: dict[str, Template] = {}
        self._characters = self._tokens = 0

    def parse(self, source: Source) -> Template:
        """Adds the template of a source and those that it defines, and returns the first. One that is nothing but white
        space replaces none of its name. Raises TemplateError, and LimitError where the set is too large."""
        limits = self.limits
        self._characters += len(source.text)
        if self._characters > limits.template_characters:
            most = limits.template_characters
            raise LimitError(f"the templates have more than {most:,} characters", "template_characters")
        parsed = self._library.parse(source, limits.template_tokens)
        self._tokens += parsed.tokens
        if self._tokens > limits.template_tokens:
            raise LimitError(f"the templates have more than {limits.template_tokens:,} tokens", "template_tokens")
        for name, tree in parsed.definitions.items():
            self._add(name, Template(source, tree))
        own = Template(source, parsed.tree)
        self._add(source.name, own)
        return own

    def _add(self, name: str, template: Template) -> None:
        if name not in self._by_name or not template.tree.is_empty():
            self._by_name[name] = template

    def clone(self) -> Templates:
        """A set with the same templates, to which others can be added."""
        twin = Templates.__new__(Templates)
        twin.functions = self.functions
        twin.limits = self.limits
        twin._library = self._library
        twin._by_name = dict(self._by_name)
        twin._characters = self._characters
        twin._tokens = self._tokens
        return twin

    def names(self) -> list[str]:
        """The names of all templates, sorted."""
        return sorted(self._by_name)

    def get(self, name: str) -> Template | None:
        """The template of a name."""
        return self._by_name.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name
